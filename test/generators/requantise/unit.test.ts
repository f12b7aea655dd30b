// The requantising unit on real sums of a real layer: TFLite Micro's bytes come out, in both of its roundings, whatever stalls; on every engine.

import { describe, expect, it } from 'vitest';
import { loadResnet8Conv } from '../../../examples/resnet8-conv/load.ts';
import { REQUANTISE_MODES, RequantiseUnit, type RequantiseUnitConfig } from '../../../generators/requantise/index.ts';
import { elaborate, sint } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { requantise } from '../../../sim/golden/requantise.ts';
import { type EngineName, type Simulation, simulate, streamSink, streamSource } from '../../../sim/index.ts';
import { lint } from '../../support/verilog-tools.ts';

const { accumulators, requantisation, output, outputSingleRounding } = loadResnet8Conv();
const { multiplier, shift, zeroPoint, min, max } = requantisation as {
  multiplier: number[];
  shift: number[];
  zeroPoint: number;
  min: number;
  max: number;
};
const CHANNELS = multiplier.length;

function start(cfg: RequantiseUnitConfig, engine: EngineName, mode: string | undefined): Simulation {
  const sim = simulate(RequantiseUnit as never, cfg as never, { engine, seed: 7 }) as unknown as Simulation;
  sim.reset();
  for (const [port, value] of Object.entries({ zeroPoint, min, max, write: 0, lastRow: 0 })) sim.poke(port, value);
  if (mode) sim.poke('mode', REQUANTISE_MODES.indexOf(mode as 'double'));
  return sim;
}

/** The table, row by row. */
function fill(sim: Simulation, columns: number): void {
  const rows = CHANNELS / columns;
  for (let row = 0; row < rows; row++) {
    const of = (values: readonly number[]): number[] => values.slice(row * columns, (row + 1) * columns);
    sim.poke('write', 1);
    sim.poke('row', row);
    sim.poke('multiplier', of(multiplier));
    sim.poke('shift', of(shift));
    sim.step();
  }
  sim.poke('write', 0);
  sim.poke('lastRow', rows - 1);
}

function through(sim: Simulation, lanes: number, values: Int32Array, stalls: readonly [number, number]): number[] {
  const beats = Array.from({ length: values.length / lanes }, (_, i) => [...values.subarray(i * lanes, (i + 1) * lanes)]);
  sim.fork(() => streamSource(sim, 'in', beats, { stall: stalls[0] }), { name: 'source' });
  const taken = sim.join(sim.fork(() => streamSink(sim, 'out', beats.length, { stall: stalls[1] }), { name: 'sink' }));
  return (taken as number[][]).flat();
}

describe('requantising unit', () => {
  const sums = accumulators.subarray(0, 256 * CHANNELS);
  it.each<[EngineName, number, number, readonly [number, number]]>([
    ['wasm', 4, 5, [0, 0]],
    ['wasm', 16, 0, [0.4, 0.4]],
    ['js', 8, 3, [0.1, 0.7]],
    ['js', 1, 2, [0.6, 0.1]],
    ['verilator', 4, 4, [0.3, 0.3]],
    ['icarus', 8, 1, [0.2, 0.5]],
  ])('on %s: %d lanes, %d stages, stalls %j', (engine, lanes, stages, stalls) => {
    const list = engine === 'icarus' || lanes === 1 ? sums.subarray(0, 64 * CHANNELS) : sums;
    for (const [mode, bytes] of [
      ['double', output],
      ['single', outputSingleRounding],
    ] as const) {
      const sim = start({ modes: ['double', 'single'], lanes, rows: CHANNELS / lanes, stages }, engine, mode);
      fill(sim, lanes);
      expect(through(sim, lanes, list, stalls)).toEqual(Array.from(bytes.subarray(0, list.length)));
      sim.close();
    }
  });

  it('a beat a cycle, stages + 1 cycles later', () => {
    for (const stages of [0, 3]) {
      const sim = start({ modes: ['halfEven'], lanes: 2, rows: 1, stages, shared: true }, 'js', undefined);
      sim.poke('row', 0);
      sim.poke('shift', [-1]);
      sim.poke('write', 1);
      sim.step();
      sim.poke('write', 0);
      sim.poke('out_ready', 1);
      sim.poke('in_valid', 1);
      const [low, high, zero] = [sim.value('min'), sim.value('max'), sim.value('zeroPoint')];
      for (let t = 0; t < 20; t++) {
        sim.poke('in_acc', [3 * t, -5 * t]);
        expect(sim.value('in_ready')).toBe(1);
        expect(sim.value('out_valid')).toBe(t > stages ? 1 : 0);
        const sent = t - stages - 1;
        const parameters = { mode: 'halfEven' as const, shift: [-1], zeroPoint: Number(zero), min: Number(low), max: Number(high) };
        if (sent >= 0) expect(sim.peek('out_result')).toEqual([...requantise([3 * sent, -5 * sent], parameters)]);
        sim.step();
      }
      sim.close();
    }
  });

  it('warns no tool', () => {
    for (const cfg of [
      { modes: ['double'], lanes: 1, rows: 1 },
      { modes: ['float'], lanes: 3, rows: 5, stages: 2, output: sint(16) },
      { modes: REQUANTISE_MODES, lanes: 4, rows: 16, stages: 5 },
      { modes: ['halfUp', 'floor'], lanes: 2, rows: 2, shared: true },
    ] satisfies RequantiseUnitConfig[])
      expect(lint(emitVerilog(elaborate(RequantiseUnit, cfg, { name: 'unit' })), 'unit')).toBe('');
  });

  it.each<[string, RequantiseUnitConfig, string]>([
    ['no lanes', { modes: ['double'], lanes: 0, rows: 1 }, 'RequantiseUnit of 0 lanes'],
    ['half a row', { modes: ['double'], lanes: 1, rows: 0.5 }, 'RequantiseUnit of 0.5 rows'],
    ['a mode that is not there', { modes: ['up' as 'floor'], lanes: 1, rows: 1 }, "RequantiseUnit with modes 'up'"],
  ])('refuses %s', (_, cfg, said) => {
    expect(() => elaborate(RequantiseUnit, cfg)).toThrow(said);
  });
});
