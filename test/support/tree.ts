// An irregular hierarchy: children of unequal sizes, of which some are equal.

import { input, Module, output, type UInt, uint } from '../../hdl/index.ts';

interface TreeConfig {
  readonly size: number;
  readonly seed: number;
}

/** `size` instances in all, the top included. */
export class Tree extends Module<TreeConfig> {
  /** How many children were asked for since it was last set: fewer than instances, since equal ones are made once. */
  static children = 0;
  readonly p = this.io({ x: input(uint(16)), y: output(uint(16)) });
  constructor(cfg: TreeConfig) {
    super(cfg);
    let value: UInt<16> = this.p.x;
    let left = cfg.size - 1;
    for (let i = 0; left > 0; i++) {
      const size = i === 2 ? left : Math.min(left, 1 + Math.floor((left * ((cfg.seed + 3 * i) % 7)) / 10));
      const child = this.inst(Tree, { size, seed: (cfg.seed * 5 + i * 11 + size) % 97 });
      Tree.children++;
      child.x.set(value);
      value = child.y.addw(cfg.seed);
      left -= size;
    }
    this.p.y.set(value);
  }
}
