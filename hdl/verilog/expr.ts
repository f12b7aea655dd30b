// Small constructors for Verilog expressions, with the folding that keeps the output readable.

import type { Net, VExpr } from './ast.ts';
import { constantOf, ones, same } from './known-bits.ts';

export { ones };

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

/** The literal that an expression always equals, or the expression. */
function settled(e: VExpr): VExpr {
  const value = constantOf(e);
  return value === undefined ? e : literal(value, e.width);
}

export function unary(op: string, arg: VExpr, width = arg.width): VExpr {
  return settled({ k: 'unary', op, arg, width, signed: width === arg.width && op !== '!' && arg.signed });
}

/** Operands have the width of the result. */
export function binary(op: string, a: VExpr, b: VExpr): VExpr {
  return operation(op, a, b, a.width, a.signed && b.signed);
}

/** An operator whose operands have widths of their own. */
export function operation(op: string, a: VExpr, b: VExpr, width: number, signed: boolean): VExpr {
  return settled({ k: 'binary', op, a, b, width, signed });
}

export function compare(op: string, a: VExpr, b: VExpr): VExpr {
  return operation(op, a, b, 1, false);
}

export function cond(c: VExpr, t: VExpr, f: VExpr): VExpr {
  const known = constantOf(c);
  if (known !== undefined) return known === 1n ? t : f;
  if (same(t, f)) return t;
  return settled({ k: 'cond', c, t, f, width: t.width, signed: t.signed && f.signed });
}

/** `net[base +: width]`. A base that is constant and lies outside is never used, since a guard keeps it away: the lowest bits stand for it. */
export function indexed(net: Net, base: VExpr, width: number): VExpr & { k: 'net' | 'part' | 'indexed' } {
  const known = constantOf(base);
  if (known === undefined) return { k: 'indexed', net, base, width, signed: false };
  const lo = Number(known) + width <= net.width ? Number(known) : 0;
  return part(net, lo + width - 1, lo);
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
  return settled({ k: 'concat', parts: flat, width: flat.reduce((sum, p) => sum + p.width, 0), signed: false });
}

export function repeat(times: number, arg: VExpr): VExpr {
  return times === 1 && !arg.signed ? arg : settled({ k: 'repeat', times, arg, width: times * arg.width, signed: false });
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
    case 'look-up':
      readsOf(e.index, visit);
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
