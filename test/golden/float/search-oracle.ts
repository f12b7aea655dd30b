// Rounding by search: all values of a format in a list, and the right one of the two neighbours. Knows no bit of any format; needs a double that is
// exact, so it serves the small formats.

import {
  canonicalNaN,
  type FloatFormat,
  type FloatRounding,
  floatValue,
  infinityOf,
  largestFinite,
  signBit,
} from '../../../sim/golden/float/index.ts';

export interface SearchOracle {
  /** Code and flags of a number that is exact as a double. */
  round(x: number, rounding: FloatRounding): { readonly bits: number; readonly flags: number };
}

/** Values beyond the largest continue with its spacing, where rounding as if exponents had no end takes place. */
export function searchOracle(format: FloatFormat): SearchOracle {
  const largest = largestFinite(format);
  const values = Array.from({ length: largest + 1 }, (_, code) => floatValue(format, code));
  const spacing = (values[largest] as number) - (values[largest - 1] as number);
  const beyond = (values[largest] as number) + spacing;
  // The code above the largest value has the parity that the list would go on with.
  const leastNormal = values[2 ** format.mantissa] as number;

  const pick = (low: number, high: number, lowIsEven: boolean, x: number, negative: boolean, rounding: FloatRounding): boolean => {
    if (rounding === 'towardsZero') return false;
    if (rounding === 'down') return negative;
    if (rounding === 'up') return !negative;
    const [below, above] = [x - low, high - x];
    return below === above ? rounding === 'nearestAway' || !lowIsEven : above < below;
  };

  return {
    round(x, rounding) {
      const negative = x < 0 || Object.is(x, -0);
      const size = Math.abs(x);
      const sign = negative ? signBit(format) : 0;
      let code = 0;
      let flags = 0;
      for (let step = 2 ** 16; step >= 1; step /= 2) if (code + step <= largest && (values[code + step] as number) <= size) code += step;
      const low = values[code] as number;
      if (low !== size) {
        flags = 1;
        if (size >= beyond) code = rounding === 'towardsZero' || rounding === (negative ? 'up' : 'down') ? code : largest + 1;
        else if (pick(low, code === largest ? beyond : (values[code + 1] as number), code % 2 === 0, size, negative, rounding)) code++;
        // The values below the least normal one, if they went on as densely as above it.
        if (size < leastNormal) {
          const fine = leastNormal / 2 ** (format.mantissa + 1);
          const last = leastNormal - fine;
          const carries = size > last && pick(last, leastNormal, false, size, negative, rounding);
          if (!carries) flags |= 2;
        }
        if (code > largest || size >= beyond) flags |= 5;
      }
      if (code <= largest) return { bits: sign + code, flags };
      const infinity = infinityOf(format);
      if (infinity !== undefined) return { bits: sign + infinity, flags };
      return { bits: canonicalNaN(format) ?? sign + largest, flags };
    },
  };
}
