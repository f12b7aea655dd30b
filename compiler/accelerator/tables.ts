// What makes tables and limits of activation functions: scales and zero points in, codes out.
//
// Invariant: rounding is TFLite's: that of its look-up tables (fp32, ties away from zero), or of its integer kernels where they have one.

import { quantiseMultiplier, requantise } from '../../sim/golden/requantise.ts';
import type { OutputRange, Scaling } from './layers.ts';

/** A code c stands for scale · (c − zeroPoint). */
export interface Quantisation {
  readonly scale: number;
  /** −128 to 127. */
  readonly zeroPoint: number;
}

const CODES = Array.from({ length: 256 }, (_, i) => i - 128);
const float = Math.fround;

/** Ties away from zero. */
function round(x: number): number {
  return Math.sign(x) * Math.floor(Math.abs(x) + 0.5);
}
function clamp(x: number): number {
  return Math.min(Math.max(x, -128), 127);
}

/** The error function; all terms of its series are positive. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Functions of real numbers for `activationTable`. GELU is the exact one. */
export const ACTIVATIONS = {
  sigmoid,
  tanh: Math.tanh,
  gelu: (x: number): number => 0.5 * x * (1 + (Math.abs(x) > 8 ? Math.sign(x) : erf(x / Math.SQRT2))),
  silu: (x: number): number => x * sigmoid(x),
} as const;

/**
 * A function of real numbers as a table of codes −128 … 127, as TFLite fills its tables (`LUTPopulate`): all steps in fp32.
 *
 * ```ts
 * import { ACTIVATIONS, activationTable, type Layer } from './compiler/accelerator/index.ts';
 * const table = activationTable(ACTIVATIONS.sigmoid, { scale: 1 / 16, zeroPoint: 3 }, { scale: 1 / 256, zeroPoint: -128 });
 * const layer: Layer = { kind: 'lookup', elements: 100, table };
 * if (layer.table[3 + 128] !== 0) throw new Error('one half is 128 / 256');
 * ```
 */
export function activationTable(of: (x: number) => number, input: Quantisation, output: Quantisation): Int8Array {
  const inverse = float(1 / float(output.scale));
  return Int8Array.from(CODES, (code) => {
    const x = float(float(input.scale) * (code - input.zeroPoint));
    return clamp(round(float(float(of(x)) * inverse)) + output.zeroPoint);
  });
}

/** x < 0 ? slope · x : x, by the multipliers of TFLite's integer kernel (`LeakyRelu`). The slope is not negative. */
export function leakyReluTable(slope: number, input: Quantisation, output: Quantisation, rounding: Scaling['rounding'] = 'double'): Int8Array {
  const factor = input.scale / output.scale;
  const scaled = (by: number) => requantised(input, output, quantiseMultiplier(by), rounding);
  const [steep, flat] = [scaled(factor), scaled(factor * slope)];
  return Int8Array.from(CODES, (code, i) => (code >= input.zeroPoint ? steep : flat)[i] as number);
}

/** The same numbers in another scale (TFLite's `Requantize`): what a concatenation does with operands of different scales. */
export function rescaleTable(input: Quantisation, output: Quantisation, rounding: Scaling['rounding'] = 'double'): Int8Array {
  return requantised(input, output, quantiseMultiplier(input.scale / output.scale), rounding);
}

function requantised(
  { zeroPoint }: Quantisation,
  output: Quantisation,
  { multiplier, shift }: { readonly multiplier: number; readonly shift: number },
  mode: Scaling['rounding'],
): Int8Array {
  const differences = CODES.map((code) => code - zeroPoint);
  const range = { zeroPoint: output.zeroPoint, min: -128, max: 127 };
  return Int8Array.from(requantise(differences, { mode, multiplier: [multiplier], shift: [shift], ...range }));
}

/** The output of a layer that is cut off below `low` and above `high`: 0 and ∞ for a ReLU, 0 and 6 for a ReLU6, −∞ and ∞ for none (TFLite's `CalculateActivationRangeQuantized`). */
export function outputBetween(low: number, high: number, { scale, zeroPoint }: Quantisation): OutputRange {
  const code = (x: number): number => clamp(round(float(float(x) / float(scale))) + zeroPoint);
  return { zeroPoint, min: code(low), max: code(high) };
}
