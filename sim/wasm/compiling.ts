// What the parts of the compiler share: the design's nodes in order, the places of all cells, and the module that is being made.

import type { Layout } from '../layout.ts';
import { collectNodes, type Nodes } from '../nodes.ts';
import { clustered, type Group, schedule } from '../schedule.ts';
import type { Code } from './code.ts';
import { Context } from './context.ts';
import { Bank } from './delays.ts';
import { ModuleBuilder } from './module.ts';
import { type Block, CHUNK, Placements } from './placement.ts';
import { Scalar } from './scalar.ts';
import { runStatements } from './statements.ts';

/** First address in use; below it nothing, so that a wrong address shows. */
const FIRST = 64;

/** What the parts of the compiler share. */
export class Compiling {
  readonly layout: Layout;
  readonly nodes: Nodes;
  readonly groups: readonly Group[];
  readonly placements: Placements;
  readonly banks: ReadonlyMap<object, ReadonlyMap<object, Bank>>;
  readonly module = new ModuleBuilder();
  readonly cycles: string[] = [];
  readonly lanes: boolean;

  constructor(layout: Layout, lanes: boolean) {
    this.layout = layout;
    this.lanes = lanes;
    this.nodes = collectNodes(layout);
    const groups = schedule(this.nodes.comb);
    this.placements = new Placements(layout, groups, FIRST);
    this.groups = clustered(groups);
    const banks = new Map<object, Map<object, Bank>>();
    for (const { scope, delay } of this.nodes.delays) {
      if (!banks.has(scope)) banks.set(scope, new Map());
      banks.get(scope)?.set(delay, new Bank(scope, delay, this.placements));
    }
    this.banks = banks;
  }

  bank(scope: object, delay: object): Bank {
    return this.banks.get(scope)?.get(delay) as Bank;
  }

  context(code: Code, old?: ReadonlyMap<Block, number>): Context {
    const c = new Context(code, this.placements, old);
    c.lanes = this.lanes;
    c.compute = (wire) => runStatements(new Scalar(c, wire.scope), wire.signal, wire.body);
    return c;
  }
}

/** Whether vectors may be stored over the whole row, padding included. */
export function writable(spot: { readonly block: Block; readonly size: number; readonly domain: readonly number[] }, row: number): boolean {
  const { block } = spot;
  const home = block.host?.block ?? block;
  const last = home.dims.length - 1;
  return spot.size <= 4 && spot.domain[spot.domain.length - 1] === spot.size && home.dims[last] === row && home.strides[last] === spot.size;
}

/** Asks within a loop that is thrown away. */
export function dry(c: Context, dims: readonly number[], ask: () => void): void {
  c.code.buffered(() => {
    c.loop(
      dims,
      dims.map(() => false),
      CHUNK,
      ask,
    );
  });
}
