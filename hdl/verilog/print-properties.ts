// Print properties.
//
// Icarus 11 reads no label in front of an assertion and no cover, Yosys no `else`: hence the guards, and named blocks in place of labels.

import { exprText } from './print-expr.ts';
import type { VChecks } from './properties.ts';

type Check = VChecks['groups'][number]['list'][number];

/** `inner` are the lines of what only the properties read. */
export function printChecks({ style, groups }: VChecks, inner: readonly string[]): string[] {
  const body = groups.flatMap(({ clock, reset, list }) => {
    const lines = list.flatMap(style === 'formal' ? formal : simulated);
    const guarded = reset ? [`if (!${exprText(reset, 13)}) begin`, ...lines.map((l) => indent(l)), 'end'] : lines;
    return [`always @(posedge ${clock.name}) begin`, ...guarded.map((l) => indent(l)), 'end'];
  });
  return [style === 'formal' ? '`ifdef FORMAL' : '`ifndef SYNTHESIS', ...inner, ...body, '`endif'];
}

function indent(line: string): string {
  return line.startsWith('`') ? line : `  ${line}`;
}

function formal({ property: { kind, message }, label, cond }: Check): string[] {
  return [`// ${message}`, `${label.name}: ${kind} (${exprText(cond)});`];
}

function simulated({ property: { kind, message }, label, cond }: Check): string[] {
  if (kind === 'cover') return ['`ifndef __ICARUS__', `// ${message}`, `${label.name}: cover (${exprText(cond)});`, '`endif'];
  return [`begin : ${label.name}`, `  ${kind} (${exprText(cond)}) else $error("${escaped(message)}");`, 'end'];
}

/** As a format of `$error`, which ASCII suits best. */
function escaped(message: string): string {
  return message.replace(/["\\]/g, '\\$&').replaceAll('%', '%%');
}
