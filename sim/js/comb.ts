// Combinational nodes to functions: nodes of one domain share a loop, circular groups repeat until they settle.

import { count, type Expr } from '../../hdl/ir/nodes.ts';
import { stridesOf, viewOf } from '../layout.ts';
import { type AssignNode, type CombNode, nameOf, rootsOf } from '../nodes.ts';
import { clustered, type Group, keyOf } from '../schedule.ts';
import { positions } from './arrays.ts';
import type { Compiling } from './compile.ts';
import { delayText, leaveCode, shiftCode } from './links.ts';
import { type Code, type Index, LoopFunction } from './loop.ts';
import { joined } from './program.ts';
import { statementsJs } from './statements.ts';

/** Characters of source after which a function is closed; far below what V8 still optimises. */
const FUNCTION_SIZE = 12_000;

export function compileComb(compiling: Compiling, groups: readonly Group[]): Code[] {
  const codes: Code[] = [];
  let open: LoopFunction | undefined;
  const close = (): void => {
    if (open) codes.push(open.finish());
    open = undefined;
  };
  for (const group of clustered(groups)) {
    const [node] = group.nodes as [CombNode];
    if (keyOf(group) === -1 || node.kind !== 'assign') {
      close();
      codes.push(group.cyclic ? cyclicCode(compiling, group) : plainCode(compiling, node, false));
      continue;
    }
    if (open && (open.domain !== node.domain || open.size > FUNCTION_SIZE)) close();
    open ??= new LoopFunction(compiling.storages, node.domain, `comb_${node.scope.definition.name}`);
    assign(compiling, open, node);
  }
  close();
  return codes;
}

/** A function of its own for one node. */
function plainCode(compiling: Compiling, node: CombNode, watch: boolean): Code {
  switch (node.kind) {
    case 'shift':
      return shiftCode(node, watch);
    case 'leave':
      return leaveCode(node, watch);
    case 'delay': {
      const rings = compiling.rings(node.scope, node.delay);
      const text = delayText(node.scope, node.domain, node.delay, rings.names);
      const storages = [viewOf(node.scope, node.delay.input).storage, node.writes, ...rings.storages];
      return { name: `delay_${node.delay.name}`, source: watch ? text.watched : text.out, storages };
    }
    case 'assign': {
      const fn = new LoopFunction(compiling.storages, node.domain, `comb_${node.signal.name}`);
      assignWatched(compiling, fn, node);
      return fn.finish();
    }
  }
}

function assign(compiling: Compiling, fn: LoopFunction, { scope, signal, body }: AssignNode): void {
  const c = compiling.exprs(fn, scope);
  c.prepare(rootsOf(body));
  const view = viewOf(scope, signal);
  const [only] = body;
  if (signal.dims.length > 0 || (body.length === 1 && only?.kind === 'assign' && !only.target.bits)) {
    for (const line of statementsJs(c, body, (at) => fn.cell(view, at))) fn.line(line);
    return;
  }
  const name = fn.unique('w');
  const lines = statementsJs(c, body, () => name);
  fn.line(`let ${name} = ${compiling.zero(signal.type)};`);
  for (const line of lines) fn.line(line);
  fn.line(`${fn.cell(view, [])} = ${name};`);
}

/** Records whether anything changed; reads of the signal by itself see the values of the round before. */
function assignWatched(compiling: Compiling, fn: LoopFunction, { scope, signal, body }: AssignNode): void {
  const c = compiling.exprs(fn, scope);
  c.prepare(rootsOf(body));
  const view = viewOf(scope, signal);
  const settle = (at: readonly Index[], js: string): string => `if (${fn.cell(view, at)} !== ${js}) { ${fn.cell(view, at)} = ${js}; changed = 1; }`;
  if (signal.dims.length === 0) {
    const name = fn.unique('w');
    const lines = statementsJs(c, body, () => name);
    for (const line of [`let ${name} = ${compiling.zero(signal.type)};`, ...lines, settle([], name)]) fn.line(line);
    return;
  }
  const listed = listedElements(body);
  if (listed) {
    // Each element once: writing in place lets a chain in source order settle in one round.
    for (const { at, value } of listed) fn.line(`{ const v = ${c.val(value)}; ${settle(at, 'v')} }`);
    return;
  }
  const strides = stridesOf(signal.dims);
  const scratch = fn.scratch(signal.type, count(signal.dims));
  const lines = statementsJs(c, body, (at) => `${scratch}[${at.map((index, i) => `${index} * ${strides[i]}`).join(' + ')}]`);
  for (const line of lines) fn.line(line);
  const places = positions(signal.dims);
  if (places.length <= 16) {
    places.forEach((at, i) => {
      fn.line(`{ const v = ${scratch}[${i}]; ${settle(at, 'v')} }`);
    });
    return;
  }
  const names = signal.dims.map(() => fn.unique('k'));
  const heads = names.map((k, i) => `for (let ${k} = 0; ${k} < ${signal.dims[i]}; ${k}++)`).join(' ');
  fn.line(`${heads} { const v = ${scratch}[${names.map((k, i) => `${k} * ${strides[i]}`).join(' + ')}]; ${settle(names, 'v')} }`);
}

/** The assignments of a list that gives each element at most one value, unconditionally. */
function listedElements(body: AssignNode['body']): { readonly at: readonly number[]; readonly value: Expr }[] | undefined {
  const found = new Map<string, { readonly at: readonly number[]; readonly value: Expr }>();
  for (const s of body) {
    if (s.kind !== 'assign' || s.target.bits || s.value.dims.length > 0) return undefined;
    const at = s.target.path.filter((p) => typeof p === 'number');
    if (at.length < s.target.path.length || found.has(at.join())) return undefined;
    found.set(at.join(), { at, value: s.value });
  }
  return [...found.values()];
}

function cyclicCode(compiling: Compiling, group: Group): Code {
  const codes = group.nodes.map((node) => plainCode(compiling, node, true));
  const bits = group.nodes.reduce((sum, node) => sum + node.writes.length * Math.max(1, node.writes.type.width), 2);
  const names = group.nodes
    .map((node) => nameOf(node))
    .slice(0, 8)
    .join(', ');
  const wrap = (source: string): string =>
    `let changed; let rounds = 0;\ndo {\nchanged = 0;\n${source}\nif (++rounds > ${bits}) h.unsettled(${JSON.stringify(names)});\n} while (changed);`;
  return joined('settle', codes, wrap);
}
