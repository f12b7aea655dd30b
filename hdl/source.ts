// Where in the user's own source something was written.
//
// Invariant: a location never names a frame of the language itself. The stack is captured when the thing is declared (a few
// microseconds) and formatted only when somebody asks, so the host's source maps do the mapping.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a source file; line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const LIBRARY = fileURLToPath(new URL('.', import.meta.url));
const FRAME = /(?:\(|at )((?:file:\/\/)?\/?[^():]+):(\d+):(\d+)\)?$/;

/** A captured stack, resolved to the user's frame on demand. */
export class Origin {
  readonly #error: Error;
  #location: SourceLocation | null | undefined;

  constructor(error: Error) {
    this.#error = error;
  }

  /** Captures the present stack. Costs a few microseconds: for declarations, `when` and instances, not for every operator. */
  static here(): Origin {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 12;
    const error = new Error();
    Error.stackTraceLimit = limit;
    return new Origin(error);
  }

  /** The innermost frame outside of the language's own files, or undefined when there is none. */
  location(): SourceLocation | undefined {
    if (this.#location === undefined) this.#location = userFrame(this.#error.stack ?? '');
    return this.#location ?? undefined;
  }

  /** `file:line`, relative to `cwd` where it lies below it. */
  text(cwd: string = process.cwd()): string | undefined {
    const location = this.location();
    if (!location) return undefined;
    const file = location.file.startsWith(`${cwd}/`) ? location.file.slice(cwd.length + 1) : location.file;
    return `${file}:${location.line}`;
  }
}

function userFrame(stack: string): SourceLocation | null {
  for (const line of stack.split('\n').slice(1)) {
    const match = FRAME.exec(line.trim());
    if (!match?.[1]) continue;
    const file = match[1].startsWith('file://') ? fileURLToPath(match[1]) : match[1];
    if (file.startsWith(LIBRARY) || file.startsWith('node:') || file.includes('/node_modules/')) continue;
    return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return null;
}

const sources = new Map<string, readonly string[]>();

/** The text of a source line, or undefined when the file cannot be read. Used only for hints, never for meaning. */
export function sourceLine(at: SourceLocation): string | undefined {
  let lines = sources.get(at.file);
  if (!lines) {
    try {
      lines = readFileSync(at.file, 'utf8').split('\n');
    } catch {
      lines = [];
    }
    sources.set(at.file, lines);
  }
  return lines[at.line - 1];
}

/** The name in `const NAME = …`, `NAME = …` or `this.NAME = …` on the line of a location: a hint for naming what was declared there. */
export function localName(at: SourceLocation | undefined): string | undefined {
  const line = at && sourceLine(at);
  return line && !isPart(line, at.column)
    ? /(?:(?:const|let|readonly)\s+#?|this\.#?|^\s*#?)([A-Za-z_]\w*)\s*(?::[^=]*)?=[^=>]/.exec(line)?.[1]
    : undefined;
}

/** Whether the call at a column is only part of what the line computes, as in `memory.readNow(a).eq(b)`: the name is then not its own. */
function isPart(line: string, column: number): boolean {
  const start = line.indexOf('(', column - 1);
  if (start < 0) return false;
  let depth = 0;
  for (let i = start; i < line.length; i++) {
    if (line[i] === '(') depth++;
    if (line[i] === ')' && --depth === 0) return line[i + 1] === '.';
  }
  return false;
}

const roots = new Map<string, string | undefined>();

/** The folder of the nearest `package.json` at or above a folder. */
function projectRoot(folder: string): string | undefined {
  if (!roots.has(folder)) {
    const above = dirname(folder);
    roots.set(folder, existsSync(join(folder, 'package.json')) ? folder : above === folder ? undefined : projectRoot(above));
  }
  return roots.get(folder);
}

/** `path:line` from the root of the file's project, or from the file's name where there is none: the same on every machine and in every working directory. */
export function locator({ file, line }: SourceLocation): string {
  const root = projectRoot(dirname(file));
  return `${root === undefined ? basename(file) : relative(root, file).replaceAll('\\', '/')}:${line}`;
}
