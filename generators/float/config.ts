// What a user decides about a floating-point cell: formats, rounding, overflow, depth.
//
// Refused: formats without subnormals, of less than 2 exponent bits or 1 mantissa bit, or above 32 bits; depths that are no whole number.

import type { FloatType } from '../../hdl/index.ts';
import { checkStages, refuse } from '../refuse.ts';

/** In the order of RISC-V's `frm` codes, 0 to 4. */
export const ROUNDINGS = ['nearestEven', 'towardsZero', 'down', 'up', 'nearestAway'] as const;
export type FloatRounding = (typeof ROUNDINGS)[number];

/** Bits of a cell's `flags`, as RISC-V's `fflags`: inexact 0, underflow 1, overflow 2, divide by zero 3 (never), invalid 4. */
export const FLAGS_WIDTH = 5;

export interface CellOptions {
  /** One rounding, or `input` for a port `rounding` of 3 bits with a code of ROUNDINGS (5 to 7 round towards zero). Nearest even when absent. */
  readonly rounding?: FloatRounding | 'input';
  /** What has no code becomes infinity, else NaN, else the largest value (`special`); or always the largest (`saturate`). `special` when absent. */
  readonly overflow?: 'special' | 'saturate';
  /** Registers between inputs and outputs: exactly the latency in cycles, 0 (combinational) when absent. */
  readonly stages?: number;
}

/** Throws HDL-C001 for what no cell can do. */
export function checkCell(
  cell: string,
  { rounding = 'nearestEven', overflow = 'special', stages = 0 }: CellOptions,
  ...types: readonly FloatType[]
): void {
  for (const { format } of types) {
    const { name, exponent, mantissa, subnormals } = format;
    if (!subnormals) refuse(`${cell} of ${name}, a format without subnormals`, 'the cells have full subnormals; give a format with them');
    if (exponent < 2 || mantissa < 1 || 1 + exponent + mantissa > 32)
      refuse(
        `${cell} of ${name}: exponent of ${exponent} bits, mantissa of ${mantissa}`,
        'give an exponent of 2 or more, a mantissa of 1 or more, 32 bits in all at most',
      );
  }
  if (rounding !== 'input' && !ROUNDINGS.includes(rounding))
    refuse(`${cell} with rounding '${String(rounding)}'`, `give one of ${ROUNDINGS.join(', ')}, or 'input' for a port`);
  if (overflow !== 'special' && overflow !== 'saturate') refuse(`${cell} with overflow '${String(overflow)}'`, "give 'special' or 'saturate'");
  checkStages(cell, stages);
}
