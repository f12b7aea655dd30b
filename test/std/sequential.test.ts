// Counters, shift registers, LFSRs and CRCs.

import { describe, expect, test } from 'vitest';
import { type Design, elaborate } from '../../hdl/index.ts';
import {
  Counter,
  CRC_8,
  CRC_16_CCITT_FALSE,
  CRC_32,
  CRC_32C,
  Crc,
  type CrcParameters,
  Lfsr,
  MAXIMAL_TAPS,
  ParallelToSerial,
  SerialToParallel,
  UpDownCounter,
} from '../../hdl/std/index.ts';
import { Bench, Random } from './bench.ts';

/** Random one-bit and wide inputs; `model` gives the outputs of a cycle and moves on. */
function compare(
  design: Design,
  model: (inputs: Record<string, bigint>) => Record<string, bigint>,
  cycles = 400,
  bias: Record<string, number> = {},
): Bench {
  const bench = new Bench(design);
  const random = new Random(cycles);
  for (let t = 0; t < cycles; t++) {
    const inputs = Object.fromEntries(
      bench.inputs.map(({ name, type }) => [name, name in bias ? BigInt(random.chance(bias[name] as number)) : random.bits(type.width)]),
    );
    expect(bench.cycle(inputs), `cycle ${t}`).toEqual(model(inputs));
  }
  return bench;
}

describe('counters', () => {
  test.each(
    [1, 2, 3, 7, 8, 10, 256].flatMap(
      (states) =>
        [
          [states, 'up'],
          [states, 'down'],
        ] as const,
    ),
  )('%i values %s', (states, direction) => {
    let value = 0;
    const step = direction === 'up' ? 1 : states - 1;
    compare(
      elaborate(Counter, { states, direction }),
      ({ enable, clear }) => {
        const out = { value: BigInt(value), wraps: BigInt(enable === 1n && clear === 0n && value === (direction === 'up' ? states - 1 : 0)) };
        if (clear) value = 0;
        else if (enable) value = (value + step) % states;
        return out;
      },
      700,
      { enable: 0.9, clear: 0.01 },
    ).replay();
  });
  test.each([1, 2, 5, 16])('up and down through %i', (states) => {
    let value = 0;
    compare(
      elaborate(UpDownCounter, { states }),
      ({ enable, clear, up }) => {
        const out = { value: BigInt(value), wraps: BigInt(enable === 1n && clear === 0n && value === (up ? states - 1 : 0)) };
        if (clear) value = 0;
        else if (enable) value = (value + (up ? 1 : states - 1)) % states;
        return out;
      },
      400,
      { enable: 0.9, clear: 0.03 },
    ).replay();
  });
});

describe('shift registers', () => {
  const cases = [1, 2, 8, 33].flatMap(
    (width) =>
      [
        [width, 'msb'],
        [width, 'lsb'],
      ] as const,
  );
  test.each(cases)('%i bits in, %s first', (width, first) => {
    let seen = Array<bigint>(width).fill(0n);
    compare(elaborate(SerialToParallel, { width, first }), ({ enable, serial }) => {
      // The oldest bit is the first of the word.
      const digits = first === 'msb' ? seen : [...seen].reverse();
      const out = { data: BigInt(`0b${digits.join('')}`) };
      if (enable) seen = [...seen.slice(1), serial as bigint];
      return out;
    }).replay();
  });
  test.each(cases)('%i bits out, %s first', (width, first) => {
    let left: string[] = [];
    compare(
      elaborate(ParallelToSerial, { width, first }),
      ({ load, data, enable }) => {
        const out = { serial: BigInt(left[0] ?? 0) };
        const digits = [...(data as bigint).toString(2).padStart(width, '0')];
        if (load) left = first === 'msb' ? digits : digits.reverse();
        else if (enable) left = left.slice(1);
        return out;
      },
      400,
      { load: 0.05, enable: 0.8 },
    ).replay();
  });
});

/** x^n modulo a polynomial over GF(2). */
function power(n: bigint, poly: bigint, width: number): bigint {
  const times = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    for (let i = width - 1; i >= 0; i--) {
      product <<= 1n;
      if ((product >> BigInt(width)) & 1n) product ^= poly;
      if ((b >> BigInt(i)) & 1n) product ^= a;
    }
    return product;
  };
  let result = 1n;
  for (const digit of n.toString(2)) {
    result = times(result, result);
    if (digit === '1') result = times(result, 2n);
  }
  return result;
}
function primeFactors(n: number): number[] {
  const found: number[] = [];
  let rest = n;
  for (let p = 2; p * p <= rest; p++)
    if (rest % p === 0) {
      found.push(p);
      while (rest % p === 0) rest /= p;
    }
  return rest > 1 ? [...found, rest] : found;
}

describe('LFSRs', () => {
  const widths = Object.keys(MAXIMAL_TAPS).map(Number);
  test('the table covers 2 to 32', () => {
    expect(widths).toEqual(Array.from({ length: 31 }, (_, i) => i + 2));
  });
  test.each(widths.filter((w) => w > 2))('taps of %i bits are a primitive polynomial', (width) => {
    const poly = (MAXIMAL_TAPS[width] as readonly number[]).reduce((sum, tap) => sum | (1n << BigInt(tap)), 1n);
    const period = 2 ** width - 1;
    expect(power(BigInt(period), poly, width)).toBe(1n);
    for (const prime of primeFactors(period)) expect(power(BigInt(period / prime), poly, width), `order divides by ${prime}`).not.toBe(1n);
  });
  test.each(
    [2, 3, 5, 8, 11].flatMap(
      (width) =>
        [
          [width, 'fibonacci'],
          [width, 'galois'],
        ] as const,
    ),
  )('%i bits, %s: the whole period', (width, form) => {
    const bench = new Bench(elaborate(Lfsr, { width, form, seed: 1 }));
    const seen = new Set<bigint>();
    for (let t = 0; t < 2 ** width - 1; t++) {
      const { value } = bench.cycle({ enable: 1n });
      seen.add(value as bigint);
    }
    expect(seen.size).toBe(2 ** width - 1);
    expect(seen.has(0n)).toBe(false);
    expect(bench.cycle({ enable: 0n })).toMatchObject({ value: 1n });
    expect(bench.cycle({ enable: 0n })).toMatchObject({ value: 1n });
    if (width <= 8) bench.replay();
  });
  test.each([
    ['fibonacci', 32, 0xdeadbeefn],
    ['galois', 32, 0xdeadbeefn],
    ['galois', 24, 5n],
    ['fibonacci', 40, 1n << 39n],
  ] as const)('%s of %i bits step by step', (form, width, seed) => {
    const taps = width === 40 ? [40, 38, 21, 19] : (MAXIMAL_TAPS[width] as readonly number[]);
    let bits = [...seed.toString(2).padStart(width, '0')].reverse().map(Number);
    compare(elaborate(Lfsr, { width, form, seed, ...(width === 40 && { taps }) }), ({ enable }) => {
      const out = { value: BigInt(`0b${[...bits].reverse().join('')}`), serial: BigInt((form === 'galois' ? bits[0] : bits[width - 1]) as number) };
      if (enable && form === 'fibonacci') bits = [taps.reduce((parity, tap) => parity ^ (bits[tap - 1] as number), 0), ...bits.slice(0, -1)];
      else if (enable) {
        const [low] = bits;
        bits = [...bits.slice(1), 0].map((bit, i) => (taps.includes(i + 1) ? bit ^ (low as number) : bit));
      }
      return out;
    }).replay();
  });
});

/** Bit by bit, as the Rocksoft model tells it. */
function crcOf({ width, poly, init, refIn, refOut, xorOut }: CrcParameters, bytes: readonly number[]): bigint {
  let register = init;
  for (const byte of bytes) {
    for (let i = 0; i < 8; i++) {
      const bit = (byte >> (refIn ? i : 7 - i)) & 1;
      const top = Number((register >> BigInt(width - 1)) & 1n);
      register = (register << 1n) & ((1n << BigInt(width)) - 1n);
      if (top ^ bit) register ^= poly;
    }
  }
  return (refOut ? BigInt(`0b${[...register.toString(2).padStart(width, '0')].reverse().join('')}`) : register) ^ xorOut;
}
const DIGITS = [...'123456789'].map((c) => c.charCodeAt(0));
const CHECKS: readonly [string, CrcParameters, bigint][] = [
  ['CRC-32', CRC_32, 0xcbf43926n],
  ['CRC-32C', CRC_32C, 0xe3069283n],
  ['CRC-16/CCITT-FALSE', CRC_16_CCITT_FALSE, 0x29b1n],
  ['CRC-8', CRC_8, 0xf4n],
  ['CRC-5/USB', { width: 5, poly: 5n, init: 31n, refIn: true, refOut: true, xorOut: 31n }, 0x19n],
  [
    'CRC-64/XZ',
    { width: 64, poly: 0x42f0e1eba9ea3693n, init: (1n << 64n) - 1n, refIn: true, refOut: true, xorOut: (1n << 64n) - 1n },
    0x995dc9bbdf1939fan,
  ],
  ['CRC-12/UMTS', { width: 12, poly: 0x80fn, init: 0n, refIn: false, refOut: true, xorOut: 0n }, 0xdafn],
];

describe.each(CHECKS)('%s', (_, crc, check) => {
  test('the check value, byte by byte, bit by bit and 3 bytes at once', () => {
    expect(crcOf(crc, DIGITS)).toBe(check);
    const bytes = new Bench(elaborate(Crc, { crc, dataWidth: 8 }));
    for (const byte of DIGITS) bytes.cycle({ enable: 1n, data: BigInt(byte) });
    expect(bytes.cycle({})).toEqual({ check });
    const triples = new Bench(elaborate(Crc, { crc, dataWidth: 24 }));
    for (let i = 0; i < 9; i += 3)
      triples.cycle({ enable: 1n, data: DIGITS.slice(i, i + 3).reduce((sum, byte, k) => sum | (BigInt(byte) << BigInt(8 * k)), 0n) });
    expect(triples.cycle({})).toEqual({ check });
    const bits = new Bench(elaborate(Crc, { crc, dataWidth: 1 }));
    for (const byte of DIGITS) for (let i = 0; i < 8; i++) bits.cycle({ enable: 1n, data: BigInt((byte >> (crc.refIn ? i : 7 - i)) & 1) });
    expect(bits.cycle({})).toEqual({ check });
  });
  test.each([8, 32])('%i bits a cycle of anything, with pauses and clears, and on Icarus', (dataWidth) => {
    let taken: number[] = [];
    compare(
      elaborate(Crc, { crc, dataWidth }),
      ({ enable, clear, data }) => {
        const out = { check: crcOf(crc, taken) };
        if (clear) taken = [];
        else if (enable) taken.push(...Array.from({ length: dataWidth / 8 }, (__, k) => Number(((data as bigint) >> BigInt(8 * k)) & 255n)));
        return out;
      },
      150,
      { clear: 0.05, enable: 0.7 },
    ).replay();
  });
});
