// Text to instructions: one a line, `ld.move memory=0x1000 local=0 run=64 wait=1,2 signal=3`.
//
// Contract: `#` begins a comment; numbers are decimal, 0x… or 0b…, with _ between digits and a sign in front; a field with names takes them or the number; fields that are not given are 0. The hash
// of `begin` may be `config`, that of the configuration. Refused, each with its line: what `encode` refuses, names and numbers that are none, fields given twice.

import { type AcceleratorConfig, acceleratorHash } from './config.ts';
import { decode, encode } from './encode.ts';
import { INSTRUCTIONS, type Instruction, type InstructionSpec } from './instructions.ts';
import { isMnemonic, nearest } from './rules.ts';

const NUMBER = /^(-?)(0x[0-9a-f][0-9a-f_]*|0b[01][01_]*|[0-9][0-9_]*)$/i;

function numberOf(text: string, what: string): bigint {
  const [, sign, digits] = NUMBER.exec(text) ?? [];
  if (digits === undefined) throw new RangeError(`${what} is \`${text}\`, but must be a number such as 12, -3 or 0x40`);
  const value = BigInt(digits.replaceAll('_', ''));
  return sign ? -value : value;
}

function parseValue(text: string, field: string, name: string, spec: InstructionSpec, config: AcceleratorConfig): number | bigint {
  const { names, width } = spec.fields[field] ?? { width: 0 };
  if (field === 'hash' && text === 'config') return acceleratorHash(config);
  const position = names?.indexOf(text) ?? -1;
  if (position >= 0) return position;
  if (names && /^[a-z]/i.test(text)) throw new RangeError(`${field} of ${name} is \`${text}\`, but must be one of ${names.join(', ')}`);
  const value = numberOf(text, `${field} of ${name}`);
  return width > 32 ? value : Number(value);
}

function parseLine(line: string, config: AcceleratorConfig): Instruction {
  const [name = '', ...parts] = line.split(/\s+/);
  if (!isMnemonic(name)) throw new RangeError(`\`${name}\` is no instruction; did you mean ${nearest(name, Object.keys(INSTRUCTIONS))}?`);
  const fields: { [field: string]: number | bigint } = {};
  const lists: { wait?: number[]; signal?: number[] } = {};
  for (const part of parts) {
    const [, key, text] = /^([A-Za-z]\w*)=(\S+)$/.exec(part) ?? [];
    if (key === undefined || text === undefined) throw new RangeError(`\`${part}\` is not of the form field=value`);
    if (key in fields || key in lists) throw new RangeError(`${key} is given twice`);
    if (key === 'wait' || key === 'signal') lists[key] = text.split(',').map((n) => Number(numberOf(n, key)));
    else fields[key] = parseValue(text, key, name, INSTRUCTIONS[name], config);
  }
  return decode(encode({ name, fields, ...lists }, config), config) as Instruction;
}

/** The instructions of a text, with all their fields. Throws a RangeError with the number of the line. */
export function assemble(text: string, config: AcceleratorConfig): Instruction[] {
  return text.split('\n').flatMap((full, i) => {
    const line = full.replace(/#.*/, '').trim();
    if (line === '') return [];
    try {
      return [parseLine(line, config)];
    } catch (error) {
      throw error instanceof RangeError ? new RangeError(`line ${i + 1}: ${error.message}`) : error;
    }
  });
}
