// The clock edge: registers take their next values and delays move on.
//
// Invariant: every next value is computed from what stood before the edge. A register whose old value nobody reads after it is written
// is written in place; a scalar waits in a local variable to the end of its loop; others get a second array that is copied at the end.

import type { Expr, Signal } from '../../hdl/ir/nodes.ts';
import { visitExprs } from '../../hdl/ir/visit.ts';
import { type Storage, viewOf } from '../layout.ts';
import { changes, type Nodes, type RegNode, readersFirst, rootsOf } from '../nodes.ts';
import type { Compiling } from './compile.ts';
import { delayText } from './links.ts';
import { type Code, LoopFunction } from './loop.ts';
import { statementsJs } from './statements.ts';

/** Operators after which a function is closed. */
const FUNCTION_OPERATORS = 500;

export function compileEdge(compiling: Compiling, nodes: Nodes, ticked: boolean): Code[] {
  const codes: Code[] = [];
  const parts = partition(
    readersFirst(
      nodes.regs.filter(changes),
      (r) => r.writes,
      (r) => r.reads,
    ),
  );
  /** Of a storage, what writes it: an array at its place in a part, a scalar at the part's end. */
  const writes = new Map(
    parts.flatMap((part, i) => part.map((node, at) => [node.writes, { node, part: i, at: node.signal.dims.length > 0 ? at : part.length }] as const)),
  );
  const shadowed = new Map<Storage, Storage>();
  parts.forEach((part, i) => {
    part.forEach((reader, at) => {
      for (const storage of reader.reads) {
        const written = writes.get(storage);
        if (!written || shadowed.has(storage)) continue;
        // The words of a read-only memory never change.
        if (written.node.body.length === 0 && !written.node.signal.register?.reset) continue;
        if (written.part < i || (written.part === i && written.at <= at)) shadowed.set(storage, compiling.storages.add(storage.type, storage.length));
      }
    });
  });
  for (const part of parts) {
    const [first] = part as [RegNode];
    const fn = new LoopFunction(compiling.storages, first.domain, `edge_${first.scope.definition.name}`);
    for (const node of part) next(compiling, fn, node, shadowed.get(node.writes));
    codes.push(fn.finish());
  }
  for (const { scope, delay } of nodes.delays) {
    const rings = compiling.rings(scope, delay);
    const signals = [delay.input, delay.output, delay.enable, delay.reset?.signal, ...(ticked ? [delay.clock] : [])].filter(
      (s): s is Signal => s !== undefined,
    );
    const storages = [...new Set(signals.map((s) => viewOf(scope, s).storage)), ...rings.storages];
    codes.push({ name: `edge_${delay.name}`, source: delayText(scope, scope.domain, delay, rings.names, ticked).step, storages });
  }
  if (shadowed.size > 0) codes.push(commit(shadowed));
  return codes;
}

/** Registers of one domain together, up to a size. */
function partition(regs: readonly RegNode[]): RegNode[][] {
  const parts: RegNode[][] = [];
  const open = new Map<number, { readonly part: RegNode[]; size: number }>();
  for (const node of regs) {
    let entry = open.get(node.domain.id);
    if (!entry || entry.size > FUNCTION_OPERATORS) {
      entry = { part: [], size: 0 };
      open.set(node.domain.id, entry);
      parts.push(entry.part);
    }
    entry.part.push(node);
    visitExprs(rootsOf(node.body), () => {
      (entry as { size: number }).size++;
    });
  }
  return parts;
}

function next(compiling: Compiling, fn: LoopFunction, node: RegNode, shadow: Storage | undefined): void {
  const { scope, signal, body } = node;
  const view = viewOf(scope, signal);
  const target = shadow ? { ...view, storage: shadow } : view;
  const c = compiling.exprs(fn, scope);
  c.prepare(rootsOf(body));
  const scalar = signal.dims.length === 0;
  const name = scalar ? fn.unique('n') : '';
  const cell = (at: readonly (number | string)[]): string => (scalar ? name : fn.cell(target, at));
  const lines = statementsJs(c, body, cell);
  if (lines.length === 0) return;
  if (scalar) fn.line(`let ${name} = ${fn.cell(view, [])};`);
  else if (shadow)
    fn.line(c.elements({ op: 'ref', type: signal.type, dims: signal.dims, args: [], signal }, (at, js) => `${cell(at)} = ${js};`).join('\n'));
  for (const line of lines) fn.line(line);
  if (scalar) fn.later(`${fn.cell(target, [])} = ${name};`);
}

function commit(shadowed: ReadonlyMap<Storage, Storage>): Code {
  const lines = [...shadowed].map(([to, from]) =>
    to.type.width > 52 ? `for (let i = 0; i < ${to.length}; i++) s${to.id}[i] = s${from.id}[i];` : `s${to.id}.set(s${from.id});`,
  );
  return { name: 'commit', source: lines.join('\n'), storages: [...shadowed].flat() };
}

/** Registers with a reset start at its value. */
export function compileStart(compiling: Compiling, regs: readonly RegNode[]): Code[] {
  return partition(regs.filter((r) => r.signal.register?.reset)).map((part) => {
    const [first] = part as [RegNode];
    const fn = new LoopFunction(compiling.storages, first.domain, `start_${first.scope.definition.name}`);
    for (const { scope, signal } of part) {
      const value = signal.register?.reset?.value as Expr;
      for (const line of compiling.exprs(fn, scope).elements(value, (at, js) => `${fn.cell(viewOf(scope, signal), at)} = ${js};`)) fn.line(line);
    }
    return fn.finish();
  });
}
