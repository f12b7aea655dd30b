// Operators whose result is wider than 32 bits: exact doubles to 52 bits, bigint above.

import type { Expr } from '../../hdl/ir/nodes.ts';
import type { Exprs } from './exprs.ts';
import type { Index } from './loop.ts';
import { repOf } from './memory.ts';
import { wrapBig, wrapFloat } from './wrap.ts';

/** Results of 33 to 52 bits. */
export function floatJs(c: Exprs, expr: Expr, indices: readonly Index[]): string {
  const { type } = expr;
  const [a, b] = expr.args as [Expr, Expr];
  const wide = repOf(a?.type ?? type) === 'big';
  const signed = type.kind === 'sint';
  switch (expr.op) {
    case 'add':
      return `(${c.val(a)} + ${c.val(b)})`;
    case 'sub':
      return signed ? `(${c.val(a)} - ${c.val(b)})` : wrapFloat(`${c.val(a)} - ${c.val(b)}`, type);
    case 'addw':
      return wrapFloat(`${c.val(a)} + ${c.val(b)}`, type);
    case 'subw':
      return wrapFloat(`${c.val(a)} - ${c.val(b)}`, type);
    case 'mul':
      return `(${c.val(a)} * ${c.val(b)})`;
    case 'neg':
      return `(0 - ${c.val(a)})`;
    case 'not':
      return wrapFloat(`-1 - ${c.val(a)}`, type);
    case 'and':
    case 'or':
    case 'xor':
      return `h.${expr.op}(${c.val(a)}, ${c.val(b)}, ${type.width})`;
    case 'shl':
      return `(${c.val(a)} * ${2 ** expr.amount})`;
    case 'dshl':
      return `(${c.val(a)} * h.pow2[${c.num(b)}])`;
    case 'dshr':
      return `Math.floor(${c.val(a)} / h.pow2[Math.min(63, ${c.num(b)})])`;
    case 'shr':
      return wide ? `Number(${c.val(a)} >> ${expr.amount}n)` : `Math.floor(${c.val(a)} / ${2 ** expr.amount})`;
    case 'bits':
      return wide ? `Number(${wrapBig(`${c.val(a)} >> ${expr.lo}n`, type)})` : wrapFloat(`Math.floor(${c.val(a)} / ${2 ** expr.lo})`, type);
    case 'trunc':
      return wide ? `Number(${wrapBig(c.val(a, indices), type)})` : wrapFloat(c.val(a, indices), type);
    case 'cast':
      return (a.type.kind === 'sint') === signed ? c.val(a, indices) : wrapFloat(c.val(a, indices), type);
    case 'extend':
      return c.val(a, indices);
    case 'cat':
      return `(${placed(expr)
        .map(({ part, at }) => `${c.pattern(part)} * ${2 ** at}`)
        .join(' + ')})`;
    default:
      throw new Error(`no ${expr.op} of ${type.width} bits`);
  }
}

/** Results of more than 52 bits. */
export function bigJs(c: Exprs, expr: Expr, indices: readonly Index[]): string {
  const { type } = expr;
  const [a, b] = expr.args as [Expr, Expr];
  switch (expr.op) {
    case 'add':
      return `(${c.big(a)} + ${c.big(b)})`;
    case 'sub':
      return wrapBig(`${c.big(a)} - ${c.big(b)}`, type);
    case 'addw':
      return wrapBig(`${c.big(a)} + ${c.big(b)}`, type);
    case 'subw':
      return wrapBig(`${c.big(a)} - ${c.big(b)}`, type);
    case 'mul':
      return `(${c.big(a)} * ${c.big(b)})`;
    case 'neg':
      return `(-${c.big(a)})`;
    case 'not':
      return wrapBig(`~${c.big(a)}`, type);
    case 'and':
      return wrapBig(`${c.big(a)} & ${c.big(b)}`, type);
    case 'or':
      return wrapBig(`${c.big(a)} | ${c.big(b)}`, type);
    case 'xor':
      return wrapBig(`${c.big(a)} ^ ${c.big(b)}`, type);
    case 'shl':
      return `(${c.big(a)} << ${expr.amount}n)`;
    case 'shr':
      return `(${c.big(a)} >> ${expr.amount}n)`;
    case 'dshl':
      return `(${c.big(a)} << ${c.big(b)})`;
    case 'dshr':
      return `(${c.big(a)} >> ${c.big(b)})`;
    case 'bits':
      return wrapBig(`${c.big(a)} >> ${expr.lo}n`, type);
    case 'trunc':
    case 'cast':
      return wrapBig(c.big(a, indices), type);
    case 'extend':
      return c.big(a, indices);
    case 'cat':
      return `(${placed(expr)
        .map(({ part, at }) => `${bigPattern(c, part)} << ${at}n`)
        .join(' | ')})`;
    default:
      throw new Error(`no ${expr.op} of ${type.width} bits`);
  }
}

function bigPattern(c: Exprs, part: Expr): string {
  const js = c.pattern(part);
  return repOf(part.type) === 'big' ? js : `BigInt(${js})`;
}

/** Parts of a concatenation with their lowest bit. */
function placed(expr: Expr): { readonly part: Expr; readonly at: number }[] {
  let at = 0;
  const parts: { part: Expr; at: number }[] = [];
  for (const part of [...expr.args].reverse()) {
    if (part.type.width > 0) parts.push({ part, at });
    at += part.type.width;
  }
  return parts;
}
