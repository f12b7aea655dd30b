// Expressions to vector code: sixteen elements of a mesh at a time, in lanes as narrow as each value allows.
//
// Invariant: a value of at most 8, 16, 32 bits is 1, 2, 4 vectors of exact lanes; a condition is one vector of byte masks. What is equal for
// all elements is computed once before the loop. Refused, by `fits`: values above 32 bits (but sums and products of which only low bits are
// used), shifts by a value, arrays, and signals whose elements do not lie side by side.

import type { Expr, GroundType, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { indexExprs } from '../../hdl/ir/visit.ts';
import { type Scope, viewOf } from '../layout.ts';
import { vec, vecLoad, type W } from './code.ts';
import type { Context } from './context.ts';
import {
  AND,
  ANDNOT,
  BITSELECT,
  isZeroConst,
  keyFor,
  type Lane,
  laneOf,
  NOT,
  narrowMask,
  OPS,
  OR,
  POPCNT8,
  shifted,
  splatConst,
  type Ws,
  widenMask,
  XOR,
} from './lane-code.ts';
import { isSigned } from './limbs.ts';
import type { Spot } from './placement.ts';
import { Scalar, usesIn } from './scalar.ts';

export class Lanes {
  readonly c: Context;
  readonly scope: Scope;
  readonly scalar: Scalar;

  constructor(c: Context, scope: Scope) {
    this.c = c;
    this.scope = scope;
    this.scalar = new Scalar(c, scope);
  }

  spot(signal: Signal): Spot {
    return this.c.placements.spotOf(viewOf(this.scope, signal));
  }

  /** Whether an expression is equal for all elements. */
  uniform(e: Expr): boolean {
    if (e.op !== 'ref') return e.args.every((a) => this.uniform(a));
    const spot = this.spot(e.signal);
    return this.c.uniform(spot) && !this.c.inline.has(spot.block);
  }

  /** Whether statements can be run on lanes. */
  runs(body: readonly Stmt[]): boolean {
    return body.every((s) =>
      s.kind === 'assign'
        ? s.target.path.length === 0 && indexExprs(s.target).length === 0 && s.target.signal.type.width <= 32 && this.fits(s.value)
        : this.fits(s.cond) && this.runs(s.then) && this.runs(s.else),
    );
  }

  fits(e: Expr, low = false): boolean {
    if (e.dims.length > 0 || (e.type.width > 32 && !low)) return false;
    const all = (): boolean => e.args.every((a) => this.fits(a));
    if (e.op === 'const') return true;
    if (e.op === 'ref') return this.reaches(e.signal);
    if (this.uniform(e)) return e.type.width <= 32;
    switch (e.op) {
      case 'add':
      case 'sub':
      case 'addw':
      case 'subw':
      case 'mul':
      case 'and':
      case 'or':
      case 'xor':
      case 'not':
      case 'neg':
        return e.args.every((a) => this.fits(a, low || e.op === 'addw' || e.op === 'subw'));
      case 'trunc':
        return this.fits(e.args[0] as Expr, true);
      case 'extend':
      case 'cast':
        return this.fits(e.args[0] as Expr, low);
      case 'mux':
      case 'bits':
      case 'shr':
      case 'shl':
      case 'cat':
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
      case 'orR':
      case 'andR':
      case 'xorR':
        return e.type.width <= 32 && all();
      default:
        return false;
    }
  }

  /** Whether a signal's elements can be loaded as a vector. */
  reaches(signal: Signal): boolean {
    const spot = this.spot(signal);
    if (signal.dims.length > 0 || signal.type.width > 32) return false;
    const wire = this.c.inline.get(spot.block);
    if (wire) return new Lanes(this.c, wire.scope).runs(wire.body);
    return this.c.uniform(spot) || spot.domain[spot.domain.length - 1] === spot.size;
  }

  value(e: Expr): Ws {
    const { c } = this;
    if (e.op === 'const') return splatConst(e.value, laneOf(e.type.width));
    if (e.op === 'ref') return this.read(e.signal);
    const key = keyFor(this.scope, e);
    const known = c.find(key);
    if (known) return known;
    if (this.uniform(e)) return c.hoisted(() => c.name(key, this.#splat(this.scalar.word(e), laneOf(e.type.width))));
    const value = this.#compute(e);
    return (usesIn(this.scope.definition).get(e) ?? 0) > 1 || value.length > 1 ? c.name(key, value) : value;
  }

  read(signal: Signal): Ws {
    const { c } = this;
    const spot = this.spot(signal);
    const lane = laneOf(signal.type.width);
    const wire = c.inline.get(spot.block);
    if (wire) return c.find(spot.block) ?? c.name(spot.block, new Lanes(c, wire.scope).run(wire.signal, wire.body));
    const key = `v${spot.base}/${spot.domain.join()}/${spot.size}`;
    const known = c.find(key);
    if (known) return known;
    if (c.uniform(spot)) return c.hoisted(() => c.name(key, this.#splat(this.scalar.read(signal, []).w[0] as W, lane)));
    const { cursor, offset } = c.place(spot);
    const moved = c.old.get(spot.block) ?? 0;
    return c.name(
      key,
      Array.from({ length: lane / 8 }, (_, i) => vecLoad(cursor, offset + moved + 16 * i)),
    );
  }

  /** Byte masks. */
  mask(e: Expr): W {
    const { c } = this;
    const key = keyFor(this.scope, e.args, e);
    const known = c.find(key);
    if (known) return known[0] as W;
    if (this.uniform(e)) return c.hoisted(() => c.name(key, [vec(OPS[8].neg, vec(15, this.scalar.word(e)))]))[0] as W;
    return c.name(key, [this.#condition(e)])[0] as W;
  }

  #condition(e: Expr): W {
    const [a, b] = e.args as [Expr, Expr];
    const kind = a?.type.kind === 'bool' && e.type.kind === 'bool';
    switch (e.op) {
      case 'not':
        if (kind) return vec(NOT, this.mask(a));
        break;
      case 'and':
        if (kind) return vec(AND, this.mask(a), this.mask(b));
        break;
      case 'or':
        if (kind) return vec(OR, this.mask(a), this.mask(b));
        break;
      case 'xor':
        if (kind) return vec(XOR, this.mask(a), this.mask(b));
        break;
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge': {
        const lane = Math.max(laneOf(a.type.width), laneOf(b.type.width)) as Lane;
        const name = (e.op === 'eq' || e.op === 'ne' ? e.op : `${e.op}_${isSigned(a.type) ? 's' : 'u'}`) as 'eq';
        const [x, y] = [this.#resized(a, lane), this.#resized(b, lane)];
        return narrowMask(x.map((w, i) => vec(OPS[lane][name], w, y[i] as W)));
      }
      case 'orR':
      case 'andR': {
        const lane = laneOf(a.type.width);
        if (a.type.width === 0) return splatConst(e.op === 'andR' ? -1n : 0n, 8)[0] as W;
        const all = isSigned(a.type) ? -1n : (1n << BigInt(a.type.width)) - 1n;
        const y = splatConst(e.op === 'orR' ? 0n : all, lane);
        return narrowMask(this.value(a).map((w, i) => vec(OPS[lane][e.op === 'orR' ? 'ne' : 'eq'], w, y[i] as W)));
      }
      default:
    }
    return vec(OPS[8].neg, this.value(e)[0] as W);
  }

  #splat(word: W, lane: Lane): Ws {
    const one = this.c.code.let(vec(OPS[lane].splat, word));
    return Array.from({ length: lane / 8 }, () => one);
  }

  /** Exact lanes of at least the value's own width. */
  #resized(e: Expr, lane: Lane): Ws {
    return this.#convert(this.value(e), laneOf(e.type.width), lane, isSigned(e.type));
  }

  #convert(v: Ws, from: Lane, to: Lane, signed: boolean): Ws {
    if (from === to) return v;
    if (from < to) {
      const base = from === 8 ? 135 : 167;
      const wider = v.flatMap((w) => {
        const x = this.c.code.let(w);
        return [vec(base + (signed ? 0 : 2), x), vec(base + (signed ? 1 : 3), x)];
      });
      return this.#convert(wider, from === 8 ? 16 : 32, to, signed);
    }
    const half: Lane = from === 32 ? 16 : 8;
    const cut = splatConst((1n << BigInt(half)) - 1n, from)[0] as W;
    const narrow = Array.from({ length: v.length / 2 }, (_, i) =>
      vec(from === 32 ? 134 : 102, vec(AND, v[2 * i] as W, cut), vec(AND, v[2 * i + 1] as W, cut)),
    );
    return this.#convert(narrow, half, to, signed);
  }

  #wrap(v: Ws, type: GroundType): Ws {
    const lane = laneOf(type.width);
    if (type.width === lane) return v;
    if (type.width === 0) return splatConst(0n, 8);
    if (!isSigned(type)) {
      const cut = splatConst((1n << BigInt(type.width)) - 1n, lane)[0] as W;
      return v.map((w) => vec(AND, w, cut));
    }
    const by = lane - type.width;
    return v.map((w) => shifted(OPS[lane].shr_s, shifted(OPS[lane].shl, w, by), by));
  }

  /** Lanes whose bits are right as far as they go. */
  #low(e: Expr, lane: Lane): Ws {
    const [a, b] = e.args as [Expr, Expr];
    if (e.type.width <= lane) return this.#resized(e, lane);
    const wide = e.type.width > 32;
    switch (e.op) {
      case 'add':
      case 'sub':
      case 'addw':
      case 'subw':
        return this.#pairs(e.op.slice(0, 3) as 'add', a, b, lane);
      case 'mul':
        if (wide) return this.#product(a, b, lane);
        break;
      case 'and':
      case 'or':
      case 'xor':
        return this.#bitwise(e.op, a, b, lane);
      case 'not':
        return this.#low(a, lane).map((w) => vec(NOT, w));
      case 'neg':
        return this.#low(a, lane).map((w) => vec(OPS[lane].neg, w));
      case 'trunc':
      case 'cast':
      case 'extend':
        return this.#low(a, lane);
      default:
    }
    return this.#convert(this.value(e), laneOf(e.type.width), lane, false);
  }

  #pairs(op: 'add' | 'sub', a: Expr, b: Expr, lane: Lane): Ws {
    const [x, y] = [this.#low(a, lane), this.#low(b, lane)];
    return x.map((w, i) => vec(OPS[lane][op], w, y[i] as W));
  }

  #bitwise(op: 'and' | 'or' | 'xor', a: Expr, b: Expr, lane: Lane): Ws {
    const [x, y] = [this.#low(a, lane), this.#low(b, lane)];
    return x.map((w, i) => vec(op === 'and' ? AND : op === 'or' ? OR : XOR, w, y[i] as W));
  }

  #product(a: Expr, b: Expr, lane: Lane): Ws {
    const half = lane / 2;
    if (half >= 8 && a.type.width <= half && b.type.width <= half) {
      const base = (lane === 16 ? 156 : 188) + (isSigned(a.type) ? 0 : 2);
      const [x, y] = [this.#resized(a, half as Lane), this.#resized(b, half as Lane)];
      return x.flatMap((w, i) => {
        const [p, q] = [this.c.code.let(w), this.c.code.let(y[i] as W)];
        return [vec(base, p, q), vec(base + 1, p, q)];
      });
    }
    if (lane === 8) return this.#convert(this.#product(a, b, 16), 16, 8, false);
    const [x, y] = [this.#low(a, lane), this.#low(b, lane)];
    return x.map((w, i) => vec(OPS[lane as 16].mul, w, y[i] as W));
  }

  #compute(e: Expr): Ws {
    const { type } = e;
    const lane = laneOf(type.width);
    const [a, b, f] = e.args as [Expr, Expr, Expr];
    const one = splatConst(1n, 8)[0] as W;
    switch (e.op) {
      case 'add':
      case 'sub':
      case 'addw':
      case 'subw':
        return this.#wrap(this.#pairs(e.op.slice(0, 3) as 'add', a, b, lane), type);
      case 'mul':
        return this.#wrap(this.#product(a, b, lane), type);
      case 'and':
      case 'or':
      case 'xor':
        return this.#wrap(this.#bitwise(e.op, a, b, lane), type);
      case 'not':
        return this.#wrap(
          this.#low(a, lane).map((w) => vec(NOT, w)),
          type,
        );
      case 'neg':
        return this.#wrap(
          this.#low(a, lane).map((w) => vec(OPS[lane].neg, w)),
          type,
        );
      case 'trunc':
        return this.#wrap(this.#low(a, lane), type);
      case 'extend':
        return this.#resized(a, lane);
      case 'cast':
        return isSigned(type) === isSigned(a.type) ? this.value(a) : this.#wrap(this.value(a), type);
      case 'mux': {
        const masks = widenMask(this.c, this.mask(a), lane);
        if (isZeroConst(b)) return this.value(f).map((w, i) => vec(ANDNOT, w, masks[i] as W));
        if (isZeroConst(f)) return this.value(b).map((w, i) => vec(AND, w, masks[i] as W));
        const [x, y] = [this.value(b), this.value(f)];
        return x.map((w, i) => vec(BITSELECT, w, y[i] as W, masks[i] as W));
      }
      case 'shl':
        return this.#wrap(
          this.#low(a, lane).map((w) => shifted(OPS[lane].shl, w, Math.min(e.amount, lane - 1))),
          type,
        );
      case 'shr':
      case 'bits': {
        const from = laneOf(a.type.width);
        const arithmetic = e.op === 'shr' && isSigned(a.type);
        const by = e.op === 'bits' ? e.lo : Math.min(e.amount, Math.max(0, a.type.width - 1));
        const moved = this.value(a).map((w) => shifted(arithmetic ? OPS[from].shr_s : OPS[from].shr_u, w, by));
        return this.#wrap(this.#convert(moved, from, lane, arithmetic), type);
      }
      case 'cat': {
        let at = 0;
        let all: Ws | undefined;
        for (const part of [...e.args].reverse()) {
          const plain = this.#convert(this.#pattern(part), laneOf(part.type.width), lane, false);
          const placed = at === 0 ? plain : plain.map((w) => shifted(OPS[lane].shl, w, at));
          if (part.type.width > 0) all = all ? all.map((w, i) => vec(OR, w, placed[i] as W)) : placed;
          at += part.type.width;
        }
        return all ?? splatConst(0n, 8);
      }
      case 'xorR': {
        let v = this.#pattern(a);
        let width = laneOf(a.type.width);
        while (width > 8) {
          const half = (width / 2) as Lane;
          v = this.#convert(
            v.map((w) => {
              const x = this.c.code.let(w);
              return vec(XOR, x, shifted(OPS[width].shr_u, x, half));
            }),
            width,
            half,
            false,
          );
          width = half;
        }
        return v.map((w) => vec(AND, vec(POPCNT8, w), one));
      }
      default:
        return [vec(AND, this.mask(e), one)];
    }
  }

  #pattern(e: Expr): Ws {
    return this.#wrap(this.value(e), { kind: 'uint', width: e.type.width });
  }

  /** Whether a list changes its signal only under conditions that differ between elements. */
  guardable(body: readonly Stmt[]): boolean {
    const [only] = body;
    return body.length === 1 && only?.kind === 'when' && !this.uniform(only.cond) && (only.else.length === 0 || this.guardable(only.else));
  }

  /** Masks of the elements in which such a list changes something. */
  guard(body: readonly Stmt[]): W {
    const [only] = body as [Stmt & { kind: 'when' }];
    const own = this.mask(only.cond);
    return only.else.length === 0 ? own : this.c.code.let(vec(OR, own, this.guard(only.else)));
  }

  /** The value that a list of statements gives a signal; `start` is what it holds before. */
  run(signal: Signal, body: readonly Stmt[], start?: Ws): Ws {
    const { code } = this.c;
    const [only] = body;
    if (body.length === 1 && only?.kind === 'assign' && !only.target.bits) return this.value(only.value);
    const lane = laneOf(signal.type.width);
    const variables = (start ?? splatConst(0n, lane)).map((w) => {
      const v = code.local('v128');
      code.set(v, w);
      return v;
    });
    this.#statements(body, variables, signal.type, undefined);
    return variables.map((v) => code.get(v));
  }

  #statements(body: readonly Stmt[], variables: readonly number[], type: GroundType, mask: W | undefined): void {
    const { code } = this.c;
    const lane = laneOf(type.width);
    for (const s of body) {
      if (s.kind === 'assign') {
        const value = s.target.bits ? this.#inserted(variables, s.value, s.target.bits.lo, type) : this.value(s.value);
        const masks = mask && widenMask(this.c, mask, lane);
        value.forEach((w, i) => {
          const v = variables[i] as number;
          code.set(v, masks ? vec(BITSELECT, w, code.get(v), masks[i] as W) : w);
        });
      } else if (this.uniform(s.cond)) {
        const cond = this.c.hoisted(() => code.let(this.scalar.word(s.cond)));
        this.c.if(
          cond,
          () => {
            this.#statements(s.then, variables, type, mask);
          },
          s.else.length > 0
            ? () => {
                this.#statements(s.else, variables, type, mask);
              }
            : undefined,
        );
      } else {
        const own = this.mask(s.cond);
        const yes = mask ? code.let(vec(AND, mask, own)) : own;
        this.#statements(s.then, variables, type, yes);
        if (s.else.length > 0) this.#statements(s.else, variables, type, code.let(mask ? vec(ANDNOT, mask, own) : vec(NOT, own)));
      }
    }
  }

  #inserted(variables: readonly number[], value: Expr, lo: number, type: GroundType): Ws {
    const lane = laneOf(type.width);
    const keep = splatConst(~(((1n << BigInt(value.type.width)) - 1n) << BigInt(lo)), lane)[0] as W;
    const placed = this.#convert(this.#pattern(value), laneOf(value.type.width), lane, false);
    const all = variables.map((v, i) => vec(OR, vec(AND, this.c.code.get(v), keep), shifted(OPS[lane].shl, placed[i] as W, lo)));
    return this.#wrap(all, type).map((w) => this.c.code.let(w));
  }
}
