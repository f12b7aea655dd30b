// The elements that arrays are tried with: every kind, the forms in which they differ.

import type { IntOperand, PeConfig } from '../../../generators/pe/index.ts';

export const int = (width: number): IntOperand => ({ width, signed: true });
export const uint = (width: number): IntOperand => ({ width, signed: false });

/** Activations and weights, signed or not. */
export const SIGNS = [
  [int, int],
  [int, uint],
  [uint, int],
  [uint, uint],
] as const;

export const ELEMENTS: readonly PeConfig[] = [
  { kind: 'int', activation: int(8), weight: int(8) },
  { kind: 'int', activation: uint(8), weight: int(4), stages: 1 },
  { kind: 'int', activation: int(16), weight: int(16), accumulator: 48, stages: 3 },
  { kind: 'int', activation: uint(2), weight: uint(3), accumulator: 9, overflow: 'saturate' },
  { kind: 'int', activation: int(4), weight: int(4), accumulator: 20, stages: 1, gated: true },
  { kind: 'int', activation: int(8), weight: uint(7), accumulator: 12, stages: 2, gated: true, overflow: 'saturate' },
  { kind: 'int', activation: int(8), weight: int(8), form: 'radix4' },
  { kind: 'int', activation: int(8), weight: int(8), form: 'fused' },
  { kind: 'int', activation: uint(5), weight: uint(6), accumulator: 20, stages: 2, form: 'fused' },
  { kind: 'int', activation: uint(6), weight: uint(4), stages: 2, form: 'radix4' },
  { kind: 'int', activation: int(4), weight: int(5), accumulator: 9, overflow: 'saturate', stages: 1, gated: true, form: 'radix4' },
  { kind: 'float', operand: 'fp32', productStages: 1 },
  { kind: 'float', operand: 'fp16', accumulate: 'fp32' },
  { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1 },
  { kind: 'float', operand: 'bf16' },
  { kind: 'float', operand: 'fp8e4m3', accumulate: 'fp16' },
  { kind: 'float', operand: 'fp8e5m2', accumulate: 'fp32', productStages: 2 },
  { kind: 'float', operand: 'fp8e5m2' },
  { kind: 'xnor', lanes: 32 },
  { kind: 'xnor', lanes: 5, masked: true, accumulator: 9, stages: 1 },
  { kind: 'ternary', lanes: 8 },
  { kind: 'ternary', lanes: 3, accumulator: 6, stages: 2 },
  { kind: 'fusible' },
  { kind: 'fusible', accumulator: 20, stages: 2 },
  { kind: 'bit-serial', lanes: 32 },
  { kind: 'bit-serial', lanes: 5, accumulator: 48, stages: 1 },
  { kind: 'int', activation: int(8), weight: int(8), stages: 1, sparse: '2:4' },
  { kind: 'int', activation: uint(4), weight: int(3), accumulator: 10, overflow: 'saturate', stages: 2, gated: true, sparse: '2:4' },
  { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1, sparse: '2:4' },
  { kind: 'mx', activation: 'mxint8', block: 4 },
  { kind: 'mx', activation: 'mxfp8e4m3', block: 2, productStages: 3 },
  { kind: 'mx', activation: 'mxfp8e5m2', block: 2, productStages: 1 },
  { kind: 'mx', activation: 'mxfp6e3m2', weight: 'mxfp6e2m3', block: 4 },
  { kind: 'mx', activation: 'mxfp4e2m1', productStages: 2 },
];

/** Elements whose sums take several cycles; for weight-stationary arrays only. */
export const SLOW_SUMS: readonly PeConfig[] = [
  { kind: 'float', operand: 'bf16', accumulate: 'fp32', productStages: 1, sumStages: 4 },
  { kind: 'float', operand: 'fp16', sumStages: 2 },
  { kind: 'float', operand: 'fp8e4m3', accumulate: 'fp32', sumStages: 3 },
  { kind: 'float', operand: 'fp8e4m3', accumulate: 'fp16', productStages: 1, sumStages: 4, sparse: '2:4' },
  { kind: 'mx', activation: 'mxfp8e4m3', weight: 'mxint8', block: 4, productStages: 2, sumStages: 3 },
];
