// Statement lists to JavaScript: last connect wins, so they run in order on a local value or on the signal's own cells.
//
// Invariant: the cells written here are not read by the expressions of the same list; where they would be, the caller gives other cells.

import type { Assign, Expr, GroundType, Stmt } from '../../hdl/ir/nodes.ts';
import type { Exprs } from './exprs.ts';
import type { Index } from './loop.ts';
import { repOf } from './memory.ts';
import { wrapBig, wrapFloat, wrapInt } from './wrap.ts';

/** Where a list writes: the text of the cell at given indices (none for a scalar, which may be a local variable). */
export type Cell = (indices: readonly Index[]) => string;

export function statementsJs(c: Exprs, stmts: readonly Stmt[], cell: Cell): string[] {
  return stmts.flatMap((stmt) => {
    if (stmt.kind === 'assign') return assignJs(c, stmt, cell);
    const cond = c.cond(stmt.cond);
    const yes = statementsJs(c, stmt.then, cell);
    const no = statementsJs(c, stmt.else, cell);
    if (yes.length === 0) return no.length === 0 ? [] : [`if (!(${cond})) {`, ...no, '}'];
    return [`if (${cond}) {`, ...yes, ...(no.length === 0 ? [] : ['} else {', ...no]), '}'];
  });
}

function assignJs(c: Exprs, { target, value }: Assign, cell: Cell): string[] {
  const { signal, path, bits } = target;
  const checks: string[] = [];
  const at = path.map((entry, i): Index => {
    if (typeof entry === 'number') return entry;
    const length = signal.dims[i] as number;
    const { js, checked } = c.index(entry, length);
    if (checked) checks.push(`${js} < ${length}`);
    return js;
  });
  const store = (rest: readonly Index[], js: string): string => `${cell([...at, ...rest])} = ${js};`;
  const body = bits ? [`${cell(at)} = ${insertJs(c, cell(at), value, bits.lo, signal.type)};`] : c.elements(value, store);
  return checks.length > 0 ? [`if (${checks.join(' && ')}) {`, ...body, '}'] : body;
}

/** The old value with some of its bits replaced. */
function insertJs(c: Exprs, old: string, value: Expr, lo: number, type: GroundType): string {
  const { width } = value.type;
  if (width === 0) return old;
  if (repOf(type) === 'int') {
    const mask = Number(BigInt.asIntN(32, ((1n << BigInt(width)) - 1n) << BigInt(lo)));
    return wrapInt(`${old} & ${~mask} | ${c.extended(value, width)} << ${lo} & ${mask}`, type);
  }
  const pattern = `h.insert(BigInt(${old}), ${c.big(value)}, ${lo}n, ${width}, ${type.width})`;
  if (repOf(type) === 'big') return type.kind === 'sint' ? wrapBig(pattern, type) : pattern;
  return type.kind === 'sint' ? wrapFloat(`Number(${pattern})`, type) : `Number(${pattern})`;
}
