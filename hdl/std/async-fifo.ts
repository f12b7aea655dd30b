// First-in first-out buffer between two clocks.
//
// Contract: valid/ready on both sides, order kept, no beat lost or doubled, whatever the two clocks are. The oldest beat is on `out` as long as one is seen
// there (first word falls through). One beat a cycle of each side while neither full nor empty. Both sides err on the safe side: a place that was freed
// and a beat that was written are seen `stages` edges late, so `fromCount` is never too small and `toCount` never too large.
// Refused: a depth that is no power of two of at least 2, fewer than 2 stages.
//
// Each side counts modulo twice the depth and shows the count to the other in gray code, of which one bit changes at a time, so that the other side sees the
// old count or the new one. The storage is an array of registers of the writing clock; the reading side looks only at places that were written earlier.

import { when } from '../control.ts';
import { mayCross } from '../crossing.ts';
import { type Domain, inDomain } from '../domain.ts';
import { counterType } from '../functions.ts';
import { output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bundle, vec } from '../types.ts';
import type { Fields, UInt, UIntVar } from '../value-types.ts';
import { placeBetween, type SideResets, type Sides, sidePorts } from './between.ts';
import { binaryToGray, grayToBinary } from './gray.ts';
import { consumerOf, payloadOf, payloadTypes, producerOf } from './payload.ts';
import { refuse } from './refuse.ts';
import { feed, fires, type PayloadOf, type Source, type StreamOf } from './stream.ts';
import { synchroniseGray } from './synchronise.ts';

/** Of `asyncFifo`. */
export interface AsyncFifoOptions extends Sides {
  /** Beats held, a power of two. */
  readonly depth: number;
  /** Registers in a row for each bit of a count that crosses, 2 when absent. */
  readonly stages?: number;
}
/** Of `AsyncFifo`. */
export interface AsyncFifoConfig extends SideResets {
  readonly payload: Fields;
  readonly depth: number;
  readonly stages: number;
}

/** A FIFO between two clocks, order kept, one beat a cycle of each side. `fromCount` and `toCount` err on the safe side by `stages` edges. Throws HDL-C001 on a depth that is no power of two of at least 2, or fewer than 2 stages. */
export class AsyncFifo extends Module<AsyncFifoConfig> {
  readonly p = this.io({
    ...sidePorts(this.cfg),
    in: consumerOf(this.cfg.payload),
    out: producerOf(this.cfg.payload),
    fromCount: output(counterType(checkedDepth(this.cfg.depth))),
    toCount: output(counterType(this.cfg.depth)),
  });
  readonly from = this.domain({ clock: this.p.fromClk, reset: this.p.fromRst });
  readonly to = this.domain({ clock: this.p.toClk, reset: this.p.toRst });
  readonly storage = this.reg(vec(bundle(this.cfg.payload), this.cfg.depth), { domain: this.from });
  readonly written = this.#count(this.from);
  readonly writtenGray = this.#count(this.from);
  readonly taken = this.#count(this.to);
  readonly takenGray = this.#count(this.to);

  constructor(cfg: AsyncFifoConfig) {
    super(cfg);
    const { depth, stages } = cfg;
    this.describe(`Clock crossing of a stream by a buffer of ${depth} beats.`);
    const { p, storage, written, writtenGray, taken, takenGray } = this;
    inDomain(this.from, () => {
      const left = grayToBinary(synchroniseGray(takenGray, stages));
      const used = written.subw(left).named('used');
      p.in.ready.set(used.ne(depth));
      p.fromCount.set(used);
      when(fires(p.in), () => {
        this.#place(written).set(payloadOf(p.in));
        advance(written, writtenGray);
      });
    });
    inDomain(this.to, () => {
      const arrived = grayToBinary(synchroniseGray(writtenGray, stages));
      const held = arrived.subw(taken).named('held');
      const oldest = mayCross(this.wire(bundle(cfg.payload)));
      oldest.set(storage.at(taken.trunc(taken.width - 1)));
      p.out.valid.set(held.ne(0));
      p.toCount.set(held);
      payloadOf(p.out).set(oldest);
      when(fires(p.out), () => advance(taken, takenGray));
    });
  }

  /** Modulo twice the depth, so that full and empty differ. */
  #count(domain: Domain): UIntVar {
    return this.reg(counterType(2 * this.cfg.depth - 1), { reset: 0, domain });
  }

  #place(count: UInt) {
    return this.storage.at(count.trunc(count.width - 1));
  }
}

function advance(count: UIntVar, gray: UIntVar): void {
  const next = count.addw(1);
  count.set(next);
  gray.set(binaryToGray(next));
}

function checkedDepth(depth: number): number {
  if (Number.isSafeInteger(depth) && depth >= 2 && Number.isInteger(Math.log2(depth))) return depth;
  return refuse(`depth of AsyncFifo is ${String(depth)}, but must be a power of two of at least 2`, 'pass such a depth, for instance 8');
}

/**
 * The stream in the domain `to`: `asyncFifo(stream, { depth: 8, from, to }).out`. `fromCount` and `toCount` are the numbers of beats that each side sees.
 * Throws HDL-C001 on a depth, a number of stages or a domain that is refused.
 */
export function asyncFifo<S extends Source>(
  stream: S,
  { depth, stages = 2, ...sides }: AsyncFifoOptions,
): { readonly out: StreamOf<PayloadOf<S>>; readonly fromCount: UInt; readonly toCount: UInt } {
  const cell = placeBetween(AsyncFifo, { payload: payloadTypes(stream), depth, stages }, sides);
  feed(cell.in, stream);
  return { out: cell.out as unknown as StreamOf<PayloadOf<S>>, fromCount: cell.fromCount, toCount: cell.toCount };
}
