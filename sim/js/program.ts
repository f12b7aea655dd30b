// What a design compiles to: storages and functions over them.

import type { Delay, GroundType } from '../../hdl/ir/nodes.ts';
import type { Scope, Storage } from '../layout.ts';
import type { Code } from './loop.ts';
import type { Cells } from './memory.ts';
import { runtime } from './runtime.ts';

/** What fills a storage before the first cycle. */
export type Initial =
  | { readonly kind: 'values'; readonly values: readonly bigint[] }
  | { readonly kind: 'fill'; readonly value: bigint }
  | { readonly kind: 'random'; readonly key: string };

export interface Program {
  readonly storages: readonly Storage[];
  readonly initial: ReadonlyMap<Storage, Initial>;
  /** Run once before the first cycle: registers take their reset values. */
  readonly start: readonly Code[];
  /** Brings combinational signals up to date. */
  readonly comb: readonly Code[];
  /** The clock edge, from settled signals. */
  readonly edge: readonly Code[];
  /** Where the stages of each delay lie, and the oldest of each lane. */
  readonly rings: ReadonlyMap<Scope, ReadonlyMap<Delay, { readonly ring: Storage; readonly head: Storage }>>;
}

/** Adds storages that only the engine knows. */
export class Storages {
  readonly all: Storage[];
  readonly initial = new Map<Storage, Initial>();

  constructor(storages: readonly Storage[]) {
    this.all = [...storages];
  }

  add(type: GroundType, length: number, initial?: Initial): Storage {
    const storage = { id: this.all.length, type, length, dims: [length] };
    this.all.push(storage);
    if (initial) this.initial.set(storage, initial);
    return storage;
  }
}

/** The functions of a list as one, each small enough for the optimising compiler. */
export function link(codes: readonly Code[], cells: readonly Cells[]): () => void {
  const functions = codes.map((code) => instantiate(code, cells));
  const names = functions.map((_, i) => `f${i}`);
  const source = `const [${names.join(', ')}] = F; return function run() { ${names.map((n) => `${n}();`).join(' ')} }`;
  return new Function('F', source)(functions) as () => void;
}

function instantiate(code: Code, cells: readonly Cells[]): () => void {
  const bound = code.storages.map((s) => `const s${s.id} = S[${s.id}];`);
  const source = `'use strict';\n${bound.join(' ')}\nreturn function ${code.name.replace(/\W/g, '_')}() {\n${code.source}\n}`;
  return new Function('S', 'h', source)(cells, runtime) as () => void;
}

/** Several loops in one function. */
export function joined(name: string, codes: readonly Code[], wrap: (source: string) => string): Code {
  return { name, source: wrap(codes.map((c) => `{\n${c.source}\n}`).join('\n')), storages: [...new Set(codes.flatMap((c) => c.storages))] };
}
