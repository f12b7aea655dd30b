// What accelerator writes, what its testbench says, and what it refuses.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/accelerator.ts';
import { readTree, runMain, temporaryFolder } from '../support/cli.ts';

const SMALL = ['--rows', '4', '--cols', '2', '--bus', '32', '--scratchpad', '4K', '--sums', '32', '--name', 'npu'];

async function write(cwd: string, ...argv: string[]): Promise<string> {
  const { code, err, out } = await runMain(main, argv, { cwd });
  expect(err).not.toContain('help:');
  expect(code).toBe(0);
  return out;
}

/** The last line, and the exit code. */
function make(folder: string, target: string, ...args: string[]): { readonly status: number | null; readonly lines: readonly string[] } {
  const { status, stdout, stderr } = spawnSync('make', ['-C', join(folder, 'tb'), target, ...args], { encoding: 'utf8' });
  if (status !== 0 && !/^(PASS|FAIL|ERROR)/m.test(stdout)) throw new Error(`${stdout}${stderr}`);
  return { status, lines: stdout.split('\n') };
}
const verdict = ({ lines }: { readonly lines: readonly string[] }): string | undefined => lines.find((line) => /^(PASS|FAIL|ERROR)/.test(line));

describe('accelerator', () => {
  it('writes a folder whose YAML gives the same folder', async () => {
    const cwd = temporaryFolder();
    await write(cwd, ...SMALL, '--out', 'a');
    await write(cwd, '--config', 'a/accelerator.yaml', '--out', 'b');
    const tree = readTree(join(cwd, 'a'));
    expect(readTree(join(cwd, 'b'))).toEqual(tree);
    expect(Object.keys(tree)).toEqual(
      expect.arrayContaining(['filelist.f', 'include/npu_isa.h', 'include/npu_regs.h', 'docs/registers.md', 'rtl/npu.v', 'tb/tb.v']),
    );
    for (const header of ['isa', 'regs']) execFileSync('cc', ['-Wall', '-Werror', '-fsyntax-only', join(cwd, `a/include/npu_${header}.h`)]);
  });

  it('writes a testbench that runs without Node, on both simulators, and notices a wrong byte, cycles that are not as the model says, a wrong LAST, a VALID that is taken back and an error', async () => {
    const cwd = temporaryFolder();
    await write(cwd, ...SMALL);
    const folder = join(cwd, 'verilog-out/npu');
    const plain = make(folder, 'icarus');
    expect(verdict(plain)).toBe('PASS');
    const [, cycles] = plain.lines.map((line) => /^(\d+) cycles, expected \1$/.exec(line)).find((found) => found !== null) ?? [];
    expect(Number(cycles)).toBeGreaterThan(100);
    const stalled = make(
      folder,
      'verilator',
      'ARGS=+stall=300 +latency=40 +seed=7 +vcd=build/run.vcd +dump=build/dump.hex +dump_from=0 +dump_bytes=64',
    );
    expect(verdict(stalled)).toBe('PASS');
    expect(readFileSync(join(folder, 'tb/build/run.vcd'), 'utf8')).toContain('$enddefinitions');
    expect(readFileSync(join(folder, 'tb/build/dump.hex'), 'utf8').trim().split(/\s+/).length).toBeGreaterThanOrEqual(64);

    const failing = make(folder, 'icarus', 'ARGS=+error_from=0 +error_to=4096 +error_response=3');
    expect(verdict(failing)).toBe('FAIL');
    expect(failing.status).not.toBe(0);
    expect(failing.lines.find((line) => line.startsWith('error 3'))).toBeDefined();

    const given = join(folder, 'tb/run/run.args');
    const right = readFileSync(given, 'utf8');
    writeFileSync(given, right.replace(`expect_cycles=${cycles}`, `expect_cycles=${Number(cycles) + 1}`));
    expect(verdict(make(folder, 'icarus'))).toBe('FAIL');
    writeFileSync(given, right);

    const store = join(folder, 'rtl/npu_store_unit.v');
    const whole = readFileSync(store, 'utf8');
    for (const [ports, logic, says] of [
      [{ last: 'kept' }, 'assign axi_wlast = kept | axi_wvalid;', 'WLAST is not on the last beat'],
      [
        { valid: 'kept', ready: 'axi_wready & odd' },
        'reg odd = 0;\n  assign axi_wvalid = kept & odd;\n  always @(posedge clk) odd <= ~odd;',
        'write data changed while they waited',
      ],
    ] as const) {
      let broken = whole.replace(/;\n(?=\n)/, `;\n  wire kept;\n  ${logic}\n`);
      for (const [port, by] of Object.entries(ports)) {
        const of = new RegExp(`\\.out_${port} +\\(axi_w${port}\\)`);
        expect(broken).toMatch(of);
        broken = broken.replace(of, `.out_${port} (${by})`);
      }
      writeFileSync(store, broken);
      const run = make(folder, 'icarus', 'ARGS=+stall=300');
      expect(run.status, says).not.toBe(0);
      expect(run.lines).toContain('FAIL');
      expect(run.lines.join('\n')).toContain(says);
    }
    writeFileSync(store, whole);

    const expected = join(folder, 'tb/run/expected.hex');
    const text = readFileSync(expected, 'utf8');
    writeFileSync(
      expected,
      text.replace(/\n(..)\n/, (_, byte) => `\n${byte === '00' ? '01' : '00'}\n`),
    );
    const wrong = make(folder, 'icarus');
    expect(verdict(wrong)).toBe('FAIL');
    expect(wrong.lines.find((line) => line.startsWith('1 of '))).toBeDefined();
  });

  it.each([
    [['--rows', '3'], 'bad-rows', 'no power of two'],
    [['--rows', '128'], 'bad-rows', 'above 64'],
    [['--bus', '96'], 'bad-bus', 'give 64 or 128'],
    [['--scratchpad', '1K', '--banks', '16', '--bus', '512'], 'bad-scratchpad', 'a bank needs two rows'],
    [['--scratchpad', '256KB'], 'bad-scratchpad', 'not a number'],
    [['--modes', 'double,doubel'], 'bad-modes', 'did you mean double?'],
    [['--modes', 'single,single'], 'bad-modes', 'each stands once'],
    [['--name', '4x4'], 'bad-name', 'not a Verilog identifier'],
    [['--colls', '4'], 'unknown-flag', 'did you mean --cols?'],
  ])('refuses %j', async (argv, code, says) => {
    const cwd = temporaryFolder();
    const { code: exit, err, out } = await runMain(main, [...argv, '--json'], { cwd });
    expect(exit).toBe(2);
    expect(`${err}${out}`).toContain(code);
    expect(`${err}${out}`).toContain(says);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
