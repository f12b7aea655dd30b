// VX against loops over bytes, whatever is refused when; on every engine for one configuration; rates and tools.

import { describe, expect, it } from 'vitest';
import { LANE_SLOTS } from '../../../generators/accelerator/vector-lane.ts';
import { VectorUnit } from '../../../generators/accelerator/vector-unit.ts';
import { elaborate } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR, rowBytes } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Mnemonic, VX_OPERATIONS, type VxOperation } from '../../../isa/instructions.ts';
import { type EngineName, type Simulation, simulate } from '../../../sim/index.ts';
import { Rng } from '../../support/random.ts';
import { lint } from '../../support/verilog-tools.ts';
import { command, serveReads, serveWrites } from './memories.ts';
import { payloadOf } from './payload.ts';
import { runVectors, type Scaling, type VectorRun, type VectorState } from './vector-model.ts';

type Fields = { readonly [field: string]: number };
const ADDRESSES = 2 ** 24;

function configOf(size: Partial<AcceleratorConfig>): AcceleratorConfig {
  return { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 4096, sums: 64, modes: ['double'], ...size };
}

function doing(sim: Simulation, name: Mnemonic, fields: Fields) {
  return sim.fork(() => command(sim, INSTRUCTIONS[name].opcode, payloadOf(name, fields)));
}

/** Numbers of any size, and the ends of their ranges. */
function int32(rng: Rng): number {
  if (rng.once(8)) return rng.pick([0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 30]);
  return (rng.word() | 0) >> rng.below(32);
}
const int8 = (rng: Rng): number => (rng.once(4) ? rng.pick([-128, 127, 0]) : rng.below(256) - 128);
const scaling = (rng: Rng): Scaling => ({
  // Mostly what a model has.
  multiplier: rng.once(4) ? int32(rng) : 2 ** 30 + rng.below(2 ** 30),
  shift: rng.once(3) ? rng.below(62) - 31 : -rng.below(10),
});

function stateOf(cfg: AcceleratorConfig, rng: Rng, operation: VxOperation): VectorState {
  const around = (n: number): number => rng.below(2 * n + 1) - n;
  const unit = operation === 'requantise' ? 1 : cfg.cols;
  const wide = rng.once(2);
  return {
    dims: [3, 2, 3, 2, 2].map((most) => ({
      count: 1 + rng.below(most),
      a: unit * around(20),
      b: cfg.cols * around(20),
      out: cfg.cols * around(20),
      y: around(2),
      x: around(2),
    })),
    box: wide ? { y: 0, x: 0, height: 0, width: 0 } : { y: around(2), x: around(2), height: rng.below(6), width: 1 + rng.below(6) },
    lanes: Array.from({ length: cfg.cols }, () => ({ bias: int32(rng), ...scaling(rng), ...(rng.once(16) && { shift: int8(rng) }) })),
    scaleA: scaling(rng),
    scaleB: scaling(rng),
    aZero: int8(rng),
    bZero: int8(rng),
    zero: int8(rng),
    ...(rng.once(2) ? { min: -128, max: 127 } : { min: int8(rng), max: int8(rng) }),
    left: rng.once(2) ? 20 : rng.below(32),
    mode: rng.pick(cfg.modes),
    table: rng.once(3) ? Int8Array.from({ length: 256 }, () => rng.word()) : undefined,
  };
}

interface Bench {
  readonly cfg: AcceleratorConfig;
  readonly sim: Simulation;
  readonly bytes: Uint8Array;
  readonly sums: Uint8Array;
  /** What was written; apart from what is read, so that nothing depends on when. */
  readonly written: Uint8Array;
  run(name: Mnemonic, fields: Fields): void;
}

function bench(cfg: AcceleratorConfig, rng: Rng, stall: number, engine: EngineName): Bench {
  const sim = simulate(VectorUnit, cfg, { engine, seed: rng.below(1000) }) as unknown as Simulation;
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (rng.once(4) ? rng.pick([128, 127, 0]) : rng.word()));
  const [bytes, sums, written] = [random(cfg.scratchpad), random(cfg.sums * cfg.cols * 4), random(cfg.scratchpad)];
  sim.reset();
  const width = rowBytes(cfg);
  sim.fork(() => serveReads(sim, 'a', { width, bytes }, stall));
  sim.fork(() => serveReads(sim, 'b', { width, bytes }, stall));
  sim.fork(() => serveReads(sim, 'sums', { width: 4 * cfg.cols, bytes: sums }, stall));
  sim.fork(() => serveWrites(sim, 'out', { width, bytes: written }, stall));
  const run = (name: Mnemonic, fields: Fields): void => {
    expect(sim.join(doing(sim, name, fields))).toEqual({ fault: 0, address: 0 });
  };
  return { cfg, sim, bytes, sums, written, run };
}

/** Where `vx.params` and `vx.table` read. */
const [PARAMS, TABLE] = [256, 1024];

function set({ cfg, bytes, run }: Bench, state: VectorState, rng: Rng): void {
  state.dims.forEach(({ count, a, b, out, y, x }, index) => {
    run('vx.dim', { index, count, a, b, y, x });
    if (index >= 2) run('vx.place', { index, out });
  });
  run('vx.box', state.box);
  const { aZero, bZero, zero, min, max, left, mode } = state;
  run('vx.range', { aZero, bZero, zero, min, max, left, mode: cfg.modes.indexOf(mode) });
  run('vx.scale', { which: 0, ...state.scaleA });
  run('vx.scale', { which: 1, ...state.scaleB });
  const [first] = state.lanes;
  if (first && rng.once(4) && Math.abs(first.shift) < 31) {
    for (const lane of state.lanes) Object.assign(lane, { bias: 0, multiplier: first.multiplier, shift: first.shift });
    run('vx.scale', { which: 2, multiplier: first.multiplier, shift: first.shift });
  } else {
    const view = new DataView(bytes.buffer);
    state.lanes.forEach(({ bias, multiplier, shift }, lane) => {
      view.setInt32(PARAMS + 4 * lane, bias, true);
      view.setInt32(PARAMS + 4 * (cfg.cols + lane), multiplier, true);
      view.setInt8(PARAMS + 8 * cfg.cols + lane, shift);
    });
    run('vx.params', { local: PARAMS });
  }
  if (state.table) {
    bytes.set(new Uint8Array(state.table.buffer), TABLE);
    run('vx.table', { local: TABLE });
  }
}

function check(size: Partial<AcceleratorConfig>, rounds: number, stall: number, seed: number, engine: EngineName = 'systole'): void {
  const cfg = configOf(size);
  const rng = new Rng(seed);
  const on = bench(cfg, rng, stall, engine);
  const { sim, bytes, sums, written, run } = on;
  const expected = Int8Array.from(new Int8Array(written.buffer));
  for (let round = 0; round < rounds; round++) {
    const operation = VX_OPERATIONS[round % VX_OPERATIONS.length] as VxOperation;
    const state = stateOf(cfg, rng, operation);
    set(on, state, rng);
    const op: VectorRun = { operation, a: rng.below(cfg.scratchpad), b: rng.below(cfg.scratchpad), out: rng.below(cfg.scratchpad) };
    const moved = 8 * cfg.cols * rng.below(5);
    run('vx.offset', { adds: 0, a: moved, b: -moved, out: cfg.cols });
    run('vx.offset', { adds: 1, a: cfg.cols, b: 0, out: -2 * cfg.cols });
    const from = (address: number, by: number): number => (address + by + ADDRESSES) % ADDRESSES;
    run('vx.run', {
      operation: VX_OPERATIONS.indexOf(operation),
      a: from(op.a, -moved - cfg.cols),
      b: from(op.b, moved),
      out: from(op.out, cfg.cols),
      table: state.table ? 1 : 0,
    });
    for (const [at, code] of runVectors(cfg, new Int8Array(bytes.buffer), new Int32Array(sums.buffer), state, op)) expected[at] = code;
    const got = new Int8Array(written.buffer);
    const wrong = Array.from(expected, (code, at) => (got[at] === code ? '' : `${at}: ${got[at]}, not ${code}`)).filter((text) => text !== '');
    expect(wrong.slice(0, 8), `round ${round}: ${operation} ${state.mode} ${JSON.stringify(state.dims)}`).toEqual([]);
  }
  sim.close();
}

const ALL_MODES = ['double', 'single', 'floor', 'halfUp', 'halfEven', 'halfAway'] as const;

describe('VX', () => {
  it.each([
    ['4 lanes, every mode', { modes: ALL_MODES }, 160, 0.3],
    ['4 lanes without refusals', { modes: ['double', 'single'] }, 48, 0],
    ['8 lanes in rows of 32', { cols: 8, bus: 256 }, 48, 0.2],
    ['2 lanes in rows of 8', { cols: 2, rows: 8, modes: ['halfEven', 'single'] }, 40, 0.6],
    ['16 lanes', { cols: 16 }, 24, 0.1],
  ] as const)('does what the note says: %s', (_, size, rounds, stall) => check(size, rounds, stall, 1));

  it.each(['wasm', 'verilator', 'icarus'] as const)('does so on %s', (engine) =>
    check({ cols: 4, bus: 64, modes: ['single', 'double'] }, engine === 'icarus' ? 8 : 16, 0.25, 2, engine),
  );

  describe('takes as long as its head says', () => {
    const cfg = configOf({ cols: 8, bus: 64, modes: ['double', 'single'] });
    const vectors = 20;
    it.each([
      ['copy', 1, 1],
      ['requantise', 1, 1],
      ['depthwise', 9, 9],
      ['average', 4, 4],
      ['maximum', 4, 4],
      ['multiply', 1, 1],
      ['prelu', 1, 1],
      ['add', 1, 3],
    ] as const)('%s, windows of %d', (operation, window, slots) => {
      const rng = new Rng(3);
      const { sim, run } = bench(cfg, rng, 0, 'systole');
      run('vx.dim', { index: 0, count: window, a: 8 });
      run('vx.dim', { index: 2, count: vectors, a: 16 });
      run('vx.place', { index: 2, out: 8 });
      const started = doing(sim, 'vx.run', { operation: VX_OPERATIONS.indexOf(operation) });
      let taken = -1;
      const writes: number[] = [];
      while (!started.done) {
        if (sim.value('cmd_valid') === 1 && sim.value('cmd_ready') === 1) taken = sim.cycle;
        if (sim.value('out_valid') === 1) writes.push(sim.cycle - taken);
        sim.step();
      }
      const first = 1 + 2 + LANE_SLOTS + (operation === 'add' ? 5 : window - 1);
      expect(writes).toEqual(Array.from({ length: vectors }, (_, i) => first + i * slots));
      expect(sim.cycle - 1 - taken).toBe((writes.at(-1) as number) + 1);
    });
  });

  it('begins with all zero and no table', () => {
    const cfg = configOf({});
    const rng = new Rng(4);
    const on = bench(cfg, rng, 0, 'systole');
    const { sim, bytes, written, run } = on;
    const copies = (): void => run('vx.run', { operation: 0, a: 4, out: 8, table: 1 });
    copies();
    expect(written.subarray(8, 12)).toEqual(bytes.subarray(4, 8));
    set(on, { ...stateOf(cfg, rng, 'add'), table: Int8Array.from({ length: 256 }, (_, i) => ~i) }, rng);
    run('vx.offset', { adds: 0, a: 4, b: 8, out: 12 });
    sim.poke('clear', 1);
    sim.step();
    sim.poke('clear', 0);
    copies();
    expect(written.subarray(8, 12)).toEqual(bytes.subarray(4, 8));
    for (const name of ['add', 'depthwise', 'requantise', 'maximum'] as const) {
      written.fill(1);
      run('vx.run', { operation: VX_OPERATIONS.indexOf(name) });
      expect([...written.subarray(0, 5)], name).toEqual([0, 0, 0, 0, 1]);
    }
  });

  it('warns no tool', () => {
    for (const size of [{}, { cols: 8, bus: 32, modes: ALL_MODES }, { cols: 2, rows: 8 }])
      expect(lint(emitVerilog(elaborate(VectorUnit, configOf(size), { name: 'unit' })), 'unit')).toBe('');
  });
});
