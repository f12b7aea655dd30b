// Instructions to text that `assemble` takes.
//
// Contract: fields in the order of the table, those that are 0 left out, named values by name, addresses in hexadecimal. A word that is none becomes a comment with the reason.

import type { AcceleratorConfig } from './config.ts';
import { decode } from './encode.ts';
import { type FieldSpec, INSTRUCTIONS, type Instruction, type InstructionSpec } from './instructions.ts';

function valueText({ names, signed, width }: FieldSpec, value: number | bigint): string {
  const name = names?.[Number(value)];
  if (name !== undefined) return name;
  return !signed && width >= 24 && value > 9 ? `0x${value.toString(16)}` : value.toString();
}

/** One line. */
export function instructionText({ name, fields, wait = [], signal = [] }: Instruction): string {
  const spec: InstructionSpec = INSTRUCTIONS[name];
  const parts = Object.entries(spec.fields).flatMap(([field, part]) => {
    const value = fields[field] ?? 0;
    return BigInt(value) === 0n && !part.names ? [] : [`${field}=${valueText(part, value)}`];
  });
  const lists = Object.entries({ wait, signal }).flatMap(([key, list]) => (list.length > 0 ? [`${key}=${list.join(',')}`] : []));
  return [name, ...parts, ...lists].join(' ');
}

/** A line for each word. */
export function disassemble(words: readonly bigint[], config: AcceleratorConfig): string {
  return words
    .map((word) => {
      const found = decode(word, config);
      return 'illegal' in found ? `# 0x${word.toString(16).padStart(32, '0')}: ${found.illegal}\n` : `${instructionText(found)}\n`;
    })
    .join('');
}
