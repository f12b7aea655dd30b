// The FIRRTL of random circuits and of memories, in an interpreter written from its specification, against the circuits' models and the simulator.

import { describe, expect, it } from 'vitest';
import { emitFirrtl } from '../../hdl/firrtl/index.ts';
import {
  assert,
  assume,
  bool,
  cover,
  ExternalModule,
  elaborate,
  fixed,
  fp8e4m3,
  input,
  Module,
  optional,
  output,
  past,
  sint,
  switchOn,
  table,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';
import { legalName } from '../../hdl/verilog/names.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { difference, modelled, prepare } from '../support/check-circuit.ts';
import { Everything, KINDS, level, PORTS, type Port, STEPS } from '../support/every-reset.ts';
import { FirrtlRun } from '../support/firrtl.ts';
import { MeshModel } from '../support/mesh-model.ts';
import { checkMesh, type MeshRun } from '../support/mesh-run.ts';
import { Rng } from '../support/random.ts';
import { randomCircuit, randomStimulus, SETTLE } from '../support/random-circuit/index.ts';
import { MeshModule, randomMesh } from '../support/random-mesh.ts';
import { leaves, packLeaf } from '../support/reference.ts';

const CIRCUITS = 8;

it.each([...Array(CIRCUITS).keys()].map((i) => 300 + i))('random circuit %i', (seed) => {
  const circuit = randomCircuit(seed, { depth: 1 + (seed % 2), items: 5, plain: true });
  const { design } = prepare(circuit);
  const run = new FirrtlRun(emitFirrtl(design));
  // Half of the reset is enough here, for nothing is unknown in the interpreter.
  const stimulus = randomStimulus(seed, circuit, 8);
  const has = (kind: string): boolean => design.top.signals.some((s) => s.role === 'input' && s.type.kind === kind);
  const got = stimulus.map(({ values, rst }, t) => {
    circuit.inputs.forEach(({ name, type }, i) => {
      for (const { path } of leaves(type)) run.poke(legalName([name, ...path].join('_')), packLeaf(type, values[i] as never, path).bits);
    });
    if (has('reset')) run.poke('rst', rst ? 1n : 0n);
    const shown =
      t < SETTLE
        ? []
        : circuit.outputs.flatMap(({ name, type }) =>
            leaves(type)
              .filter((l) => l.type.width > 0)
              .map(({ path }) => legalName([name, ...path].join('_')))
              .map((port) => [port, run.peek(port).toString(16)] as const),
          );
    if (has('clock')) run.step();
    return Object.fromEntries(shown);
  });
  expect(difference(got, modelled(circuit, stimulus), SETTLE)).toBeUndefined();
});

/** Contents of a memory that is written have no words in FIRRTL. */
const MESHES = (() => {
  const rng = new Rng(77);
  return Array.from({ length: 60 }, () => randomMesh(rng, { elements: 12 }))
    .filter((spec) => !spec.outs.some((o) => o.flavour === 'memory') && !new MeshModel(spec).hasLoop())
    .slice(0, 16);
})();

it('random meshes', () => {
  expect(MESHES.length).toBe(16);
  for (const [m, spec] of MESHES.entries()) {
    const design = elaborate(MeshModule as never, spec as never, { name: 'mesh_top' } as never);
    const firrtl = new FirrtlRun(emitFirrtl(design));
    const run: MeshRun = {
      poke: (name, cells, width) =>
        firrtl.poke(
          name,
          cells.reduceRight((all, c) => (all << BigInt(width)) | c, 0n),
        ),
      peek: (name, width, count) => Array.from({ length: count }, (_, i) => BigInt.asUintN(width, firrtl.peek(name) >> BigInt(i * width))),
      step: () => firrtl.step(),
    };
    checkMesh(`mesh ${m}`, spec, design, run, new Rng(m));
  }
});

class Store extends Module<{ depth: number; underWrite: 'old' | 'new' }> {
  readonly p = this.io({
    go: input(bool),
    other: input(bool),
    mask: input(vec(bool, 2)),
    from: input(uint(4)),
    to: input(uint(4)),
    second: input(uint(4)),
    data: input(vec(sint(5), 2)),
    now: output(vec(sint(5), 2)),
    later: output(vec(sint(5), 2)),
    held: output(vec(sint(5), 2)),
    square: output(uint(7)),
  });
  readonly words = this.memory(vec(sint(5), 2), this.cfg.depth);
  readonly squares = this.memory(uint(7), this.cfg.depth, { init: (i) => (i * i) % 128 });
  constructor(cfg: { depth: number; underWrite: 'old' | 'new' }) {
    super(cfg);
    const { p, words } = this;
    when(p.go, () => words.write(p.to, p.data));
    words.write(p.second, p.data.reversed(), { enable: p.other, mask: p.mask });
    p.now.set(words.readNow(p.from));
    p.later.set(words.read(p.from, { underWrite: cfg.underWrite }));
    p.held.set(words.read(p.to, { enable: p.other, underWrite: cfg.underWrite }));
    p.square.set(this.squares.readNow(p.from));
  }
}

describe('memories', () => {
  it.each([
    { depth: 16, underWrite: 'old' },
    { depth: 11, underWrite: 'old' },
    { depth: 16, underWrite: 'new' },
    { depth: 11, underWrite: 'new' },
    { depth: 1, underWrite: 'new' },
  ] as const)('%o', (cfg) => {
    const design = elaborate(Store, cfg);
    const run = new FirrtlRun(emitFirrtl(design));
    const sim = simulateDesign(design);
    const rng = new Rng(5);
    const pack = (v: unknown): bigint => [v].flat().reduceRight((all: bigint, x) => (all << 5n) | BigInt.asUintN(5, BigInt(x as number)), 0n);
    for (let t = 0; t < 200; t++) {
      const filling = t < 16;
      const drive = (port: string, n: number): void => {
        run.poke(port, BigInt(n));
        sim.poke(port, n);
      };
      drive('to', filling ? t : rng.below(16));
      drive('second', rng.below(4));
      drive('from', rng.below(4) === 0 ? rng.below(16) : rng.below(4));
      drive('go', filling || rng.once(2) ? 1 : 0);
      drive('other', filling ? 1 : rng.below(2));
      const mask = filling ? [0, 0] : [rng.below(2), rng.below(2)];
      const data = [rng.below(32) - 16, rng.below(32) - 16];
      sim.poke('mask', mask.map(Boolean));
      sim.poke('data', data);
      run.poke('mask', BigInt((mask[0] as number) + 2 * (mask[1] as number)));
      run.poke('data', pack(data));
      if (t > 20) {
        for (const port of ['now', 'later', 'held']) expect(`${t} ${port} ${run.peek(port)}`).toBe(`${t} ${port} ${pack(sim.peek(port))}`);
        expect(run.peek('square')).toBe(BigInt(sim.peek('square') as number));
      }
      run.step();
      sim.step();
    }
    sim.close();
  });
});

/** Memories and registers hold what was written to them by then. */
const KNOWN = 60;

describe('every reset kind on everything with state, two clocks, an enable', () => {
  it.each(KINDS)('$name', ({ name: _, ...kind }) => {
    const design = elaborate(Everything, { ...kind, blank: true }, { name: 'top', reset: { name: 'areset', ...kind } });
    const text = emitFirrtl(design);
    expect(text).toContain(`input areset : ${kind.async ? 'AsyncReset' : 'UInt<1>'}`);
    const run = new FirrtlRun(text);
    const sim = simulateDesign(design);
    STEPS.forEach(({ edges, values }, t) => {
      for (const port of Object.keys(PORTS) as Port[]) {
        const isReset = port === 'rstA' || port === 'rstB';
        const value = isReset ? level(kind, values[port]) : values[port];
        const name = port === 'rstA' ? 'areset' : port;
        sim.poke(name, value);
        run.poke(legalName(name), BigInt(value));
      }
      if (t >= KNOWN)
        for (const q of ['qA', 'qB'])
          expect(`${t} ${q} ${run.peek(legalName(q)).toString(16)}`).toBe(`${t} ${q} ${BigInt(sim.value(q)).toString(16)}`);
      const clocks = [...(edges & 1 ? ['clk'] : []), ...(edges & 2 ? ['clkB'] : [])];
      run.step(clocks.map(legalName));
      if (clocks.length > 0) sim.step(1, clocks);
    });
    sim.close();
  });
});

class Scaler extends ExternalModule<{ factor: number }> {
  readonly verilog = {
    name: 'SCALE',
    parameters: { FACTOR: this.cfg.factor, Offset: { width: 40, value: -3 }, NAME: 'say "x"' },
    clock: 'CLK',
    registered: ['Sum'],
  };
  readonly p = this.io({ In: input(vec(sint(5), 2)), Out: output(vec(sint(8), 2)), Sum: output(uint(9)) });
  override model() {
    const { factor } = this.cfg;
    return {
      state: () => 0,
      outputs: ({ In }: { In: readonly number[] }, sum: number) => ({ Out: In.map((x) => BigInt.asIntN(8, BigInt(x * factor))), Sum: sum }),
      edge: ({ In }: { In: readonly number[] }, sum: number) => (sum + (In[0] as number) + 16) % 512,
    } as never;
  }
}

/** The rest of the language: externals of two parameters and in a mesh, tables, switches, number types, an optional port, a part that a signal chooses, properties. */
class Rest extends Module<{ extra: boolean }> {
  readonly p = this.io({
    xs: input(vec(sint(5), 2)),
    code: input(uint(3)),
    small: input(fp8e4m3),
    point: input(fixed(6, 3)),
    a: output(vec(sint(8), 2)),
    b: output(vec(sint(8), 2)),
    sums: output(vec(uint(9), 3)),
    looked: output(uint(6)),
    cases: output(uint(4)),
    scaled: output(fixed(12, 6)),
    grown: output(fp8e4m3),
    marked: output(uint(11)),
    also: optional(this.cfg.extra, output(bool)),
  });
  readonly count = this.reg(uint(4), { reset: 1 });
  constructor(cfg: { extra: boolean }) {
    super(cfg);
    const { p, count } = this;
    const [twice, thrice] = [this.inst(Scaler, { factor: 2 }), this.inst(Scaler, { factor: 3 })];
    twice.In.set(p.xs);
    thrice.In.set(p.xs.reversed());
    p.a.set(twice.Out);
    p.b.set(thrice.Out);
    const row = this.mesh(Scaler, [3], { factor: 2 });
    row.broadcast('In', p.xs);
    p.sums.set(row.collect('Sum'));
    p.looked.set(table(uint(6), p.code, [7, 1, 60, 33, 5]));
    p.cases.set(0);
    switchOn(p.code, {
      0: () => p.cases.set(9),
      '0b1?1': () => p.cases.set(4),
      2: () => p.cases.set(3),
      default: () => p.cases.set(p.code.extend(4)),
    });
    p.scaled.set(p.point.mul(p.point));
    p.grown.set(p.small.neg());
    p.marked.set(0);
    p.marked.slice(p.code, 3).set(5);
    p.also?.set(p.code.eq(0));
    when(p.code.ne(7), () => count.set(count.addw(p.code.extend(4))));
    assert(count.ne(11), 'never "eleven", 100%');
    assume(p.code.ne(6), 'no sixes');
    when(p.xs.at(0).gt(3), () => cover(past(count).eq(count), 'it stays'));
  }
}

describe('the rest of the language', () => {
  it.each([true, false])('with the optional port %s', (extra) => {
    const design = elaborate(Rest, { extra }, { name: 'rest' });
    const text = emitFirrtl(design, { locators: true });
    expect(text.match(/^ {2}extmodule .*(\n {4}.*)*/gm)).toEqual(
      [2, 3].map((factor) =>
        [
          `  extmodule SCALE${factor === 2 ? '' : '_1'} :`,
          ...['input CLK : Clock', 'input In : UInt<10>', 'output Out : UInt<16>', 'output Sum : UInt<9>', 'defname = SCALE'],
          ...[`parameter FACTOR = ${factor}`, "parameter Offset = '40\\'shfffffffffd'", 'parameter NAME = "say \\"x\\""'],
        ].join('\n    '),
      ),
    );
    const signed = (x: bigint, i: number): bigint => BigInt.asIntN(5, x >> BigInt(5 * i));
    const run = new FirrtlRun(text, {
      SCALE: (parameters) => {
        let sum = 0n;
        const factor = BigInt(parameters.get('FACTOR') as string);
        return {
          outputs: (input) => ({
            Out: [1, 0].reduce((all, i) => (all << 8n) | BigInt.asUintN(8, signed(input('In'), i) * factor), 0n),
            Sum: sum,
          }),
          edge: (input) => {
            sum = (sum + signed(input('In'), 0) + 16n) % 512n;
          },
        };
      },
    });
    const sim = simulateDesign(design, { properties: 'collect' });
    const rng = new Rng(9);
    const said = new Map<string, number>();
    const packed = (values: readonly bigint[], width: number): bigint =>
      values.reduceRight((all, v) => (all << BigInt(width)) | BigInt.asUintN(width, v), 0n);
    for (let t = 0; t < 150; t++) {
      const xs = [rng.below(32) - 16, rng.below(32) - 16].map(BigInt);
      sim.poke('xs', xs);
      run.poke('xs', packed(xs, 5));
      for (const [port, bits] of [
        ['code', 3],
        ['small', 8],
        ['rst', 1],
      ] as const) {
        const value = port === 'rst' ? (t < 2 || rng.below(30) === 0 ? 1 : 0) : rng.below(2 ** bits);
        sim.poke(port, value);
        run.poke(legalName(port), BigInt(value));
      }
      const point = rng.below(64) - 32;
      sim.poke('point', point);
      run.poke('point', BigInt.asUintN(6, BigInt(point)));
      if (t > 2)
        for (const { name, type, dims } of design.top.signals.filter((s) => s.role === 'output')) {
          const want = [sim.peek(name)].flat(2).map((v) => BigInt(v as number));
          expect(`${t} ${name} ${run.peek(legalName(name))}`).toBe(`${t} ${name} ${packed(want, type.width)}`);
          expect(want.length).toBe(dims.reduce((n, d) => n * d, 1));
        }
      for (const { message } of run.step()) said.set(message, (said.get(message) ?? 0) + 1);
      sim.step();
    }
    expect(said).toEqual(new Map([...sim.violations(), ...sim.coverage()].map(({ message, count }) => [message, count])));
    expect(said.size).toBe(3);
    sim.close();
  });
});
