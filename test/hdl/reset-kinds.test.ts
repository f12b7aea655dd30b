// Every kind of reset on everything that has state, in two domains of which one has an enable: Icarus and Verilator against both engines, with resets that
// come and go between edges, edges of one clock and simultaneous ones.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { designOf, KINDS, level, PORTS, type Port, STEPS, TOTAL, WARM } from '../support/every-reset.ts';
import { lint } from '../support/verilog-tools.ts';

function inProcess(kind: (typeof KINDS)[number], engine: 'js' | 'wasm' | 'wasm-scalar'): string[] {
  const sim = simulateDesign(designOf(kind), { engine });
  return STEPS.map(({ edges, values }) => {
    for (const port of Object.keys(PORTS) as Port[]) {
      const value = values[port];
      if (port === 'rstA' || port === 'rstB') sim.poke(port === 'rstB' ? 'rstB' : 'areset', level(kind, value));
      else sim.poke(port, value);
    }
    const shown = ['qA', 'qB'].map((q) => BigInt(sim.value(q)).toString(16)).join(' ');
    if (edges > 0) sim.step(1, edges === 3 ? ['clk', 'clkB'] : edges === 1 ? 'clk' : 'clkB');
    return shown;
  });
}

/** All four designs in one bench. */
function bench(): string {
  const inputs = Object.entries(PORTS).filter(([name]) => name !== 'rstA' && name !== 'rstB');
  const width = Object.values(PORTS).reduce<number>((sum, w) => sum + w, 2);
  const snake = (name: string): string => name.replace(/[AB]$/, (c) => `_${c.toLowerCase()}`);
  const wires = Object.entries(PORTS).map(([name, w]) => `reg [${w - 1}:0] ${snake(name)};`);
  const duts = KINDS.map(({ name, activeLow }) => {
    const not = activeLow ? '~' : '';
    const pins = inputs.map(([port]) => `.${snake(port)}(${snake(port)})`).join(', ');
    return `wire [${TOTAL - 1}:0] qa_${name}, qb_${name}; top_${name} d_${name} (.clk(clk), .areset(${not}rst_a), .clk_b(clk_b), .rst_b(${not}rst_b), ${pins}, .q_a(qa_${name}), .q_b(qb_${name}));`;
  });
  const shows = KINDS.map(({ name }) => `$display("%h %h", qa_${name}, qb_${name});`);
  return [
    ...['module bench;', 'reg clk, clk_b; reg [1:0] edges; integer t;', ...wires, ...duts, `reg [${width - 1}:0] steps [0:${STEPS.length - 1}];`],
    ...['initial begin', 'clk = 0; clk_b = 0; $readmemh("steps.hex", steps);', `for (t = 0; t < ${STEPS.length}; t = t + 1) begin`],
    `{edges, ${Object.keys(PORTS).map(snake).join(', ')}} = steps[t]; #1;`,
    ...[...shows, "#1 {clk_b, clk} = edges; #1 {clk_b, clk} = 2'd0; #1;", 'end', '$finish;', 'end', 'endmodule', ''],
  ].join('\n');
}

function run(tool: 'icarus' | 'verilator'): string[][] {
  const dir = mkdtempSync(join(tmpdir(), 'systole-test-'));
  try {
    const files = [...KINDS.flatMap((k) => emitVerilog(designOf(k))), { name: 'bench', text: bench() }].map(({ name, text }) => {
      writeFileSync(join(dir, `${name}.v`), text);
      return `${name}.v`;
    });
    const words = STEPS.map(({ edges, values }) =>
      Object.entries(PORTS)
        .reduce((all, [port, width]) => (all << BigInt(width)) | BigInt(values[port as Port]), BigInt(edges))
        .toString(16),
    );
    writeFileSync(join(dir, 'steps.hex'), `${words.join('\n')}\n`);
    const call = (command: string, args: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 26 });
      if (status !== 0) throw new Error(`${command}: ${stderr}`);
      return stdout;
    };
    let text: string;
    if (tool === 'icarus') {
      call('iverilog', ['-g2005', '-s', 'bench', '-o', 'run.vvp', ...files]);
      text = call('vvp', ['-n', 'run.vvp']);
    } else {
      call('verilator', ['--binary', '-Wno-fatal', '-Wno-lint', '-Wno-style', '-O0', '-CFLAGS', '-O0', '--top-module', 'bench', ...files]);
      text = call(join(dir, 'obj_dir', 'Vbench'), []);
    }
    const lines = text.split('\n').filter((l) => /^[0-9a-fxz]+ [0-9a-fxz]+$/i.test(l));
    const plain = (line: string): string => line.replace(/\b0+(?=[0-9a-fx])/g, '');
    return KINDS.map((_, i) => STEPS.map((_, t) => plain(lines[t * KINDS.length + i] as string)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const known = (waves: readonly string[]): readonly string[] => waves.slice(WARM);

describe('every reset kind', () => {
  const [icarus, verilator] = [run('icarus'), run('verilator')];
  it.each(KINDS.map((k, i) => [k.name, k, i] as const))('%s: two engines and two simulators agree at every step', (_, kind, i) => {
    const js = known(inProcess(kind, 'js'));
    expect(known(icarus[i] as string[])).toEqual(js);
    expect(known(verilator[i] as string[])).toEqual(js);
    expect(known(inProcess(kind, 'wasm'))).toEqual(js);
    expect(known(inProcess(kind, 'wasm-scalar'))).toEqual(js);
    // Not a run in which nothing happens.
    expect(new Set(js).size).toBeGreaterThan(STEPS.length / 3);
  });

  it('differs between kinds, so that a pulse between edges was seen', () => {
    expect(icarus[0]).not.toEqual(icarus[2]);
    expect(known(icarus[0] as string[])).toEqual(known(icarus[1] as string[]));
    expect(known(icarus[2] as string[])).toEqual(known(icarus[3] as string[]));
  });

  it.each(KINDS.map((k) => [k.name, k] as const))('%s: prints clean, and Yosys finds its flip-flops', (name, kind) => {
    const files = emitVerilog(designOf(kind));
    expect(lint(files, `top_${name}`)).toBe('');
    const dir = mkdtempSync(join(tmpdir(), 'systole-test-'));
    try {
      for (const f of files) writeFileSync(join(dir, `${f.name}.v`), f.text);
      const script = `read_verilog *.v; hierarchy -top top_${name}; proc; flatten; opt_dff; stat`;
      const { stdout } = spawnSync('yosys', ['-p', script], { cwd: dir, encoding: 'utf8' });
      const cells = new Set([...stdout.slice(stdout.lastIndexOf('Printing statistics')).matchAll(/\$(a|s)dff\w*/g)].map((m) => m[1]));
      expect([...cells]).toEqual([kind.async ? 'a' : 's']);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
