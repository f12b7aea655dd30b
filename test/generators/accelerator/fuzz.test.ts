// Random programs: the same bytes in all of memory as in the golden model.

import { describe, expect, test } from 'vitest';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { instructionText } from '../../../isa/disassemble.ts';
import { decode, encode } from '../../../isa/encode.ts';
import { ERRORS } from '../../../isa/errors.ts';
import { randomProgram } from '../../../sim/golden/accelerator/index.ts';
import { randomWords } from '../../../sim/random.ts';
import { randomMoves } from './random-moves.ts';
import { both } from './system.ts';

const BASE: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, scratchpad: 4096, sums: 64, burst: 16, queue: 4 };
const CONFIGS: readonly Partial<AcceleratorConfig>[] = [
  {},
  { rows: 8, cols: 2, bus: 32, banks: 1, outstanding: 1, burst: 1, modes: ['single'] },
  { rows: 2, cols: 8, bus: 128, banks: 2, modes: ['floor', 'halfUp', 'halfEven', 'halfAway', 'double'] },
  { rows: 8, cols: 8, bus: 256, banks: 8, outstanding: 4 },
];
const RUNS = Number(process.env['ACCELERATOR_FUZZ'] ?? 5);

function randomRun(seed: number, what: string) {
  const config = { ...BASE, ...CONFIGS[seed % CONFIGS.length] };
  const random = randomWords(seed, what);
  const below = (n: number): number => random() % n;
  const data = Uint8Array.from({ length: 16384 }, () => below(256));
  return { config, below, data, options: { seed, latency: 1 + (seed % 40), stall: (seed % 4) / 5 } };
}

function expectSame({ memory, wanted, system }: ReturnType<typeof both>, text: string): void {
  system.sim.close();
  const differs = [...memory.keys()].filter((i) => memory[i] !== wanted[i]);
  expect(differs.slice(0, 8), `${differs.length} bytes differ in\n${text}`).toEqual([]);
}

describe.each(['fenced', 'apart'] as const)('%s', (order) => {
  test.each(Array.from({ length: RUNS }, (_, i) => i))('program %d', (seed) => {
    const { config, below, data, options } = randomRun(seed, order);
    const program = randomMoves(below, config, order);
    const run = both(config, program, data, options);
    const text = program.map(instructionText).join('\n');
    expect(run.golden.error, text).toBeUndefined();
    expect(run.outcome.error.code, text).toBe(0);
    expectSame(run, text);
  });
});

test.each([0, 1])('all units, program %d', (seed) => {
  const { config, options } = randomRun(seed, 'all units');
  const { program, memory } = randomProgram(seed, config);
  const run = both(config, program, memory, options);
  const text = program.map(instructionText).join('\n');
  expect(run.golden.error, text).toBeUndefined();
  expect(run.outcome.error.code, text).toBe(0);
  expectSame(run, text);
});

test('a word that is none: what stands before it happens, nothing behind it', () => {
  for (let seed = 0; seed < Math.min(RUNS, 2); seed++) {
    const { config, below, data, options } = randomRun(seed, 'illegal');
    const program = randomMoves(below, config, 'fenced');
    const at = 6 + below(program.length - 8);
    const words = program.map((instruction) => encode(instruction, config));
    // All before it is over when it is met.
    words.splice(at, 0, encode({ name: 'fence', fields: {} }, config));
    while (!('illegal' in decode(words[at + 1] as bigint, config))) words[at + 1] = (words[at + 1] as bigint) ^ (1n << BigInt(below(128)));
    const run = both(config, words, data, options);
    expect(run.golden.error).toMatchObject({ code: 'illegal', index: at + 1 });
    expect(run.outcome).toMatchObject({ done: false, error: { code: ERRORS.illegal, index: at + 1, word: words[at + 1] } });
    expectSame(run, program.map(instructionText).join('\n'));
  }
});
