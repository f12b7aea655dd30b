/**
 * The random generator of all testbenches, and arrays filled from it.
 * Invariant: bit exact with the Verilog and C++ testbenches, which implement the same three shifts.
 * Refused: lengths that are not integers >= 0 (by the typed arrays). State 0 is a fixed point and must not be used.
 */

/** The stream numbers of the stall generators: 0 act, 1 weight, 2 psum, 3 out. */
export type StreamNumber = 0 | 1 | 2 | 3;

/** How arrays are filled: all values alike, or only those at the edges of the type and around zero. */
export type FillKind = 'uniform' | 'extreme';

/**
 * One step of xorshift32 with the shifts 13, 17, 5 (Marsaglia, "Xorshift RNGs", 2003, page 4).
 *
 * @param state uint32, not 0
 * @returns the next state, which is also the output: uint32, not 0
 */
export function xorshift32(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

/** Seeds of one run differ by stream, seeds of one stream by run; 2^32/φ and a constant of MurmurHash3. */
function mixSeed(seed: number, stream: number): number {
  const mixed = (Math.imul(seed, 0x9e3779b9) + Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
  return mixed === 0 ? 1 : mixed;
}

/**
 * The initial generator state of a stream: `(seed * 0x9E3779B9 + (stream + 1) * 0x85EBCA6B) mod 2^32`, or 1 if that is 0.
 *
 * @param seed of the run; taken modulo 2^32
 * @returns uint32, not 0; the first value used is `xorshift32` of it
 */
export function streamSeed(seed: number, stream: StreamNumber): number {
  return mixSeed(seed, stream);
}

/**
 * The initial generator state of an operand: the formula of `streamSeed` with the streams 4 (a), 5 (b) and 6 (d),
 * so that operands never share a generator with the stalls of the same seed.
 */
export function operandSeed(seed: number, operand: 'a' | 'b' | 'd'): number {
  return mixSeed(seed, 4 + 'abd'.indexOf(operand));
}

const extremeInt8 = [-128, -127, -1, 0, 1, 127, 127, -128] as const;
const extremeInt32 = [-0x80000000, 0x7fffffff, -1, 0, 1, -0x7fffffff, 0x7ffffffe, 0x40000000] as const;

/**
 * `length` int8 values: each is the top byte of the next output of the generator, or for "extreme" the entry of an
 * eight-entry table chosen by its top three bits.
 *
 * @param state initial generator state, uint32, not 0 (see `operandSeed`)
 */
export function randomInt8(state: number, length: number, kind: FillKind = 'uniform'): Int8Array {
  let x = state;
  return Int8Array.from({ length }, () => {
    x = xorshift32(x);
    return kind === 'uniform' ? x >> 24 : (extremeInt8[x >>> 29] ?? 0);
  });
}

/** As `randomInt8`, for int32: the whole output as a signed number, or a table entry by its top three bits. */
export function randomInt32(state: number, length: number, kind: FillKind = 'uniform'): Int32Array {
  let x = state;
  return Int32Array.from({ length }, () => {
    x = xorshift32(x);
    return kind === 'uniform' ? x | 0 : (extremeInt32[x >>> 29] ?? 0);
  });
}
