// Order between queues: semaphores, loops, fences, and programs that stand still.

import { describe, expect, test } from 'vitest';
import type { Instruction } from '../../../isa/instructions.ts';
import { play } from '../../../sim/golden/accelerator/index.ts';
import { op, SMALL, whole } from './programs.ts';

/** Positions in the order in which instructions are done. */
function order(body: readonly Instruction[], queue = 8): { order: number[]; error: unknown } {
  const done: number[] = [];
  const { error } = play(whole(SMALL, body), { queue }, ({ index }) => {
    done.push(index);
    return undefined;
  });
  return { order: done, error };
}

describe('tokens', () => {
  test('an instruction waits for all its semaphores and takes one from each', () => {
    const body = [op('st.move', {}, [0, 1]), op('mx.multiply', {}, [2], [1]), op('ld.move', {}, [], [0, 2]), op('vx.run', {}, [0], [])];
    // vx.run takes the only token of semaphore 0 before st is asked.
    expect(order(body)).toMatchObject({ order: [0, 3, 2, 4], error: { code: 'deadlock', index: 1 } });
    expect(order([...body, op('ld.move', {}, [], [0])])).toMatchObject({ order: [0, 3, 5, 2, 4, 1, 6], error: undefined });
  });

  test('loops nest, and end together', () => {
    const body = [
      op('loop', { times: 2, length: 4 }),
      op('ld.move'),
      op('loop', { times: 3, length: 2 }),
      op('ld.move'),
      op('loop', { times: 1, length: 2 }),
      op('ld.move'),
    ];
    const moves = order(body).order.filter((i) => i === 2 || i === 4 || i === 6);
    // The innermost loop's body lies outside of the middle one: refused.
    expect(order(body).error).toMatchObject({ code: 'illegal', index: 5 });
    expect(moves).toEqual([]);
    const nested = [op('loop', { times: 2, length: 3 }), op('ld.move'), op('loop', { times: 3, length: 1 }), op('ld.move')];
    expect(order(nested).order.filter((i) => i === 2 || i === 4)).toEqual([2, 4, 4, 4, 2, 4, 4, 4]);
  });

  test('five loops in one another are refused', () => {
    const loops = [5, 4, 3, 2, 1].map((length) => op('loop', { times: 1, length }));
    expect(order([...loops, op('ld.move')]).error).toMatchObject({ code: 'illegal', index: 5 });
    expect(order([...loops.slice(1), op('ld.move')]).error).toBeUndefined();
  });

  test('a fence waits for all queues', () => {
    expect(order([op('st.move', {}, [0]), op('ld.move', {}, [], [0]), op('fence'), op('ld.move')]).order).toEqual([0, 2, 1, 3, 4, 5]);
    expect(order([op('st.move', {}, [0]), op('fence'), op('ld.move', {}, [], [0])]).error).toMatchObject({
      code: 'deadlock',
      index: 1,
      message: 'the program stands still: st.move at 1 waits for semaphore 0; fence at 2 is the next that cannot be taken',
    });
  });

  test('a queue takes no more than its length', () => {
    const body = [op('st.move', {}, [0]), op('st.move'), op('st.move'), op('ld.move', {}, [], [0])];
    expect(order(body, 4).error).toBeUndefined();
    expect(order(body, 2).error).toMatchObject({ code: 'deadlock', index: 1 });
  });

  test('a semaphore holds 255 tokens', () => {
    expect(order([op('loop', { times: 255, length: 1 }), op('ld.dim', {}, [], [3])]).error).toBeUndefined();
    expect(order([op('loop', { times: 256, length: 1 }), op('ld.dim', {}, [], [3])]).error).toMatchObject({ code: 'overflow', index: 2 });
  });

  test('a program without halt is refused', () => {
    expect(play([op('ld.move')], SMALL, () => undefined).error).toMatchObject({ code: 'end', index: 1 });
  });
});
