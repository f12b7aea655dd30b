// TestFloat's vectors for the cells: which cell a file is for, and what must come out of it.

import { bf16, fp16, fp32 } from '../../../hdl/index.ts';
import { I32 } from '../../../sim/golden/float/index.ts';
import { quieted, splitCase } from '../../golden/float/check-vectors.ts';
import type { VectorFile } from '../../golden/float/testfloat.ts';
import { addCell, type Case, type Cell, compareCell, convertCell, fmaCell, fromIntCell, mulCell, type Options, toIntCell } from './cases.ts';

const TYPES = { f16: fp16, f32: fp32, bf16 } as const;
const type = (name = '') => TYPES[name as keyof typeof TYPES];

/** The cell that does a TestFloat function. */
export function cellOf(operation: string, options: Options): Cell {
  const [, operand, accumulate] = /^mix_(\w+)_(\w+)_/.exec(operation) ?? [];
  if (operand) return fmaCell(type(operand), type(accumulate), options);
  const [, from, to] = /^(\w+)_to_(\w+)$/.exec(operation) ?? [];
  if (from === 'i32') return fromIntCell(I32, type(to), options);
  if (to === 'i32') return toIntCell(type(from), I32, options);
  if (from) return convertCell(type(from), type(to), options);
  const [name, what] = operation.split('_');
  const of = type(name);
  return what === 'add'
    ? addCell(of, options)
    : what === 'mul'
      ? mulCell(of, of, options)
      : what === 'mulAdd'
        ? fmaCell(of, of, options)
        : compareCell(of);
}

/** Operands and outputs of the lines of a file. */
export function linesOf(
  { operation, rounding, cases }: VectorFile,
  cell: Cell,
): { readonly cases: readonly Case[]; readonly expected: readonly (readonly number[])[] } {
  const lines = cases.map((line) => splitCase(operation, line));
  // See `quieted`: those vectors lost the flags of signalling operands.
  const quiet = (code: number, i: number): number =>
    operation.startsWith('mix_') && i < 2 ? quieted(type(operation.split('_')[1]).format, code) : code;
  return {
    cases: lines.map(({ operands }) => ({ operands: operands.map(quiet), rounding })),
    expected: lines.map(({ operands, result, flags }) => {
      if (cell.outputs[0]?.port !== 'equal') return [result, flags];
      // The vectors have one relation; the model adds the others, and must agree on this one.
      const all = [...cell.model(operands, rounding)];
      const [relation, invalid] = operation.endsWith('_eq') ? [0, 5] : [1, 4];
      all[relation] = result;
      all[invalid] = flags === 0 ? 0 : 1;
      return all;
    }),
  };
}
