// The designs of the benchmark: each has a clock, a reset and `sums`, words of 32 bits, and needs nobody else.

import type { ArrayConfig } from '../../generators/array-config.ts';
import { type Design, elaborate } from '../../hdl/index.ts';
import { SimBench } from './array.ts';
import { Dma } from './dma.ts';
import { FifoFarm } from './fifo-farm.ts';
import { RiscvBench } from './riscv.ts';

export interface BenchDesign {
  /** As `--only` names it. */
  readonly name: string;
  /** Of arrays. */
  readonly array?: ArrayConfig;
  /** Words of `sums`. */
  readonly sums: number;
  /** Cycles after the reset behind which the sums of all simulators are compared. */
  readonly common: number;
  /** Elaborated anew at each call; the top is called `top`. */
  readonly elaborate: () => Design;
}

export const SIZES = [4, 8, 16, 32, 64, 128] as const;

export function arrayDesign(size: number, dataflow: 'ws' | 'os'): BenchDesign {
  const array = { rows: size, cols: size, dataflow };
  return { name: `${dataflow}${size}`, array, sums: size, common: 1000, elaborate: () => elaborate(SimBench, array, { name: 'top' }) };
}

const IRREGULAR: readonly BenchDesign[] = [
  { name: 'fifos', sums: 1, common: 2000, elaborate: () => elaborate(FifoFarm, { lanes: 64 }, { name: 'top' }) },
  { name: 'dma', sums: 1, common: 10_000, elaborate: () => elaborate(Dma, undefined, { name: 'top' }) },
  { name: 'riscv', sums: 1, common: 10_000, elaborate: () => elaborate(RiscvBench, undefined, { name: 'top' }) },
];

/** Arrays of these sizes in both dataflows, then what is no array. */
export function allDesigns(sizes: readonly number[]): BenchDesign[] {
  return [...sizes.flatMap((size) => (['ws', 'os'] as const).map((dataflow) => arrayDesign(size, dataflow))), ...IRREGULAR];
}

/** The design of a name as `--only` takes it: `ws64`, `os16`, `riscv`. Throws when there is none. */
export function designNamed(name: string): BenchDesign {
  const [, dataflow, size] = /^(ws|os)(\d+)$/.exec(name) ?? [];
  const found = dataflow ? arrayDesign(Number(size), dataflow as 'ws') : IRREGULAR.find((d) => d.name === name);
  if (!found) throw new Error(`there is no design ${name}; there are ws4, os64, …, ${IRREGULAR.map((d) => d.name).join(', ')}`);
  return found;
}
