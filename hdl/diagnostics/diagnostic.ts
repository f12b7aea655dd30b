// A problem of a design as data, and the error that carries problems out.
//
// Invariant: wording lives in `messages.ts`, layout in `render` below; code elsewhere only names what is wrong.

import { type Origin, withoutLibrary } from '../source.ts';

export type Severity = 'error' | 'warning';

export interface Note {
  readonly text: string;
  readonly at?: Origin | undefined;
}

/** A problem as data; `render` gives its text. */
export interface Diagnostic {
  /** `HDL-`, a letter for the area and a number: `docs/errors` has a page for each. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at?: Origin | undefined;
  /** Name of the definition. */
  readonly module?: string | undefined;
  readonly notes: readonly Note[];
  readonly help: string;
}

/** Thrown with every problem of a design at once; `message` is the rendered text. */
export class HdlError extends Error {
  override readonly name = 'HdlError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options: { readonly cwd?: string } = {}) {
    super(diagnostics.map((d) => render(d, options.cwd)).join('\n\n'));
    // What is shown of an error that nobody catches is the text and the user's own frames, not everything again as data.
    this.diagnostics = diagnostics;
    Object.defineProperty(this, 'diagnostics', { enumerable: false });
    this.stack = withoutLibrary(this.stack ?? '');
  }
}

/** The text of one diagnostic: code and message, place, notes, help. Paths are relative to `cwd` where they lie below it. */
export function render(diagnostic: Diagnostic, cwd: string = process.cwd()): string {
  const { code, message, at, module, notes, help, severity } = diagnostic;
  const lines = [`${code}${severity === 'warning' ? ' (warning)' : ''}: ${message}`];
  const where = at?.text(cwd);
  if (where || module) lines.push(`  ${[where && `at ${where}`, module && `in module ${module}`].filter(Boolean).join(' ')}`);
  for (const note of notes) {
    const noteAt = note.at?.text(cwd);
    lines.push(`  note: ${note.text}${noteAt ? ` (${noteAt})` : ''}`);
  }
  lines.push(`  help: ${help}`);
  return lines.join('\n');
}
