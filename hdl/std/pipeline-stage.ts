// One register in a stream.
//
// Contract: `out.valid` and the payload of `out` are registers. Latency 1 cycle; one beat a cycle; holds 1 beat.
// Back-pressure: `in.ready` is combinational in `out.ready`; a skid buffer cuts that path too.

import { when } from '../control.ts';
import { Module } from '../module.ts';
import { bool, bundle } from '../types.ts';
import type { Fields } from '../value-types.ts';
import { consumerOf, payloadOf, payloadTypes, place, producerOf } from './payload.ts';
import { feed, fires, type PayloadOf, type Source, type StreamOf } from './stream.ts';

/** Of `PipelineStage`. */
export interface PipelineStageConfig {
  readonly payload: Fields;
}

/** One register in a stream. Latency 1 cycle, a beat a cycle; `in.ready` is combinational in `out.ready`. */
export class PipelineStage extends Module<PipelineStageConfig> {
  readonly p = this.io({ in: consumerOf(this.cfg.payload), out: producerOf(this.cfg.payload) });
  readonly occupied = this.reg(bool, { reset: false });
  readonly beat = this.reg(bundle(this.cfg.payload));

  constructor(cfg: PipelineStageConfig) {
    super(cfg);
    this.describe('Pipeline stage: one registered beat, one beat a cycle.');
    const { p, occupied, beat } = this;
    p.in.ready.set(p.out.ready.or(occupied.not()));
    p.out.valid.set(occupied);
    payloadOf(p.out).set(beat);
    when(p.in.ready, () => occupied.set(p.in.valid));
    when(fires(p.in), () => beat.set(payloadOf(p.in)));
  }
}

/** The stream one register later. */
export function pipelineStage<S extends Source>(stream: S): StreamOf<PayloadOf<S>> {
  const cell = place(PipelineStage, { payload: payloadTypes(stream) });
  feed(cell.in, stream);
  return cell.out as unknown as StreamOf<PayloadOf<S>>;
}
