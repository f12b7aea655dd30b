// What is known of an expression's bits without knowing any signal: what tools find out when they look for comparisons that cannot differ.
//
// Invariant: at least as strong as the tools' own folding, so that nothing that is printed is constant unless it is a literal.

import type { VExpr } from './ast.ts';

export interface Known {
  /** Ones where a bit is known. */
  readonly mask: bigint;
  /** Those bits; zeros elsewhere. */
  readonly value: bigint;
}

const NOTHING: Known = { mask: 0n, value: 0n };
const memo = new WeakMap<VExpr, Known>();

export function ones(n: number): bigint {
  return (1n << BigInt(n)) - 1n;
}

/** The value of an expression all of whose bits are known. */
export function constantOf(e: VExpr): bigint | undefined {
  const { mask, value } = knownBits(e);
  return mask === ones(e.width) ? value : undefined;
}

export function knownBits(e: VExpr): Known {
  if (e.k === 'literal') return { mask: ones(e.width), value: e.value };
  let found = memo.get(e);
  if (!found) memo.set(e, (found = find(e)));
  return found;
}

const whole = (value: bigint, width: number): Known => ({ mask: ones(width), value: BigInt.asUintN(width, value) });
const truth = (value: boolean | undefined): Known => (value === undefined ? NOTHING : whole(value ? 1n : 0n, 1));

function find(e: VExpr): Known {
  switch (e.k) {
    case 'net': {
      const constant = e.net.constant ?? e.net.known;
      return constant === undefined ? NOTHING : whole(constant, e.width);
    }
    case 'part': {
      const constant = e.net.constant ?? e.net.known;
      return constant === undefined ? NOTHING : whole(constant >> BigInt(e.lo), e.width);
    }
    case 'unary':
      return unary(e.op, e.arg);
    case 'binary':
      return binary(e);
    case 'cond': {
      const c = constantOf(e.c);
      const [t, f] = [knownBits(e.t), knownBits(e.f)];
      if (c !== undefined) return c === 1n ? t : f;
      const mask = t.mask & f.mask & ~(t.value ^ f.value);
      return { mask, value: t.value & mask };
    }
    case 'concat':
      return e.parts.reduce<Known>((all, part) => joined(all, knownBits(part), part.width), NOTHING);
    case 'repeat': {
      const arg = knownBits(e.arg);
      let all = NOTHING;
      for (let i = 0; i < e.times; i++) all = joined(all, arg, e.arg.width);
      return all;
    }
    case 'call':
      return knownBits(e.arg);
    default:
      return NOTHING;
  }
}

function joined(high: Known, low: Known, width: number): Known {
  return { mask: (high.mask << BigInt(width)) | low.mask, value: (high.value << BigInt(width)) | low.value };
}

function unary(op: string, arg: VExpr): Known {
  const { mask, value } = knownBits(arg);
  const all = ones(arg.width);
  const full = mask === all;
  switch (op) {
    case '~':
    case '!':
      return { mask, value: ~value & mask };
    case '-':
      return full ? whole(-value, arg.width) : NOTHING;
    case '&':
      return truth((mask & ~value) !== 0n ? false : full ? true : undefined);
    case '|':
      return truth(value !== 0n ? true : full ? false : undefined);
    case '^':
      return truth(full ? value.toString(2).replaceAll('0', '').length % 2 === 1 : undefined);
    default:
      return NOTHING;
  }
}

function binary(e: VExpr & { readonly k: 'binary' }): Known {
  const [a, b] = [knownBits(e.a), knownBits(e.b)];
  const equal = same(e.a, e.b);
  switch (e.op) {
    case '&': {
      const zero = (a.mask & ~a.value) | (b.mask & ~b.value);
      return { mask: zero | (a.mask & b.mask), value: a.value & b.value };
    }
    case '|':
      return { mask: a.value | b.value | (a.mask & b.mask), value: a.value | b.value };
    case '^': {
      if (equal) return whole(0n, e.width);
      const mask = a.mask & b.mask;
      return { mask, value: (a.value ^ b.value) & mask };
    }
    case '<<':
    case '>>':
    case '>>>':
      return shifted(e, a);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return truth(compared(e.op, e.a, e.b, equal));
    default: {
      const other = unchanged(e);
      return other ? knownBits(other) : arithmetic(e, equal);
    }
  }
}

/** What is left of an operation whose other operand changes nothing: `x + 0`, `1 * x`. */
function unchanged(e: VExpr): VExpr | undefined {
  if (e.k !== 'binary') return undefined;
  const { op, a, b, width } = e;
  const neutral = op === '*' || op === '/' ? 1n : op === '&' ? ones(width) : 0n;
  // A one that is narrower may be all sign: minus one.
  const isNeutral = (x: VExpr): boolean => constantOf(x) === neutral && (neutral === 0n || x.width === width);
  if (NEUTRAL_RIGHT.has(op) && a.width === width && isNeutral(b)) return a;
  if (NEUTRAL_LEFT.has(op) && b.width === width && isNeutral(a)) return b;
  return undefined;
}
const NEUTRAL_RIGHT = new Set(['+', '-', '*', '/', '&', '|', '^', '<<', '>>', '>>>']);
const NEUTRAL_LEFT = new Set(['+', '*', '&', '|', '^']);

function stripped(e: VExpr): VExpr {
  const inner = unchanged(e);
  return inner ? stripped(inner) : e;
}

function arithmetic({ op, a, b, width, signed }: VExpr & { readonly k: 'binary' }, equal: boolean): Known {
  if (op === '-' && equal) return whole(0n, width);
  const [x, y] = [a, b].map((operand) => {
    const value = constantOf(operand);
    return value === undefined || !signed ? value : BigInt.asIntN(operand.width, value);
  });
  if ((op === '*' && (x === 0n || y === 0n)) || ((op === '/' || op === '%') && x === 0n && y !== 0n)) return whole(0n, width);
  if (op === '%' && (y === 1n || equal)) return whole(0n, width);
  if (x === undefined || y === undefined) return NOTHING;
  switch (op) {
    case '+':
      return whole(x + y, width);
    case '-':
      return whole(x - y, width);
    case '*':
      return whole(x * y, width);
    case '/':
      return y === 0n ? NOTHING : whole(x / y, width);
    case '%':
      return y === 0n ? NOTHING : whole(x % y, width);
    default:
      return NOTHING;
  }
}

function shifted({ op, a, b, width }: VExpr & { readonly k: 'binary' }, { mask, value }: Known): Known {
  const amount = constantOf(b);
  if (constantOf(a) === 0n) return whole(0n, width);
  if (amount === undefined) return NOTHING;
  const by = amount > BigInt(width) ? BigInt(width) : amount;
  if (op === '<<') return { mask: BigInt.asUintN(width, (mask << by) | ((1n << by) - 1n)), value: BigInt.asUintN(width, value << by) };
  const above = ones(width) & ~(ones(width) >> by);
  if (op === '>>') return { mask: (mask >> by) | above, value: value >> by };
  return { mask: BigInt.asUintN(width, BigInt.asIntN(width, mask) >> by), value: BigInt.asUintN(width, BigInt.asIntN(width, value) >> by) };
}

/** Smallest and largest value that an expression can have, as far as its known bits tell. */
function bounds(e: VExpr, signed: boolean): readonly [bigint, bigint] {
  const { mask, value } = knownBits(e);
  const open = ones(e.width) & ~mask;
  if (!signed) return [value, value | open];
  const sign = open & (1n << BigInt(e.width - 1));
  return [BigInt.asIntN(e.width, value | sign), BigInt.asIntN(e.width, value | (open & ~sign))];
}

function compared(op: string, a: VExpr, b: VExpr, equal: boolean): boolean | undefined {
  if (equal) return op === '==' || op === '<=' || op === '>=';
  if (op === '==' || op === '!=') {
    const [x, y] = [knownBits(a), knownBits(b)];
    const differ = (x.value ^ y.value) & x.mask & y.mask;
    if (differ !== 0n) return op === '!=';
    return constantOf(a) !== undefined && constantOf(b) !== undefined ? op === '==' : undefined;
  }
  const signed = a.signed && b.signed;
  const [[lowA, highA], [lowB, highB]] = [bounds(a, signed), bounds(b, signed)];
  const less = highA < lowB ? true : lowA >= highB ? false : undefined;
  const greater = lowA > highB ? true : highA <= lowB ? false : undefined;
  const not = (x: boolean | undefined): boolean | undefined => (x === undefined ? undefined : !x);
  return { '<': less, '>': greater, '>=': not(less), '<=': not(greater) }[op];
}

/** Whether two expressions always have the same bits: they are written alike but for operands that change nothing and for a reading as signed or unsigned. */
export function same(one: VExpr, other: VExpr): boolean {
  return alike(bare(one), bare(other));
}

function bare(e: VExpr): VExpr {
  const inner = e.k === 'call' ? e.arg : unchanged(e);
  return inner ? bare(inner) : e;
}

/** Inside of an expression the sign counts: it decides what a shift fills in, what a comparison says. */
function alike(one: VExpr, other: VExpr): boolean {
  const [a, b] = [stripped(one), stripped(other)];
  if (a === b) return true;
  if (a.k !== b.k || a.width !== b.width || a.signed !== b.signed) return false;
  const keys = Object.keys(a) as (keyof VExpr)[];
  return keys.every((key) => {
    const [x, y] = [a[key] as unknown, b[key] as unknown];
    if (Array.isArray(x) && Array.isArray(y)) return x.length === y.length && x.every((p: VExpr, i) => alike(p, y[i] as VExpr));
    if (typeof x === 'object' && x !== null && 'k' in x && typeof y === 'object' && y !== null) return alike(x as VExpr, y as VExpr);
    return x === y;
  });
}
