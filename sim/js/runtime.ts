// What generated code calls for the rarer operations.

import { SimulationError } from '../errors.ts';
import type { Cells } from './memory.ts';

const TWO32 = 2 ** 32;

/** Bits of the words of two doubles, the result as a uint of `width` bits (33 to 52). */
function bitwise(op: (a: number, b: number) => number) {
  return (a: number, b: number, width: number): number => {
    const high = op(Math.floor(a / TWO32) | 0, Math.floor(b / TWO32) | 0) & (2 ** (width - 32) - 1);
    return high * TWO32 + (op(a | 0, b | 0) >>> 0);
  };
}

/** A circular group did not come to rest. */
function unsettled(names: string): never {
  throw new SimulationError(
    'SIM-E010',
    `the combinational signals ${names} do not settle`,
    'they depend on each other bit by bit; break the loop with a register',
  );
}

function parity(x: number): number {
  let p = x ^ (x >>> 16);
  p ^= p >>> 8;
  p ^= p >>> 4;
  return (0x6996 >>> (p & 15)) & 1;
}

export const runtime = {
  unsettled,
  and: bitwise((a, b) => a & b),
  or: bitwise((a, b) => a | b),
  xor: bitwise((a, b) => a ^ b),
  /** Powers of two that a double shift may multiply by. */
  pow2: Float64Array.from({ length: 64 }, (_, i) => 2 ** i),
  /** The low `width` bits of an exact double. */
  wrapU: (x: number, size: number): number => x - Math.floor(x / size) * size,
  wrapS: (x: number, size: number): number => {
    const low = x - Math.floor(x / size) * size;
    return low >= size / 2 ? low - size : low;
  },
  div: (a: number, b: number): number => (b === 0 ? 0 : Math.trunc(a / b) + 0),
  rem: (a: number, b: number): number => (b === 0 ? 0 : (a % b) + 0),
  divBig: (a: bigint, b: bigint): bigint => (b === 0n ? 0n : a / b),
  remBig: (a: bigint, b: bigint): bigint => (b === 0n ? 0n : a % b),
  parity,
  parityBig: (x: bigint): number => {
    let p = 0;
    for (let rest = x; rest !== 0n; rest >>= 32n) p ^= parity(Number(BigInt.asIntN(32, rest)));
    return p;
  },
  /** Elements of `width` bits, the first lowest. */
  pack: (cells: Cells, length: number, width: number): bigint => {
    let all = 0n;
    for (let i = length - 1; i >= 0; i--) all = (all << BigInt(width)) | BigInt.asUintN(width, BigInt(cells[i] as number));
    return all;
  },
  /** Replaces bits of an exact value by others; the result is an unsigned bit pattern. */
  insert: (old: bigint, value: bigint, low: bigint, size: number, width: number): bigint => {
    const mask = ((1n << BigInt(size)) - 1n) << low;
    return (BigInt.asUintN(width, old) & ~mask) | ((value << low) & mask);
  },
};
