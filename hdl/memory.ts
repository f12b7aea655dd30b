// Memories: one model for block RAM, LUT RAM and register files.
//
// Contract: any number of ports. A write takes effect at the clock edge; of two writes to one word in one cycle the later declared one wins, lane by
// lane. A registered read gives its word after the edge, a combinational one at once. An address beyond the last word reads zero and writes nothing.

import type { Builder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import { HexFile } from './hex-file.ts';
import * as build from './ir/build.ts';
import { describe, describeGround, expressionText } from './ir/describe.ts';
import type { Dims, Expr, GroundType, Memory, MemoryStyle, Signal, UnderWrite } from './ir/nodes.ts';
import { fieldTypes, groundOf, isLeaf, type Leaf, type LeafTree, leavesOf, typeLeaves } from './leaves.ts';
import { arrayed, bitsIn, elementsOf, packed, unpacked } from './packing.ts';
import { Origin } from './source.ts';
import { describeType } from './types.ts';
import type { Bool, BoolType, HwType, Literal, LiteralOf, UInt, ValueOf, VecValue } from './value-types.ts';
import { condition, described, HwValue, literalOf, makeValue, membersOf, Scalar, sameKind, sameShape } from './values.ts';

/** Contents and kind of a memory. */
export interface MemoryOptions {
  /**
   * Power-on contents: a value for each word (an array of lanes for vector words), a function of the address, or `hexFile('rom.hex')`. A bundle is given as the
   * number that its bits are, the first field highest.
   */
  readonly init?: readonly (Literal | readonly Literal[])[] | ((address: number) => Literal | readonly Literal[]) | HexFile;
  /** What to build it of; `auto` leaves that to the synthesiser. */
  readonly style?: MemoryStyle;
}
/** Of a registered read. */
export interface ReadOptions {
  /** The data hold while false. */
  readonly enable?: Bool;
  /** When the word is written at the same edge: what stood there before (the default), what is written, or something undefined. */
  readonly underWrite?: UnderWrite;
}
/** Of a write. */
export interface WriteOptions {
  /** Besides the conditions of the `when`s around the call. */
  readonly enable?: Bool;
  /** For vector words: which lanes are written. */
  readonly mask?: VecValue<BoolType>;
}

const DEPTH_LIMIT = 2 ** 24;

/** The ports of a memory; each call makes one. */
export class MemoryHandle<T extends HwType> {
  readonly depth: number;
  readonly #builder: Builder;
  readonly #type: T;
  readonly #memory: Memory;

  constructor(builder: Builder, type: T, depth: number, { init, style = 'auto' }: MemoryOptions) {
    const at = Origin.here();
    this.#builder = builder;
    this.#type = type;
    const legal = Number.isInteger(depth) && depth >= 1 && depth <= DEPTH_LIMIT;
    if (!legal) builder.report(messages.badMemoryDepth(builder.here(), depth));
    this.depth = legal ? depth : 1;
    const word = wordOf(type);
    if (!word) builder.report(messages.badMemoryType(builder.here(), describeType(type)));
    const { ground, lanes } = word ?? { ground: build.BOOL, lanes: [] };
    const contents = init && this.#contents(init, ground, lanes);
    this.#memory = {
      name: 'memory',
      named: false,
      type: ground,
      lanes,
      depth: this.depth,
      style,
      reads: [],
      writes: [],
      at,
      ...(contents && { init: contents }),
    };
    builder.definition.memories.push(this.#memory);
    builder.nameable(this, { at, rename: (name) => this.#rename(name) });
    builder.holds(this, this.#memory);
    this.#rename('memory');
    this.#memory.named = false;
  }

  /** The word at an address after the next edge. */
  read(address: UInt, options: ReadOptions = {}): ValueOf<T> {
    const enable = this.#pin('sink', build.BOOL, [], 'enable');
    this.#builder.define(enable, this.#enabled(options.enable), enable.at);
    return this.#read(address, { clock: this.#builder.clock(), enable, underWrite: options.underWrite ?? 'old' });
  }

  /** The word at an address in the same cycle. */
  readNow(address: UInt): ValueOf<T> {
    return this.#read(address, undefined);
  }

  /** Writes a word at the next edge, while the conditions around the call hold. */
  write(address: UInt, value: ValueOf<T> | LiteralOf<T>, options: WriteOptions = {}): void {
    const builder = this.#builder;
    const { type, lanes } = this.#memory;
    const enable = this.#pin('sink', build.BOOL, [], 'enable');
    const at = enable.at;
    builder.defineDefault(enable, build.constant(build.BOOL, 0n), at);
    builder.assign({ target: { signal: enable, path: [] }, value: this.#enabled(options.enable), at });
    const data = this.#pin('sink', type, lanes, 'data');
    builder.define(data, this.#value(value), at);
    const mask = options.mask && this.#mask(options.mask);
    const clock = builder.clock();
    const [first] = this.#memory.writes;
    if (first && first.clock !== clock) builder.report(messages.twoWriteClocks(builder.here(), this.#memory.name, first.clock.name, clock.name));
    this.#memory.writes.push({ address: this.#address(address), data, enable, clock, ...(mask && { mask }) });
    this.#rename(this.#memory.name);
  }

  /** The user's condition while the domain is enabled. */
  #enabled(enable: Bool | undefined): Expr {
    const builder = this.#builder;
    return builder.enabled(enable && condition(builder, enable)) ?? build.constant(build.BOOL, 1n);
  }

  #read(address: UInt, registered: Memory['reads'][number]['registered']): ValueOf<T> {
    const { type, lanes } = this.#memory;
    const data = this.#pin('source', type, lanes, 'data');
    this.#memory.reads.push({ address: this.#address(address), data, ...(registered && { registered }) });
    this.#rename(this.#memory.name);
    const word = wordOf(this.#type);
    // A refused word reads as zeros, so that elaboration finds the other mistakes too.
    const value = word?.packed
      ? unpackedWord(build.ref(data), this.#type)
      : makeValue(
          this.#type,
          word ? { expr: build.ref(data) } : typeLeaves(this.#type, (ground, dims) => ({ expr: build.fill(build.constant(ground, 0n), dims) })),
        );
    // The word takes the name of the field or constant that holds it.
    this.#builder.nameable(value, { at: data.at, rename: (name) => Object.assign(data, { name, named: true }) });
    return value as unknown as ValueOf<T>;
  }

  #address(address: unknown): Signal {
    const builder = this.#builder;
    const expr = address instanceof Scalar && address.kind === 'uint' ? address.expr : undefined;
    if (!expr) builder.report(messages.indexKind(builder.here(), 'an address', described(address)));
    const value = expr ?? build.constant(build.ground('uint', 1), 0n);
    const pin = this.#pin('sink', value.type, [], 'address');
    builder.define(pin, value, pin.at);
    return pin;
  }

  /** A word to write, extended to the memory's width. */
  #value(value: unknown): Expr {
    const builder = this.#builder;
    const { type, lanes } = this.#memory;
    const zero = build.fill(build.constant(type, 0n), lanes);
    const isPacked = wordOf(this.#type)?.packed === true;
    if (!isPacked && !(value instanceof HwValue) && lanes.length === 0) return literalOf(builder, value, type) ?? zero;
    const word = isPacked && value instanceof HwValue ? packedWord(value, this.#type) : undefined;
    if (word) return word;
    const fits =
      !isPacked &&
      value instanceof HwValue &&
      sameShape(this.#type, value.hwType) &&
      isLeaf(value.leaves) &&
      sameKind(value.leaves.expr.type, type) &&
      value.leaves.expr.type.fraction === type.fraction &&
      value.leaves.expr.type.width <= type.width;
    if (fits) return build.extend((value.leaves as Leaf).expr, type.width);
    const got = described(value);
    if (!isPacked && value instanceof Scalar && lanes.length === 0) {
      const { name, at } = this.#memory;
      const [here, want, other] = [builder.here(), describeGround(type), value.expr.type];
      const wide = sameKind(other, type);
      builder.report(
        wide
          ? messages.tooWide(here, expressionText(value.expr), got, name, want, 'memory', at, type.width, undefined)
          : messages.kindMismatch(here, got, name, want, at, membersOf(type)),
      );
      return zero;
    }
    builder.report(
      messages.shapeMismatch(
        builder.here(),
        got,
        this.#memory.name,
        isPacked ? describeType(this.#type) : describe({ type, dims: lanes }),
        this.#memory.at,
      ),
    );
    return zero;
  }

  #mask(mask: unknown): Signal | undefined {
    const builder = this.#builder;
    const { type, lanes } = this.#memory;
    const leaf = mask instanceof HwValue && isLeaf(mask.leaves) ? mask.leaves.expr : undefined;
    if (lanes.length === 0 || leaf?.type.kind !== 'bool' || leaf.dims.length !== 1 || leaf.dims[0] !== lanes[0]) {
      builder.report(messages.badMask(builder.here(), leaf ? describe(leaf) : String(mask), describe({ type, dims: lanes })));
      return undefined;
    }
    const pin = this.#pin('sink', build.BOOL, lanes, 'mask');
    builder.define(pin, leaf, pin.at);
    return pin;
  }

  #pin(role: 'sink' | 'source', type: GroundType, dims: Dims, name: string): Signal {
    return this.#builder.declare({ role, type, dims, name: `${this.#memory?.name ?? 'memory'}_${name}`, named: false, at: Origin.here() });
  }

  #contents(init: NonNullable<MemoryOptions['init']>, ground: GroundType, lanes: Dims): bigint[] | undefined {
    const builder = this.#builder;
    if (init instanceof HexFile) return this.#fromFile(init, ground, lanes[0] ?? 1);
    if (typeof init !== 'function' && init.length !== this.depth) {
      builder.report(messages.badMemoryInit(builder.here(), `have ${init.length} words where the memory has ${this.depth}`));
      return undefined;
    }
    const all: bigint[] = [];
    for (let address = 0; address < this.depth; address++) {
      const word = typeof init === 'function' ? init(address) : init[address];
      const values = Array.isArray(word) ? word : [word];
      if (values.length !== (lanes[0] ?? 1)) {
        builder.report(messages.badMemoryInit(builder.here(), `have ${values.length} lanes in word ${address} where a word has ${lanes[0] ?? 1}`));
        return undefined;
      }
      for (const value of values) {
        const literal = literalOf(builder, value, ground);
        if (literal?.op !== 'const') return undefined;
        all.push(literal.value);
      }
    }
    return all;
  }

  /** Every lane of every word, as a number of the word's type. */
  #fromFile(file: HexFile, ground: GroundType, lanes: number): bigint[] | undefined {
    const { width, enumeration } = ground;
    const read = file.read(this.depth, width * lanes);
    const refuse = (fault: string, line?: number): undefined => {
      this.#builder.report(messages.badHexFile(this.#builder.here(), file.path, line, fault));
      return undefined;
    };
    if (!('words' in read)) return refuse(read.fault, read.line);
    const all = read.words.flatMap((word) => [...Array(lanes).keys()].map((i) => word >> BigInt(width * i)));
    const codes = enumeration && new Set(enumeration.members.values());
    const stray = codes && all.find((bits) => !codes.has(BigInt.asUintN(width, bits)));
    if (stray !== undefined) return refuse(`has a word with the code ${BigInt.asUintN(width, stray)}, which ${enumeration?.name} does not have`);
    return all.map((bits) => (ground.kind === 'sint' ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits)));
  }

  #rename(name: string): void {
    const memory = this.#memory;
    memory.name = name;
    memory.named = true;
    const number = (list: readonly unknown[], i: number): string => (list.length > 1 ? String(i) : '');
    memory.writes.forEach((w, i) => {
      const port = `${name}_write${number(memory.writes, i)}`;
      for (const [what, pin] of Object.entries({ address: w.address, data: w.data, enable: w.enable, mask: w.mask }))
        if (pin) pin.name = `${port}_${what}`;
    });
    memory.reads.forEach((r, i) => {
      const port = `${name}_read${number(memory.reads, i)}`;
      r.address.name = `${port}_address`;
      if (r.registered) r.registered.enable.name = `${port}_enable`;
      if (!r.data.named) r.data.name = `${port}_data`;
    });
  }
}

/** Ground type and lanes of a word, or undefined for what is no word. A bundle, or a lane that is no ground value, is one row of bits. */
function wordOf(type: HwType): { readonly ground: GroundType; readonly lanes: Dims; readonly packed: boolean } | undefined {
  if (hasControl(type)) return undefined;
  const lane = type.kind === 'vec' ? type.element : type;
  const lanes = type.kind === 'vec' ? [type.length] : [];
  const isPacked = lane.kind === 'vec' || lane.kind === 'bundle';
  return { ground: isPacked ? build.ground('uint', bitsIn(lane)) : groundOf(lane), lanes, packed: isPacked };
}

/** Clocks and resets are no data. */
function hasControl(type: HwType): boolean {
  if (type.kind === 'bundle') return fieldTypes(type.fields).some(([, field]) => hasControl(field));
  return type.kind === 'vec' ? hasControl(type.element) : type.kind === 'clock' || type.kind === 'reset';
}

/** A value as exactly a type, narrower parts extended, in the form in which a memory keeps it; undefined where it does not fit. */
function packedWord(value: HwValue, type: HwType): Expr | undefined {
  if (!sameShape(type, value.hwType)) return undefined;
  const given = leavesOf(value.leaves).map(({ leaf }) => leaf.expr);
  let next = 0;
  let fits = true;
  const leaves = typeLeaves(type, (ground, dims) => {
    const expr = given[next++] as Expr;
    fits &&= sameKind(expr.type, ground) && expr.type.fraction === ground.fraction && expr.type.width <= ground.width;
    return { expr: fits ? build.extend(expr, ground.width) : build.fill(build.constant(ground, 0n), dims) };
  });
  if (!fits) return undefined;
  if (type.kind !== 'vec') return packed(makeValue(type, leaves));
  const lanes = elementsOf(leaves, type.length).map((lane) => packed(makeValue(type.element, lane)));
  return build.array(lanes as [Expr, ...Expr[]]);
}

/** The value of a type that a memory keeps so. */
function unpackedWord(word: Expr, type: HwType): HwValue {
  if (type.kind !== 'vec') return unpacked(word, type);
  const lanes = Array.from({ length: type.length }, (_, i) => unpacked(build.element(word, i), type.element).leaves);
  return makeValue(type, arrayed(lanes as [LeafTree, ...LeafTree[]]));
}
