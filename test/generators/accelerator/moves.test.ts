// LD and ST against what their instructions mean: random walks, all alignments, all bus widths, stalls on every handshake; every burst by the rules of AXI4, which the memory watches.

import { describe, expect, it } from 'vitest';
import { LoadUnit } from '../../../generators/accelerator/load-unit.ts';
import { StoreUnit } from '../../../generators/accelerator/store-unit.ts';
import { elaborate } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import type { AcceleratorConfig } from '../../../isa/config.ts';
import { randomWords } from '../../../sim/random.ts';
import { lint } from '../../support/verilog-tools.ts';
import { load, type Move, MoveBench, SMALL, store } from './moves.ts';

const UNITS = ['ld', 'st'] as const;
type Unit = (typeof UNITS)[number];

/** A move within the bench's memory. */
function randomMove(words: () => number, unit: Unit): Move {
  const below = (n: number): number => words() % n;
  const around = (n: number): number => below(2 * n + 1) - n;
  const dims = Array.from({ length: below(5) }, () => ({ count: 1 + below(3), stride: around(300), local: around(300), y: around(2), x: around(2) }));
  const box = { y: around(2), x: around(2), height: below(3), width: 1 + below(3), pad: around(127) };
  const run = [1 + below(12), 1 + below(12), 1 + below(150), 1 + below(700)][below(4)] as number;
  const offset = (): object => ({ adds: below(2), memory: around(200), local: around(200) });
  const base = { memory: 4096 + around(900) + (below(2) === 0 ? 4096 : 0), local: below(1024), run, dims, convert: below(2) };
  const withBox = unit === 'ld' && below(2) === 0 ? { box } : {};
  return { ...base, ...withBox, ...(below(3) === 0 && { offsets: [offset(), offset()] as never }) };
}

/** The first place at which two memories differ, or −1. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.findIndex((byte, i) => byte !== b[i]);
}

function agrees(bench: MoveBench, unit: Unit, move: Move): void {
  const wanted = { memory: bench.memory.slice(), scratchpad: bench.scratchpad.slice() };
  if (unit === 'ld') load(move, wanted.memory, wanted.scratchpad);
  else store(move, wanted.memory, wanted.scratchpad);
  const text = JSON.stringify(move);
  expect(bench.run(move), text).toMatchObject({ fault: 0 });
  expect([difference(bench.scratchpad, wanted.scratchpad), difference(bench.memory, wanted.memory)], text).toEqual([-1, -1]);
}

const CONFIGS: readonly (readonly [string, AcceleratorConfig])[] = [
  ['bus 32', SMALL],
  ['bus 32, rows of 16', { ...SMALL, rows: 16 }],
  ['bus 64, single beats', { ...SMALL, bus: 64, burst: 1, outstanding: 2 }],
  ['bus 128, one burst at a time', { ...SMALL, bus: 128, outstanding: 1 }],
  ['bus 256, rows of 64', { ...SMALL, bus: 256, cols: 64, scratchpad: 4096, burst: 256 }],
  ['bus 512', { ...SMALL, bus: 512, outstanding: 32 }],
];

describe.each(UNITS)('%s', (unit) => {
  it.each(CONFIGS)('moves what the instructions say: %s', (_, cfg) => {
    for (const [seed, options] of [
      [1, {}],
      [2, { stall: 0.3, latency: 7 }],
      [3, { stall: { r: 0.7, w: 0.7, b: 0.9 }, latency: 40, bandwidth: 0.6 }],
    ] as const) {
      const bench = new MoveBench(unit, cfg, { ...options, seed });
      const words = randomWords(seed, `moves ${cfg.bus}`);
      for (let n = 0; n < 12; n++) agrees(bench, unit, randomMove(words, unit));
    }
  });

  it('moves between all alignments', () => {
    const bench = new MoveBench(unit, { ...SMALL, bus: 64, rows: 16 });
    for (let from = 0; from < 8; from++)
      for (let to = 0; to < 8; to++) for (const run of [1, 7, 8, 20]) agrees(bench, unit, { memory: 4080 + from, local: 200 + to, run, dims: [] });
  });

  it('moves on all engines', () => {
    const bench = new MoveBench(unit, SMALL, { engine: 'all', stall: 0.2, latency: 5 });
    const words = randomWords(9, 'all engines');
    for (let n = 0; n < 3; n++) agrees(bench, unit, randomMove(words, unit));
    bench.sim.close();
  });

  it.each([SMALL, { ...SMALL, bus: 512, rows: 16, outstanding: 1 }, { ...SMALL, rows: 64, scratchpad: 4096 }])('is clean Verilog', (cfg) => {
    const design = unit === 'ld' ? elaborate(LoadUnit, cfg) : elaborate(StoreUnit, cfg);
    expect(lint(emitVerilog(design), design.top.name)).toBe('');
  });
});

describe('cycles', () => {
  // Beats of the slower side, and what does not depend on the length.
  const cycles = (unit: Unit, run: number, local: number, options = {}): number =>
    new MoveBench(unit, { ...SMALL, outstanding: 32 }, options).run({ memory: 4096, local, run, dims: [] }).cycles;
  it.each(UNITS.flatMap((unit) => [0, 1, 3].map((local) => [unit, local] as const)))(
    '%s moves a beat a cycle to or from offset %i',
    (unit, local) => {
      for (const options of [{}, { latency: 20 }]) expect(cycles(unit, 800, local, options) - cycles(unit, 400, local, options)).toBe(100);
    },
  );
  it('of a single beat', () => {
    expect(UNITS.map((unit) => cycles(unit, 4, 0))).toEqual([7, 8]);
  });
});
