/**
 * Random problems in steps, made from an element, a shape and a seed.
 * Invariant: the same arguments give the same problem for ever. Floats are mostly of exponents around 1, so that sums mean something; some are subnormal or zero, and with
 * "extreme" some are infinite or NaN; so are the elements of blocks.
 * Refused: empty dimensions.
 */
import { BLOCK_SIZE, type BlockFormat, SCALE_BIAS, SCALE_NAN } from '../float/block.ts';
import { canonicalNaN, FLOAT_FORMATS, type FloatFormat, FP32, infinityOf, largestFinite, signBit } from '../float/format.ts';
import { type FillKind, operandSeed, xorshift32 } from '../prng.ts';
import type { RandomProblemOptions } from '../random-problem.ts';
import { checkShape, type MatrixUnit, type Shape } from '../shape.ts';
import { blockCode, blockFormats } from './blocks.ts';
import type { PeRecord } from './config.ts';
import { goldenPe } from './elements.ts';
import { recordOf, type StepProblem } from './steps.ts';

type Next = () => number;

function generator(seed: number): Next {
  let state = seed;
  return () => {
    state = xorshift32(state);
    return state;
  };
}

function bits(next: Next, width: number): bigint {
  let code = 0n;
  for (let got = 0; got < width; got += 32) code = (code << 32n) | BigInt(next());
  return BigInt.asUintN(width, code >> BigInt((32 - (width % 32)) % 32));
}

function plainCode(next: Next, width: number, kind: FillKind): bigint {
  const sign = 1n << BigInt(width - 1);
  const ends = [sign, sign + 1n, 2n * sign - 1n, 0n, 1n, sign - 1n];
  const code = bits(next, width);
  return kind === 'uniform' ? code : BigInt.asUintN(width, ends[next() % ends.length] as bigint);
}

function floatCode(next: Next, format: FloatFormat, kind: FillKind): bigint {
  const { exponent, mantissa, bias } = format;
  const sign = next() >>> 31 ? signBit(format) : 0;
  const rare = next() >>> 27;
  const small = next() % 2 ** mantissa;
  if (rare < 2) return BigInt(sign + small);
  if (rare === 2) return BigInt(sign);
  const special = kind === 'extreme' ? [largestFinite(format), infinityOf(format), canonicalNaN(format)][rare - 3] : undefined;
  if (special !== undefined) return BigInt(sign + special);
  const field = Math.min(Math.max(bias + (next() % 7) - 3, 1), 2 ** exponent - 2);
  return BigInt(sign + field * 2 ** mantissa + small);
}

/** A block: elements as they come alone, a scale around 1 and, with "extreme", at times the least, the largest or NaN. */
function blockOfCodes(next: Next, format: BlockFormat, kind: FillKind): bigint {
  const { element, size = BLOCK_SIZE } = format;
  const elements = Array.from({ length: size }, () => Number(element === 'int8' ? plainCode(next, 8, kind) : floatCode(next, element, kind)));
  const rare = next() >>> 27;
  const scale = kind === 'extreme' && rare < 3 ? ([0, SCALE_NAN - 1, SCALE_NAN][rare] as number) : SCALE_BIAS - 3 + (next() % 7);
  return blockCode(format, { scale, elements });
}

/** What gives the codes of an operand or a sum, one after the other. */
function drawing(record: PeRecord, operand: 'a' | 'b' | 'd', width: number, kind: FillKind): (next: Next) => bigint {
  if (operand === 'd' || (record.kind !== 'int' && record.kind !== 'float') || !record.sparse) return denseDrawing(record, operand, width, kind);
  // Four operands; or two weights under two indices.
  const [count, single] = operand === 'a' ? [4, width / 4] : [2, width / 2 - 2];
  const draw = denseDrawing(record, operand, single, kind);
  return (next) => {
    const indices = operand === 'b' ? bits(next, 4) : 0n;
    return Array.from({ length: count }, () => draw(next)).reduce((code, one) => (code << BigInt(single)) | one, indices);
  };
}

function denseDrawing(record: PeRecord, operand: 'a' | 'b' | 'd', width: number, kind: FillKind): (next: Next) => bigint {
  switch (record.kind) {
    case 'float': {
      const name = operand === 'd' ? (record.accumulate ?? record.operand) : record.operand;
      const format = FLOAT_FORMATS.find((f) => f.name === name) as FloatFormat;
      return (next) => floatCode(next, format, kind);
    }
    case 'mx':
      return operand === 'd' ? (next) => floatCode(next, FP32, kind) : (next) => blockOfCodes(next, blockFormats(record)[operand], kind);
    default:
      return (next) => plainCode(next, width, kind);
  }
}

/** Codes of an operand or a sum. */
function randomCodes(record: PeRecord, operand: 'a' | 'b' | 'd', width: number, seed: number, length: number, kind: FillKind): bigint[] {
  const next = generator(operandSeed(seed, operand));
  const draw = drawing(record, operand, width, kind);
  return Array.from({ length }, () => draw(next));
}

/** A random problem; modes change every few steps. Throws RangeError on an empty dimension. */
export function randomSteps(record: PeRecord, shape: Shape, seed: number, { withD, kind = 'uniform' }: RandomProblemOptions): StepProblem {
  checkShape(shape);
  const { m, k, n } = shape;
  const { activationWidth, weightWidth, sumWidth, modeWidth } = goldenPe(record);
  const codes = (operand: 'a' | 'b' | 'd', width: number, length: number) => randomCodes(record, operand, width, seed, length, kind);
  return {
    ...{ m, k, n, a: codes('a', activationWidth, m * k), b: codes('b', weightWidth, k * n) },
    ...(withD && { d: codes('d', sumWidth, m * n) }),
    ...(modeWidth > 0 && { mode: modesOf(generator(operandSeed(seed, 'a') ^ 0x5bd1e995), k, modeWidth) }),
  };
}

/** A random problem of a unit; one of both dataflows takes them at random by blocks of columns. Throws RangeError on an empty dimension. */
export function randomUnitSteps(unit: MatrixUnit, shape: Shape, seed: number, options: RandomProblemOptions): StepProblem {
  const problem = randomSteps(recordOf(unit), shape, seed, options);
  if (unit.dataflow !== 'ws+os') return problem;
  const next = generator(operandSeed(seed, 'b') ^ 0x5bd1e995);
  return { ...problem, flows: Array.from({ length: Math.ceil(shape.n / unit.cols) }, () => (next() >>> 31 ? 'os' : 'ws')) };
}

/** Runs of one to four steps of one mode. */
function modesOf(next: Next, k: number, width: number): number[] {
  const modes: number[] = [];
  while (modes.length < k) modes.push(...new Array<number>(1 + (next() % 4)).fill(next() % 2 ** width));
  return modes.slice(0, k);
}
