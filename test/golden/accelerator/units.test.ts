// The units of the golden accelerator against arithmetic written out here, position by position, and against the golden models of matmul and requantisation.

import { describe, expect, test } from 'vitest';
import { im2col } from '../../../compiler/im2col.ts';
import { scaleOf } from '../../../sim/golden/accelerator/scale.ts';
import { matmul } from '../../../sim/golden/matmul.ts';
import { randomInt8, randomInt32 } from '../../../sim/golden/prng.ts';
import { type Requantisation, requantise } from '../../../sim/golden/requantise.ts';
import { op, runBody, SMALL } from './programs.ts';

describe('scale', () => {
  const full = { output: { width: 32, signed: true }, zeroPoint: 0, min: -(2 ** 31), max: 2 ** 31 - 1 } as const;
  const xs = [...randomInt32(1, 300), ...randomInt32(2, 60, 'extreme'), 0, 1, -1, 2 ** 20, -(2 ** 20)];
  const ms = [...randomInt32(3, 20), ...randomInt32(4, 12, 'extreme'), 2 ** 30, 2 ** 30 + 1];

  test.each(['double', 'single'] as const)('%s is that of requantise, clamped to int32', (mode) => {
    for (let shift = -31; shift <= 30; shift++) {
      for (const m of ms) {
        const expected = requantise(xs, { mode, multiplier: [m], shift: [shift], ...full });
        const actual = xs.map((x) => Math.min(Math.max(scaleOf(mode)(x, m, shift), full.min), full.max) + 0);
        expect(actual, `multiplier ${m}, shift ${shift}`).toEqual([...expected]);
      }
    }
  });

  test.each(['floor', 'halfUp', 'halfEven', 'halfAway'] as const)('%s is that of requantise', (mode) => {
    for (let shift = -31; shift <= 0; shift++) {
      const expected = requantise(xs, { mode, shift: [shift], ...full } as Requantisation);
      expect(
        xs.map((x) => scaleOf(mode)(x, 7, shift) + 0),
        `shift ${shift}`,
      ).toEqual([...expected]);
    }
  });
});

describe('mx', () => {
  const bytes = randomInt8(7, 2048);
  const unsigned = Uint8Array.from(bytes, (x) => x & 255);

  test('a matrix multiply of three steps of k', () => {
    const { accelerator, result } = runBody(
      [
        op('mx.dim', { index: 0, count: 10, local: 12 }),
        op('mx.dim', { index: 2, count: 3, local: 4 }),
        op('mx.multiply', { activation: 0, weight: 1024, sums: 60 }),
      ],
      { scratchpad: unsigned },
    );
    const expected = matmul({ m: 10, k: 12, n: 4 }, bytes.slice(0, 120), bytes.slice(1024, 1024 + 48));
    const rows = Array.from({ length: 10 }, (_, m) => [...accelerator.sums.subarray(((60 + m) % 64) * 4, ((60 + m) % 64) * 4 + 4)]);
    expect(rows.flat()).toEqual([...expected]);
    expect(result.counters).toMatchObject({ instructions: 5, macs: 10 * 12 * 4 });
  });

  test('a convolution with padding, stride and dilation, and accumulation', () => {
    // 6×5 picture of 4 channels, 3×2 kernel, stride 2×1, dilation 1×2.
    const window = { kernel: [3, 2], stride: [2, 1], dilation: [1, 2], padding: { top: 1, bottom: 1, left: 2, right: 1 } } as const;
    const { outH, outW, data } = im2col(bytes.slice(0, 120), [1, 6, 5, 4], window, -5);
    const { accelerator } = runBody(
      [
        op('mx.dim', { index: 0, count: outW, local: 4, y: 0, x: 1 }),
        op('mx.dim', { index: 1, count: outH, local: 2 * 20, y: 2, x: 0 }),
        op('mx.dim', { index: 2, count: 2, local: 8, y: 0, x: 2 }),
        op('mx.dim', { index: 3, count: 3, local: 20, y: 1, x: 0 }),
        op('mx.box', { y: -1, x: -2, height: 6, width: 5, pad: -5 }),
        op('mx.offset', { activation: -20 - 8, weight: 1024 }),
        op('mx.multiply', { activation: 0, weight: 0, sums: 0 }),
        op('mx.multiply', { activation: 0, weight: 0, sums: 0, accumulate: 1 }),
      ],
      { scratchpad: unsigned },
    );
    const sums = matmul({ m: outH * outW, k: 24, n: 4 }, data, bytes.slice(1024, 1024 + 96));
    expect([...accelerator.sums.subarray(0, sums.length)]).toEqual([...sums].map((x) => 2 * x));
  });

  test('more positions than rows of sums are refused', () => {
    const { result } = runBody([op('mx.dim', { index: 0, count: 65 }), op('mx.multiply')]);
    expect(result.error).toMatchObject({ code: 'sums', index: 2 });
  });
});

describe('ld and st', () => {
  const memory = Uint8Array.from({ length: 64 }, (_, i) => i);

  test('strides, padding, conversion and the end of the scratchpad', () => {
    const { accelerator, result } = runBody(
      [
        op('ld.dim', { index: 0, count: 3, stride: 10, local: 4, x: 1 }),
        op('ld.dim', { index: 2, count: 2, stride: -5, local: 16, y: 1 }),
        op('ld.box', { y: 0, x: -1, height: 2, width: 65535, pad: -3 }),
        op('ld.offset', { memory: 6, local: -2 }),
        op('ld.offset', { adds: 1, memory: -1, local: 0 }),
        op('ld.move', { memory: 10, local: 0, run: 3, convert: 1 }),
      ],
      { memory },
    );
    const expected = new Uint8Array(4096);
    for (let o = 0; o < 2; o++)
      for (let i = 0; i < 3; i++)
        for (let b = 0; b < 3; b++) expected[(4096 - 2 + 16 * o + 4 * i + b) % 4096] = i === 0 ? 253 : 15 - 5 * o + 10 * i + b + 128;
    expect([...accelerator.scratchpad]).toEqual([...expected]);
    expect(result.counters).toMatchObject({ bytesRead: 12, bytesWritten: 0 });
  });

  test('stores stride, too', () => {
    const target = new Uint8Array(32);
    const { result } = runBody([op('st.dim', { index: 1, count: 2, stride: 8, local: 4094 }), op('st.move', { memory: 3, local: 4, run: 4 })], {
      memory: target,
      scratchpad: memory,
    });
    expect([...target.subarray(3, 7), ...target.subarray(11, 15)]).toEqual([4, 5, 6, 7, 2, 3, 4, 5]);
    expect(result.counters.bytesWritten).toBe(8);
  });

  test('bytes beyond the memory are an error that names the first of them, or of their burst', () => {
    const load = runBody([op('ld.move', { memory: 60, local: 0, run: 8 })], { memory });
    expect(load.result.error).toMatchObject({ code: 'decodeError', index: 1, address: 64 });
    const store = runBody([op('st.move', { memory: 0xffff_fff0, local: 0, run: 8 })], { memory });
    expect(store.result.error).toMatchObject({ code: 'decodeError', address: 0xffff_fff0 });
    const burst = runBody([op('st.move', { memory: 57, local: 0, run: 8 })], { memory });
    expect(burst.result.error).toMatchObject({ code: 'decodeError', address: 57 });
  });
});

describe('vx', () => {
  const bytes = randomInt8(9, 1024);
  const scratchpad = Uint8Array.from(bytes, (x) => x & 255);
  const at = (i: number): number => bytes[i] as number;
  const range = { aZero: 3, bZero: -7, zero: 5, min: -100, max: 90, left: 10 };
  const clamp = (x: number): number => Math.min(Math.max(x, -100), 90);
  const sra = (x: number, shift: number): number => Math.sign(x) * Math.floor(Math.abs(x) / 2 ** shift + 0.5);
  /** scale(x) = x / 2^shift, ties away. */
  const by = (which: number, shift: number) => op('vx.scale', { which, shift: -shift });
  const run = (operation: number, extra: ReturnType<typeof op>[] = []) =>
    runBody(
      [
        op('vx.range', range),
        by(0, 8),
        by(1, 9),
        by(2, 4),
        op('vx.dim', { index: 2, count: 5, a: 4, b: 8 }),
        op('vx.place', { index: 2, out: 4 }),
        ...extra,
        op('vx.run', { operation, a: 17, b: 256, out: 1024 }),
      ],
      { scratchpad, config: { ...SMALL, modes: ['halfAway'] } },
    ).accelerator.scratchpad.slice(1024, 1024 + 20);
  const lanes = (f: (a: number, b: number) => number): number[] =>
    Array.from({ length: 20 }, (_, i) => f(at(16 + i), at(256 + 8 * (i >> 2) + (i & 3))) & 255);

  test('copy, multiply, prelu, add', () => {
    expect([...run(0)]).toEqual(lanes((a) => a));
    expect([...run(6)]).toEqual(lanes((a, b) => clamp(sra((a - 3) * (b + 7), 4) + 5)));
    expect([...run(7)]).toEqual(lanes((a, b) => clamp((a >= 3 ? sra(a - 3, 8) : sra((a - 3) * (b + 7), 4)) + 5)));
    expect([...run(5)]).toEqual(lanes((a, b) => clamp(sra((a - 3) * 4 + (b + 7) * 2, 4) + 5)));
  });

  test('windows: depthwise, average, maximum, with a box', () => {
    // Windows of 3×2 on a picture 4 wide: rows of four pixels of four lanes; outputs along x.
    const window = [
      op('vx.dim', { index: 0, count: 3, a: 4, b: 4, x: 1 }),
      op('vx.dim', { index: 1, count: 2, a: 16, b: 12, y: 1 }),
      op('vx.dim', { index: 2, count: 5, a: 4, b: 0, x: 1 }),
      op('vx.box', { y: -1, x: -1, height: 8, width: 4 }),
    ];
    const places = (o: number, c: number): [number, number][] =>
      [0, 1].flatMap((y) =>
        [0, 1, 2].flatMap((x) =>
          y - 1 >= 0 && o + x - 1 >= 0 && o + x - 1 < 4
            ? [[at(16 + 4 * o + 16 * y + 4 * x + c), at(256 + 12 * y + 4 * x + c)] as [number, number]]
            : [],
        ),
      );
    const results = (f: (places: [number, number][]) => number): number[] => Array.from({ length: 20 }, (_, i) => f(places(i >> 2, i & 3)) & 255);
    expect([...run(2, window)]).toEqual(
      results((p) =>
        clamp(
          sra(
            p.reduce((sum, [a, b]) => sum + (a - 3) * b, 0),
            4,
          ) + 5,
        ),
      ),
    );
    expect([...run(3, window)]).toEqual(
      results((p) =>
        clamp(
          sra(
            p.reduce((sum, [a]) => sum + a, 0),
            4,
          ) + 5,
        ),
      ),
    );
    expect([...run(4, window)]).toEqual(results((p) => clamp(Math.max(-128, ...p.map(([a]) => a)) + 5)));
  });

  test('requantise with parameters of each lane, then a table', () => {
    const params = new DataView(new ArrayBuffer(36));
    const [bias, multipliers, shifts] = [
      [1000, -1000, 70000, 0],
      [1518500250, 2 ** 30, 2 ** 31 - 1, 1073741824],
      [-7, -3, -9, 0],
    ] as const;
    for (let c = 0; c < 4; c++) {
      params.setInt32(4 * c, bias[c] as number, true);
      params.setInt32(16 + 4 * c, multipliers[c] as number, true);
      params.setInt8(32 + c, shifts[c] as number);
    }
    const scratch = scratchpad.slice();
    scratch.set(new Uint8Array(params.buffer), 512);
    const body = [
      op('mx.dim', { index: 0, count: 6, local: 4 }),
      op('mx.multiply', { activation: 0, weight: 100, sums: 2 }, [], [1]),
      op('vx.params', { local: 512 }),
      op('vx.table', { local: 768 }),
      op('vx.range', { ...range, mode: 1 }),
      op('vx.dim', { index: 3, count: 6, a: 1 }),
      op('vx.place', { index: 3, out: 8 }),
    ];
    for (const table of [0, 1]) {
      const { accelerator } = runBody([...body, op('vx.run', { operation: 1, a: 2, out: 1024, table }, [1])], { scratchpad: scratch });
      const expected = requantise(
        Array.from({ length: 24 }, (_, i) => (accelerator.sums[8 + i] as number) + (bias[i & 3] as number)),
        { mode: 'single', multiplier: multipliers, shift: shifts, zeroPoint: 5, min: -100, max: 90 },
      );
      const actual = Array.from({ length: 24 }, (_, i) => ((accelerator.scratchpad[1024 + 8 * (i >> 2) + (i & 3)] as number) << 24) >> 24);
      expect(actual).toEqual([...expected].map((x) => (table ? at(768 + 128 + x) : x)));
    }
  });
});

test('begin: a program of another configuration, or without it, does nothing', () => {
  const memory = new Uint8Array(16);
  const { accelerator } = runBody([], { memory });
  const store = op('st.move', { memory: 0, local: 0, run: 4 });
  accelerator.scratchpad.fill(1);
  expect(accelerator.run([op('begin', { hash: 1n }), store, op('halt')]).error).toMatchObject({ code: 'begin', index: 0 });
  expect(accelerator.run([store, op('halt')]).error).toMatchObject({ code: 'begin', index: 0 });
  expect(memory.every((x) => x === 0)).toBe(true);
  expect(accelerator.config).toBe(SMALL);
});
