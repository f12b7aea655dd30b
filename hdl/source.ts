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

  /** Captures the present stack, `depth` frames of it. Costs a few microseconds. */
  static here(depth = 12): Origin {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = depth;
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

/** A stack without the frames of the language. */
export function withoutLibrary(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !(FRAME.test(line) && line.includes(LIBRARY)))
    .join('\n');
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
  if (!line || isPart(line, at.column)) return undefined;
  const entry = entryName(line, at.column);
  return entry !== undefined ? entry : /(?:(?:const|let|readonly)\s+#?|this\.#?|^\s*#?)([A-Za-z_]\w*)\s*(?::[^=]*)?=[^=>]/.exec(line)?.[1];
}

/** The name in `const NAME = a.mul(b);` where the call at the location is the whole of what the line computes. */
export function wholeName(at: SourceLocation | undefined): string | undefined {
  const line = at && sourceLine(at);
  if (!line) return undefined;
  const declared = /(?:(?:const|let|readonly)\s+#?|this\.#?)([A-Za-z_]\w*)\s*(?::[^=]*)?=(?![=>])/.exec(line);
  if (!declared) return undefined;
  const start = declared.index + declared[0].length;
  // Before the call stands only what it is a method of, after it nothing.
  const [before, call] = [line.slice(start, at.column - 1), line.slice(at.column - 1)].map(withoutArguments) as [string, string];
  return /^[\s\w.#]*$/.test(before) && /^\w+;?\s*(\/\/.*)?$/.test(call) ? declared[1] : undefined;
}

/** A text without what stands between brackets that are closed again. */
function withoutArguments(text: string): string {
  const less = text.replace(/\([^()]*\)|\[[^[\]]*\]/g, '');
  return less === text ? text : withoutArguments(less);
}

/** The name of one of several things that a line makes: `const [a, b] = [f(), g()]`, `const { a } = { a: f() }`, and `regs_a` for `const regs = { a: f() }`. */
function entryName(line: string, column: number): string | undefined {
  const before = line.slice(0, Math.max(0, column - 1));
  const list = /(?:const|let)\s+\[([\w\s,]*)\]\s*=\s*\[/.exec(before);
  if (list) return list[1]?.split(',')[commas(before.slice(list.index + list[0].length))]?.trim() || undefined;
  const key = /(?:^|[{,])\s*([A-Za-z_]\w*)\s*:\s*(?:this\s*\.\s*)?[\w.]*$/.exec(before)?.[1];
  const group = /(?:const|let)\s+([A-Za-z_]\w*)[^={]*=\s*\{/.exec(before)?.[1];
  return key !== undefined && (group !== undefined || /^\s*$|(?:const|let)\s+\{[^}]*\}\s*=\s*\{/.test(before.slice(0, before.lastIndexOf(key))))
    ? [group, key].filter(Boolean).join('_')
    : undefined;
}

/** Commas outside of brackets that are closed again. */
function commas(text: string): number {
  let [depth, found] = [0, 0];
  for (const c of text) {
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) found++;
  }
  return found;
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
