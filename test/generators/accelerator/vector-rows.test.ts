// Softmax and normalisation of VX against the golden model, whatever is refused when; rates; tools are in vector-unit.test.ts.

import { describe, expect, it } from 'vitest';
import { VectorUnit } from '../../../generators/accelerator/vector-unit.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR, rowBytes } from '../../../isa/config.ts';
import { INSTRUCTIONS } from '../../../isa/instructions.ts';
import { normaliseRow } from '../../../sim/golden/accelerator/layer-norm.ts';
import { softmaxRow, softmaxScaling, softmaxTable } from '../../../sim/golden/accelerator/softmax.ts';
import { type EngineName, type Simulation, simulate } from '../../../sim/index.ts';
import { Rng } from '../../support/random.ts';
import { command, serveReads, serveWrites } from './memories.ts';
import { payloadOf } from './payload.ts';

type Name = 'vx.exponents' | 'vx.softmax' | 'vx.normalise';
const TABLE = 1024;

function bench(size: Partial<AcceleratorConfig>, stall: number, engine: EngineName) {
  const cfg: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 8192, sums: 16, modes: ['double'], ...size };
  const sim = simulate(VectorUnit, cfg, { engine, seed: 1 }) as unknown as Simulation;
  const bytes = new Uint8Array(cfg.scratchpad);
  sim.reset();
  const rows = { width: rowBytes(cfg), bytes };
  for (const port of ['a', 'b']) sim.fork(() => serveReads(sim, port, rows, stall));
  sim.fork(() => serveWrites(sim, 'out', rows, stall));
  return {
    sim,
    bytes,
    /** Gives the cycles until it was done. */
    run(name: Name, fields: { readonly [field: string]: number }): number {
      const before = sim.cycle;
      expect(sim.join(sim.fork(() => command(sim, INSTRUCTIONS[name].opcode, payloadOf(name, fields))))).toEqual({ fault: 0, address: 0 });
      return sim.cycle - before;
    },
  };
}

function check(size: Partial<AcceleratorConfig>, rounds: number, stall: number, engine: EngineName = 'systole'): void {
  const rng = new Rng(rounds);
  const { sim, bytes, run } = bench(size, stall, engine);
  const view = new DataView(bytes.buffer);
  for (let round = 0; round < rounds; round++) {
    const [length, rows] = [round % 5 === 0 ? 1 + rng.below(3) : 1 + rng.below(90), 1 + rng.below(3)];
    // What a model has, and any words at all: of few bits and in multiples, for ties and for small sums.
    const [drop, unit] = [rng.pick([0, 12, 16, 20]), rng.pick([1, 2 ** 11])];
    const table =
      round % 2 === 1
        ? Int32Array.from({ length: 256 }, () => ((rng.word() | 0) >> drop) * unit)
        : softmaxTable(softmaxScaling(1, 2 ** -rng.below(7)));
    const spread = 1 + rng.below(128);
    const codes = Int8Array.from({ length: length * rows }, () => (rng.once(9) ? rng.pick([-128, 127]) : rng.below(2 * spread) - spread));
    const [a, out] = [2048 + rng.below(64), round % 3 === 0 ? 0 : 4096 + rng.below(64)];
    const to = out || a;
    bytes.set(new Uint8Array(codes.buffer), a);
    table.forEach((word, i) => {
      view.setInt32(TABLE + 4 * i, word, true);
    });
    const softmax = rng.once(2);
    const [fraction, epsilon] = [rng.below(8), rng.below(32)];
    const each = (of: (row: Int8Array) => Int8Array): number[] =>
      Array.from({ length: rows }, (_, r) => [...of(codes.subarray(r * length, (r + 1) * length))]).flat();
    const want = softmax ? each((row) => softmaxRow(row, table)) : each((row) => normaliseRow(row, { fraction, epsilon }));
    const expected = Int8Array.from(new Int8Array(bytes.buffer));
    expected.set(want, to);
    if (softmax) run('vx.exponents', { local: TABLE });
    if (softmax) run('vx.softmax', { a, out: to, length, rows });
    else run('vx.normalise', { a, out: to, length, rows, fraction, epsilon });
    expect([...new Int8Array(bytes.buffer)], `round ${round}: ${softmax ? 'softmax' : 'normalise'} of ${rows} × ${length}`).toEqual([...expected]);
  }
  sim.close();
}

describe('rows of VX', () => {
  it.each([
    ['4 lanes', {}, 24, 0.3],
    ['8 lanes in rows of 32', { cols: 8, bus: 256 }, 8, 0],
    ['2 lanes', { cols: 2, bus: 64 }, 8, 0.6],
  ] as const)('are those of the golden model: %s', (_, size, rounds, stall) => check(size, rounds, stall));

  it.each(['verilator', 'icarus'] as const)('are so on %s', (engine) => check({ bus: 64 }, engine === 'icarus' ? 4 : 8, 0.2, engine));

  it('rounds ties away from zero', () => {
    const { sim, bytes, run } = bench({}, 0, 'systole');
    // Exactly −0.5 and −106.5.
    for (const { codes, epsilon, fraction, first } of [
      { codes: [17, 18], epsilon: 12, fraction: 5, first: -1 },
      { codes: [-25, -19], epsilon: 4, fraction: 7, first: -107 },
    ]) {
      bytes.set(codes, 2048);
      run('vx.normalise', { a: 2048, out: 4096, length: 2, rows: 1, fraction, epsilon });
      expect([...new Int8Array(bytes.buffer, 4096, 2)]).toEqual([...normaliseRow(Int8Array.from(codes), { fraction, epsilon })]);
      expect(new Int8Array(bytes.buffer)[4096]).toBe(first);
    }
    sim.close();
  });

  it('take as long as the head of the block says', () => {
    const { run, sim } = bench({}, 0, 'systole');
    const rowsOf = (name: Name, length: number): number =>
      run(name, { a: 2048, out: 4096, length, rows: 3 }) - run(name, { a: 2048, out: 4096, length, rows: 2 });
    for (const length of [1, 50]) {
      expect(rowsOf('vx.softmax', length) - 3 * length).toBe(SOFTMAX_CYCLES);
      expect(rowsOf('vx.normalise', length) - 2 * length).toBe(NORMALISE_CYCLES);
    }
    sim.close();
  });
});
/** Of a row, beside those for its bytes. */
const [SOFTMAX_CYCLES, NORMALISE_CYCLES] = [44, 61];
