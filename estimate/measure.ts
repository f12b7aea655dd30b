// The area of a design on a target.

import { type CellCounts, classify, synthesis, type Target } from './targets.ts';
import type { Yosys } from './yosys.ts';

/** Verilog with its top module. */
export interface Subject {
  readonly name: string;
  readonly top: string;
  /** Verilog (`.v`) and SystemVerilog (`.sv`); assertions cost nothing. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

export interface Area extends CellCounts {
  readonly target: Target;
  /** Cells on the longest path between registers and ports. */
  readonly depth: number;
}

/** @throws UserError with Yosys's words */
export async function measure(yosys: Yosys, { top, files }: Subject, target: Target): Promise<Area> {
  const sources = Object.fromEntries(files.map(({ name, text }, i) => [`${i}_${name.replace(/[^\w.]+/g, '_')}`, text]));
  const read = Object.keys(sources).map((name) => `read_verilog ${name.endsWith('.sv') ? '-sv -noassert -noassume ' : ''}${name}`);
  const out = await yosys.run({
    files: sources,
    commands: [...read, synthesis(target, top), 'tee -q -o stat.json stat -json', 'tee -q -o path.txt ltp -noff'],
    wanted: ['stat.json', 'path.txt'],
  });
  const stat = JSON.parse(out['stat.json'] as string) as { readonly design?: Modules; readonly modules?: { readonly [name: string]: Modules } };
  const cells = (stat.design ?? Object.values(stat.modules ?? {})[0])?.num_cells_by_type;
  const length = /length=(-?\d+)/.exec(out['path.txt'] as string)?.[1];
  if (!cells || length === undefined)
    throw new Error(`${yosys.version} gives no ${cells ? 'length of the longest path' : 'counts of cells'} for ${top} on ${target.name}`);
  // Without any cell on it, the longest path is -1.
  return { target, ...classify(target.name, cells), depth: Math.max(0, Number(length)) };
}

interface Modules {
  readonly num_cells_by_type?: { readonly [cell: string]: number };
}
