// Legal instructions of a configuration.

import fc from 'fast-check';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { type FieldSpec, INSTRUCTIONS, type Instruction, type InstructionSpec, type Mnemonic, SEMAPHORES } from '../../isa/instructions.ts';

/** Values that the table allows, written from its words and not with the encoder's rules. */
function fieldValue(spec: FieldSpec, config: AcceleratorConfig): fc.Arbitrary<number | bigint> {
  const { width, signed = false, least, most, names, positionIn, multipleOf } = spec;
  if (width > 32) return fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n });
  if (names) return fc.integer({ min: 0, max: names.length - 1 });
  if (positionIn) return fc.integer({ min: 0, max: config[positionIn].length - 1 });
  const unit = multipleOf ? config[multipleOf] : 1;
  const low = least ?? (signed ? -(2 ** (width - 1)) : 0);
  const high = most ?? (signed ? 2 ** (width - 1) : 2 ** width) - 1;
  // Not -0, which is another value than 0 to a test.
  return fc.integer({ min: Math.ceil(low / unit), max: Math.floor(high / unit) }).map((n) => n * unit + 0);
}

export function instructionOf(name: Mnemonic, config: AcceleratorConfig): fc.Arbitrary<Instruction> {
  const spec: InstructionSpec = INSTRUCTIONS[name];
  const fields = fc.record(Object.fromEntries(Object.entries(spec.fields).map(([field, part]) => [field, fieldValue(part, config)])));
  const some = fc.uniqueArray(fc.integer({ min: 0, max: SEMAPHORES - 1 }), { maxLength: 3 }).map((list) => list.sort((a, b) => a - b));
  const semaphores = spec.queue === 'control' ? fc.constant([]) : some;
  return fc.tuple(fields, semaphores, semaphores).map(([values, wait, signal]) => ({
    name,
    fields: values,
    ...(wait.length > 0 && { wait }),
    ...(signal.length > 0 && { signal }),
  }));
}

export function anyInstruction(config: AcceleratorConfig): fc.Arbitrary<Instruction> {
  return fc.constantFrom(...(Object.keys(INSTRUCTIONS) as Mnemonic[])).chain((name) => instructionOf(name, config));
}
