/**
 * OCP MX blocks: elements that share one E8M0 scale, and their dot product.
 * Invariant: the sum of a block is exact, its scale is applied once, and one rounding to nearest even adds it to the fp32 accumulator.
 * Refused: blocks of another size than their format's, scales and elements that are no codes.
 */
import { addExact, isInvalidProduct, multiply, signals, sumOf } from './arithmetic.ts';
import { type FloatFormat, FP4_E2M1, FP6_E2M3, FP6_E3M2, FP8_E4M3, FP8_E5M2, FP32, type Rounded } from './format.ts';
import { bitLength, decodeExact, type Exact, encodeExact, exactOf, type Finite, finite, roundMagnitude } from './value.ts';

/** Elements that share a scale, unless a format says fewer. */
export const BLOCK_SIZE = 32;
/** Exponent of a scale code 0 is −127; the code of NaN. */
export const SCALE_BIAS = 127;
export const SCALE_NAN = 255;
/** Bits of a scale. */
export const SCALE_WIDTH = 8;

/** What elements are: a float format, or `int8`: two's complement times 2^−6. */
export interface BlockFormat {
  readonly name: string;
  readonly element: FloatFormat | 'int8';
  /** Elements a block; 32 when absent, as the OCP has it. */
  readonly size?: number;
}
export const MXINT8: BlockFormat = { name: 'mxint8', element: 'int8' };
export const MXFP8_E4M3: BlockFormat = { name: 'mxfp8e4m3', element: FP8_E4M3 };
export const MXFP8_E5M2: BlockFormat = { name: 'mxfp8e5m2', element: FP8_E5M2 };
export const MXFP6_E3M2: BlockFormat = { name: 'mxfp6e3m2', element: FP6_E3M2 };
export const MXFP6_E2M3: BlockFormat = { name: 'mxfp6e2m3', element: FP6_E2M3 };
export const MXFP4: BlockFormat = { name: 'mxfp4e2m1', element: FP4_E2M1 };
export const BLOCK_FORMATS: readonly BlockFormat[] = [MXINT8, MXFP8_E4M3, MXFP8_E5M2, MXFP6_E3M2, MXFP6_E2M3, MXFP4];

export interface Block {
  /** E8M0: 2^(scale − 127), or NaN for all elements. */
  readonly scale: number;
  /** As many codes as the format says, int8 as unsigned bytes. */
  readonly elements: ArrayLike<number>;
}

/** Fraction bits of an int8 element. */
const INT8_FRACTION = 6;

function elementOf({ element }: BlockFormat, code: number): Exact {
  if (element !== 'int8') return decodeExact(element, code);
  if (!Number.isInteger(code) || code < 0 || code > 255) throw new RangeError(`${code} is no byte`);
  const value = (code << 24) >> 24;
  return finite(value < 0, BigInt(Math.abs(value)), -INT8_FRACTION);
}

function check({ size = BLOCK_SIZE }: BlockFormat, { scale, elements }: Block): void {
  if (elements.length !== size) throw new RangeError(`a block has ${size} elements, not ${elements.length}`);
  if (!Number.isInteger(scale) || scale < 0 || scale > SCALE_NAN) throw new RangeError(`${scale} is no E8M0 scale, which has 8 bits`);
}

/** A block and what its elements are. */
export type TypedBlock = { readonly format: BlockFormat } & Block;

/** c + the dot product of two blocks, as design note 0015 defines it; `c` and the result are fp32 codes. A block whose sum is zero leaves −0 as it is. */
export function blockDot(a: TypedBlock, b: TypedBlock, c: number): Rounded {
  check(a.format, a);
  check(b.format, b);
  if (a.elements.length !== b.elements.length) throw new RangeError(`a block of ${a.elements.length} elements against one of ${b.elements.length}`);
  const { sum, invalid } = blockSum(a, b);
  return addExact(FP32, scaled(sum, a.scale, b.scale), decodeExact(FP32, c), invalid, {});
}

/** Σ aᵢ·bᵢ without the scales; no order, since finite sums are exact and the rest is a question of what occurs at all. */
function blockSum(a: TypedBlock, b: TypedBlock): { readonly sum: Exact; readonly invalid: boolean } {
  let total = finite(false, 0n, 0);
  const seen = { plus: false, minus: false, nan: false, invalid: false };
  for (let i = 0; i < a.elements.length; i++) {
    const [x, y] = [elementOf(a.format, a.elements[i] as number), elementOf(b.format, b.elements[i] as number)];
    const product = multiply(x, y);
    if (signals(x) || signals(y) || isInvalidProduct(x, y)) seen.invalid = true;
    if (product.kind === 'nan') seen.nan = true;
    else if (product.kind === 'infinity') seen[product.negative ? 'minus' : 'plus'] = true;
    else total = sumOf(total, product, false);
  }
  const cancels = seen.plus && seen.minus;
  const invalid = seen.invalid || cancels;
  if (seen.nan || cancels) return { sum: { kind: 'nan', signalling: false }, invalid };
  if (seen.plus || seen.minus) return { sum: { kind: 'infinity', negative: seen.minus }, invalid };
  return { sum: total.magnitude === 0n ? { ...total, negative: true } : total, invalid };
}

function scaled(sum: Exact, a: number, b: number): Exact {
  if (a === SCALE_NAN || b === SCALE_NAN) return { kind: 'nan', signalling: false };
  return sum.kind === 'finite' ? { ...sum, exponent: sum.exponent + a + b - 2 * SCALE_BIAS } : sum;
}

/** Dot product of vectors of whole blocks, lowest index first, one rounding for each block; from `c`, an fp32 code, on. */
export function blocksDot(aFormat: BlockFormat, a: readonly Block[], bFormat: BlockFormat, b: readonly Block[], c = 0): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} blocks against ${b.length}`);
  return a.reduce((sum, block, i) => blockDot({ format: aFormat, ...block }, { format: bFormat, ...(b[i] as Block) }, sum).bits, c);
}

/** Numbers as a block (OCP MX v1.0, 6.3): NaN or infinity among them makes the scale NaN. Elements round to nearest even and saturate. */
export function quantiseBlock(format: BlockFormat, values: ArrayLike<number>): Block {
  const numbers = Array.from(values);
  check(format, { scale: 0, elements: numbers });
  if (!numbers.every(Number.isFinite)) return { scale: SCALE_NAN, elements: numbers.map(() => 0) };
  const exacts = numbers.map((x) => exactOf(x) as Finite);
  const tops = exacts.filter((x) => x.magnitude > 0n).map((x) => x.exponent + bitLength(x.magnitude) - 1);
  const shared = Math.min(Math.max(tops.length === 0 ? -SCALE_BIAS : Math.max(...tops) - highestExponent(format), -SCALE_BIAS), SCALE_BIAS);
  return { scale: shared + SCALE_BIAS, elements: exacts.map((x) => encodeElement(format, { ...x, exponent: x.exponent - shared })) };
}

/** Exponent of the largest element: emax. */
function highestExponent({ element }: BlockFormat): number {
  if (element === 'int8') return 0;
  return 2 ** element.exponent - (element.nans === 'ieee' ? 2 : 1) - element.bias;
}

function encodeElement({ element }: BlockFormat, x: Finite): number {
  if (element !== 'int8') return encodeExact(element, x, { overflow: 'saturate' }).bits;
  const { whole } = roundMagnitude(x, -INT8_FRACTION, 'nearestEven');
  // The most negative code is left out, so that the range is symmetric.
  const size = Math.min(Number(whole), 127);
  return (x.negative ? -size : size) & 255;
}
