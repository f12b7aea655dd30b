// The examples with memories: stack, router, processor.

import { OPCODES } from '../examples/risc.ts';
import type { RouterConfig } from '../examples/router.ts';
import { type Specification, times } from './specification.ts';

type StackInputs = { push: number; pop: number; en: number; dataIn: number };

export const stack = (depth: number): Specification<StackInputs, { dataOut: number }> => ({
  stimulus: (random) => [
    ...times(depth + 2, () => ({ push: 1, pop: 0, en: 1, dataIn: random.bits(32) })), // More than fit,
    ...times(depth + 2, () => ({ push: 0, pop: 1, en: 1, dataIn: 0 })), // more than there are,
    { push: 0, pop: 1, en: 1, dataIn: 232 },
    ...[90, 90, 33, 33].map((dataIn) => ({ push: 1, pop: 1, en: 1, dataIn })), // both at once: the push wins.
    ...times(200, () => ({ push: random.bits(1), pop: random.bits(1), en: random.bits(1), dataIn: random.bits(32) })),
  ],
  start() {
    const words: number[] = [];
    let out = 0;
    return ({ push, pop, en, dataIn }) => {
      const seen = { dataOut: out };
      if (!en) return seen;
      out = words.at(-1) ?? out;
      if (push && words.length < depth) words.push(dataIn);
      else if (pop) words.pop();
      return seen;
    };
  },
});

type RiscInputs = { isWr: number; wrAddr: number; wrData: number; boot: number };
type Op = keyof typeof OPCODES;

const assemble = (op: Op | number, rc: number, ra: number, rb: number): number =>
  (typeof op === 'number' ? op : OPCODES[op]) * 2 ** 24 + rc * 2 ** 16 + ra * 2 ** 8 + rb;

export const risc: Specification<RiscInputs, { valid: number; out: number }> = {
  stimulus(random) {
    const idle = { isWr: 0, wrAddr: 0, wrData: 0, boot: 0 };
    const four = [assemble('imm', 1, 0, 1), assemble('add', 1, 1, 1), assemble('add', 1, 1, 1), assemble('add', 255, 1, 0)];
    // All registers first, since nobody knows what is in them; then anything, with a code that is no operation here and there.
    const registers = times(255, (rc) => assemble('imm', rc, random.bits(8), random.bits(8)));
    const any = times(256, () => assemble(random.below(3), random.below(256), random.below(255), random.below(255)));
    const run = (program: readonly number[]): RiscInputs[] => [
      ...times(256, (wrAddr) => ({ ...idle, isWr: 1, wrAddr, wrData: program[wrAddr] ?? assemble('add', 255, 0, 0) })),
      { ...idle, boot: 1 },
      ...times(256, () => idle),
    ];
    return [registers, four, any].flatMap(run);
  },
  start() {
    const code = times(256, () => 0);
    const file = times(256, () => 0);
    let pc = 0;
    return ({ isWr, wrAddr, wrData, boot }) => {
      if (isWr) code[wrAddr] = wrData;
      if (!isWr && boot) pc = 0;
      if (isWr || boot) return { valid: 0, out: 0 };
      const [op, rc, ra, rb] = [24, 16, 8, 0].map((shift) => ((code[pc] as number) >>> shift) & 255) as [number, number, number, number];
      const register = (r: number): number => (r === 0 ? 0 : (file[r] as number));
      const out = op === OPCODES.add ? (register(ra) + register(rb)) % 2 ** 32 : op === OPCODES.imm ? ra * 256 + rb : 0;
      if (rc !== 255) file[rc] = out;
      pc = (pc + 1) % 256;
      return { valid: rc === 255 ? 1 : 0, out };
    };
  },
};

type RouterInputs = {
  load_valid: number;
  load_addr: number;
  load_data: number;
  read_valid: number;
  read_addr: number;
  response_ready: number;
  in_valid: number;
  in_header: number;
  in_body: bigint;
  out_ready: readonly number[];
};
type RouterOutputs = {
  load_ready: number;
  read_ready: number;
  response_valid: number;
  response_data: number;
  in_ready: number;
  out_valid: readonly number[];
  out_header: number;
  out_body: bigint;
};

export const router = ({ outputs, entries }: RouterConfig): Specification<RouterInputs, RouterOutputs> => ({
  stimulus(random) {
    const idle = {
      load_valid: 0,
      load_addr: 0,
      load_data: 0,
      read_valid: 0,
      read_addr: 0,
      response_ready: 0,
      in_valid: 0,
      in_header: 0,
      in_body: 0n,
    };
    const ready = times(outputs, () => 1);
    return [
      { ...idle, read_valid: 1, response_ready: 1, out_ready: ready }, // Zero at power-on.
      ...times(outputs, (i) => ({ ...idle, load_valid: 1, load_addr: i, load_data: (i + 1) % outputs, out_ready: ready })),
      ...times(outputs, (i) => ({ ...idle, read_valid: 1, read_addr: outputs - 1 - i, response_ready: 1, out_ready: ready })),
      ...times(outputs, (i) => ({ ...idle, in_valid: 1, in_header: i, in_body: BigInt(3 * i), out_ready: ready })),
      ...times(600, () => ({
        load_valid: random.bits(1),
        load_addr: random.below(16),
        load_data: random.below(outputs),
        read_valid: random.once(4),
        read_addr: random.below(16),
        response_ready: random.bits(1),
        in_valid: random.once(3),
        in_header: random.once(8) ? random.bits(8) : random.below(entries),
        in_body: random.wide(),
        out_ready: times(outputs, () => random.bits(1)),
      })),
    ];
  },
  start() {
    const table = times(entries, () => 0);
    return (p) => {
      const to = table[p.in_header] ?? 0;
      const outputsNow = {
        load_ready: p.in_valid || p.read_valid ? 0 : 1,
        read_ready: p.response_ready,
        response_valid: p.read_valid,
        response_data: table[p.read_addr] ?? 0,
        in_ready: p.out_ready[to] as number,
        out_valid: times(outputs, (i) => (p.in_valid && i === to ? 1 : 0)),
        out_header: p.in_header,
        out_body: p.in_body,
      };
      if (p.load_valid && outputsNow.load_ready && p.load_addr < entries) table[p.load_addr] = p.load_data;
      return outputsNow;
    };
  },
});
