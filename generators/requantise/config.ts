// What a user decides about requantisers.
//
// Refused: no mode or one twice, an unknown one; accumulators or outputs of widths that the modes do not have.

import { enumeration, type SIntType, sint, type UIntType } from '../../hdl/index.ts';
import { checkStages, refuse } from '../refuse.ts';

/** As in the golden model (`systole/golden`), where each is defined; codes 0 to 7 in this order. */
export const REQUANTISE_MODES = ['double', 'single', 'int16', 'float', 'floor', 'halfUp', 'halfEven', 'halfAway'] as const;
export type RequantiseMode = (typeof REQUANTISE_MODES)[number];

/** The type of the `mode` port. */
export const requantiseMode = enumeration('RequantiseMode', REQUANTISE_MODES);

export interface RequantiseOptions {
  /** What it can do. With more than one there is a port `mode`; a code of none of them does as the first. */
  readonly modes: readonly [RequantiseMode, ...RequantiseMode[]];
  /** Bits of the accumulator, 8 to 48; at most 32 with `double` and `float`. 32 when absent. */
  readonly accumulator?: number;
  /** Of 2 to 32 bits; at most 16 with `float`. `sint(8)` when absent. */
  readonly output?: SIntType | UIntType;
  /** Registers between inputs and output: exactly the latency in cycles, 0 (combinational) when absent. */
  readonly stages?: number;
  /** Whether zero point, limits and mode stand still while values are on their way, so that they need no registers. False when absent. */
  readonly steady?: boolean;
}

/** Bits of `multiplier` and `shift`. */
export const MULTIPLIER_WIDTH = 32;
export const SHIFT_WIDTH = 7;
const MIN_ACCUMULATOR = 8;
const MAX_ACCUMULATOR = 48;
const MAX_OUTPUT = 32;
/** In mode `float` whatever has an exponent of 0 or more must lie beyond the output. */
const MAX_FLOAT_OUTPUT = 16;

export function outputOf({ output = sint(8) }: RequantiseOptions): SIntType | UIntType {
  return output;
}
export function accumulatorOf({ accumulator = 32 }: RequantiseOptions): number {
  return accumulator;
}
/** Whether a multiplier, or a scale, is read. */
export function multiplies({ modes }: RequantiseOptions): boolean {
  return modes.some((mode) => mode === 'double' || mode === 'single' || mode === 'int16' || mode === 'float');
}
/** Whether a shift is read. */
export function shifts({ modes }: RequantiseOptions): boolean {
  return modes.some((mode) => mode !== 'float');
}

/** Throws HDL-C001 for what cannot be built. */
export function checkRequantise(cell: string, options: RequantiseOptions): void {
  const { modes, stages = 0 } = options;
  const [accumulator, output] = [accumulatorOf(options), outputOf(options)];
  const unknown = modes.find((mode) => !REQUANTISE_MODES.includes(mode));
  if (unknown !== undefined || modes.length === 0 || new Set(modes).size < modes.length)
    refuse(`${cell} with modes ${modes.map((m) => `'${m}'`).join(', ') || 'none'}`, `give some of ${REQUANTISE_MODES.join(', ')}, each once`);
  const narrow = modes.find((mode) => mode === 'double' || mode === 'float');
  const most = narrow ? 32 : MAX_ACCUMULATOR;
  if (!Number.isInteger(accumulator) || accumulator < MIN_ACCUMULATOR || accumulator > most)
    refuse(
      `${cell} of accumulators of ${accumulator} bits${narrow ? ` in mode '${narrow}'` : ''}`,
      `give ${MIN_ACCUMULATOR} to ${most} bits${narrow ? `; 'single', 'int16' and the powers of two take up to ${MAX_ACCUMULATOR}` : ''}`,
    );
  const widest = modes.includes('float') ? MAX_FLOAT_OUTPUT : MAX_OUTPUT;
  if ((output.kind !== 'sint' && output.kind !== 'uint') || output.width < 2 || output.width > widest)
    refuse(
      `${cell} to an output of ${output.width} bits${widest < MAX_OUTPUT ? " in mode 'float'" : ''}`,
      `give sint(n) or uint(n) of 2 to ${widest} bits`,
    );
  checkStages(cell, stages);
}
