// A run over seeds: each circuit on every engine, in batches.
//
// A seed gives one circuit and one stimulus, so a run is resumed by the seed where it stopped and a failure is repeated by its seed alone.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimise } from '../../hdl/passes/index.ts';
import { difference, modelValues, observe, prepare, streamed, traced } from '../support/check-circuit.ts';
import type { Circuit } from '../support/circuit/data.ts';
import type { Tally } from '../support/circuit/model.ts';
import { randomCircuit, randomStimulus, SETTLE } from '../support/random-circuit/index.ts';
import { expectedWaves } from '../support/verilog-tools.ts';
import type { Case } from './batch.ts';
import { checkBatch, type Finding, TOOLS, type Tool, verilatorRuntime } from './tools.ts';

export const IN_PROCESS = ['js', 'wasm', 'wasm-scalar'] as const;
type InProcess = (typeof IN_PROCESS)[number];
export type EngineName = InProcess | Tool;
export const ENGINES: readonly EngineName[] = [...IN_PROCESS, ...TOOLS];

/** Cycles that count, after those of the reset at the start. */
export const CYCLES = 40;
/** Levels of hierarchy and rough number of items, by the seed. */
const SIZES = [
  { depth: 0, items: 2 },
  { depth: 1, items: 3 },
  { depth: 0, items: 4 },
  { depth: 2, items: 2 },
  { depth: 1, items: 5 },
] as const;

export interface Failure {
  readonly seed: number;
  readonly engine: string;
  readonly what: string;
  /** Whether it is the design after the passes. */
  readonly passes: boolean;
}

export function circuitOf(seed: number): Circuit {
  return randomCircuit(seed, SIZES[seed % SIZES.length] as (typeof SIZES)[number]);
}

/** A circuit with its stimulus and what the model makes of it: as it is and, unless that is not wanted, after the passes. */
export function casesOf(circuit: Circuit, seed: number, id = `c${seed}`, passes = true): Case[] {
  const cycles = randomStimulus(seed, circuit, CYCLES);
  const tally: Tally = new Map();
  const expected = modelValues(circuit, cycles, tally);
  const shared = { cycles, expected, tally, from: SETTLE };
  return [
    { ...shared, id, subject: prepare(circuit, id) },
    ...(passes ? [{ ...shared, id: `${id}_passes`, subject: prepare(circuit, `${id}_passes`, (design) => optimise(design)) }] : []),
  ];
}

/** What the engines of this process make of a case: step by step with a look in each cycle, in one call with streams, and out of a recording. */
export function checkInProcess({ id, subject, cycles, expected, tally, from }: Case, engines: readonly EngineName[]): Finding[] {
  const want = expectedWaves(subject.circuit.outputs, expected);
  const ways: { readonly [way: string]: (engine: InProcess) => string | undefined } = {
    '': (engine) => {
      const seen = observe(subject, cycles, engine);
      return difference(seen.waves, want, from) ?? difference([counts(seen.tally)], [counts(tally)]);
    },
    ' (streams)': (engine) => difference(streamed(subject, cycles, engine) ?? want, want, from),
    ' (recorded)': (engine) => difference(traced(subject, cycles, engine) ?? want, want, from),
  };
  return IN_PROCESS.filter((e) => engines.includes(e)).flatMap((engine) =>
    Object.entries(ways).flatMap(([way, check]) => {
      const what = attempt(() => check(engine));
      return what ? [{ id, engine: `${engine}${way}`, what }] : [];
    }),
  );
}

/** What properties said, as a difference can show it. */
function counts(tally: Tally): { readonly [message: string]: string } {
  return Object.fromEntries([...tally].map(([message, n]) => [message, n.toString(16)]));
}

/** The text of what goes wrong, thrown or returned. */
function attempt(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message).slice(0, 2000) : String(error);
  }
}

/** Of a case's name. */
function seedOf(id: string): number {
  return Number(/\d+/.exec(id)?.[0]);
}

export class Fuzzer {
  readonly #engines: readonly EngineName[];
  readonly #scratch = mkdtempSync(join(tmpdir(), 'systole-fuzz-'));
  readonly #runtime = verilatorRuntime(join(this.#scratch, 'runtime'));

  readonly #passes: boolean;

  constructor(engines: readonly EngineName[] = ENGINES, passes = true) {
    this.#engines = engines;
    this.#passes = passes;
  }

  /** Whether one circuit costs as much as many. */
  get usesTools(): boolean {
    return TOOLS.some((t) => this.#engines.includes(t));
  }

  /** Checks the circuits of some seeds. */
  check(seeds: readonly number[]): Failure[] {
    const failures: Failure[] = [];
    const cases: Case[] = [];
    for (const seed of seeds) {
      const what = attempt(() => {
        cases.push(...casesOf(circuitOf(seed), seed, `c${seed}`, this.#passes));
        return undefined;
      });
      if (what) failures.push({ seed, engine: 'elaboration', what, passes: false });
    }
    return [
      ...failures,
      ...this.checkCases(cases).map(({ id, engine, what }) => ({ seed: seedOf(id), engine, what, passes: id.endsWith('_passes') })),
    ];
  }

  checkCases(cases: readonly Case[]): Finding[] {
    const dir = mkdtempSync(join(this.#scratch, 'batch-'));
    const tools = TOOLS.filter((t) => this.#engines.includes(t));
    try {
      return [...cases.flatMap((c) => checkInProcess(c, this.#engines)), ...checkBatch(dir, cases, tools, this.#runtime)];
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }

  close(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
