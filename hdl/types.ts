// Constructors of hardware types.
//
// Invariant: a type is plain immutable data; equal types are interchangeable. Refused: widths and lengths that no hardware has.

import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { fieldTypes } from './leaves.ts';
import type { FixedType, UFixedType } from './number-types.ts';
import { Origin } from './source.ts';
import type { BoolType, BundleType, ClockType, EnumType, Fields, HwType, ResetType, SIntType, UIntType, VecType } from './value-types.ts';

/** One bit with the meaning true or false. */
export const bool: BoolType = { kind: 'bool', width: 1 };

/** A clock: an input that only state is clocked by. */
export const clock: ClockType = { kind: 'clock', width: 1 };

/** A reset of a kind; synchronous and active high when nothing is said. */
export function reset({ async = false, activeLow = false }: { readonly async?: boolean; readonly activeLow?: boolean } = {}): ResetType {
  return { kind: 'reset', width: 1, async, activeLow };
}

/** Largest width of a ground type, in bits. */
export const MAX_WIDTH = 65_536;

function checkedWidth(width: number, kind: string): void {
  if (!Number.isInteger(width) || width < 0 || width > MAX_WIDTH)
    throw new HdlError([messages.badWidth({ at: Origin.here() }, kind, width, MAX_WIDTH)]);
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

/**
 * Two's complement of `width` bits of which `fraction` are behind the point: steps of 2^−fraction. A negative fraction, or one above the width, puts the
 * point outside of the bits. Throws HDL-T001 on another width, HDL-Q001 on another fraction.
 */
export function fixed<const W extends number, const F extends number>(width: W, fraction: F): FixedType<W, F> {
  checkedPoint('fixed', width, fraction);
  return { kind: 'fixed', width, fraction };
}

/** As `fixed`, but unsigned. */
export function ufixed<const W extends number, const F extends number>(width: W, fraction: F): UFixedType<W, F> {
  checkedPoint('ufixed', width, fraction);
  return { kind: 'ufixed', width, fraction };
}

/** Farthest point from the lowest bit: what a double can still tell apart. */
const MAX_FRACTION = 1000;

function checkedPoint(kind: string, width: number, fraction: number): void {
  checkedWidth(width, kind);
  if (!Number.isInteger(fraction) || Math.abs(fraction) > MAX_FRACTION)
    throw new HdlError([messages.badFraction({ at: Origin.here() }, kind, width, fraction, MAX_FRACTION)]);
}

/**
 * Named values: `enumeration('State', ['idle', 'run'])` codes them 0, 1 …, `enumeration('Op', { add: 0, sub: 4 })` as given. The width is that of the largest
 * code, at least 1 bit. Throws HDL-T003 on names that are no identifiers, on equal names or codes, and on codes that are no whole numbers of at least 0.
 */
export function enumeration<const M extends string>(name: string, members: readonly M[] | { readonly [K in M]: number }): EnumType<M> {
  const entries: (readonly [string, number])[] = Array.isArray(members) ? members.map((m, i) => [m, i]) : Object.entries(members);
  const problem = enumProblem(name, entries);
  if (problem) throw new HdlError([messages.badEnum({ at: Origin.here() }, name, problem)]);
  const largest = Math.max(...entries.map(([, code]) => code));
  const info = { name, members: new Map(entries.map(([m, code]) => [m, BigInt(code)])) };
  return { kind: 'enum', width: Math.max(1, largest.toString(2).length), info, names: entries.map(([m]) => m as M) };
}

function enumProblem(name: string, entries: readonly (readonly [string, number])[]): string | undefined {
  if (entries.length === 0) return 'it has no member';
  const bad = [name, ...entries.map(([m]) => m)].find((n) => !/^[A-Za-z_]\w*$/.test(n));
  if (bad !== undefined) return `\`${bad}\` is not a name`;
  const code = entries.find(([, c]) => !Number.isSafeInteger(c) || c < 0);
  if (code) return `the code ${code[1]} of \`${code[0]}\` is not a whole number of at least 0`;
  for (const [i, [m, c]] of entries.entries()) {
    const twin = entries.slice(0, i).find(([m2, c2]) => m2 === m || c2 === c);
    if (twin) return twin[0] === m ? `\`${m}\` stands twice` : `\`${twin[0]}\` and \`${m}\` have the same code ${c}`;
  }
  return undefined;
}

/**
 * A port, a group of ports or a field of a bundle that is there only in some configurations: `debug: optional(cfg.debug, output(uint(4)))`. Where it is absent it is
 * `undefined`, to TypeScript too unless `present` is literally true; it has no signal then and no port in the output.
 */
export function optional<const B extends boolean, const T>(present: B, what: T): B extends true ? T : undefined {
  return (present ? what : undefined) as B extends true ? T : undefined;
}

/** Named fields; their order is the order of the flattened ports. A field may be `optional`. */
export function bundle<F extends Fields>(fields: F): BundleType<F> {
  return { kind: 'bundle', fields };
}

/** `length` elements of one type, at least 1. Throws HDL-T002 on another length. */
export function vec<T extends HwType>(element: T, length: number): VecType<T> {
  if (!Number.isInteger(length) || length < 1) throw new HdlError([messages.badLength({ at: Origin.here() }, length)]);
  return { kind: 'vec', element, length };
}

/** `u8`, `s32`, `bool`, `u8[4]`, `{valid: bool, data: u8}`: the notation of diagnostics and of the IR dump. */
export function describeType(type: HwType): string {
  switch (type.kind) {
    case 'bool':
    case 'clock':
      return type.kind;
    case 'reset':
      return `${type.async ? 'asynchronous ' : ''}${type.activeLow ? 'active-low ' : ''}reset`;
    case 'bundle':
      return `{${fieldTypes(type.fields)
        .map(([name, field]) => `${name}: ${describeType(field)}`)
        .join(', ')}}`;
    case 'enum':
      return type.info.name;
    case 'vec':
      return `${describeType(type.element)}[${type.length}]`;
    case 'fixed':
    case 'ufixed':
      return `${type.kind}${type.width}.${type.fraction}`;
    case 'float':
      return type.format.name;
    default:
      return `${type.kind === 'uint' ? 'u' : 's'}${type.width}`;
  }
}
