// Random programs on an accelerator and on its golden model, one behind the other on the same hardware.
//
// Invariant: a seed gives program, memory and configuration; what the memory is like in time changes with every `BATCH` programs. All of memory is compared, and what status says.

import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../isa/config.ts';
import { disassemble } from '../../isa/disassemble.ts';
import { decode, encode, wordsToBytes } from '../../isa/encode.ts';
import { ERRORS } from '../../isa/errors.ts';
import { AcceleratorSystem } from '../../sim/cosim/accelerator-system.ts';
import { GoldenAccelerator, RANDOM_ORDERS, type RandomOrder, randomProgram } from '../../sim/golden/accelerator/index.ts';
import type { EngineName } from '../../sim/index.ts';
import { randomWords } from '../../sim/random.ts';

const BASE: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, scratchpad: 4096, sums: 64, burst: 16, queue: 4 };
export const FUZZ_CONFIGS: readonly AcceleratorConfig[] = [
  BASE,
  { ...BASE, rows: 8, cols: 2, bus: 32, banks: 1, outstanding: 1, burst: 1, modes: ['single'] },
  { ...BASE, rows: 2, cols: 8, bus: 128, banks: 2, modes: ['floor', 'halfUp', 'halfEven', 'halfAway', 'double'] },
  { ...BASE, rows: 8, cols: 8, bus: 256, banks: 8, outstanding: 4 },
];
/** Programs in a row on one piece of hardware. */
const BATCH = 25;
/** Of memory, the program behind the data. */
const [PROGRAM, MEMORY] = [16384, 49152];
const MOST_CYCLES = 500_000;

export interface FuzzCase {
  readonly seed: number;
  readonly config: AcceleratorConfig;
  readonly order: RandomOrder;
  readonly words: readonly bigint[];
  readonly memory: Uint8Array;
  /** Position of the word that is no instruction. */
  readonly illegal: number | undefined;
}

/** @param illegal whether one word is no instruction; all before it is over when it is met */
export function fuzzCase(seed: number, illegal = false, length?: number): FuzzCase {
  const config = FUZZ_CONFIGS[seed % FUZZ_CONFIGS.length] as AcceleratorConfig;
  const order = RANDOM_ORDERS[Math.floor(seed / FUZZ_CONFIGS.length) % RANDOM_ORDERS.length] as RandomOrder;
  const { program, memory } = randomProgram(seed, config, length, order);
  const words = program.map((instruction) => encode(instruction, config));
  if (!illegal) return { seed, config, order, words, memory, illegal: undefined };
  const random = randomWords(seed, 'illegal');
  const below = (n: number): number => random() % n;
  const at = 2 + below(words.length - 2);
  const isIllegal = (word: bigint): boolean => 'illegal' in decode(word, config);
  // Anything, or an instruction with some bits wrong.
  let word = below(2) === 0 ? [0, 0, 0, 0].reduce((bits) => (bits << 32n) | BigInt(random()), 0n) : (words[at - 1] as bigint);
  while (!isIllegal(word)) word ^= 1n << BigInt(below(128));
  words.splice(at - 1, 0, encode({ name: 'fence', fields: {} }, config), word);
  return { seed, config, order, words, memory, illegal: at };
}

export class AcceleratorFuzz {
  readonly #engine: EngineName;
  readonly #benches = new Map<AcceleratorConfig, { readonly batch: number; readonly memory: Uint8Array; readonly system: AcceleratorSystem }>();

  constructor(engine: EngineName) {
    this.#engine = engine;
  }

  /** What is wrong, if anything is. */
  check(one: FuzzCase): string | undefined {
    const { config, words, illegal } = one;
    const { memory, system } = this.#bench(one);
    const code = wordsToBytes(words);
    memory.fill(0);
    memory.set(one.memory);
    memory.set(code, PROGRAM);
    const model = new GoldenAccelerator(config, memory.slice());
    const golden = model.run(code);
    const wanted =
      illegal === undefined ? { done: true, code: 0, index: 0, word: 0n } : { code: ERRORS.illegal, index: illegal, word: words[illegal] };
    if (golden.error?.index !== (illegal ?? undefined)) return `the golden model ends with ${JSON.stringify(golden.error)}`;
    const { done, error } = system.run(PROGRAM, words.length, MOST_CYCLES);
    for (const [name, value] of Object.entries({ done: false, ...wanted })) {
      const is = { done, ...error }[name as 'done'];
      if (is !== value) return `${name} is ${is}, but should be ${value}`;
    }
    const differing = [...memory.keys()].filter((i) => memory[i] !== model.memory[i]);
    return differing.length === 0 ? undefined : `${differing.length} bytes differ, the first at ${differing.slice(0, 8).join(', ')}`;
  }

  #bench({ seed, config }: FuzzCase) {
    const batch = Math.floor(seed / (BATCH * FUZZ_CONFIGS.length));
    const old = this.#benches.get(config);
    if (old?.batch === batch) return old;
    old?.system.sim.close();
    const memory = new Uint8Array(MEMORY);
    const options = { latency: 1 + ((7 * batch) % 60), stall: (batch % 4) / 5, outOfOrder: batch % 2 === 1, addressAfterData: batch % 3 === 2 };
    const bench = { batch, memory, system: new AcceleratorSystem(config, memory, { engine: this.#engine, seed, ...options }) };
    this.#benches.set(config, bench);
    return bench;
  }

  close(): void {
    for (const { system } of this.#benches.values()) system.sim.close();
    this.#benches.clear();
  }
}

/** The words of a program, one a line, with their numbers. */
export function listing({ words, config }: FuzzCase): string {
  return disassemble(words, config)
    .split('\n')
    .map((line, i) => `${i}: ${line}`)
    .join('\n');
}
