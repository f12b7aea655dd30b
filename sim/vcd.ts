// Value change dumps.
//
// Invariant: cycle n takes the time from 10n to 10n+9; the clock rises at 10n, when the values of the cycle appear, and falls at 10n+5. Of several
// clocks those rise that had the edge before the cycle; before the first one none.
// Cells that several names stand for have one identifier. Bundles and groups of ports are scopes of the kind `struct`, behind the plain signals of their module. An enumeration `state` has a companion `state_name` with the names of its values, of the kind
// `string` that GTKWave and Surfer show. The file is written aside and takes its name only when it is complete; one that ends with `.fst` is converted.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { childNames, signalNames } from '../hdl/ir/names.ts';
import type { EnumInfo, Signal } from '../hdl/ir/nodes.ts';
import type { Engine } from './engine.ts';
import { SimulationError } from './errors.ts';
import { type Scope, type Storage, stridesOf, viewOf } from './layout.ts';
import type { Place } from './paths.ts';
import type { Value } from './values.ts';

/** Characters that are collected before they are written. */
const BUFFER = 1 << 20;

/** A signal and its path in the scope of its module. */
interface Leaf {
  readonly path: readonly string[];
  readonly signal: Signal;
}

interface Traced {
  readonly place: Place;
  readonly ids: (string | undefined)[];
  readonly last: Value[];
}

export class VcdWriter {
  readonly #file: string;
  readonly #engine: Engine;
  readonly #fd: number;
  readonly #traced = new Map<Storage, Traced>();
  /** Identifiers of each clock's cells. */
  readonly #clocks = new Map<Storage, string[]>();
  /** By identifier of an enumeration's cell, that of its name. */
  readonly #named = new Map<string, { readonly id: string; readonly info: EnumInfo }>();
  #rising: readonly Storage[] = [];
  #text: string[] = [];
  #size = 0;
  #nextId = 0;
  #first = true;

  constructor(file: string, engine: Engine) {
    this.#file = file;
    this.#engine = engine;
    this.#fd = openSync(this.#aside, 'w');
    this.#put('$version Systole $end\n$timescale 1ns $end');
    const { top, clocks } = engine.layout;
    if (clocks.size === 1) this.stepped([...clocks.keys()]);
    this.#scope(top, top.definition.name, []);
    this.#put('$enddefinitions $end');
  }

  get #aside(): string {
    return `${this.#file}.${process.pid}.part`;
  }

  /** Writes what changed up to the present cycle. */
  sample(): void {
    this.#engine.settle();
    const time = this.#engine.cycle * 10;
    this.#put(`#${time}`);
    if (this.#first) this.#put('$dumpvars');
    const rising = this.#rising.flatMap((s) => this.#clocks.get(s) ?? []);
    for (const id of rising) this.#put(`1${id}`);
    if (this.#first) for (const ids of this.#clocks.values()) for (const id of ids) if (!rising.includes(id)) this.#put(`0${id}`);
    for (const traced of this.#traced.values()) this.#changes(traced);
    if (this.#first) this.#put('$end');
    this.#first = false;
    if (rising.length > 0) this.#put(`#${time + 5}`);
    for (const id of rising) this.#put(`0${id}`);
  }

  /** Which clocks had the edge that led to the present cycle. */
  stepped(clocks: readonly string[]): void {
    this.#rising = clocks.map((name) => this.#storageOf(name));
  }

  #storageOf(clock: string): Storage {
    const { layout } = this.#engine;
    return viewOf(layout.top, layout.clocks.get(clock) as Signal).storage;
  }

  close(): void {
    this.sample();
    this.#put(`#${this.#engine.cycle * 10 + 10}`);
    this.#flush();
    closeSync(this.#fd);
    if (!this.#file.endsWith('.fst')) return renameSync(this.#aside, this.#file);
    const { error, status, stderr } = spawnSync('vcd2fst', [this.#aside, `${this.#file}.part`], { encoding: 'utf8' });
    rmSync(this.#aside);
    if (error)
      throw new SimulationError(
        'SIM-E020',
        `\`${this.#file}\` cannot be made: there is no program \`vcd2fst\` in PATH`,
        'install it: apt-get install gtkwave; or name the file .vcd',
      );
    if (status !== 0) throw new SimulationError('SIM-E021', `vcd2fst failed: ${stderr}`);
    renameSync(`${this.#file}.part`, this.#file);
  }

  #changes({ place, ids, last }: Traced): void {
    const { type } = place;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      if (id === undefined) continue;
      const value = this.#engine.read(place, i);
      if (value === last[i]) continue;
      last[i] = value;
      this.#put(type.width === 1 ? `${bits(value, 1)}${id}` : `b${bits(value, type.width)} ${id}`);
      const named = this.#named.get(id);
      if (named) this.#put(`s${[...named.info.members].find(([, code]) => code === BigInt(value))?.[0] ?? value} ${named.id}`);
    }
  }

  /** One scope for each element of a mesh. */
  #scope(scope: Scope, name: string, element: readonly number[]): void {
    this.#put(`$scope module ${name} $end`);
    this.#fields(
      [...signalNames(scope.definition)].map(([own, signal]) => ({ path: pathOf(own, signal), signal })),
      (signal, own) => this.#variables(scope, signal, own, element),
    );
    for (const [child, inner] of scope.children) {
      const shape = 'shape' in child ? child.shape : [];
      const strides = stridesOf(shape);
      const n = inner.domain.count / scope.domain.count;
      for (let i = 0; i < n; i++) {
        const at = shape.map((length, d) => Math.floor(i / (strides[d] as number)) % length);
        this.#scope(inner, childNames(scope.definition).get(child) + at.map((index) => `[${index}]`).join(''), [...element, ...at]);
      }
    }
    this.#put('$upscope $end');
  }

  /** Leaves of bundles and of groups of ports in scopes of their own, behind what is in none. */
  #fields(leaves: readonly Leaf[], variable: (signal: Signal, name: string) => void): void {
    const groups = new Map<string, Leaf[]>();
    for (const leaf of leaves) {
      const [name, ...path] = leaf.path as [string, ...string[]];
      if (path.length === 0) {
        variable(leaf.signal, name);
        continue;
      }
      const group = groups.get(name);
      if (group) group.push({ path, signal: leaf.signal });
      else groups.set(name, [{ path, signal: leaf.signal }]);
    }
    for (const [name, inner] of groups) {
      this.#put(`$scope struct ${name} $end`);
      this.#fields(inner, variable);
      this.#put('$upscope $end');
    }
  }

  #variables(scope: Scope, signal: Signal, name: string, element: readonly number[]): void {
    if (signal.type.width === 0) return;
    const view = viewOf(scope, signal);
    const start = element.reduce((at, index, i) => at + index * (view.domainStrides[i] as number), view.offset);
    const strides = stridesOf(signal.dims);
    const n = signal.dims.reduce((product, d) => product * d, 1);
    for (let i = 0; i < n; i++) {
      const at = signal.dims.map((length, d) => Math.floor(i / (strides[d] as number)) % length);
      const cell = at.reduce((sum, index, d) => sum + index * (view.strides[d] as number), start);
      const own = { path: name, signal, scope, type: signal.type, dims: [], storage: view.storage, offset: cell, length: 1 };
      if (this.#engine.has && !this.#engine.has(own)) continue;
      const id = this.#idOf(view.storage, cell, signal, scope);
      const range = signal.type.width > 1 ? ` [${signal.type.width - 1}:0]` : '';
      const suffix = at.map((index) => `[${index}]`).join('');
      this.#put(`$var ${signal.role === 'reg' ? 'reg' : 'wire'} ${signal.type.width} ${id} ${name}${suffix}${range} $end`);
      const { enumeration } = signal.type;
      if (!enumeration) continue;
      let named = this.#named.get(id);
      if (!named) this.#named.set(id, (named = { id: identifier(this.#nextId++), info: enumeration }));
      this.#put(`$var string 1 ${named.id} ${name}_name${suffix} $end`);
    }
  }

  #idOf(storage: Storage, cell: number, signal: Signal, scope: Scope): string {
    let traced = this.#traced.get(storage);
    if (!traced) {
      const place = { path: signal.name, signal, scope, type: storage.type, dims: [storage.length], storage, offset: 0, length: storage.length };
      this.#traced.set(storage, (traced = { place, ids: new Array<undefined>(storage.length).fill(undefined), last: [] }));
    }
    let id = traced.ids[cell];
    if (id !== undefined) return id;
    id = identifier(this.#nextId++);
    if (signal.type.kind === 'clock') {
      this.#clocks.set(storage, [...(this.#clocks.get(storage) ?? []), id]);
      // Only `sample` moves clocks.
      traced.last[cell] = this.#engine.read(traced.place, cell);
    }
    traced.ids[cell] = id;
    return id;
  }

  #put(line: string): void {
    this.#text.push(line);
    this.#size += line.length;
    if (this.#size > BUFFER) this.#flush();
  }

  #flush(): void {
    if (this.#text.length > 0) writeSync(this.#fd, `${this.#text.join('\n')}\n`);
    this.#text = [];
    this.#size = 0;
  }
}

/** The name of a value, and behind it the fields to a leaf. */
function pathOf(name: string, { name: wanted, fields }: Signal): string[] {
  if (!fields) return [name];
  // A name that was taken has a number at its end, which belongs to the value.
  const number = name.slice(wanted.length);
  return [wanted.slice(0, -`_${fields.join('_')}`.length) + number, ...fields];
}

function bits(value: Value, width: number): string {
  if (typeof value === 'number' && width <= 32) return (value >>> 0).toString(2).slice(-width);
  return BigInt.asUintN(width, BigInt(value)).toString(2);
}

/** Short identifiers of printable characters. */
function identifier(n: number): string {
  let id = '';
  for (let rest = n; ; rest = Math.floor(rest / 94) - 1) {
    id += String.fromCharCode(33 + (rest % 94));
    if (rest < 94) return id;
  }
}
