// Look-up tables: arrays of constants that a signal indexes, as functions.

import type { Expr } from '../ir/nodes.ts';
import type { VExpr, VTable } from './ast.ts';
import * as v from './expr.ts';
import { exprText, literalText, range } from './print-expr.ts';
import type { Scope } from './scope.ts';

/** The entries of an array of constants, undefined for anything else. */
function constantsOf(array: Expr): bigint[] | undefined {
  if (array.op !== 'array' || array.dims.length !== 1) return undefined;
  const values = array.args.map((e) => (e.op === 'const' ? BigInt.asUintN(e.type.width, e.value) : undefined));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** An element of a table as a call; undefined where the array is none. */
export function lookUp(scope: Scope, array: Expr, index: VExpr): VExpr | undefined {
  if (index.k === 'literal') return undefined;
  const entries = constantsOf(array);
  if (!entries) return undefined;
  const { width } = array.type;
  return { k: 'look-up', table: scope.table(array, index.width, entries), index: v.asUnsigned(index), width, signed: false };
}

/** A function with one case an entry, the last of which is the default where there is an entry for every index: Yosys takes no other case for complete. */
export function printTable({ net, index, entries }: VTable): string[] {
  const all = 2 ** index.width;
  const labelled = entries.slice(0, all - 1);
  const line = (label: string, value: bigint): string => `    ${label}: ${net.name} = ${literalText(value, net.width)};`;
  return [
    `function${range(net)} ${net.name};`,
    `  input${range(index)} ${index.name};`,
    `  case (${exprText(v.net(index))})`,
    ...labelled.map((value, i) => line(literalText(BigInt(i), index.width), value)),
    line('default', entries[all - 1] ?? 0n),
    '  endcase',
    'endfunction',
  ];
}
