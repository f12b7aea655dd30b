// What npm run cosim says: a table for people, an object for scripts.

import { precisionText } from '../flows/element.ts';
import type { AnyRun, Difference, EngineName, EngineReport, Target } from '../sim/cosim/index.ts';
import { goldenPe } from '../sim/golden/index.ts';

/** One engine in the object of `--json`. */
interface EngineResult {
  readonly engine: EngineName;
  readonly cycles: number;
  readonly buildSeconds: number;
  readonly cached: boolean;
  readonly runSeconds: number;
  readonly cyclesPerSecond: number;
  readonly result: 'pass' | 'fail';
  readonly difference?: Difference;
}

/** The object of `--json`; `ok` is whether all engines pass. */
export interface CosimReport {
  readonly ok: boolean;
  readonly top: string;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Target['dataflow'];
  /** K counts steps of the element, or numbers where their precision is given. */
  readonly problem: { readonly m: number; readonly k: number; readonly n: number; readonly withD: boolean; readonly operands?: string };
  /** Multiply-accumulates a cycle of the predicted run. */
  readonly macsPerCycle: number;
  readonly seed: number;
  readonly stall: AnyRun['stimulus']['stall'];
  readonly cycles: number;
  readonly engines: readonly EngineResult[];
}

export function cosimReport(target: Target, run: AnyRun, reports: readonly EngineReport[]): CosimReport {
  const { top, rows, cols, dataflow } = target;
  const whole = 'whole' in run ? run.whole : undefined;
  const { m, n, d } = run.problem;
  const k = (whole ?? run.problem).k;
  const engines = reports.map(engineResult);
  return {
    ok: engines.every(({ result }) => result === 'pass'),
    ...{ top, rows, cols, dataflow, problem: { m, k, n, withD: d !== undefined, ...(whole && { operands: precisionText(whole) }) } },
    macsPerCycle: Number((macsOf(target, run) / run.prediction.cycles).toFixed(2)),
    ...{ seed: run.stimulus.seed, stall: run.stimulus.stall, cycles: run.prediction.cycles, engines },
  };
}

/** Multiply-accumulates of a run's problem. */
function macsOf({ pe }: Target, run: AnyRun): number {
  const { m, k, n } = run.problem;
  if ('whole' in run && run.whole) return m * n * run.whole.k;
  const macs = pe ? goldenPe(pe).macs : [1];
  const modes = 'mode' in run.problem ? run.problem.mode : undefined;
  const steps = modes ? modes.reduce((sum, mode) => sum + (macs[mode % macs.length] as number), 0) : k * (macs[0] as number);
  return m * n * steps;
}

function engineResult({ engine, traces, buildSeconds, cached, runSeconds, difference }: EngineReport): EngineResult {
  const cycles = traces.reduce((sum, trace) => sum + trace.flags.length, 0);
  const cyclesPerSecond = runSeconds > 0 ? Math.round(cycles / runSeconds) : 0;
  const result = difference ? 'fail' : 'pass';
  return {
    engine,
    cycles,
    buildSeconds: rounded(buildSeconds),
    cached,
    runSeconds: rounded(runSeconds),
    cyclesPerSecond,
    result,
    ...(difference ? { difference } : {}),
  };
}

/** @param waves the command that writes waves of an engine */
export function describeCosim(report: CosimReport, waves: (engine: EngineName) => string): string {
  const { top, rows, cols, dataflow, problem, cycles, macsPerCycle, seed, stall, engines } = report;
  const { m, k, n, withD, operands } = problem;
  const table = [
    ['engine', 'cycles', 'build s', 'run s', 'cycles/s', 'result'],
    ...engines.map((e) => [e.engine, `${e.cycles}`, buildText(e), e.runSeconds.toFixed(3), `${e.cyclesPerSecond}`, e.result]),
  ];
  const stalls = Object.entries(stall).map(([stream, share]) => `${stream} ${share}`);
  const head = `${top}: ${rows} x ${cols} ${dataflow}, C[${m}x${n}] = A[${m}x${k}] B[${k}x${n}]${withD ? ' + D' : ''}${operands === undefined ? '' : ` of ${operands}`}; ${cycles} cycles, ${macsPerCycle} multiply-accumulates a cycle, seed ${seed}, stall ${stalls.join(', ')}`;
  return `${head}\n\n${aligned(table)}\n${report.ok ? agreement(engines) : differences(report, waves)}`;
}

function buildText({ engine, buildSeconds, cached }: EngineResult): string {
  return engine === 'golden' ? '-' : cached ? 'cached' : buildSeconds.toFixed(2);
}

function agreement(engines: readonly EngineResult[]): string {
  const names = engines.map(({ engine }) => engine).join(', ');
  return `${names}: every output of every cycle is as predicted, and C is the product.\n`;
}

function differences({ engines }: CosimReport, waves: (engine: EngineName) => string): string {
  return engines
    .flatMap(({ engine, difference }) => {
      if (!difference) return [];
      const { cycle, signal, expected, actual } = difference;
      return [`${engine}: cycle ${cycle}, ${signal}: expected ${expected}, actual ${actual}\n  waves: ${waves(engine)}\n`];
    })
    .join('');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      `  ${row.map((cell, i) => (i === 0 || i === row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`.trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10_000) / 10_000;
}
