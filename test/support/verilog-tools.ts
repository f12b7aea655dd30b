// Icarus, Verilator and Yosys on printed designs.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaves, packLeaf, type Type, type Value } from './reference.ts';

export interface SourceFile {
  readonly name: string;
  /** `v` when absent; SystemVerilog otherwise. */
  readonly extension?: 'v' | 'sv';
  readonly text: string;
  /** Files that it reads. */
  readonly contents?: readonly { readonly file: string; readonly text: string }[];
}
export interface TypedPort {
  /** As Verilog spells it. */
  readonly name: string;
  readonly type: Type;
}

function inScratch<T>(files: readonly SourceFile[], body: (dir: string, paths: string[]) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'systole-test-'));
  try {
    const paths = files.map((f) => `${f.name}.${f.extension ?? 'v'}`);
    files.forEach((f, i) => {
      writeFileSync(join(dir, paths[i] as string), f.text);
      for (const { file, text } of f.contents ?? []) writeFileSync(join(dir, file), text);
    });
    return body(dir, paths);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What is left of a tool's words when warnings of some kinds are taken out with the lines that explain them. */
function without(text: string, kinds: readonly string[]): string {
  const parts = text.split(/^(?=.*%(?:Warning|Error))/m);
  const left = parts.filter((part) => !kinds.some((kind) => part.includes(`%Warning-${kind}:`)));
  return left.some((part) => part.includes('%Warning')) || kinds.length === 0
    ? left.join('')
    : left
        .filter((part) => !part.includes('%Error: Exiting due to'))
        .join('')
        .replace(/^verilator \(exit \d+\): \s*/m, '');
}

function said(dir: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  const text = `${stdout}${stderr}`.trim();
  return status === 0 && text === '' ? '' : `${command} (exit ${status}): ${text}\n`;
}

/** What the three tools say about a design; empty when all are content. `ignored` names warnings of Verilator. */
export function lint(files: readonly SourceFile[], top: string, ignored: readonly string[] = []): string {
  const sv = files.some((f) => f.extension === 'sv');
  return inScratch(files, (dir, paths) =>
    [
      without(said(dir, 'verilator', ['--lint-only', '-Wall', '--top-module', top, ...paths]), ignored),
      said(dir, 'iverilog', [sv ? '-g2012' : '-g2005', '-Wall', '-s', top, '-o', 'lint.vvp', ...paths]),
      said(dir, 'yosys', ['-q', '-p', `read_verilog ${sv ? '-sv ' : ''}${paths.join(' ')}; hierarchy -check -top ${top}; proc; check -assert`]),
    ].join(''),
  );
}

export interface Run {
  readonly files: readonly SourceFile[];
  readonly top: string;
  readonly inputs: readonly TypedPort[];
  readonly outputs: readonly TypedPort[];
  /** Whether the top has `clk` and `rst`. */
  readonly clock: boolean;
  readonly reset: boolean;
  /** Inputs of each cycle; `rst` as well when there is a reset. */
  readonly cycles: readonly { readonly values: readonly Value[]; readonly rst?: boolean }[];
}

export interface PlainPort {
  readonly name: string;
  readonly width: number;
  readonly port: number;
  readonly path: readonly string[];
}

/** Ports as Verilog has them: bundles flattened, arrays packed, without those that have no bits. */
export function flatPorts(ports: readonly TypedPort[]): PlainPort[] {
  return ports.flatMap(({ name, type }, port) =>
    leaves(type)
      .map(({ path, type: ground, dims }) => ({
        name: verilogName([name, ...path].join('_')),
        width: dims.reduce((n, d) => n * d, ground.width),
        port,
        path,
      }))
      .filter((p) => p.width > 0),
  );
}

/** One word of all ports in order, the first one highest, under `head`. */
export function packPorts(ports: readonly TypedPort[], values: readonly Value[], head: bigint): bigint {
  return flatPorts(ports).reduce(
    (sum, p) => sum * 2n ** BigInt(p.width) + packLeaf((ports[p.port] as TypedPort).type, values[p.port] as Value, p.path).bits,
    head,
  );
}

/** `rowCount` → `row_count`; a keyword takes an underscore. Only what the names of test circuits need. */
export function verilogName(name: string): string {
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return /^(always|begin|bit|list|queue|switch|register|logic|output|input|reg|wire|end|module|int|do|case)$/.test(snake) ? `${snake}_` : snake;
}

/** A test bench that both simulators read: inputs change in the low phase, outputs are shown before the rising edge, on lines that start with `k`. */
function bench(run: Run, k: number): { readonly text: string; readonly stimulus: string; readonly shown: readonly PlainPort[] } {
  const [ins, outs] = [flatPorts(run.inputs), flatPorts(run.outputs)];
  const width = ins.reduce((sum, p) => sum + p.width, 1);
  const range = (n: number): string => (n === 1 ? '' : `[${n - 1}:0] `);
  const connections = [
    ...(run.clock ? ['.clk(clk)'] : []),
    ...(run.reset ? ['.rst(rst)'] : []),
    ...[...ins, ...outs].map((p) => `.${p.name}(p_${p.name})`),
  ];
  const text = [
    `module bench_${k};`,
    'reg clk; reg rst; integer t;',
    ...ins.map((p) => `reg ${range(p.width)}p_${p.name};`),
    ...outs.map((p) => `wire ${range(p.width)}p_${p.name};`),
    `reg [${width - 1}:0] stimulus [0:${run.cycles.length - 1}];`,
    `${run.top} dut (${connections.join(', ')});`,
    'initial begin',
    '  clk = 0;',
    `  $readmemh("stimulus_${k}.hex", stimulus);`,
    `  for (t = 0; t < ${run.cycles.length}; t = t + 1) begin`,
    `    {rst${ins.map((p) => `, p_${p.name}`).join('')}} = stimulus[t];`,
    '    #1;',
    ...outs.map((p) => `    $display("${k} %h", p_${p.name});`),
    '    #1 clk = 1; #1 clk = 0;',
    '  end',
    'end',
    'endmodule',
    '',
  ].join('\n');
  const stimulus = run.cycles.map(({ values, rst }) => packPorts(run.inputs, values, rst ? 1n : 0n).toString(16)).join('\n');
  return { text, stimulus: `${stimulus}\n`, shown: outs };
}

/** Each output's bits in each cycle, by Verilog port name: hexadecimal digits, `x` for unknown. */
export type Waves = readonly { readonly [port: string]: string }[];

function waves(lines: readonly string[], shown: readonly PlainPort[], cycles: number, text: string): Waves {
  if (lines.length !== cycles * shown.length)
    throw new Error(`the simulation printed ${lines.length} values where ${cycles * shown.length} are due:\n${text.slice(0, 2000)}`);
  return [...Array(cycles).keys()].map((t) =>
    Object.fromEntries(shown.map((p, i) => [p.name, (lines[t * shown.length + i] as string).replace(/^0+(?=.)/, '')])),
  );
}

/** Several designs, whose modules all have different names, in one build. */
function runAll(runs: readonly Run[], simulate: (dir: string, paths: readonly string[]) => string): Waves[] {
  const benches = runs.map(bench);
  const top = `module bench;\n${runs.map((_, k) => `bench_${k} run_${k} ();\n`).join('')}endmodule\n`;
  const files = [...runs.flatMap((r) => r.files), { name: 'bench', text: benches.map((b) => b.text).join('') + top }];
  return inScratch(files, (dir, paths) => {
    for (const [k, { stimulus }] of benches.entries()) writeFileSync(join(dir, `stimulus_${k}.hex`), stimulus);
    const text = simulate(dir, paths);
    const lines: string[][] = runs.map(() => []);
    for (const [, k, value] of text.matchAll(/^(\d+) ([0-9a-fxzXZ]+)$/gm)) lines[Number(k)]?.push(value as string);
    return runs.map((run, k) => waves(lines[k] as string[], (benches[k] as (typeof benches)[0]).shown, run.cycles.length, text));
  });
}

export function runAllOnIcarus(runs: readonly Run[]): Waves[] {
  return runAll(runs, (dir, paths) => {
    execFileSync('iverilog', ['-g2005', '-s', 'bench', '-o', 'run.vvp', ...paths], { cwd: dir, stdio: 'pipe' });
    return execFileSync('vvp', ['-n', 'run.vvp'], { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 29 });
  });
}

/** What a test bench `bench` prints when Verilator runs it; without the line of `$finish`. */
export function saidByBench(files: readonly SourceFile[]): string {
  return inScratch(files, (dir, paths) => {
    execFileSync('verilator', ['--binary', '-Wno-fatal', '-Wno-lint', '-Wno-style', '--top-module', 'bench', ...paths], { cwd: dir, stdio: 'pipe' });
    return execFileSync(join(dir, 'obj_dir', 'Vbench'), { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 29 }).replace(/^- .*\n/gm, '');
  });
}

export function runAllOnVerilator(runs: readonly Run[]): Waves[] {
  return runAll(runs, (dir, paths) => {
    execFileSync('verilator', ['--binary', '-Wno-fatal', '-Wno-lint', '-Wno-style', '-O0', '-CFLAGS', '-O0', '--top-module', 'bench', ...paths], {
      cwd: dir,
      stdio: 'pipe',
    });
    return execFileSync(join(dir, 'obj_dir', 'Vbench'), { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 29 });
  });
}

export const runIcarus = (run: Run): Waves => runAllOnIcarus([run])[0] as Waves;
export const runVerilator = (run: Run): Waves => runAllOnVerilator([run])[0] as Waves;

/** Expected values in the form of `Waves`. */
export function expectedWaves(outputs: readonly TypedPort[], cycles: readonly (readonly Value[])[]): Waves {
  const outs = flatPorts(outputs);
  return cycles.map((values) =>
    Object.fromEntries(outs.map((p) => [p.name, packLeaf((outputs[p.port] as TypedPort).type, values[p.port] as Value, p.path).bits.toString(16)])),
  );
}

/** A source file with one module written by hand. */
export function verilogText(name: string, ports: string, body: string): SourceFile {
  return { name, text: `module ${name} (${ports});\n  ${body}\nendmodule\n` };
}

/** A top that does nothing but hold the others, so that one run of a tool looks at all of them. `clk` and `rst` are shared. */
export function together(runs: readonly Pick<Run, 'top' | 'inputs' | 'outputs' | 'clock' | 'reset'>[]): SourceFile {
  const range = (n: number): string => (n === 1 ? '' : `[${n - 1}:0] `);
  const ports = (run: (typeof runs)[0], of: readonly TypedPort[], direction: string): string[] =>
    flatPorts(of).map((p) => `${direction} wire ${range(p.width)}${run.top}_${p.name}_p`);
  const list = runs.flatMap((run) => [...ports(run, run.inputs, 'input'), ...ports(run, run.outputs, 'output')]);
  const instances = runs.map((run) => {
    const data = flatPorts([...run.inputs, ...run.outputs]).map((p) => `.${p.name}(${run.top}_${p.name}_p)`);
    return `  ${run.top} ${run.top}_1 (${[...(run.clock ? ['.clk(clk)'] : []), ...(run.reset ? ['.rst(rst)'] : []), ...data].join(', ')});\n`;
  });
  return {
    name: 'together',
    text: `module together (${['input wire clk', 'input wire rst', ...list].join(', ')});\n${instances.join('')}endmodule\n`,
  };
}
