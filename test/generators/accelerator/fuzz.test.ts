// Random programs: the same bytes in all of memory as in the golden model.

import { expect, test } from 'vitest';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { instructionText } from '../../../isa/disassemble.ts';
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
const RUNS = Number(process.env['ACCELERATOR_FUZZ'] ?? 4);

test.each(Array.from({ length: RUNS }, (_, i) => i))('program %d', (seed) => {
  const config = { ...BASE, ...CONFIGS[seed % CONFIGS.length] };
  const random = randomWords(seed, 'fuzz');
  const program = randomMoves((n) => random() % n, config);
  const data = Uint8Array.from({ length: 16384 }, () => random() & 255);
  const { golden, wanted, outcome, memory, system } = both(config, program, data, { seed, latency: 1 + (seed % 40), stall: (seed % 4) / 5 });
  system.sim.close();
  const text = program.map(instructionText).join('\n');
  expect(golden.error, text).toBeUndefined();
  expect(outcome.error.code, text).toBe(0);
  const differs = [...memory.keys()].filter((i) => memory[i] !== wanted[i]);
  expect(differs.slice(0, 8), `${differs.length} bytes differ in\n${text}`).toEqual([]);
});
