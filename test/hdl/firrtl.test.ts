// The FIRRTL of random circuits and of memories, in an interpreter written from its specification, against the circuits' models and the simulator.

import { describe, expect, it } from 'vitest';
import { emitFirrtl } from '../../hdl/firrtl/index.ts';
import { bool, elaborate, input, Module, output, sint, uint, vec, when } from '../../hdl/index.ts';
import { legalName } from '../../hdl/verilog/names.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { difference, modelled, prepare } from '../support/check-circuit.ts';
import { FirrtlRun } from '../support/firrtl.ts';
import { Rng } from '../support/random.ts';
import { randomCircuit, randomStimulus, SETTLE } from '../support/random-circuit.ts';
import { leaves, packLeaf } from '../support/reference.ts';

const CIRCUITS = 20;

it.each([...Array(CIRCUITS).keys()].map((i) => 300 + i))('random circuit %i', (seed) => {
  const circuit = randomCircuit(seed, { depth: 1 + (seed % 2), items: 5 });
  const { design } = prepare(circuit);
  const run = new FirrtlRun(emitFirrtl(design));
  // Half of the reset is enough here, for nothing is unknown in the interpreter.
  const stimulus = randomStimulus(seed, circuit, 12);
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
