// What templates can say about a design.

import { latency, peOf, type ResetKind, resetPort } from '../generators/array-config.ts';
import { processingElement } from '../generators/pe/index.ts';
import type { DesignConfig } from './design-config.ts';
import { elementLines } from './element.ts';
import { DEFAULT_OUTPUTS, type Outputs, outputLines } from './outputs.ts';

export interface TemplateContext {
  /** The top module. */
  readonly top: string;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: 'ws' | 'os';
  /** The reset port's kind and name, and the name padded to the width of a connection. */
  readonly reset: ResetKind;
  readonly resetName: string;
  readonly resetPin: string;
  readonly resetLow: boolean;
  /** Cycles, see `latency` of the array's configuration. */
  readonly latency: number;
  /** Bits of `act_data`. */
  readonly actBits: number;
  /** Bits of `weight_data`. */
  readonly weightBits: number;
  /** Bits of `psum_data` and `out_data`, and of one of their lanes. */
  readonly sumBits: number;
  readonly laneBits: number;
  /** Bits of `act_mode`; 0 without one. */
  readonly modeBits: number;
  /** Both in Verilog, since braces are the template's. */
  readonly modeAndData: string;
  /** File names within `rtl/`, leaves first, the top last. */
  readonly rtl: readonly string[];
  /** Of the generator. */
  readonly version: string;
  /** Lines of YAML. */
  readonly outputs: string;
  readonly sv: boolean;
}

export function templateContext(config: DesignConfig, rtl: readonly string[], version: string, outputs: Outputs = DEFAULT_OUTPUTS): TemplateContext {
  const { rows, cols, dataflow, reset, name } = config;
  const port = resetPort(reset);
  const { activation, weight, sum, modeWidth } = processingElement(peOf(config));
  return {
    top: name,
    rows,
    cols,
    dataflow,
    reset,
    resetName: port.name,
    resetPin: port.name.padEnd('act_accumulate'.length),
    resetLow: port.activeLow,
    latency: latency(config),
    actBits: activation.width * rows,
    weightBits: weight.width * cols,
    sumBits: sum.width * cols,
    laneBits: sum.width,
    modeBits: modeWidth,
    modeAndData: '{act_mode, act_data}',
    rtl,
    version,
    outputs: `${elementLines(config.pe)}${outputLines(outputs)}`,
    sv: outputs.sv,
  };
}
