// VX of the golden accelerator: vectors of C lanes.
//
// Invariant: bit for bit what `vx.run` is in design note 0025. Operations without a window's sum (all but depthwise, average and maximum) work on its last place and know no box.

import { type Mnemonic, VX_OPERATIONS, type VxOperation } from '../../../isa/instructions.ts';
import { isRowMnemonic, RowOperations } from './rows.ts';
import { type Scale, scaleOf } from './scale.ts';
import { Settings } from './settings.ts';
import type { GoldenUnit, Memories, Touch } from './unit.ts';
import type { Fields } from './walk.ts';

export const TABLE_BYTES = 256;
/** Bytes of parameters of a lane: bias, multiplier (int32), shift (int8). */
export const PARAMETER_BYTES = 9;
const [LEAST_SHIFT, MOST_SHIFT] = [-31, 30];
export const OVER_WINDOW: readonly VxOperation[] = ['depthwise', 'average', 'maximum'];
export const OF_TWO: readonly VxOperation[] = ['depthwise', 'add', 'multiply', 'prelu'];

interface Factor {
  multiplier: number;
  shift: number;
}
/** What a lane computes of the place of a, of b, or of its window: before zero and clamp. */
type Lane = (lane: number, a: number, b: number) => number;

export class VectorUnit implements GoldenUnit {
  readonly #settings = new Settings('vx');
  readonly #on: Memories;
  readonly #bytes: Int8Array;
  readonly #view: DataView;
  readonly #bias: Int32Array;
  readonly #multipliers: Int32Array;
  readonly #shifts: Int8Array;
  readonly #table = Int8Array.from({ length: TABLE_BYTES }, (_, i) => i - 128);
  readonly #window: Int32Array;
  readonly #rows: RowOperations;
  #a: Factor = { multiplier: 0, shift: 0 };
  #b: Factor = { multiplier: 0, shift: 0 };
  #range = { aZero: 0, bZero: 0, zero: 0, min: 0, max: 0, left: 0, mode: 0 };

  constructor(on: Memories) {
    this.#on = on;
    const { buffer, byteOffset, length } = on.scratchpad;
    this.#bytes = new Int8Array(buffer, byteOffset, length);
    this.#view = new DataView(buffer, byteOffset, length);
    const { cols } = on.config;
    this.#bias = new Int32Array(cols);
    this.#multipliers = new Int32Array(cols);
    this.#shifts = new Int8Array(cols);
    this.#window = new Int32Array(cols);
    this.#rows = new RowOperations(on);
  }

  clear(): void {
    this.#rows.clear();
    this.#settings.clear();
    for (const values of [this.#bias, this.#multipliers, this.#shifts]) values.fill(0);
    // Every code gives itself.
    for (let i = 0; i < TABLE_BYTES; i++) this.#table[i] = i - 128;
    this.#a = { multiplier: 0, shift: 0 };
    this.#b = { multiplier: 0, shift: 0 };
    this.#range = { aZero: 0, bZero: 0, zero: 0, min: 0, max: 0, left: 0, mode: 0 };
  }

  execute(name: Mnemonic, fields: Fields): undefined {
    if (this.#settings.set(name, fields)) return;
    if (name === 'vx.params') this.#readParameters(fields('local'));
    else if (name === 'vx.scale') this.#setScale(fields);
    else if (name === 'vx.range') this.#setRange(fields);
    else if (name === 'vx.table') for (let i = 0; i < TABLE_BYTES; i++) this.#table[i] = this.#bytes[this.#at(fields('local') + i)] as number;
    else if (isRowMnemonic(name)) this.#rows.execute(name, fields);
    else this.#run(fields);
  }

  footprint(name: Mnemonic, fields: Fields, touch: Touch): void {
    const { cols, sums } = this.#on.config;
    if (name === 'vx.params') touch('scratchpad', false, this.#at(fields('local')), PARAMETER_BYTES * cols);
    if (name === 'vx.table') touch('scratchpad', false, this.#at(fields('local')), TABLE_BYTES);
    if (isRowMnemonic(name)) return this.#rows.footprint(name, fields, touch);
    if (name !== 'vx.run') return;
    const operation = VX_OPERATIONS[fields('operation')] as VxOperation;
    this.#places(fields, (a, b, out, window) => {
      for (const place of window) {
        if (operation === 'requantise') touch('sums', false, (a + place.a) & (sums - 1), 1);
        else touch('scratchpad', false, this.#vector(a + place.a), cols);
        if (OF_TWO.includes(operation)) touch('scratchpad', false, this.#vector(b + place.b), cols);
      }
      touch('scratchpad', true, out, cols);
    });
  }

  #at(address: number): number {
    return address & (this.#bytes.length - 1);
  }
  /** A vector's address: counted down to a multiple of its lanes. */
  #vector(address: number): number {
    return this.#at(address) & -this.#on.config.cols;
  }

  #readParameters(local: number): void {
    const { cols } = this.#on.config;
    // Byte by byte: they may go round the end of the scratchpad.
    const word = (at: number): number => [0, 1, 2, 3].reduce((value, i) => value | (this.#view.getUint8(this.#at(at + i)) << (8 * i)), 0);
    for (let c = 0; c < cols; c++) {
      this.#bias[c] = word(local + 4 * c);
      this.#multipliers[c] = word(local + 4 * (cols + c));
      this.#shifts[c] = Math.min(Math.max(this.#bytes[this.#at(local + 8 * cols + c)] as number, LEAST_SHIFT), MOST_SHIFT);
    }
  }

  #setScale(fields: Fields): void {
    const factor = { multiplier: fields('multiplier'), shift: fields('shift') };
    if (fields('which') === 0) this.#a = factor;
    else if (fields('which') === 1) this.#b = factor;
    else {
      this.#multipliers.fill(factor.multiplier);
      this.#shifts.fill(factor.shift);
      this.#bias.fill(0);
    }
  }

  #setRange(fields: Fields): void {
    const range = this.#range;
    for (const name of Object.keys(range) as (keyof typeof range)[]) range[name] = fields(name);
  }

  /** All places of results, each with those places of its window that count. */
  #places(fields: Fields, visit: (a: number, b: number, out: number, window: readonly { readonly a: number; readonly b: number }[]) => void): void {
    const { walk } = this.#settings;
    const [windowA, windowB] = [walk.inner('a'), walk.inner('b')];
    const [outerA, outerB, outerOut] = [walk.outer('a'), walk.outer('b'), walk.outer('out')];
    const window = Array.from(windowA, (a, i) => ({ a, b: windowB[i] as number }));
    const last = window.slice(-1);
    const overWindow = OVER_WINDOW.includes(VX_OPERATIONS[fields('operation')] as VxOperation);
    const inside = walk.inside();
    const [a, b, out] = (['a', 'b', 'out'] as const).map((name) => this.#settings.base(fields, name)) as [number, number, number];
    for (let o = 0; o < outerA.length; o++) {
      const places = overWindow ? window.filter((_, i) => inside(o, i)) : last;
      visit(a + (outerA[o] as number), b + (outerB[o] as number), this.#vector(out + (outerOut[o] as number)), places);
    }
  }

  #run(fields: Fields): void {
    const operation = VX_OPERATIONS[fields('operation')] as VxOperation;
    const { config, sums } = this.#on;
    const { cols } = config;
    const { zero, min, max, aZero, bZero, mode } = this.#range;
    const bytes = this.#bytes;
    const window = this.#window;
    const scale = scaleOf(config.modes[mode] ?? config.modes[0]);
    const lane = this.#lane(operation, scale);
    const throughTable = fields('table') === 1;
    this.#places(fields, (a, b, out, places) => {
      if (operation === 'depthwise') window.set(this.#bias);
      else window.fill(operation === 'maximum' ? -128 : 0);
      for (const place of places) {
        const atA = operation === 'requantise' ? ((a + place.a) & (config.sums - 1)) * cols : this.#vector(a + place.a);
        const atB = this.#vector(b + place.b);
        for (let c = 0; c < cols; c++) {
          if (operation === 'depthwise') {
            window[c] = (window[c] as number) + Math.imul((bytes[atA + c] as number) - aZero, bytes[atB + c] as number);
          } else if (operation === 'average') window[c] = (window[c] as number) + (bytes[atA + c] as number);
          else if (operation === 'maximum') window[c] = Math.max(window[c] as number, bytes[atA + c] as number);
          else window[c] = operation === 'requantise' ? (sums[atA + c] as number) : (bytes[atA + c] as number);
        }
      }
      const atB = this.#vector(b + (places.at(-1)?.b ?? 0));
      for (let c = 0; c < cols; c++) {
        const value = lane(c, window[c] as number, (bytes[atB + c] as number) - bZero);
        const result = operation === 'copy' ? value : Math.min(Math.max(value + zero, min), max);
        bytes[out + c] = throughTable ? (this.#table[result + 128] as number) : result;
      }
    });
  }

  #lane(operation: VxOperation, scale: Scale): Lane {
    const [bias, multipliers, shifts] = [this.#bias, this.#multipliers, this.#shifts];
    const { aZero, left } = this.#range;
    const out = (c: number, x: number): number => scale(x | 0, multipliers[c] as number, shifts[c] as number);
    const by = (x: number, { multiplier, shift }: Factor): number => Math.min(Math.max(scale(x | 0, multiplier, shift), -(2 ** 31)), 2 ** 31 - 1);
    switch (operation) {
      case 'copy':
      case 'maximum':
        return (_, a) => a;
      case 'requantise':
        return (c, a) => out(c, a + (bias[c] as number));
      case 'depthwise':
        return (c, a) => out(c, a);
      case 'average':
        return (c, a) => Math.sign(a) * out(c, Math.abs(a));
      case 'add':
        return (c, a, b) => out(c, by((a - aZero) << left, this.#a) + by(b << left, this.#b));
      case 'multiply':
        return (c, a, b) => out(c, (a - aZero) * b);
      case 'prelu':
        return (c, a, b) => (a >= aZero ? by(a - aZero, this.#a) : out(c, (a - aZero) * b));
    }
  }
}
