// Fusible element (Bit Fusion): sixteen products of 2-bit digits that make one 8 × 8, four 4 × 4, four 8 × 2 or sixteen 2 × 2, chosen step by step.
//
// Contract: x = Σ 4^i·dᵢ of which the top digit alone carries the sign. An operand code has 32 bits, of which a mode uses the lowest: lanes of 8, 4 or 2 bits, lane 0
// lowest. The lanes' products are added up, shifted left by whole bytes (for wider operands in passes), and added to the sum, which wraps.
// Refused: sums out of range.

import { type Bool, cat, lit, mux, type SInt, sint, table, type UInt, uint } from '../../hdl/index.ts';
import { checkAccumulator, checkPipeline } from './check.ts';
import type { FusiblePeConfig } from './config.ts';
import type { PeHost, PeInputs, ProcessingElement } from './contract.ts';
import { DEFAULTS } from './defaults.ts';
import { adding, fitting, nameOf, wrappingSum } from './sum.ts';

/** Bits of the mode, from the lowest: 2 of the precision (8 × 8, 4 × 4, 8 × 2, 2 × 2), signed activations, signed weights, 2 of the shift in bytes. */
const MODE_WIDTH = 6;
const OPERAND_WIDTH = 32;
/** Lanes of each precision. */
const LANES = [1, 4, 4, 16] as const;
/** Digits of an operand of 8 bits: bricks stand in a square of that side. */
const SIDE = 4;

interface Mode {
  /** One of each, in the order of the precisions. */
  readonly is: readonly [Bool, Bool, Bool, Bool];
  readonly signedActivation: Bool;
  readonly signedWeight: Bool;
}

/** Where the digit of a brick stands in an operand, and whether it is the top one of its lane. */
interface Place {
  readonly low: number;
  readonly top: boolean;
}

/** By precision. Brick (i, j) takes digit i of the activation and j of the weight in 8 × 8; else they count within their lane. */
function activationPlaces(i: number, j: number): readonly Place[] {
  const nibble = 2 * (i >> 1) + (j >> 1);
  return [
    { low: 2 * i, top: i === SIDE - 1 },
    { low: 4 * nibble + 2 * (i & 1), top: i % 2 === 1 },
    { low: 8 * j + 2 * i, top: i === SIDE - 1 },
    { low: 2 * (SIDE * i + j), top: true },
  ];
}

function weightPlaces(i: number, j: number): readonly Place[] {
  const nibble = 2 * (i >> 1) + (j >> 1);
  return [
    { low: 2 * j, top: j === SIDE - 1 },
    { low: 4 * nibble + 2 * (j & 1), top: j % 2 === 1 },
    { low: 2 * j, top: true },
    { low: 2 * (SIDE * i + j), top: true },
  ];
}

/** The digit of a brick as a signed value of 3 bits. */
function digit(operand: UInt, places: readonly Place[], { is }: Mode, signed: Bool): SInt {
  const choose = <V extends UInt | Bool>(of: (place: Place) => V): V =>
    places.slice(0, -1).reduceRight<V>((rest, place, n) => mux(is[n] as Bool, of(place) as never, rest as never) as V, of(places.at(-1) as Place));
  const bits = choose((place) => operand.bits(place.low + 1, place.low));
  const top = choose((place) => lit({ kind: 'bool', width: 1 }, place.top) as Bool);
  return cat(bits.bit(1).and(top).and(signed), bits).asSInt();
}

/** A table of both digits: a multiplier of 3 bits would be mapped to a whole DSP block, and additions to carry chains that are larger than the tables. */
function brick(a: SInt, w: SInt): SInt {
  const number = (code: number): number => (code < 4 ? code : code - 8);
  return table(sint(5), cat(a.asUInt(), w.asUInt()), (index) => {
    const product = number(index >> 3) * number(index % 8);
    // Of −4 and −3, which no digit is, some products do not fit.
    return Math.min(product, 9);
  });
}

export function fusiblePe(cfg: FusiblePeConfig): ProcessingElement {
  const { accumulator, stages } = { ...DEFAULTS.fusible, ...cfg };
  /** All products, shifted as the mode says. */
  const shifted = (host: PeHost, { activation, weight, mode }: Omit<PeInputs, 'sum'>): SInt => {
    const code = mode as UInt;
    const value = fused(activation, weight, code);
    const wide = value.shl(24);
    const [one, two, three] = [value.shl(8), value.shl(16), wide].map((v) => v.extend(wide.width)) as [SInt, SInt, SInt];
    const bytes = code.bits(5, 4);
    const chosen = mux(bytes.bit(1), mux(bytes.bit(0), three, two), mux(bytes.bit(0), one, value.extend(wide.width)));
    return host.delay(fitting(chosen, accumulator), stages);
  };
  checkAccumulator('fusible', accumulator);
  checkPipeline('fusible', stages);
  return {
    ...wrappingSum(accumulator),
    name: nameOf('fusible', accumulator !== DEFAULTS.fusible.accumulator && `acc${accumulator}`, stages > 0 && `p${stages}`),
    does: 'sum_out = sum + the products of 1 x 8x8, 4 x 4x4, 4 x 8x2 or 16 x 2x2 bits',
    activation: uint(OPERAND_WIDTH),
    weight: uint(OPERAND_WIDTH),
    modeWidth: MODE_WIDTH,
    productStages: stages,
    zeroIsIdle: true,
    macs: [...LANES],
    precisions: ['8x8', '4x4', '8x2', '2x2'],
    ...adding(accumulator, shifted),
  };
}

/** All products of a step, added up. */
function fused(activation: UInt, weight: UInt, code: UInt): SInt {
  const precision = code.bits(1, 0);
  const mode: Mode = {
    is: [0, 1, 2, 3].map((n) => precision.eq(n)) as unknown as Mode['is'],
    signedActivation: code.bit(2),
    signedWeight: code.bit(3),
  };
  const [full, nibbles, bytes] = mode.is;
  const product = (i: number, j: number): SInt =>
    brick(digit(activation, activationPlaces(i, j), mode, mode.signedActivation), digit(weight, weightPlaces(i, j), mode, mode.signedWeight));
  /**
   * low + high, high `places` further left where asked: no sum of products needs more bits than the shifted one. As x − ~y − 1, since the first operand of a difference is the plain input of a carry
   * chain, and the multiplexer shares tables with the other.
   */
  const join = (low: SInt, high: SInt, shifts: Bool, places: number): SInt => {
    const [shifted, zero] = [high.shl(places), lit(uint(1), 0)];
    const addend = mux(shifts, shifted, high.extend(shifted.width));
    return cat(low.extend(shifted.width), zero).subw(cat(addend, zero).not()).shr(1).asSInt();
  };
  // Activations of 8 or 4 bits span bricks downwards, weights across; between quads only those of 8.
  const [down, across] = [full.or(nibbles).or(bytes), full.or(nibbles)];
  const quad = (i: number, j: number): SInt =>
    join(join(product(i, j), product(i, j + 1), across, 2), join(product(i + 1, j), product(i + 1, j + 1), across, 2), down, 2).named(
      `quad_${i}_${j}`,
    );
  const half = (i: number): SInt => join(quad(i, 0), quad(i, 2), full, 4);
  return join(half(0), half(2), full.or(bytes), 4);
}
