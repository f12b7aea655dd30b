// What a user decides about a processing element: plain data, so that definitions are shared by it and a file can say it.
//
// The golden model reads the same record (sim/golden/pe/config.ts has its own copy of these types, since it imports no hardware).

/** An integer operand: 2 to 16 bits. */
export interface IntOperand {
  readonly width: number;
  readonly signed: boolean;
}

/** How an integer element multiplies. */
export const INT_FORMS = ['multiply', 'fused', 'radix4'] as const;
export type IntForm = (typeof INT_FORMS)[number];

/** Structured weights: two of each four, said by their places; four activations a step (sparse.ts). */
export type Sparse = '2:4';

/** `sum + activation · weight`, the sum signed. */
export interface IntPeConfig {
  readonly kind: 'int';
  readonly activation: IntOperand;
  readonly weight: IntOperand;
  /** Bits of the sum, at most 256; 32 when absent. `derivedWidth` gives what never overflows. */
  readonly accumulator?: number;
  /** What becomes of a sum that does not fit: its low bits (`wrap`, when absent), or the nearest end at every step. */
  readonly overflow?: 'wrap' | 'saturate';
  /** Registers between operands and sum: the product's first, then the operands'. 0 when absent. */
  readonly stages?: number;
  /** Operands that are zero reach no multiplier: its registers hold, the sum passes by. Needs a stage. */
  readonly gated?: boolean;
  /**
   * How it multiplies: `multiply` (when absent) leaves the product to the synthesiser and adds it beside; `fused` says product and sum at once, which one DSP block takes where there are some, and
   * costs twice the look-up tables where there are none; `radix4` takes weights that the array recodes at its edge, and needs half of the look-up tables.
   */
  readonly form?: IntForm;
  /** Steps of four activations and two weights. Single operands when absent. */
  readonly sparse?: Sparse;
}

/** The formats of float elements. */
export const FLOAT_NAMES = ['fp32', 'fp16', 'bf16', 'fp8e4m3', 'fp8e5m2'] as const;
/** One of them. */
export type FloatName = (typeof FLOAT_NAMES)[number];

/** A fused multiply-add, rounded to nearest even. */
export interface FloatPeConfig {
  readonly kind: 'float';
  readonly operand: FloatName;
  /** Of the sum: that of the operands when absent, else one that holds their products' range: fp16 or fp32. */
  readonly accumulate?: FloatName;
  /** Registers behind the multiplier. 0 when absent. */
  readonly productStages?: number;
  /** Registers from sum to sum; 1 when absent. Above 1 not in an output-stationary array. */
  readonly sumStages?: number;
  /** Steps of four activations and two weights, a rounding for each. Single operands when absent. */
  readonly sparse?: Sparse;
}

/** `sum + 2·popcount(activation xnor weight) − lanes`: bit b means 2b − 1. */
export interface XnorPeConfig {
  readonly kind: 'xnor';
  /** Bits of an operand, 1 to 256. */
  readonly lanes: number;
  /** Whether the weight has a bit of validity for each lane above those of its signs; invalid lanes count nothing. No when absent. */
  readonly masked?: boolean;
  /** Bits of the sum; 16 when absent. Wraps. */
  readonly accumulator?: number;
  /** Registers behind the popcount. 0 when absent. */
  readonly stages?: number;
}

/** `sum + Σ a·w` over lanes of −1, 0 and 1: bit pairs, nonzero above sign (1 is −1). Nonzero = 0 is zero whatever the sign. */
export interface TernaryPeConfig {
  readonly kind: 'ternary';
  /** Pairs of an operand, 1 to 128. */
  readonly lanes: number;
  /** Bits of the sum; 16 when absent. Wraps. */
  readonly accumulator?: number;
  /** Registers behind the counts. 0 when absent. */
  readonly stages?: number;
}

/** Products of 8 × 8, 4 × 4, 8 × 2 or 2 × 2 bits, as the mode of each step says (fusible.ts). */
export interface FusiblePeConfig {
  readonly kind: 'fusible';
  /** Bits of the sum; 32 when absent. Wraps. */
  readonly accumulator?: number;
  /** Registers behind the products. 0 when absent. */
  readonly stages?: number;
}

/** One pair of bit planes a step, weighted as its mode says (bit-serial.ts). */
export interface BitSerialPeConfig {
  readonly kind: 'bit-serial';
  /** Bits of an operand, 1 to 256. */
  readonly lanes: number;
  /** Bits of the sum; 32 when absent. Wraps. */
  readonly accumulator?: number;
  /** Registers behind the count. 0 when absent. */
  readonly stages?: number;
}

/** The formats of OCP MX blocks. */
export const MX_NAMES = ['mxint8', 'mxfp8e4m3', 'mxfp8e5m2', 'mxfp6e3m2', 'mxfp6e2m3', 'mxfp4e2m1'] as const;
/** One of them. */
export type MxName = (typeof MX_NAMES)[number];

/** `sum + 2^(sa + sb − 254) · Σ aᵢ·bᵢ` over blocks that share a scale, in fp32, rounded once (mx.ts). */
export interface MxPeConfig {
  readonly kind: 'mx';
  readonly activation: MxName;
  /** That of the activations when absent. */
  readonly weight?: MxName;
  /** Elements a block: 32 when absent, or a divisor of it. */
  readonly block?: number;
  /** Registers behind the products, their sum and its normaliser, the last first. 0 when absent. */
  readonly productStages?: number;
  /** Registers from sum to sum; 1 when absent. Above 1 not in an output-stationary array. */
  readonly sumStages?: number;
}

/** What stands at each place of an array. */
export type PeConfig = IntPeConfig | FloatPeConfig | XnorPeConfig | TernaryPeConfig | FusiblePeConfig | BitSerialPeConfig | MxPeConfig;

/** An element with its operands exchanged, for input-stationary arrays. */
export interface ExchangedPeConfig {
  readonly kind: 'exchanged';
  readonly of: PeConfig;
}

/** What the elements of an array are built from. */
export type ElementConfig = PeConfig | ExchangedPeConfig;

/** int8 · int8 + int32. */
export const INT8_PE: IntPeConfig = { kind: 'int', activation: { width: 8, signed: true }, weight: { width: 8, signed: true } };

/** Bits of a signed sum of `depth` products that never overflows: both widths and ⌈log2 depth⌉, one more for two unsigned operands. */
export function derivedWidth(activation: IntOperand, weight: IntOperand, depth: number): number {
  const sign = activation.signed || weight.signed ? 0 : 1;
  return activation.width + weight.width + sign + Math.ceil(Math.log2(depth));
}
