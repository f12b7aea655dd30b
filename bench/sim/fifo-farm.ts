// FIFOs of several depths, each with a source and a sink that stall at random: many small state machines and much that does not happen.

import { type Bool, type BoolVar, lit, Module, output, type UInt, type UIntVar, uint, vec, vecOf } from '../../hdl/index.ts';
import { Fifo } from '../../hdl/std/index.ts';
import { Checksum, shifted } from './checksum.ts';

interface LaneConfig {
  readonly depth: number;
}

interface WordFifo {
  readonly in: { readonly valid: BoolVar; readonly ready: Bool; readonly data: UIntVar };
  readonly out: { readonly valid: Bool; readonly ready: BoolVar; readonly data: UInt };
}

/** One FIFO with its traffic; the depth makes lanes differ. */
class Lane extends Module<LaneConfig> {
  readonly p = this.io({ sum: output(uint(32)) });
  readonly state = this.reg(uint(16), { reset: (0x1357 * (this.cfg.depth + 3)) & 0xffff });
  readonly sent = this.reg(uint(32), { reset: this.cfg.depth });
  readonly fifo = this.inst(Fifo, { payload: { data: uint(32) }, depth: this.cfg.depth });
  readonly checksum = this.inst(Checksum);

  constructor(cfg: LaneConfig) {
    super(cfg);
    const { state, sent, checksum } = this;
    // The payload of the class is any record; `fifo()` would know it, of a stream that is there already.
    const fifo = this.fifo as unknown as WordFifo;
    state.set(shifted(state));
    fifo.in.valid.set(state.bits(1, 0).ne(0));
    fifo.in.data.set(sent);
    sent.set(sent.addw(fifo.in.ready.asUInt()).addw(state.extend(32)).trunc(32));
    fifo.out.ready.set(state.bits(9, 8).ne(1));
    checksum.enable.set(fifo.out.valid.and(state.bits(9, 8).ne(1)));
    checksum.word.set(fifo.out.data);
    this.p.sum.set(checksum.sum);
  }
}

/** So many lanes, placed one by one, with depths from 2 to 17. */
export class FifoFarm extends Module<{ readonly lanes: number }> {
  readonly p = this.io({ sums: output(vec(uint(32), 1)) });
  readonly lanes = Array.from({ length: this.cfg.lanes }, (_, i) => this.inst(Lane, { depth: 2 + (i % 16) }));

  constructor(cfg: { readonly lanes: number }) {
    super(cfg);
    const sum = this.lanes.reduce((all, lane) => all.addw(lane.sum).trunc(32), lit(uint(32), 0));
    this.p.sums.set(vecOf(sum));
  }
}
