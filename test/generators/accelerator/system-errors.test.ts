// Error responses in the whole accelerator, on every beat of a load, of a store and of the program, and addresses beyond the memory: status tells code, address and instruction, no foreign byte is written, and the next
// program runs.

import { describe, expect, it } from 'vitest';
import { assemble } from '../../../isa/assemble.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { encode, encodeProgram } from '../../../isa/encode.ts';
import { ERRORS } from '../../../isa/errors.ts';
import { GoldenAccelerator } from '../../../sim/golden/accelerator/index.ts';
import type { AxiBurst, AxiFault, EngineName } from '../../../sim/index.ts';
import { System } from './system.ts';

const CONFIG: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, scratchpad: 4096, sums: 64, burst: 4, queue: 4 };
const BYTES = CONFIG.bus / 8;
const [SIZE, PROGRAM] = [16384, 0x3000];
const CODES = { 2: ERRORS.slaveError, 3: ERRORS.decodeError } as const;

/** Runs of 50 bytes of the move that fails, one of them across 4 KB, none in a beat with another. */
const RUN = 50;
const LOADS = [0xfe3, 0xfe3 + 0x155];
const STORES = [0x1fd5, 0x1fd5 + 0x155];
const LINES = `begin hash=config
ld.move memory=0x105 local=0 run=70
fence
st.move memory=0x1203 local=3 run=60
fence
ld.dim index=0 count=2 stride=0x155 local=61
ld.move memory=${LOADS[0]} local=0x205 run=${RUN} signal=0
st.dim index=0 count=2 stride=0x155 local=61
st.move memory=${STORES[0]} local=0x205 run=${RUN} wait=0 signal=1
st.dim index=0 count=1
st.move memory=0x2400 local=0 run=40
halt`;
const WORDS = assemble(LINES, CONFIG);
const LOAD = 6;
const STORE = 8;
const NEXT = assemble(
  `begin hash=config
ld.move memory=0x1fd0 local=0xfb run=0x208 signal=2
st.move memory=0x2603 local=0xfe run=0x201 wait=2
halt`,
  CONFIG,
);

/** First bytes of the beats of some runs, as they come. */
const beatsOf = (runs: readonly number[]): number[] =>
  runs.flatMap((from) => Array.from({ length: RUN }, (_, i) => from + i).filter((a) => a === from || a % BYTES === 0));
const within = (a: number, runs: readonly number[]): boolean => runs.some((from) => a >= from && a < from + RUN);

/** What the golden model makes of memory. */
function modelled(before: Uint8Array, program: typeof WORDS): Uint8Array {
  const model = new GoldenAccelerator(CONFIG, before.slice());
  expect(model.run(program).error).toBeUndefined();
  return model.memory;
}

/** One accelerator for many runs with a fault each, and a program without behind each. */
function bench(engine: EngineName, stall: number) {
  const memory = new Uint8Array(SIZE);
  const faults: AxiFault[] = [];
  const bursts: AxiBurst[] = [];
  const system = new System(CONFIG, memory, { engine, latency: 5, stall, faults, onBurst: (burst) => bursts.push(burst) });
  const run = (fault: AxiFault | undefined, program = WORDS, at = PROGRAM) => {
    memory.forEach((_, i) => {
      memory[i] = (i * 167 + (i >> 8) * 29) & 255;
    });
    memory.set(encodeProgram(program, CONFIG), PROGRAM);
    const before = memory.slice();
    faults.splice(0, 1, ...(fault ? [fault] : []));
    bursts.length = 0;
    const outcome = system.run(at, program.length, 20_000);
    const left = memory.slice();
    const announced = [...bursts];
    faults.length = 0;
    memory.set(encodeProgram(NEXT, CONFIG), PROGRAM);
    const wanted = modelled(memory, NEXT);
    expect(system.run(PROGRAM, NEXT.length, 20_000)).toMatchObject({ done: true, error: { code: 0 } });
    expect(Buffer.compare(memory, wanted), 'the next program').toBe(0);
    return { outcome, before, left, announced };
  };
  return { run, close: () => system.sim.close() };
}

/** What status says of an instruction. */
const failed = (index: number, code: number, address: number, program = WORDS) => ({
  done: false,
  error: { code, index, word: encode(program[index] as never, CONFIG), address },
});
/** The program up to an instruction. */
const upTo = (index: number, program = WORDS): typeof WORDS => [...program.slice(0, index), { name: 'halt', fields: {} }];
/** Places at which memory is not as wanted. */
const differing = (left: Uint8Array, wanted: Uint8Array): number[] => [...left.keys()].filter((i) => left[i] !== wanted[i]);

describe.each<[EngineName, number]>([
  ['systole', 0],
  ['systole', 0.4],
  ['verilator', 0.2],
])('%s, stalls %d', (engine, stall) => {
  it('on every beat of a load', () => {
    const { run, close } = bench(engine, stall);
    for (const response of [2, 3] as const)
      for (const at of beatsOf(LOADS)) {
        const { outcome, before, left } = run({ on: 'read', response, from: at, to: at + 1 });
        expect(outcome).toMatchObject(failed(LOAD, CODES[response], at));
        expect(differing(left, modelled(before, upTo(LOAD))), `beat ${at}`).toEqual([]);
      }
    close();
  });

  it('on every beat of a store', () => {
    const { run, close } = bench(engine, stall);
    for (const response of [2, 3] as const)
      for (const at of beatsOf(STORES)) {
        const { outcome, before, left, announced } = run({ on: 'write', response, from: at, to: at + 1 });
        const { address } = announced.findLast((b) => b.write && b.address <= at) as AxiBurst;
        const first = Math.max(address, ...STORES.filter((from) => from <= at));
        expect(outcome).toMatchObject(failed(STORE, CODES[response], first));
        const [whole, none] = [modelled(before, upTo(STORE + 1)), modelled(before, upTo(STORE))];
        const isOwn = (i: number): boolean => within(i, STORES) && (i < at || i - (i % BYTES) > at);
        expect(
          differing(left, none).filter((i) => !isOwn(i) || left[i] !== whole[i]),
          `beat ${at}`,
        ).toEqual([]);
      }
    close();
  });

  it('on every beat of the program', () => {
    const { run, close } = bench(engine, stall);
    const fenced = assemble(LINES.replace(/\n(?=st\.move)/g, '\nfence\n').replace(/\nhalt/, '\nfence\nhalt'), CONFIG);
    for (const response of [2, 3] as const)
      for (let at = PROGRAM; at < PROGRAM + 16 * fenced.length; at += BYTES) {
        const { outcome, before, left } = run({ on: 'read', response, from: at, to: at + 1 }, fenced);
        const index = Math.floor((at - PROGRAM) / 16);
        expect(outcome).toMatchObject({ done: false, error: { code: CODES[response], index, address: at } });
        // Where no fence stands before it, the error may find what is before it in its queue.
        const [least, most] = [fenced.slice(0, index).findLastIndex(({ name }) => name === 'fence'), index].map((n) =>
          index === 0 ? before : modelled(before, upTo(Math.max(1, n as number), fenced)),
        ) as [Uint8Array, Uint8Array];
        expect(
          differing(left, least).filter((i) => left[i] !== most[i]),
          `beat ${at}`,
        ).toEqual([]);
      }
    close();
  });

  it('beyond the end of memory, as in the golden model', () => {
    const { run, close } = bench(engine, stall);
    for (const move of ['ld.move', 'st.move'])
      for (const [memory, length] of [
        [SIZE - 20, 40],
        [SIZE - 90, 100],
        [SIZE - 45, 46],
        [SIZE - 33, 200],
        [SIZE, 1],
        [SIZE + 5, 20],
        [0xffff_fff0, 8],
      ] as const) {
        const program = assemble(
          `begin hash=config\nld.move memory=0 local=0 run=120\nfence\n${move} memory=${memory} local=3 run=${length}\nhalt`,
          CONFIG,
        );
        const { outcome, before, left } = run(undefined, program);
        const golden = new GoldenAccelerator(CONFIG, before.slice()).run(program);
        expect(golden.error).toMatchObject({ code: 'decodeError', index: 3 });
        expect(outcome).toMatchObject(failed(3, ERRORS.decodeError, golden.error?.address as number, program));
        const own = move === 'ld.move' ? SIZE : memory;
        expect(differing(left, before).filter((i) => i < own || left[i] !== before[3 + i - memory])).toEqual([]);
      }
    const { outcome, before, left } = run(undefined, WORDS, SIZE);
    expect(outcome).toMatchObject({ done: false, error: { code: ERRORS.decodeError, index: 0, address: SIZE } });
    expect(differing(left, before)).toEqual([]);
    close();
  });
});
