// The cells that are tried on many operands: every kind, every named format, the mixed forms of the accelerator.

import { bf16, fp8e4m3, fp8e5m2, fp16, fp32 } from '../../../hdl/index.ts';
import { I8, I32, U8 } from '../../../sim/golden/float/index.ts';
import { BLOCK_CELLS } from './block-cases.ts';
import { addCell, type Cell, compareCell, convertCell, fmaCell, fromIntCell, mulCell, toIntCell } from './cases.ts';

const rounding = 'input';

export const HEAVY_CELLS: readonly Cell[] = [
  ...[fp32, fp16, bf16, fp8e4m3, fp8e5m2].map((type) => fmaCell(type, type, { rounding })),
  fmaCell(fp16, fp32, { rounding }),
  fmaCell(bf16, fp32, { rounding }),
  fmaCell(fp8e4m3, fp16, { rounding }),
  fmaCell(fp8e5m2, fp16, { rounding }),
  fmaCell(fp8e4m3, fp32, { rounding }),
  fmaCell(fp8e5m2, fp32, { rounding }),
  fmaCell(bf16, fp32),
  fmaCell(fp16, fp16, { rounding, overflow: 'saturate' }),
  ...[fp32, fp16, bf16].flatMap((type) => [addCell(type, { rounding }), mulCell(type, type, { rounding }), compareCell(type)]),
  mulCell(bf16, fp32, { rounding }),
  ...[fp16, bf16, fp8e4m3, fp8e5m2].map((type) => convertCell(fp32, type, { rounding })),
  convertCell(fp32, fp8e5m2, { rounding, overflow: 'saturate' }),
  convertCell(fp16, bf16, { rounding }),
  ...[I32, I8, U8].flatMap((type) => [toIntCell(fp32, type, { rounding }), fromIntCell(type, bf16, { rounding })]),
  fromIntCell(I32, fp32, { rounding }),
  ...BLOCK_CELLS,
];
