// Operators that only choose or rearrange: arrays, multiplexers, elements.

import type { Expr } from '../../hdl/ir/nodes.ts';
import type { Exprs } from './exprs.ts';
import type { Index } from './loop.ts';
import { repOf } from './memory.ts';
import { wrapBig, wrapFloat, wrapInt } from './wrap.ts';

/** Whether elements are listed one by one, so that a loop over the array would have to build it first. */
export function hasArray(expr: Expr): boolean {
  if (expr.dims.length === 0) return false;
  return expr.op === 'array' || expr.args.some(hasArray);
}

/** The text of such an operator, or undefined for the others. */
export function elementJs(c: Exprs, expr: Expr, indices: readonly Index[]): string | undefined {
  const [a, b, f] = expr.args as [Expr, Expr, Expr];
  const [first] = indices;
  switch (expr.op) {
    case 'mux':
      return `(${c.cond(a)} ? ${c.val(b, indices)} : ${c.val(f, indices)})`;
    case 'element': {
      if (expr.index !== undefined) return c.val(a, [expr.index, ...indices]);
      const length = a.dims[0] as number;
      const { js, checked } = c.index(b, length);
      const value = c.val(a, [js, ...indices]);
      return checked ? `(${js} < ${length} ? ${value} : ${repOf(expr.type) === 'big' ? '0n' : '0'})` : value;
    }
    case 'array':
      return typeof first === 'number' ? c.val(expr.args[first] as Expr, indices.slice(1)) : c.item(expr, indices);
    case 'fill':
      return c.val(a, indices.slice(expr.dims.length - a.dims.length));
    case 'reverse': {
      const last = (a.dims[0] as number) - 1;
      return c.val(a, [typeof first === 'number' ? last - first : `(${last} - ${first})`, ...indices.slice(1)]);
    }
    case 'unpack':
      return unpackJs(c, expr, first as Index);
    case 'pack':
      return packJs(c, expr);
    default:
      return undefined;
  }
}

function unpackJs(c: Exprs, expr: Expr, index: Index): string {
  const { type } = expr;
  const [arg] = expr.args as [Expr];
  const rep = repOf(type);
  const source = repOf(arg.type);
  c.named(arg);
  if (typeof index === 'number' && rep === 'int') return wrapInt(c.slice(arg, index * type.width, type.width), type);
  if (source === 'int') return wrapInt(`${c.named(arg)} >>> (${index} * ${type.width})`, type);
  if (source === 'float' && rep === 'int') return wrapInt(`Math.floor(${c.named(arg)} / h.pow2[${index} * ${type.width}])`, type);
  if (source === 'float') return wrapFloat(c.named(arg), type);
  const shifted = wrapBig(`${c.named(arg)} >> ${typeof index === 'number' ? `${index * type.width}n` : `BigInt(${index} * ${type.width})`}`, type);
  return rep === 'big' ? shifted : `Number(${shifted})`;
}

function packJs(c: Exprs, expr: Expr): string {
  const [arg] = expr.args as [Expr];
  const places = positions(arg.dims);
  const { width } = arg.type;
  switch (repOf(expr.type)) {
    case 'int': {
      const parts = places.map((at, i) => (i === 0 ? c.pattern(arg, at) : `${c.pattern(arg, at)} << ${i * width}`));
      return wrapInt(parts.join(' | '), expr.type);
    }
    case 'float':
      return `(${places.map((at, i) => `${c.pattern(arg, at)} * ${2 ** (i * width)}`).join(' + ')})`;
    case 'big':
      return `h.pack(${c.materialised(arg)}, ${places.length}, ${width})`;
  }
}

/** All index lists of an array in row-major order. */
export function positions(dims: readonly number[]): number[][] {
  return dims.reduce<number[][]>((heads, n) => heads.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])), [[]]);
}
