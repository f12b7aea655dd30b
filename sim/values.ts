// Values at the boundary of the simulator: checks and texts.

import type { GroundType } from '../hdl/ir/nodes.ts';
import { SimulationError } from './errors.ts';

/** A whole number; JavaScript's for anything up to 53 bits, bigint for any width. A bool may be given as a boolean. */
export type Value = number | bigint;
/** What can be given to a signal; a member of an enumeration by its name or its code. */
export type Pokable = Value | boolean | string | ArrayLike<Value | boolean | string>;

export function typeText({ kind, width, enumeration }: GroundType): string {
  return kind === 'uint' ? `u${width}` : kind === 'sint' ? `s${width}` : (enumeration?.name ?? kind);
}

export function rangeText({ kind, width, enumeration }: GroundType): string {
  if (enumeration) return `one of ${[...enumeration.members.keys()].join(', ')}, or a code`;
  if (width === 0) return '0';
  return kind === 'sint' ? `-${1n << BigInt(width - 1)} to ${(1n << BigInt(width - 1)) - 1n}` : `0 to ${(1n << BigInt(width)) - 1n}`;
}

/** The checks of a type. */
export interface Checker {
  readonly big: boolean;
  readonly min: number;
  readonly max: number;
}

const WIDEST = 52;
const BIG: Checker = { big: true, min: 0, max: 0 };
const UNSIGNED = Array.from({ length: WIDEST + 1 }, (_, width): Checker => ({ big: false, min: 0, max: 2 ** width - 1 }));
const SIGNED = UNSIGNED.map((u, width): Checker => (width === 0 ? u : { big: false, min: -(2 ** (width - 1)), max: 2 ** (width - 1) - 1 }));

/** Costs nothing, so that it can be asked for every value. */
export function checkerOf({ kind, width }: GroundType): Checker {
  return width > WIDEST ? BIG : ((kind === 'sint' ? SIGNED : UNSIGNED)[width] as Checker);
}

/** Throws SIM-E004 for something that is no whole number or out of range. */
export function wrongValue(path: string, type: GroundType, value: unknown): never {
  const shown = typeof value === 'bigint' ? `${value}n` : String(value);
  const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  const problem =
    typeof value === 'string' && type.enumeration
      ? `${JSON.stringify(value)} is no member of ${type.enumeration.name}, the type of \`${path}\``
      : whole
        ? `${shown} is out of range for \`${path}\`, a ${typeText(type)}`
        : `${shown} is not a whole number, for \`${path}\`, a ${typeText(type)}`;
  throw new SimulationError('SIM-E004', problem, `give ${rangeText(type)}`);
}

/** The value as the cells hold it. */
export function toCell(path: string, type: GroundType, checker: Checker, given: unknown): Value {
  // Nearly all.
  if (typeof given === 'number' && given >= checker.min && given <= checker.max && !checker.big && Number.isInteger(given)) return given;
  const value = typeof given === 'string' ? (type.enumeration?.members.get(given) ?? given) : given;
  if (checker.big) {
    const big =
      typeof value === 'bigint' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : wrongValue(path, type, value);
    const wrapped = type.kind === 'sint' ? BigInt.asIntN(type.width, big) : BigInt.asUintN(type.width, big);
    return wrapped === big ? big : wrongValue(path, type, value);
  }
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'boolean' && type.width === 1
        ? Number(value)
        : typeof value === 'bigint'
          ? Number(value)
          : Number.NaN;
  return Number.isInteger(number) && number >= checker.min && number <= checker.max ? number : wrongValue(path, type, value);
}

/** `0x2a (42)`; negative numbers by their bit pattern. */
export function valueText(value: Value, { width }: GroundType): string {
  const pattern = BigInt.asUintN(Math.max(width, 1), BigInt(value));
  return `0x${pattern.toString(16).padStart(Math.ceil(width / 4), '0')} (${value})`;
}
