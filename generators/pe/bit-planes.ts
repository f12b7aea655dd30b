// Parallel-to-serial converter: operands of 1 to 16 bits become the bit planes that the bit-serial element takes.
//
// Contract: a beat of `operands` has `lanes` numbers in their low bits, and how they are meant: `top`, the index of their highest plane (precision less one), `signed`, and how
// often each plane (`hold`) and all planes (`rounds`) come, less one. It gives (rounds + 1) · (top + 1) · (hold + 1) beats of `planes`, plane 0 first, the first a cycle later,
// one a cycle; the next operands are taken in the cycle in which the last of them leaves. `negative` marks the sign plane of signed operands, `last` the last beat.
// With the weights' `top` as `hold` of the activations, and the activations' `top` as `rounds` of the weights, two converters give all pairs of planes; `bitSerialMode` is the
// mode of each. Invariant: `top` is below the width. Refused: lanes and widths out of range.

import { type Bool, bool, cat, lit, Module, mux, type UInt, uint, vec, vecOf, when } from '../../hdl/index.ts';
import { consumer, fires, producer } from '../../hdl/std/stream.ts';
import { refuse } from '../refuse.ts';

/** Of `BitPlanes`. */
export interface BitPlanesConfig {
  /** Operands of a beat, 1 to 4096: those of one step, or of all rows of an array. */
  readonly lanes: number;
  /** Bits that an operand has at most, 2 to 16; 16 when absent. */
  readonly width?: number;
}

const MAX_WIDTH = 16;
const MAX_LANES = 4096;
/** Of planes, and of how often they come: 1 to 16, less one. */
const COUNT = uint(4);

function checked({ lanes, width = MAX_WIDTH }: BitPlanesConfig): Required<BitPlanesConfig> {
  if (!Number.isInteger(lanes) || lanes < 1 || lanes > MAX_LANES) refuse(`bit planes of ${String(lanes)} lanes`, `give 1 to ${MAX_LANES} lanes`);
  if (!Number.isInteger(width) || width < 2 || width > MAX_WIDTH)
    refuse(`bit planes of operands of ${String(width)} bits`, `give 2 to ${MAX_WIDTH} bits, of which each beat says how many count`);
  return { lanes, width };
}

/** Operands to bit planes, a plane a cycle; latency 1 cycle, and the next operands in the cycle of the last plane. Throws HDL-C001 on lanes or widths out of range. */
export class BitPlanes extends Module<BitPlanesConfig> {
  readonly p = this.io({
    operands: consumer({ data: vec(uint(checked(this.cfg).width), this.cfg.lanes), top: COUNT, signed: bool, hold: COUNT, rounds: COUNT }),
    planes: producer({ data: uint(this.cfg.lanes), plane: COUNT, negative: bool, last: bool }),
  });
  readonly occupied = this.reg(bool, { reset: false });
  /** Plane by plane. */
  readonly held = this.reg(vec(uint(this.cfg.lanes), MAX_WIDTH));
  readonly topReg = this.reg(COUNT);
  readonly signedReg = this.reg(bool);
  readonly holdReg = this.reg(COUNT);
  readonly roundsReg = this.reg(COUNT);
  readonly plane = this.reg(COUNT);
  readonly repeat = this.reg(COUNT);
  readonly round = this.reg(COUNT);

  constructor(cfg: BitPlanesConfig) {
    super(cfg);
    const { lanes, width } = checked(cfg);
    this.describe(`Parallel to serial: bit planes of ${lanes} operands of 1 to ${width} bits.`);
    const { operands, planes } = this.p;
    const { occupied, plane, repeat, round } = this;

    const lastRepeat = repeat.eq(this.holdReg).named('lastRepeat');
    const top = plane.eq(this.topReg).named('top');
    const last = lastRepeat.and(top).and(round.eq(this.roundsReg)).named('last');
    const leaves = fires(planes).named('leaves');
    planes.valid.set(occupied);
    planes.data.set(this.held.at(plane));
    planes.plane.set(plane);
    planes.negative.set(top.and(this.signedReg));
    planes.last.set(last);
    operands.ready.set(occupied.not().or(planes.ready.and(last)));

    when(leaves, () => {
      repeat.set(mux(lastRepeat, lit(COUNT, 0), repeat.addw(1)));
      when(lastRepeat, () => plane.set(mux(top, lit(COUNT, 0), plane.addw(1))));
      when(lastRepeat.and(top), () => round.set(round.addw(1)));
    });
    when(fires(operands), () => {
      occupied.set(true);
      this.topReg.set(operands.top);
      this.signedReg.set(operands.signed);
      this.holdReg.set(operands.hold);
      this.roundsReg.set(operands.rounds);
      for (const counter of [plane, repeat, round]) counter.set(0);
      const numbers = Array.from({ length: lanes }, (_, i) => operands.data.at(i));
      const bit = (i: number): UInt => (i < width ? cat(...numbers.map((x) => x.bit(i)).reverse()) : lit(uint(lanes), 0));
      const [first, ...rest] = Array.from({ length: MAX_WIDTH }, (_, i) => bit(i)) as [UInt, ...UInt[]];
      this.held.set(vecOf(first, ...rest));
    }).elsewhen(leaves.and(last), () => occupied.set(false));
  }
}

/** What `bitSerialMode` takes of a stream of planes. */
export interface PlaneOf {
  readonly plane: UInt;
  readonly negative: Bool;
}

/** The mode of a step of the bit-serial element on two planes: shift i + j, and whether it is subtracted. */
export function bitSerialMode(activation: PlaneOf, weight: PlaneOf): UInt {
  return cat(activation.negative.xor(weight.negative), activation.plane.add(weight.plane));
}
