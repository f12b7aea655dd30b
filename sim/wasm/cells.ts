// Values in linear memory and in locals.
//
// Invariant: to 32 bits a value is one i32, to 64 one i64, above a list of i64 limbs, the lowest first; always the value itself, sign-extended
// for a sint and zero-extended for others. In memory a cell has 1, 2, 4 or 8 bytes or whole limbs.

import type { GroundType } from '../../hdl/ir/nodes.ts';

export function cellSize({ width }: GroundType): number {
  return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : limbsOf(width) * 8;
}

/** 64-bit words of a width; those of at most 32 bits have one as well. */
export function limbsOf(width: number): number {
  return Math.max(1, Math.ceil(width / 64));
}

/** Cells of a type to 32 bits as elements of an array over all of the memory. */
export type Words = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** Reads and writes cells from outside. */
export class CellView {
  readonly bytes: Uint8Array;
  readonly #data: DataView;
  readonly #signed: readonly Words[];
  readonly #unsigned: readonly Words[];

  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.#data = new DataView(buffer);
    this.#signed = [new Int8Array(buffer), new Int16Array(buffer), new Int32Array(buffer)];
    this.#unsigned = [this.bytes, new Uint16Array(buffer), new Uint32Array(buffer)];
  }

  /** Undefined above 32 bits. */
  words({ kind, width }: GroundType): Words | undefined {
    return (kind === 'sint' ? this.#signed : this.#unsigned)[width <= 8 ? 0 : width <= 16 ? 1 : width <= 32 ? 2 : 3];
  }

  read(at: number, { kind, width }: GroundType): number | bigint {
    const data = this.#data;
    const signed = kind === 'sint';
    if (width <= 8) return signed ? data.getInt8(at) : data.getUint8(at);
    if (width <= 16) return signed ? data.getInt16(at, true) : data.getUint16(at, true);
    if (width <= 32) return signed ? data.getInt32(at, true) : data.getUint32(at, true);
    if (width <= 64) return signed ? data.getBigInt64(at, true) : data.getBigUint64(at, true);
    let value = 0n;
    for (let i = limbsOf(width) - 1; i >= 0; i--) value = (value << 64n) | data.getBigUint64(at + 8 * i, true);
    return signed ? BigInt.asIntN(width, value) : value;
  }

  write(at: number, { width }: GroundType, value: number | bigint): void {
    const data = this.#data;
    if (width <= 8) data.setUint8(at, Number(value));
    else if (width <= 16) data.setUint16(at, Number(value), true);
    else if (width <= 32) data.setUint32(at, Number(value), true);
    else for (let i = 0, rest = BigInt(value); i < limbsOf(width); i++, rest >>= 64n) data.setBigUint64(at + 8 * i, BigInt.asUintN(64, rest), true);
  }
}
