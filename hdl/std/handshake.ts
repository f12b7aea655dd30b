// A stream of words from one clock to another without storage for more than one: small, and slow.
//
// Contract: valid/ready on both sides, order kept, no beat lost or doubled. The word waits in a register of `from` that does not change until `to` has
// taken it; a level that inverts asks, another answers. A beat takes about `stages` + 1 edges of each clock there and as many back.
// Refused: fewer than 2 stages.

import { when } from '../control.ts';
import { mayCross } from '../crossing.ts';
import { inDomain } from '../domain.ts';
import { Module } from '../module.ts';
import { bool, bundle } from '../types.ts';
import type { Fields } from '../value-types.ts';
import { placeBetween, type SideResets, type Sides, sidePorts } from './between.ts';
import { consumerOf, payloadOf, payloadTypes, producerOf } from './payload.ts';
import { feed, fires, type PayloadOf, type Source, type StreamOf } from './stream.ts';
import { synchronise } from './synchronise.ts';

/** Of `Handshake`. */
export interface HandshakeConfig extends SideResets {
  readonly payload: Fields;
  readonly stages: number;
}

/** Words from one clock to another through one register: a beat takes about `stages` + 1 edges of each clock there and as many back. Throws HDL-C001 on fewer than 2 stages. */
export class Handshake extends Module<HandshakeConfig> {
  readonly p = this.io({ ...sidePorts(this.cfg), in: consumerOf(this.cfg.payload), out: producerOf(this.cfg.payload) });
  readonly from = this.domain({ clock: this.p.fromClk, reset: this.p.fromRst });
  readonly to = this.domain({ clock: this.p.toClk, reset: this.p.toRst });
  readonly word = this.reg(bundle(this.cfg.payload), { domain: this.from });
  readonly request = this.reg(bool, { reset: false, domain: this.from });
  readonly answer = this.reg(bool, { reset: false, domain: this.to });

  constructor(cfg: HandshakeConfig) {
    super(cfg);
    this.describe('Clock crossing of a stream by request and answer, one beat at a time.');
    const { p, word, request, answer } = this;
    const options = { stages: cfg.stages, reset: false };
    inDomain(this.from, () => {
      const answered = synchronise(answer, options).named('answered');
      p.in.ready.set(answered.eq(request));
      when(fires(p.in), () => {
        word.set(payloadOf(p.in));
        request.set(request.not());
      });
    });
    inDomain(this.to, () => {
      const asked = synchronise(request, options).named('asked');
      // Stable from before the request arrives until after the answer.
      const still = mayCross(this.wire(bundle(cfg.payload)));
      still.set(word);
      p.out.valid.set(asked.ne(answer));
      payloadOf(p.out).set(still);
      when(fires(p.out), () => answer.set(asked));
    });
  }
}

/** The stream in the domain `to`. */
export function handshake<S extends Source>(stream: S, { stages = 2, ...sides }: Sides & { readonly stages?: number } = {}): StreamOf<PayloadOf<S>> {
  const cell = placeBetween(Handshake, { payload: payloadTypes(stream), stages }, sides);
  feed(cell.in, stream);
  return cell.out as unknown as StreamOf<PayloadOf<S>>;
}
