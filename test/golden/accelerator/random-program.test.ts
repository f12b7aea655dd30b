// Random programs end, have no fault, and do not depend on the order in which queues take turns.

import { expect, test } from 'vitest';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { encodeProgram } from '../../../isa/index.ts';
import { checkProgram, GoldenAccelerator, RANDOM_ORDERS, randomProgram } from '../../../sim/golden/accelerator/index.ts';

const CONFIGS: readonly AcceleratorConfig[] = [
  { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 8192, sums: 64, queue: 1 },
  { ...DEFAULT_ACCELERATOR, rows: 8, cols: 2, bus: 64, scratchpad: 4096, sums: 32, queue: 4, modes: ['single', 'halfEven'] },
  { ...DEFAULT_ACCELERATOR, rows: 2, cols: 16, bus: 128, scratchpad: 2 ** 14, sums: 16, queue: 64 },
];

test.each(CONFIGS)('$rows×$cols', (config) => {
  let different = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const order = RANDOM_ORDERS[seed % 2];
    const { program, memory } = randomProgram(seed, config, 40, order);
    const fault = (length: number) => checkProgram(program, config, length);
    expect(fault(memory.length), `seed ${seed}`).toEqual([]);
    const before = memory.slice();
    const { error } = new GoldenAccelerator(config, memory).run(program);
    expect(error, `seed ${seed}`).toBeUndefined();
    // From words, with queues so long that loads run far ahead.
    const far = before.slice();
    const longer = { ...config, queue: 64 };
    new GoldenAccelerator(longer, far).run(randomProgram(seed, longer, 40, order).program);
    expect(Buffer.compare(far, memory)).toBe(0);
    const words = before.slice();
    expect(new GoldenAccelerator(config, words).run(encodeProgram(program, config)).error).toBeUndefined();
    expect(Buffer.compare(words, memory)).toBe(0);
    if (memory.some((byte, i) => byte !== before[i])) different++;
  }
  expect(different).toBe(10);
});

test('every seed is a program of its own, the same for ever', () => {
  const config = CONFIGS[0] as AcceleratorConfig;
  expect(randomProgram(5, config)).toEqual(randomProgram(5, config));
  expect(randomProgram(5, config).program).not.toEqual(randomProgram(6, config).program);
});
