// Instructions to words and back.
//
// Invariant: `decode(encode(x))` is x with all its fields, and `encode(decode(w))` is w for every legal word w. Fields that are not given are 0. Refused (`encode` throws a RangeError,
// `decode` gives the sentence): unknown names, values against a rule of the table, semaphores that do not exist or are named twice, semaphores of control instructions, stray bits.

import type { AcceleratorConfig } from './config.ts';
import {
  type FieldSpec,
  INSTRUCTIONS,
  type Instruction,
  type InstructionSpec,
  type Mnemonic,
  PAYLOAD,
  SEMAPHORES,
  WORD_BYTES,
} from './instructions.ts';
import { ENTRIES, fieldFault, isMnemonic, nearest } from './rules.ts';

/** Where the semaphores stand in a word. */
export const SEMAPHORE_LSB = { wait: 8, signal: 24 } as const;

const bits = (n: number): bigint => (1n << BigInt(n)) - 1n;

function mask(instruction: Instruction, which: 'wait' | 'signal', queue: InstructionSpec['queue']): bigint {
  const list = instruction[which] ?? [];
  const refuse = (fault: string): never => {
    throw new RangeError(`${which} of ${instruction.name} ${fault}`);
  };
  if (queue === 'control' && list.length > 0)
    refuse('names semaphores, but control instructions have none; use fence, or the instructions around it');
  return list.reduce((all, semaphore) => {
    if (!Number.isInteger(semaphore) || semaphore < 0 || semaphore >= SEMAPHORES)
      refuse(`names semaphore ${semaphore}, but there are 0 to ${SEMAPHORES - 1}`);
    const bit = 1n << BigInt(semaphore);
    if (all & bit) refuse(`names semaphore ${semaphore} twice; an instruction takes or gives one of each at most`);
    return all | bit;
  }, 0n);
}

/** The word of an instruction. Throws a RangeError naming the value, the rule and the remedy. */
export function encode(instruction: Instruction, config: AcceleratorConfig): bigint {
  const { name, fields } = instruction;
  if (!isMnemonic(name)) throw new RangeError(`\`${name}\` is no instruction; did you mean ${nearest(name, Object.keys(INSTRUCTIONS))}?`);
  const spec: InstructionSpec = INSTRUCTIONS[name];
  const known = Object.keys(spec.fields);
  for (const field of Object.keys(fields))
    if (!known.includes(field))
      throw new RangeError(
        `${name} has no field \`${field}\`; ${known.length > 0 ? `did you mean ${nearest(field, known)}? It has ${known.join(', ')}` : 'it has none'}`,
      );
  const payload = Object.entries(spec.fields).reduce((all, [field, part]) => {
    const given = fields[field] ?? 0;
    if (typeof given !== 'bigint' && !Number.isSafeInteger(given))
      throw new RangeError(`${field} of ${name} is ${given}, but must be a whole number`);
    const fault = fieldFault(part, BigInt(given), config);
    if (fault) throw new RangeError(`${field} of ${name} ${fields[field] === undefined ? 'is not given and ' : ''}${fault}`);
    return all | ((BigInt(given) & bits(part.width)) << BigInt(part.lsb));
  }, 0n);
  const semaphores = (['wait', 'signal'] as const).reduce(
    (all, which) => all | (mask(instruction, which, spec.queue) << BigInt(SEMAPHORE_LSB[which])),
    0n,
  );
  return BigInt(spec.opcode) | semaphores | (payload << BigInt(PAYLOAD.lsb));
}

/** Why a word is no instruction. */
export interface Illegal {
  readonly illegal: string;
}

function fieldValue({ lsb, width, signed }: FieldSpec, payload: bigint): bigint {
  const raw = (payload >> BigInt(lsb)) & bits(width);
  return signed ? BigInt.asIntN(width, raw) : raw;
}

const BY_OPCODE = new Map<number, readonly [Mnemonic, InstructionSpec]>(ENTRIES.map((entry) => [entry[1].opcode, entry]));

/** The instruction of a word of 128 bits, all its fields as numbers (the hash as bigint), or what is wrong with it. */
export function decode(word: bigint, config: AcceleratorConfig): Instruction | Illegal {
  const opcode = Number(word & 255n);
  const [name, spec] = BY_OPCODE.get(opcode) ?? [];
  if (!name || !spec) return { illegal: `opcode 0x${opcode.toString(16).padStart(2, '0')} is that of no instruction` };
  const payload = word >> BigInt(PAYLOAD.lsb);
  const used = Object.values(spec.fields).reduce((all, { lsb, width }) => all | (bits(width) << BigInt(lsb)), 0n);
  if (payload & ~used) return { illegal: `${name} has bits set that it does not use (0x${((payload & ~used) << BigInt(PAYLOAD.lsb)).toString(16)})` };
  const fields: { [field: string]: number | bigint } = {};
  for (const [field, part] of Object.entries(spec.fields)) {
    const value = fieldValue(part, payload);
    const fault = fieldFault(part, value, config);
    if (fault) return { illegal: `${field} of ${name} ${fault}` };
    fields[field] = part.width > 32 ? value : Number(value);
  }
  const listed = (which: 'wait' | 'signal'): number[] =>
    Array.from({ length: SEMAPHORES }, (_, i) => i).filter((i) => (word >> BigInt(SEMAPHORE_LSB[which] + i)) & 1n);
  const [wait, signal] = [listed('wait'), listed('signal')];
  if (spec.queue === 'control' && wait.length + signal.length > 0) return { illegal: `${name} names semaphores, but control instructions have none` };
  return { name, fields, ...(wait.length > 0 && { wait }), ...(signal.length > 0 && { signal }) };
}

/** Words as they stand in memory: little endian, 16 bytes each. */
export function wordsToBytes(words: readonly bigint[]): Uint8Array {
  return Uint8Array.from({ length: words.length * WORD_BYTES }, (_, i) => Number(((words[i >> 4] as bigint) >> BigInt(8 * (i & 15))) & 255n));
}

/** A program as it stands in memory. Throws what `encode` throws, with the number of the instruction. */
export function encodeProgram(program: readonly Instruction[], config: AcceleratorConfig): Uint8Array {
  return wordsToBytes(
    program.map((instruction, i) => {
      try {
        return encode(instruction, config);
      } catch (error) {
        throw error instanceof RangeError ? new RangeError(`instruction ${i}: ${error.message}`) : error;
      }
    }),
  );
}

/** The words of a program in memory. Throws a RangeError unless its length is a multiple of 16. */
export function bytesToWords(bytes: Uint8Array): bigint[] {
  if (bytes.length % WORD_BYTES !== 0) throw new RangeError(`a program of ${bytes.length} bytes, but instructions have ${WORD_BYTES} bytes each`);
  return Array.from({ length: bytes.length / WORD_BYTES }, (_, i) =>
    bytes.subarray(i * WORD_BYTES, (i + 1) * WORD_BYTES).reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n),
  );
}
