/**
 * Products of whole numbers on elements with modes: at random, as steps, and as arithmetic says they must come out.
 * Invariant: the product knows nothing of lanes, digits or planes.
 * Refused: elements without modes, precisions that an element does not have, empty dimensions.
 */
import { type FillKind, operandSeed, xorshift32 } from '../prng.ts';
import { checkShape, type Shape } from '../shape.ts';
import type { IntOperand, PeRecord } from './config.ts';
import { bitSerialSteps, FUSED, fusibleSteps, type WholeProblem } from './modal.ts';
import { codeOf } from './pe.ts';
import type { StepProblem } from './steps.ts';

/** What activations and weights are. */
export interface Operands {
  readonly activation: IntOperand;
  readonly weight: IntOperand;
}

const MAX_PLANES = 16;

/** How numbers become steps: so many of K in one, and so many passes over K. */
export interface Packing {
  readonly lanes: number;
  readonly passes: number;
}

/** How an element takes operands. Throws RangeError, naming what is possible, on an element without modes and on precisions that it does not have. */
export function packingOf(record: PeRecord, { activation, weight }: Operands): Packing {
  const [a, w] = [activation.width, weight.width];
  switch (record.kind) {
    case 'fusible': {
      if (a === 16 && w === 16) return { lanes: 1, passes: 4 };
      const fused = FUSED.find((f) => f.activation === a && f.weight === w);
      if (fused) return { lanes: fused.lanes, passes: 1 };
      throw new RangeError(
        `the fusible element has no ${a}x${w} bits, but ${FUSED.map((f) => `${f.activation}x${f.weight}`).join(', ')}, and 16x16 in four passes`,
      );
    }
    case 'bit-serial':
      if (Math.min(a, w) >= 1 && Math.max(a, w) <= MAX_PLANES) return { lanes: record.lanes, passes: a * w };
      throw new RangeError(`the bit-serial element has no ${a}x${w} bits, but 1 to ${MAX_PLANES} of each`);
    default:
      throw new RangeError(`the ${record.kind} element has the one precision that it was made with; fusible and bit-serial take several`);
  }
}

/** A product as the steps of an element. Throws RangeError as `packingOf` does. */
export function wholeSteps(record: PeRecord, problem: WholeProblem): StepProblem {
  packingOf(record, problem);
  return record.kind === 'bit-serial' ? bitSerialSteps(record, problem) : fusibleSteps(problem);
}

/** C = A·B + D as codes of `width` bits; D are such codes. */
export function wholeProduct({ m, k, n, a, b }: WholeProblem, d: readonly bigint[] | undefined, width: number): bigint[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [row, col] = [Math.floor(at / n), at % n];
    let sum = d?.[at] ?? 0n;
    for (let i = 0; i < k; i++) sum += BigInt((a[row * k + i] as number) * (b[i * n + col] as number));
    return codeOf(sum, width);
  });
}

function drawn(operand: IntOperand, state: number, length: number, kind: FillKind): number[] {
  const { width, signed } = operand;
  const [low, high] = signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
  let x = state;
  return Array.from({ length }, () => {
    x = xorshift32(x);
    return kind === 'uniform' ? low + (x >>> (32 - width)) : ([low, high, 0, Math.max(low, -1)][x >>> 30] as number);
  });
}

/** A random product; the same arguments give the same for ever. Throws RangeError on an empty dimension. */
export function randomWhole(shape: Shape, { activation, weight }: Operands, seed: number, kind: FillKind = 'uniform'): WholeProblem {
  checkShape(shape);
  const { m, k, n } = shape;
  const a = drawn(activation, operandSeed(seed, 'a'), m * k, kind);
  const b = drawn(weight, operandSeed(seed, 'b'), k * n, kind);
  return { m, k, n, a, b, activation, weight };
}
