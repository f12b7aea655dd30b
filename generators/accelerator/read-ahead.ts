// Reads of a memory as a stream: requests in, rows out, with what travels beside them.
//
// Contract: beats leave in the order in which they came; a `skip` beat reads nothing and its data are undefined. A request is made only when there is room for its row, so none is lost while `out`
// waits. Timing: a row is on `out` two cycles after its request was taken, one beat a cycle; after a pause of `out` of any length no cycle is lost.

import { bool, counterType, Module, uint, vec, when } from '../../hdl/index.ts';
import { asBits, asType } from '../../hdl/std/bits.ts';
import { fifo } from '../../hdl/std/fifo.ts';
import { connectStream, consumer, fires, producer } from '../../hdl/std/stream.ts';
import { type RowShape, readPort } from './ports.ts';

export interface ReadAheadConfig extends RowShape {
  /** Bits that travel beside a row. */
  readonly tag: number;
}

/** Rows that wait, or are on their way: two cycles of latency, and the one that `out` takes. */
const DEPTH = 4;

export class ReadAhead extends Module<ReadAheadConfig> {
  readonly p = this.io({
    in: consumer({ row: counterType(this.cfg.rows - 1), skip: bool, tag: uint(this.cfg.tag) }),
    memory: readPort(this.cfg),
    out: producer({ data: vec(uint(8), this.cfg.width), tag: uint(this.cfg.tag) }),
  });
  /** A row is on its way. */
  readonly flying = this.reg(bool, { reset: false });
  readonly flyingTag = this.reg(uint(this.cfg.tag));

  constructor(cfg: ReadAheadConfig) {
    super(cfg);
    this.describe(`Reads rows of ${cfg.width} bytes ahead of their use.`);
    const { p, flying, flyingTag } = this;
    // As one word: a buffer of vectors is one long vector, which synthesis shifts.
    const landed = { valid: flying, ready: this.wire(bool).named('landed_ready'), data: asBits(p.memory.data), tag: flyingTag };
    const { out, count } = fifo(landed, { depth: DEPTH });
    connectStream(p.out, { ...out, data: asType(out.data, vec(uint(8), cfg.width)) });
    const room = count.add(flying.asUInt()).lt(DEPTH).named('room');
    p.memory.row.set(p.in.row);
    p.memory.valid.set(p.in.valid.and(room).and(p.in.skip.not()));
    p.in.ready.set(room.and(p.in.skip.or(p.memory.ready)));
    flying.set(fires(p.in));
    when(fires(p.in), () => flyingTag.set(p.in.tag));
  }
}
