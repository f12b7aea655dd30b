// Whole programs: the accelerator, its memory and its registers against the golden model.

import { describe, expect, it, test } from 'vitest';
import { elaborateAccelerator } from '../../../generators/accelerator/accelerator.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { adviseAccelerator } from '../../../isa/advise.ts';
import { assemble } from '../../../isa/assemble.ts';
import { type AcceleratorConfig, acceleratorHash, DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { encode, encodeProgram } from '../../../isa/encode.ts';
import { ERRORS } from '../../../isa/errors.ts';
import type { Instruction } from '../../../isa/instructions.ts';
import type { ProcessBody } from '../../../sim/index.ts';
import { lint } from '../../support/verilog-tools.ts';
import { convolution, type Layer, matmul } from './programs.ts';
import { both, System, type SystemOptions } from './system.ts';

const SMALL: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, scratchpad: 4096, sums: 64, burst: 16, queue: 4 };
const EIGHT: AcceleratorConfig = { ...SMALL, rows: 8, cols: 8, bus: 32, banks: 2, outstanding: 2 };

function same(config: AcceleratorConfig, layer: Layer, options: SystemOptions): ReturnType<typeof both> {
  const run = both(config, layer.program, layer.memory, options);
  expect(run.golden.error).toBeUndefined();
  expect(run.outcome.error).toEqual({ code: 0, index: 0, word: 0n, address: 0 });
  expect(run.outcome.done).toBe(true);
  // The result is no copy of what was there.
  const { address, bytes } = layer.out;
  expect(run.wanted.slice(address, address + bytes)).not.toEqual(layer.memory.slice(address, address + bytes));
  expect(run.memory).toEqual(run.wanted);
  return run;
}

describe('the same bytes as the golden model', () => {
  const calm = { latency: 3 };
  const rough = { latency: 30, stall: 0.4, outOfOrder: true };
  test.each<[string, AcceleratorConfig, (config: AcceleratorConfig) => Layer, SystemOptions]>([
    ['a matmul on 4 × 4', SMALL, (c) => matmul(c, { m: 20, steps: 3 }), calm],
    ['a matmul on 4 × 4, rough', SMALL, (c) => matmul(c, { m: 17, steps: 2, seed: 2 }), rough],
    ['a matmul on 8 × 8', EIGHT, (c) => matmul(c, { m: 30, steps: 2 }), rough],
    ['a convolution on 4 × 4', SMALL, (c) => convolution(c, { height: 6, width: 5 }), rough],
    ['a convolution with stride on 8 × 8', EIGHT, (c) => convolution(c, { height: 5, width: 6, stride: 2 }), calm],
    ['a wide bus', { ...SMALL, bus: 256 }, (c) => matmul(c, { m: 12, steps: 2 }), rough],
  ])('%s', (_, config, layer, options) => {
    const { system } = same(config, layer(config), options);
    system.sim.close();
  });
});

it('the same bytes in Verilog', () => {
  for (const engine of ['verilator', 'icarus'] as const) {
    same(SMALL, matmul(SMALL, { m: 6, steps: 2 }), { engine, latency: 5, stall: 0.2 }).system.sim.close();
    same(SMALL, convolution(SMALL, { height: 3, width: 4 }), { engine, latency: 5 }).system.sim.close();
  }
});

it('is clean in all tools, at its smallest', () => {
  const least = { rows: 2, cols: 2, bus: 32, scratchpad: 1024, banks: 1, sums: 16, burst: 1, outstanding: 1, queue: 1, modes: ['double'] } as const;
  const design = elaborateAccelerator(least, 'npu');
  expect(lint(emitVerilog(design), 'npu')).toBe('');
});

describe('registers', () => {
  it('count what the golden model counts', () => {
    const { golden, outcome, system } = same(EIGHT, matmul(EIGHT, { m: 30, steps: 2 }), { latency: 9 });
    const { counters } = outcome;
    expect(counters.instructions).toBe(golden.counters.instructions);
    expect(counters.beats * EIGHT.rows * EIGHT.cols).toBe(golden.counters.macs);
    expect(counters.skipped).toBe(0);
    expect(counters.bytesWritten).toBe(golden.counters.bytesWritten);
    expect(counters.bytesRead).toBeGreaterThanOrEqual(golden.counters.bytesRead);
    expect(counters.cycles).toBeGreaterThan(counters.ldBusy);
    for (const queue of ['ld', 'mx', 'vx', 'st'] as const) {
      expect(counters[`${queue}Busy`]).toBeGreaterThan(0);
      expect(counters[`${queue}Busy`] + counters[`${queue}Waiting`]).toBeLessThanOrEqual(counters.cycles);
    }
    expect(counters.stWaiting).toBeGreaterThan(counters.mxBusy);
    system.sim.close();
  });

  it('count the work that padding makes', () => {
    const { golden, outcome, system } = same(EIGHT, convolution(EIGHT, { height: 5, width: 6 }), { latency: 9 });
    // Of 5 × 6 places of 3 × 3 each, a row and a column on every side.
    const all = 5 * 6 * 9;
    const inside = (3 * 5 - 2) * (3 * 6 - 2);
    expect(outcome.counters.beats).toBe(all);
    expect(outcome.counters.skipped).toBe(all - inside);
    expect(golden.counters).toMatchObject({ macs: all * 64, macsSkipped: (all - inside) * 64 });
    system.sim.close();
  });

  const text = (lines: string) => assemble(`begin hash=config\n${lines}\nhalt`, SMALL);
  const run = (lines: string, options: SystemOptions = {}) => both(SMALL, text(lines), new Uint8Array(4096).fill(1), options);

  it('tell the configuration, interrupts and their codes, and clear counters', () => {
    const { system, outcome } = run('interrupt code=7\nfence\ninterrupt code=0xfedcba98\nld.move memory=0 local=0 run=9\nfence\ncounters');
    expect(outcome.counters).toMatchObject({ instructions: 1, ldBusy: 0, bytesRead: 0 });
    const software = (body: () => ProcessBody<unknown>): unknown => system.sim.join(system.sim.fork(body));
    const hash = acceleratorHash(SMALL);
    for (const [register, value] of Object.entries({
      hashLo: Number(hash & 0xffffffffn),
      hashHi: Number(hash >> 32n),
      interruptCode: 0xfedcba98,
      interruptStatus: 4,
      status: 2,
    }))
      expect(
        software(() => system.read(register as 'status')),
        register,
      ).toBe(value);
    expect(system.sim.peek('irq')).toBe(0);
    software(() => system.write('interruptEnable', 4));
    expect(system.sim.peek('irq')).toBe(1);
    software(() => system.write('interruptStatus', 4));
    expect(system.sim.peek('irq')).toBe(0);
    system.sim.close();
  });

  it('tell of an error of memory, word, place and address; nothing else is touched, and the next program runs', () => {
    const bad = 0x200;
    const lines = `ld.move memory=0x100 local=0 run=64 signal=0\n`;
    const whole = `${lines}ld.move memory=${bad - 20} local=64 run=64 signal=1\nst.move memory=0x300 local=64 run=64 wait=1`;
    for (const response of [2, 3] as const) {
      const { system, outcome, memory } = run(whole, { latency: 4, faults: [{ response, on: 'read', from: bad, to: bad + 1 }] });
      const program = text(whole);
      expect(outcome.done).toBe(false);
      expect(outcome.error).toEqual({
        code: response === 2 ? ERRORS.slaveError : ERRORS.decodeError,
        index: 2,
        word: encode(program[2] as Instruction, SMALL),
        address: bad,
      });
      expect(memory.slice(0x300, 0x340)).toEqual(new Uint8Array(64).fill(1));
      const next = text(`${lines}st.move memory=0x400 local=0 run=64 wait=0`);
      memory.set(encodeProgram(next, SMALL), 0x800);
      memory.fill(9, 0x100, 0x140);
      expect(system.run(0x800, next.length)).toMatchObject({ done: true, error: { code: 0 } });
      expect(memory.slice(0x400, 0x440)).toEqual(new Uint8Array(64).fill(9));
      system.sim.close();
    }
    const written = run('st.move memory=0x210 local=0 run=64\nst.move memory=0x300 local=0 run=8', {
      faults: [{ response: 2, on: 'write', from: 0x220, to: 0x221 }],
    });
    expect(written.outcome.error).toMatchObject({ code: ERRORS.slaveError, index: 1 });
    expect(written.memory.slice(0x300, 0x308)).toEqual(new Uint8Array(8).fill(1));
    written.system.sim.close();
  });

  it('reset a program that stands still', () => {
    const program = text('ld.move memory=0 local=0 run=8 wait=5');
    const memory = new Uint8Array(1024);
    memory.set(encodeProgram(program, SMALL));
    const system = new System(SMALL, memory);
    expect(() => system.run(0, program.length, 2000)).toThrow(/the interrupt/);
    const software = (body: () => ProcessBody<unknown>): unknown => system.sim.join(system.sim.fork(body));
    expect(software(() => system.read('status'))).toBe(1);
    software(() => system.write('control', 2));
    system.sim.step(50);
    expect(software(() => system.read('status'))).toBe(0);
    expect(software(() => system.read('control'))).toBe(0);
    const fine = text('ld.move memory=0 local=0 run=8');
    memory.set(encodeProgram(fine, SMALL));
    expect(system.run(0, fine.length)).toMatchObject({ done: true, error: { code: 0 } });
    system.sim.close();
  });
});

describe('before it is built', () => {
  it('says nothing of what is in balance', () => {
    expect(adviseAccelerator(DEFAULT_ACCELERATOR)).toEqual([]);
  });
  test.each<[Partial<AcceleratorConfig>, string]>([
    [
      { bus: 32 },
      'the bus brings 4 bytes a cycle, but the array takes 16 activations a cycle; layers of fewer than 64 outputs wait for memory; give a bus of 128 bits',
    ],
    [{ sums: 32, rows: 32 }, 'the bus brings 16 bytes a cycle, but half of 32 rows of sums take a new tile of 512 weights every 16 cycles'],
    [{ sums: 64 }, 'half of 64 rows of sums are 32 positions, but a row of sums comes back after about 64 cycles; give 128 sums'],
    [{ banks: 1 }, 'the scratchpad has one bank'],
    [{ banks: 2 }, 'the scratchpad has two banks'],
    [
      { scratchpad: 1024 },
      'the scratchpad has 1024 bytes, but two tiles of weights and as much of activations and results are 2048 bytes; give 2048',
    ],
    [{ burst: 4 }, '8 bursts of 4 beats are 32 beats on their way'],
  ])('%j', (change, line) => {
    const advice = adviseAccelerator({ ...DEFAULT_ACCELERATOR, ...change });
    expect(
      advice.some((one) => one.startsWith(line)),
      advice.join('\n'),
    ).toBe(true);
  });
});
