// Sums joined by neighbours, a level a slot: 0 + 1, 2 + 3, …; an odd one is passed on (design note 0022).

import { bool, inDomain, input, Module, output, type UIntType, vec } from '../hdl/index.ts';
import { reduceTree } from '../hdl/std/reduce.ts';
import { type ElementConfig, type PeHost, processingElement } from './pe/index.ts';

export interface SumTreeConfig {
  readonly pe: ElementConfig;
  readonly length: number;
}

/** Latency `treeLatency` slots. */
export class SumTree extends Module<SumTreeConfig> {
  readonly #pe = processingElement(this.cfg.pe);
  readonly p = this.io({
    enable: input(bool),
    sums: input(vec(this.#pe.sum, this.cfg.length)),
    sum: output(this.#pe.sum),
  });

  constructor(cfg: SumTreeConfig) {
    super(cfg);
    this.describe(`${cfg.length} sums to one, a level a register.`);
    const { enable, sums, sum } = this.p;
    const host: Pick<PeHost, 'inst'> = { inst: (cls, own) => this.inst(cls, ...([own] as never)) };
    inDomain(this.domain({ enable }), () => sum.set(reduceTree<UIntType>(sums, (a, b) => this.#pe.add(host, a, b), { every: 1 })));
  }
}
