// The static rules of the instruction table as logic: combinational, one bit.
//
// Contract: true exactly for the words that `decode` of isa/encode.ts takes.

import { type Bool, bool, lit, type UInt } from '../../hdl/index.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { type FieldSpec, type InstructionSpec, PAYLOAD } from '../../isa/instructions.ts';
import { ENTRIES, multipleOf, rangeOf } from '../../isa/rules.ts';

/** What a field must hold, beyond what its bits can. */
function fieldRules(payload: UInt, spec: FieldSpec, config: AcceleratorConfig): Bool[] {
  const { lsb, width, signed } = spec;
  const field = payload.bits(lsb + width - 1, lsb);
  const [least, most] = rangeOf(spec, config);
  const [low, high] = rangeOf({ lsb, width, ...(signed && { signed }), doc: '' }, config);
  const value = (signed ? field.asSInt() : field) as UInt;
  const zeroBits = Math.log2(multipleOf(spec, config));
  return [
    ...(least > low ? [value.ge(least)] : []),
    ...(most < high ? [value.le(most)] : []),
    ...(zeroBits > 0 ? [field.bits(zeroBits - 1, 0).eq(0)] : []),
  ];
}

function rulesOf(word: UInt, { opcode, queue, fields }: InstructionSpec, config: AcceleratorConfig): Bool {
  const payload = word.bits(PAYLOAD.lsb + PAYLOAD.width - 1, PAYLOAD.lsb);
  const specs = Object.values(fields);
  const used = Math.max(0, ...specs.map(({ lsb, width }) => lsb + width));
  return [
    ...(used < PAYLOAD.width ? [payload.bits(PAYLOAD.width - 1, used).eq(0)] : []),
    ...(queue === 'control' ? [word.bits(PAYLOAD.lsb - 1, 8).eq(0)] : []),
    ...specs.flatMap((spec) => fieldRules(payload, spec, config)),
  ].reduce((all, rule) => all.and(rule), word.bits(7, 0).eq(opcode));
}

/** Whether a word of 128 bits is an instruction. */
export function isLegal(word: UInt, config: AcceleratorConfig): Bool {
  return ENTRIES.map(([name, spec]) => rulesOf(word, spec, config).named(`legal_${name.replace('.', '_')}`)).reduce(
    (any, one) => any.or(one),
    lit(bool, false),
  );
}
