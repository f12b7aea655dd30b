// Texts that bring a computed value into the range of its type, by representation.

import type { GroundType } from '../../hdl/ir/nodes.ts';
import { repOf } from './memory.ts';

/** The low bits of a number of which at least those are right, as a value of a type of at most 32 bits. */
export function wrapInt(js: string, { kind, width }: GroundType): string {
  if (width === 0) return '0';
  if (kind === 'sint') return width === 32 ? `(${js} | 0)` : `((${js}) << ${32 - width} >> ${32 - width})`;
  return width === 32 ? `((${js}) >>> 0)` : `((${js}) & ${2 ** width - 1})`;
}

/** The same for a result that is in range already: only its sign at 32 bits needs care. */
export function exactInt(js: string, { kind, width }: GroundType): string {
  return kind !== 'sint' && width === 32 ? `((${js}) >>> 0)` : `(${js} | 0)`;
}

export function wrapFloat(js: string, { kind, width }: GroundType): string {
  return `h.wrap${kind === 'sint' ? 'S' : 'U'}(${js}, ${2 ** width})`;
}

export function wrapBig(js: string, { kind, width }: GroundType): string {
  return `BigInt.as${kind === 'sint' ? 'Int' : 'Uint'}N(${width}, ${js})`;
}

export function literal(value: bigint, type: GroundType): string {
  const text = repOf(type) === 'big' ? `${value}n` : String(value);
  return value < 0n ? `(${text})` : text;
}
