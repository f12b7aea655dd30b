// TestFloat's vectors against the golden model.

import {
  BF16,
  type FloatFormat,
  type FloatRounding,
  FP16,
  FP32,
  floatAdd,
  floatCompare,
  floatFma,
  floatMul,
  floatToFloat,
  floatToInt,
  floatValue,
  I32,
  intToFloat,
} from '../../../sim/golden/float/index.ts';
import type { VectorFile } from './testfloat.ts';

const FORMATS: { readonly [name: string]: FloatFormat } = { f16: FP16, f32: FP32, bf16: BF16 };

/** Result and flags of a case. */
type Model = (operands: readonly number[], rounding: FloatRounding) => readonly [result: number, flags: number];

/** The golden model of a TestFloat function. */
export function modelOf(operation: string): Model {
  const format = (name = ''): FloatFormat => {
    const known = FORMATS[name];
    if (!known) throw new Error(`${operation}: unknown type ${name}`);
    return known;
  };
  const pair = ({ bits, flags }: { readonly bits: number; readonly flags: number }): readonly [number, number] => [bits, flags];
  const mixed = /^mix_(\w+)_(\w+)_mulAdd$/.exec(operation);
  if (mixed) {
    const [operand, accumulate] = [format(mixed[1]), format(mixed[2])];
    return ([a, b, c], rounding) =>
      pair(floatFma(operand, quieted(operand, a as number), quieted(operand, b as number), c as number, { accumulate, rounding }));
  }
  const conversion = /^(\w+?)_to_(\w+)$/.exec(operation);
  if (conversion) {
    const [, from, to] = conversion;
    if (from === 'i32') return ([a], rounding) => pair(intToFloat(I32, format(to), (a as number) | 0, { rounding }));
    if (to === 'i32')
      return ([a], rounding) => {
        const { value, flags } = floatToInt(format(from), I32, a as number, rounding);
        return [value >>> 0, flags];
      };
    return ([a], rounding) => pair(floatToFloat(format(from), format(to), a as number, { rounding }));
  }
  const [name, what] = operation.split('_');
  const of = format(name);
  switch (what) {
    case 'add':
      return ([a, b], rounding) => pair(floatAdd(of, a as number, b as number, { rounding }));
    case 'mul':
      return ([a, b], rounding) => pair(floatMul(of, a as number, b as number, { rounding }));
    case 'mulAdd':
      return ([a, b, c], rounding) => pair(floatFma(of, a as number, b as number, c as number, { rounding }));
    case 'eq':
    case 'lt':
    case 'le':
      return ([a, b]) => {
        const { holds, flags } = floatCompare(of, what, a as number, b as number);
        return [holds ? 1 : 0, flags];
      };
    default:
      throw new Error(`${operation}: unknown function`);
  }
}

/**
 * A NaN made quiet. The mixed vectors were made by widening the 16-bit operands first, which quiets their NaNs, and have the flags of the multiply-add
 * alone: a signalling operand is not invalid there.
 */
export function quieted(format: FloatFormat, code: number): number {
  return Number.isNaN(floatValue(format, code)) ? code | (2 ** (format.mantissa - 1)) : code;
}

/** Operands, result and flags of a line. */
export function splitCase(
  operation: string,
  line: readonly number[],
): { readonly operands: readonly number[]; readonly result: number; readonly flags: number } {
  // The result of two roundings stands behind that of one.
  const results = operation.startsWith('mix_') ? 2 : 1;
  const operands = line.slice(0, line.length - 1 - results);
  return { operands, result: line[operands.length] as number, flags: line.at(-1) as number };
}

/** Cases in which the model disagrees, as text. */
export function differences({ operation, rounding, cases }: VectorFile): string[] {
  const model = modelOf(operation);
  const hex = (numbers: readonly number[]): string => numbers.map((n) => n.toString(16)).join(' ');
  return cases.flatMap((line) => {
    const { operands, result, flags } = splitCase(operation, line);
    const actual = model(operands, rounding);
    return actual[0] === result && actual[1] === flags ? [] : [`${hex(operands)}: ${hex(actual)}, not ${hex([result, flags])}`];
  });
}
