// What AXI4 asks of a master that reads, and of one that writes, as modules beside the master. Written from the rules of ARM IHI 0022 (chapters A3 and A5) and those that an accelerator's masters add:
// INCR bursts of full width, one ID, at most so many bursts on their way, data never offered before their address.
//
// Contract: assumes a slave that keeps the rules: it answers in order and only what was asked, its offers stay, RLAST is on the last beat, no response comes before the data. Asserts the master's.

import { assert, assume, type Bool, bool, cat, counterType, cover, input, Module, mux, type UInt, uint, when, zeros } from '../../hdl/index.ts';
import { AXI_BURST, fifo, fires } from '../../hdl/std/index.ts';
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
type Address = { readonly [K in 'valid' | 'ready']: Bool } & { readonly [K in 'id' | 'addr' | 'len' | 'size' | 'burst']: UInt };

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

/** Bursts on their way may be one more, for the one that comes while one goes. */
const limitOf = (outstanding: number) => counterType(outstanding + 1);

export class ReadMasterChecker extends Module<MasterCheckerConfig> {
  readonly p = this.io({
    ar: address(),
    r: { valid: input(bool), ready: input(bool), id: input(uint(1)), data: input(uint(this.cfg.bus)), resp: input(uint(2)), last: input(bool) },
    /** The master says that it has done what it was told, and whether it failed. */
    done: input(bool),
    failed: input(bool),
  });
  /** Beats of the oldest burst that came. */
  readonly beats = this.reg(uint(8), { reset: 0 });
  readonly bursts = this.reg(limitOf(this.cfg.outstanding), { reset: 0 });
  /** An error came since the last `done`. */
  readonly wrong = this.reg(bool, { reset: false });

  constructor(cfg: MasterCheckerConfig) {
    super(cfg);
    this.describe('Rules of AXI4 for a master that reads.');
    const { p, beats, bursts, wrong } = this;
    const { ar, r } = p;
    checkAddress(ar, cfg);
    const asked = fires(ar).named('asked');
    const came = fires(r).named('came');
    const ends = came.and(r.last).named('ends');
    const { out: oldest } = fifo({ valid: asked, ready: this.wire(bool).named('room'), len: ar.len }, { depth: cfg.outstanding + 1 });
    oldest.ready.set(ends);
    when(came, () => beats.set(mux(r.last, zeros(uint(8)), beats.addw(1))));
    when(asked.and(ends.not()), () => bursts.set(bursts.addw(1))).elsewhen(ends.and(asked.not()), () => bursts.set(bursts.subw(1)));

    assume(r.valid.not().or(oldest.valid), 'data come only for a burst that was asked for');
    assume(r.valid.not().or(r.last.eq(beats.eq(oldest.len))), 'RLAST is on the last beat');
    assume(r.valid.not().or(r.id.eq(cfg.id)), 'data have the ID of their burst');
    assume(keepsOffer({ valid: r.valid, ready: r.ready, data: cat(r.id, r.resp, r.last, r.data) }), 'data stay until they are taken');

    assert(bursts.le(cfg.outstanding), 'no more bursts are on their way than are allowed');
    const failed = wrong.or(came.and(r.resp.bit(1))).named('error');
    wrong.set(failed.and(p.done.not()));
    assert(p.done.not().or(bursts.eq(ends.asUInt().extend(bursts.width))), 'nothing is on its way when the master is done');
    assert(p.done.not().or(p.failed).or(failed.not()), 'an error response is reported');
    assert(p.done.not().or(p.failed.not()).or(failed), 'nothing else is reported as an error');
    cover(ends.and(beats.ne(0)), 'a burst of several beats');
    cover(p.done.and(p.failed), 'a load that fails');
  }
}

export class WriteMasterChecker extends Module<MasterCheckerConfig> {
  readonly p = this.io({
    aw: address(),
    w: { valid: input(bool), ready: input(bool), data: input(uint(this.cfg.bus)), strb: input(uint(this.cfg.bus / 8)), last: input(bool) },
    b: { valid: input(bool), ready: input(bool), id: input(uint(1)), resp: input(uint(2)) },
    done: input(bool),
    failed: input(bool),
  });
  /** The address on the bus was offered before this cycle. */
  readonly offered = this.reg(bool, { reset: false });
  readonly beats = this.reg(uint(8), { reset: 0 });
  /** Addresses taken, and bursts whose data were taken, without a response yet. */
  readonly addresses = this.reg(limitOf(this.cfg.outstanding), { reset: 0 });
  readonly written = this.reg(limitOf(this.cfg.outstanding), { reset: 0 });
  readonly wrong = this.reg(bool, { reset: false });

  constructor(cfg: MasterCheckerConfig) {
    super(cfg);
    this.describe('Rules of AXI4 for a master that writes.');
    const { p, offered, beats, addresses, written, wrong } = this;
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
    const { out: oldest } = fifo(announced, { depth: cfg.outstanding + 2, flow: true });
    oldest.ready.set(ends);
    when(wrote, () => beats.set(mux(w.last, zeros(uint(8)), beats.addw(1))));
    const answered = fires(b).named('answered');
    for (const [count, more] of [
      [addresses, fires(aw)],
      [written, ends],
    ] as const)
      when(more.and(answered.not()), () => count.set(count.addw(1))).elsewhen(answered.and(more.not()), () => count.set(count.subw(1)));

    assume(b.valid.not().or(addresses.ne(0).and(written.ne(0))), 'a response comes for a burst whose address and data were taken');
    assume(b.valid.not().or(b.id.eq(cfg.id)), 'a response has the ID of its burst');
    assume(keepsOffer({ valid: b.valid, ready: b.ready, data: cat(b.id, b.resp) }), 'a response stays until it is taken');

    assert(keepsOffer({ valid: w.valid, ready: w.ready, data: cat(w.last, w.strb, w.data) }), 'data stay, unchanged, until they are taken');
    assert(w.valid.not().or(oldest.valid), 'data are offered with their address or behind it');
    assert(w.valid.not().or(w.last.eq(beats.eq(oldest.len))), 'WLAST is on the last beat, and on no other');
    const firstBeat = w.valid.and(beats.eq(0)).named('firstBeat');
    for (let lane = 0; lane < lanes - 1; lane++)
      assert(firstBeat.not().or(oldest.low.le(lane)).or(w.strb.bit(lane).not()), `lane ${lane} below an unaligned address is not written`);
    const last = answered.asUInt().extend(addresses.width);
    assert(addresses.le(cfg.outstanding), 'no more bursts are on their way than are allowed');
    const failed = wrong.or(answered.and(b.resp.bit(1))).named('error');
    wrong.set(failed.and(p.done.not()));
    assert(p.done.not().or(addresses.eq(last).and(written.eq(last))), 'nothing is on its way when the master is done');
    assert(p.done.not().or(p.failed).or(failed.not()), 'an error response is reported');
    assert(p.done.not().or(p.failed.not()).or(failed), 'nothing else is reported as an error');
    cover(ends.and(beats.ne(0)), 'a burst of several beats');
    cover(p.done.and(p.failed), 'a store that fails');
  }
}
