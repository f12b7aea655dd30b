// A flattened design to a program.

import type { Definition, Delay, Expr, GroundType } from '../../hdl/ir/nodes.ts';
import type { Layout, Scope, Storage } from '../layout.ts';
import { collectNodes, drivers } from '../nodes.ts';
import { schedule } from '../schedule.ts';
import { compileComb } from './comb.ts';
import { compileEdge, compileStart } from './edge.ts';
import { countUses, Exprs } from './exprs.ts';
import { ringsOf } from './links.ts';
import type { LoopFunction } from './loop.ts';
import { repOf } from './memory.ts';
import { linker, type Program, Storages } from './program.ts';

interface RingNames {
  readonly ring: Storage;
  readonly head: Storage;
  readonly names: { readonly ring: string; readonly head: string; readonly depth: string; readonly base: string };
  readonly storages: readonly Storage[];
}

/** What the parts of the compiler share. */
export class Compiling {
  readonly storages: Storages;
  readonly #uses = new Map<Definition, ReadonlyMap<Expr, number>>();
  readonly #rings = new Map<Scope, Map<Delay, RingNames>>();

  constructor(layout: Layout) {
    this.storages = new Storages(layout.storages);
  }

  exprs(fn: LoopFunction, scope: Scope): Exprs {
    const { definition } = scope;
    let uses = this.#uses.get(definition);
    if (!uses) this.#uses.set(definition, (uses = countUses(definition, drivers(definition).values())));
    return new Exprs(fn, scope, uses);
  }

  zero(type: GroundType): string {
    return repOf(type) === 'big' ? '0n' : '0';
  }

  /** The storages of a delay's stages, made at the first request. */
  rings(scope: Scope, delay: Delay): RingNames {
    let ofScope = this.#rings.get(scope);
    if (!ofScope) this.#rings.set(scope, (ofScope = new Map()));
    const found = ofScope.get(delay);
    if (found) return found;
    const { depths, bases, cells } = ringsOf(delay);
    const word: GroundType = { kind: 'sint', width: 32 };
    const { count } = scope.domain;
    const random = { kind: 'random', key: `${scope.path}.${delay.output.name}` } as const;
    const ring = this.storages.add(delay.input.type, count * cells, delay.reset ? { kind: 'fill', value: delay.reset.value } : random);
    const head = this.storages.add(word, count * depths.length);
    const depth = this.storages.add(word, depths.length, { kind: 'values', values: depths.map(BigInt) });
    const base = this.storages.add(word, depths.length, { kind: 'values', values: bases.map(BigInt) });
    const made = {
      ...{ ring, head },
      names: { ring: `s${ring.id}`, head: `s${head.id}`, depth: `s${depth.id}`, base: `s${base.id}` },
      storages: [ring, head, depth, base],
    };
    ofScope.set(delay, made);
    return made;
  }
}

export function compile(layout: Layout): Program {
  const nodes = collectNodes(layout);
  const compiling = new Compiling(layout);
  const comb = compileComb(compiling, schedule(nodes.comb));
  const edge = compileEdge(compiling, nodes, layout.ticked);
  const start = compileStart(compiling, nodes.regs);
  for (const { scope, signal, writes } of nodes.regs) {
    const values = signal.register?.initial;
    if (values) compiling.storages.initial.set(writes, { kind: 'values', values });
    else if (!signal.register?.reset) compiling.storages.initial.set(writes, { kind: 'random', key: `${scope.path}.${signal.name}` });
  }
  return {
    storages: compiling.storages.all,
    initial: compiling.storages.initial,
    rings: nodes.delays.map(({ scope, delay }) => ({ delay, ...compiling.rings(scope, delay) })),
    ...linker({ start, comb, edge }),
  };
}
