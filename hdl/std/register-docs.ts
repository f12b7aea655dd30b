// The C header and the page of a register map.
//
// Contract: both say what `RegisterBank` does, from the same description. The header is C89 and C++: offsets in bytes, and of each field its mask in
// place and its position. Refused: what `checkRegisterMap` refuses.

import { type CheckedMap, checkRegisterMap, type Field, hex, type RegisterMap, range, upperCase } from './register-map.ts';

/** Text of `<name>_regs.h`. */
export function cHeader(description: RegisterMap): string {
  const map = checkRegisterMap(description);
  const prefix = upperCase(map.name);
  const suffix = map.dataWidth === 64 ? 'ULL' : 'U';
  const lines = map.registers.flatMap(({ name, offset, doc, fields }) => {
    const register = `${prefix}_${upperCase(name)}`;
    return [
      '',
      ...(doc ? [`/* ${comment(doc)} */`] : []),
      define(`${register}_OFFSET`, `${hex(offset)}U`),
      define(`${register}_RESET`, `${hex(resetOf(fields))}${suffix}`),
      ...fields.flatMap((field) => [
        ...(field.doc ? [`/* ${field.access}: ${comment(field.doc)} */`] : []),
        define(`${register}_${upperCase(field.name)}_MASK`, `${hex(((1n << BigInt(field.width)) - 1n) << BigInt(field.lsb))}${suffix}`),
        define(`${register}_${upperCase(field.name)}_SHIFT`, `${field.lsb}`),
      ]),
    ];
  });
  const guard = `${prefix}_REGS_H`;
  return [
    `/* Registers of ${map.name}${map.doc ? `: ${comment(map.doc)}` : '.'} */`,
    `#ifndef ${guard}`,
    `#define ${guard}`,
    ...lines,
    '',
    `#endif /* ${guard} */`,
    '',
  ].join('\n');
}

/** A page with a table of the registers and one of the fields of each. */
export function registerMarkdown(description: RegisterMap): string {
  const map = checkRegisterMap(description);
  const overview = map.registers.map(({ name, offset, doc, fields }) => row([hex(offset), `\`${name}\``, hex(resetOf(fields)), doc]));
  const details = map.registers.flatMap(({ name, offset, doc, fields }) => [
    '',
    `## ${name} (${hex(offset)})`,
    '',
    ...(doc ? [doc, ''] : []),
    ...table(['Bits', 'Field', 'Access', 'Reset', 'Meaning']),
    ...[...fields]
      .reverse()
      .map((field) => row([range(field), `\`${field.name}\``, field.access, field.access === 'ro' ? '' : hex(field.reset), field.doc])),
  ]);
  return [
    `# ${map.name}`,
    '',
    ...(map.doc ? [map.doc, ''] : []),
    facts(map),
    '',
    ...table(['Offset', 'Register', 'Reset', 'Meaning']),
    ...overview,
    ...details,
    '',
  ].join('\n');
}

function facts({ dataWidth, addressWidth }: CheckedMap): string {
  return `AXI4-Lite, ${dataWidth} data bits, ${addressWidth} address bits. Other offsets answer SLVERR. Bits without a field read zero.`;
}

/** What software reads after reset, with zero in ro and wo fields. */
function resetOf(fields: readonly Field[]): bigint {
  return fields.reduce((sum, { access, reset, lsb }) => (access === 'wo' ? sum : sum | (reset << BigInt(lsb))), 0n);
}

function define(name: string, value: string): string {
  return `#define ${name.padEnd(40)} ${value}`;
}

function comment(text: string): string {
  return text.replaceAll('*/', '* /').replaceAll('\n', ' ');
}

function table(columns: readonly string[]): string[] {
  return [row(columns), `|${columns.map(() => '---|').join('')}`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
