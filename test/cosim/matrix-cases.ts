// Which designs and runs the cosimulation matrix holds.
//
// Invariant: any two of M, K, N, stalls, D and the kind of values meet in every combination of their levels within the 25 runs of a design. Large arrays
// take a part of the 25, each another one.

import { evenStall, type RunRequest } from '../../sim/cosim/index.ts';

export interface MatrixDesign {
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: 'ws' | 'os';
  readonly requests: readonly RunRequest[];
}

const SIZES = [1, 2, 3, 4, 5, 7, 8, 16];
const ARRAYS = [...SIZES.flatMap((rows) => SIZES.map((cols) => [rows, cols] as const)), [16, 4], [4, 16], [32, 32]] as const;

const STALLS = [
  evenStall(0),
  { act: 0.3, weight: 0.5, psum: 0.4, out: 0 },
  { act: 0, weight: 0, psum: 0, out: 0.5 },
  evenStall(0.3),
  { act: 0.2, weight: 0.7, psum: 0.8, out: 0.6 },
] as const;

/** Every size of array in both dataflows. */
export function matrixDesigns(): MatrixDesign[] {
  const unique = [...new Map(ARRAYS.map(([rows, cols]) => [`${rows}x${cols}`, [rows, cols] as const])).values()];
  const plain = unique.flatMap(([rows, cols]) => (['ws', 'os'] as const).map((dataflow) => ({ rows, cols, dataflow })));
  return plain.map((design, index) => ({ ...design, requests: requestsOf(design.rows, design.cols, index) }));
}

function requestsOf(rows: number, cols: number, index: number): RunRequest[] {
  const all = orthogonalArray().map(
    ([m, k, n, stall, withD, kind], row): RunRequest => ({
      ...{ m: around(rows)[m] as number, k: around(rows)[k] as number, n: around(cols)[n] as number },
      ...{ withD: withD % 2 === 1, kind: kind % 2 === 1 ? 'extreme' : 'uniform' },
      stimulus: { seed: 100 * index + row, stall: STALLS[stall] as RunRequest['stimulus']['stall'] },
    }),
  );
  const count = rows * cols > 256 ? 5 : rows * cols > 64 ? 10 : all.length;
  return Array.from({ length: count }, (_, i) => all[(i + index * count) % all.length] as RunRequest);
}

/** Lengths around a tile's. */
function around(tile: number): readonly number[] {
  return [1, Math.max(1, tile - 1), tile, tile + 1, 2 * tile + 1];
}

/** 25 rows of six factors with five levels each, of strength two: lines over the field of five elements. */
function orthogonalArray(): (readonly [number, number, number, number, number, number])[] {
  const levels = [0, 1, 2, 3, 4];
  return levels.flatMap((i) => levels.map((j) => [i, j, (i + j) % 5, (i + 2 * j) % 5, (i + 3 * j) % 5, (i + 4 * j) % 5] as const));
}
