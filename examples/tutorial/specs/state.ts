// The examples with registers.

import { PATTERN } from '../examples/vec-search.ts';
import { type Specification, times } from './specification.ts';

export const parity: Specification<{ in: number; rst: number }, { out: number }> = {
  stimulus: (random) => times(100, () => ({ in: random.bits(1), rst: random.once(20) })),
  start() {
    let ones = 0;
    return (p) => {
      const out = ones % 2;
      ones = p.rst ? 0 : ones + p.in;
      return { out };
    };
  },
};

export const gcd: Specification<{ a: number; b: number; e: number }, { z: number | undefined; v: number | undefined }> = {
  stimulus(random) {
    const pairs = [[48, 32], [7, 3], [100, 10], [1, 1], [9, 0], ...times(12, () => [1 + random.below(200), random.below(200)])] as [number, number][];
    return pairs.flatMap(([a, b]) => [{ a, b, e: 1 }, ...times(220, () => ({ a: random.bits(16), b: random.bits(16), e: 0 }))]);
  },
  start() {
    // Divides, which the design does not; how long the subtractions take is in the table of them below.
    let answer: number | undefined;
    let left = -1;
    return ({ a, b, e }) => {
      const known = answer !== undefined && left <= 0;
      const seen = { z: known ? answer : undefined, v: answer === undefined ? undefined : known ? 1 : 0 };
      left--;
      if (e) [answer, left] = [euclid(a, b), subtractions(a, b)];
      return seen;
    };
  },
};

function euclid(a: number, b: number): number {
  return b === 0 ? a : euclid(b, a % b);
}

/** How often the larger of two can be reduced by the smaller, until the right one is zero. */
function subtractions(x: number, y: number): number {
  if (y === 0) return 0;
  if (x > y) return Math.ceil(x / y) - 1 + subtractions(x - (Math.ceil(x / y) - 1) * y, y);
  return Math.floor(y / x) + subtractions(x, y % x);
}

/** `in` of four cycles ago, as far as there was one. */
export const shiftRegister: Specification<{ in: number }, { out: number | undefined }> = {
  stimulus: (random) => times(60, () => ({ in: random.bits(1) })),
  start() {
    const past: number[] = [];
    return (p) => {
      const out = past.at(-4);
      past.push(p.in);
      return { out };
    };
  },
};

/** The same with an enable and a reset. */
export const enabledShiftRegister: Specification<{ in: number; shift: number; rst: number }, { out: number }> = {
  stimulus: (random) => times(120, () => ({ in: random.bits(4), shift: random.bits(1), rst: random.once(30) })),
  start() {
    let past: number[] = [];
    return (p) => {
      const out = past.at(-4) ?? 0;
      if (p.rst) past = [];
      else if (p.shift) past.push(p.in);
      return { out };
    };
  },
};

export const logShifter: Specification<{ in: number; shamt: number }, { out: number }> = {
  stimulus: (random) => times(160, (i) => ({ in: random.bits(16), shamt: i % 16 })),
  start() {
    const past: number[] = [];
    return (p) => {
      const out = past.at(-3) ?? 0;
      past.push((p.in * 2 ** p.shamt) % 65536);
      return { out };
    };
  },
};

export const vecSearch: Specification<Record<string, never>, { out: number }> = {
  stimulus: () => times(40, () => ({})),
  start() {
    let cycle = 0;
    return () => ({ out: PATTERN[cycle++ % 8] ?? 0 });
  },
};

type LifeInputs = { running: number; value: number; row: number; col: number };

/** A board is loaded and runs; a glider, the blinker, and a random one. */
export const life = (rows: number, cols: number): Specification<LifeInputs, { state: readonly number[] }> => ({
  stimulus(random) {
    const glider = [
      [0, 2],
      [1, 3],
      [2, 1],
      [2, 2],
      [2, 3],
    ];
    const blinker = [
      [1, 2],
      [1, 3],
      [1, 4],
    ];
    const some = times(60, () => [random.below(rows), random.below(cols)]);
    return [glider, blinker, some].flatMap((cells) => [
      ...times(rows * cols, (i) => ({ running: 0, value: 0, row: Math.floor(i / cols), col: i % cols })),
      ...cells.map(([row, col]) => ({ running: 0, value: 1, row: row as number, col: col as number })),
      { running: 0, value: 1, row: rows, col: 0 }, // Beyond the edge is nothing.
      ...times(4 * Math.max(rows, cols), () => ({ running: 1, value: random.bits(1), row: random.below(rows), col: random.below(cols) })),
    ]);
  },
  start() {
    let board = times(rows * cols, () => 0);
    const at = (row: number, col: number): number => board[((row + rows) % rows) * cols + ((col + cols) % cols)] as number;
    const next = (alive: number, i: number): number => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      let neighbours = -alive;
      for (const dr of [-1, 0, 1]) for (const dc of [-1, 0, 1]) neighbours += at(row + dr, col + dc);
      return neighbours === 3 || (alive === 1 && neighbours === 2) ? 1 : 0;
    };
    return ({ running, value, row, col }) => {
      const state = board;
      if (running) board = board.map(next);
      else if (row < rows && col < cols) board = board.with(row * cols + col, value);
      return { state };
    };
  },
});
