// One run of the benchmark: every simulator on every design, one after the other, on one thread.
//
// Invariant: after a common number of cycles all simulators of a design have the same checksum; `wrong` names those that do not.

import { arrayDesign, type BenchDesign } from './designs.ts';
import { onIcarus } from './icarus.ts';
import type { Effort, Result } from './measure.ts';
import { ENGINES, endToEnd, inChild, onSystole, type TraceCost, traceCost } from './systole.ts';
import { onVerilator } from './verilator.ts';

export interface Row {
  readonly name: string;
  readonly results: readonly Result[];
}

/** What is measured of one design only; undefined when the run leaves it out. */
export interface Extras {
  readonly endToEndSeconds?: number;
  readonly trace?: TraceCost;
  readonly megabytes?: number;
  /** First cycles in processes that have simulated nothing, by design. */
  readonly coldMilliseconds: { readonly [design: string]: number };
}

export interface Plan {
  readonly designs: readonly BenchDesign[];
  readonly effort: Effort;
  readonly verilator: boolean;
  readonly icarus: boolean;
  /** Builds models that take the compiler many minutes, too. */
  readonly large: boolean;
  readonly extras: boolean;
  readonly onStep: (text: string) => void;
}

/** Icarus takes half a minute to its first cycle above. */
const LARGEST_ON_ICARUS = 64;
const END_TO_END_CYCLES = 100_000;
const TRACED_CYCLES = 50_000;
const READ_CYCLES = 100;

export async function runPlan(plan: Plan): Promise<{ readonly rows: Row[]; readonly extras: Extras; readonly wrong: string[] }> {
  const { designs, effort, onStep } = plan;
  // Loads the sources of the compilers.
  for (const engine of ENGINES) onSystole(arrayDesign(4, 'ws'), engine, { rounds: 1, seconds: 0.01 });
  const rows: Row[] = [];
  const wrong: string[] = [];
  for (const design of designs) {
    const results: Result[] = [];
    const add = (result: Result | undefined): void => {
      if (result) results.push(result);
    };
    for (const engine of ENGINES) {
      onStep(`${design.name} on ${engine}`);
      add(onSystole(design, engine, effort));
    }
    if (plan.verilator)
      for (const coding of design.array ? (['structural', 'loop'] as const) : (['structural'] as const)) {
        onStep(`${design.name} on verilator, ${coding}`);
        add(await onVerilator({ design, coding, effort, large: plan.large }));
      }
    if (plan.icarus && (design.array?.rows ?? 0) <= LARGEST_ON_ICARUS) {
      onStep(`${design.name} on icarus`);
      add(await onIcarus(design));
    }
    for (const { simulator, checksum } of results)
      if (checksum !== results[0]?.checksum) wrong.push(`${simulator} has another checksum than ${results[0]?.simulator} on ${design.name}`);
    rows.push({ name: design.name, results });
  }
  return { rows, extras: plan.extras ? await extras(onStep) : { coldMilliseconds: {} }, wrong };
}

async function extras(onStep: (text: string) => void): Promise<Extras> {
  const large = arrayDesign(64, 'ws');
  onStep(`${END_TO_END_CYCLES} cycles of ws64`);
  const endToEndSeconds = endToEnd(large, 'wasm', END_TO_END_CYCLES);
  onStep('ws64 with all registers traced');
  const trace = traceCost(large, 'wasm', TRACED_CYCLES, READ_CYCLES);
  const coldMilliseconds: Record<string, number> = {};
  for (const design of [arrayDesign(16, 'ws'), large]) {
    onStep(`first cycle of ${design.name} in a process of its own`);
    coldMilliseconds[design.name] = (await inChild(design, 'wasm', 0)).coldSeconds * 1000;
  }
  onStep('memory of ws256');
  const { megabytes } = await inChild(arrayDesign(256, 'ws'), 'wasm', 100);
  return { endToEndSeconds, trace, megabytes, coldMilliseconds };
}
