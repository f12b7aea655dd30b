// Print: Verilog-2005 text. Decides nothing but white space.

import type { Net, Noted, VEnum, VExpr, VItem, VModule, VStmt } from './ast.ts';
import { eventsText, exprText, instanceLines, literalText, range, sign } from './print-expr.ts';
import { printDelayLanes, printMesh, printReverse } from './print-generate.ts';
import { printChecks } from './print-properties.ts';
import { printTable } from './tables.ts';

/** Widest line that an expression is kept on. */
const LINE = 110;

export function printModule(module: VModule): string {
  const head = module.attributes ? [`(* ${module.attributes} *)`] : [];
  const lines: string[] = [...beside(module, [`module ${module.name} (`]), ...portLines(module), ');'];
  lines.splice(module.notes?.length ?? 0, 0, ...head);
  lines.push(...module.constants.map(constantLine), ...module.enums.flatMap(enumLines), ...module.nets.flatMap(netLines));
  for (const table of module.tables) lines.push('', ...printTable(table).map((line) => `  ${line}`));
  for (const genvar of module.genvars) lines.push(`  genvar ${genvar.name};`);
  let previous: VItem['k'] | undefined;
  for (const item of module.items) {
    const single = item.k === 'assign' || item.k === 'define';
    if (!(single && (previous === 'assign' || previous === 'define'))) lines.push('');
    lines.push(...beside(item, itemLines(item)).map((line) => (line && !line.startsWith('`') ? `  ${line}` : line)));
    previous = item.k;
  }
  if (module.unused.length > 0) {
    const parts = module.unused.map((e) => exprText(e));
    lines.push(
      '',
      '  // Not needed here; named so that tools can tell it from a mistake.',
      ...wrapList(`  wire ${module.unusedNet.name} = &{1'b0`, parts, '};'),
    );
  }
  lines.push('endmodule', '');
  return lines.join('\n');
}

/** Lines with the comment above and the locator behind the first. */
function beside({ notes = [], locator }: Noted, lines: readonly string[], indent = ''): string[] {
  const [first = '', ...rest] = lines;
  return [...notes.map((note) => `${indent}// ${note}`.trimEnd()), locator === undefined ? first : `${first}  // ${locator}`, ...rest];
}

function attributes(net: Net): string {
  return net.attributes ? `(* ${net.attributes} *) ` : '';
}

function constantLine({ name, width, constant }: Net): string {
  return `  localparam [${width - 1}:0] ${name} = ${literalText(constant ?? 0n, width)};`;
}

function enumLines({ type, members }: VEnum): string[] {
  const names = members.map(({ name, width, constant }) => `${name} = ${literalText(constant ?? 0n, width)}`);
  return [
    `  typedef enum logic [${type.width - 1}:0] {`,
    ...names.map((text, i) => `    ${text}${i < names.length - 1 ? ',' : ''}`),
    `  } ${type.name};`,
  ];
}

function netLines(net: Net): string[] {
  const words = net.words ? ` [0:${net.words - 1}]` : '';
  const type = net.typedef?.name ?? `${net.variable ? 'reg ' : 'wire'}${sign(net)}${range(net)}`;
  return beside(net, [`  ${attributes(net)}${type} ${net.name}${words};`], '  ');
}

function portLines(module: VModule): string[] {
  return module.ports.flatMap(({ net, direction }, i) => {
    const kind = `${direction.padEnd(6)} ${net.variable ? 'reg ' : 'wire'}`;
    return beside(net, [`  ${attributes(net)}${kind}${sign(net)}${range(net)} ${net.name}${i < module.ports.length - 1 ? ',' : ''}`], '  ');
  });
}

function itemLines(item: VItem): string[] {
  switch (item.k) {
    case 'define':
      return assignment(`wire${sign(item.net)}${range(item.net)} ${item.net.name} =`, item.value);
    case 'divide':
      return divisionLines(item);
    case 'assign':
      return assignment(`assign ${exprText(item.target)} =`, item.value);
    case 'clocked':
      return procedure(`always @(${eventsText(item)})`, item.body, '<=');
    case 'comb':
      return procedure('always @*', item.body, '=', item.start && `if (${item.start.name}) begin end`);
    case 'start':
      return [
        '// Runs the procedures below once, should all that they read be constant.',
        `reg ${item.net.name};`,
        `initial ${item.net.name} = 1'b1;`,
      ];
    case 'contents': {
      if (item.file !== undefined) return [`initial $readmemh("${item.file}", ${item.net.name});`];
      if (item.net.words === undefined) return [`initial ${item.net.name} = ${literalText(item.values[0] ?? 0n, item.net.width)};`];
      const words = item.values.map((value, i) => `${item.net.name}[${i}] = ${literalText(value, item.net.width)};`);
      return ['initial begin', ...words.map((w) => `  ${w}`), 'end'];
    }
    case 'instance':
      return instanceLines(item.module, item.name.name, item.connections, item);
    case 'mesh':
      return printMesh(item);
    case 'lanes':
      return printDelayLanes(item);
    case 'reverse':
      return printReverse(item);
    case 'checks': {
      const declared = [...item.constants.map(constantLine), ...item.nets.flatMap(netLines)].map((l) => l.slice(2));
      return printChecks(item, [...declared, ...item.items.flatMap((inner) => beside(inner, itemLines(inner)))]);
    }
  }
}

function divisionLines({ net, fn, operands, value }: Extract<VItem, { readonly k: 'divide' }>): string[] {
  const [a, b] = operands.map((o) => o.name);
  return [
    `function${sign(net)}${range(net)} ${fn.name};`,
    ...operands.map((o) => `  input${sign(o)}${range(o)} ${o.name};`),
    `  ${fn.name} = ${a} ${value.op} ${b};`,
    'endfunction',
    `wire${sign(net)}${range(net)} ${net.name} = ${fn.name}(${exprText(value.a)}, ${exprText(value.b)});`,
  ];
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

function procedure(head: string, body: readonly VStmt[], assign: string, first?: string): string[] {
  return [`${head} begin`, ...(first ? [`  ${first}`] : []), ...stmtLines(body, assign).map((l) => `  ${l}`), 'end'];
}

function stmtLines(stmts: readonly VStmt[], assign: string): string[] {
  return stmts.flatMap((s) => {
    if (s.k === 'set') return beside(s, [`${exprText(s.target)} ${assign} ${exprText(s.value)};`]);
    return s.k === 'case' ? beside(s, caseLines(s, assign)) : ifLines(s, assign, 'if');
  });
}

function caseLines(s: Extract<VStmt, { readonly k: 'case' }>, assign: string): string[] {
  const word = s.arms.some((a) => a.labels.some((l) => l.k === 'pattern')) ? 'casez' : 'case';
  const arm = (label: string, body: readonly VStmt[]): string[] =>
    body.length === 0 ? [`  ${label}: ;`] : [`  ${label}: begin`, ...stmtLines(body, assign).map((l) => `    ${l}`), '  end'];
  return [
    `${word} (${exprText(s.subject)})`,
    ...s.arms.flatMap((a) => arm(a.labels.map((l) => exprText(l)).join(', '), a.body)),
    ...arm('default', s.default),
    'endcase',
  ];
}

function ifLines(s: Extract<VStmt, { readonly k: 'if' }>, assign: string, word: string): string[] {
  const lines = beside(s, [`${word} (${exprText(s.cond)}) begin`, ...stmtLines(s.then, assign).map((l) => `  ${l}`)]);
  const [only] = s.else;
  // A comment stands above its own `if`.
  if (s.else.length === 1 && only?.k === 'if' && !only.notes) return [...lines, ...ifLines(only, assign, 'end else if')];
  if (s.else.length > 0) lines.push('end else begin', ...stmtLines(s.else, assign).map((l) => `  ${l}`));
  return [...lines, 'end'];
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
