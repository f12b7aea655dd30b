/**
 * In which order each unit adds up the steps of a tile, which floats tell.
 * Invariant: as design notes 0018 and 0022 say; the steps are those that the unit is given, padding included.
 * Refused: nothing; a tile has a step.
 */
import type { Dataflow } from '../shape.ts';
import type { GoldenPe } from './pe.ts';

/** What meets in a processing element in a slot. */
export interface Step {
  readonly activation: bigint;
  readonly weight: bigint;
  readonly mode: number;
}

/** The sum of a tile's steps and of the partial sum from outside, if there is one. */
export type TileSum = (pe: GoldenPe, steps: readonly Step[], partial: bigint | undefined) => bigint;

/** Steps of a cube's slot along K, and the edge of its A, B and C. */
export const CUBE = 4;

function take(pe: GoldenPe, sum: bigint, { activation, weight, mode }: Step): bigint {
  return pe.step(activation, weight, sum, mode);
}

function added(pe: GoldenPe, sum: bigint, partial: bigint | undefined): bigint {
  return partial === undefined ? sum : pe.add(sum, partial);
}

/** Products joined by neighbours, level by level; an odd one is passed on. */
function tree(pe: GoldenPe, steps: readonly Step[]): bigint {
  let sums = steps.map((step) => take(pe, 0n, step));
  while (sums.length > 1)
    sums = sums.flatMap((sum, i) => {
      if (i % 2 === 1) return [];
      const next = sums[i + 1];
      return [next === undefined ? sum : pe.add(sum, next)];
    });
  return sums[0] as bigint;
}

/** From the last step to the first: the first weights travel deepest. */
function downwards(pe: GoldenPe, steps: readonly Step[], start: bigint): bigint {
  return steps.reduceRight((sum, step) => take(pe, sum, step), start);
}

const onTop: TileSum = (pe, steps, partial) => downwards(pe, steps, partial ?? 0n);
/** Weight-stationary tiles of a unit whose partial sums are added at the end. */
export const downwardsThenPartial: TileSum = (pe, steps, partial) => added(pe, downwards(pe, steps, 0n), partial);
/** Output-stationary tiles. */
export const upwardsThenPartial: TileSum = (pe, steps, partial) =>
  added(
    pe,
    steps.reduce((sum, step) => take(pe, sum, step), 0n),
    partial,
  );

const treeThenPartial: TileSum = (pe, steps, partial) => added(pe, tree(pe, steps), partial);

const cube: TileSum = (pe, steps, partial) => {
  let sum: bigint | undefined;
  for (let from = 0; from < steps.length; from += CUBE) {
    const products = tree(pe, steps.slice(from, from + CUBE));
    sum = sum === undefined ? products : pe.add(sum, products);
  }
  return added(pe, sum as bigint, partial);
};

/** By dataflow; of ws+os the sum of its weight-stationary tiles. */
export const TILE_SUMS: { readonly [D in Dataflow]: TileSum } = {
  ws: onTop,
  is: onTop,
  os: upwardsThenPartial,
  'ws+os': downwardsThenPartial,
  dot: treeThenPartial,
  cube,
};
