// One generated function: a loop over a domain with the code of the nodes that run in it.
//
// Invariant: what is named by `temp` stands before the statements that use it and outside of conditions; it reads final values only, so
// that its place does not matter.

import type { GroundType } from '../../hdl/ir/nodes.ts';
import type { Domain, Storage, View } from '../layout.ts';
import { stridesOf } from '../layout.ts';
import type { Storages } from './program.ts';

/** An index known now, or a JavaScript expression without side effects. */
export type Index = number | string;

export interface Code {
  readonly name: string;
  readonly source: string;
  readonly storages: readonly Storage[];
}

export class LoopFunction {
  readonly domain: Domain;
  readonly name: string;
  /** Names of values computed in this iteration, by what they stand for. */
  readonly known = new Map<unknown, Map<unknown, string>>();
  readonly #storages = new Map<number, Storage>();
  readonly #all: Storages;
  readonly #hoisted = new Map<string, string>();
  readonly #bases = new Map<string, string>();
  readonly #lines: string[] = [];
  readonly #tail: string[] = [];
  #size = 0;
  #names = 0;
  #indices = false;

  constructor(storages: Storages, domain: Domain, name: string) {
    this.#all = storages;
    this.domain = domain;
    this.name = name.replace(/\W/g, '_');
  }

  /** Characters of source so far. */
  get size(): number {
    return this.#size;
  }

  unique(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  line(text: string): void {
    this.#size += text.length;
    this.#lines.push(text);
  }

  /** To be run at the end of each iteration, when everything has been read. */
  later(text: string): void {
    this.#size += text.length;
    this.#tail.push(text);
  }

  /** Computes a value once and names it. */
  temp(js: string): string {
    if (/^[a-z]\d+$/.test(js)) return js;
    const name = this.unique('t');
    this.line(`const ${name} = ${js};`);
    return name;
  }

  array(storage: Storage): string {
    this.#storages.set(storage.id, storage);
    return `s${storage.id}`;
  }

  /** An array that only this function uses, of given values if it is constant. */
  scratch(type: GroundType, length: number, values?: readonly bigint[]): string {
    return this.array(this.#all.add(type, length, values && { kind: 'values', values }));
  }

  /** The cell of a view at the current element; all dimensions of the value indexed. */
  cell(view: View, indices: readonly Index[]): string {
    return `${this.array(view.storage)}[${this.position(view, indices)}]`;
  }

  /** The same for reading: what is equal for all elements is read before the loop. */
  read(view: View, indices: readonly Index[]): string {
    const cell = this.cell(view, indices);
    const uniform = this.domain.count > 1 && view.domainStrides.every((s) => s === 0) && indices.every((i) => typeof i === 'number');
    if (!uniform) return cell;
    let name = this.#hoisted.get(cell);
    if (!name) this.#hoisted.set(cell, (name = this.unique('u')));
    return name;
  }

  position(view: View, indices: readonly Index[]): string {
    let constant = view.offset;
    const terms: string[] = [];
    const base = this.#base(view);
    if (base) terms.push(base);
    indices.forEach((index, i) => {
      const stride = view.strides[i] as number;
      if (typeof index === 'number') constant += index * stride;
      else terms.push(stride === 1 ? index : `${index} * ${stride}`);
    });
    if (constant !== 0 || terms.length === 0) terms.push(String(constant));
    return terms.join(' + ');
  }

  /** The part of a position that the loop's element gives. */
  #base(view: View): string {
    const strides = view.domainStrides;
    const live = strides.some((s, i) => s !== 0 && (this.domain.dims[i] as number) > 1);
    if (!live) return '';
    const full = stridesOf(this.domain.dims);
    const unit = strides[strides.length - 1] as number;
    if (unit > 0 && strides.every((s, i) => s === unit * (full[i] as number))) return this.#named(unit === 1 ? 'e' : `e * ${unit}`);
    this.#indices = true;
    return this.#named(
      strides
        .map((s, i) => (s === 0 ? '' : s === 1 ? `i${i}` : `i${i} * ${s}`))
        .filter((t) => t !== '')
        .join(' + '),
    );
  }

  #named(base: string): string {
    if (/^\w+$/.test(base)) return base;
    let name = this.#bases.get(base);
    if (!name) this.#bases.set(base, (name = this.unique('b')));
    return name;
  }

  /** `wrap` puts code around the whole loop, such as a repetition. */
  finish(wrap: (loop: string) => string = (loop) => loop): Code {
    const bases = [...this.#bases].map(([base, name]) => `const ${name} = ${base};`);
    const body = [...bases, ...this.#lines, ...this.#tail].join('\n');
    const hoisted = [...this.#hoisted].map(([cell, name]) => `const ${name} = ${cell};`).join('\n');
    return {
      name: this.name,
      source: wrap(`{\n${hoisted}\n${this.#loop(body)}\n}`),
      storages: [...this.#storages.values()],
    };
  }

  #loop(body: string): string {
    const { dims, count } = this.domain;
    if (count === 1) return `const e = 0;\n${dims.map((_, i) => `const i${i} = 0;`).join(' ')}\n${body}`;
    if (!this.#indices) return `for (let e = 0; e < ${count}; e++) {\n${body}\n}`;
    const heads = dims.map((n, i) => `for (let i${i} = 0; i${i} < ${n}; i${i}++)`).join(' ');
    return `let e = 0;\n${heads} {\n${body}\ne++;\n}`;
  }
}
