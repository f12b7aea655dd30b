// What a design compiles to: storages and functions over them.

import type { Delay, GroundType } from '../../hdl/ir/nodes.ts';
import type { Storage } from '../layout.ts';
import type { Code } from './loop.ts';
import type { Cells } from './memory.ts';
import { runtime } from './runtime.ts';

/** What fills a storage before the first cycle. */
export type Initial =
  | { readonly kind: 'values'; readonly values: readonly bigint[] }
  | { readonly kind: 'fill'; readonly value: bigint }
  | { readonly kind: 'random'; readonly key: string };

/** Functions over the storages of one simulation. */
export interface Functions {
  /** Run once before the first cycle: registers take their reset values. */
  readonly start: () => void;
  /** Brings combinational signals up to date. */
  readonly comb: () => void;
  /** The clock edge, from settled signals. */
  readonly edge: () => void;
}

export interface Program {
  readonly storages: readonly Storage[];
  readonly initial: ReadonlyMap<Storage, Initial>;
  /** Where the stages of each delay lie, and the oldest of each lane; in the order of the nodes. */
  readonly rings: readonly { readonly delay: Delay; readonly ring: Storage; readonly head: Storage }[];
  readonly link: (cells: readonly Cells[]) => Functions;
  readonly size: number;
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

/** Compiled once, whatever the number of simulations; each code stays a function of its own, small enough for the optimising compiler. */
export function linker(codes: { readonly [F in keyof Functions]: readonly Code[] }): Pick<Program, 'link' | 'size'> {
  const all = Object.entries(codes) as [string, readonly Code[]][];
  const used = new Set(all.flatMap(([, list]) => list.flatMap((code) => code.storages.map((s) => s.id))));
  // In parentheses a function is compiled at once rather than looked at twice.
  const run = ([name, list]: [string, readonly Code[]]): string => {
    const made = list.map((code, i) => `const ${name}${i} = (function ${code.name.replace(/\W/g, '_')}() {\n${code.source}\n});`);
    return `${made.join('\n')}\nfunction ${name}() { ${list.map((_, i) => `${name}${i}();`).join(' ')} }`;
  };
  const bound = [...used].map((id) => `const s${id} = S[${id}];`).join(' ');
  const source = `'use strict';\n${bound}\n${all.map(run).join('\n')}\nreturn { ${Object.keys(codes).join(', ')} };`;
  const make = new Function('S', 'h', source) as (cells: readonly Cells[], h: typeof runtime) => Functions;
  return { link: (cells) => make(cells, runtime), size: source.length };
}

/** Several loops in one function. */
export function joined(name: string, codes: readonly Code[], wrap: (source: string) => string): Code {
  return { name, source: wrap(codes.map((c) => `{\n${c.source}\n}`).join('\n')), storages: [...new Set(codes.flatMap((c) => c.storages))] };
}
