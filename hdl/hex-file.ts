// Contents of a memory from a text file, in the syntax that `$readmemh` reads.
//
// Invariant: the file is read once, at elaboration; the IR holds numbers, so every engine and printer sees the same. Refused: a file that cannot be read,
// anything but hexadecimal words, comments and `@` addresses, x and z, words beyond the memory, words that are too wide, words given twice.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Origin } from './source.ts';

export class HexFile {
  /** As the user wrote it. */
  readonly path: string;
  readonly #from: string | undefined;

  constructor(path: string, from: string | undefined) {
    this.path = path;
    this.#from = from;
  }

  /**
   * One number a word, zero where the file has none, or what is wrong with the file and in which line.
   *
   * @param width bits of a word
   */
  read(depth: number, width: number): { readonly words: readonly bigint[] } | { readonly fault: string; readonly line?: number } {
    let text: string;
    try {
      text = readFileSync(resolve(this.#from === undefined ? '.' : dirname(this.#from), this.path), 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return { fault: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'not a path'})` };
    }
    return parseHex(text, depth, width);
  }
}

/**
 * The contents of a memory from a file of hexadecimal words: `this.memory(uint(8), 256, { init: hexFile('rom.hex') })`. A relative path starts at the source file that
 * calls `hexFile`. Words that the file leaves out are zero; a word of several lanes has lane 0 in its lowest bits. Reports HDL-R005 on a file that does not fit.
 */
export function hexFile(path: string): HexFile {
  return new HexFile(path, Origin.here().location()?.file);
}

function parseHex(text: string, depth: number, width: number): ReturnType<HexFile['read']> {
  const words = new Map<number, bigint>();
  let address = 0;
  let line = 1;
  // Comments leave their line ends, which count.
  const plain = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const [token] of plain.matchAll(/\n|[^\s]+/g)) {
    if (token === '\n') {
      line++;
      continue;
    }
    const at = /^@([\da-f][\da-f_]*)$/i.exec(token)?.[1];
    if (at !== undefined) {
      address = Number(hex(at));
      continue;
    }
    if (/^[\da-fxz?_]*[xz?][\da-fxz?_]*$/i.test(token)) return { fault: `has the unknown bits ${token}`, line };
    if (!/^[\da-f][\da-f_]*$/i.test(token)) return { fault: `has ${JSON.stringify(token)} where a hexadecimal word is due`, line };
    const value = hex(token);
    if (address >= depth) return { fault: `gives word ${address} of a memory of ${depth} words`, line };
    if (value >> BigInt(width) !== 0n) return { fault: `has the word ${token}, which does not fit ${width} bits`, line };
    if (words.has(address)) return { fault: `gives word ${address} twice`, line };
    words.set(address++, value);
  }
  return { words: [...Array(depth).keys()].map((i) => words.get(i) ?? 0n) };
}

function hex(digits: string): bigint {
  return BigInt(`0x${digits.replaceAll('_', '')}`);
}
