// Operands on which floating point fails: boundaries of a format, and random codes that lie near them more often than chance would.

import { canonicalNaN, type FloatFormat, infinityOf, largestFinite, signBit, widthOf } from '../../../sim/golden/float/index.ts';
import type { Rng } from '../../support/random.ts';

/** Positive codes at every boundary: zero, subnormals, least normal values, one and its neighbours, largest values, infinity, NaN. */
function boundaries(format: FloatFormat): number[] {
  const hidden = 2 ** format.mantissa;
  const one = format.bias * hidden;
  const codes = [
    0,
    1,
    2,
    hidden / 2,
    hidden - 1,
    hidden,
    hidden + 1,
    2 * hidden - 1,
    2 * hidden,
    one - 1,
    one,
    one + 1,
    one + hidden / 2,
    one + hidden,
  ];
  const largest = largestFinite(format);
  codes.push(largest - 1, largest, largest - (largest % hidden));
  const infinity = infinityOf(format);
  // The least signalling NaN and, with two mantissa bits or more, another one than the canonical.
  if (infinity !== undefined) codes.push(infinity, infinity + 1, largest + hidden);
  const nan = canonicalNaN(format);
  if (nan !== undefined) codes.push(nan);
  return codes;
}

/** Those of both signs, each once. */
export function boundaryCodes(format: FloatFormat): number[] {
  const positive = boundaries(format).filter((code) => Number.isInteger(code) && code >= 0 && code < signBit(format));
  return [...new Set(positive.flatMap((code) => [code, code + signBit(format)]))];
}

/** A code: uniform, at a boundary, or with an exponent near the middle or the ends and a mantissa of few runs. */
export function randomCode(format: FloatFormat, rng: Rng, near = boundaryCodes(format)): number {
  if (rng.once(4)) return rng.word() % 2 ** widthOf(format);
  if (rng.once(8)) return rng.pick(near);
  const [fields, hidden] = [2 ** format.exponent, 2 ** format.mantissa];
  const around = rng.pick([0, 1, Math.floor(fields / 2) - 1, Math.floor(fields / 2) - 1, fields - 2]);
  const field = (around + rng.below(Math.min(fields, format.mantissa + 3)) - Math.floor(format.mantissa / 2) + 2 * fields) % fields;
  const run = (): number => (2 ** rng.below(format.mantissa + 1) - 1) * 2 ** rng.below(format.mantissa + 1);
  const mantissa = (rng.once(2) ? rng.word() : run() + (rng.once(2) ? run() : 0)) % hidden;
  return (rng.once(2) ? signBit(format) : 0) + field * hidden + mantissa;
}
