// Random programs of all units, an instruction at a time: what each leaves behind depends on no order.
//
// Invariant: a fence stands between instructions of different units; no vx.run writes where it reads; all of both memories is defined before it is read; memory is touched between 0x800 and 0x3000 only.

import { type AcceleratorConfig, acceleratorHash } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Instruction, type Mnemonic, VX_OPERATIONS } from '../../../isa/instructions.ts';

const MEMORY = { from: 0x1400, bytes: 0xa00 };

/** A program for a scratchpad of 4096 bytes and 64 rows of sums; `below(n)` is a random number less than n. */
export function randomMoves(below: (n: number) => number, config: AcceleratorConfig, length = 30): Instruction[] {
  const { rows, cols, scratchpad, sums } = config;
  const between = (low: number, high: number): number => low + below(high - low + 1);
  const unit = (n: number, size: number): number => size * between(-n, n);
  const byte = (): number => between(-128, 127);
  const some = (): number => between(1, 3);
  const steps = (): object => ({ y: between(-2, 2), x: between(-2, 2) });
  const box = (): object =>
    below(3) === 0 ? { height: 0, width: 0 } : { y: between(-3, 2), x: between(-3, 2), height: between(1, 6), width: between(1, 6), pad: byte() };
  const memory = (): number => between(MEMORY.from, MEMORY.from + MEMORY.bytes);
  const adds = (): number => below(2);
  const fields: { readonly [N in Mnemonic]?: () => object } = {
    'ld.dim': () => ({ index: below(4), count: some(), stride: between(-120, 120), local: between(-90, 90), ...steps() }),
    'ld.box': box,
    'ld.offset': () => ({ adds: 0, memory: between(-100, 100), local: between(-200, 200) }),
    'ld.move': () => ({ memory: memory(), local: below(scratchpad), run: between(1, 70), convert: below(2) }),
    'st.dim': () => ({ index: below(4), count: some(), stride: between(-120, 120), local: between(-90, 90) }),
    'st.offset': () => ({ adds: 0, memory: between(-100, 100), local: between(-200, 200) }),
    'st.move': () => ({ memory: memory(), local: below(scratchpad), run: between(1, 70) }),
    'mx.dim': () => ({ index: below(5), count: some(), local: unit(12, rows), ...steps() }),
    'mx.box': box,
    'mx.offset': () => ({ adds: adds(), activation: unit(9, rows), weight: unit(9, cols), sums: between(-20, 20) }),
    'mx.multiply': () => ({
      activation: rows * below(scratchpad / rows),
      weight: cols * below(scratchpad / cols),
      sums: below(sums),
      accumulate: below(2),
    }),
    'vx.dim': () => ({ index: below(5), count: some(), a: between(-30, 30), b: unit(3, cols), ...steps() }),
    'vx.box': () => ({ ...box(), pad: 0 }),
    'vx.offset': () => ({ adds: 0, a: between(-30, 30), b: unit(3, cols), out: unit(3, cols) }),
    'vx.place': () => ({ index: between(2, 4), out: unit(4, cols) }),
    'vx.params': () => ({ local: cols * below(scratchpad / cols / 2) }),
    'vx.scale': () => ({ which: below(3), multiplier: between(2 ** 30, 2 ** 31 - 1), shift: between(-31, 30) }),
    'vx.range': () => ({ aZero: byte(), bZero: byte(), zero: byte(), min: byte(), max: byte(), left: below(21), mode: below(config.modes.length) }),
    'vx.table': () => ({ local: cols * below(scratchpad / cols / 2) }),
    'vx.run': () => ({
      operation: below(VX_OPERATIONS.length),
      // Operands below, results above the middle.
      a: between(0x300, 0x600),
      b: cols * between(0x300 / cols, 0x600 / cols),
      out: cols * between(0xa00 / cols, 0xd00 / cols),
      table: below(4) === 0 ? 1 : 0,
    }),
  };
  const names = Object.keys(fields) as Mnemonic[];
  const make = (name: Mnemonic): Instruction => ({
    name,
    fields: Object.fromEntries(Object.keys(INSTRUCTIONS[name].fields).map((field) => [field, { ...fields[name]?.() }[field as never] ?? 0])),
  });
  const plain = (name: Mnemonic, values: object): Instruction => ({ ...make(name), fields: { ...zero(name), ...values } });
  const zero = (name: Mnemonic) => Object.fromEntries(Object.keys(INSTRUCTIONS[name].fields).map((field) => [field, 0]));
  const fence = plain('fence', {});
  const program: Instruction[] = [
    plain('begin', { hash: acceleratorHash(config) }),
    plain('ld.move', { memory: 0x800, local: 0, run: scratchpad }),
    fence,
    plain('mx.dim', { index: 0, count: sums, local: 3 * rows }),
    plain('mx.multiply', { activation: 0, weight: 0, sums: 0 }),
    plain('mx.dim', { index: 0, count: 1 }),
  ];
  let last = 'mx';
  for (let n = 0; n < length; n++) {
    // Half of all are those that do something.
    const name = below(2) === 0 ? (['ld.move', 'st.move', 'mx.multiply', 'vx.run'] as const)[below(4)] : names[below(names.length)];
    const { queue } = INSTRUCTIONS[name as Mnemonic];
    if (queue !== last) program.push(fence);
    last = queue;
    program.push(make(name as Mnemonic));
  }
  return [
    ...program,
    fence,
    ...[0, 1, 2, 3].map((index) => plain('st.dim', { index, count: 1 })),
    plain('st.offset', {}),
    plain('st.move', { memory: 0x800, local: 0, run: scratchpad }),
    plain('halt', {}),
  ];
}
