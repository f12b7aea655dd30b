// MX blocks on which dot products fail: elements at the boundaries of their formats, scales at the ends and in the middle, sums near the accumulator.

import { BLOCK_SIZE, type BlockFormat, FP32, type TypedBlock } from '../../../sim/golden/float/index.ts';
import type { Rng } from '../../support/random.ts';
import { boundaryCodes, randomCode } from './operands.ts';

/** The least, those around 1, the largest, NaN. */
const SCALES = [0, 1, 126, 127, 128, 253, 254, 255];

const sizeOf = ({ size = BLOCK_SIZE }: BlockFormat): number => size;

/** Codes of an element at its boundaries. */
export function boundaryElements({ element }: BlockFormat): readonly number[] {
  return element === 'int8' ? [0, 1, 2, 64, 126, 127, 128, 129, 192, 254, 255] : boundaryCodes(element);
}

function drawElement({ element }: BlockFormat, rng: Rng, near: readonly number[]): number {
  if (element !== 'int8') return randomCode(element, rng, near as number[]);
  return rng.once(4) ? rng.pick(near) : rng.below(256);
}

/** Mostly numbers: the specials of a whole block of random elements would leave none. */
export function drawBlock(format: BlockFormat, rng: Rng, scale = drawScale(rng)): TypedBlock {
  const near = boundaryElements(format);
  const kept = rng.once(3);
  const elements = Array.from({ length: sizeOf(format) }, () => {
    const code = drawElement(format, rng, near);
    return kept || isNumber(format, code) ? code : code & ~0x40;
  });
  return { format, scale, elements };
}

function isNumber({ element }: BlockFormat, code: number): boolean {
  if (element === 'int8' || element.nans === 'none') return true;
  return element.nans === 'ieee' ? (code & 0x7c) !== 0x7c : (code & 0x7f) !== 0x7f;
}

function drawScale(rng: Rng): number {
  return rng.once(16) ? rng.pick(SCALES) : Math.min(Math.max(rng.pick([0, 64, 127, 127, 190, 254]) + rng.below(13) - 6, 0), 254);
}

export interface DotCase {
  readonly a: TypedBlock;
  readonly b: TypedBlock;
  readonly c: number;
}

/** Blocks of one element in their first place, all pairs of boundaries, with scales and sums at theirs in turn. */
export function boundaryDots(aFormat: BlockFormat, bFormat: BlockFormat): DotCase[] {
  const sums = boundaryCodes(FP32);
  const filled = (format: BlockFormat, code: number, last: number): number[] =>
    Array.from({ length: sizeOf(format) }, (_, i) => (i === 0 ? code : i === sizeOf(format) - 1 ? last : 0));
  const bs = boundaryElements(bFormat);
  return boundaryElements(aFormat).flatMap((x, i) =>
    bs.map((y, j) => {
      const at = i * bs.length + j;
      return {
        a: { format: aFormat, scale: SCALES[at % SCALES.length] as number, elements: filled(aFormat, x, x ^ (at % 2)) },
        b: { format: bFormat, scale: SCALES[(i + 3 * j) % SCALES.length] as number, elements: filled(bFormat, y, y) },
        c: sums[at % sums.length] as number,
      };
    }),
  );
}

/** A sum whose exponent lies near that of the block, so that it cancels, rounds and ties. */
export function randomDot(aFormat: BlockFormat, bFormat: BlockFormat, rng: Rng): DotCase {
  const [a, b] = [drawBlock(aFormat, rng), drawBlock(bFormat, rng)];
  if (rng.once(3)) return { a, b, c: randomCode(FP32, rng) };
  const exponent = Math.min(Math.max(a.scale + b.scale - 127 + rng.below(60) - 30, 0), 254);
  const mantissa = rng.once(2) ? rng.below(2 ** 23) : (2 ** rng.below(24) * (1 + 2 * rng.below(8))) % 2 ** 23;
  return { a, b, c: (rng.once(2) ? 2 ** 31 : 0) + exponent * 2 ** 23 + mantissa };
}

/** A tie and its neighbours: c and a block of half its last place, and one least element more or less. */
export function tieDots(format: BlockFormat): DotCase[] {
  const { element } = format;
  // Codes of 1 and of the least positive value.
  const [one, least] = element === 'int8' ? [64, 1] : [element.bias * 2 ** element.mantissa, 1];
  const negative = element === 'int8' ? 255 : 2 ** (element.exponent + element.mantissa) + 1;
  const block = (scale: number, first: number, second: number): TypedBlock => ({
    format,
    scale,
    elements: Array.from({ length: sizeOf(format) }, (_, i) => (i === 0 ? first : i === 1 ? second : 0)),
  });
  // 2^23 and its odd and even neighbours: half a place is 0.5.
  return [0x4b000000, 0x4b000001, 0x4b000002, 0x4b7fffff, 0xcb000000, 0xcb000001].flatMap((c) =>
    [0, least, negative].map((second) => ({ a: block(126, one, second), b: block(127, one, one), c })),
  );
}
