// MX of the golden accelerator: sums of products, modulo 2^32.
//
// Invariant: bit for bit what `mx.multiply` is in design note 0025. Refused: more positions than there are rows of sums.

import type { Mnemonic } from '../../../isa/instructions.ts';
import { Settings } from './settings.ts';
import type { Fault, GoldenUnit, Memories, Touch, Work } from './unit.ts';
import type { Fields } from './walk.ts';

export class MultiplyUnit implements GoldenUnit {
  readonly #settings = new Settings('mx');
  readonly #on: Memories;
  readonly #work: Work;
  readonly #bytes: Int8Array;
  readonly #weights: Int8Array;

  constructor(on: Memories, work: Work) {
    this.#on = on;
    this.#work = work;
    this.#bytes = new Int8Array(on.scratchpad.buffer, on.scratchpad.byteOffset, on.scratchpad.length);
    this.#weights = new Int8Array(on.config.rows * on.config.cols);
  }

  clear(): void {
    this.#settings.clear();
  }

  execute(name: Mnemonic, fields: Fields): Fault | undefined {
    return this.#settings.set(name, fields) ? undefined : this.#multiply(fields);
  }

  footprint(name: Mnemonic, fields: Fields, touch: Touch): void {
    if (name !== 'mx.multiply') return;
    const { rows, cols, scratchpad, sums } = this.#on.config;
    const { positions, steps, activation, weight, sum } = this.#bases(fields);
    if (positions.length > sums) return;
    const inside = this.#settings.walk.inside();
    for (let s = 0; s < steps.length; s++) {
      touch('scratchpad', false, (weight + s * rows * cols) & (scratchpad - 1), rows * cols);
      for (let m = 0; m < positions.length; m++) {
        if (inside(s, m)) touch('scratchpad', false, (activation + (steps[s] as number) + (positions[m] as number)) & (scratchpad - 1), rows);
      }
    }
    for (let m = 0; m < positions.length; m++) {
      if (fields('accumulate') === 1) touch('sums', false, (sum + m) & (sums - 1), 1);
      touch('sums', true, (sum + m) & (sums - 1), 1);
    }
  }

  #bases(fields: Fields) {
    const { walk } = this.#settings;
    return {
      positions: walk.inner('local'),
      steps: walk.outer('local'),
      activation: this.#settings.base(fields, 'activation'),
      weight: this.#settings.base(fields, 'weight'),
      sum: this.#settings.base(fields, 'sums'),
    };
  }

  #multiply(fields: Fields): Fault | undefined {
    const { config, sums } = this.#on;
    const { rows, cols } = config;
    const { positions, steps, activation, weight, sum } = this.#bases(fields);
    if (positions.length > config.sums) return { code: 'sums', address: 0 };
    const inside = this.#settings.walk.inside();
    const padding = new Int8Array(rows).fill(this.#settings.walk.pad);
    const bytes = this.#bytes;
    const mask = bytes.length - 1;
    const weights = this.#weights;
    let skipped = 0;
    for (let s = 0; s < steps.length; s++) {
      for (let i = 0; i < weights.length; i++) weights[i] = bytes[(weight + s * weights.length + i) & mask] as number;
      const base = activation + (steps[s] as number);
      const adds = s > 0 || fields('accumulate') === 1;
      for (let m = 0; m < positions.length; m++) {
        const row = ((sum + m) & (config.sums - 1)) * cols;
        if (inside(s, m)) multiplyAdd(bytes, (base + (positions[m] as number)) & mask, weights, rows, cols, sums, row, adds);
        else {
          multiplyAdd(padding, 0, weights, rows, cols, sums, row, adds);
          skipped++;
        }
      }
    }
    this.#work.macs += steps.length * positions.length * rows * cols;
    this.#work.macsSkipped += skipped * rows * cols;
    return undefined;
  }
}

/** sums[row …] := (adds ? sums[row …] : 0) + a·B, B row-major. The hot loop: four columns at once (two of a unit of two columns), their sums in registers. */
function multiplyAdd(a: Int8Array, at: number, b: Int8Array, rows: number, cols: number, sums: Int32Array, row: number, adds: boolean): void {
  if (cols === 2) {
    let [s0, s1] = adds ? [sums[row] as number, sums[row + 1] as number] : [0, 0];
    for (let r = 0; r < rows; r++) {
      const x = a[at + r] as number;
      s0 = (s0 + Math.imul(x, b[2 * r] as number)) | 0;
      s1 = (s1 + Math.imul(x, b[2 * r + 1] as number)) | 0;
    }
    sums[row] = s0;
    sums[row + 1] = s1;
    return;
  }
  for (let c = 0; c < cols; c += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    if (adds) {
      s0 = sums[row + c] as number;
      s1 = sums[row + c + 1] as number;
      s2 = sums[row + c + 2] as number;
      s3 = sums[row + c + 3] as number;
    }
    for (let r = 0, w = c; r < rows; r++, w += cols) {
      const x = a[at + r] as number;
      s0 = (s0 + Math.imul(x, b[w] as number)) | 0;
      s1 = (s1 + Math.imul(x, b[w + 1] as number)) | 0;
      s2 = (s2 + Math.imul(x, b[w + 2] as number)) | 0;
      s3 = (s3 + Math.imul(x, b[w + 3] as number)) | 0;
    }
    sums[row + c] = s0;
    sums[row + c + 1] = s1;
    sums[row + c + 2] = s2;
    sums[row + c + 3] = s3;
  }
}
