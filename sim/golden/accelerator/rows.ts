// Softmax and normalisation of the golden accelerator: rows of bytes, one behind the other.

import type { Mnemonic } from '../../../isa/instructions.ts';
import { normaliseRow } from './layer-norm.ts';
import { softmaxRow } from './softmax.ts';
import type { Memories, Touch } from './unit.ts';
import type { Fields } from './walk.ts';

const ENTRIES = 256;

export type RowMnemonic = 'vx.exponents' | 'vx.softmax' | 'vx.normalise';
export function isRowMnemonic(name: Mnemonic): name is RowMnemonic {
  return name === 'vx.exponents' || name === 'vx.softmax' || name === 'vx.normalise';
}

export class RowOperations {
  readonly #bytes: Int8Array;
  readonly #exponents = new Int32Array(ENTRIES);

  constructor({ scratchpad: { buffer, byteOffset, length } }: Memories) {
    this.#bytes = new Int8Array(buffer, byteOffset, length);
  }

  clear(): void {
    this.#exponents.fill(0);
  }

  execute(name: RowMnemonic, fields: Fields): void {
    if (name === 'vx.exponents') {
      const raw = Uint8Array.from(this.#read(fields('local'), 4 * ENTRIES));
      for (let i = 0; i < ENTRIES; i++) this.#exponents[i] = new DataView(raw.buffer).getInt32(4 * i, true);
      return;
    }
    const length = fields('length');
    for (let row = 0; row < fields('rows'); row++) {
      const codes = this.#read(fields('a') + row * length, length);
      const results =
        name === 'vx.softmax'
          ? softmaxRow(codes, this.#exponents)
          : normaliseRow(codes, { fraction: fields('fraction'), epsilon: fields('epsilon') });
      for (const [i, code] of results.entries()) this.#bytes[this.#at(fields('out') + row * length + i)] = code;
    }
  }

  footprint(name: RowMnemonic, fields: Fields, touch: Touch): void {
    if (name === 'vx.exponents') return touch('scratchpad', false, this.#at(fields('local')), 4 * ENTRIES);
    // A row is read before it is written, and rows share none of their bytes.
    const bytes = fields('length') * fields('rows');
    touch('scratchpad', false, this.#at(fields('a')), bytes);
    touch('scratchpad', true, this.#at(fields('out')), bytes);
  }

  #at(address: number): number {
    return address & (this.#bytes.length - 1);
  }
  #read(address: number, bytes: number): Int8Array {
    return Int8Array.from({ length: bytes }, (_, i) => this.#bytes[this.#at(address + i)] as number);
  }
}
