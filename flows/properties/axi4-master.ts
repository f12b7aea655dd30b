// What AXI4 asks of a master that reads, and of one that writes, as modules beside the master. Written from the rules of ARM IHI 0022 (chapters A3 and A5) and those that an accelerator's masters add:
// INCR bursts of full width, one ID, at most so many bursts on their way, data never offered before their address.
//
// Contract: they see a master's pins only. They assume a slave that keeps the rules: it answers in order and only what was asked, its offers stay, RLAST is on the last beat, no response comes before
// the data. They assert the master's. That VALID does not wait for READY is a cover: a way to an offer with a slave that was never ready.

import {
  assert,
  assume,
  type Bool,
  bool,
  cat,
  counterType,
  cover,
  input,
  lit,
  Module,
  mux,
  output,
  type UInt,
  uint,
  when,
  zeros,
} from '../../hdl/index.ts';
import { AXI_BURST, fifo, fires } from '../../hdl/std/index.ts';
import { tally } from '../../hdl/std/tally.ts';
import { keepsOffer } from './offers.ts';

export interface MasterCheckerConfig {
  /** Bits of data. */
  readonly bus: number;
  /** Most bursts on their way. */
  readonly outstanding: number;
  /** The one ID of the master. */
  readonly id: number;
  /** Most beats of a burst. */
  readonly burst: number;
}

const PAGE_BITS = 12;
/** Cycles that a master may leave a response to a write waiting. */
const PATIENCE = 8;

function address() {
  return {
    valid: input(bool),
    ready: input(bool),
    id: input(uint(1)),
    addr: input(uint(32)),
    len: input(uint(8)),
    size: input(uint(3)),
    burst: input(uint(2)),
  };
}
type Handshake = { readonly [K in 'valid' | 'ready']: Bool };
type Address = Handshake & { readonly [K in 'id' | 'addr' | 'len' | 'size' | 'burst']: UInt };

/** What holds of every address beat. */
function checkAddress(a: Address, { bus, id, burst }: MasterCheckerConfig): void {
  const { valid } = a;
  const says = (rule: Bool): Bool => valid.not().or(rule);
  const lanes = Math.log2(bus / 8);
  assert(keepsOffer({ valid, ready: a.ready, data: cat(a.id, a.addr, a.len, a.size, a.burst) }), 'an address stays, unchanged, until it is taken');
  assert(says(a.burst.eq(AXI_BURST.incr)), 'bursts are INCR');
  assert(says(a.size.eq(lanes)), 'beats have the width of the bus');
  assert(says(a.id.eq(id)), 'there is one ID');
  assert(says(a.len.lt(burst)), 'a burst has no more beats than are allowed');
  // The last beat's word is in the page of the first.
  const words = a.addr.bits(PAGE_BITS - 1, lanes).add(a.len);
  assert(says(words.lt(2 ** (PAGE_BITS - lanes))), 'no burst crosses 4 KB');
}

/** What a master offers comes neither too early nor too late. */
function checkOffers(channels: readonly Handshake[], fromReset: Bool, neverReady: Bool): void {
  const offers = channels.map(({ valid }) => valid);
  assert(fromReset.and(offers.reduce((any, one) => any.or(one))).not(), 'nothing is offered in the first cycle behind the reset');
  cover(neverReady.and(offers.reduce((all, one) => all.and(one))), 'offers that wait for no READY');
}

/** Bursts on their way may be one more, for the one that comes while one goes. */
const limitOf = (outstanding: number) => counterType(outstanding + 1);

export class ReadMasterChecker extends Module<MasterCheckerConfig> {
  readonly p = this.io({
    ar: address(),
    r: { valid: input(bool), ready: input(bool), id: input(uint(1)), data: input(uint(this.cfg.bus)), resp: input(uint(2)), last: input(bool) },
    /** All that was asked for has come. */
    idle: output(bool),
  });
  readonly fromReset = this.reg(bool, { reset: true, next: lit(bool, false) });
  readonly neverReady = this.reg(bool, { reset: true });
  /** Beats of the oldest burst that came. */
  readonly beats = this.reg(uint(8), { reset: 0 });
  readonly bursts = this.reg(limitOf(this.cfg.outstanding), { reset: 0 });

  constructor(cfg: MasterCheckerConfig) {
    super(cfg);
    this.describe('Rules of AXI4 for a master that reads.');
    const { p, fromReset, neverReady, beats, bursts } = this;
    const { ar, r } = p;
    checkAddress(ar, cfg);
    const asked = fires(ar).named('asked');
    const came = fires(r).named('came');
    const ends = came.and(r.last).named('ends');
    const { out: oldest } = fifo({ valid: asked, ready: this.wire(bool).named('room'), len: ar.len }, { depth: cfg.outstanding + 1 });
    oldest.ready.set(ends);
    when(came, () => beats.set(mux(r.last, zeros(uint(8)), beats.addw(1))));
    tally(bursts, asked, ends);

    assume(r.valid.not().or(oldest.valid), 'data come only for a burst that was asked for');
    assume(r.valid.not().or(r.last.eq(beats.eq(oldest.len))), 'RLAST is on the last beat');
    assume(r.valid.not().or(r.id.eq(cfg.id)), 'data have the ID of their burst');
    assume(keepsOffer({ valid: r.valid, ready: r.ready, data: cat(r.id, r.resp, r.last, r.data) }), 'data stay until they are taken');

    neverReady.set(neverReady.and(ar.ready.not()));
    checkOffers([ar], fromReset, neverReady);
    assert(bursts.le(cfg.outstanding), 'no more bursts are on their way than are allowed');
    cover(ends.and(beats.ne(0)), 'a burst of several beats');
    cover(bursts.eq(cfg.outstanding), 'as many bursts as are allowed');
    p.idle.set(bursts.eq(0));
  }
}

export class WriteMasterChecker extends Module<MasterCheckerConfig> {
  readonly p = this.io({
    aw: address(),
    w: { valid: input(bool), ready: input(bool), data: input(uint(this.cfg.bus)), strb: input(uint(this.cfg.bus / 8)), last: input(bool) },
    b: { valid: input(bool), ready: input(bool), id: input(uint(1)), resp: input(uint(2)) },
    /** All bursts that were offered are answered. */
    idle: output(bool),
  });
  readonly fromReset = this.reg(bool, { reset: true, next: lit(bool, false) });
  readonly neverReady = this.reg(bool, { reset: true });
  /** The address on the bus was offered before this cycle. */
  readonly offered = this.reg(bool, { reset: false });
  readonly beats = this.reg(uint(8), { reset: 0 });
  /** Bursts that were offered, and bursts whose data were taken, without a response yet. */
  readonly bursts = this.reg(limitOf(this.cfg.outstanding), { reset: 0 });
  readonly written = this.reg(limitOf(this.cfg.outstanding), { reset: 0 });
  /** Cycles that the response has waited. */
  readonly waited = this.reg(counterType(PATIENCE), { reset: 0 });

  constructor(cfg: MasterCheckerConfig) {
    super(cfg);
    this.describe('Rules of AXI4 for a master that writes.');
    const { p, fromReset, neverReady, offered, beats, bursts, written, waited } = this;
    const { aw, w, b } = p;
    checkAddress(aw, cfg);
    const lanes = cfg.bus / 8;
    const fresh = aw.valid.and(offered.not()).named('fresh');
    offered.set(aw.valid.and(aw.ready.not()));
    const wrote = fires(w).named('wrote');
    const ends = wrote.and(w.last).named('ends');
    // A burst counts from the first cycle of its offer, since it can no longer change.
    const low = aw.addr.bits(Math.log2(lanes) - 1, 0);
    const announced = { valid: fresh, ready: this.wire(bool).named('room'), len: aw.len, low };
    const { out: oldest } = fifo(announced, { depth: cfg.outstanding + 1, flow: true });
    oldest.ready.set(ends);
    when(wrote, () => beats.set(mux(w.last, zeros(uint(8)), beats.addw(1))));
    const answered = fires(b).named('answered');
    tally(bursts, fresh, answered);
    tally(written, ends, answered);
    when(b.valid.and(b.ready.not()), () => waited.set(waited.addw(1))).otherwise(() => waited.set(0));

    const taken = bursts.gt(offered.asUInt());
    assume(b.valid.not().or(taken.and(written.ne(0))), 'a response comes for a burst whose address and data were taken');
    assume(b.valid.not().or(b.id.eq(cfg.id)), 'a response has the ID of its burst');
    assume(keepsOffer({ valid: b.valid, ready: b.ready, data: cat(b.id, b.resp) }), 'a response stays until it is taken');

    neverReady.set(neverReady.and(aw.ready.or(w.ready).not()));
    checkOffers([aw, w], fromReset, neverReady);
    assert(keepsOffer({ valid: w.valid, ready: w.ready, data: cat(w.last, w.strb, w.data) }), 'data stay, unchanged, until they are taken');
    assert(w.valid.not().or(oldest.valid), 'data are offered with their address or behind it');
    assert(w.valid.not().or(w.last.eq(beats.eq(oldest.len))), 'WLAST is on the last beat, and on no other');
    const firstBeat = w.valid.and(beats.eq(0)).named('firstBeat');
    for (let lane = 0; lane < lanes - 1; lane++)
      assert(firstBeat.not().or(oldest.low.le(lane)).or(w.strb.bit(lane).not()), `lane ${lane} below an unaligned address is not written`);
    assert(bursts.le(cfg.outstanding), 'no more bursts are on their way than are allowed');
    assert(waited.lt(PATIENCE), 'a response is taken in a few cycles');
    cover(ends.and(beats.ne(0)), 'a burst of several beats');
    cover(bursts.eq(cfg.outstanding), 'as many bursts as are allowed');
    p.idle.set(bursts.eq(0));
  }
}
