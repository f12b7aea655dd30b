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

/** Of `SkidBuffer`. */
export interface SkidBufferConfig {
  readonly payload: Fields;
}

/** Two registers that cut a stream's paths in both directions. Latency 1 cycle, a beat a cycle; holds up to 2 beats. */
export class SkidBuffer extends Module<SkidBufferConfig> {
  readonly p = this.io({ in: consumerOf(this.cfg.payload), out: producerOf(this.cfg.payload) });
  /** The skid register is empty. */
  readonly open = this.reg(bool, { reset: true });
  readonly occupied = this.reg(bool, { reset: false });
  readonly beat = this.reg(bundle(this.cfg.payload));
  readonly skid = this.reg(bundle(this.cfg.payload));

  constructor(cfg: SkidBufferConfig) {
    super(cfg);
    this.describe('Skid buffer: registered ready and valid, 2 beats, one beat a cycle.');
    const { p, open, occupied, beat, skid } = this;
    p.in.ready.set(open);
    p.out.valid.set(occupied);
    payloadOf(p.out).set(beat);
    const outFree = p.out.ready.or(occupied.not()).named('outFree');

    when(outFree, () => {
      open.set(true);
      occupied.set(p.in.valid.or(open.not()));
      when(open, () => beat.set(payloadOf(p.in))).otherwise(() => beat.set(skid));
    }).elsewhen(fires(p.in), () => {
      open.set(false);
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
