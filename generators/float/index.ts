// Floating-point cells (design note 0015): any format, rounding and depth.

export { type AddConfig, FloatAdd } from './add.ts';
export { type BlockDotConfig, FloatBlockDot } from './block-dot.ts';
export { type BlockFormatName, blockWidth } from './block-formats.ts';
export { type CompareConfig, FloatCompare } from './compare.ts';
export { type CellOptions, FLAGS_WIDTH, type FloatRounding, ROUNDINGS } from './config.ts';
export {
  FloatToFloat,
  type FloatToFloatConfig,
  FloatToInt,
  type FloatToIntConfig,
  IntToFloat,
  type IntToFloatConfig,
  type IntType,
} from './convert.ts';
export { FloatFma, type FmaConfig } from './fma.ts';
export { FloatMul, type MulConfig } from './mul.ts';
