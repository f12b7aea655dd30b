// Payloads of instructions, packed by the table.

import { type FieldSpec, INSTRUCTIONS, type Mnemonic } from '../../../isa/instructions.ts';

/** The payload of an instruction; fields that are not given are 0. */
export function payloadOf(name: Mnemonic, values: { readonly [field: string]: number | bigint }): bigint {
  const fields: { readonly [field: string]: FieldSpec } = INSTRUCTIONS[name].fields;
  let payload = 0n;
  for (const [field, value] of Object.entries(values)) {
    const { lsb, width } = fields[field] ?? never(`${name} has no field ${field}`);
    payload |= BigInt.asUintN(width, BigInt(value)) << BigInt(lsb);
  }
  return payload;
}

function never(message: string): never {
  throw new Error(message);
}
