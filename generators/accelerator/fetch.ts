// Instructions from memory: bursts of words into a window of 128 of them.
//
// Contract: words have numbers, `slots`: their address divided by 16. `word` is that of the slot `at` of the cycle before, if `ready` was high then. The window keeps `oldest` and what follows, so that loop bodies of
// up to 64 words are read once. One burst at a time, INCR, full width, at most 512 bytes, ending at a multiple of them, so that none crosses 4 KB; nothing behind the program's last beat is read.
// Errors: after a beat with SLVERR or DECERR the burst is drained, nothing more is asked for, and `fault` is set; slots before that beat stay ready.
//
// Timing: the first request stands two cycles after `start`, the next one two cycles after the last beat of the one before; a word is ready in the cycle after its last beat.

import { type Bool, bool, fill, input, lit, Module, mux, output, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { channel, fires, min } from '../../hdl/std/index.ts';
import { ERRORS } from '../../isa/errors.ts';
import { WORD_BYTES } from '../../isa/instructions.ts';
import { ADDRESS_BITS, type BusConfig, READ_IDS, readChannels, setBurstKind } from './axi-ports.ts';

export interface FetchConfig extends BusConfig {
  /** Longest burst in beats. */
  readonly burst: number;
}

/** Instructions in the window. */
const WINDOW = 128;
const CHUNK_BYTES = 512;
const CHUNK_SLOTS = CHUNK_BYTES / WORD_BYTES;
const WORD = 8 * WORD_BYTES;

/** Bits of a slot's number: one more than an address needs, for the end of a program. */
export const SLOT_BITS = 29;
/** Bits of the number of an instruction in its program. */
export const INDEX_BITS = 24;

export class Fetch extends Module<FetchConfig> {
  readonly #beatBytes = this.cfg.bus / 8;
  /** Of beats in a word when positive, of words in a beat when negative: logarithm to base 2. */
  protected readonly shift = Math.log2(WORD_BYTES / this.#beatBytes);
  readonly p = this.io({
    axi: readChannels(this.cfg),
    /** A program begins; only while idle. */
    start: input(bool),
    first: input(uint(SLOT_BITS - 1)),
    length: input(uint(INDEX_BITS)),
    /** Asks for nothing more. */
    stop: input(bool),
    at: input(uint(SLOT_BITS)),
    oldest: input(uint(SLOT_BITS)),
    ready: output(bool),
    word: output(uint(WORD)),
    /** An error of `isa/errors.ts`, and the address of the beat that had it. */
    fault: output(uint(3)),
    address: output(uint(ADDRESS_BITS)),
    idle: output(bool),
  });
  readonly #beatBits = SLOT_BITS + this.shift;
  /** Numbers of beats: addresses divided by their bytes. Asked for next; the end of the program; the next to come. */
  readonly next = this.reg(uint(this.#beatBits));
  readonly end = this.reg(uint(this.#beatBits));
  readonly received = this.reg(uint(this.#beatBits));
  readonly active = this.reg(bool, { reset: false });
  readonly fault = this.reg(uint(3), { reset: 0 });
  readonly burstBeats = this.reg(uint(9));
  readonly control = this.fsm(['idle', 'request', 'receive']);

  constructor(cfg: FetchConfig) {
    super(cfg);
    this.describe(`Instruction fetch: a window of ${WINDOW} words.`);
    const { p, next, end, received, active, fault, burstBeats, control } = this;
    const [ar, r] = [channel(p.axi, 'ar'), channel(p.axi, 'r')];
    const chunk = Math.min(CHUNK_BYTES / this.#beatBytes, cfg.burst);

    const left = end.subw(next).named('left');
    // Beats to the next boundary of a chunk; `chunk` itself on one.
    const toBoundary = chunk === 1 ? lit(uint(1), 1) : lit(uint(Math.log2(chunk) + 1), chunk).sub(next.bits(Math.log2(chunk) - 1, 0));
    const room = this.#slot(next)
      .le(p.oldest.add(WINDOW - CHUNK_SLOTS))
      .named('room');
    const asks = active.and(p.stop.not()).and(fault.eq(0)).and(room).and(left.ne(0));
    control.on({
      idle: () =>
        when(asks, () => {
          burstBeats.set(min(toBoundary.extend(this.#beatBits), left).trunc(9));
          control.goto('request');
        }),
      request: () =>
        when(ar.ready, () => {
          next.set(next.addw(burstBeats));
          control.goto('receive');
        }),
      receive: () => when(r.valid.and(r.last), () => control.goto('idle')),
    });
    ar.valid.set(control.is('request'));
    ar.addr.set(this.#address(next));
    ar.id.set(READ_IDS.fetch);
    setBurstKind(ar, cfg);
    ar.len.set(burstBeats.subw(1).trunc(8));
    r.ready.set(control.is('receive'));

    const failed = r.resp.bit(1);
    const taken = fires(r).and(fault.eq(0)).named('taken');
    when(taken.and(failed.not()), () => received.set(received.addw(1)));
    when(taken.and(failed), () => fault.set(mux(r.resp.bit(0), lit(uint(3), ERRORS.decodeError), lit(uint(3), ERRORS.slaveError))));
    when(p.stop, () => active.set(false));
    when(p.start, () => {
      active.set(true);
      fault.set(0);
      const first = this.#beat(p.first.extend(SLOT_BITS));
      next.set(first);
      received.set(first);
      end.set(this.#beatsUpTo(p.first.add(p.length).trunc(SLOT_BITS)));
    });

    p.ready.set(p.at.lt(this.#slot(received)));
    p.word.set(this.#window(taken));
    p.fault.set(fault);
    p.address.set(this.#address(received));
    p.idle.set(control.is('idle'));
  }

  #address(beat: UInt): UInt {
    return beat.shl(Math.log2(this.#beatBytes)).trunc(ADDRESS_BITS);
  }

  /** The slot of a beat: the first one in it, or the one that it is a part of. */
  #slot(beat: UInt): UInt {
    return this.shift < 0 ? beat.shl(-this.shift) : beat.shr(this.shift);
  }

  /** The first beat of a slot. */
  #beat(slot: UInt): UInt {
    return this.shift < 0 ? slot.shr(-this.shift) : slot.shl(this.shift);
  }

  /** The first beat that has nothing of the slots before one. */
  #beatsUpTo(slot: UInt): UInt {
    return this.#beat(this.shift < 0 ? slot.addw(2 ** -this.shift - 1) : slot);
  }

  /** Beats as wide as a word or wider are rows as they come; narrower ones are lanes of a row of one word. */
  #window(taken: Bool): UInt {
    const { p, received, shift } = this;
    const { bus } = this.cfg;
    const laneBits = Math.min(bus, WORD);
    const lanes = 2 ** Math.abs(shift);
    const rows = shift < 0 ? WINDOW / lanes : WINDOW;
    const low = (value: UInt, from: number): UInt => value.bits(from + Math.log2(rows) - 1, from);
    const window = this.memory(vec(uint(laneBits), lanes), rows);
    const row = window.read(low(p.at, Math.max(0, -shift)));
    const lane = received.bits(Math.max(1, shift) - 1, 0);
    const options = shift > 0 ? { mask: lit(uint(lanes), 1).dshl(lane).trunc(lanes).asBools() } : {};
    when(taken, () => window.write(low(received, Math.max(0, shift)), shift > 0 ? fill(lanes, p.axi.rdata) : p.axi.rdata.split(laneBits), options));
    if (shift >= 0) return row.asUInt();
    return row.at(this.reg(uint(-shift), { next: p.at.bits(-shift - 1, 0) }).named('lane'));
  }
}
