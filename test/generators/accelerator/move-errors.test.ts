// Error responses on every beat of a load and of a store, in turn: the move retires with code and address, nothing but its own bytes is written, none of those behind the error, and the next move works.

import { describe, expect, it } from 'vitest';
import type { AxiBurst, AxiFault, AxiMemoryOptions } from '../../../sim/index.ts';
import { load, type Move, MoveBench, positions, SMALL, store } from './moves.ts';

const MOVE: Move = {
  memory: 4070,
  local: 61,
  run: 50,
  dims: [
    { count: 2, stride: 61, local: 53 },
    { count: 2, stride: 400, local: 203 },
  ],
};
/** Bytes of a beat. */
const BYTES = SMALL.bus / 8;
const STALLS: readonly AxiMemoryOptions[] = [{}, { stall: 0.4, latency: 9 }];

/** First byte of every beat, and the bytes of the move that are in it, in order. */
const beats = positions(MOVE).flatMap(({ memory, local }) => {
  const bytes = Array.from({ length: MOVE.run }, (_, i) => ({ memory: memory + i, local: local + i }));
  const starts = bytes.filter((b, i) => i === 0 || b.memory % BYTES === 0);
  return starts.map((first) => bytes.filter((b) => Math.floor(b.memory / BYTES) === Math.floor(first.memory / BYTES)));
});

/** Runs the move with a fault on one of its beats, then another move; all on one bench. */
function runner(unit: 'ld' | 'st', response: 2 | 3, stall: AxiMemoryOptions) {
  const faults: AxiFault[] = [];
  let bursts: AxiBurst[] = [];
  let count = 0;
  const onBurst = (burst: AxiBurst): void => {
    bursts.push(burst);
    count += burst.beats;
  };
  const bench = new MoveBench(unit, SMALL, { ...stall, faults, onBurst });
  const contents = () => ({ memory: bench.memory.slice(), scratchpad: bench.scratchpad.slice() });
  const fresh = contents();
  return (beat: number) => {
    bench.memory.set(fresh.memory);
    bench.scratchpad.set(fresh.scratchpad);
    bursts = [];
    faults[0] = { on: unit === 'ld' ? 'read' : 'write', beat: count + beat, response };
    const retired = bench.run(MOVE);
    const [after, announced] = [contents(), bursts];
    const next = { memory: 8000, local: 600, run: 30, dims: [] };
    const wanted = contents();
    (unit === 'ld' ? load : store)(next, wanted.memory, wanted.scratchpad);
    const isRight =
      bench.run(next).fault === 0 &&
      !bench.memory.some((b, i) => b !== wanted.memory[i]) &&
      !bench.scratchpad.some((b, i) => b !== wanted.scratchpad[i]);
    return { retired, before: fresh, after, announced, isRight };
  };
}

/** Places at which two memories differ. */
function changes(before: Uint8Array, after: Uint8Array): number[] {
  return [...after.keys()].filter((i) => before[i] !== after[i]);
}

describe.each([2, 3] as const)('response %i', (response) => {
  it.each(STALLS)('on every beat of a load, %o', (stall) => {
    const run = runner('ld', response, stall);
    beats.forEach((bytes, beat) => {
      const { retired, before, after, isRight } = run(beat);
      expect(retired, `beat ${beat}`).toMatchObject({ fault: response, address: bytes[0]?.memory });
      const own = new Map(beats.slice(0, beat).flatMap((all) => all.map(({ memory, local }) => [local, before.memory[memory]] as const)));
      expect(
        changes(before.scratchpad, after.scratchpad).filter((i) => after.scratchpad[i] !== own.get(i)),
        `beat ${beat}`,
      ).toEqual([]);
      expect(changes(before.memory, after.memory)).toEqual([]);
      expect(isRight, `the move behind an error on beat ${beat}`).toBe(true);
    });
  });

  it.each(STALLS)('on every beat of a store, %o', (stall) => {
    const run = runner('st', response, stall);
    beats.forEach((_, beat) => {
      const { retired, before, after, announced, isRight } = run(beat);
      // The burst that the beat is of.
      let first = 0;
      const burst = announced.find(({ beats: n }) => beat < (first += n)) as AxiBurst;
      const start = beats.findIndex((bytes) => Math.floor((bytes[0]?.memory as number) / BYTES) * BYTES === burst.address);
      expect(retired, `beat ${beat}`).toMatchObject({ fault: response, address: beats[start]?.[0]?.memory });
      const sent = announced.reduce((n, { beats: of }) => n + of, 0);
      const own = new Map(beats.slice(0, sent).flatMap((all) => all.map(({ memory, local }) => [memory, before.scratchpad[local]] as const)));
      for (const { memory } of beats[beat] ?? []) own.delete(memory);
      expect(
        changes(before.memory, after.memory).filter((i) => after.memory[i] !== own.get(i)),
        `beat ${beat}`,
      ).toEqual([]);
      expect(changes(before.scratchpad, after.scratchpad)).toEqual([]);
      expect(isRight, `the move behind an error on beat ${beat}`).toBe(true);
    });
  });
});

describe('beyond the end of memory', () => {
  it.each(['ld', 'st'] as const)('%s retires with DECERR', (unit) => {
    const bench = new MoveBench(unit, SMALL, { latency: 5 });
    const end = bench.memory.length;
    expect(bench.run({ memory: end - 16, local: 0, run: 40, dims: [] })).toMatchObject({ fault: 3, address: end });
    expect(bench.run({ memory: end + 3, local: 0, run: 1, dims: [] })).toMatchObject({ fault: 3, address: end + 3 });
    expect(bench.run({ memory: end - 16, local: 0, run: 16, dims: [] })).toMatchObject({ fault: 0 });
  });

  it('a walk of four billion positions ends at its first error', () => {
    const bench = new MoveBench('ld', SMALL);
    const dims = Array.from({ length: 4 }, () => ({ count: 65535, stride: 4, local: 4 }));
    expect(bench.run({ memory: bench.memory.length, local: 0, run: 4, dims }, 300)).toMatchObject({ fault: 3 });
  });
});
