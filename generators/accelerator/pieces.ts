// Rows of the two memories, and the aligned pieces that addresses name in them.

import { type UInt, type UIntType, uint, type VecValue, vec } from '../../hdl/index.ts';
import { asBits, asType } from '../../hdl/std/bits.ts';
import { type AcceleratorConfig, rowBytes } from '../../isa/config.ts';
import type { RowShape } from './ports.ts';

/** Bytes of an int32. */
const WORD = 4;

export function scratchpadShape(cfg: AcceleratorConfig): RowShape {
  return { rows: cfg.scratchpad / rowBytes(cfg), width: rowBytes(cfg) };
}
export function sumsShape({ sums, cols }: Pick<AcceleratorConfig, 'sums' | 'cols'>): RowShape {
  return { rows: sums, width: WORD * cols };
}

/** The row of the scratchpad that a byte address lies in; addresses are modulo its size. */
export function rowOf(cfg: AcceleratorConfig, address: UInt): UInt {
  return address.bits(Math.log2(cfg.scratchpad) - 1, Math.log2(rowBytes(cfg)));
}

/** Bits of a `pieceIndex`; 0 where a row is one piece. */
export function pieceBits(cfg: AcceleratorConfig, size: number): number {
  return Math.log2(rowBytes(cfg) / size);
}

/** Which of the aligned pieces of `size` bytes of a row an address names; undefined where a row is one piece. */
export function pieceIndex(cfg: AcceleratorConfig, address: UInt, size: number): UInt | undefined {
  return pieceBits(cfg, size) === 0 ? undefined : address.bits(Math.log2(rowBytes(cfg)) - 1, Math.log2(size));
}

/** That piece of a row. */
export function pieceOf(row: VecValue<UIntType>, index: UInt | undefined, size: number): VecValue<UIntType> {
  return index ? asType(asBits(row), vec(vec(uint(8), size), row.length / size)).at(index) : row;
}
