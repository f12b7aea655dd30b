// Short texts for types and expressions, as diagnostics and the IR dump show them.

import type { Expr, GroundType, Signal } from './nodes.ts';

/** `bool`, `u8`, `s32`, `fixed16.8`, `fp16`, `clock`, `asynchronous active-low reset`. */
export function describeGround(type: GroundType): string {
  if (type.kind === 'enum') return type.enumeration?.name ?? 'enum';
  if (type.kind === 'reset') return `${type.reset?.async ? 'asynchronous ' : ''}${type.reset?.activeLow ? 'active-low ' : ''}reset`;
  if (type.float) return type.float.name;
  if (type.fraction !== undefined) return `${type.kind === 'sint' ? 'fixed' : 'ufixed'}${type.width}.${type.fraction}`;
  return type.kind === 'uint' ? `u${type.width}` : type.kind === 'sint' ? `s${type.width}` : type.kind;
}

/** Ground type and array lengths: `u8[4][2]`. */
export function describe(thing: Pick<Expr, 'type' | 'dims'> | Pick<Signal, 'type' | 'dims'>): string {
  return describeGround(thing.type) + thing.dims.map((d) => `[${d}]`).join('');
}

/** The expression as text down to `depth` operators, deeper parts as `…`. */
export function expressionText(expr: Expr, depth = 3): string {
  const arg = (i: number): string => expressionText(expr.args[i] as Expr, depth - 1);
  switch (expr.op) {
    case 'const':
      return String(expr.value);
    case 'ref':
      return expr.signal.name;
  }
  if (depth === 0) return '…';
  switch (expr.op) {
    case 'element':
      return `${arg(0)}[${expr.index ?? arg(1)}]`;
    case 'bits':
      return `${arg(0)}[${expr.hi}:${expr.lo}]`;
    case 'shl':
    case 'shr':
      return `${expr.op}(${arg(0)}, ${expr.amount})`;
    case 'extend':
    case 'trunc':
      return `${expr.op}(${arg(0)}, ${expr.type.width})`;
    case 'cast':
      return `${expr.type.kind}(${arg(0)})`;
    case 'unpack':
    case 'fill':
      return `${expr.op}(${arg(0)}, ${expr.dims.join('x')})`;
    default:
      return `${expr.op}(${expr.args.map((_, i) => arg(i)).join(', ')})`;
  }
}
