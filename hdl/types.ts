// Constructors of hardware types.
//
// Invariant: a type is plain immutable data; equal types are interchangeable. Refused: widths and lengths that no hardware has.

import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import type { BoolType, BundleType, Fields, HwType, SIntType, UIntType, VecType } from './value-types.ts';

/** One bit with the meaning true or false. */
export const bool: BoolType = { kind: 'bool', width: 1 };

/** Largest width of a ground type, in bits. */
export const MAX_WIDTH = 65_536;

function checkedWidth(width: number, kind: string): void {
  if (!Number.isInteger(width) || width < 0 || width > MAX_WIDTH) throw new HdlError([messages.badWidth(kind, width, MAX_WIDTH)]);
}

/** Unsigned integer of `width` bits, 0 to 65536. Throws HDL-T001 on another width. */
export function uint<const W extends number>(width: W): UIntType<W> {
  checkedWidth(width, 'uint');
  return { kind: 'uint', width };
}

/** Two's complement integer of `width` bits, 0 to 65536. Throws HDL-T001 on another width. */
export function sint<const W extends number>(width: W): SIntType<W> {
  checkedWidth(width, 'sint');
  return { kind: 'sint', width };
}

/** Named fields; their order is the order of the flattened ports. */
export function bundle<F extends Fields>(fields: F): BundleType<F> {
  return { kind: 'bundle', fields };
}

/** `length` elements of one type, at least 1. Throws HDL-T002 on another length. */
export function vec<T extends HwType>(element: T, length: number): VecType<T> {
  if (!Number.isInteger(length) || length < 1) throw new HdlError([messages.badLength(length)]);
  return { kind: 'vec', element, length };
}

/** `u8`, `s32`, `bool`, `u8[4]`, `{valid: bool, data: u8}`: the notation of diagnostics and of the IR dump. */
export function describeType(type: HwType): string {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'bundle':
      return `{${Object.entries(type.fields).map(([name, field]) => `${name}: ${describeType(field)}`).join(', ')}}`;
    case 'vec':
      return `${describeType(type.element)}[${type.length}]`;
    default:
      return `${type.kind === 'uint' ? 'u' : 's'}${type.width}`;
  }
}
