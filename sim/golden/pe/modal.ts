/**
 * Elements whose steps have modes, and how operands of several precisions become steps: fusible and bit-serial.
 * Invariant: whole numbers and nothing else; a lane is decoded as its own number and never as digits.
 * Refused: precisions and values that an element does not have.
 */
import { checkLength, checkShape, type Shape } from '../shape.ts';
import type { BitSerialPe, FusiblePe, IntOperand } from './config.ts';
import { codeOf, type GoldenPe, numberOf, ones, wrappingSum } from './pe.ts';
import type { StepProblem } from './steps.ts';

/** Bits of activation and weight of a fusible element's lane, and how many lanes, by the low two bits of the mode. */
export const FUSED = [
  { activation: 8, weight: 8, lanes: 1 },
  { activation: 4, weight: 4, lanes: 4 },
  { activation: 8, weight: 2, lanes: 4 },
  { activation: 2, weight: 2, lanes: 16 },
] as const;

/** The model of a fusible element. */
export function fusiblePe({ accumulator = 32, stages = 0 }: FusiblePe): GoldenPe {
  return {
    ...wrappingSum(accumulator, stages),
    ...{ activationWidth: 32, weightWidth: 32, modeWidth: 6 },
    padding: { activation: 0n, weight: 0n },
    macs: FUSED.map(({ lanes }) => lanes),
    step: (a, w, sum, mode) => {
      const { activation, weight, lanes } = FUSED[mode % 4] as (typeof FUSED)[0];
      const [signedA, signedW, bytes] = [(mode >> 2) % 2 === 1, (mode >> 3) % 2 === 1, mode >> 4];
      let total = 0n;
      for (let lane = 0; lane < lanes; lane++) total += laneOf(a, lane, activation, signedA) * laneOf(w, lane, weight, signedW);
      return codeOf(sum + (total << BigInt(8 * bytes)), accumulator);
    },
  };
}

function laneOf(code: bigint, lane: number, width: number, signed: boolean): bigint {
  return numberOf(BigInt.asUintN(width, code >> BigInt(lane * width)), width, signed);
}

/** The model of a bit-serial element. */
export function bitSerialPe({ lanes, accumulator = 32, stages = 0 }: BitSerialPe): GoldenPe {
  return {
    ...wrappingSum(accumulator, stages),
    ...{ activationWidth: lanes, weightWidth: lanes, modeWidth: 6 },
    padding: { activation: 0n, weight: 0n },
    macs: [lanes],
    step: (a, w, sum, mode) => {
      const counted = BigInt(ones(a & w)) << BigInt(mode % 32);
      return codeOf(mode >= 32 ? sum - counted : sum + counted, accumulator);
    },
  };
}

/** A product of whole numbers, row-major: a m×k, b k×n. */
export interface WholeProblem extends Shape {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly activation: IntOperand;
  readonly weight: IntOperand;
}

/** Throws RangeError on what is no number of an operand. */
export function checkWhole(name: string, values: readonly number[], { width, signed }: IntOperand): void {
  const [low, high] = signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
  const odd = values.find((x) => !Number.isInteger(x) || x < low || x > high);
  if (odd !== undefined) throw new RangeError(`${odd} in ${name} is no ${signed ? 'signed' : 'unsigned'} number of ${width} bits`);
}

function checkProblem({ m, k, n, a, b, activation, weight }: WholeProblem): void {
  checkShape({ m, k, n });
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  checkWhole('a', a, activation);
  checkWhole('b', b, weight);
}

/** Codes of `lanes` elements each: of a step of a row of A, and of a column of B. */
function gathered({ m, k, n, a, b }: WholeProblem, lanes: number, pack: (elements: readonly number[], operand: 'a' | 'b') => bigint) {
  const steps = Math.ceil(k / lanes);
  const group = (step: number, at: (index: number) => number | undefined): number[] =>
    Array.from({ length: lanes }, (_, lane) => (step * lanes + lane < k ? (at(step * lanes + lane) as number) : 0));
  return {
    steps,
    a: Array.from({ length: m * steps }, (_, at) =>
      pack(
        group(at % steps, (i) => a[Math.floor(at / steps) * k + i]),
        'a',
      ),
    ),
    b: Array.from({ length: steps * n }, (_, at) =>
      pack(
        group(Math.floor(at / n), (i) => b[i * n + (at % n)]),
        'b',
      ),
    ),
  };
}

const packed = (elements: readonly number[], width: number): bigint =>
  elements.reduceRight((code, x) => (code << BigInt(width)) | codeOf(BigInt(x), width), 0n);

/** Parts of the same steps one behind the other: of A side by side, of B below each other. */
function chained(
  m: number,
  parts: readonly { readonly steps: number; readonly a: readonly bigint[]; readonly b: readonly bigint[]; readonly mode: number }[],
) {
  const a: bigint[] = [];
  for (let row = 0; row < m; row++) for (const part of parts) a.push(...part.a.slice(row * part.steps, (row + 1) * part.steps));
  return {
    a,
    b: parts.flatMap((part) => part.b),
    k: parts.reduce((sum, part) => sum + part.steps, 0),
    mode: parts.flatMap((part) => new Array<number>(part.steps).fill(part.mode)),
  };
}

/**
 * A product of 8×8, 4×4, 8×2 or 2×2 bits as the steps of a fusible element, and one of 16×16 in four passes: low and high bytes against each other. Throws RangeError
 * on other widths and on values out of range.
 */
export function fusibleSteps(problem: WholeProblem): StepProblem {
  checkProblem(problem);
  const { m, n, activation, weight } = problem;
  const modeOf = (precision: number, signedA: boolean, signedW: boolean, bytes: number): number =>
    precision + (signedA ? 4 : 0) + (signedW ? 8 : 0) + 16 * bytes;
  if (activation.width === 16 && weight.width === 16) {
    const part = (x: number, high: boolean): number => (high ? Math.floor(x / 256) : ((x % 256) + 256) % 256);
    const passes = [false, true].flatMap((highA) =>
      [false, true].map((highB) => ({
        ...gathered(problem, 1, ([x = 0], operand) => codeOf(BigInt(part(x, operand === 'a' ? highA : highB)), 8)),
        mode: modeOf(0, activation.signed && highA, weight.signed && highB, Number(highA) + Number(highB)),
      })),
    );
    return { m, n, ...chained(m, passes) };
  }
  const precision = FUSED.findIndex((f) => f.activation === activation.width && f.weight === weight.width);
  const fused = FUSED[precision];
  if (!fused) throw new RangeError(`a fusible element has no ${activation.width}×${weight.width} bits: 8×8, 4×4, 8×2, 2×2, and 16×16 in passes`);
  const steps = gathered(problem, fused.lanes, (elements, operand) => packed(elements, operand === 'a' ? fused.activation : fused.weight));
  return { m, n, ...chained(m, [{ ...steps, mode: modeOf(precision, activation.signed, weight.signed, 0) }]) };
}

/** A product of any widths from 1 to 16 as the steps of a bit-serial element: a pass over K for each pair of bit planes. Throws RangeError on values out of range. */
export function bitSerialSteps({ lanes }: BitSerialPe, problem: WholeProblem): StepProblem {
  checkProblem(problem);
  const { m, n, activation, weight } = problem;
  const plane = (elements: readonly number[], bit: number): bigint =>
    packed(
      elements.map((x) => Math.floor(x / 2 ** bit) & 1),
      1,
    );
  const passes = Array.from({ length: activation.width }, (_, i) =>
    Array.from({ length: weight.width }, (_, j) => {
      const negative = (activation.signed && i === activation.width - 1) !== (weight.signed && j === weight.width - 1);
      return { ...gathered(problem, lanes, (elements, operand) => plane(elements, operand === 'a' ? i : j)), mode: i + j + (negative ? 32 : 0) };
    }),
  ).flat();
  return { m, n, ...chained(m, passes) };
}
