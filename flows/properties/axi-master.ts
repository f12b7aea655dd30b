// What AXI4 asks of a master whose bursts are INCR and of full width and have one ID, as modules beside it: one for reading, one for writing.
//
// Contract: they assume of the slave what the standard asks of it, and assert what it asks of the master, besides the limits that the configuration names. They know nothing of the master but its
// pins. Lengths of bursts are remembered in order, as many as `outstanding` says.

import {
  assert,
  assume,
  type Bool,
  bool,
  counterType,
  cover,
  input,
  Module,
  mux,
  output,
  type UInt,
  type UIntVar,
  uint,
  when,
} from '../../hdl/index.ts';
import { AXI_BURST } from '../../hdl/std/axi.ts';
import { fires } from '../../hdl/std/stream.ts';
import { tally } from '../../hdl/std/tally.ts';
import { keepsOffer } from './offers.ts';

export interface AxiMasterConfig {
  /** Bits of data. */
  readonly bus: number;
  /** Most beats of a burst, and most bursts whose response has not come. */
  readonly burst: number;
  readonly outstanding: number;
}

const [ADDRESS, PAGE] = [32, 4096];
/** Cycles that a master may leave a response waiting. */
const PATIENCE = 8;

function watchedAddress() {
  return { valid: input(bool), ready: input(bool), addr: input(uint(ADDRESS)), len: input(uint(8)), size: input(uint(3)), burst: input(uint(2)) };
}
interface AddressChannel {
  readonly valid: Bool;
  readonly ready: Bool;
  readonly addr: UInt;
  readonly len: UInt;
  readonly size: UInt;
  readonly burst: UInt;
}

/** An offer stays, each field of it as it is. */
function keeps(channel: { readonly valid: Bool; readonly ready: Bool }, fields: readonly UInt[]): Bool {
  return fields.map((data) => keepsOffer({ ...channel, data })).reduce((all, one) => all.and(one));
}

function checkAddress(channel: AddressChannel, { bus, burst }: AxiMasterConfig): void {
  const { valid, addr, len, size } = channel;
  const bytes = bus / 8;
  assert(keeps(channel, [addr, len, size, channel.burst]), 'an address that is offered stays until it is taken');
  const first = addr.bits(Math.log2(PAGE) - 1, Math.log2(bytes));
  when(valid, () => {
    assert(channel.burst.eq(AXI_BURST.incr).and(size.eq(Math.log2(bytes))), 'a burst is INCR and of full width');
    assert(first.add(len).lt(PAGE / bytes), 'a burst stays within 4 KB');
    assert(len.lt(burst), 'a burst is no longer than the limit');
  });
}

/** Lengths of bursts from their addresses to their ends, the oldest at 0. */
class Lengths {
  readonly count: UIntVar;
  readonly #places: readonly UIntVar[];

  constructor(count: UIntVar, places: readonly UIntVar[]) {
    [this.count, this.#places] = [count, places];
  }

  get oldest(): UInt {
    return this.#places[0] as UInt;
  }

  move(push: Bool, len: UInt, pop: Bool): void {
    const { count } = this;
    const left = mux(pop, count.subw(1), count);
    this.#places.forEach((place, i) => {
      const behind = this.#places[i + 1] ?? place;
      place.set(mux(push.and(left.eq(i)), len, mux(pop, behind, place)));
    });
    tally(count, push, pop);
  }
}

export class AxiReadChecker extends Module<AxiMasterConfig> {
  readonly p = this.io({
    ar: watchedAddress(),
    r: { valid: input(bool), ready: input(bool), data: input(uint(this.cfg.bus)), resp: input(uint(2)), last: input(bool) },
    /** Every burst that was taken is over. */
    idle: output(bool),
  });
  readonly count = this.reg(counterType(this.cfg.outstanding + 1), { reset: 0 });
  readonly places = Array.from({ length: this.cfg.outstanding }, () => this.reg(uint(8)));
  /** Beats of the oldest burst that have come. */
  readonly beats = this.reg(uint(8), { reset: 0 });

  constructor(cfg: AxiMasterConfig) {
    super(cfg);
    const { ar, r } = this.p;
    const lengths = new Lengths(this.count, this.places);
    const ends = fires(r).and(r.last).named('ends');
    const asked = fires(ar).named('asked');
    assume(keeps(r, [r.data, r.resp, r.last.asUInt()]), 'the slave keeps a beat until it is taken');
    assume(r.valid.not().or(this.count.ne(0)), 'the slave answers what was asked for');
    assume(r.valid.not().or(r.last.eq(this.beats.eq(lengths.oldest))), 'the slave says LAST on the last beat of a burst');
    lengths.move(asked, ar.len, ends);
    when(ends, () => this.beats.set(0)).elsewhen(fires(r), () => this.beats.set(this.beats.addw(1)));
    checkAddress(ar, cfg);
    assert(this.count.le(cfg.outstanding), 'no more bursts are under way than the limit');
    this.p.idle.set(this.count.eq(0));
    cover(this.count.eq(cfg.outstanding), 'as many bursts as may be');
  }
}

export class AxiWriteChecker extends Module<AxiMasterConfig> {
  readonly p = this.io({
    aw: watchedAddress(),
    w: { valid: input(bool), ready: input(bool), data: input(uint(this.cfg.bus)), strb: input(uint(this.cfg.bus / 8)), last: input(bool) },
    b: { valid: input(bool), ready: input(bool), resp: input(uint(2)) },
    /** Every burst that was offered is answered. */
    idle: output(bool),
  });
  /** Bursts whose address was offered and whose last beat was not taken. */
  readonly count = this.reg(counterType(this.cfg.outstanding + 1), { reset: 0 });
  readonly places = Array.from({ length: this.cfg.outstanding }, () => this.reg(uint(8)));
  /** Beats of the oldest of them that were taken. */
  readonly beats = this.reg(uint(8), { reset: 0 });
  /** The address that is offered was there before. */
  readonly offered = this.reg(bool, { reset: false });
  /** Bursts whose address, or last beat, was taken, and whose response was not. */
  readonly addresses = this.reg(counterType(this.cfg.outstanding + 1), { reset: 0 });
  readonly ends = this.reg(counterType(this.cfg.outstanding + 1), { reset: 0 });
  readonly flying = this.reg(counterType(this.cfg.outstanding + 1), { reset: 0 });
  readonly waited = this.reg(counterType(PATIENCE), { reset: 0 });

  constructor(cfg: AxiMasterConfig) {
    super(cfg);
    const { aw, w, b } = this.p;
    const { count, beats, offered, addresses, ends, flying, waited } = this;
    const lengths = new Lengths(count, this.places);
    const announced = aw.valid.and(offered.not()).named('announced');
    const [answered, isEnd] = [fires(b).named('answered'), fires(w).and(w.last).named('is_end')];
    offered.set(aw.valid.and(aw.ready.not()));
    lengths.move(announced, aw.len, isEnd);
    when(isEnd, () => beats.set(0)).elsewhen(fires(w), () => beats.set(beats.addw(1)));
    tally(addresses, fires(aw), answered);
    tally(ends, isEnd, answered);
    tally(flying, announced, answered);
    when(b.valid.and(b.ready.not()), () => waited.set(waited.addw(1))).otherwise(() => waited.set(0));

    assume(keeps(b, [b.resp]), 'the slave keeps a response until it is taken');
    assume(b.valid.not().or(addresses.ne(0).and(ends.ne(0))), 'the slave answers after address and data');
    checkAddress(aw, cfg);
    assert(keeps(w, [w.data, w.strb, w.last.asUInt()]), 'a beat that is offered stays until it is taken');
    when(w.valid, () => {
      assert(count.ne(0).or(announced), 'data are of a burst whose address is or was offered');
      const len = mux(count.eq(0), aw.len, lengths.oldest);
      assert(w.last.eq(beats.eq(len)), 'LAST stands on the last beat of a burst and on no other');
    });
    assert(flying.le(cfg.outstanding), 'no more bursts are under way than the limit');
    assert(waited.lt(PATIENCE), 'a response is taken in a few cycles');
    this.p.idle.set(flying.eq(0));
    cover(flying.eq(cfg.outstanding), 'as many bursts as may be');
  }
}
