/**
 * a · b + c in doubles, where rounding twice gives what rounding once would.
 * Invariant: the result equals `floatFma` to nearest even (design note 0015 says why); flags are not known here.
 * Refused: formats for which that is not proven, as bf16 into bf16 and fp32 into fp32.
 */
import { BF16, canonicalNaN, type FloatFormat, FP16, FP32, widthOf } from './format.ts';
import { floatValue } from './value.ts';

/** (a, b, c) → a · b + c, of codes. */
export type FastFma = (a: number, b: number, c: number) => number;

/** A function on codes, or undefined where doubles are not exact. */
export function fastFma(operand: FloatFormat, accumulate: FloatFormat): FastFma | undefined {
  const toFp16 = accumulate === FP16 && isWithin(operand, FP16);
  const toFp32 = accumulate === FP32 && (isWithin(operand, FP16) || isWithin(operand, BF16));
  if (!toFp16 && !toFp32) return undefined;
  const value = valuesOf(operand);
  if (toFp32) return (a, b, c) => fp32Code((value[a] as number) * (value[b] as number) + fp32Value(c));
  const addend = valuesOf(FP16);
  return (a, b, c) => fp16Code((value[a] as number) * (value[b] as number) + (addend[c] as number));
}

/** Whether `outer` has every value of `inner`: both reach as high and as low, and no less precisely. */
function isWithin(inner: FloatFormat, outer: FloatFormat): boolean {
  const lowest = (f: FloatFormat): number => 1 - f.bias - f.mantissa;
  const highest = (f: FloatFormat): number => 2 ** f.exponent - (f.nans === 'ieee' ? 2 : 1) - f.bias;
  return inner.subnormals && inner.mantissa <= outer.mantissa && lowest(inner) >= lowest(outer) && highest(inner) <= highest(outer);
}

const tables = new Map<FloatFormat, Float64Array>();

function valuesOf(format: FloatFormat): Float64Array {
  let table = tables.get(format);
  if (!table) tables.set(format, (table = Float64Array.from({ length: 2 ** widthOf(format) }, (_, code) => floatValue(format, code))));
  return table;
}

const single = new Float32Array(1);
const singleCode = new Uint32Array(single.buffer);

function fp32Value(code: number): number {
  singleCode[0] = code;
  return single[0] as number;
}

function fp32Code(x: number): number {
  if (Number.isNaN(x)) return canonicalNaN(FP32) as number;
  single[0] = x;
  return singleCode[0] as number;
}

const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);

/** Least normal and first unreachable value of fp16, half an ulp beyond the largest. */
const [LEAST_NORMAL, TOO_LARGE] = [2 ** -14, 65_520];

/** Nearest even by adding a power of two whose ulp is that of the result, so that the double's own rounding does it. */
function fp16Code(x: number): number {
  if (Number.isNaN(x)) return canonicalNaN(FP16) as number;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (size >= TOO_LARGE) return sign | 0x7c00;
  double[0] = Math.max(size, LEAST_NORMAL);
  // The words of a double are in the machine's order, which is little endian wherever Node runs.
  const exponent = ((doubleWords[1] as number) >>> 20) - 1023;
  const step = 2 ** (exponent - 10);
  const steps = size / step + 2 ** 52 - 2 ** 52;
  return sign | ((exponent + 14) * 1024 + steps);
}
