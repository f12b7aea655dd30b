// The contract of processing elements (design note 0018): what an array knows of the element that it repeats.
//
// Invariant: an array stores, moves and clears codes and never looks into one. An element adds no state but the registers that it declares, and they hold while the
// array stands still.

import { type Bool, type Module, type SInt, type SIntType, type UInt, type UIntType, zeros } from '../../hdl/index.ts';
import type { InstanceOf, ModuleClass } from '../../hdl/module.ts';
import type { AnyValue } from '../../hdl/value-types.ts';

/**
 * The type of a code. The hardware type may be sint, so that Verilog says `signed`; TypeScript sees all codes as uint, since arrays do nothing with them that would
 * differ.
 */
export type CodeType = UIntType;
export type Code = UInt;

/** A sint as the type of a code. */
export function signedCode(type: SIntType): CodeType {
  return type as unknown as CodeType;
}

/** A sint as a code. */
export function codeOf(value: SInt): Code {
  return value as unknown as Code;
}

/** A code that is a sint. */
export function sintOf(code: Code): SInt {
  return code as unknown as SInt;
}

/** What an element may add to the module that it is built into. */
export interface PeHost {
  /** The value so many slots ago. */
  delay<V extends AnyValue>(value: V, slots: number): V;
  /** The value while `update`, and its last such one otherwise; a slot late. */
  hold(value: Code, type: CodeType, update: Bool): Code;
  /** An instance that stands still between slots. */
  inst<M extends Module<unknown>>(cls: ModuleClass<M>, cfg: M['cfg']): InstanceOf<M>;
}

export interface PeInputs {
  readonly activation: Code;
  readonly weight: Code;
  /** So many slots after the operands as the element has product stages. */
  readonly sum: Code;
  /** Comes with the operands; undefined without modes. */
  readonly mode: UInt | undefined;
}

/** A form of weights that the array makes once at its edge; elements see nothing else. */
export interface Recoded {
  readonly type: CodeType;
  /** Combinational. */
  of(weight: Code): Code;
}

/** The type of weights inside of an array. */
export function residentType({ weight, recoded }: Pick<ProcessingElement, 'weight' | 'recoded'>): CodeType {
  return recoded?.type ?? weight;
}

/** A weight as elements see it. */
export function residentOf({ recoded }: Pick<ProcessingElement, 'recoded'>, weight: Code): Code {
  return recoded ? recoded.of(weight) : weight;
}

export interface ProcessingElement {
  /** For names and summaries: `int8`, `bf16_fp32`. */
  readonly name: string;
  /** One sentence for the Verilog: what a step does. */
  readonly does: string;
  readonly activation: CodeType;
  readonly weight: CodeType;
  /** What weights are inside of the array, where that differs from their type at its edge. */
  readonly recoded?: Recoded;
  readonly sum: CodeType;
  /** Bits that come with every step; 0 for none. */
  readonly modeWidth: number;
  /** Registers that operands pass before they meet the sum. */
  readonly productStages: number;
  /** Registers from sum to sum, the array's own among them: at least 1. */
  readonly sumStages: number;
  /** Whether an activation of zeros leaves every sum as it is. */
  readonly zeroIsIdle: boolean;
  /** Whether adding a sum of zeros changes none. */
  readonly zeroIsNeutral: boolean;
  /** Product and sum are one expression, for a DSP block: nothing should stand between the accumulator and its addition. */
  readonly sumIsInProduct?: boolean;
  /** Multiply-accumulates a step, by the low bits of the mode. */
  readonly macs: readonly number[];
  /** Bits of activation and weight of each of these, `8x2`, where the mode chooses them. */
  readonly precisions?: readonly string[];
  /** A step but for its last register. */
  step(host: PeHost, inputs: PeInputs): Code;
  /** A step on a sum of zeros, where that needs no addition. */
  product?(host: PeHost, inputs: Omit<PeInputs, 'sum'>): Code;
  /** The sum of two sums, combinational. */
  add(host: Pick<PeHost, 'inst'>, a: Code, b: Code): Code;
}

/** A step on a sum of zeros but for its last register. */
export function firstStep(pe: ProcessingElement, host: PeHost, inputs: Omit<PeInputs, 'sum'>): Code {
  return pe.product?.(host, inputs) ?? pe.step(host, { ...inputs, sum: zeros(pe.sum) });
}
