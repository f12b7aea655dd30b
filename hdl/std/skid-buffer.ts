// Two registers that cut a stream's paths in both directions.
//
// Contract: `in.ready`, `out.valid` and the payload of `out` are registers. Latency 1 cycle; one beat a cycle; holds up to 2 beats, in order.
// Back-pressure: `in.ready` falls the cycle after `out` stalls; the beat that comes meanwhile waits in the skid register. Ready after reset.

import { when } from '../control.ts';
import { Module } from '../module.ts';
import { bool, bundle } from '../types.ts';
import type { Fields } from '../value-types.ts';
import { consumerOf, payloadOf, payloadTypes, place, producerOf } from './payload.ts';
import { feed, fires, type PayloadOf, type Source, type StreamOf } from './stream.ts';

export interface SkidBufferConfig {
  readonly payload: Fields;
}

export class SkidBuffer extends Module<SkidBufferConfig> {
  readonly p = this.io({ in: consumerOf(this.cfg.payload), out: producerOf(this.cfg.payload) });
  /** High as long as the skid register is empty. */
  readonly inReady = this.reg(bool, { reset: true });
  readonly outValid = this.reg(bool, { reset: false });
  readonly beat = this.reg(bundle(this.cfg.payload));
  readonly skid = this.reg(bundle(this.cfg.payload));

  constructor(cfg: SkidBufferConfig) {
    super(cfg);
    this.describe('Skid buffer: registered ready and valid, 2 beats, one beat a cycle.');
    const { p, inReady, outValid, beat, skid } = this;
    p.in.ready.set(inReady);
    p.out.valid.set(outValid);
    payloadOf(p.out).set(beat);
    const outFree = p.out.ready.or(outValid.not()).named('outFree');

    when(outFree, () => {
      inReady.set(true);
      outValid.set(p.in.valid.or(inReady.not()));
      when(inReady, () => beat.set(payloadOf(p.in))).otherwise(() => beat.set(skid));
    }).elsewhen(fires(p.in), () => {
      inReady.set(false);
      skid.set(payloadOf(p.in));
    });
  }
}

/** The stream behind a skid buffer. */
export function skidBuffer<S extends Source>(stream: S): StreamOf<PayloadOf<S>> {
  const cell = place(SkidBuffer, { payload: payloadTypes(stream) });
  feed(cell.in, stream);
  return cell.out as unknown as StreamOf<PayloadOf<S>>;
}
