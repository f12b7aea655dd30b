// What the elements of all arrays share: the place into which a processing element builds its step.

import { type Bool, inDomain, Module, when } from '../hdl/index.ts';
import type { UIntVar } from '../hdl/value-types.ts';
import type { Code, ElementConfig, PeHost } from './pe/index.ts';

export abstract class ArrayPe extends Module<ElementConfig> {
  /** Everything in it stands still while `enable` is low. */
  protected host(enable: Bool): PeHost {
    return {
      delay: (value, slots) => this.delay(value, slots, { enable }),
      hold: (value, type, update) => {
        const held = this.reg(type).named('held');
        when(enable.and(update), () => held.set(value));
        return held;
      },
      inst: (cls, cfg) => inDomain(this.domain({ enable }), () => this.inst(cls, ...([cfg] as never))),
    };
  }

  /** Two weights, set within `when(enable)`: a shadow that loads and the active one, whose place it takes. */
  protected keepWeights(
    { load, swap, weight }: { readonly load: Bool; readonly swap: Bool; readonly weight: Code },
    shadow: UIntVar,
    active: UIntVar,
  ): void {
    when(load, () => shadow.set(weight));
    when(swap, () => active.set(shadow));
  }
}
