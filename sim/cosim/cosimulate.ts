// The same runs on several engines, and whether all agree in every output of every cycle.
//
// Invariant: engines run one after the other, so that their times mean something. An engine that differs does not stop the others.

import { compareTraces } from '../golden/index.ts';
import { runIcarus } from './icarus.ts';
import { checkProduct } from './product.ts';
import { runSystole } from './systole.ts';
import type { AnyRun, EngineName, EngineOptions, EngineReport, Target } from './types.ts';
import { runVerilator } from './verilator.ts';

export interface CosimOptions extends Omit<EngineOptions, 'vcd'> {
  readonly engines: readonly EngineName[];
  /** Where an engine writes waves of the first run; absolute. */
  readonly vcdOf?: (engine: EngineName) => string | undefined;
  readonly onEngine?: (engine: EngineName) => void;
}

/**
 * Runs every engine. Each must leave the predicted trace and the right product; those that do must have left the same trace.
 *
 * @throws UserError when a tool is missing or fails, the reason of the abort
 */
export async function cosimulate(target: Target, runs: readonly AnyRun[], options: CosimOptions): Promise<EngineReport[]> {
  const { engines, vcdOf, onEngine, ...rest } = options;
  const reports: EngineReport[] = [];
  for (const engine of engines) {
    onEngine?.(engine);
    const vcd = vcdOf?.(engine);
    const report = await runEngine(engine, target, runs, { ...rest, ...(vcd === undefined ? {} : { vcd }) });
    reports.push(withProduct(target, runs, report));
  }
  compareEngines(reports);
  return reports;
}

function runEngine(engine: EngineName, target: Target, runs: readonly AnyRun[], options: EngineOptions): Promise<EngineReport> | EngineReport {
  switch (engine) {
    case 'golden':
      return goldenReport(runs);
    case 'systole':
      return runSystole(target, runs, options);
    case 'verilator':
      return runVerilator(target, runs, options);
    case 'icarus':
      return runIcarus(target, runs, options);
  }
}

/** The prediction is the golden model's run. */
function goldenReport(runs: readonly AnyRun[]): EngineReport {
  const runSeconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  return { engine: 'golden', buildSeconds: 0, cached: false, runSeconds, traces: runs.map((run) => run.expected) };
}

function withProduct(target: Target, runs: readonly AnyRun[], report: EngineReport): EngineReport {
  if (report.difference) return report;
  for (const [index, trace] of report.traces.entries()) {
    const difference = checkProduct(target, runs[index] as AnyRun, index, trace);
    if (difference) return { ...report, difference };
  }
  return report;
}

/** Engines that equal the prediction equal each other; if not, the comparison itself is at fault. */
function compareEngines(reports: readonly EngineReport[]): void {
  const [first, ...others] = reports.filter((report) => !report.difference);
  for (const other of others) {
    first?.traces.forEach((trace, index) => {
      const found = compareTraces(trace, other.traces[index] ?? trace);
      if (found) throw new Error(`${first.engine} and ${other.engine} pass, yet differ in run ${index}: ${JSON.stringify(found)}`);
    });
  }
}
