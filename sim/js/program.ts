// What a design compiles to: storages and functions over them.

import type { GroundType } from '../../hdl/ir/nodes.ts';
import type { Storage } from '../layout.ts';
import { type Cells, makeCells } from './memory.ts';
import type { Code } from './loop.ts';
import { runtime } from './runtime.ts';

/** What fills a storage before the first cycle. */
export type Initial = { readonly kind: 'values'; readonly values: readonly number[] } | { readonly kind: 'fill'; readonly value: bigint } | { readonly kind: 'random'; readonly key: string };

export interface Program {
  readonly storages: readonly Storage[];
  readonly initial: ReadonlyMap<Storage, Initial>;
  /** Run once before the first cycle: registers take their reset values. */
  readonly start: readonly Code[];
  /** Brings combinational signals up to date. */
  readonly comb: readonly Code[];
  /** The clock edge, from settled signals. */
  readonly edge: readonly Code[];
}

/** Adds storages that only the engine knows. */
export class Storages {
  readonly all: Storage[];
  readonly initial = new Map<Storage, Initial>();

  constructor(storages: readonly Storage[]) {
    this.all = [...storages];
  }

  add(type: GroundType, length: number, initial?: Initial): Storage {
    const storage = { id: this.all.length, type, length };
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
  const scratch = code.scratch.map(({ type, length, preset }) => {
    const made = makeCells(type, length);
    preset?.forEach((value, i) => { (made as (number | bigint)[])[i] = Array.isArray(made) ? value : Number(value); });
    return made;
  });
  const bound = [...code.storages.map((s) => `const s${s.id} = S[${s.id}];`), ...scratch.map((_, i) => `const x${i} = X[${i}];`)];
  const source = `'use strict';\n${bound.join(' ')}\nreturn function ${code.name.replace(/\W/g, '_')}() {\n${code.source}\n}`;
  return new Function('S', 'X', 'h', source)(cells, scratch, runtime) as () => void;
}

/** Several loops in one function. */
export function joined(name: string, codes: readonly Code[], wrap: (source: string) => string): Code {
  const scratch = codes.flatMap((c) => c.scratch);
  let first = 0;
  const sources = codes.map((code) => {
    const offset = first;
    first += code.scratch.length;
    return offset === 0 ? code.source : code.source.replace(/\bx(\d+)\[/g, (_, n: string) => `x${Number(n) + offset}[`).replace(/\bh\.pack\(x(\d+)/g, (_, n: string) => `h.pack(x${Number(n) + offset}`);
  });
  const storages = [...new Set(codes.flatMap((c) => c.storages))];
  return { name, source: wrap(sources.map((s) => `{\n${s}\n}`).join('\n')), storages, scratch };
}
