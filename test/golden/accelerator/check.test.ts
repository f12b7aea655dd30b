// The checks of programs: what they find, and that programs without faults have none.

import { describe, expect, test } from 'vitest';
import { type Layer, lowerLayer } from '../../../compiler/accelerator/index.ts';
import { DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import type { Instruction } from '../../../isa/instructions.ts';
import { checkProgram } from '../../../sim/golden/accelerator/index.ts';
import { cmsisLayers } from '../../support/cmsis-nn.ts';
import { op, SMALL, whole } from './programs.ts';

const faults = (body: readonly Instruction[]) => checkProgram(whole(SMALL, body), SMALL, 1024);

describe('hazards', () => {
  const load = (wait: number[] = [], signal: number[] = []) => op('ld.move', { memory: 0, local: 64, run: 16 }, wait, signal);
  const store = (wait: number[] = [], signal: number[] = []) => op('st.move', { memory: 512, local: 76, run: 4 }, wait, signal);

  test('a read of what another queue writes', () => {
    expect(faults([load([], [3]), store([3])])).toEqual([]);
    expect(faults([load(), store()])).toEqual([
      {
        code: 'hazard',
        index: 2,
        other: 1,
        message: 'st.move at 2 reads byte 76 of the scratchpad: ld.move at 1 writes it, and no semaphore orders the two',
      },
    ]);
    expect(faults([load(), op('fence'), store()])).toEqual([]);
  });

  test('a write over what another queue reads or writes', () => {
    expect(faults([store([], [1]), load()])).toMatchObject([{ code: 'hazard', index: 1, other: 2 }]);
    expect(faults([store([], [1]), load([1])])).toEqual([]);
    const vector = op('vx.run', { operation: 0, a: 0, out: 76 });
    expect(faults([load(), vector])).toMatchObject([{ code: 'hazard' }]);
    expect(faults([load(), op('vx.run', { operation: 0, a: 0, out: 80 })])).toEqual([]);
  });

  test('order goes through a third queue, and tokens are taken in the order in which they were given', () => {
    const multiply = (wait: number[], signal: number[]) => op('mx.multiply', { activation: 0, weight: 256 }, wait, signal);
    expect(faults([load([], [0]), multiply([0], [1]), store([1])])).toEqual([]);
    // Two tokens on the way: the first tells of the first load only.
    const other = op('ld.move', { memory: 0, local: 0, run: 4 }, [], [0]);
    expect(faults([other, load([], [0]), store([0])])).toMatchObject([{ code: 'hazard', index: 3, other: 2 }]);
    expect(faults([load([], [0]), other, store([0])])).toEqual([]);
  });

  test('rows of sums, memory, and a vector that reads its own result', () => {
    const requantise = op('vx.run', { operation: 1, a: 5, out: 1024 });
    const four = op('mx.dim', { index: 0, count: 6 });
    expect(faults([four, op('mx.multiply', { sums: 0, weight: 256 }), requantise])).toMatchObject([
      { code: 'hazard', message: expect.stringContaining('row 5 of the sums') },
    ]);
    expect(faults([four, op('mx.multiply', { sums: 6, weight: 256 }), requantise])).toEqual([]);
    expect(faults([op('st.move', { memory: 4, local: 2048, run: 4 }), load()])).toMatchObject([
      { code: 'hazard', message: expect.stringContaining('of the memory') },
    ]);
    const along = [op('vx.dim', { index: 2, count: 8, a: 4 }), op('vx.place', { index: 2, out: 4 })];
    expect(faults([...along, op('vx.run', { operation: 0, a: 0, out: 0 })])).toEqual([]);
    expect(faults([...along, op('vx.run', { operation: 0, a: 0, out: 4 })])).toMatchObject([{ code: 'hazard', index: 3, other: 3 }]);
  });

  test('loops are unrolled', () => {
    const loop = op('loop', { times: 2, length: 2 });
    expect(faults([loop, load([], [2]), store([2])])).toMatchObject([{ code: 'hazard', index: 3, other: 2 }]);
    expect(faults([op('st.offset', {}, [], [4]), loop, load([4], [2]), store([2], [4])])).toEqual([]);
  });
});

test('a semaphore that several queues signal is refused, and a deadlock is found', () => {
  expect(faults([op('ld.dim', { index: 0, count: 1 }, [], [7]), op('mx.dim', { index: 0, count: 1 }, [], [7])])).toMatchObject([
    { code: 'shared', index: 2, other: 1 },
  ]);
  const third = [op('mx.dim', { index: 0, count: 1 }, [7]), op('fence'), op('vx.dim', { index: 0, count: 1 }, [], [7])];
  expect(faults([op('ld.dim', { index: 0, count: 1 }, [], [7]), ...third])).toEqual([]);
  expect(faults([op('ld.dim', { index: 0, count: 1 }, [], [7]), ...third.slice(1)])).toMatchObject([{ code: 'shared' }]);
  expect(faults([op('st.move', { run: 4 }, [9])])).toMatchObject([{ code: 'deadlock', index: 1 }]);
});

test('lowered layers have no fault, even with queues of one instruction', () => {
  const configs = [
    { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 2 ** 15, sums: 64, queue: 1 },
    { ...DEFAULT_ACCELERATOR, queue: 2 },
  ];
  const layers = cmsisLayers().filter((_, i) => i % 4 === 0);
  expect(layers.length).toBeGreaterThan(20);
  for (const config of configs) {
    for (const { name, layer } of layers) {
      const { program, bytes } = lowerLayer(layer as Layer, config);
      expect(checkProgram(program, config, bytes), name).toEqual([]);
    }
  }
});
