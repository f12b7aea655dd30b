// The documents of the project and the code blocks in them.
//
// A block marked `ts` is a whole program that compiles, runs, and says nothing on the error stream. One marked `ts wrong` compiles too (what
// TypeScript refuses is marked `@ts-expect-error`), and throws the diagnostics that the next block, marked `text`, shows. One marked `ts lint` is not run:
// the lint says of it what the next block shows. A block marked `verilog` after a program is part of what the program prints.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** Pages for readers; design notes tell the past and are left as they were. */
export const DOCUMENTS: readonly string[] = [
  ...readdirSync(root),
  ...['docs', 'examples'].flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((file) => `${top}/${file}`)),
]
  .filter((file) => file.endsWith('.md') && !file.startsWith('docs/design/'))
  .sort();

export interface Block {
  readonly document: string;
  /** Number of the block in its document, from 0. */
  readonly i: number;
  readonly code: string;
  /** What a wrong program must throw, or the lint says of it. */
  readonly message?: string;
  readonly lint: boolean;
  /** What a program must print, among other lines. */
  readonly verilog?: string;
}

const FENCE = /^```(ts|ts wrong|ts lint)\n(.*?)^```$(?:\s*^```text\n(.*?)^```$)?(?:[^`]*^```verilog\n(.*?)^```$)?/gms;

export function readDocument(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

export function blocksOf(document: string): Block[] {
  return [...readDocument(document).matchAll(FENCE)].map(([, mark, code, message, verilog], i) => ({
    document,
    i,
    code: code as string,
    ...(verilog !== undefined && { verilog }),
    lint: mark === 'ts lint',
    ...(mark !== 'ts' && { message: message ?? 'no text block follows the wrong program' }),
  }));
}
