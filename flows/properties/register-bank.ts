// Register bank: the rules of AXI4-Lite towards the bus, and what a write does to the fields.

import { assert, assume, type Bool, bool, cover, flip, input, lit, Module, mux, output, past, type UInt, uint, when } from '../../hdl/index.ts';
import { AXI_RESP, axiLite, channel, fires, type RegisterMap, registerBank } from '../../hdl/std/index.ts';
import { tally } from '../../hdl/std/tally.ts';
import { keepsOffer } from './offers.ts';

const MAP = {
  name: 'bank',
  addressWidth: 4,
  registers: {
    control: { offset: 0, fields: { enable: { access: 'rw', lsb: 0 }, level: { access: 'rw', lsb: 8, width: 4, reset: 5 } } },
    status: { offset: 4, fields: { error: { access: 'w1c', lsb: 0 } } },
  },
} as const satisfies RegisterMap;
/** Bits that neither register has. */
const RESERVED = 0xfffff0fe;

export class RegisterBankProperties extends Module {
  readonly p = this.io({
    bus: flip(axiLite({ addressWidth: 4, dataWidth: 32 })),
    enable: output(bool),
    level: output(uint(4)),
    error: output(bool),
    fault: input(bool),
  });
  /** Requests taken that are not answered yet. */
  readonly addresses = this.reg(uint(3), { reset: 0 });
  readonly words = this.reg(uint(3), { reset: 0 });
  readonly reads = this.reg(uint(3), { reset: 0 });
  /** A write that was alone from its beginning on. */
  readonly alone = this.reg(bool, { reset: false });
  readonly address = this.reg(uint(4));
  readonly readAddress = this.reg(uint(4));
  readonly word = this.reg(uint(32));
  readonly strobe = this.reg(uint(4));

  constructor() {
    super();
    const { p, addresses, words, reads } = this;
    const fields = registerBank(p.bus, MAP);
    p.enable.set(fields.control.enable);
    p.level.set(fields.control.level);
    p.error.set(fields.status.error);
    fields.status.error_set.set(p.fault);

    const { aw, w, b, ar, r } = {
      ...{ aw: channel(p.bus, 'aw'), w: channel(p.bus, 'w'), b: channel(p.bus, 'b') },
      ...{ ar: channel(p.bus, 'ar'), r: channel(p.bus, 'r') },
    };
    for (const request of [
      { ...aw, data: aw.addr },
      { ...w, data: w.data },
      { ...w, data: w.strb },
      { ...ar, data: ar.addr },
    ])
      assume(keepsOffer(request), 'the master keeps a request until it is taken');
    for (const [answer, name] of [
      [{ ...b, data: b.resp }, 'write'],
      [{ ...r, data: r.resp }, 'read'],
      [{ ...r, data: r.data }, 'read data'],
    ] as const)
      assert(keepsOffer(answer), `a ${name} answer stays until it is taken`);

    tally(addresses, fires(aw), fires(b));
    tally(words, fires(w), fires(b));
    tally(reads, fires(ar), fires(r));
    assert(b.valid.not().or(addresses.ne(0).and(words.ne(0))), 'a write is answered after address and data');
    assert(r.valid.not().or(reads.ne(0)), 'a read is answered after its address');
    assert(addresses.lt(6).and(words.lt(6)).and(reads.lt(6)), 'no more requests wait than there is room for');
    const isKnown = (resp: UInt): Bool => resp.eq(AXI_RESP.okay).or(resp.eq(AXI_RESP.slverr));
    assert(isKnown(b.resp).or(b.valid.not()).and(isKnown(r.resp).or(r.valid.not())), 'answers are OKAY or SLVERR');
    assert(r.valid.not().or(r.data.and(RESERVED).eq(0)), 'reserved bits read zero');

    const still = past(addresses.eq(0).or(words.eq(0))).named('still');
    const started = past(p.bus.awready).named('started');
    assert(
      still
        .and(started)
        .not()
        .or(p.enable.eq(past(p.enable)).and(p.level.eq(past(p.level)))),
      'fields change only by a write',
    );
    assert(past(p.fault).not().or(p.error), 'a fault is shown');
    assert(still.and(started).and(past(p.error)).not().or(p.error), 'an error stays until it is cleared');
    cover(p.error.not().and(past(p.error)), 'an error is cleared');
    this.#read(ar, r);
    this.#follow({ ...aw, both: fires(aw).and(fires(w)), any: fires(aw).or(fires(w)) }, w, b);
  }

  /** One read at a time: what stood in the fields a cycle before the answer. */
  #read(
    ar: { readonly valid: Bool; readonly ready: Bool; readonly addr: UInt },
    r: { readonly valid: Bool; readonly ready: Bool; readonly data: UInt; readonly resp: UInt },
  ): void {
    const { p, reads, readAddress } = this;
    when(fires(ar), () => readAddress.set(ar.addr));
    const alone = past(reads).eq(1).and(reads.eq(1));
    when(r.valid.and(past(r.valid).not()).and(alone), () => {
      const index = readAddress.shr(2);
      assert(r.resp.eq(AXI_RESP.okay).eq(index.lt(2)), 'reads of the registers of the map answer OKAY');
      const control = r.data
        .bit(0)
        .eq(past(p.enable))
        .and(r.data.bits(11, 8).eq(past(p.level)));
      assert(index.ne(0).or(control), 'a read of control gives its fields');
      assert(index.ne(1).or(r.data.eq(past(p.error).asUInt())), 'a read of status gives its field');
      cover(index.eq(1).and(p.error), 'an error is read');
    });
  }

  /** One write from the bus to the fields. */
  #follow(
    aw: { readonly addr: UInt; readonly both: Bool; readonly any: Bool },
    w: { readonly data: UInt; readonly strb: UInt },
    b: { readonly valid: Bool; readonly resp: UInt },
  ): void {
    const { p, alone, address, word, strobe } = this;
    when(aw.both.and(this.addresses.eq(0)).and(this.words.eq(0)), () => {
      alone.set(true);
      address.set(aw.addr);
      word.set(w.data);
      strobe.set(w.strb);
    }).elsewhen(aw.any, () => alone.set(false));
    when(alone.and(b.valid), () => {
      const index = address.shr(2);
      assert(b.resp.eq(mux(index.lt(2), lit(uint(2), AXI_RESP.okay), lit(uint(2), AXI_RESP.slverr))), 'only the registers of the map answer OKAY');
      assert(
        index
          .eq(0)
          .and(strobe.bit(0))
          .not()
          .or(p.enable.eq(word.bit(0))),
        'the first byte of a write reaches its field',
      );
      assert(
        index
          .eq(0)
          .and(strobe.bit(1))
          .not()
          .or(p.level.eq(word.bits(11, 8))),
        'the second byte of a write reaches its field',
      );
      cover(index.eq(0).and(p.level.eq(9)), 'the level is nine');
    });
  }
}
