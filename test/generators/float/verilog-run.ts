// A floating-point cell and its cases in the form that the Verilog tools of the tests take.

import { ROUNDINGS } from '../../../generators/float/index.ts';
import type { Run, SourceFile, TypedPort } from '../../support/verilog-tools.ts';
import type { Case, Cell } from './cases.ts';

/** One case a cycle, and as many cycles more as the pipeline has registers. */
export function verilogRun(cell: Cell, cases: readonly Case[], top: string, files: readonly SourceFile[]): Run {
  const port = ({ port: name, width }: { readonly port: string; readonly width: number }): TypedPort => ({ name, type: { kind: 'uint', width } });
  const mode = cell.rounding === 'input' ? [{ port: 'rounding', width: 3 }] : [];
  const values = ({ operands, rounding }: Case): bigint[] => [...operands, ...(mode.length > 0 ? [ROUNDINGS.indexOf(rounding)] : [])].map(BigInt);
  const last = cases.at(-1) as Case;
  return {
    files,
    top,
    inputs: [...cell.operands, ...mode].map(port),
    outputs: cell.outputs.map(port),
    clock: cell.stages > 0,
    reset: false,
    cycles: [...cases, ...Array<Case>(cell.stages).fill(last)].map((item) => ({ values: values(item) })),
  };
}
