// Runs a program on the system, on whichever engine.

import type { Simulation } from '../../sim/index.ts';

export interface Run {
  /** By name, as in `Status`; `running` when the cycles were not enough. */
  readonly status: 'running' | 'stopped' | 'illegal' | 'misaligned';
  /** Cycles from the first fetch to the halt. */
  readonly cycles: number;
  /** What the program gave to the host. */
  readonly host: readonly number[];
  /** Each instruction: `rd` is 0 where no register was written, and `value` of no use then. */
  readonly retired: readonly { readonly pc: number; readonly rd: number; readonly value: number }[];
}

const STATUS = ['running', 'stopped', 'illegal', 'misaligned'] as const;
/** Cycles between two looks at the status. */
const CHUNK = 100;

/** Loads a program at address 0 and runs it until the core halts, for `limit` cycles at most. The simulation has been reset once. */
export function runProgram(sim: Simulation, program: Uint32Array, limit = 100_000): Run {
  const { length } = program;
  sim.poke('run', 0);
  sim.poke('load_valid', 1);
  sim.run(length, { load_address: Uint32Array.from(program.keys()), load_word: program });
  sim.poke('load_valid', 0);
  // The words that the memory ports give now belong to the cycles in which they were loaded.
  sim.step();
  sim.poke('run', 1);
  const host: number[] = [];
  const retired: { pc: number; rd: number; value: number }[] = [];
  const ports = ['status', 'host_valid', 'host_word', 'retired_valid', 'retired_pc', 'retired_rd', 'retired_value'] as const;
  const seen = Object.fromEntries(ports.map((name) => [name, new Uint32Array(CHUNK)])) as Record<(typeof ports)[number], Uint32Array>;
  for (let cycles = 0; cycles < limit; cycles += CHUNK) {
    const n = Math.min(CHUNK, limit - cycles);
    sim.run(n, {}, Object.fromEntries(ports.map((name) => [name, seen[name].subarray(0, n)])));
    for (let i = 0; i < n; i++) {
      const at = (name: (typeof ports)[number]): number => seen[name][i] as number;
      if (at('host_valid') === 1) host.push(at('host_word'));
      if (at('retired_valid') === 1) retired.push({ pc: at('retired_pc'), rd: at('retired_rd'), value: at('retired_value') });
      const status = STATUS[at('status')] as Run['status'];
      if (status !== 'running') return { status, cycles: cycles + i, host, retired };
    }
  }
  return { status: 'running', cycles: limit, host, retired };
}
