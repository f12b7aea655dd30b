// Runs of bytes from one alignment to another: beats of a bus as they come, beats as the other side has them.
//
// Contract: for each run the beats that hold its bytes come in, in order, and those that it fills go out with a mask of the bytes that are the run's. A run that fills takes no beats: what stands on
// `in.data` is every beat of it; its two addresses are equally aligned.
// Timing: a run is taken while none is there or in the cycle of the last beat of the one before. Then a beat goes out a cycle, in the cycle in which the last byte of it comes in; where the first
// beat that comes in cannot fill one it takes a cycle more. While `drop` is high runs and beats are taken and forgotten.

import { type Bool, bool, cat, counterType, input, lit, Module, mux, output, type UInt, uint, when } from '../../hdl/index.ts';
import { rotateLeft } from '../../hdl/std/bits.ts';
import { consumer, fires, producer } from '../../hdl/std/stream.ts';
import { INSTRUCTIONS } from '../../isa/instructions.ts';

export interface RealignerConfig {
  /** Of a beat. */
  readonly bytes: number;
  /** Bits of addresses that beats come from and go to, at least those that stand for a byte of a beat. */
  readonly from: number;
  readonly to: number;
}

/** Bits of the length of a run. */
export const RUN_BITS = INSTRUCTIONS['ld.move'].fields.run.width;

export class Realigner extends Module<RealignerConfig> {
  readonly p = this.io({
    run: consumer({ from: uint(this.cfg.from), to: uint(this.cfg.to), length: uint(RUN_BITS), fill: bool }),
    in: consumer({ data: uint(8 * this.cfg.bytes) }),
    /** Bytes that are not the run's are undefined; `beat` is its address without the bits of a byte. */
    out: producer({ beat: uint(this.cfg.to - Math.log2(this.cfg.bytes)), data: uint(8 * this.cfg.bytes), mask: uint(this.cfg.bytes) }),
    drop: input(bool),
    /** There is a run. */
    active: output(bool),
    /** The run fills. */
    fills: output(bool),
    /** Where the next byte comes from. */
    at: output(uint(this.cfg.from)),
  });
  readonly active = this.reg(bool, { reset: false });
  readonly fills = this.reg(bool);
  readonly at = this.reg(uint(this.cfg.from));
  readonly beat = this.reg(uint(this.cfg.to - Math.log2(this.cfg.bytes)));
  /** Bytes of the run from the first of the next beat on, of those that come in and of those that go out. */
  readonly leftIn = this.reg(counterType(2 ** RUN_BITS + this.cfg.bytes));
  readonly leftOut = this.reg(counterType(2 ** RUN_BITS + this.cfg.bytes));
  /** How far bytes move up within a beat. */
  readonly shift = this.reg(uint(Math.log2(this.cfg.bytes)));
  /** Place of the run's first byte, as long as its beat has not gone out. */
  readonly start = this.reg(uint(Math.log2(this.cfg.bytes)));
  /** The next beat that comes in fills none. */
  readonly primes = this.reg(bool);
  /** All bytes are of the beat that comes in, none of the one before. */
  readonly direct = this.reg(bool);
  readonly held = this.reg(uint(8 * this.cfg.bytes));

  constructor(cfg: RealignerConfig) {
    super(cfg);
    this.describe(`Moves runs of bytes in beats of ${cfg.bytes} from one alignment to another.`);
    const { p, active, fills, leftIn, leftOut, shift, primes, held, at, beat } = this;
    const needs = leftIn.ne(0).and(fills.not()).named('needs');
    const has = needs.not().or(p.in.valid).named('has');
    const room = primes.or(p.out.ready).named('room');
    const moves = active.and(has).and(room).named('moves');
    const last = primes.not().and(leftOut.le(cfg.bytes)).named('last');
    p.in.ready.set(active.and(needs).and(room).or(p.drop));
    p.out.valid.set(active.and(has).and(primes.not()).and(p.drop.not()));
    p.run.ready.set(active.not().or(moves.and(last)).or(p.drop));

    let turned: UInt = p.in.data;
    for (let i = 0; i < shift.width; i++) turned = mux(shift.bit(i), rotateLeft(turned, 8 * 2 ** i), turned).named(`turned_${i}`);
    this.#out(turned);
    when(moves, () => {
      held.set(turned);
      at.set(this.#behind(at));
      leftIn.set(less(leftIn, cfg.bytes));
      primes.set(false);
      when(primes.not(), () => {
        leftOut.set(less(leftOut, cfg.bytes));
        beat.set(following(beat));
        this.start.set(0);
      });
      when(last, () => active.set(false));
    });
    when(fires(p.run), () => this.#begin());
    when(p.drop, () => active.set(false));
    p.active.set(active);
    p.fills.set(fills);
    p.at.set(at);
  }

  #begin(): void {
    const { bytes } = this.cfg;
    const { from, to, length, fill } = this.p.run;
    const [place, target] = [this.#place(from), this.#place(to)];
    const [endIn, endOut] = [place.add(length), target.add(length)];
    // Bytes that move down cannot go out before the beat behind them has come in, if there is one.
    const down = target.lt(place).named('down');
    const single = endIn.le(bytes).named('single');
    this.active.set(true);
    this.fills.set(fill);
    this.at.set(from);
    this.beat.set(to.shr(Math.log2(bytes)));
    this.leftIn.set(endIn);
    this.leftOut.set(endOut);
    this.shift.set(target.subw(place));
    this.start.set(target);
    this.primes.set(down.and(single.not()));
    this.direct.set(down.and(single));
  }

  #out(turned: UInt): void {
    const { bytes } = this.cfg;
    const { p, held, shift, start, leftOut, direct, beat } = this;
    const lanes = Array.from({ length: bytes }, (_, i) => i);
    const byte = (lane: number): UInt => mux(direct.or(shift.le(lane)), turned.bits(8 * lane + 7, 8 * lane), held.bits(8 * lane + 7, 8 * lane));
    const isOwn = (lane: number): Bool => start.le(lane).and(leftOut.gt(lane));
    p.out.beat.set(beat);
    p.out.data.set(cat(...lanes.map(byte).reverse()));
    p.out.mask.set(cat(...lanes.map(isOwn).reverse()));
  }

  #place(address: UInt): UInt {
    return address.trunc(Math.log2(this.cfg.bytes));
  }

  /** The first address of the next beat. */
  #behind(address: UInt): UInt {
    const bits = Math.log2(this.cfg.bytes);
    return following(address.shr(bits)).shl(bits);
  }
}

/** Less by a beat, and not below 0. */
function less(bytes: UInt, beat: number): UInt {
  return mux(bytes.le(beat), lit(uint(bytes.width), 0), bytes.subw(beat));
}

/** One more, also of no bits. */
function following(count: UInt): UInt {
  return count.addw(1).trunc(count.width);
}
