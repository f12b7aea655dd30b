// Low bits and bit fields, without computing the bits above.

import type { Expr } from '../../hdl/ir/nodes.ts';
import type { Exprs } from './exprs.ts';
import type { Index } from './loop.ts';
import { repOf } from './memory.ts';

/** See `Exprs.low`. */
export function lowJs(c: Exprs, expr: Expr, n: number, indices: readonly Index[]): string {
  const [a, b, f] = expr.args as [Expr, Expr, Expr];
  const two = (op: string): string => `(${c.extended(a, n)} ${op} ${c.extended(b, n)}${op === '+' || op === '-' ? ' | 0' : ''})`;
  switch (expr.op) {
    case 'const':
      return `(${BigInt.asIntN(32, expr.value)})`;
    case 'add':
    case 'addw':
      return two('+');
    case 'sub':
    case 'subw':
      return two('-');
    case 'mul':
      return `Math.imul(${c.extended(a, n)}, ${c.extended(b, n)})`;
    case 'and':
      return two('&');
    case 'or':
      return two('|');
    case 'xor':
      return two('^');
    case 'not':
      return `~${c.extended(a, n)}`;
    case 'neg':
      return `(0 - ${c.extended(a, n)} | 0)`;
    case 'shl':
      return expr.amount >= n ? '0' : `(${c.extended(a, n - expr.amount)} << ${expr.amount})`;
    case 'shr':
      return expr.amount + n <= a.type.width ? c.slice(a, expr.amount, n) : lowOf(c.val(expr), repOf(expr.type));
    case 'bits':
      return c.slice(a, expr.lo, n);
    case 'extend':
      return c.extended(a, n, indices);
    case 'trunc':
    case 'cast':
      return c.low(a, n, indices);
    case 'mux':
      return indices.length > 0 && c.shared(expr)
        ? lowOf(c.val(expr, indices), repOf(expr.type))
        : `(${c.cond(a)} ? ${c.low(b, n, indices)} : ${c.low(f, n, indices)})`;
    case 'cat':
      return lowCat(c, expr, n);
    default:
      return lowOf(c.val(expr, indices), repOf(expr.type));
  }
}

/** The last parts, as many as the low bits take. */
function lowCat(c: Exprs, expr: Expr, n: number): string {
  const terms: string[] = [];
  let at = 0;
  for (const part of [...expr.args].reverse()) {
    if (at >= n) break;
    const { width } = part.type;
    if (width === 0) continue;
    const js = at + width >= n ? c.extended(part, n - at) : c.pattern(part);
    terms.push(at === 0 ? js : `${js} << ${at}`);
    at += width;
  }
  return `(${terms.join(' | ') || '0'})`;
}

/** See `Exprs.slice`. Looks through operators that only move bits. */
export function sliceJs(c: Exprs, expr: Expr, lo: number, n: number, indices: readonly Index[]): string {
  if (n === 0) return '0';
  if (lo === 0) return c.low(expr, n, indices);
  const [a] = expr.args as [Expr];
  if (expr.op === 'trunc' || expr.op === 'cast') return c.slice(a, lo, n, indices);
  if (expr.op === 'bits') return c.slice(a, lo + expr.lo, n);
  if (expr.op === 'cat') {
    const part = partAt(expr, lo, n);
    if (part) return c.slice(part.expr, part.lo, n);
  }
  const js = c.val(expr, indices);
  switch (repOf(expr.type)) {
    case 'int':
      return `(${js} >>> ${lo})`;
    case 'float':
      return `(Math.floor(${js} / ${2 ** lo}) | 0)`;
    case 'big':
      return `Number(BigInt.asUintN(${n}, ${js} >> ${lo}n))`;
  }
}

/** The part of a concatenation that holds all of a bit field. */
function partAt(expr: Expr, lo: number, n: number): { readonly expr: Expr; readonly lo: number } | undefined {
  let at = 0;
  for (const part of [...expr.args].reverse()) {
    if (lo >= at && lo + n <= at + part.type.width) return { expr: part, lo: lo - at };
    at += part.type.width;
  }
  return undefined;
}

/** The low 32 bits of a value, as an int32. */
export function lowOf(js: string, rep: 'int' | 'float' | 'big'): string {
  return rep === 'int' ? js : rep === 'float' ? `(${js} | 0)` : `Number(BigInt.asIntN(32, ${js}))`;
}
