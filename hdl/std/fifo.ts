// Synchronous first-in first-out buffer.
//
// Contract: any depth from 1; the oldest beat is on `out` as long as there is one (first word falls through); `count` beats are held. Latency
// 1 cycle, 0 with `flow` when empty. One beat a cycle from depth 2; depth 1 alternates unless it has `pipe`.
// Back-pressure: `in.ready` is low when full; with `pipe` it is high while full and `out` is taken, a path from `out.ready` to `in.ready`. `flow`
// makes a path from `in` to `out`. Refused: a depth below 1.
// The storage is an array of registers without reset.

import { when } from '../control.ts';
import { counterType, lit, mux } from '../functions.ts';
import { output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool, bundle, vec } from '../types.ts';
import type { BundleVar, Fields, UInt, UIntVar } from '../value-types.ts';
import { consumerOf, payloadOf, payloadTypes, place, producerOf } from './payload.ts';
import { wholeNumber } from './refuse.ts';
import { feed, fires, type PayloadOf, type Source, type StreamOf } from './stream.ts';

/** Of `fifo`. */
export interface FifoOptions {
  /** Beats held, at least 1. */
  readonly depth: number;
  /** Takes a beat while full when one leaves in the same cycle. */
  readonly pipe?: boolean;
  /** Passes a beat in the same cycle while empty. */
  readonly flow?: boolean;
}
/** Of `Fifo`. */
export interface FifoConfig extends FifoOptions {
  readonly payload: Fields;
}

/** First in, first out, any depth from 1; the oldest beat is on `out` as long as there is one. Latency 1 cycle (0 with `flow` when empty), a beat a cycle from depth 2. Throws HDL-C001 on a depth below 1. */
export class Fifo extends Module<FifoConfig> {
  readonly p = this.io({ in: consumerOf(this.cfg.payload), out: producerOf(this.cfg.payload), count: output(counterType(checkedDepth(this.cfg))) });
  readonly storage = this.cfg.depth > 1 ? this.reg(vec(bundle(this.cfg.payload), this.cfg.depth)) : undefined;
  /** The storage of depth 1. */
  readonly beat = this.cfg.depth === 1 ? this.reg(bundle(this.cfg.payload)) : undefined;
  readonly writeIndex = this.cfg.depth > 1 ? this.reg(counterType(this.cfg.depth - 1), { reset: 0 }) : undefined;
  readonly readIndex = this.cfg.depth > 1 ? this.reg(counterType(this.cfg.depth - 1), { reset: 0 }) : undefined;
  readonly used = this.reg(counterType(this.cfg.depth), { reset: 0 });
  readonly push = this.wire(bool);
  readonly pop = this.wire(bool);

  constructor(cfg: FifoConfig) {
    super(cfg);
    const { depth, pipe, flow } = cfg;
    this.describe(
      `First-in first-out buffer of ${depth} ${depth === 1 ? 'beat' : 'beats'}${pipe ? ', takes one while full when one leaves' : ''}${flow ? ', passes one at once when empty' : ''}.`,
    );
    const { p, storage, beat, used, writeIndex, readIndex, push, pop } = this;
    const full = used.eq(depth).named('full');
    const empty = used.eq(0).named('empty');
    const place = (index: UInt | undefined) => (storage && index ? storage.at(index) : (beat as BundleVar<Fields>));
    const oldest = place(readIndex);
    p.in.ready.set(pipe ? full.not().or(p.out.ready) : full.not());
    p.out.valid.set(flow ? empty.not().or(p.in.valid) : empty.not());
    payloadOf(p.out).set(flow ? mux(empty, payloadOf(p.in), oldest) : oldest);
    // With flow a beat may go past the storage.
    push.set(flow ? fires(p.in).and(empty.and(p.out.ready).not()) : fires(p.in));
    pop.set(empty.not().and(p.out.ready));
    p.count.set(used);

    when(push, () => {
      place(writeIndex).set(payloadOf(p.in));
      writeIndex?.set(following(writeIndex, depth));
    });
    when(pop, () => readIndex?.set(following(readIndex, depth)));
    when(push.and(pop.not()), () => used.set(used.addw(1))).elsewhen(pop.and(push.not()), () => used.set(used.subw(1)));
  }
}

/** The next index of a ring of `depth` places. */
function following(index: UIntVar, depth: number): UInt {
  const next = index.addw(1);
  return 2 ** index.width === depth ? next : mux(index.eq(depth - 1), lit(counterType(depth - 1), 0), next);
}

function checkedDepth({ depth }: FifoConfig): number {
  wholeNumber('depth of Fifo', depth, 1);
  return depth;
}

/** Buffers a stream: `fifo(stream, { depth: 4 }).out` has the same payload; `count` is the number of beats held. */
export function fifo<S extends Source>(stream: S, options: FifoOptions): { readonly out: StreamOf<PayloadOf<S>>; readonly count: UInt } {
  const { depth, pipe = false, flow = false } = options;
  const cell = place(Fifo, { payload: payloadTypes(stream), depth, pipe, flow });
  feed(cell.in, stream);
  return { out: cell.out as unknown as StreamOf<PayloadOf<S>>, count: cell.count };
}
