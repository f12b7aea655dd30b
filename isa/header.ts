// The C header of the instruction set of a configuration.
//
// Contract: C99 and C++; positions and widths of fields in the word of 128 bits, a function that puts a value there, opcodes, codes of named values and of errors, and the configuration with its hash.

import { type AcceleratorConfig, acceleratorHash, rowBytes } from './config.ts';
import { SEMAPHORE_LSB } from './encode.ts';
import { ERRORS } from './errors.ts';
import { PAYLOAD, SEMAPHORES, WORD_BYTES } from './instructions.ts';
import { ENTRIES } from './rules.ts';

/** `ld.move` → `LD_MOVE`, `aZero` → `A_ZERO`. */
function upper(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase();
}

const PUT = (prefix: string): string[] => [
  '/* Puts the low `width` bits of a value at bit `lsb` of a word, which must be 0 there. word[0] has bits 31:0. */',
  `static inline void ${prefix}_put(uint32_t word[4], unsigned lsb, unsigned width, uint64_t value)`,
  '{',
  '  unsigned i;',
  '  for (i = 0; i < width; i++)',
  '    word[(lsb + i) / 32] |= (uint32_t)((value >> i) & 1u) << ((lsb + i) % 32);',
  '}',
];

/** Text of `<name>_isa.h`; `name` is a C identifier in lower case. */
export function isaHeader(config: AcceleratorConfig, name = 'accelerator'): string {
  const prefix = upper(name);
  const define = (key: string, value: string | number): string => `#define ${`${prefix}_${key}`.padEnd(44)} ${value}`;
  const { modes, ...sizes } = config;
  const hash = acceleratorHash(config);
  const half = (shift: bigint): string => `0x${((hash >> shift) & 0xffffffffn).toString(16).padStart(8, '0').toUpperCase()}u`;
  const instructions = ENTRIES.flatMap(([mnemonic, { opcode, fields, doc }]) => [
    '',
    `/* ${mnemonic}: ${doc} */`,
    define(upper(mnemonic), `0x${opcode.toString(16).padStart(2, '0').toUpperCase()}u`),
    ...Object.entries(fields).flatMap(([field, { lsb, width, names = [] }]) => {
      const key = `${upper(mnemonic)}_${upper(field)}`;
      const mask = width < 64 ? (1n << BigInt(width)) - 1n : 0xffffffffffffffffn;
      return [
        define(`${key}_LSB`, PAYLOAD.lsb + lsb),
        define(`${key}_WIDTH`, width),
        define(`${key}_MASK`, `0x${mask.toString(16).toUpperCase()}${width > 32 ? 'ull' : 'u'}`),
        ...names.map((value, i) => define(`${key}_${upper(value)}`, i)),
      ];
    }),
  ]);
  return [
    `/* Instruction set of ${name}. A word has ${8 * WORD_BYTES} bits and stands in memory little endian. */`,
    `#ifndef ${prefix}_ISA_H`,
    `#define ${prefix}_ISA_H`,
    '',
    '#include <stdint.h>',
    '',
    '/* Configuration. */',
    ...Object.entries(sizes).map(([key, value]) => define(upper(key), value)),
    define('ROW_BYTES', rowBytes(config)),
    define('HASH_LO', half(0n)),
    define('HASH_HI', half(32n)),
    ...modes.map((mode, i) => define(`MODE_${upper(mode)}`, i)),
    '',
    '/* Every word. */',
    define('WORD_BYTES', WORD_BYTES),
    define('OPCODE_LSB', 0),
    define('OPCODE_WIDTH', 8),
    ...Object.entries(SEMAPHORE_LSB).flatMap(([which, lsb]) => [define(`${upper(which)}_LSB`, lsb), define(`${upper(which)}_WIDTH`, SEMAPHORES)]),
    '',
    '/* Errors. */',
    ...Object.entries(ERRORS).map(([error, code]) => define(`ERROR_${upper(error)}`, code)),
    ...instructions,
    '',
    ...PUT(name),
    '',
    `#endif /* ${prefix}_ISA_H */`,
    '',
  ].join('\n');
}
