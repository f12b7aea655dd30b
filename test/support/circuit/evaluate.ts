// Expressions of circuits as exact integers.

import { apply, construct, type Ground, leaves, literalWidth, packLeaf, type Type, type Value, wrap } from '../reference.ts';
import { bitCount, type Expr, isGround, membersOf } from './data.ts';

export type Env = ReadonlyMap<string, Value>;

/** Values of expressions in one state; each is found once. Values are never changed in place. */
export class Evaluator {
  readonly #env: Env;
  readonly #memo = new Map<Expr, Value>();

  constructor(env: Env) {
    this.#env = env;
  }

  of(e: Expr): Value {
    // What a name stands for may change as statements run.
    if (e.op === 'ref') return this.#env.get(e.name) as Value;
    const known = this.#memo.get(e);
    if (known !== undefined) return known;
    const value = this.#value(e);
    this.#memo.set(e, value);
    return value;
  }
  int(e: Expr): bigint {
    return this.of(e) as bigint;
  }
  holds(e: Expr | undefined): boolean {
    return e === undefined || this.of(e) === 1n;
  }

  #value(e: Exclude<Expr, { op: 'ref' }>): Value {
    switch (e.op) {
      case 'lit':
        return e.value;
      case 'prim': {
        const [a, b] = e.args.map((x) => ({ type: x.type as Ground, value: this.int(x) }));
        return apply(e.fn, a as never, b, e.n, e.m).value;
      }
      case 'with': {
        const { kind } = e.arg.type as Ground;
        const b = { type: { kind, width: literalWidth(kind, e.literal) }, value: e.literal };
        return apply(e.fn, { type: e.arg.type as Ground, value: this.int(e.arg) }, b).value;
      }
      case 'mux':
        return this.of(this.holds(e.cond) ? e.yes : e.no);
      case 'muxCase':
        return this.of(e.cases.find((c) => this.holds(c.cond))?.value ?? e.otherwise);
      case 'muxLookup': {
        const subject = this.int(e.subject);
        return this.of(e.cases.find((c) => c.key === subject)?.value ?? e.otherwise);
      }
      case 'table':
        return e.values[Number(this.int(e.index))] ?? 0n;
      case 'is': {
        const value = this.int(e.arg);
        const codes = membersOf(e.arg.type);
        return e.members.some((m) => BigInt(codes[m] as number) === value) ? 1n : 0n;
      }
      case 'cat':
        return e.args.reduce((sum, x) => sum * 2n ** BigInt((x.type as Ground).width) + packLeaf(x.type, this.of(x), []).bits, 0n);
      case 'at': {
        const of = this.of(e.of) as readonly Value[];
        return of[typeof e.index === 'number' ? e.index : Number(this.int(e.index))] ?? construct(e.type, () => 0n);
      }
      case 'field':
        return (this.of(e.of) as { readonly [field: string]: Value })[e.name] as Value;
      case 'zeros':
        return construct(e.type, () => 0n);
    }
    const args = e.args.map((x) => this.of(x));
    const [a] = args as [Value];
    const own = (e.args[0] as Expr).type;
    switch (e.op) {
      case 'vecOf':
        return args;
      case 'fill':
        return [...Array((e.type as { length: number }).length)].map(() => a);
      case 'reversed':
        return [...(a as readonly Value[])].reverse();
      case 'asBools':
        return [...Array((own as Ground).width).keys()].map(
          (i) => (wrap({ kind: 'uint', width: (own as Ground).width }, a as bigint) / 2n ** BigInt(i)) % 2n,
        );
      case 'pack':
        return packLeaf(own, a, leaves(own)[0]?.path ?? []).bits;
      case 'asBits':
        return joined(own, a);
      case 'asType':
        return cut(e.type, a as bigint);
      case 'named':
        return a;
    }
  }
}

/** The first field of a bundle highest, element 0 of a vector lowest. */
function joined(type: Type, value: Value): bigint {
  if (isGround(type)) return wrap({ kind: 'uint', width: type.width }, value as bigint);
  if (type.kind === 'vec')
    return (value as readonly Value[]).reduceRight<bigint>((sum, v) => sum * 2n ** BigInt(bitCount(type.element)) + joined(type.element, v), 0n);
  return Object.entries(type.fields).reduce(
    (sum, [name, t]) => sum * 2n ** BigInt(bitCount(t)) + joined(t, (value as { readonly [field: string]: Value })[name] as Value),
    0n,
  );
}
function cut(type: Type, bits: bigint): Value {
  if (isGround(type)) return wrap(type, bits);
  if (type.kind === 'vec') return [...Array(type.length).keys()].map((i) => cut(type.element, bits / 2n ** BigInt(bitCount(type.element) * i)));
  let left = bitCount(type);
  return Object.fromEntries(
    Object.entries(type.fields).map(([name, t]) => {
      left -= bitCount(t);
      return [name, cut(t, bits / 2n ** BigInt(left))];
    }),
  );
}
