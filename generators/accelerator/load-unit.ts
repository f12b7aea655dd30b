// LD: walks of runs from memory, or of the pad value, to the scratchpad (design note 0025).
//
// Positions are cut into bursts and asked for ahead, as many bursts as `outstanding` says; their bytes come in order and are realigned to the scratchpad, a bus width a cycle. After an error response
// all bursts that were asked for are taken and forgotten, what was not written stays as it was, and the address is that of the first byte of the beat with the error.
//
// Timing: ld.move asks for its first burst three cycles after it was taken. A beat that stands on R in cycle t is offered to the scratchpad in t + 1, and `done` is two cycles behind the last write. A
// run takes as many cycles of R and of the scratchpad as it has beats on either side, whichever are more, and one more where its first bytes move down within a beat.

import { type Bool, bool, cat, connect, counterType, lit, Module, mux, type UInt, uint, vec } from '../../hdl/index.ts';
import { asType, channel, fifo, fillBits, fires, pipelineStage } from '../../hdl/std/index.ts';
import { tally } from '../../hdl/std/tally.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { ADDRESS_BITS, alignedTo, connectAddress, READ_IDS, readChannels } from './axi-ports.ts';
import { Bursts } from './bursts.ts';
import { connectCommands, localBits, MoveFront } from './move-front.ts';
import { pieceBits, scratchpadShape } from './pieces.ts';
import { commandPorts, writePort } from './ports.ts';
import { Realigner } from './realigner.ts';

const FLIP = 0x80;

export class LoadUnit extends Module<AcceleratorConfig> {
  readonly p = this.io({ ...commandPorts(), axi: readChannels(this.cfg), scratchpad: writePort(scratchpadShape(this.cfg)) });
  readonly front = this.inst(MoveFront, { unit: 'ld', scratchpad: this.cfg.scratchpad });
  readonly bursts = this.inst(Bursts, { bytes: this.cfg.bus / 8, burst: this.cfg.burst });
  readonly realigner = this.inst(Realigner, { bytes: this.cfg.bus / 8, from: ADDRESS_BITS, to: localBits(this.cfg) });
  /** Bursts asked for whose last beat has not come. */
  readonly flying = this.reg(counterType(this.cfg.outstanding), { reset: 0 });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe('LD: loads from memory to the scratchpad.');
    const { p, front, bursts, realigner, flying } = this;
    connectCommands(p, front);
    const waiting = this.#positions();
    this.#ask();
    this.#take();
    this.#write();
    bursts.drop.set(front.drop);
    realigner.drop.set(front.drop);
    front.quiet.set(bursts.active.or(realigner.active).or(waiting.ne(0)).or(flying.ne(0)).or(p.scratchpad.valid).not());
  }

  /** Each position becomes a run of the realigner and, inside, one that is cut into bursts. Gives how many of the former wait. */
  #positions(): UInt {
    const { front, bursts, realigner } = this;
    const { runs } = front;
    const asks = runs.outside.not();
    const ready = this.wire(bool).named('run_ready');
    const place = runs.local.trunc(Math.log2(this.cfg.bus / 8)).extend(ADDRESS_BITS);
    const { out, count } = fifo(
      {
        valid: runs.valid.and(runs.outside.or(bursts.run.ready)),
        ready,
        from: mux(runs.outside, place, runs.memory),
        to: runs.local,
        length: runs.length,
        fill: runs.outside,
      },
      // A run that waits is at least a burst, where it is not of the pad value.
      { depth: Math.max(2, this.cfg.outstanding) },
    );
    connect(realigner.run, out);
    bursts.run.valid.set(runs.valid.and(asks).and(ready));
    bursts.run.address.set(runs.memory);
    bursts.run.length.set(runs.length);
    runs.ready.set(ready.and(runs.outside.or(bursts.run.ready)));
    return count;
  }

  #ask(): void {
    const { p, cfg, front, bursts, flying } = this;
    const ready = this.wire(bool).named('ask_ready');
    const mayAsk = flying.lt(cfg.outstanding).and(front.drop.not()).named('may_ask');
    const { address, len } = bursts.out;
    const ask = { valid: bursts.out.valid.and(mayAsk), ready, addr: alignedTo(cfg.bus / 8, address), len };
    bursts.out.ready.set(ready.and(mayAsk));
    connectAddress(channel(p.axi, 'ar'), READ_IDS.load, cfg, pipelineStage(ask));
    tally(flying, fires(ask), fires(channel(p.axi, 'r')).and(p.axi.rlast));
  }

  /** Beats of memory, or of the pad value, to the realigner. */
  #take(): void {
    const { p, cfg, front, realigner } = this;
    const bytes = cfg.bus / 8;
    const isBad = p.axi.rresp.bit(1).named('is_bad');
    const flips = mux(front.load?.flip as Bool, lit(uint(8), FLIP), lit(uint(8), 0));
    realigner.in.valid.set(p.axi.rvalid.and(isBad.not()));
    realigner.in.data.set(mux(realigner.fills, fillBits(front.load?.pad as UInt, bytes), p.axi.rdata.xor(fillBits(flips, bytes))));
    p.axi.rready.set(realigner.in.ready);
    front.error.valid.set(fires(channel(p.axi, 'r')).and(isBad));
    front.error.response.set(p.axi.rresp);
    front.error.at.set(realigner.at);
  }

  /** Beats of the realigner to their piece of a row. */
  #write(): void {
    const { p, cfg, realigner } = this;
    const bytes = cfg.bus / 8;
    const bits = pieceBits(cfg, bytes);
    const { valid, ready, beat, data, mask } = pipelineStage(realigner.out);
    p.scratchpad.valid.set(valid);
    ready.set(p.scratchpad.ready);
    p.scratchpad.row.set(beat.shr(bits));
    p.scratchpad.data.set(asType(fillBits(data, 2 ** bits), vec(uint(8), p.scratchpad.data.length)));
    const own = (piece: number): UInt => (bits === 0 ? mask : mux(beat.trunc(bits).eq(piece), mask, lit(uint(bytes), 0)));
    p.scratchpad.mask.set(cat(...Array.from({ length: 2 ** bits }, (_, i) => own(i)).reverse()).asBools());
  }
}
