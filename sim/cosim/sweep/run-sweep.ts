// Runs the cases of a sweep, several at a time.
//
// Invariants: a case that the journal knows is not run again; results come back in the order of the cases. The first error ends the sweep when the cases
// that are under way have ended; what was done stays in the journal.

import { defaultName } from '../../../flows/design-config.ts';
import { packingOf, utilisation } from '../../golden/index.ts';
import { cosimulate } from '../cosimulate.ts';
import { makeRun } from '../run.ts';
import { targetOfConfig } from '../target.ts';
import type { EngineName, EngineOptions, Target } from '../types.ts';
import { caseKey, requestOf, type SweepCase } from './cases.ts';
import type { CaseResult, Journal } from './journal.ts';

export interface SweepOptions extends Pick<EngineOptions, 'env' | 'signal'> {
  readonly engines: readonly EngineName[];
  /** Cases at a time. */
  readonly jobs: number;
  readonly journal: Journal;
  /** After each case; `known` if the journal had it. */
  readonly onCase?: (result: CaseResult, known: boolean) => void;
}

/** @throws UserError when a tool is missing or fails, the reason of the abort */
export async function runSweep(cases: readonly SweepCase[], options: SweepOptions): Promise<CaseResult[]> {
  const targets = new Map<string, Target>();
  const results: CaseResult[] = [];
  let next = 0;
  let stopped = false;
  const worker = async () => {
    try {
      while (next < cases.length && !stopped) {
        const index = next++;
        results[index] = await runCase(cases[index] as SweepCase, targets, options);
      }
    } catch (error) {
      stopped = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: options.jobs }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}

async function runCase(one: SweepCase, targets: Map<string, Target>, options: SweepOptions): Promise<CaseResult> {
  const { engines, journal, onCase, env, signal } = options;
  signal.throwIfAborted();
  const target = targetOf(one, targets);
  const key = caseKey(one, engines, target);
  const known = journal.get(key);
  if (known) {
    onCase?.(known, true);
    // A long list of known cases must not keep signals from being heard.
    await new Promise<void>((resolve) => setImmediate(resolve));
    return known;
  }
  const run = makeRun(target, requestOf(one));
  const reports = await cosimulate(target, [run], { engines, env, signal });
  const { cycles } = run.prediction;
  const result: CaseResult = {
    ...{ key, ...one, cycles, utilisation: Number(utilisation(target, { ...one, k: stepsOf(one) }, cycles).toFixed(4)) },
    result: reports.some((report) => report.difference) ? 'fail' : 'pass',
    engines: reports.map(({ engine, buildSeconds, runSeconds, difference }) => ({
      ...{ engine, buildSeconds: Number(buildSeconds.toFixed(4)), runSeconds: Number(runSeconds.toFixed(4)) },
      ...(difference ? { difference } : {}),
    })),
  };
  journal.add(result);
  onCase?.(result, false);
  return result;
}

/** K in steps, of which the last may be empty in part. */
function stepsOf({ k, pe, operands }: SweepCase): number {
  if (!pe || !operands) return k;
  const { lanes, passes } = packingOf(pe, operands);
  return (k / lanes) * passes;
}

function targetOf(one: SweepCase, targets: Map<string, Target>): Target {
  const name = defaultName(one);
  let target = targets.get(name);
  if (!target) targets.set(name, (target = targetOfConfig(one, name)));
  return target;
}
