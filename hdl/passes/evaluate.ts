// The value of an operator on constants, in exact integers.
//
// Invariant: operands and result are numbers as their types mean them (a sint may be negative); the result lies within the operator's type.
// Arrays are not constants and are refused (undefined).

import type { Expr, GroundType } from '../ir/nodes.ts';

/** The number that the low bits of `value` mean in a type. */
export function wrap({ kind, width }: GroundType, value: bigint): bigint {
  return kind === 'sint' ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

/** The value of an expression whose operands have the given values, or undefined for operators on arrays and signals. */
export function evaluate(expr: Expr, args: readonly bigint[]): bigint | undefined {
  if (expr.dims.length > 0 || expr.args.some((a) => a.dims.length > 0)) return undefined;
  const [a = 0n, b = 0n] = args;
  const raw = expr.op === 'cat' ? concatenation(expr, args) : compute(expr, a, b, args);
  return raw === undefined ? undefined : wrap(expr.type, raw);
}

function compute(expr: Expr, a: bigint, b: bigint, args: readonly bigint[]): bigint | undefined {
  const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'add':
    case 'addw':
      return a + b;
    case 'sub':
    case 'subw':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return b === 0n ? 0n : a / b;
    case 'rem':
      return b === 0n ? 0n : a % b;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'not':
      return ~a;
    case 'neg':
      return -a;
    case 'eq':
      return truth(a === b);
    case 'ne':
      return truth(a !== b);
    case 'lt':
      return truth(a < b);
    case 'le':
      return truth(a <= b);
    case 'gt':
      return truth(a > b);
    case 'ge':
      return truth(a >= b);
    case 'shl':
      return a << BigInt(expr.amount);
    case 'shr':
      return a >> BigInt(expr.amount);
    case 'dshl':
      return a << b;
    case 'dshr':
      return a >> b;
    case 'bits':
      return a >> BigInt(expr.lo);
    case 'andR':
    case 'orR':
    case 'xorR':
      return reduction(expr.op, bitsOf(expr.args[0] as Expr, a), widthOf(expr.args[0] as Expr));
    case 'extend':
    case 'trunc':
    case 'cast':
      return a;
    case 'mux':
      return args[a === 1n ? 1 : 2];
    default:
      return undefined;
  }
}

function widthOf(expr: Expr): bigint {
  return BigInt(expr.type.width);
}

/** The bits of a value as an unsigned number. */
function bitsOf(expr: Expr, value: bigint): bigint {
  return BigInt.asUintN(expr.type.width, value);
}

function reduction(op: 'andR' | 'orR' | 'xorR', bits: bigint, width: bigint): bigint {
  if (op === 'andR') return bits === (1n << width) - 1n ? 1n : 0n;
  if (op === 'orR') return bits === 0n ? 0n : 1n;
  let parity = 0n;
  for (let rest = bits; rest > 0n; rest >>= 1n) parity ^= rest & 1n;
  return parity;
}

function concatenation(expr: Expr, args: readonly bigint[]): bigint {
  return expr.args.reduce((all, part, i) => (all << widthOf(part)) | bitsOf(part, args[i] as bigint), 0n);
}
