// The binary format: functions without results, an imported memory, one imported call for errors.
//
// Refused: nothing; what is wrong in a body shows when the engine compiles the module.

import { type Code, TYPE_CODE, type Type, unsigned } from './code.ts';

/** Index of the imported function that reports an unsettled loop; takes the number of its group. */
export const UNSETTLED = 0;
const IMPORTS = 1;

export class ModuleBuilder {
  readonly #functions: Code[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];

  /** The index to call it by. */
  add(code: Code, name?: string): number {
    const index = IMPORTS + this.#functions.length;
    this.#functions.push(code);
    if (name !== undefined) this.#exports.push({ name, index });
    return index;
  }

  finish(pages: number): Uint8Array<ArrayBuffer> {
    const types = [0, 1].map((n) => [0x60, n, ...new Array<number>(n).fill(0x7f), 0]);
    const memory = [...text('m'), ...text('memory'), 2, 0, ...unsigned(pages)];
    const sections: readonly [number, number[]][] = [
      [1, list(types)],
      [2, list([[...text('m'), ...text('unsettled'), 0, 1], memory])],
      [3, list(this.#functions.map((f) => [f.parameters]))],
      [7, list(this.#exports.map(({ name, index }) => [...text(name), 0, ...unsigned(index)]))],
      [10, list(this.#functions.map(bodyOf))],
    ];
    const bytes: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    for (const [id, content] of sections) {
      bytes.push(id, ...unsigned(content.length));
      for (const byte of content) bytes.push(byte);
    }
    return Uint8Array.from(bytes);
  }
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

function list(items: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(items.length);
  for (const item of items) for (const byte of item) bytes.push(byte);
  return bytes;
}

/** Locals in runs of one type. */
function bodyOf(code: Code): number[] {
  const runs: { type: Type; n: number }[] = [];
  for (const type of code.locals) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.n++;
    else runs.push({ type, n: 1 });
  }
  const content = list(runs.map(({ type, n }) => [...unsigned(n), TYPE_CODE[type]]));
  for (const byte of code.body) content.push(byte);
  content.push(0x0b);
  return [...unsigned(content.length), ...content];
}
