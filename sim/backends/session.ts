// Commands for a child, gathered into messages, and the values it has replied in the present state.
//
// Invariant: commands take effect in their order. A look at a variable costs a round trip only when nobody asked for it in this or one of the last
// states: what was looked at lately is fetched along.

import { SimulationError } from '../errors.ts';
import { type Child, LONGEST_MESSAGE } from './child.ts';
import type { Variable } from './variables.ts';

/** States for which a variable is fetched along after the last look at it. */
const REMEMBERED = 4;
/** Clock cycles in one message, so that a time-out is one of few cycles. */
const CYCLES = 1000;
/** Beyond which a variable's words cannot be told apart in a key. */
const WORDS = 2 ** 32;

export class Session {
  readonly #child: Child;
  readonly #tool: string;
  readonly #known = new Map<number, string>();
  readonly #looked = new Map<number, number>();
  readonly #variables: readonly Variable[];
  /** Variables that the child knows, where it has to be told. */
  readonly #told: Set<number> | undefined;
  #text: string[] = [];
  #length = 0;
  #cycles = 0;
  #state = 0;

  constructor(tool: string, child: Child, variables: readonly Variable[], byName: boolean) {
    this.#tool = tool;
    this.#child = child;
    this.#variables = variables;
    this.#told = byName ? new Set() : undefined;
  }

  /** Adds a command that changes the state. */
  change(command: string, cycles = 0): void {
    if (this.#known.size > 0 || cycles > 0) this.#forget();
    this.#put(command);
    this.#cycles += cycles;
    if (this.#cycles >= CYCLES) this.flush();
  }

  step(mask: number, cycles: number): void {
    for (let left = cycles; left > 0; left -= CYCLES)
      this.change(`t ${mask.toString(16)} ${Math.min(left, CYCLES).toString(16)}`, Math.min(left, CYCLES));
  }

  /** Start values and restored ones. */
  deposit(id: number, word: number, value: bigint): void {
    this.#tell(id);
    this.change(`d ${id.toString(16)} ${word.toString(16)} ${value.toString(16)}`);
  }

  flush(): void {
    if (this.#text.length > 0) this.#ask();
  }

  /** Makes sure that the values of these variables and words are there; read them with `digits`. */
  need(keys: readonly number[]): void {
    for (const key of keys) this.#looked.set(key, this.#state);
    if (keys.every((key) => this.#known.has(key))) return;
    const wanted: number[] = [];
    for (const [key, state] of this.#looked) {
      if (this.#state - state > REMEMBERED) this.#looked.delete(key);
      else if (!this.#known.has(key)) wanted.push(key);
    }
    for (const key of wanted) this.#tell(idOf(key));
    let asked: number[] = [];
    const fetch = (): void => {
      const replies = this.#ask();
      for (const [i, key] of asked.entries()) this.#known.set(key, replies[i] as string);
      asked = [];
    };
    for (const key of wanted) {
      if (this.#length > LONGEST_MESSAGE - 64) fetch();
      this.#text.push(`g ${idOf(key).toString(16)} ${wordOf(key).toString(16)}\n`);
      this.#length += (this.#text.at(-1) as string).length;
      asked.push(key);
    }
    fetch();
  }

  /** A value that was needed in this state: hexadecimal, with `x` and `z` for digits that are unknown. */
  digits(key: number): string {
    return this.#known.get(key) as string;
  }

  /** Throws SIM-E025 for unknown bits. */
  value(key: number): bigint {
    const digits = this.digits(key);
    if (!/^[0-9a-f]+$/.test(digits)) {
      const { scope, name } = this.#variables[idOf(key)] as Variable;
      throw new SimulationError(
        'SIM-E025',
        `\`${scope}.${name}\` has unknown bits in ${this.#tool}: ${digits}`,
        'something in the Verilog is never driven or starts without a value: an external module, most likely',
      );
    }
    return BigInt(`0x${digits}`);
  }

  #forget(): void {
    this.#known.clear();
    this.#state++;
  }

  #tell(id: number): void {
    if (!this.#told || this.#told.has(id)) return;
    this.#told.add(id);
    const { scope, name } = this.#variables[id] as Variable;
    this.#put(`n ${id.toString(16)} ${scope} ${name}`);
  }

  #put(command: string): void {
    if (this.#length + command.length > LONGEST_MESSAGE) this.flush();
    this.#text.push(`${command}\n`);
    this.#length += command.length + 1;
  }

  #ask(): string[] {
    const text = this.#text.join('');
    this.#text = [];
    this.#length = 0;
    this.#cycles = 0;
    return this.#child.ask(text);
  }
}

/** A variable and a word of it. */
export function keyOf(id: number, word: number): number {
  return id * WORDS + word;
}
function idOf(key: number): number {
  return Math.floor(key / WORDS);
}
function wordOf(key: number): number {
  return key % WORDS;
}
