// Instructions as the hardware sees them: fields of a payload by name.

import type { Bool, SInt, UInt } from '../../hdl/index.ts';
import { type FieldSpec, INSTRUCTIONS, type Mnemonic } from '../../isa/instructions.ts';

type Fields<N extends Mnemonic> = (typeof INSTRUCTIONS)[N]['fields'];
type Decoded<N extends Mnemonic> = { readonly [K in keyof Fields<N>]: Fields<N>[K] extends { readonly signed: true } ? SInt : UInt };

/** The fields of an instruction: slices of the payload, signed ones as signed. */
export function decodeFields<N extends Mnemonic>(name: N, payload: UInt): Decoded<N> {
  const fields: { readonly [field: string]: FieldSpec } = INSTRUCTIONS[name].fields;
  const decoded = Object.entries(fields).map(([field, { lsb, width, signed }]) => {
    const bits = payload.bits(lsb + width - 1, lsb);
    return [field, signed ? bits.asSInt() : bits];
  });
  return Object.fromEntries(decoded) as Decoded<N>;
}

/** Whether an opcode is that of an instruction. */
export function isOpcode(opcode: UInt, name: Mnemonic): Bool {
  return opcode.eq(INSTRUCTIONS[name].opcode);
}
