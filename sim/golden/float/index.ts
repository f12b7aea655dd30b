/**
 * Golden models of floating point and block formats (design note 0015).
 * Invariant: exact by BigInt; imports nothing of the hardware.
 * Refused: as each file says.
 */
export { floatAdd, floatFma, floatMul, type MixedOptions } from './arithmetic.ts';
export {
  BLOCK_FORMATS,
  BLOCK_SIZE,
  type Block,
  type BlockFormat,
  blockDot,
  blocksDot,
  MXFP4,
  MXFP6_E2M3,
  MXFP6_E3M2,
  MXFP8_E4M3,
  MXFP8_E5M2,
  MXINT8,
  quantiseBlock,
  SCALE_BIAS,
  SCALE_NAN,
  type TypedBlock,
} from './block.ts';
export { type Compared, type FloatRelation, floatCompare } from './compare.ts';
export { floatFrom, floatToFloat, floatToInt, I8, I32, type IntFormat, intRange, intToFloat, type RoundedInt, U8 } from './convert.ts';
export { type FastFma, fastFma } from './fast.ts';
export {
  BF16,
  canonicalNaN,
  FLOAT_FORMATS,
  type FloatFormat,
  type FloatOverflow,
  type FloatRounding,
  FP4_E2M1,
  FP6_E2M3,
  FP6_E3M2,
  FP8_E4M3,
  FP8_E5M2,
  FP16,
  FP32,
  floatFormat,
  INEXACT,
  INVALID,
  infinityOf,
  largestFinite,
  leastExponent,
  OVERFLOW,
  ROUNDINGS,
  type Rounded,
  type RoundOptions,
  signBit,
  UNDERFLOW,
  widthOf,
} from './format.ts';
export { floatValue } from './value.ts';
