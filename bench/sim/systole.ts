// The designs on the in-process engines.

import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type EngineName, simulateDesign } from '../../sim/index.ts';
import { forgetPrograms } from '../../sim/programs.ts';
import type { BenchDesign } from './designs.ts';
import { checksumOf, cpuSeconds, type Effort, RESET, type Result, speedOf } from './measure.ts';

export const ENGINES = ['js', 'wasm-scalar', 'wasm'] as const satisfies readonly EngineName[];

/** Best of some first cycles of this process, whose machine has optimised the compilers by then. */
const FIRSTS = 3;

export function onSystole(design: BenchDesign, engine: EngineName, effort: Effort): Result {
  let firstCycleSeconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < FIRSTS; i++) {
    forgetPrograms();
    const begin = cpuSeconds();
    using sim = simulateDesign(design.elaborate(), { engine });
    sim.step(1);
    firstCycleSeconds = Math.min(firstCycleSeconds, cpuSeconds() - begin);
  }
  using sim = simulateDesign(design.elaborate(), { engine });
  sim.reset(RESET);
  sim.step(design.common);
  const checksum = checksumOf(sim.peekArray('sums', new Uint32Array(design.sums)));
  const cyclesPerSecond = speedOf((cycles) => sim.step(cycles), effort);
  return { simulator: engine, firstCycleSeconds, cyclesPerSecond, checksum };
}

/** CPU seconds from the class to the end of so many cycles. */
export function endToEnd(design: BenchDesign, engine: EngineName, cycles: number): number {
  forgetPrograms();
  const begin = cpuSeconds();
  using sim = simulateDesign(design.elaborate(), { engine });
  sim.reset(RESET);
  sim.step(cycles);
  sim.peekArray('sums', new Uint32Array(design.sums));
  return cpuSeconds() - begin;
}

/** What it costs to record every register. */
export interface TraceCost {
  /** How many times slower a run is that is recorded. */
  readonly ratio: number;
  /** Milliseconds for each cycle when all values are read afterwards. */
  readonly readMilliseconds: number;
}

/** Registers of a run of so many cycles; those of the last few are read. */
export function traceCost(design: BenchDesign, engine: EngineName, cycles: number, read: number): TraceCost {
  using sim = simulateDesign(design.elaborate(), { engine });
  sim.reset(RESET);
  const seconds = (run: () => void): number => {
    const begin = cpuSeconds();
    run();
    return cpuSeconds() - begin;
  };
  // The second run has the code optimised.
  sim.step(cycles);
  const plain = seconds(() => sim.step(cycles));
  const registers = sim.registers();
  const recorded = seconds(() => {
    sim.record(registers);
    sim.step(cycles);
  });
  sim.record(registers);
  sim.step(read);
  return { ratio: recorded / plain, readMilliseconds: (seconds(() => sim.recorded()) * 1000) / read };
}

export interface ChildAnswer {
  /** CPU seconds to the end of the first cycle, in a process that has simulated nothing. */
  readonly coldSeconds: number;
  /** The most that was resident, after so many cycles. */
  readonly megabytes: number;
  /** Of a process that has but loaded the sources. */
  readonly megabytesBefore: number;
}

/** A process of its own elaborates a design and runs it for some cycles. */
export async function inChild(design: BenchDesign, engine: EngineName, cycles: number): Promise<ChildAnswer> {
  const child = fileURLToPath(new URL('./child.ts', import.meta.url));
  const { stdout } = await execa(process.execPath, ['--import', 'tsx', child, design.name, engine, String(cycles)], { env: { NODE_OPTIONS: '' } });
  return JSON.parse(stdout) as ChildAnswer;
}
