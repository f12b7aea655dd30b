// ST: walks of runs from the scratchpad to memory (design note 0025).
//
// Positions are cut into bursts, announced ahead, as many as `outstanding` says; rows of the scratchpad are read ahead and realigned to the bus, a beat a cycle, with strobes at the ends of a run. Data
// of a burst may stand on W as soon as its address stands on AW, taken or not. After an error response no burst is announced; those that were are sent to their end with strobes of 0, and the address
// is that of the first byte of the burst.
//
// Timing: st.move announces its first burst three cycles after it was taken, and its first beat stands on W not before the fifth; then a beat a cycle, and one more for a run whose first bytes move
// down within a beat. `done` is two cycles behind the last response.

import { bool, cat, connect, counterType, lit, Module, mux, type UInt, uint, when } from '../../hdl/index.ts';
import { asBits, channel, fifo, fires, pipelineStage, type StreamOf } from '../../hdl/std/index.ts';
import { tally } from '../../hdl/std/tally.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { alignedTo, connectAddress, WRITE_ID, writeChannels } from './axi-ports.ts';
import { Bursts } from './bursts.ts';
import { connectCommands, localBits, MoveFront } from './move-front.ts';
import { pieceBits, pieceIndex, pieceOf, rowOf, scratchpadShape } from './pieces.ts';
import { commandPorts, readPort } from './ports.ts';
import { ReadAhead } from './read-ahead.ts';
import { Realigner, RUN_BITS } from './realigner.ts';

/** Runs that wait for their first beat. */
const WAITING = 2;

export class StoreUnit extends Module<AcceleratorConfig> {
  readonly p = this.io({ ...commandPorts(), axi: writeChannels(this.cfg), scratchpad: readPort(scratchpadShape(this.cfg)) });
  readonly #bytes = this.cfg.bus / 8;
  readonly #byteBits = Math.log2(this.cfg.bus / 8);
  readonly front = this.inst(MoveFront, { unit: 'st', scratchpad: this.cfg.scratchpad });
  readonly bursts = this.inst(Bursts, { bytes: this.#bytes, burst: this.cfg.burst });
  readonly realigner = this.inst(Realigner, { bytes: this.#bytes, from: this.#byteBits, to: this.#byteBits });
  readonly reads = this.inst(ReadAhead, { ...scratchpadShape(this.cfg), tag: Math.max(1, pieceBits(this.cfg, this.#bytes)) });
  /** Bursts announced whose response has not come. */
  readonly flying = this.reg(counterType(this.cfg.outstanding), { reset: 0 });
  /** Pieces of the scratchpad that are still to be read for a run, and the address of the next. */
  readonly piecesLeft = this.reg(counterType(Math.ceil((2 ** RUN_BITS + this.#bytes) / this.#bytes)), { reset: 0 });
  readonly piece = this.reg(uint(localBits(this.cfg) - this.#byteBits));
  /** Pieces asked for that the realigner has not taken. */
  readonly piecesFlying = this.reg(uint(3), { reset: 0 });
  /** Beats of the present burst that are sent. */
  readonly sent = this.reg(uint(8), { reset: 0 });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe('ST: stores from the scratchpad to memory.');
    const { p, front, bursts, realigner, flying, piecesLeft, piecesFlying } = this;
    connectCommands(p, front);
    const waiting = this.#positions();
    this.#read();
    this.#announce();
    bursts.drop.set(front.drop);
    realigner.drop.set(front.drop);
    const reads = piecesLeft.ne(0).or(piecesFlying.ne(0));
    front.quiet.set(bursts.active.or(realigner.active).or(waiting.ne(0)).or(flying.ne(0)).or(reads).not());
  }

  /** Each position becomes a run of the realigner, one that is cut into bursts, and one of pieces that are read. Gives how many of the first wait. */
  #positions(): UInt {
    const { front, bursts, realigner, piecesLeft } = this;
    const { runs } = front;
    const ready = this.wire(bool).named('run_ready');
    const asked = fires(this.reads.in).named('piece_asked');
    const free = piecesLeft.eq(0).or(piecesLeft.eq(1).and(asked)).named('free');
    const from = runs.local.trunc(this.#byteBits);
    const { out, count } = fifo(
      {
        valid: runs.valid.and(bursts.run.ready).and(free),
        ready,
        from,
        to: runs.memory.trunc(this.#byteBits),
        length: runs.length,
        fill: lit(bool, false),
      },
      { depth: WAITING },
    );
    connect(realigner.run, out);
    bursts.run.valid.set(runs.valid.and(ready).and(free));
    bursts.run.address.set(runs.memory);
    bursts.run.length.set(runs.length);
    runs.ready.set(ready.and(bursts.run.ready).and(free));
    return count;
  }

  /** Pieces of the scratchpad for the realigner. */
  #read(): void {
    const { p, cfg, front, realigner, reads, piece, piecesLeft, piecesFlying } = this;
    const { local, length } = front.runs;
    const address = cat(piece, lit(uint(this.#byteBits), 0));
    const index = pieceIndex(cfg, address, this.#bytes);
    reads.in.valid.set(piecesLeft.ne(0));
    reads.in.row.set(rowOf(cfg, address));
    reads.in.skip.set(false);
    reads.in.tag.set(index ?? 0);
    connect(p.scratchpad, reads.memory);
    const asked = fires(reads.in);
    when(asked, () => {
      piece.set(piece.addw(1));
      // What nobody wants any more is not read, but for the piece that was asked for.
      piecesLeft.set(mux(front.drop, lit(uint(piecesLeft.width), 0), piecesLeft.subw(1)));
    });
    when(fires(front.runs), () => {
      piece.set(local.shr(this.#byteBits));
      piecesLeft.set(
        local
          .trunc(this.#byteBits)
          .add(length)
          .add(this.#bytes - 1)
          .shr(this.#byteBits)
          .trunc(piecesLeft.width),
      );
    });
    realigner.in.valid.set(reads.out.valid);
    realigner.in.data.set(asBits(pieceOf(reads.out.data, index && reads.out.tag, this.#bytes)));
    reads.out.ready.set(realigner.in.ready);
    tally(piecesFlying, asked, fires(reads.out));
  }

  /** Bursts to AW, their lengths to the data, their addresses to the responses. */
  #announce(): void {
    const { p, cfg, front, bursts, flying } = this;
    const ready = this.wire(bool).named('announce_ready');
    const mayAnnounce = flying.lt(cfg.outstanding).and(front.drop.not()).named('may_announce');
    const { address, len } = bursts.out;
    const burst = { valid: bursts.out.valid.and(mayAnnounce), ready, addr: alignedTo(this.#bytes, address), len };
    const announced = fires(burst).named('announced');
    bursts.out.ready.set(ready.and(mayAnnounce));
    connectAddress(channel(p.axi, 'aw'), WRITE_ID, cfg, pipelineStage(burst));

    // There is always room, since no more bursts are under way than `outstanding`.
    const room = (name: string) => this.wire(bool).named(name);
    const lengths = fifo({ valid: announced, ready: room('lengths_ready'), len }, { depth: cfg.outstanding }).out;
    const addresses = fifo({ valid: announced, ready: room('addresses_ready'), address }, { depth: cfg.outstanding }).out;
    this.#send(lengths);

    const answered = p.axi.bvalid.named('answered');
    p.axi.bready.set(true);
    addresses.ready.set(answered);
    front.error.valid.set(answered.and(p.axi.bresp.bit(1)));
    front.error.response.set(p.axi.bresp);
    front.error.at.set(addresses.address);
    tally(flying, announced, answered);
  }

  /** The beats of the bursts that are announced. */
  #send(burst: StreamOf<{ readonly len: UInt }>): void {
    const { p, front, realigner, sent } = this;
    const { out } = realigner;
    const ready = this.wire(bool).named('send_ready');
    const last = sent.eq(burst.len).named('last');
    const valid = burst.valid.and(out.valid.or(front.drop));
    const beat = { valid, ready, data: out.data, strb: mux(front.drop, lit(uint(this.#bytes), 0), out.mask), last };
    const sends = fires(beat).named('sends');
    out.ready.set(burst.valid.and(ready));
    burst.ready.set(sends.and(last));
    when(sends, () => sent.set(mux(last, lit(uint(sent.width), 0), sent.addw(1))));
    const w = channel(p.axi, 'w');
    const stage = pipelineStage(beat);
    w.valid.set(stage.valid);
    w.data.set(stage.data);
    w.strb.set(stage.strb);
    w.last.set(stage.last);
    stage.ready.set(w.ready);
  }
}
