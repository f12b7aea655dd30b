// The provers: ABC on and-inverter graphs, without a bound (`pdr`) and with one (`bmc3`); yosys-smtbmc with z3 on SMT.
//
// Invariant: nothing counts as proved unless the prover says so; a limit of time, or words that are not understood, leave a property open.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildOptions, runChild, runTool } from '../../sim/cosim/child-process.ts';
import { UserError } from '../user-error.ts';

/** What a prover found out about one property. Cycles count from 0. */
export type Finding =
  | { readonly found: 'proved' }
  /** Not in the first `depth` cycles. */
  | { readonly found: 'nothing'; readonly depth: number }
  /** `inputs` has for each cycle one character an input of the graph. */
  | { readonly found: 'trace'; readonly cycle: number; readonly inputs: readonly string[] };

/** Unbounded; `nothing` when the time is over. */
export function pdr(id: string, seconds: number, tool: ChildOptions): Promise<Finding> {
  return abc(id, `pdr -T ${seconds}`, 0, seconds, tool);
}

/** The first `depth` cycles; fewer when the time is over. */
export async function bmc(id: string, depth: number, seconds: number, tool: ChildOptions): Promise<Finding> {
  return abc(id, `bmc3 -F ${depth} -T ${seconds}`, depth, seconds, tool);
}

async function abc(id: string, command: string, depth: number, seconds: number, tool: ChildOptions): Promise<Finding> {
  const witness = join(tool.cwd as string, `${id}.cex`);
  rmSync(witness, { force: true });
  const { stdout } = await runChild('yosys-abc', ['-c', `read_aiger ${id}.aig; fold; ${command}; write_cex -a ${id}.cex`], withGrace(tool, seconds));
  const failed = /was asserted in frame (\d+)/.exec(stdout)?.[1];
  if (failed !== undefined && existsSync(witness)) return { found: 'trace', cycle: Number(failed), inputs: frames(readFileSync(witness, 'utf8')) };
  if (/^Property proved\./m.test(stdout)) return { found: 'proved' };
  // Without state one cycle is all; there ABC wants the other engine.
  if (/Does not work for combinational networks/.test(stdout)) return pdr(id, seconds, tool);
  if (/all 2\^\d+ reachable states are visited/.test(stdout)) return { found: 'nothing', depth };
  return { found: 'nothing', depth: Number(/No output asserted in (\d+) frames/.exec(stdout)?.[1] ?? 0) };
}

/** The inputs of each cycle; the line before them holds the state of cycle 0, which is zero in our graphs. */
function frames(witness: string): string[] {
  const lines = witness.split('#', 1)[0]?.split('\n') ?? [];
  return lines.slice(1);
}

/** ABC looks at its clock between two steps; one that hangs is ended from outside. */
function withGrace(tool: ChildOptions, seconds: number): ChildOptions {
  return { ...tool, timeoutMs: (2 * seconds + 30) * 1000 };
}

/** Whether the property holds in the first `depth` cycles, or (`induction`) in a cycle after `depth` in which it held; undefined when the time is over. */
export async function smt(file: string, depth: number, induction: boolean, seconds: number, tool: ChildOptions): Promise<boolean | undefined> {
  await runTool('z3', ['-version'], tool);
  const args = ['-s', 'z3', '-t', String(depth), ...(induction ? ['-i'] : []), file];
  try {
    const { stdout } = await runChild('yosys-smtbmc', args, { ...tool, timeoutMs: seconds * 1000 });
    if (/Status: passed/i.test(stdout)) return true;
    return /Status: failed/i.test(stdout) ? false : undefined;
  } catch (error) {
    if (error instanceof UserError && error.code === 'tool-timeout') return undefined;
    throw error;
  }
}
