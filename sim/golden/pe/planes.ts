/**
 * Operands as bit planes, which the parallel-to-serial converter gives (design note 0023).
 * Invariant: plane i of a number is its bit of weight 2^i; that of the sign counts negatively.
 * Refused: precisions of less than 1 or more than 16 bits, numbers that do not fit.
 */
import { checkWhole } from './modal.ts';

/** Numbers of one beat, and how often each plane and all planes come: once when absent. */
export interface PlaneBeat {
  readonly values: readonly number[];
  readonly precision: number;
  readonly signed: boolean;
  readonly hold?: number;
  readonly rounds?: number;
}

/** A beat of planes. */
export interface Plane {
  /** Bit i is that of value i. */
  readonly data: bigint;
  readonly plane: number;
  /** Whether it is the sign's. */
  readonly negative: boolean;
  readonly last: boolean;
}

/** All beats of planes of one beat of numbers, in order. Throws RangeError. */
export function bitPlanes({ values, precision, signed, hold = 1, rounds = 1 }: PlaneBeat): Plane[] {
  const odd = [precision, hold, rounds].find((x) => !Number.isInteger(x) || x < 1 || x > 16);
  if (odd !== undefined) throw new RangeError(`precision, hold and rounds are 1 to 16, and not ${odd}`);
  checkWhole('values', values, { width: precision, signed });
  const total = rounds * precision * hold;
  return Array.from({ length: total }, (_, at) => {
    const plane = Math.floor(at / hold) % precision;
    const bits = values.map((x) => (BigInt(x) >> BigInt(plane)) & 1n);
    return {
      data: bits.reduceRight((code, bit) => (code << 1n) | bit, 0n),
      plane,
      negative: signed && plane === precision - 1,
      last: at === total - 1,
    };
  });
}
