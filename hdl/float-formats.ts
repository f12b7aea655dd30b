// Formats of small floats: any by its parameters, those in use by name.
//
// Invariant: equal parameters give one format object, so that formats can be compared by identity. Refused: what a double cannot hold, and codes
// whose meaning no rule gives.

import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import type { FloatFormat } from './ir/nodes.ts';
import type { FloatType } from './number-types.ts';
import { Origin } from './source.ts';

/** What a float format is made of. */
export interface FloatOptions<E extends number, M extends number> {
  /** Bits of the exponent, 1 to 11. */
  readonly exponent: E;
  /** Bits of the mantissa without the hidden one, 0 to 52. */
  readonly mantissa: M;
  /** 2^(exponent − 1) − 1 when absent. */
  readonly bias?: number;
  /** True exactly where `nans` is `ieee`, and so seldom given. */
  readonly infinities?: boolean;
  /** See `FloatFormat`; `ieee` when absent. */
  readonly nans?: 'ieee' | 'all-ones' | 'none';
  /** True when absent; else all codes of exponent 0 are zeros, and smaller values round to zero or to the smallest normal one. */
  readonly subnormals?: boolean;
}

const formats = new Map<string, FloatFormat>();

/** A float of 1 + exponent + mantissa bits. Throws HDL-Q002 on parameters that make no format. */
export function float<const E extends number, const M extends number>(options: FloatOptions<E, M>): FloatType<E, M> {
  return make(options);
}

function make<E extends number, M extends number>(options: FloatOptions<E, M>, preset?: string): FloatType<E, M> {
  const { exponent, mantissa, nans = 'ieee', subnormals = true } = options;
  const { bias = 2 ** (exponent - 1) - 1, infinities = nans === 'ieee' } = options;
  const whole = (n: number, least: number, most: number): boolean => Number.isInteger(n) && n >= least && n <= most;
  const refuse = (what: string, help: string): never => {
    throw new HdlError([messages.badFormat({ at: Origin.here() }, what, help)]);
  };
  if (!whole(exponent, 1, 11) || !whole(mantissa, 0, 52))
    refuse(`exponent of ${exponent} bits, mantissa of ${mantissa}`, 'the exponent has 1 to 11 bits, the mantissa 0 to 52');
  if (!['ieee', 'all-ones', 'none'].includes(nans)) refuse(`nans: '${String(nans)}'`, "nans is 'ieee', 'all-ones' or 'none'");
  if (infinities !== (nans === 'ieee'))
    refuse(
      `infinities ${infinities ? 'with' : 'without'} nans: '${nans}'`,
      "infinities come with nans: 'ieee' and with no other; leave `infinities` out",
    );
  if (nans === 'ieee' && mantissa === 0) refuse("nans: 'ieee' without a mantissa", "give a mantissa of at least 1 bit, or nans: 'none'");
  const highest = 2 ** exponent - (nans === 'ieee' ? 2 : 1) - bias;
  if (!Number.isInteger(bias) || highest > 1023 || 1 - bias - mantissa < -1074)
    refuse(`bias of ${bias}, with which values lie outside of what a double holds`, 'choose a bias near 2^(exponent − 1) − 1');
  const key = `e${exponent}m${mantissa} bias ${bias} nans ${nans}${subnormals ? '' : ' no subnormals'}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = { name: preset ?? `float(${key})`, exponent, mantissa, bias, nans, subnormals }));
  return { kind: 'float', width: 1 + exponent + mantissa, format: format as FloatType<E, M>['format'] };
}

/** IEEE 754 binary32. */
export const fp32: FloatType<8, 23> = make({ exponent: 8, mantissa: 23 }, 'fp32');
/** IEEE 754 binary16. */
export const fp16: FloatType<5, 10> = make({ exponent: 5, mantissa: 10 }, 'fp16');
/** The upper half of an fp32. */
export const bf16: FloatType<8, 7> = make({ exponent: 8, mantissa: 7 }, 'bf16');
/** OCP OFP8 E4M3: no infinity, one NaN a sign, up to 448. */
export const fp8e4m3: FloatType<4, 3> = make({ exponent: 4, mantissa: 3, nans: 'all-ones' }, 'fp8e4m3');
/** OCP OFP8 E5M2: as IEEE 754, up to 57344. */
export const fp8e5m2: FloatType<5, 2> = make({ exponent: 5, mantissa: 2 }, 'fp8e5m2');
/** OCP MX FP6 E2M3: finite, up to 7.5. */
export const fp6e2m3: FloatType<2, 3> = make({ exponent: 2, mantissa: 3, nans: 'none' }, 'fp6e2m3');
/** OCP MX FP6 E3M2: finite, up to 28. */
export const fp6e3m2: FloatType<3, 2> = make({ exponent: 3, mantissa: 2, nans: 'none' }, 'fp6e3m2');
/** OCP MX FP4 E2M1: finite, up to 6. */
export const fp4e2m1: FloatType<2, 1> = make({ exponent: 2, mantissa: 1, nans: 'none' }, 'fp4e2m1');
