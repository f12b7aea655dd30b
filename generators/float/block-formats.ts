// The formats of OCP MX blocks (Microscaling v1.0): what elements are, and how wide a block is.

import { type FloatType, fp4e2m1, fp6e2m3, fp6e3m2, fp8e4m3, fp8e5m2 } from '../../hdl/index.ts';

/** Elements of each; `int8` is two's complement times 2^−6. */
export const BLOCK_FORMATS = {
  mxint8: 'int8',
  mxfp8e4m3: fp8e4m3,
  mxfp8e5m2: fp8e5m2,
  mxfp6e3m2: fp6e3m2,
  mxfp6e2m3: fp6e2m3,
  mxfp4e2m1: fp4e2m1,
} as const satisfies { readonly [name: string]: FloatType | 'int8' };
export type BlockFormatName = keyof typeof BLOCK_FORMATS;

/** Elements that share a scale in the standard. */
export const BLOCK_SIZE = 32;
/** A scale is 2^(code − 127), its code of ones NaN. */
export const SCALE_WIDTH = 8;
export const SCALE_BIAS = 127;

/** Bits of an element. */
export function elementWidth(name: BlockFormatName): number {
  const element = BLOCK_FORMATS[name];
  return element === 'int8' ? 8 : element.width;
}

/** Bits of a block: its elements and its scale. */
export function blockWidth(name: BlockFormatName, size: number = BLOCK_SIZE): number {
  return size * elementWidth(name) + SCALE_WIDTH;
}
