// Expressions of circuits as values of the language.

import {
  bf16,
  bool,
  bundle,
  cat,
  enumeration,
  fill,
  fixed,
  fp4e2m1,
  fp6e3m2,
  fp8e4m3,
  fp8e5m2,
  fp16,
  type HwType,
  lit,
  mux,
  sint,
  table,
  ufixed,
  uint,
  vec,
  vecOf,
  zeros,
} from '../../../hdl/index.ts';
import {
  abs,
  asBits,
  asType,
  fillBits,
  max,
  min,
  muxCase,
  muxLookup,
  reverseBits,
  rotateLeft,
  rotateRight,
  saturate,
} from '../../../hdl/std/index.ts';
import { call, type Dyn } from '../dynamic.ts';
import type { Dress, Ground, Type, Value } from '../reference.ts';
import { type Expr, isGround } from './data.ts';

const FLOATS: { readonly [format: string]: HwType } = { fp16, bf16, fp8e4m3, fp8e5m2, fp6e3m2, fp4e2m1 };
const FUNCTIONS = { abs, fillBits, max, min, reverseBits, rotateLeft, rotateRight, saturate } as unknown as {
  readonly [name: string]: (...values: readonly unknown[]) => Dyn;
};
const enumerations = new Map<string, HwType>();

function enumType({ name, members }: Dress & { readonly as: 'enum' }): HwType {
  const key = `${name} ${JSON.stringify(members)}`;
  let type = enumerations.get(key);
  if (!type) enumerations.set(key, (type = enumeration(name, members) as HwType));
  return type;
}

function groundType({ kind, width, dress }: Ground): HwType {
  if (dress?.as === 'enum') return enumType(dress);
  if (dress?.as === 'float') return FLOATS[dress.format] as HwType;
  if (dress?.as === 'fixed') return kind === 'sint' ? fixed(width, dress.fraction) : ufixed(width, dress.fraction);
  if (kind === 'bool') return bool;
  return kind === 'uint' ? uint(width) : sint(width);
}

export function hdlType(type: Type): never {
  if (type.kind === 'vec') return vec(hdlType(type.element), type.length) as never;
  if (type.kind === 'bundle') return bundle(Object.fromEntries(Object.entries(type.fields).map(([name, f]) => [name, hdlType(f)]))) as never;
  return groundType(type) as never;
}

/** What the language takes for a value of a ground type. */
export function plain(type: Ground, value: bigint): unknown {
  const { dress } = type;
  if (dress?.as === 'enum' || dress?.as === 'state') return Object.entries(dress.members).find(([, code]) => BigInt(code) === value)?.[0];
  if (dress?.as === 'fixed') return Number(value) / 2 ** dress.fraction;
  // Other floats are made of their bits.
  if (dress?.as === 'float') return 0;
  return type.kind === 'bool' ? value === 1n : value;
}

/** A constant as the language writes the value of a reset. */
export function constant(type: Type, value: Value): unknown {
  if (isGround(type)) return plain(type, value as bigint);
  if (type.kind !== 'vec' || !isGround(type.element) || type.element.dress) return zeros(hdlType(type));
  const ground = type.element;
  const [head, ...tail] = (value as readonly bigint[]).map((v) => lit(hdlType(ground), plain(ground, v) as never));
  return vecOf(head as never, ...(tail as never[]));
}

/** What the language calls the kind of a type. */
function kindOf({ kind, dress }: Ground): string {
  if (dress?.as === 'fixed') return kind === 'sint' ? 'fixed' : 'ufixed';
  if (dress?.as === 'float') return 'float';
  return dress ? 'enum' : kind;
}

const WITH_NUMBER = new Set(['shl', 'shr', 'trunc', 'extend', 'bit', 'fixed.scale', 'asFixed']);

export class ExprBuilder {
  readonly #env: ReadonlyMap<string, Dyn>;
  readonly #made = new Map<Expr, Dyn>();

  constructor(env: ReadonlyMap<string, Dyn>) {
    this.#env = env;
  }

  of(e: Expr): Dyn {
    let made = this.#made.get(e);
    if (!made) this.#made.set(e, (made = this.#make(e)));
    // The type that the specification gives; a narrower one would pass unseen, since assignment extends.
    if (isGround(e.type) && (made.width !== e.type.width || made.kind !== kindOf(e.type))) {
      throw new Error(`${'fn' in e ? e.fn : e.op} is a ${made.kind} of ${made.width} bits where a ${kindOf(e.type)} of ${e.type.width} is due`);
    }
    return made;
  }

  #make(e: Expr): Dyn {
    switch (e.op) {
      case 'ref': {
        const found = this.#env.get(e.name);
        if (!found) throw new Error(`the circuit reads ${e.name} before it exists`);
        return found;
      }
      case 'lit':
        return lit(hdlType(e.type), plain(e.type, e.value) as never) as unknown as Dyn;
      case 'prim':
        return this.#prim(e);
      case 'with':
        return call(this.of(e.arg), e.fn, plain({ kind: (e.arg.type as Ground).kind, width: 0 }, e.literal));
      case 'mux':
        return mux(this.of(e.cond) as never, this.of(e.yes) as never, this.of(e.no) as never) as unknown as Dyn;
      case 'muxCase':
        return muxCase(this.of(e.otherwise) as never, e.cases.map((c) => [this.of(c.cond), this.of(c.value)]) as never) as unknown as Dyn;
      case 'muxLookup':
        return muxLookup(
          this.of(e.subject) as never,
          this.of(e.otherwise) as never,
          e.cases.map((c) => [c.key, this.of(c.value)]) as never,
        ) as unknown as Dyn;
      case 'table':
        return table(hdlType(e.type), this.of(e.index) as never, e.values.map((v) => plain(e.type, v)) as never) as unknown as Dyn;
      case 'is':
        return call(this.of(e.arg), 'is', ...e.members);
      case 'cat':
        return cat(...(e.args.map((x) => this.of(x)) as never[])) as unknown as Dyn;
      case 'at':
        return this.of(e.of).at(typeof e.index === 'number' ? e.index : this.of(e.index));
      case 'field':
        return this.of(e.of)[e.name] as Dyn;
      case 'zeros':
        // An enumeration has no zero but a member.
        return zeros(hdlType(e.type)) as unknown as Dyn;
    }
    const args = e.args.map((x) => this.of(x));
    const [a] = args as [Dyn];
    switch (e.op) {
      case 'vecOf':
        return vecOf(a as never, ...(args.slice(1) as never[])) as unknown as Dyn;
      case 'fill':
        return fill((e.type as { length: number }).length, a as never) as unknown as Dyn;
      case 'reversed':
        return a.reversed();
      case 'asBools':
        return a.asBools();
      case 'pack':
        return a.asUInt();
      case 'asBits':
        return asBits(a as never) as unknown as Dyn;
      case 'asType':
        return asType(a as never, hdlType(e.type)) as unknown as Dyn;
      case 'named':
        return a.named(e.name as string);
    }
  }

  #prim({ fn, args, n, m }: Expr & { readonly op: 'prim' }): Dyn {
    const [a, b] = args.map((x) => this.of(x)) as [Dyn, Dyn?];
    const [family, name, how] = fn.split('.') as [string, string, string];
    if (family === 'toFixed') return call(a, 'toFixed', n, m, { rounding: name, overflow: how });
    if (family === 'asFloat') return call(a, 'asFloat', FLOATS[name]);
    if (family === 'std') {
      const given = b ? [a, b] : n > 0 || name === 'saturate' || name === 'fillBits' ? [a, n] : [a];
      return (FUNCTIONS[name] as (typeof FUNCTIONS)[string])(...given);
    }
    if (fn === 'slice') return call(a, 'slice', b, n);
    const method = name ?? fn;
    if (b) return call(a, method, b);
    if (fn === 'bits') return a.bits(n, m);
    return WITH_NUMBER.has(fn) ? call(a, method, n) : call(a, method);
  }
}
