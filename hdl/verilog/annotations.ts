// Comments, attributes and locators as Verilog text.
//
// Invariant: whatever the user wrote, a comment is lines that tools pass over, and an attribute is one constant.

import type { Annotations, AttributeValue, Stmt } from '../ir/nodes.ts';
import { visitStmts } from '../ir/visit.ts';
import { locator, type Origin } from '../source.ts';
import type { Noted } from './ast.ts';

/** Words that tools obey when a comment begins with them. */
const DIRECTIVE = /^(\s*)(verilator\w*|synopsys|synthesis|cadence|ambit|pragma|xilinx|altera|exemplar|quartus|vcs|icarus)\b/i;

/** The lines of a comment, without the slashes. */
export function commentLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map((line) =>
    line
      .replace(/\p{Cc}/gu, ' ')
      .trimEnd()
      .replace(/\\$/, '\\.')
      .replace(DIRECTIVE, "$1'$2'"),
  );
}

/** `keep = "true", fanout = 3`. */
export function attributeText(attributes: Iterable<readonly [string, AttributeValue]>): string {
  return [...attributes].map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quoted(value)}`).join(', ');
}

function quoted(value: string | true): string {
  return `"${String(value).replace(/[\\"]/g, '\\$&')}"`;
}

/** Gives what stands beside each construct; a section stands at the first that it speaks of. */
export class Notes {
  readonly #locators: boolean;
  readonly #printed = new Set<unknown>();

  constructor(locators: boolean) {
    this.#locators = locators;
  }

  ofStmts(stmts: readonly Stmt[]): Noted {
    const notes: string[] = [];
    visitStmts(stmts, ({ remark }) => {
      if (!remark || this.#printed.has(remark)) return;
      this.#printed.add(remark);
      notes.push(...commentLines(remark.text));
    });
    return { ...(notes.length > 0 && { notes }), ...this.#place(stmts[0]?.at) };
  }

  /** For a declaration or a child. */
  of({ annotations, at }: { readonly annotations?: Annotations; readonly at: Origin }): Noted & { readonly attributes?: string } {
    return {
      ...(annotations?.comment !== undefined && { notes: commentLines(annotations.comment) }),
      ...(annotations?.attributes && { attributes: attributeText(annotations.attributes) }),
      ...this.#place(at),
    };
  }

  #place(at: Origin | undefined): Noted {
    const place = this.#locators ? at?.location() : undefined;
    return place ? { locator: locator(place) } : {};
  }
}
