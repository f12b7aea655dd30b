// Expressions to scalar code.
//
// Invariant: `value` gives exact values (see cells.ts). Reads are of final values, so a common part is computed once for each block of code.

import type { Definition, Expr, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { countUses } from '../js/exprs.ts';
import { type Scope, viewOf } from '../layout.ts';
import { drivers } from '../nodes.ts';
import { limbsOf } from './cells.ts';
import { bin, i32, i64, isZero, load, select, un, type W } from './code.ts';
import type { Context } from './context.ts';
import {
  addLimbs,
  cat,
  compare,
  constant,
  divide,
  fromLimbs,
  isSigned,
  limbs,
  multiplyLimbs,
  named,
  pattern,
  resize,
  shiftBy,
  shiftLeft,
  slice,
  type Val,
  wrap,
  zeros,
} from './limbs.ts';
import type { Spot } from './placement.ts';
import { lookUp } from './tables.ts';

/** An element's index: known now, or computed and less than `below`, if that is known. */
export type Index = number | (W & { readonly below?: number });

/** Whether an index cannot be out of range. */
export function inRange(index: Index, length: number): boolean {
  return typeof index === 'number' ? index < length : index.below !== undefined && index.below <= length;
}

const usesOf = new WeakMap<Definition, ReadonlyMap<Expr, number>>();
const COMPARE = { eq: 'eq', ne: 'ne', lt: 'lt_u', le: 'le_u', gt: 'gt_u', ge: 'ge_u' } as const;

export function usesIn(definition: Definition): ReadonlyMap<Expr, number> {
  let uses = usesOf.get(definition);
  if (!uses) usesOf.set(definition, (uses = countUses(definition, drivers(definition).values() as Iterable<readonly Stmt[]>)));
  return uses;
}

export class Scalar {
  readonly c: Context;
  readonly scope: Scope;
  readonly #uses: ReadonlyMap<Expr, number>;
  readonly #keys: Map<unknown, object>;

  constructor(c: Context, scope: Scope) {
    this.c = c;
    this.scope = scope;
    this.#uses = usesIn(scope.definition);
    this.#keys = keysOf(scope);
  }

  /** The first or only word of a value, for values of at most 32 bits. */
  word(expr: Expr): W {
    return this.value(expr).w[0] as W;
  }

  value(expr: Expr, at: readonly Index[] = []): Val {
    const { type } = expr;
    if (expr.op === 'const') return { w: constant(expr.value, type), type };
    if (type.width === 0 && expr.op !== 'ref') return { w: zeros(type), type };
    if (expr.op === 'ref') return this.read(expr.signal, at);
    if (at.length > 0) return this.#element(expr, at) ?? this.#compute(expr, at);
    const key = keyOf(this.#keys, expr);
    const known = this.c.find(key);
    if (known) return { w: known, type };
    const value = this.#element(expr, at) ?? this.#compute(expr, at);
    const long = value.w.reduce((n, w) => n + w.code.length, 0) > 40;
    if ((this.#uses.get(expr) ?? 0) < 2 && !long) return value;
    return { w: this.c.name(key, value.w), type };
  }

  /** The value with names, to be used more than once. */
  #named(expr: Expr, at: readonly Index[] = []): Val {
    return named(this.c.code, this.value(expr, at));
  }

  read(signal: Signal, at: readonly Index[]): Val {
    const { c } = this;
    const spot = c.placements.spotOf(viewOf(this.scope, signal));
    const { type } = signal;
    if (type.width === 0) return { w: zeros(type), type };
    const wire = c.inline.get(spot.block);
    if (wire) return { w: this.#inlined(spot, () => c.compute(wire)), type };
    if (c.nest && c.uniform(spot) && at.every((i) => typeof i === 'number')) return c.hoisted(() => this.#load(spot, signal, at));
    return this.#load(spot, signal, at);
  }

  #inlined(spot: Spot, compute: () => readonly W[]): readonly W[] {
    return this.c.find(spot.block) ?? this.c.name(spot.block, compute());
  }

  #load(spot: Spot, { type }: Signal, at: readonly Index[]): Val {
    const { c } = this;
    const moved = c.old.get(spot.block) ?? 0;
    const { cursor, offset, checks } = this.address(spot, at);
    const fixed = at.every((i) => typeof i === 'number');
    const key = fixed ? cellKey(spot, offset, c.nest ? spot.domain : []) : undefined;
    const known = key && c.find(key);
    if (known) return { w: known, type };
    const wide = type.width > 64;
    const w = Array.from({ length: wide ? limbsOf(type.width) : 1 }, (_, i) => this.load(wide ? 8 : spot.size, cursor, offset + moved + 8 * i, type));
    const inRange = checks ? w.map((x) => select(checks, x, x.t === 'i32' ? i32(0) : i64(0))) : w;
    return { w: key ? c.name(key, inRange) : inRange.map((x) => c.code.let(x)), type };
  }

  /** One word of a cell; narrow loads are zero-extended by the machine. */
  load(size: number, cursor: W, offset: number, type: Val['type']): W {
    const word = load(size, cursor, offset);
    return isSigned(type) && size < 4 ? un(size === 1 ? 'i32.extend8_s' : 'i32.extend16_s', word) : word;
  }

  /** Where an element is. Computed indices out of range lead to element 0, and `checks` is then zero. */
  address(spot: Spot, at: readonly Index[]): { readonly cursor: W; readonly offset: number; readonly checks?: W } {
    const { c } = this;
    let { cursor, offset } = c.place(spot);
    let checks: W | undefined;
    at.forEach((index, i) => {
      const [stride, n] = [spot.inner[i] as number, spot.dims[i] as number];
      if (typeof index === 'number') {
        offset += index * stride;
        return;
      }
      const name = c.code.let(index);
      if (inRange(index, n)) {
        cursor = bin('add', cursor, bin('mul', name, i32(stride)));
        return;
      }
      const ok = c.code.let(bin('lt_u', name, i32(n)));
      checks = checks ? bin('and', checks, ok) : ok;
      cursor = bin('add', cursor, bin('mul', select(ok, name, i32(0)), i32(stride)));
    });
    return { cursor: c.code.let(cursor), offset, ...(checks && { checks }) };
  }

  /** A uint as an index: anything above 31 bits is out of every range. */
  index(expr: Expr): Index {
    const v = this.#named(expr);
    if (expr.op === 'const') return Number(expr.value);
    const first = v.w[0] as W;
    if (first.t === 'i32') return { ...first, ...(expr.type.width < 31 && { below: 2 ** expr.type.width }) };
    const rest = v.w.slice(1).reduce((all, w) => bin('or', all, w), bin('shr_u', first, i64(31)));
    return c32(this.c, select(isZero(rest), un('wrap', first), i32(-1)));
  }

  /** Operators that choose or rearrange. */
  #element(expr: Expr, at: readonly Index[]): Val | undefined {
    const { type } = expr;
    const { code } = this.c;
    const [a, b, f] = expr.args as [Expr, Expr, Expr];
    const [first, ...rest] = at as [Index, ...Index[]];
    switch (expr.op) {
      case 'mux': {
        const cond = code.let(this.word(a));
        const [x, y] = [this.value(b, at), this.value(f, at)];
        return { w: x.w.map((w, i) => select(cond, w, y.w[i] as W)), type };
      }
      case 'element': {
        const index = expr.index ?? this.index(b);
        if (typeof index === 'number') return index < (a.dims[0] as number) ? this.value(a, [index, ...at]) : { w: zeros(type), type };
        if (a.op === 'ref') return this.value(a, [index, ...at]);
        const v = this.value(a, [index, ...at]);
        if (inRange(index, a.dims[0] as number)) return v;
        const ok = code.let(bin('lt_u', index, i32(a.dims[0] as number)));
        return { w: v.w.map((w) => select(ok, w, w.t === 'i32' ? i32(0) : i64(0))), type };
      }
      case 'array': {
        if (typeof first === 'number') return this.value(expr.args[first] as Expr, rest);
        const found = lookUp(code, expr, first);
        if (found) return found;
        return expr.args
          .map((e) => this.value(e, rest))
          .reduce((all, v, i) => ({ w: all.w.map((w, k) => code.let(select(bin('eq', first, i32(i)), v.w[k] as W, w))), type }), {
            w: zeros(type),
            type,
          } as Val);
      }
      case 'fill':
        return this.value(a, at.slice(expr.dims.length - a.dims.length));
      case 'reverse': {
        const last = (a.dims[0] as number) - 1;
        return this.value(a, [typeof first === 'number' ? last - first : code.let(bin('sub', i32(last), first)), ...rest]);
      }
      case 'unpack': {
        const v = this.#named(a);
        if (typeof first === 'number') return slice(code, v, first * type.width, type);
        return this.#shiftRight(v, { w: [bin('mul', first, i32(type.width))], type: { kind: 'uint', width: 32 } }, type);
      }
      case 'pack': {
        const parts = positions(a.dims)
          .map((p) => this.value(a, p))
          .reverse();
        return cat(code, parts, type);
      }
      default:
        return undefined;
    }
  }

  #compute(expr: Expr, at: readonly Index[]): Val {
    const { type } = expr;
    const { code } = this.c;
    const [a, b] = expr.args as [Expr, Expr];
    const small = type.width <= 32;
    const of = (w: W): Val => ({ w: [w], type });
    switch (expr.op) {
      case 'add':
      case 'sub':
      case 'addw':
      case 'subw': {
        const op = expr.op.slice(0, 3) as 'add' | 'sub';
        if (small) return of(wrap(bin(op, this.low(a), this.low(b)), type));
        const n = limbsOf(type.width);
        return fromLimbs(addLimbs(code, op, limbs(code, this.#named(a), n), limbs(code, this.#named(b), n)), type);
      }
      case 'mul': {
        if (small) return of(wrap(bin('mul', this.low(a), this.low(b)), type));
        const n = limbsOf(type.width);
        const [x, y] = [limbs(code, this.#named(a), n), limbs(code, this.#named(b), n)];
        return n === 1 ? fromLimbs([bin('mul', x[0] as W, y[0] as W)], type) : fromLimbs(multiplyLimbs(code, x, y), type);
      }
      case 'div':
      case 'rem':
        return divide(code, expr.op, this.#named(a), this.#named(b), type);
      case 'neg': {
        if (small) return of(wrap(bin('sub', i32(0), this.low(a)), type));
        const n = limbsOf(type.width);
        return fromLimbs(addLimbs(code, 'sub', zeros({ kind: 'uint', width: 64 * n }), limbs(code, this.#named(a), n)), type);
      }
      case 'and':
      case 'or':
      case 'xor': {
        if (small) return of(wrap(bin(expr.op, this.low(a), this.low(b)), type));
        const n = limbsOf(type.width);
        const [x, y] = [limbs(code, this.#named(a), n), limbs(code, this.#named(b), n)];
        return fromLimbs(
          x.map((w, i) => bin(expr.op as 'and', w, y[i] as W)),
          type,
        );
      }
      case 'not': {
        if (small) return of(wrap(bin('xor', this.low(a), i32(-1)), type));
        return fromLimbs(
          limbs(code, this.#named(a), limbsOf(type.width)).map((w) => bin('xor', w, i64(-1))),
          type,
        );
      }
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
        return of(compare(code, COMPARE[expr.op], this.value(a), this.value(b)));
      case 'andR':
      case 'orR':
      case 'xorR':
        return of(this.#reduce(expr.op, a));
      case 'shl': {
        if (small) return of(wrap(bin('shl', this.low(a), i32(Math.min(31, expr.amount))), type));
        const n = limbsOf(type.width);
        return fromLimbs(
          shiftLeft(
            limbs(code, this.#named(a), n).map((w) => code.let(w)),
            expr.amount,
            n,
          ),
          type,
        );
      }
      case 'shr':
        return a.type.width === 0
          ? { w: zeros(type), type }
          : slice(code, this.#named(a), isSigned(type) ? Math.min(expr.amount, a.type.width - 1) : expr.amount, type);
      case 'dshl': {
        const bits = this.#shiftBits(this.#named(b), b.type.width);
        const n = limbsOf(type.width);
        const own = limbs(code, this.#named(a), n);
        return fromLimbs(shiftBy(code, own, bits, true, i64(0)), type);
      }
      case 'dshr':
        return this.#shiftRight(this.#named(a), this.#named(b), type);
      case 'bits':
        return slice(code, pattern(code, this.#named(a)), expr.lo, type);
      case 'extend':
      case 'cast':
        return resize(code, this.value(a, at), type);
      case 'trunc':
        return small && at.length === 0 ? of(wrap(this.low(a), type)) : resize(code, this.value(a, at), type);
      case 'cat':
        return cat(
          code,
          expr.args.map((e) => this.value(e)),
          type,
        );
      default:
        throw new Error(`no ${expr.op}`);
    }
  }

  /** A word whose low 32 bits are those of the value after extension; wide sums and products need not be exact for it. */
  low(expr: Expr): W {
    const { width } = expr.type;
    if (width <= 32) return this.word(expr);
    const known = this.c.find(keyOf(this.#keys, expr));
    const [a, b] = expr.args as [Expr, Expr];
    if (!known && (this.#uses.get(expr) ?? 0) < 2) {
      switch (expr.op) {
        case 'add':
        case 'sub':
        case 'addw':
        case 'subw':
          return bin(expr.op.slice(0, 3) as 'add', this.low(a), this.low(b));
        case 'mul':
        case 'and':
        case 'or':
        case 'xor':
          return bin(expr.op, this.low(a), this.low(b));
        case 'not':
          return bin('xor', this.low(a), i32(-1));
        case 'neg':
          return bin('sub', i32(0), this.low(a));
        case 'shl':
          return expr.amount > 31 ? i32(0) : bin('shl', this.low(a), i32(expr.amount));
        case 'trunc':
        case 'cast':
        case 'extend':
          return this.low(a);
        default:
      }
    }
    return un('wrap', this.value(expr).w[0] as W);
  }

  #reduce(op: 'andR' | 'orR' | 'xorR', a: Expr): W {
    const { code } = this.c;
    const v = this.#named(a);
    if (a.type.width === 0) return i32(op === 'andR' ? 1 : 0);
    if (op === 'orR') return bin('xor', compare(code, 'eq', v, { w: zeros(a.type), type: a.type }), i32(1));
    if (op === 'andR') {
      const all = isSigned(a.type) ? -1n : (1n << BigInt(a.type.width)) - 1n;
      return compare(code, 'eq', v, { w: constant(all, a.type), type: a.type });
    }
    const p = pattern(code, v);
    const first = p.w[0] as W;
    if (first.t === 'i32') return bin('and', un('i32.popcnt', first), i32(1));
    return bin(
      'and',
      un(
        'wrap',
        un(
          'i64.popcnt',
          p.w.reduce((all, w) => bin('xor', all, w)),
        ),
      ),
      i32(1),
    );
  }

  /** The bits of a shift amount as conditions, lowest first. */
  #shiftBits(amount: Val, n: number): W[] {
    const { code } = this.c;
    return Array.from({ length: n }, (_, k) => code.let(slice(code, amount, k, { kind: 'uint', width: 1 }).w[0] as W));
  }

  #shiftRight(v: Val, amount: Val, type: Val['type']): Val {
    const { code } = this.c;
    const { width } = v.type;
    const signed = isSigned(v.type);
    const first = v.w[0] as W;
    const by = amount.w[0] as W;
    if (first.t === 'i32' && by.t === 'i32') {
      const n = code.let(by);
      const small = bin('lt_u', n, i32(32));
      if (signed) return { w: [wrap(bin('shr_s', first, select(small, n, i32(31))), type)], type };
      return { w: [wrap(select(small, bin('shr_u', first, n), i32(0)), type)], type };
    }
    const useful = Math.max(1, Math.ceil(Math.log2(Math.max(2, width))));
    const count = Math.min(amount.type.width, useful);
    const own = limbs(code, v, limbsOf(width)).map((w) => code.let(w));
    const fill = signed ? code.let(bin('shr_s', own[own.length - 1] as W, i64(63))) : i64(0);
    let shifted = shiftBy(code, own, this.#shiftBits(amount, count), false, fill);
    if (amount.type.width > useful) {
      const above = slice(code, amount, useful, { kind: 'uint', width: amount.type.width - useful });
      const far = code.let(compare(code, 'ne', above, { w: zeros(above.type), type: above.type }));
      shifted = shifted.map((w) => select(far, fill, w));
    }
    return fromLimbs(shifted, type);
  }
}

function c32(c: Context, w: W): W {
  return c.code.let(w);
}

/** A key for a cell whose address is known. */
export function cellKey(spot: Spot, offset: number, domain: readonly number[]): string {
  return `${offset}/${domain.join()}`.concat(`/${spot.size}`);
}

const scopeKeys = new WeakMap<Scope, Map<unknown, object>>();

function keysOf(scope: Scope): Map<unknown, object> {
  let keys = scopeKeys.get(scope);
  if (!keys) scopeKeys.set(scope, (keys = new Map()));
  return keys;
}

function keyOf(keys: Map<unknown, object>, expr: Expr): object {
  let key = keys.get(expr);
  if (!key) keys.set(expr, (key = {}));
  return key;
}

/** All index lists of an array in row-major order. */
export function positions(dims: readonly number[]): number[][] {
  return dims.reduce<number[][]>((heads, n) => heads.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])), [[]]);
}
