/**
 * Processing elements as records: the same data as the generators take, written down once more because nothing of the hardware is imported here.
 * Invariant: absent means what design note 0018 says.
 * Refused: nothing here.
 */

/** An integer operand of 2 to 16 bits. */
export interface IntOperand {
  readonly width: number;
  readonly signed: boolean;
}

/** sum + activation · weight. */
export interface IntPe {
  readonly kind: 'int';
  readonly activation: IntOperand;
  readonly weight: IntOperand;
  readonly accumulator?: number;
  readonly overflow?: 'wrap' | 'saturate';
  readonly stages?: number;
  readonly gated?: boolean;
  /** Of the hardware; says nothing here. */
  readonly form?: 'multiply' | 'fused' | 'radix4';
  readonly sparse?: '2:4';
}

/** The formats of float elements. */
export type FloatName = 'fp32' | 'fp16' | 'bf16' | 'fp8e4m3' | 'fp8e5m2';

/** A fused multiply-add. */
export interface FloatPe {
  readonly kind: 'float';
  readonly operand: FloatName;
  readonly accumulate?: FloatName;
  readonly productStages?: number;
  readonly sumStages?: number;
  readonly sparse?: '2:4';
}

/** Lanes of ±1. */
export interface XnorPe {
  readonly kind: 'xnor';
  readonly lanes: number;
  readonly masked?: boolean;
  readonly accumulator?: number;
  readonly stages?: number;
}

/** Lanes of −1, 0 and 1. */
export interface TernaryPe {
  readonly kind: 'ternary';
  readonly lanes: number;
  readonly accumulator?: number;
  readonly stages?: number;
}

/** Products of 8 × 8, 4 × 4, 8 × 2 or 2 × 2 bits by mode. */
export interface FusiblePe {
  readonly kind: 'fusible';
  readonly accumulator?: number;
  readonly stages?: number;
}

/** Pairs of bit planes, weighted by mode. */
export interface BitSerialPe {
  readonly kind: 'bit-serial';
  readonly lanes: number;
  readonly accumulator?: number;
  readonly stages?: number;
}

/** The formats of OCP MX blocks. */
export type MxName = 'mxint8' | 'mxfp8e4m3' | 'mxfp8e5m2' | 'mxfp6e3m2' | 'mxfp6e2m3' | 'mxfp4e2m1';

/** Dot products of blocks that share a scale, added up in fp32. */
export interface MxPe {
  readonly kind: 'mx';
  readonly activation: MxName;
  readonly weight?: MxName;
  readonly block?: number;
  readonly productStages?: number;
  readonly sumStages?: number;
}

/** What stands at each place of an array. */
export type PeRecord = IntPe | FloatPe | XnorPe | TernaryPe | FusiblePe | BitSerialPe | MxPe;
