// Arithmetic on values of any width as lists of locals; see cells.ts for the representation.
//
// Invariant: operands are exact; what comes back is exact for the type given. Everything is straight-line code.

import type { GroundType } from '../../hdl/ir/nodes.ts';
import { limbsOf } from './cells.ts';
import { bin, type Code, type IntOp, i32, i64, select, un, type W } from './code.ts';

/** A value and its type. */
export interface Val {
  readonly w: readonly W[];
  readonly type: GroundType;
}

export const isSigned = (type: GroundType): boolean => type.kind === 'sint';

/** Cuts a number of which at least the low bits are right to a type of at most 64 bits. */
export function wrap(w: W, type: GroundType): W {
  const size = w.t === 'i32' ? 32 : 64;
  const { width } = type;
  if (width >= size) return w;
  if (width === 0) return w.t === 'i32' ? i32(0) : i64(0);
  const of = w.t === 'i32' ? i32 : i64;
  if (!isSigned(type)) return bin('and', w, of((1n << BigInt(width)) - 1n));
  if (w.known !== undefined) return of(BigInt.asIntN(width, w.known));
  if (w.t === 'i32' && width === 8) return un('i32.extend8_s', w);
  if (w.t === 'i32' && width === 16) return un('i32.extend16_s', w);
  return bin('shr_s', bin('shl', w, of(size - width)), of(size - width));
}

/** `n` 64-bit limbs, extended by the sign of the type; the first `n` when there are more. */
export function limbs(code: Code, { w, type }: Val, n: number): W[] {
  const first = w[0] as W;
  const own = first.t === 'i32' ? [un(isSigned(type) ? 'extend_s' : 'extend_u', first)] : [...w];
  if (own.length >= n) return own.slice(0, n);
  own[own.length - 1] = code.let(own[own.length - 1] as W);
  const top = own[own.length - 1] as W;
  const fill = isSigned(type) ? code.let(bin('shr_s', top, i64(63))) : i64(0);
  while (own.length < n) own.push(fill);
  return own;
}

/** Limbs whose low bits are right, as a value of a type. */
export function fromLimbs(own: readonly W[], type: GroundType): Val {
  if (type.width <= 32) return { w: [wrap(un('wrap', own[0] as W), type)], type };
  const n = limbsOf(type.width);
  const w = own.slice(0, n);
  w[n - 1] = wrap(w[n - 1] as W, { kind: type.kind, width: type.width - 64 * (n - 1) });
  return { w, type };
}

/** The value in a type of any width and kind: extended by its own sign or cut. */
export function resize(code: Code, v: Val, type: GroundType): Val {
  const { width } = type;
  if (width === v.type.width && isSigned(type) === isSigned(v.type)) return { w: v.w, type };
  if (width > v.type.width && !isSigned(v.type) && width <= 32) return { w: v.w, type };
  if (width <= 32 && v.w[0]?.t === 'i32') return { w: [wrap(v.w[0], type)], type };
  return fromLimbs(limbs(code, v, limbsOf(width)), type);
}

/** The bit pattern as a uint of the same width. */
export function pattern(code: Code, v: Val): Val {
  return resize(code, v, { kind: 'uint', width: v.type.width });
}

export function named(code: Code, v: Val): Val {
  return { w: v.w.map((x) => code.let(x)), type: v.type };
}

/** Shifts left by a constant into `n` limbs. */
export function shiftLeft(own: readonly W[], amount: number, n: number): W[] {
  const [whole, part] = [Math.floor(amount / 64), amount % 64];
  return Array.from({ length: n }, (_, i) => {
    const at = own[i - whole] ?? i64(0);
    if (part === 0) return at;
    const below = own[i - whole - 1];
    const low = bin('shl', at, i64(part));
    return below ? bin('or', low, bin('shr_u', below, i64(64 - part))) : low;
  });
}

/** Shifts right by a constant into `n` limbs; above the last limb stands `fill`. */
export function shiftRight(own: readonly W[], amount: number, n: number, fill: W): W[] {
  const [whole, part] = [Math.floor(amount / 64), amount % 64];
  return Array.from({ length: n }, (_, i) => {
    const at = own[i + whole] ?? fill;
    if (part === 0) return at;
    const above = own[i + whole + 1] ?? fill;
    return bin('or', bin('shr_u', at, i64(part)), bin('shl', above, i64(64 - part)));
  });
}

/** Bits from `lo` upwards, as many as the type has; v has names. */
export function slice(code: Code, v: Val, lo: number, type: GroundType): Val {
  const first = v.w[0] as W;
  if (lo >= v.type.width && !isSigned(v.type)) return { w: zeros(type), type };
  if (first.t === 'i32' && type.width <= 32)
    return { w: [wrap(bin(isSigned(v.type) ? 'shr_s' : 'shr_u', first, i32(Math.min(lo, 31))), type)], type };
  const n = limbsOf(type.width);
  const all = limbs(code, v, Math.max(v.w.length, limbsOf(lo + type.width)));
  const fill = isSigned(v.type) ? code.let(bin('shr_s', all[all.length - 1] as W, i64(63))) : i64(0);
  return fromLimbs(shiftRight(all, lo, n, fill), type);
}

export function zeros(type: GroundType): W[] {
  return type.width <= 32 ? [i32(0)] : Array.from({ length: limbsOf(type.width) }, () => i64(0));
}

export function constant(value: bigint, type: GroundType): W[] {
  if (type.width <= 32) return [i32(value)];
  return Array.from({ length: limbsOf(type.width) }, (_, i) => i64(value >> BigInt(64 * i)));
}

/** Patterns side by side, the most significant first. */
export function cat(code: Code, parts: readonly Val[], type: GroundType): Val {
  if (type.width <= 32) {
    let all: W = i32(0);
    let at = 0;
    for (const part of [...parts].reverse()) {
      if (part.type.width > 0) all = bin('or', all, bin('shl', pattern(code, part).w[0] as W, i32(at)));
      at += part.type.width;
    }
    return { w: [all], type };
  }
  const n = limbsOf(type.width);
  const all: W[] = Array.from({ length: n }, () => i64(0));
  let at = 0;
  for (const part of [...parts].reverse()) {
    const { width } = part.type;
    if (width === 0) continue;
    const own = limbs(code, named(code, pattern(code, part)), limbsOf(width)).map((w) => code.let(w));
    own.forEach((limb, i) => {
      const bit = at + 64 * i;
      const [to, shift] = [Math.floor(bit / 64), bit % 64];
      all[to] = bin('or', all[to] as W, bin('shl', limb, i64(shift)));
      if (shift > 0 && to + 1 < n && shift + Math.min(64, width - 64 * i) > 64)
        all[to + 1] = bin('or', all[to + 1] as W, bin('shr_u', limb, i64(64 - shift)));
    });
    at += width;
  }
  return { w: all, type };
}

/** Sum or difference of limbs, the carry running upwards. */
export function addLimbs(code: Code, op: 'add' | 'sub', a: readonly W[], b: readonly W[]): W[] {
  let carry: W | undefined;
  return a.map((x, i) => {
    const y = b[i] as W;
    const last = i === a.length - 1;
    if (last) return carry ? bin(op, bin(op, x, y), carry) : bin(op, x, y);
    const [p, q] = [code.let(x), code.let(y)];
    const first = code.let(bin(op, p, q));
    const over = op === 'add' ? bin('lt_u', first, p) : bin('lt_u', p, q);
    if (!carry) {
      carry = code.let(un('extend_u', over));
      return first;
    }
    const sum = code.let(bin(op, first, carry));
    const again = op === 'add' ? bin('lt_u', sum, first) : bin('lt_u', first, carry);
    carry = code.let(un('extend_u', bin('or', over, again)));
    return sum;
  });
}

/** The low limbs of a product, in digits of 32 bits. */
export function multiplyLimbs(code: Code, a: readonly W[], b: readonly W[]): W[] {
  const digits = (own: readonly W[]): W[] => own.flatMap((w) => [code.let(bin('and', w, i64(0xffffffff))), code.let(bin('shr_u', w, i64(32)))]);
  const [x, y] = [digits(a.map((w) => code.let(w))), digits(b.map((w) => code.let(w)))];
  const n = x.length;
  const sum: W[] = Array.from({ length: n }, () => i64(0));
  for (let i = 0; i < n; i++) {
    let carry: W = i64(0);
    for (let j = 0; i + j < n; j++) {
      const t = code.let(bin('add', bin('add', bin('mul', x[i] as W, y[j] as W), sum[i + j] as W), carry));
      sum[i + j] = code.let(bin('and', t, i64(0xffffffff)));
      carry = code.let(bin('shr_u', t, i64(32)));
    }
  }
  return a.map((_, i) => bin('or', sum[2 * i] as W, bin('shl', sum[2 * i + 1] as W, i64(32))));
}

/** Comparison of exact values of one kind. */
export function compare(code: Code, op: IntOp & ('eq' | 'ne' | 'lt_u' | 'gt_u' | 'le_u' | 'ge_u'), a: Val, b: Val): W {
  const wide = Math.max(a.type.width, b.type.width);
  const signed = isSigned(a.type);
  const exact = (signed ? op.replace('_u', '_s') : op) as IntOp;
  if (wide <= 32) return bin(exact, a.w[0] as W, b.w[0] as W);
  const n = limbsOf(wide);
  const [x, y] = [limbs(code, a, n).map((w) => code.let(w)), limbs(code, b, n).map((w) => code.let(w))];
  if (n === 1) return bin(exact, x[0] as W, y[0] as W);
  if (op === 'eq' || op === 'ne') {
    const differ = x.map((w, i) => bin('xor', w, y[i] as W)).reduce((all, w) => bin('or', all, w));
    return bin(op, differ, i64(0));
  }
  const [less, other] = op === 'lt_u' || op === 'ge_u' ? [x, y] : [y, x];
  let below: W = i32(0);
  less.forEach((w, i) => {
    const top = i === n - 1 && signed;
    const v = other[i] as W;
    below = code.let(bin('or', bin(top ? 'lt_s' : 'lt_u', w, v), bin('and', bin('eq', w, v), below)));
  });
  return op === 'lt_u' || op === 'gt_u' ? below : bin('xor', below, i32(1));
}

/** Shift by a value: one choice for each bit of the amount. `bits` are those of the amount that can matter. */
export function shiftBy(code: Code, own: readonly W[], bits: readonly W[], left: boolean, fill: W): W[] {
  return bits.reduce<W[]>(
    (value, bit, k) => {
      const here = value.map((w) => code.let(w));
      const moved = left ? shiftLeft(here, 2 ** k, here.length) : shiftRight(here, 2 ** k, here.length, fill);
      return here.map((w, i) => select(bit, moved[i] as W, w));
    },
    [...own],
  );
}

/** Quotient or remainder of exact values, towards zero; 0 where the divisor is. Operands have names. */
export function divide(code: Code, op: 'div' | 'rem', a: Val, b: Val, type: GroundType): Val {
  const signed = isSigned(a.type);
  const widest = Math.max(a.type.width, b.type.width, type.width);
  if (a.type.width === 0 || b.type.width === 0) return { w: zeros(type), type };
  if (widest <= 64) {
    const word = (v: Val): W => code.let(widest <= 32 ? (v.w[0] as W) : (limbs(code, v, 1)[0] as W));
    const [x, y] = [word(a), word(b)];
    const [zero, one] = x.t === 'i32' ? [i32(0), i32(1)] : [i64(0), i64(1)];
    const none = code.let(bin('eq', y, zero));
    const result = select(none, zero, bin(`${op}_${signed ? 's' : 'u'}`, x, select(none, one, y)));
    return type.width <= 32 && result.t === 'i64' ? { w: [wrap(un('wrap', result), type)], type } : { w: [wrap(result, type)], type };
  }
  return divideLimbs(code, op, a, b, type, limbsOf(widest));
}

/** Long division of magnitudes, bit by bit. */
function divideLimbs(code: Code, op: 'div' | 'rem', a: Val, b: Val, type: GroundType, n: number): Val {
  const none = Array.from({ length: n }, (): W => i64(0));
  const negated = (own: readonly W[], when: W): W[] => {
    const other = addLimbs(code, 'sub', none, own);
    return own.map((w, i) => code.let(select(when, other[i] as W, w)));
  };
  const split = (v: Val): { readonly size: W[]; readonly negative: W } => {
    const own = limbs(code, v, n).map((w) => code.let(w));
    const negative = isSigned(v.type) ? code.let(bin('lt_s', own[n - 1] as W, i64(0))) : i32(0);
    return { size: isSigned(v.type) ? negated(own, negative) : own, negative };
  };
  const [x, y] = [split(a), split(b)];
  const variable = (start: readonly W[]): number[] =>
    start.map((w) => {
      const v = code.local('i64');
      code.set(v, w);
      return v;
    });
  const [quotient, rest] = [variable(x.size), variable(none)];
  const read = (v: readonly number[]): W[] => v.map((i) => ({ ...code.get(i), local: false }));
  code.times(64 * n, () => {
    const top = bin('shr_u', read(quotient)[n - 1] as W, i64(63));
    const shifted = shiftLeft(read(rest), 1, n).map((w, i) => code.let(i === 0 ? bin('or', w, top) : w));
    const doubled = shiftLeft(read(quotient), 1, n).map((w) => code.let(w));
    const left = addLimbs(code, 'sub', shifted, y.size).map((w) => code.let(w));
    const plain = { kind: 'uint', width: 64 * n } as const;
    const fits = code.let(compare(code, 'ge_u', { w: shifted, type: plain }, { w: y.size, type: plain }));
    rest.forEach((v, i) => {
      code.set(v, select(fits, left[i] as W, shifted[i] as W));
    });
    quotient.forEach((v, i) => {
      code.set(v, i === 0 ? bin('or', doubled[0] as W, un('extend_u', fits)) : (doubled[i] as W));
    });
  });
  const negative = op === 'div' ? code.let(bin('xor', x.negative, y.negative)) : x.negative;
  const result = read(op === 'div' ? quotient : rest).map((w) => code.let(w));
  const exact = isSigned(a.type) ? negated(result, negative) : result;
  const zero = code.let(
    bin(
      'eq',
      y.size.reduce((all, w) => bin('or', all, w)),
      i64(0),
    ),
  );
  return fromLimbs(
    exact.map((w) => select(zero, i64(0), w)),
    type,
  );
}
