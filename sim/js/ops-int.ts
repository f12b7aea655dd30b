// Operators whose result has at most 32 bits: integer arithmetic of JavaScript.

import type { Expr } from '../../hdl/ir/nodes.ts';
import type { Exprs } from './exprs.ts';
import type { Index } from './loop.ts';
import { lowJs } from './low.ts';
import { repOf } from './memory.ts';
import { exactInt, wrapInt } from './wrap.ts';

const COMPARE: { readonly [op: string]: string } = { eq: '===', ne: '!==', lt: '<', le: '<=', gt: '>', ge: '>=' };

export function isComparison(op: string): boolean {
  return op in COMPARE;
}

/** A comparison as a JavaScript boolean. */
export function compareJs(c: Exprs, expr: Expr): string {
  const [a, b] = expr.args as [Expr, Expr];
  const big = repOf(a.type) === 'big' || repOf(b.type) === 'big';
  const operand = (e: Expr): string => (big ? c.big(e) : c.val(e));
  return `(${operand(a)} ${COMPARE[expr.op]} ${operand(b)})`;
}

export function intJs(c: Exprs, expr: Expr, indices: readonly Index[]): string {
  const { type } = expr;
  const [a, b] = expr.args as [Expr, Expr];
  const signed = type.kind === 'sint';
  switch (expr.op) {
    case 'add':
      return exactInt(`${c.val(a)} + ${c.val(b)}`, type);
    case 'sub':
      return signed ? exactInt(`${c.val(a)} - ${c.val(b)}`, type) : wrapInt(`${c.val(a)} - ${c.val(b)}`, type);
    case 'neg':
      return exactInt(`0 - ${c.val(a)}`, type);
    case 'mul':
      return exactInt(`Math.imul(${c.val(a)}, ${c.val(b)})`, type);
    case 'shl':
      return expr.amount > 31 ? '0' : exactInt(`${c.val(a)} << ${expr.amount}`, type);
    case 'shr':
      return shrJs(c, a, Math.min(expr.amount, a.type.width));
    case 'dshl':
      return exactInt(`${c.val(a)} << ${c.num(b)}`, type);
    case 'dshr':
      return dshrJs(c, a, b);
    case 'cast':
      return (a.type.kind === 'sint') === signed ? c.val(a, indices) : wrapInt(c.val(a, indices), type);
    case 'extend':
      return c.val(a, indices);
    case 'andR':
    case 'orR':
    case 'xorR':
      return reduceJs(c, expr.op, a);
    default:
      if (isComparison(expr.op)) return `(${compareJs(c, expr)} ? 1 : 0)`;
      // addw, subw, and, or, xor, not, bits, trunc, cat: whatever stands above the width is cut off.
      return wrapInt(lowJs(c, expr, type.width, indices), type);
  }
}

/** The result fits a number whatever the argument is. */
function shrJs(c: Exprs, a: Expr, amount: number): string {
  switch (repOf(a.type)) {
    case 'int':
      return a.type.kind === 'sint' ? `(${c.val(a)} >> ${Math.min(amount, 31)})` : `(${c.val(a)} >>> ${amount})`;
    case 'float':
      return `Math.floor(${c.val(a)} / ${2 ** amount})`;
    case 'big':
      return `Number(${c.val(a)} >> ${amount}n)`;
  }
}

function dshrJs(c: Exprs, a: Expr, b: Expr): string {
  const signed = a.type.kind === 'sint';
  const shift = signed ? '>>' : '>>>';
  if (b.type.width <= 5) return `(${c.val(a)} ${shift} ${c.val(b)})`;
  const amount = repOf(b.type) === 'int' ? c.named(b) : c.fn.temp(c.num(b));
  return signed ? `(${c.val(a)} >> (${amount} > 31 ? 31 : ${amount}))` : `(${amount} > 31 ? 0 : ${c.val(a)} >>> ${amount})`;
}

function reduceJs(c: Exprs, op: 'andR' | 'orR' | 'xorR', a: Expr): string {
  const { kind, width } = a.type;
  const rep = repOf(a.type);
  const n = rep === 'big' ? 'n' : '';
  if (width === 0) return op === 'andR' ? '1' : '0';
  if (op === 'orR') return `(${c.val(a)} !== 0${n} ? 1 : 0)`;
  if (op === 'andR') return `(${c.val(a)} === ${kind === 'sint' ? '-1' : (1n << BigInt(width)) - 1n}${n} ? 1 : 0)`;
  if (rep === 'int') return `h.parity(${c.pattern(a)})`;
  return `h.parityBig(${rep === 'big' ? c.pattern(a) : `BigInt(${c.pattern(a)})`})`;
}
