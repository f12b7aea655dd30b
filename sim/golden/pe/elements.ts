/**
 * The elements of design note 0018, each as a few lines of arithmetic.
 * Invariant: plain BigInt on whole numbers; floats by the exact model. Nothing is shared with the hardware.
 * Refused: kinds and formats that do not exist.
 */
import { floatAdd, floatFma } from '../float/arithmetic.ts';
import { fastFma } from '../float/fast.ts';
import { formatNamed, signBit, widthOf } from '../float/format.ts';
import { mxPe } from './blocks.ts';
import type { FloatPe, IntPe, PeRecord, TernaryPe, XnorPe } from './config.ts';
import { bitSerialPe, fusiblePe } from './modal.ts';
import { type CodePair, codeOf, type GoldenPe, numberOf, ones, wrappingSum } from './pe.ts';
import { structured } from './sparse.ts';

/** The model of an element. Throws RangeError on a kind or a format that does not exist. */
export function goldenPe(record: PeRecord): GoldenPe {
  switch (record.kind) {
    case 'int':
      return intPe(record);
    case 'float':
      return floatPe(record);
    case 'xnor':
      return xnorPe(record);
    case 'ternary':
      return ternaryPe(record);
    case 'fusible':
      return fusiblePe(record);
    case 'bit-serial':
      return bitSerialPe(record);
    case 'mx':
      return mxPe(record);
    default:
      throw new RangeError(`there is no processing element of kind ${String((record as { kind: unknown }).kind)}`);
  }
}

function intPe(record: IntPe): GoldenPe {
  const { activation, weight, accumulator = 32, overflow = 'wrap', stages = 0 } = record;
  const end = 1n << BigInt(accumulator - 1);
  const fitted = (sum: bigint): bigint => codeOf(overflow === 'wrap' ? sum : sum < -end ? -end : sum >= end ? end - 1n : sum, accumulator);
  const total = (code: bigint): bigint => numberOf(code, accumulator, true);
  const dense = {
    ...wrappingSum(accumulator, stages),
    ...{ activationWidth: activation.width, weightWidth: weight.width, modeWidth: 0, macs: [1] },
    padding: { activation: 0n, weight: 0n },
    add: (a: bigint, b: bigint) => fitted(total(a) + total(b)),
  };
  const product = (pair: CodePair): bigint =>
    numberOf(pair.activation, activation.width, activation.signed) * numberOf(pair.weight, weight.width, weight.signed);
  return structured(dense, record, (pairs, sum) => fitted(pairs.reduce((all, pair) => all + product(pair), total(sum))));
}

function floatPe(record: FloatPe): GoldenPe {
  const { operand, accumulate = operand, productStages = 0, sumStages = 1 } = record;
  const [format, sums] = [formatNamed(operand), formatNamed(accumulate)];
  const fast = fastFma(format, sums);
  const exact = (a: number, w: number, sum: number): number => floatFma(format, a, w, sum, { accumulate: sums }).bits;
  const fma = fast ?? exact;
  const dense = {
    ...{ activationWidth: widthOf(format), weightWidth: widthOf(format), sumWidth: widthOf(sums), modeWidth: 0, productStages, sumStages, macs: [1] },
    // s + −0 is s for every s.
    padding: { activation: BigInt(signBit(format)), weight: 0n },
    add: (a: bigint, b: bigint) => BigInt(floatAdd(sums, Number(a), Number(b)).bits),
  };
  return structured(dense, record, (pairs, sum) => BigInt(pairs.reduce((c, p) => fma(Number(p.activation), Number(p.weight), c), Number(sum))));
}

/** What elements of lanes have in common: a signed sum that wraps. */
function counting(
  { lanes, accumulator = 16, stages = 0 }: XnorPe | TernaryPe,
  own: Pick<GoldenPe, 'activationWidth' | 'weightWidth' | 'padding'>,
  value: (a: bigint, w: bigint) => number,
): GoldenPe {
  return {
    ...own,
    ...wrappingSum(accumulator, stages),
    modeWidth: 0,
    macs: [lanes],
    step: (a, w, sum) => codeOf(sum + BigInt(value(a, w)), accumulator),
  };
}

function xnorPe(record: XnorPe): GoldenPe {
  const { lanes, masked = false } = record;
  const all = (1n << BigInt(lanes)) - 1n;
  return counting(
    record,
    { activationWidth: lanes, weightWidth: masked ? 2 * lanes : lanes, padding: masked ? { activation: 0n, weight: 0n } : undefined },
    (a, w) => {
      const valid = masked ? w >> BigInt(lanes) : all;
      return 2 * ones(~(a ^ w) & valid) - ones(valid);
    },
  );
}

function ternaryPe(record: TernaryPe): GoldenPe {
  const { lanes } = record;
  const trit = (code: bigint, lane: number): number => ((code >> BigInt(lanes + lane)) & 1n ? ((code >> BigInt(lane)) & 1n ? -1 : 1) : 0);
  return counting(record, { activationWidth: 2 * lanes, weightWidth: 2 * lanes, padding: { activation: 0n, weight: 0n } }, (a, w) => {
    let sum = 0;
    for (let lane = 0; lane < lanes; lane++) sum += trit(a, lane) * trit(w, lane);
    return sum;
  });
}
