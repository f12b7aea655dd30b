// Events from one clock to another.
//
// Contract: each cycle of `from` with `in` gives one cycle of `to` with `out`, `stages` + 1 to `stages` + 2 edges later. Two events closer together than
// two edges of `to` are lost in pairs; where that may happen use a handshake or a FIFO. Refused: fewer than 2 stages.

import { when } from '../control.ts';
import { inDomain } from '../domain.ts';
import { input, output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool } from '../types.ts';
import type { Bool } from '../value-types.ts';
import { placeBetween, type SideResets, type Sides, sidePorts } from './between.ts';
import { synchronise } from './synchronise.ts';

/** Of `PulseSynchroniser`. */
export interface PulseSynchroniserConfig extends SideResets {
  readonly stages: number;
}

/** Each cycle of `from` with `in` gives one of `to` with `out`, `stages` + 1 to `stages` + 2 edges later; two events within two edges of `to` are lost. Throws HDL-C001 on fewer than 2 stages. */
export class PulseSynchroniser extends Module<PulseSynchroniserConfig> {
  readonly p = this.io({ ...sidePorts(this.cfg), in: input(bool), out: output(bool) });
  readonly from = this.domain({ clock: this.p.fromClk, reset: this.p.fromRst });
  readonly to = this.domain({ clock: this.p.toClk, reset: this.p.toRst });

  constructor(cfg: PulseSynchroniserConfig) {
    super(cfg);
    this.describe('Pulse synchroniser: each event inverts a level that crosses.');
    const { p } = this;
    const level = this.reg(bool, { reset: false, domain: this.from });
    when(p.in, () => level.set(level.not()));
    inDomain(this.to, () => {
      const here = synchronise(level, { stages: cfg.stages, reset: false }).named('here');
      const before = this.reg(bool, { reset: false, next: here });
      p.out.set(here.ne(before));
    });
  }
}

/** One cycle true in `to` for each cycle of `from` in which `event` is true. */
export function synchronisePulse(event: Bool, { stages = 2, ...sides }: Sides & { readonly stages?: number } = {}): Bool {
  const cell = placeBetween(PulseSynchroniser, { stages }, sides);
  cell.in.set(event);
  return cell.out;
}
