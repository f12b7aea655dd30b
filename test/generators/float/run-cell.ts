// A floating-point cell in the in-process simulator, one case a cycle, against its golden model or given results.

import { ROUNDINGS } from '../../../generators/float/index.ts';
import { type EngineName, simulateDesign } from '../../../sim/index.ts';
import type { Case, Cell } from './cases.ts';

export interface RunOptions {
  readonly engine?: EngineName;
  /** Results that are given, in place of the model's. */
  readonly expected?: readonly (readonly number[])[];
}

/** The outputs of every case, in their order. */
export function outputsOf(cell: Cell, cases: readonly Case[], engine: EngineName = 'wasm'): Float64Array[] {
  const cycles = cases.length + cell.stages;
  const simulation = simulateDesign(cell.elaborate(), { engine });
  // The pipeline runs empty at the end.
  const column = (of: (item: Case) => number): Float64Array =>
    Float64Array.from({ length: cycles }, (_, i) => (i < cases.length ? of(cases[i] as Case) : 0));
  const inputs: { [port: string]: Float64Array } = {};
  for (const [i, { port, width, signed }] of cell.operands.entries())
    inputs[port] = column(({ operands }) => {
      const bits = operands[i] as number;
      return signed && bits >= 2 ** (width - 1) ? bits - 2 ** width : bits;
    });
  if (cell.rounding === 'input') inputs['rounding'] = column(({ rounding }) => ROUNDINGS.indexOf(rounding));
  const outputs = Object.fromEntries(cell.outputs.map(({ port }) => [port, new Float64Array(cycles)]));
  simulation.run(cycles, inputs, outputs);
  simulation.close();
  return cell.outputs.map(({ port, width, signed }) => {
    const values = (outputs[port] as Float64Array).subarray(cell.stages);
    return signed ? values.map((x) => (x < 0 ? x + 2 ** width : x)) : values;
  });
}

/** The first few cases in which the cell disagrees, as text. */
export function disagreements(cell: Cell, cases: readonly Case[], { engine = 'wasm', expected }: RunOptions = {}): string[] {
  const columns = outputsOf(cell, cases, engine);
  const hex = (values: readonly number[]): string => values.map((x) => x.toString(16)).join(' ');
  const found: string[] = [];
  for (const [i, { operands, rounding }] of cases.entries()) {
    const want = expected?.[i] ?? cell.model(operands, rounding);
    const got = columns.map((column) => column[i] as number);
    if (want.some((x, k) => x !== got[k]) && found.push(`${hex(operands)} ${rounding}: ${hex(got)}, not ${hex(want)}`) === 5) break;
  }
  return found;
}
