// What `npm run area` can measure by name: processing elements as arrays instantiate them, and the cells around them.
//
// Invariant: a design is made when it is asked for, never before.

import { DATAFLOW_WORDS, type Dataflow } from '../generators/array-config.ts';
import { DualPe } from '../generators/dual-pe.ts';
import { FloatFma } from '../generators/float/index.ts';
import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { OsPe } from '../generators/os-pe.ts';
import { OsThroughPe } from '../generators/os-through-pe.ts';
import { INT8_PE, type PeConfig } from '../generators/pe/index.ts';
import { REQUANTISE_MODES, Requantiser } from '../generators/requantise/index.ts';
import { WsPe } from '../generators/ws-pe.ts';
import { bf16, type Design, elaborate, fp16, fp32, input, Module, output, uint } from '../hdl/index.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import type { Subject } from './measure.ts';

export interface CatalogueEntry {
  readonly name: string;
  /** One sentence. */
  readonly what: string;
  readonly design: () => Design;
}

/** The Verilog of an entry. */
export function subjectOf({ name, design }: CatalogueEntry): Subject {
  const built = design();
  return { name, top: built.top.name, files: emitVerilog(built).map((file) => ({ name: `${file.name}.${file.extension}`, text: file.text })) };
}

/** Flags that nobody reads cost nothing: synthesis is flat. */
class FloatStep extends Module {
  readonly p = this.io({ a: input(bf16), b: input(bf16), c: input(fp32), result: output(uint(32)) });
  readonly fma = this.inst(FloatFma, { operand: bf16, accumulate: fp32, stages: 5 });
  constructor() {
    super();
    const { a, b, c, result } = this.p;
    this.fma.a.set(a);
    this.fma.b.set(b);
    this.fma.c.set(c);
    result.set(this.fma.result.asBits());
  }
}

/** An element in each dataflow. */
function elements(name: string, what: string, pe: PeConfig): CatalogueEntry[] {
  return [
    { name: `${name}-ws`, what: `${what}, weight-stationary, two weight registers`, design: () => elaborate(WsPe, pe) },
    { name: `${name}-os`, what: `${what}, output-stationary`, design: () => elaborate(OsPe, pe) },
    { name: `${name}-os-through`, what: `${what}, output-stationary, drained through the accumulators`, design: () => elaborate(OsThroughPe, pe) },
  ];
}

/** A unit of 4 × 4 elements with its skews and handshakes. */
function array(name: string, what: string, pe: PeConfig, dataflow: Dataflow): CatalogueEntry {
  return {
    name: `${name}-4x4-${dataflow}`,
    what: `a unit of 4×4: ${what}, ${DATAFLOW_WORDS[dataflow].form}`,
    design: () => elaborateMatrixUnit({ rows: 4, cols: 4, dataflow, pe }),
  };
}

const INT8_P1: PeConfig = { ...INT8_PE, stages: 1 };
const RADIX4_P1: PeConfig = { ...INT8_P1, form: 'radix4' };

export const CATALOGUE: readonly CatalogueEntry[] = [
  ...elements('int8', 'int8 · int8 + int32', INT8_PE),
  ...elements('int8-fused', 'int8 · int8 + int32, product and sum as one', { ...INT8_PE, form: 'fused' }),
  ...elements('int8-radix4', 'int8 · int8 + int32, weights recoded', { ...INT8_PE, form: 'radix4' }),
  ...elements('int8-p1', 'int8 · int8 + int32, a register behind the product', INT8_P1),
  ...elements('int8-radix4-p1', 'int8 · int8 + int32, weights recoded, a register behind the product', RADIX4_P1),
  array('int8-p1', 'a register behind the product', INT8_P1, 'ws'),
  array('int8-radix4-p1', 'weights recoded, a register behind the product', RADIX4_P1, 'ws'),
  { name: 'int8-ws+os', what: 'int8 · int8 + int32, weight- or output-stationary by tile', design: () => elaborate(DualPe, INT8_PE) },
  ...elements('xnor32', '32 lanes of one bit, int16', { kind: 'xnor', lanes: 32 }),
  ...elements('xnor256', '256 lanes of one bit, int16', { kind: 'xnor', lanes: 256 }),
  ...elements('fusible', '8×8, 4×4, 8×2 and 2×2 bits step by step, int32', { kind: 'fusible' }),
  ...elements('bitserial32', 'planes of 32 bits, int32', { kind: 'bit-serial', lanes: 32 }),
  {
    name: 'bf16-fma',
    what: 'bf16 · bf16 + fp32, one rounding, 5 stages',
    design: () => elaborate(FloatFma, { operand: bf16, accumulate: fp32, stages: 5 }),
  },
  { name: 'bf16-step', what: 'bf16 · bf16 + fp32, one rounding, 5 stages, as elements use it: without flags', design: () => elaborate(FloatStep) },
  { name: 'fp16-fma', what: 'fp16 · fp16 + fp16, one rounding, 5 stages', design: () => elaborate(FloatFma, { operand: fp16, stages: 5 }) },
  {
    name: 'requantise-double',
    what: 'int32 to int8 as TFLite rounds, 4 stages',
    design: () => elaborate(Requantiser, { modes: ['double'], stages: 4, steady: true }),
  },
  {
    name: 'requantise-all',
    what: 'int32 to int8 in every mode, 5 stages',
    design: () => elaborate(Requantiser, { modes: REQUANTISE_MODES, stages: 5, steady: true }),
  },
];

/** @throws Error on an unknown name */
export function subjectNamed(name: string): Subject {
  const entry = CATALOGUE.find((one) => one.name === name);
  if (!entry) throw new Error(`no ${name} in the catalogue`);
  return subjectOf(entry);
}
