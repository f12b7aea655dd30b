// Small constructors for Verilog expressions, with the folding that keeps the output readable.

import type { Net, VExpr } from './ast.ts';

export function net(n: Net): VExpr & { k: 'net' } {
  return { k: 'net', net: n, width: n.width, signed: n.signed };
}

export function literal(value: bigint, width: number): VExpr {
  return { k: 'literal', value: BigInt.asUintN(width, value), width, signed: false };
}

/** Bits of a net; the net itself when they are all of it. */
export function part(n: Net, hi: number, lo: number): VExpr & { k: 'net' | 'part' } {
  return lo === 0 && hi === n.width - 1 ? net(n) : { k: 'part', net: n, hi, lo, width: hi - lo + 1, signed: false };
}

export function unary(op: string, arg: VExpr, width = arg.width): VExpr {
  if (op === '!' && arg.k === 'literal') return literal(1n - arg.value, 1);
  return { k: 'unary', op, arg, width, signed: width === arg.width && op !== '!' && arg.signed };
}

/** Operands have the width of the result. */
export function binary(op: string, a: VExpr, b: VExpr): VExpr {
  if (a.k === 'literal' && b.k === 'literal') {
    const known: { readonly [op: string]: bigint } = {
      '+': a.value + b.value,
      '-': a.value - b.value,
      '&': a.value & b.value,
      '|': a.value | b.value,
      '^': a.value ^ b.value,
    };
    const value = known[op];
    if (value !== undefined) return literal(value, a.width);
  }
  return { k: 'binary', op, a, b, width: a.width, signed: a.signed && b.signed };
}

export function compare(op: string, a: VExpr, b: VExpr): VExpr {
  if (op === '<' && a.k === 'literal' && b.k === 'literal') return literal(a.value < b.value ? 1n : 0n, 1);
  return { k: 'binary', op, a, b, width: 1, signed: false };
}

export function cond(c: VExpr, t: VExpr, f: VExpr): VExpr {
  if (c.k === 'literal') return c.value === 1n ? t : f;
  return { k: 'cond', c, t, f, width: t.width, signed: t.signed && f.signed };
}

/** Most significant first; flattens, drops nothing of positive width, joins neighbouring literals and parts of one net. */
export function concat(parts: readonly VExpr[]): VExpr {
  const flat: VExpr[] = [];
  for (const p of parts.flatMap((e) => (e.k === 'concat' ? e.parts : [e]))) {
    const last = flat[flat.length - 1];
    if (last?.k === 'literal' && p.k === 'literal') {
      flat[flat.length - 1] = literal((last.value << BigInt(p.width)) | p.value, last.width + p.width);
    } else if (last?.k === 'part' && p.k === 'part' && last.net === p.net && last.lo === p.hi + 1) {
      flat[flat.length - 1] = part(p.net, last.hi, p.lo);
    } else {
      flat.push(p);
    }
  }
  const [only] = flat;
  if (flat.length === 1 && only) return only.signed ? call('$unsigned', only) : only;
  return { k: 'concat', parts: flat, width: flat.reduce((sum, p) => sum + p.width, 0), signed: false };
}

export function repeat(times: number, arg: VExpr): VExpr {
  return times === 1 && !arg.signed ? arg : { k: 'repeat', times, arg, width: times * arg.width, signed: false };
}

export function call(fn: '$signed' | '$unsigned', arg: VExpr): VExpr {
  return { k: 'call', fn, arg, width: arg.width, signed: fn === '$signed' };
}

/** Read as signed: by declaration or by `$signed`. */
export function asSigned(e: VExpr): VExpr {
  return e.signed ? e : call('$signed', e);
}

/** Read as unsigned: a signed index would select element -1 where the highest bit is set. */
export function asUnsigned(e: VExpr): VExpr {
  return e.signed ? call('$unsigned', e) : e;
}

/** Safe as an operand in a wider context: its value is fixed before it is extended. */
export function isolated(e: VExpr): VExpr {
  return e.k === 'unary' || e.k === 'binary' || e.k === 'cond' ? call(e.signed ? '$signed' : '$unsigned', e) : e;
}

/** Every net that an expression reads, with the bits read as a mask. */
export function readsOf(e: VExpr, visit: (net: Net, mask: bigint) => void): void {
  switch (e.k) {
    case 'net':
      visit(e.net, ones(e.width));
      return;
    case 'part':
      visit(e.net, ones(e.width) << BigInt(e.lo));
      return;
    case 'word':
      visit(e.net, ones(e.width) << BigInt(e.lo ?? 0));
      if (typeof e.index !== 'number') readsOf(e.index, visit);
      return;
    case 'indexed':
      visit(e.net, ones(e.net.width));
      readsOf(e.base, visit);
      return;
    case 'lane':
      visit(e.net, ones(e.net.width));
      return;
    case 'unary':
    case 'repeat':
    case 'call':
      readsOf(e.arg, visit);
      return;
    case 'binary':
      readsOf(e.a, visit);
      readsOf(e.b, visit);
      return;
    case 'cond':
      for (const x of [e.c, e.t, e.f]) readsOf(x, visit);
      return;
    case 'concat':
      for (const p of e.parts) readsOf(p, visit);
      return;
    case 'literal':
    case 'pattern':
  }
}

export function ones(n: number): bigint {
  return (1n << BigInt(n)) - 1n;
}
