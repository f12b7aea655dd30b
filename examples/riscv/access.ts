// Bytes, half-words and words within the four lanes of a memory word.
//
// Invariant: little-endian, lane 0 is the lowest byte. The access is aligned to its size; `misaligned` says when it is not.

import { type Bool, type BoolType, mux, type UInt, type UIntType, type VecValue, vecOf } from '../../hdl/index.ts';

export type Lanes = VecValue<UIntType<8>>;

/** By funct3 of a load or store: 0 a byte, 1 a half-word, 2 a word. */
const sizeOf = (funct3: UInt): UInt => funct3.bits(1, 0);

/** Whether an address is no multiple of the size. */
export function misaligned(funct3: UInt, address: UInt): Bool {
  const size = sizeOf(funct3);
  return size
    .eq(1)
    .and(address.bit(0))
    .or(size.eq(2).and(address.bits(1, 0).ne(0)));
}

/** The low bytes of a value repeated in all lanes of their size, and the lanes that a store writes. */
export function stored(funct3: UInt, address: UInt, value: UInt): { readonly lanes: Lanes; readonly mask: VecValue<BoolType> } {
  const size = sizeOf(funct3);
  const [b0, b1, b2, b3] = [0, 8, 16, 24].map((low) => value.bits(low + 7, low)) as [UInt, UInt, UInt, UInt];
  const isByte = size.eq(0);
  const isWord = size.eq(2);
  const [half, odd] = [address.bit(1), address.bit(0)];
  const lanes = vecOf(b0, mux(isByte, b0, b1), mux(isWord, b2, b0), mux(isByte, b0, mux(isWord, b3, b1)));
  const written = [0, 1, 2, 3].map((lane) => isWord.or(half.eq(lane > 1).and(isByte.not().or(odd.eq(lane % 2 === 1)))));
  return { lanes: lanes as Lanes, mask: vecOf(...(written as [Bool, ...Bool[]])) };
}

/** What a load gives, of the memory word that its address lies in. */
export function loaded(funct3: UInt, address: UInt, word: Lanes): UInt<32> {
  const isUnsigned = funct3.bit(2);
  const half = mux(address.bit(1), word.asUInt().bits(31, 16), word.asUInt().bits(15, 0));
  const byte = mux(address.bit(0), half.bits(15, 8), half.bits(7, 0));
  const extended = (value: UInt): UInt<32> => mux(isUnsigned, value.extend(32), value.asSInt().extend(32).asUInt());
  const size = sizeOf(funct3);
  return mux(size.eq(0), extended(byte), mux(size.eq(1), extended(half), word.asUInt().trunc(32)));
}
