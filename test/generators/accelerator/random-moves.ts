// Random programs of all units; what they leave behind depends on no order.
//
// Invariant: all of both memories is defined before it is read, no vx.run writes where it reads, memory is touched between 0x800 and 0x3000 only. `fenced`: a fence stands between instructions of different
// units. `apart`: none does, but no unit touches what another one writes.

import { type AcceleratorConfig, acceleratorHash } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Instruction, type Mnemonic, VX_OPERATIONS } from '../../../isa/instructions.ts';

/** A program for a scratchpad of 4096 bytes, 64 rows of sums and at most 8 lanes; `below(n)` is a random number less than n. */
export function randomMoves(below: (n: number) => number, config: AcceleratorConfig, order: 'fenced' | 'apart', length = 30): Instruction[] {
  const apart = order === 'apart';
  const { rows, cols, scratchpad, sums } = config;
  const between = (low: number, high: number): number => low + below(high - low + 1);
  const unit = (n: number, size: number): number => size * between(-n, n);
  const byte = (): number => between(-128, 127);
  const some = (): number => between(1, apart ? 2 : 3);
  /** How far something moves at most. */
  const far = (fenced: number, when: number): number => (apart ? when : fenced);
  const steps = (): object => ({ y: between(-2, 2), x: between(-2, 2) });
  const box = (): object =>
    below(3) === 0 ? { height: 0, width: 0 } : { y: between(-3, 2), x: between(-3, 2), height: between(1, 6), width: between(1, 6), pad: byte() };
  const adds = (): number => (apart ? 0 : below(2));
  const load = apart ? { memory: [0x1200, 0x1600], local: [0xec0, 0xf60] } : { memory: [0x1400, 0x1e00], local: [0, scratchpad - 1] };
  const store = apart ? { memory: [0x2200, 0x2a00], local: [0x200, 0x500] } : load;
  const placed = ({ memory, local }: typeof load): object => ({
    memory: between(...(memory as [number, number])),
    local: between(...(local as [number, number])),
    run: between(1, 70),
  });
  const moved = (): object => ({ adds: 0, memory: between(-100, 100), local: between(-far(200, 0), far(200, 0)) });
  const dimension = (): object => ({
    index: below(4),
    count: some(),
    stride: between(-far(120, 60), far(120, 60)),
    local: between(-far(90, 8), far(90, 8)),
  });
  const fields: { readonly [N in Mnemonic]?: () => object } = {
    'ld.dim': () => ({ ...dimension(), ...steps() }),
    'ld.box': box,
    'ld.offset': moved,
    'ld.move': () => ({ ...placed(load), convert: below(2) }),
    'st.dim': dimension,
    'st.offset': moved,
    'st.move': () => placed(store),
    'mx.dim': () => ({ index: below(5), count: some(), local: unit(far(12, 3), rows), ...steps() }),
    'mx.box': box,
    'mx.offset': () => ({ adds: adds(), activation: unit(9, rows), weight: unit(9, cols), sums: apart ? below(10) : between(-20, 20) }),
    'mx.multiply': () => ({
      activation: rows * (apart ? between(0x200 / rows, 0x400 / rows) : below(scratchpad / rows)),
      weight: cols * (apart ? between(0x100 / cols, 0x400 / cols) : below(scratchpad / cols)),
      sums: apart ? between(32, 48) : below(sums),
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
      // Requantising reads the sums, of which MX may write any.
      operation: apart ? between(2, VX_OPERATIONS.length - 1) : below(VX_OPERATIONS.length),
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
    fence,
  ];
  let last: string = 'mx';
  for (let n = 0; n < length; n++) {
    // Half of all are those that do something.
    const name = below(2) === 0 ? (['ld.move', 'st.move', 'mx.multiply', 'vx.run'] as const)[below(4)] : names[below(names.length)];
    const { queue } = INSTRUCTIONS[name as Mnemonic];
    if (queue !== last && !apart) program.push(fence);
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
