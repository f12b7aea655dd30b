// MX against nested loops over bytes.

import { describe, expect, it } from 'vitest';
import { MultiplyUnit } from '../../../generators/accelerator/multiply-unit.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR, rowBytes } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Mnemonic } from '../../../isa/instructions.ts';
import { simulate } from '../../../sim/index.ts';
import { randomWords } from '../../../sim/random.ts';
import { command, serveReads, serveWrites } from './memories.ts';
import { payloadOf } from './payload.ts';

interface Dimension {
  readonly count: number;
  readonly local: number;
  readonly y: number;
  readonly x: number;
}
interface Multiply {
  readonly dims: readonly Dimension[];
  readonly box: { readonly y: number; readonly x: number; readonly height: number; readonly width: number; readonly pad: number };
  readonly activation: number;
  readonly weight: number;
  readonly sums: number;
  readonly accumulate: number;
}

/** What the note says of mx.multiply. */
function multiply({ rows, cols, scratchpad, sums: sumRows }: AcceleratorConfig, spad: Int8Array, sums: Int32Array, op: Multiply): void {
  const { dims, box } = op;
  const size = dims.map((d) => d.count) as [number, number, number, number, number];
  const positions = size[0] * size[1];
  for (let step = 0; step < size[2] * size[3] * size[4]; step++) {
    for (let position = 0; position < positions; position++) {
      const places = [
        position % size[0],
        Math.floor(position / size[0]),
        step % size[2],
        Math.floor(step / size[2]) % size[3],
        Math.floor(step / size[2] / size[3]),
      ];
      const along = (of: (d: Dimension) => number): number => dims.reduce((all, d, i) => all + of(d) * (places[i] as number), 0);
      const [y, x] = [box.y + along((d) => d.y), box.x + along((d) => d.x)];
      const inside = (box.height === 0 && box.width === 0) || (y >= 0 && y < box.height && x >= 0 && x < box.width);
      const from = op.activation + along((d) => d.local);
      for (let c = 0; c < cols; c++) {
        const at = ((op.sums + position) % sumRows) * cols + c;
        let sum = step > 0 || op.accumulate ? (sums[at] as number) : 0;
        for (let r = 0; r < rows; r++) {
          const a = inside ? (spad[(from + r) & (scratchpad - 1)] as number) : box.pad;
          sum += a * (spad[(op.weight + (step * rows + r) * cols + c) & (scratchpad - 1)] as number);
        }
        sums[at] = sum;
      }
    }
  }
}

function check(size: Partial<AcceleratorConfig>, rounds: number, stall: number, seed: number, engine: 'systole' | 'all' = 'systole'): void {
  const cfg: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 2048, sums: 64, ...size };
  const words = randomWords(seed, 'multiply');
  const below = (n: number): number => words() % n;
  const around = (n: number): number => below(2 * n + 1) - n;
  const spad = Uint8Array.from({ length: cfg.scratchpad }, () => words());
  const sums = Uint8Array.from({ length: cfg.sums * cfg.cols * 4 }, () => words());
  const expectedSums = Int32Array.from(new Int32Array(sums.buffer));
  using sim = simulate(MultiplyUnit, cfg, { engine, seed });
  sim.reset();
  const scratchpad = { width: rowBytes(cfg), bytes: spad };
  const sumRows = { width: 4 * cfg.cols, bytes: sums };
  sim.fork(() => serveReads(sim, 'activations', scratchpad, stall));
  sim.fork(() => serveReads(sim, 'weights', scratchpad, stall));
  sim.fork(() => serveReads(sim, 'sumsRead', sumRows, stall));
  sim.fork(() => serveWrites(sim, 'sumsWrite', sumRows, stall));
  const run = (name: Mnemonic, fields: { readonly [field: string]: number }): number =>
    sim.join(sim.fork(() => command(sim, INSTRUCTIONS[name].opcode, payloadOf(name, fields)))).fault;

  for (let round = 0; round < rounds; round++) {
    const limits = [5, 4, 3, 2, 2];
    const op: Multiply = {
      dims: limits.map((limit) => ({ count: 1 + below(limit), local: cfg.rows * around(20), y: around(2), x: around(2) })),
      box:
        round % 2 === 0
          ? { y: 0, x: 0, height: 0, width: 0, pad: 0 }
          : { y: around(3), x: around(3), height: 1 + below(6), width: 1 + below(6), pad: around(128) % 128 },
      activation: cfg.rows * below(cfg.scratchpad / cfg.rows),
      weight: cfg.cols * below(cfg.scratchpad / cfg.cols),
      sums: below(cfg.sums),
      accumulate: below(2),
    };
    op.dims.forEach(({ count, local, y, x }, index) => expect(run('mx.dim', { index, count, local, y, x })).toBe(0));
    expect(run('mx.box', { ...op.box })).toBe(0);
    const offset = cfg.rows * cfg.cols;
    expect(run('mx.offset', { adds: 0, activation: offset, weight: -offset, sums: 3 })).toBe(0);
    expect(run('mx.offset', { adds: 1, activation: -2 * offset, weight: 2 * offset, sums: -1 })).toBe(0);
    const { activation, weight, sums: first, accumulate } = op;
    const moved = {
      activation: (activation + offset) % 2 ** 24,
      weight: weight - offset + (weight < offset ? 2 ** 24 : 0),
      sums: (first - 2 + 2 ** 16) % 2 ** 16,
      accumulate,
    };
    expect(run('mx.multiply', moved)).toBe(0);
    multiply(cfg, new Int8Array(spad.buffer), expectedSums, op);
    expect(Array.from(new Int32Array(sums.buffer)), `round ${round}`).toEqual(Array.from(expectedSums));
  }
}

describe('MX', () => {
  it.each([
    ['4×4', {}, 0.3],
    ['4×4 without refusals', {}, 0],
    ['8×2 in wide rows', { rows: 8, cols: 2, bus: 128 }, 0.2],
    ['2×8', { rows: 2, cols: 8 }, 0.5],
  ] as const)('sums what loops sum: %s', (_, size, stall) => check(size, 12, stall, 1));

  it('does so on all engines', () => check({ rows: 4, cols: 2, bus: 64 }, 4, 0.2, 2, 'all'));

  it('takes a beat in every cycle from the first to the last', () => {
    const cfg: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 8, cols: 4, bus: 64, scratchpad: 4096, sums: 64 };
    using sim = simulate(MultiplyUnit, cfg, { seed: 3 });
    sim.reset();
    for (const port of ['activations', 'weights', 'sumsRead']) sim.poke(`${port}_ready`, 1);
    sim.poke('sumsWrite_ready', 1);
    const start = (name: Mnemonic, fields: { readonly [field: string]: number }) =>
      sim.fork(() => command(sim, INSTRUCTIONS[name].opcode, payloadOf(name, fields)));
    sim.join(start('mx.dim', { index: 0, count: 30 }));
    sim.join(start('mx.dim', { index: 3, count: 5, local: 8 }));
    const ended = start('mx.multiply', {});
    const beats: number[] = [];
    while (!ended.done) {
      if (sim.value('beat') === 1) beats.push(sim.cycle);
      sim.step();
    }
    expect(beats.length).toBe(150);
    expect((beats.at(-1) as number) - (beats[0] as number)).toBe(149);
  });

  it('refuses more positions than there are rows of sums', () => {
    const cfg: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 2, cols: 2, bus: 32, scratchpad: 1024, sums: 16 };
    using sim = simulate(MultiplyUnit, cfg);
    sim.reset();
    const run = (name: Mnemonic, fields: { readonly [field: string]: number }) =>
      sim.join(sim.fork(() => command(sim, INSTRUCTIONS[name].opcode, payloadOf(name, fields))));
    run('mx.dim', { index: 0, count: 17 });
    expect(run('mx.multiply', {})).toEqual({ fault: 4, address: 0 });
  });
});
