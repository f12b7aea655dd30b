// Rows of VX in the timing model: passes over bytes, a byte a cycle, with a computation before the last one.

import type { Mnemonic } from '../../../../isa/instructions.ts';
import type { Fields } from '../walk.ts';

/** Bytes of the table of exponentials. */
const EXPONENTS = 1024;
/** Cycles of the computation: eight products of four cycles, or thirteen. */
const COMPUTE = { softmax: 8 * 4, normalise: 13 * 4 };
/** Cycles from a byte of the last pass to its result. */
const RESULT = 5;

type State = 'idle' | 'load' | 'first' | 'second' | 'settle' | 'compute' | 'last';

export class RowTiming {
  /** Bytes to be asked for, and the address of the next. */
  toAsk = 0;
  asks = 0;
  /** Where a result goes. */
  to = 0;
  #state: State = 'idle';
  #softmax = false;
  #from = 0;
  #length = 0;
  #rows = 0;
  #toCome = 0;
  #toWrite = 0;
  #computing = 0;
  /** Bytes of the last pass whose results are to come, the youngest lowest. */
  #results = 0;

  get isBusy(): boolean {
    return this.#state !== 'idle';
  }

  /** A result is written in this cycle. */
  get writes(): boolean {
    return (this.#results >> (RESULT - 1)) % 2 === 1;
  }

  begin(name: Mnemonic, fields: Fields): void {
    if (name === 'vx.exponents') return this.#pass('load', fields('local'), EXPONENTS);
    this.#softmax = name === 'vx.softmax';
    [this.#from, this.to, this.#length, this.#rows] = [fields('a'), fields('out'), fields('length'), fields('rows')];
    this.#pass('first', this.#from, this.#length);
  }

  #pass(state: State, from: number, bytes: number): void {
    [this.#state, this.asks, this.toAsk, this.#toCome, this.#toWrite] = [state, from, bytes, bytes, bytes];
  }

  #compute(cycles: number): void {
    [this.#state, this.#computing] = ['compute', cycles];
  }

  /** `asked` for a byte; one `comes`. */
  cycle(asked: boolean, comes: boolean): void {
    const state = this.#state;
    const { writes } = this;
    this.#results = ((this.#results << 1) | Number(state === 'last' && comes)) & (2 ** RESULT - 1);
    if (asked) {
      this.toAsk--;
      this.asks++;
    }
    if (comes) this.#toCome--;
    const ends = comes && this.#toCome === 0;
    if (state === 'load' && ends) this.#state = 'idle';
    else if (state === 'first' && ends) {
      if (this.#softmax) this.#pass('second', this.#from, this.#length);
      else this.#compute(COMPUTE.normalise);
    } else if (state === 'second' && ends) this.#state = 'settle';
    // The exponential of the last byte is added.
    else if (state === 'settle') this.#compute(COMPUTE.softmax);
    else if (state === 'compute' && --this.#computing === 0) this.#pass('last', this.#from, this.#length);
    if (!writes) return;
    this.to++;
    if (--this.#toWrite > 0) return;
    this.#from += this.#length;
    if (--this.#rows > 0) this.#pass('first', this.#from, this.#length);
    else this.#state = 'idle';
  }
}
