// Area of designs whose cost is known without a synthesiser, on every target, by the native Yosys and by its WebAssembly build; and the command.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/area.ts';
import { main as gen } from '../../cli/gen.ts';
import { subjectNamed } from '../../estimate/catalogue.ts';
import { measure, type Subject } from '../../estimate/measure.ts';
import { classify, formsOf, TARGETS, type Target } from '../../estimate/targets.ts';
import { findYosys, type Yosys } from '../../estimate/yosys.ts';
import { elaborate, input, Module, output, sint, uint, vec } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

/** Eight registers in a row. */
class Chain extends Module {
  readonly p = this.io({ d: input(uint(1)), q: output(uint(1)) });
  readonly bits = this.reg(vec(uint(1), 8), { reset: 0 });
  constructor() {
    super();
    this.bits.at(0).set(this.p.d);
    for (let i = 1; i < 8; i++) this.bits.at(i).set(this.bits.at(i - 1));
    this.p.q.set(this.bits.at(7));
  }
}
/** One function of four inputs. */
class Parity extends Module {
  readonly p = this.io({ x: input(uint(4)), odd: output(uint(1)) });
  constructor() {
    super();
    this.p.odd.set(this.p.x.xorR().asUInt());
  }
}
/** What every DSP block holds. */
class Product extends Module {
  readonly p = this.io({ a: input(sint(16)), b: input(sint(16)), q: output(sint(32)) });
  constructor() {
    super();
    this.p.q.set(this.p.a.mul(this.p.b));
  }
}
/** A block RAM in every family: 512 words of 8 bits. */
class Store extends Module {
  readonly p = this.io({ address: input(uint(9)), data: input(uint(8)), write: input(uint(1)), q: output(uint(8)) });
  readonly ram = this.memory(uint(8), 512);
  constructor() {
    super();
    const { p } = this;
    this.ram.write(p.address, p.data, { enable: p.write.asBool() });
    p.q.set(this.ram.read(p.address));
  }
}

function subject(cls: new () => Module): Subject {
  const design = elaborate(cls as typeof Chain);
  return { name: design.top.name, top: design.top.name, files: emitVerilog(design) };
}
const options = { env: process.env, signal: new AbortController().signal };
const fpga = TARGETS.flatMap(formsOf).filter((t) => t.dsp !== undefined);

it('a fused step and its sum are one DSP block; the output-stationary sum is cleared without a look-up table a bit', async () => {
  const yosys = await findYosys('native', options);
  const lutsOf = async (name: string, target: Target): Promise<readonly number[]> => {
    const { luts, dsps, carries } = await measure(yosys, subjectNamed(name), target);
    return [luts, dsps, ...(target.dsp ? [carries] : [])];
  };
  // Load and swap, each with the enable, and on iCE40 the enable inverted; the register to drain through has a multiplexer of 32 bits.
  expect(await lutsOf('int8-fused-ws', { name: 'ice40', dsp: true })).toEqual([3, 1, 0]);
  expect(await lutsOf('int8-fused-ws', { name: 'xilinx', dsp: true })).toEqual([2, 1, 0]);
  expect(await lutsOf('int8-fused-os', { name: 'xilinx', dsp: true })).toEqual([33, 1, 0]);
  // Drained through the accumulator the element is the block: only iCE40's enable is inverted.
  expect(await lutsOf('int8-fused-os-through', { name: 'ice40', dsp: true })).toEqual([1, 1, 0]);
  expect(await lutsOf('int8-os-through', { name: 'xilinx', dsp: true })).toEqual([0, 1, 0]);
  const [ws] = await lutsOf('int8-radix4-ws', { name: 'xilinx', dsp: false });
  const [os] = await lutsOf('int8-radix4-os', { name: 'xilinx', dsp: false });
  expect((os as number) - (ws as number)).toBe(31);
});

describe.each(['native', 'wasm'] as const)('%s', (which) => {
  const yosys: Promise<Yosys> = findYosys(which, options);
  const areas = async (cls: new () => Module, targets: readonly Target[]) =>
    Promise.all(targets.map(async (t) => measure(await yosys, subject(cls), t)));

  it('counts a chain of registers and a parity', async () => {
    const targets = which === 'native' ? fpga.filter((t) => !t.dsp) : [{ name: 'ice40', dsp: false } as const];
    for (const { luts, lutRams, registers, dsps, target } of await areas(Chain, targets)) {
      // A chain with a reset is no shift register of LUTs.
      expect({ luts, lutRams, registers, dsps }, target.name).toEqual({ luts: 0, lutRams: 0, registers: 8, dsps: 0 });
    }
    for (const { luts, registers, depth, target } of await areas(Parity, targets))
      expect({ luts, registers, depth }, target.name).toEqual({ luts: 1, registers: 0, depth: 1 });
  });

  it('counts DSP blocks where they are asked for, and block RAMs', async () => {
    const targets = fpga.filter((t) => t.name === 'ice40' || (which === 'native' && t.dsp));
    for (const { luts, dsps, target } of await areas(Product, targets)) {
      expect(dsps, target.name).toBe(target.dsp ? 1 : 0);
      expect(luts > 100, target.name).toBe(!target.dsp);
    }
    for (const { blockRams, luts, target } of await areas(
      Store,
      targets.filter((t) => !t.dsp),
    )) {
      expect(blockRams, target.name).toBe(1);
      // Old data on a collision cost a comparison at most.
      expect(luts, target.name).toBeLessThan(40);
    }
  });

  it('gates: a parity of four is three exclusive ors', async () => {
    const [area] = await areas(Parity, [{ name: 'generic' }]);
    expect(area?.luts).toBe(3);
    expect(area?.depth).toBe(2);
  });

  it('says what Yosys says of a design that it refuses', async () => {
    const broken = { name: 'broken', top: 'broken', files: [{ name: 'broken', text: 'module broken (output q); assign q = ; endmodule' }] };
    await expect(measure(await yosys, broken, { name: 'generic' })).rejects.toThrow(/yosys (failed|exited with code 1):\n.*syntax error/s);
  });
});

it('a Yosys without counts is a fault, not a design of nothing', async () => {
  const silent = (stat: string, path: string): Yosys => ({
    version: 'Yosys 0',
    run: () => Promise.resolve({ 'stat.json': stat, 'path.txt': path }),
  });
  const of = (yosys: Yosys) => measure(yosys, { name: 'x', top: 'x', files: [] }, { name: 'generic' });
  await expect(of(silent('{"modules":{"x":{}}}', 'length=1'))).rejects.toThrow('Yosys 0 gives no counts of cells for x on generic');
  await expect(of(silent('{"design":{"num_cells_by_type":{}}}', ''))).rejects.toThrow('gives no length of the longest path');
  expect((await of(silent('{"design":{"num_cells_by_type":{"$_NOT_":2}}}', 'length=-1'))).depth).toBe(0);
});

it('a cell that no class knows stands under its name', () => {
  expect(classify('ice40', { SB_LUT4: 2, SB_DFFESR: 3, SB_PLL40_CORE: 1 })).toEqual({
    luts: 2,
    carries: 0,
    registers: 3,
    dsps: 0,
    blockRams: 0,
    lutRams: 0,
    others: { SB_PLL40_CORE: 1 },
  });
});

const run = (argv: readonly string[]) => runMain(main, argv, { cwd: join(import.meta.dirname, '../..'), env: process.env });

describe('npm run area', () => {
  it.each<[string, string[], string]>([
    ['an unknown element', ['--pe', 'int8'], '--pe: pe "int8" is none of int8-ws'],
    ['an unknown target', ['--target', 'ice4'], 'did you mean ice40?'],
    ['an unknown Yosys', ['--yosys', 'docker'], 'yosys "docker" is none of auto, native, wasm'],
    ['a folder without a design', ['--design', 'hdl'], '"hdl" is not a design folder: its manifest.json cannot be read'],
    ['two things at once', ['--design', 'hdl', '--pe', 'int8-ws'], '--pe and --design name two things'],
  ])('refuses %s', async (_, argv, said) => {
    const { code, err, out } = await run(argv);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(out).toBe('');
  });

  it('measures an element and the design of a folder, as text and as JSON', async () => {
    const text = await run(['--pe', 'int8-ws', '--target', 'ice40']);
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/int8-ws: .*\n {2}target .*LUTs.*\n {2}ice40 +\d+ .*\n {2}ice40, DSP +\d+ .*\n/);
    const folder = temporaryFolder();
    await runMain(gen, ['--rows', '2', '--cols', '2', '--sv', '--out', 'unit'], { cwd: folder });
    const json = await runMain(main, ['--design', 'unit', '--target', 'generic', '--json'], { cwd: folder, env: process.env });
    const report = JSON.parse(json.out) as { subjects: { areas: { registers: number }[] }[] };
    // Four elements with 58 registers each, and what feeds and controls them.
    const [area] = report.subjects[0]?.areas ?? [];
    expect(area?.registers).toBeGreaterThan(4 * 58);
    expect(area?.registers).toBeLessThan(4 * 58 * 2);
  });
});
