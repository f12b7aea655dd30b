/**
 * Weights of which two in each four are not zero (design note 0023): what a step of such an element is, how dense matrices are packed, and what work is skipped.
 * Invariant: an activation code has four operands, the first lowest; a weight code two values, the first lowest, and above them their two indices of two bits.
 * Refused: elements without structured weights, K that is no multiple of four, groups of four with more than two weights.
 */
import { formatNamed, widthOf } from '../float/format.ts';
import { checkLength, checkShape } from '../shape.ts';
import type { FloatPe, IntPe } from './config.ts';
import type { CodePair, GoldenPe } from './pe.ts';
import type { StepProblem } from './steps.ts';

/** Operands of a group, and weights that it can have. */
const [GROUP, KEPT] = [4, 2];

const part = (code: bigint, index: number, width: number): bigint => BigInt.asUintN(width, code >> BigInt(index * width));
const joined = (codes: readonly bigint[], width: number): bigint => codes.reduceRight((all, code) => (all << BigInt(width)) | code, 0n);

/** The pairs of a step that are multiplied, value 0 first; widths are those of one operand. */
function pairsOf(activation: bigint, weight: bigint, activationWidth: number, weightWidth: number): CodePair[] {
  return [0, 1].map((i) => {
    const index = Number(part(weight >> BigInt(KEPT * weightWidth), i, 2));
    return { activation: part(activation, index, activationWidth), weight: part(weight, i, weightWidth) };
  });
}

/** An element of single operands, or of groups of four where its weights are structured; `fold` adds products to a sum. */
export function structured(
  dense: Omit<GoldenPe, 'step'>,
  { sparse }: Pick<IntPe, 'sparse'>,
  fold: (pairs: readonly CodePair[], sum: bigint) => bigint,
): GoldenPe {
  const { activationWidth, weightWidth, padding } = dense;
  if (!sparse) return { ...dense, step: (activation, weight, sum) => fold([{ activation, weight }], sum) };
  return {
    ...dense,
    activationWidth: GROUP * activationWidth,
    weightWidth: KEPT * (weightWidth + 2),
    padding: padding && {
      activation: joined(new Array<bigint>(GROUP).fill(padding.activation), activationWidth),
      weight: joined([padding.weight, padding.weight], weightWidth),
    },
    macs: [GROUP],
    step: (activation, weight, sum) => fold(pairsOf(activation, weight, activationWidth, weightWidth), sum),
  };
}

/** Whether a code is zero, of either sign. */
const isZero = (code: bigint, width: number, signed: boolean): boolean => code === 0n || (signed && code === 1n << BigInt(width - 1));

/** Widths of a single operand. */
function operandWidths(record: IntPe | FloatPe): { readonly activation: number; readonly weight: number; readonly float: boolean } {
  if (record.kind === 'int') return { activation: record.activation.width, weight: record.weight.width, float: false };
  const width = widthOf(formatNamed(record.operand));
  return { activation: width, weight: width, float: true };
}

/**
 * A product of operand codes, `b` with at most two weights in each four of a column, as the steps of an element of structured weights. Throws RangeError, naming the first group
 * that has more, and on a K that is no multiple of four.
 */
export function sparseSteps(record: IntPe | FloatPe, { m, k, n, a, b }: Pick<StepProblem, 'm' | 'k' | 'n' | 'a' | 'b'>): StepProblem {
  checkShape({ m, k, n });
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  if (record.sparse === undefined) throw new RangeError("the element has no structured weights: give it sparse: '2:4'");
  if (k % GROUP !== 0) {
    const below = k - (k % GROUP);
    const near = below === 0 ? `${GROUP}` : `${below} or ${below + GROUP}`;
    throw new RangeError(`k of ${k} is no multiple of ${GROUP}, of which each group has two weights: give ${near}, or fill up with zeros`);
  }
  const widths = operandWidths(record);
  const groups = k / GROUP;
  const weightCode = (group: number, col: number): bigint => {
    const rows = Array.from({ length: GROUP }, (_, i) => b[(group * GROUP + i) * n + col] as bigint);
    const used = rows.flatMap((code, i) => (isZero(code, widths.weight, widths.float) ? [] : [i]));
    if (used.length > KEPT)
      throw new RangeError(
        `rows ${group * GROUP} to ${group * GROUP + GROUP - 1} of column ${col} have ${used.length} weights that are not zero: 2:4 allows two in each four`,
      );
    const free = rows.flatMap((_, i) => (used.includes(i) ? [] : [i])).slice(0, KEPT - used.length);
    const kept = [...used, ...free].sort((x, y) => x - y);
    const values = kept.map((i) => (used.includes(i) ? (rows[i] as bigint) : 0n));
    return joined(values, widths.weight) | (joined(kept.map(BigInt), 2) << BigInt(KEPT * widths.weight));
  };
  return {
    ...{ m, k: groups, n },
    a: Array.from({ length: m * groups }, (_, at) => {
      const from = Math.floor(at / groups) * k + (at % groups) * GROUP;
      return joined(a.slice(from, from + GROUP), widths.activation);
    }),
    b: Array.from({ length: groups * n }, (_, at) => weightCode(Math.floor(at / n), at % n)),
  };
}

/** Multiply-accumulates of a problem, and those of them that no multiplier does: weights that are left out, and with `gated` operands that are zero. */
export function workOf(
  record: IntPe | FloatPe,
  { m, k, n, a, b }: Pick<StepProblem, 'm' | 'k' | 'n' | 'a' | 'b'>,
): { readonly macs: number; readonly skipped: number } {
  const widths = operandWidths(record);
  const gated = record.kind === 'int' && record.gated === true;
  const lanes = record.sparse ? GROUP : 1;
  let skipped = 0;
  for (let row = 0; row < m; row++)
    for (let col = 0; col < n; col++)
      for (let step = 0; step < k; step++) {
        const [activation, weight] = [a[row * k + step] as bigint, b[step * n + col] as bigint];
        const pairs = record.sparse ? pairsOf(activation, weight, widths.activation, widths.weight) : [{ activation, weight }];
        skipped += lanes - pairs.length;
        if (gated) skipped += pairs.filter((p) => p.activation === 0n || p.weight === 0n).length;
      }
  return { macs: m * k * n * lanes, skipped };
}
