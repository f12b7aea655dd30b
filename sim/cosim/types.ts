// What cosimulation is about: a unit, runs on it, and what an engine answers.

import type { Dataflow, Drain, ResetKind, TileSize } from '../../generators/array-config.ts';
import type { PeConfig } from '../../generators/pe/index.ts';
import type { CodeStreams, Operands, Prediction, Problem, StepProblem, Stimulus, Streams, Trace, WholeProblem } from '../golden/index.ts';

export const ENGINES = ['golden', 'systole', 'verilator', 'icarus'] as const;
export type EngineName = (typeof ENGINES)[number];

/** File name of a verilated model within its entry of the cache. */
export const BINARY = 'tb';

/** A Verilog file: its name without folders, and its text. */
interface RtlFile {
  readonly name: string;
  readonly text: string;
}

/** A unit to simulate. `rtl` and the harnesses are what the Verilog engines get; the in-process engine elaborates the rest. */
export interface Target {
  readonly top: string;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
  readonly reset: ResetKind;
  /** int8 · int8 + int32 when absent. */
  readonly pe?: PeConfig | undefined;
  /** Elements that share a slot; single ones when absent. */
  readonly tile?: TileSize | undefined;
  /** How sums leave an output-stationary array; through registers of their own when absent. */
  readonly drain?: Drain | undefined;
  /** Leaves first, the top last. */
  readonly rtl: readonly RtlFile[];
  readonly harness: {
    /** `tb/verilator/main.cpp` */
    readonly verilator: string;
    /** `tb/icarus/tb.v` */
    readonly icarus: string;
  };
}

/** A run in words; everything else follows from it and the unit. */
export interface RunRequest {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly withD: boolean;
  readonly kind?: 'uniform' | 'extreme';
  /** Of an element with modes: whole numbers of this precision in all steps, and K counts numbers. Without it modes are random, and K counts steps. */
  readonly operands?: Operands | undefined;
  /** Of the operands and of the stalls. */
  readonly stimulus: Stimulus;
}

/** A run of the int8 element and what must come of it. */
export interface Run extends RunOutcome {
  readonly problem: Problem;
  readonly streams: Streams;
}

/** A run of any element. */
export interface StepRun extends RunOutcome {
  readonly problem: StepProblem;
  readonly streams: CodeStreams;
  /** The product of whole numbers that the steps are made of, if they are. */
  readonly whole?: WholeProblem | undefined;
}
export type AnyRun = Run | StepRun;

interface RunOutcome {
  readonly stimulus: Stimulus;
  readonly prediction: Prediction;
  readonly expected: Trace;
  /** Time that the golden model took. */
  readonly seconds: number;
}

/** The first place in which an engine leaves the prediction; values as text, since a simulator's may be unknown. */
export interface Difference {
  /** Index of the run. */
  readonly run: number;
  readonly cycle: number;
  /** As the Verilog names it: `act_ready`, `out_data[63:32]`; `cycles` for the length, `C[row][column]` for the product. */
  readonly signal: string;
  readonly expected: string;
  readonly actual: string;
}

export interface EngineReport {
  readonly engine: EngineName;
  readonly buildSeconds: number;
  /** Whether the build was found in the cache. */
  readonly cached: boolean;
  readonly runSeconds: number;
  /** Of the runs in order; after a difference the rest is missing. */
  readonly traces: readonly Trace[];
  readonly difference?: Difference;
}

/** How engines do their work. */
export interface EngineOptions {
  /** Where tools are looked for (`PATH`) and the cache is (`SYSTOLE_CACHE`). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** `fast` builds in a second, `optimised` runs five times as fast; chosen by the length of the runs unless given. */
  readonly profile?: 'fast' | 'optimised';
  /** A value change dump of the first run; absolute. */
  readonly vcd?: string;
  /** Whether Verilator compiles a large module of which an array has many once, and calls it: builds a fusible 16x16 in an eighth of the time, runs slower. No unless given. */
  readonly blocks?: boolean;
  /** Of one child process. 10 minutes unless given. */
  readonly timeoutMs?: number;
}
