// What templates can say about a design.

import { latency, OPERAND_WIDTH, SUM_WIDTH } from '../generators/array-config.ts';
import type { DesignConfig } from './design-config.ts';

export interface TemplateContext {
  /** The top module. */
  readonly top: string;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: 'ws' | 'os';
  /** Cycles, see `latency` of the array's configuration. */
  readonly latency: number;
  /** Bits of `act_data`. */
  readonly actBits: number;
  /** Bits of `weight_data`. */
  readonly weightBits: number;
  /** Bits of `psum_data` and `out_data`. */
  readonly sumBits: number;
  /** File names within `rtl/`, leaves first, the top last. */
  readonly rtl: readonly string[];
  /** Of the generator. */
  readonly version: string;
}

export function templateContext(config: DesignConfig, rtl: readonly string[], version: string): TemplateContext {
  const { rows, cols, dataflow, name } = config;
  return {
    top: name,
    rows,
    cols,
    dataflow,
    latency: latency(config),
    actBits: OPERAND_WIDTH * rows,
    weightBits: OPERAND_WIDTH * cols,
    sumBits: SUM_WIDTH * cols,
    rtl,
    version,
  };
}
