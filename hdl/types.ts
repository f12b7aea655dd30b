// Hardware types as values, and the TypeScript types that follow from them.
//
// Invariant: a type descriptor is plain immutable data; equal descriptors are interchangeable.

import type { Bool, BundleValue, BundleVar, SInt, SIntVar, UInt, UIntVar, BoolVar, VecValue, VecVar } from './value-types.ts';
import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';

export interface BoolType { readonly kind: 'bool'; readonly width: 1 }
export interface UIntType<W extends number = number> { readonly kind: 'uint'; readonly width: W }
export interface SIntType<W extends number = number> { readonly kind: 'sint'; readonly width: W }
export interface BundleType<F extends Fields = Fields> { readonly kind: 'bundle'; readonly fields: F }
export interface VecType<T extends HwType = HwType> { readonly kind: 'vec'; readonly element: T; readonly length: number }
export type Fields = { readonly [name: string]: HwType };
export type HwType = BoolType | UIntType | SIntType | { readonly kind: 'bundle'; readonly fields: Fields } | { readonly kind: 'vec'; readonly element: HwType; readonly length: number };

/** Read-only view of a type: what an input is inside a module, and an output outside. */
export type ValueOf<T> = T extends BoolType ? Bool
  : T extends UIntType<infer W> ? UInt<W>
  : T extends SIntType<infer W> ? SInt<W>
  : T extends { readonly kind: 'bundle'; readonly fields: infer F } ? BundleValue<F>
  : T extends { readonly kind: 'vec'; readonly element: infer E } ? VecValue<E>
  : never;

/** Assignable view of a type: wires, registers, outputs inside a module, inputs of an instance. */
export type VarOf<T> = T extends BoolType ? BoolVar
  : T extends UIntType<infer W> ? UIntVar<W>
  : T extends SIntType<infer W> ? SIntVar<W>
  : T extends { readonly kind: 'bundle'; readonly fields: infer F } ? BundleVar<F>
  : T extends { readonly kind: 'vec'; readonly element: infer E } ? VecVar<E>
  : never;

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
