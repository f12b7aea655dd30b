// What templates can say about a design.

import { type Dataflow, lanesOf, latency, peOf, type ResetKind, resetPort } from '../generators/array-config.ts';
import { processingElement } from '../generators/pe/index.ts';
import type { DesignConfig } from './design-config.ts';
import { elementLines } from './element.ts';
import { DEFAULT_OUTPUTS, type Outputs, outputLines } from './outputs.ts';
import { tileText } from './tile.ts';

/** A port beside the lanes of an operand. */
interface Aside {
  /** Of the port, and padded to the width of a connection. */
  readonly port: string;
  readonly pin: string;
  readonly bits: number;
  /** A line's word in Verilog: the port above the lanes. */
  readonly word: string;
}

function asideOf(stream: 'act' | 'weight', name: string, bits: number): Aside | undefined {
  const port = `${stream}_${name}`;
  return bits === 0 ? undefined : { port, pin: port.padEnd('act_accumulate'.length), bits, word: `{${port}, ${stream}_data}` };
}

export interface TemplateContext {
  /** The top module. */
  readonly top: string;
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
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
  /** What stands beside the lanes of an operand: `mode`, `os`; and where it is in Verilog, since braces are the template's. */
  readonly actAside: Aside | undefined;
  readonly weightAside: Aside | undefined;
  readonly anyAside: boolean;
  /** The stream that says where tiles end. */
  readonly lead: 'act' | 'weight';
  readonly actLeads: boolean;
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
  const lanes = lanesOf(config);
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
    actBits: activation.width * lanes.act,
    weightBits: weight.width * lanes.weight,
    sumBits: sum.width * lanes.out,
    laneBits: sum.width,
    actAside: asideOf('act', 'mode', modeWidth),
    weightAside: asideOf('weight', 'os', Number(dataflow === 'ws+os')),
    lead: dataflow === 'is' ? 'weight' : 'act',
    actLeads: dataflow !== 'is',
    anyAside: modeWidth > 0 || dataflow === 'ws+os',
    rtl,
    version,
    outputs: `${config.tile ? `tile: ${tileText(config.tile)}\n` : ''}${config.drain ? `drain: ${config.drain}\n` : ''}${elementLines(config.pe)}${outputLines(outputs)}`,
    sv: outputs.sv,
  };
}
