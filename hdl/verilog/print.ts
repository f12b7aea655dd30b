// Print: Verilog-2005 text. Decides nothing but white space.

import type { Net, VConnection, VExpr, VItem, VModule, VStmt } from './ast.ts';
import { legalName } from './names.ts';
import { printDelayLanes, printMesh, printReverse } from './print-generate.ts';

/** Widest line that an expression is kept on. */
const LINE = 110;

export function printModule(module: VModule): string {
  const lines: string[] = [];
  if (module.doc) lines.push(`// ${module.doc}`);
  lines.push(`module ${module.name} (`, ...portLines(module), ');');
  for (const net of module.nets) lines.push(`  ${net.variable ? 'reg ' : 'wire'}${sign(net)}${range(net)} ${net.name}${net.words ? ` [0:${net.words - 1}]` : ''};`);
  if (module.genvar) lines.push(`  genvar ${module.genvar.name};`);
  let previous: VItem['k'] | undefined;
  for (const item of module.items) {
    const single = item.k === 'assign' || item.k === 'define';
    if (!(single && (previous === 'assign' || previous === 'define'))) lines.push('');
    lines.push(...itemLines(item).map((line) => (line ? `  ${line}` : line)));
    previous = item.k;
  }
  if (module.unused.length > 0) {
    const parts = module.unused.map((e) => exprText(e));
    lines.push('', '  // Not needed here; named so that tools can tell it from a mistake.', ...wrapList(`  wire ${module.unusedNet.name} = &{1'b0`, parts, '};'));
  }
  lines.push('endmodule', '');
  return lines.join('\n');
}

function portLines(module: VModule): string[] {
  return module.ports.map(({ net, direction }, i) => {
    const kind = `${direction.padEnd(6)} ${net.variable ? 'reg ' : 'wire'}`;
    return `  ${kind}${sign(net)}${range(net)} ${net.name}${i < module.ports.length - 1 ? ',' : ''}`;
  });
}

export function sign(net: Net): string {
  return net.signed ? ' signed' : '';
}

export function range(net: Net): string {
  return net.width === 1 && !net.signed ? '' : ` [${net.width - 1}:0]`;
}

function itemLines(item: VItem): string[] {
  switch (item.k) {
    case 'define':
      return assignment(`wire${sign(item.net)}${range(item.net)} ${item.net.name} =`, item.value);
    case 'assign':
      return assignment(`assign ${exprText(item.target)} =`, item.value);
    case 'clocked':
      return procedure(`always @(posedge ${item.clock.name})`, item.body, '<=');
    case 'comb':
      return procedure('always @*', item.body, '=');
    case 'instance':
      return instanceLines(item.module, item.name.name, item.connections);
    case 'mesh':
      return printMesh(item);
    case 'lanes':
      return printDelayLanes(item);
    case 'reverse':
      return printReverse(item);
  }
}

/** One line, or the branches of a multiplexer one a line when that is too long. */
function assignment(head: string, value: VExpr): string[] {
  const line = `${head} ${exprText(value)};`;
  if (line.length <= LINE || value.k !== 'cond') return [line];
  const lines = [head];
  let rest: VExpr = value;
  while (rest.k === 'cond') {
    lines.push(`  ${exprText(rest.c, 1)} ? ${exprText(rest.t, 1)} :`);
    rest = rest.f;
  }
  return [...lines, `  ${exprText(rest, 1)};`];
}

function procedure(head: string, body: readonly VStmt[], assign: string): string[] {
  return [`${head} begin`, ...stmtLines(body, assign).map((l) => `  ${l}`), 'end'];
}

function stmtLines(stmts: readonly VStmt[], assign: string): string[] {
  return stmts.flatMap((s) => {
    if (s.k === 'set') return [`${exprText(s.target)} ${assign} ${exprText(s.value)};`];
    return ifLines(s, assign, 'if');
  });
}

function ifLines(s: Extract<VStmt, { readonly k: 'if' }>, assign: string, word: string): string[] {
  const lines = [`${word} (${exprText(s.cond)}) begin`, ...stmtLines(s.then, assign).map((l) => `  ${l}`)];
  const [only] = s.else;
  if (s.else.length === 1 && only?.k === 'if') return [...lines, ...ifLines(only, assign, 'end else if')];
  if (s.else.length > 0) lines.push('end else begin', ...stmtLines(s.else, assign).map((l) => `  ${l}`));
  return [...lines, 'end'];
}

export function instanceLines(module: string, name: string, connections: readonly VConnection[]): string[] {
  const width = Math.max(...connections.map((c) => legalName(c.port).length));
  const lines = connections.map((c, i) => `  .${legalName(c.port).padEnd(width)} (${exprText(c.value)})${i < connections.length - 1 ? ',' : ''}`);
  return [`${module} ${name} (`, ...lines, ');'];
}

function wrapList(head: string, parts: readonly string[], tail: string): string[] {
  const lines = [head];
  for (const p of parts) {
    const last = lines[lines.length - 1] as string;
    if (last.length + p.length + 2 > LINE) {
      lines[lines.length - 1] = `${last},`;
      lines.push(`    ${p}`);
    } else {
      lines[lines.length - 1] = `${last}, ${p}`;
    }
  }
  lines[lines.length - 1] += tail;
  return lines;
}

/** Binding strength, as in Verilog-2005 table 5-4. */
const STRENGTH: { readonly [op: string]: number } = { '*': 11, '+': 10, '-': 10, '<<': 9, '>>': 9, '>>>': 9, '<': 8, '<=': 8, '>': 8, '>=': 8, '==': 7, '!=': 7, '&': 6, '^': 5, '|': 4 };

/** Text of an expression; in parentheses when it binds weaker than `least`. Operators that are not obviously ordered are always parenthesised. */
export function exprText(e: VExpr, least = 0): string {
  switch (e.k) {
    case 'net':
      return e.net.name;
    case 'literal':
      return literalText(e.value, e.width);
    case 'part':
      return `${e.net.name}${selection(e.hi, e.lo)}`;
    case 'word':
      return `${e.net.name}[${typeof e.index === 'number' ? e.index : exprText(e.index)}]${e.hi === undefined || e.lo === undefined ? '' : selection(e.hi, e.lo)}`;
    case 'indexed':
      return e.width === 1 ? `${e.net.name}[${exprText(e.base)}]` : `${e.net.name}[${exprText(e.base)} +: ${e.width}]`;
    case 'lane':
      return laneText(e.net, e.width, e.genvar.name);
    case 'unary': {
      const text = `${e.op}${exprText(e.arg, 13)}`;
      return least > 12 ? `(${text})` : text;
    }
    case 'binary': {
      const own = STRENGTH[e.op] as number;
      const same = (x: VExpr): number => (x.k === 'binary' && x.op === e.op && ['+', '&', '|', '^'].includes(e.op) ? own : 12);
      const text = `${exprText(e.a, same(e.a))} ${e.op} ${exprText(e.b, 12)}`;
      return least > own || (least > 0 && least !== own) ? `(${text})` : text;
    }
    case 'cond': {
      const text = `${exprText(e.c, 1)} ? ${exprText(e.t, 1)} : ${exprText(e.f, 1)}`;
      return least > 0 ? `(${text})` : text;
    }
    case 'concat':
      return `{${e.parts.map((p) => exprText(p)).join(', ')}}`;
    case 'repeat':
      return `{${e.times}{${exprText(e.arg)}}}`;
    case 'call':
      return `${e.fn}(${exprText(e.arg)})`;
  }
}

/** `[W*i +: W]`, or `[i]` for bits. */
export function laneText(net: Net, width: number, index: string): string {
  if (net.width === width) return net.name;
  return width === 1 ? `${net.name}[${index}]` : `${net.name}[${width}*${/^\w+$/.test(index) ? index : `(${index})`} +: ${width}]`;
}

function selection(hi: number, lo: number): string {
  return hi === lo ? `[${hi}]` : `[${hi}:${lo}]`;
}

/** Sized; decimal while that is easy to read. */
function literalText(value: bigint, width: number): string {
  if (width === 1) return `1'b${value}`;
  return value < 256n ? `${width}'d${value}` : `${width}'h${value.toString(16)}`;
}
