// Floating-point cells beside their golden models: what to build, what to put in, what must come out.

import {
  FloatAdd,
  FloatCompare,
  FloatFma,
  FloatMul,
  type FloatRounding,
  FloatToFloat,
  FloatToInt,
  IntToFloat,
  ROUNDINGS,
} from '../../../generators/float/index.ts';
import { type Design, elaborate, type FloatType, sint, uint } from '../../../hdl/index.ts';
import {
  type FloatFormat,
  floatAdd,
  floatCompare,
  floatFma,
  floatMul,
  floatToFloat,
  floatToInt,
  type IntFormat,
  intRange,
  intToFloat,
  type RoundOptions,
} from '../../../sim/golden/float/index.ts';
import { boundaryCodes, randomCode } from '../../golden/float/operands.ts';
import type { Rng } from '../../support/random.ts';

/** What may stand at an input. */
export interface Operand {
  readonly port: string;
  readonly width: number;
  /** Whether the port's type has a sign; the values here are bits all the same. */
  readonly signed?: boolean;
  /** At every boundary. */
  readonly boundaries: readonly number[];
  draw(rng: Rng): number;
}

export interface Cell {
  readonly name: string;
  readonly stages: number;
  /** A port, or the one rounding. */
  readonly rounding: FloatRounding | 'input';
  readonly operands: readonly Operand[];
  readonly outputs: readonly { readonly port: string; readonly width: number; readonly signed?: boolean }[];
  /** `name`: of the top module. */
  elaborate(name?: string): Design;
  /** Values of the outputs. */
  model(operands: readonly number[], rounding: FloatRounding): readonly number[];
}

export interface Options {
  readonly rounding?: FloatRounding | 'input';
  readonly overflow?: 'special' | 'saturate';
  readonly stages?: number;
}

export function floatOperand(port: string, format: FloatFormat): Operand {
  const boundaries = boundaryCodes(format);
  return { port, width: 1 + format.exponent + format.mantissa, boundaries, draw: (rng) => randomCode(format, rng, boundaries) };
}

/** Bits of an integer; values of few bits more often than chance would. */
function integer(port: string, type: IntFormat): Operand {
  const { min, max } = intRange(type);
  const bits = (value: number): number => (value < 0 ? value + 2 ** type.width : value);
  const near = [min, min + 1, max - 1, max, 0, 1, 2, 3, Math.floor(max / 2), Math.floor(max / 2) + 1].map(bits);
  const draw = (rng: Rng): number => {
    const size = Math.floor(rng.word() / 2 ** rng.below(32)) % 2 ** (type.width - 1);
    return bits(type.signed && rng.once(2) ? -size : size);
  };
  return { port, width: type.width, boundaries: near, draw };
}

export const RESULT = (width: number) => [
  { port: 'result', width },
  { port: 'flags', width: 5 },
];
const intType = ({ width, signed }: IntFormat) => (signed ? sint(width) : uint(width));
const text = ({ rounding = 'nearestEven', overflow = 'special', stages = 0 }: Options): string =>
  `${rounding}${overflow === 'saturate' ? ', saturating' : ''}${stages > 0 ? `, ${stages} stages` : ''}`;

function cell(name: string, options: Options, cls: unknown, cfg: object, rest: Pick<Cell, 'operands' | 'outputs' | 'model'>): Cell {
  return {
    name: `${name}, ${text(options)}`,
    stages: options.stages ?? 0,
    rounding: options.rounding ?? 'nearestEven',
    elaborate: (top) => elaborate(cls as typeof FloatAdd, { ...cfg, ...options } as never, top === undefined ? {} : { name: top }),
    ...rest,
  };
}

const overflowOf = ({ overflow }: Options): RoundOptions => (overflow ? { overflow } : {});
const both = ({ bits, flags }: { readonly bits: number; readonly flags: number }): readonly number[] => [bits, flags];

export function addCell(type: FloatType, options: Options = {}): Cell {
  const { format } = type;
  return cell(
    `${format.name} add`,
    options,
    FloatAdd,
    { type },
    {
      operands: [floatOperand('a', format), floatOperand('b', format)],
      outputs: RESULT(type.width),
      model: ([a, b], rounding) => both(floatAdd(format, a as number, b as number, { ...overflowOf(options), rounding })),
    },
  );
}

export function mulCell(operand: FloatType, result: FloatType, options: Options = {}): Cell {
  const { format } = operand;
  return cell(
    `${format.name} mul to ${result.format.name}`,
    options,
    FloatMul,
    { operand, result },
    {
      operands: [floatOperand('a', format), floatOperand('b', format)],
      outputs: RESULT(result.width),
      model: ([a, b], rounding) => both(floatMul(format, a as number, b as number, { ...overflowOf(options), rounding, accumulate: result.format })),
    },
  );
}

export function fmaCell(operand: FloatType, accumulate: FloatType, options: Options = {}): Cell {
  const { format } = operand;
  return cell(
    `${format.name} fma to ${accumulate.format.name}`,
    options,
    FloatFma,
    { operand, accumulate },
    {
      operands: [floatOperand('a', format), floatOperand('b', format), floatOperand('c', accumulate.format)],
      outputs: RESULT(accumulate.width),
      model: ([a, b, c], rounding) =>
        both(floatFma(format, a as number, b as number, c as number, { ...overflowOf(options), rounding, accumulate: accumulate.format })),
    },
  );
}

export function compareCell(type: FloatType, options: Pick<Options, 'stages'> = {}): Cell {
  const { format } = type;
  const ports = ['equal', 'less', 'lessOrEqual', 'unordered', 'invalid', 'invalidQuiet'];
  return cell(
    `${format.name} compare`,
    options,
    FloatCompare,
    { type },
    {
      operands: [floatOperand('a', format), floatOperand('b', format)],
      outputs: ports.map((port) => ({ port, width: 1 })),
      model: ([a, b]) => {
        const [eq, lt, le] = (['eq', 'lt', 'le'] as const).map((relation) => floatCompare(format, relation, a as number, b as number)) as [
          Compared,
          Compared,
          Compared,
        ];
        const unordered = lt.flags !== 0;
        return [eq.holds, lt.holds, le.holds, unordered, lt.flags !== 0, eq.flags !== 0].map(Number);
      },
    },
  );
}
type Compared = ReturnType<typeof floatCompare>;

export function convertCell(from: FloatType, to: FloatType, options: Options = {}): Cell {
  return cell(
    `${from.format.name} to ${to.format.name}`,
    options,
    FloatToFloat,
    { from, to },
    {
      operands: [floatOperand('value', from.format)],
      outputs: RESULT(to.width),
      model: ([x], rounding) => both(floatToFloat(from.format, to.format, x as number, { ...overflowOf(options), rounding })),
    },
  );
}

export function toIntCell(from: FloatType, to: IntFormat, options: Options = {}): Cell {
  return cell(
    `${from.format.name} to ${to.signed ? 'i' : 'u'}${to.width}`,
    options,
    FloatToInt,
    { from, to: intType(to) },
    {
      operands: [floatOperand('value', from.format)],
      outputs: RESULT(to.width),
      model: ([x], rounding) => {
        const { value, flags } = floatToInt(from.format, to, x as number, rounding);
        return [value < 0 ? value + 2 ** to.width : value, flags];
      },
    },
  );
}

export function fromIntCell(from: IntFormat, to: FloatType, options: Options = {}): Cell {
  return cell(
    `${from.signed ? 'i' : 'u'}${from.width} to ${to.format.name}`,
    options,
    IntToFloat,
    { from: intType(from), to },
    {
      operands: [integer('value', from)],
      outputs: RESULT(to.width),
      model: ([x], rounding) => {
        const bits = x as number;
        const value = from.signed && bits >= 2 ** (from.width - 1) ? bits - 2 ** from.width : bits;
        return both(intToFloat(from, to.format, value, { ...overflowOf(options), rounding }));
      },
    },
  );
}

/** Operands of one case, and its rounding where that is a port. */
export interface Case {
  readonly operands: readonly number[];
  readonly rounding: FloatRounding;
}

/** All combinations of boundary values, thinned to at most `most`, each with the next rounding. */
export function boundaryCases({ operands, rounding }: Cell, most: number): Case[] {
  const total = operands.reduce((n, { boundaries }) => n * boundaries.length, 1);
  // A step that no list's length divides visits all values of all operands.
  let step = Math.max(1, Math.ceil(total / most));
  while (operands.some(({ boundaries }) => step > 1 && boundaries.length % step === 0)) step++;
  return Array.from({ length: Math.ceil(total / step) }, (_, i) => {
    let index = i * step;
    const values = operands.map(({ boundaries }) => {
      const value = boundaries[index % boundaries.length] as number;
      index = Math.floor(index / boundaries.length);
      return value;
    });
    return { operands: values, rounding: rounding === 'input' ? (ROUNDINGS[i % ROUNDINGS.length] as FloatRounding) : rounding };
  });
}

export function randomCases({ operands, rounding }: Cell, count: number, rng: Rng): Case[] {
  return Array.from({ length: count }, () => ({
    operands: operands.map((operand) => operand.draw(rng)),
    rounding: rounding === 'input' ? rng.pick(ROUNDINGS) : rounding,
  }));
}
