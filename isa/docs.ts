// The page of the instruction set, from the table.

import { SEMAPHORE_LSB } from './encode.ts';
import { ERROR_DOCS, ERRORS } from './errors.ts';
import { type FieldSpec, PAYLOAD, type Queue, SEMAPHORES, WORD_BYTES } from './instructions.ts';
import { ENTRIES } from './rules.ts';

const QUEUES: { readonly [Q in Queue]: string } = {
  control: 'Control: executed in order, as soon as they are decoded',
  ld: 'LD: memory to scratchpad',
  st: 'ST: scratchpad to memory',
  mx: 'MX: the matrix unit',
  vx: 'VX: vectors of bytes, post-processing',
};

const range = (lsb: number, width: number): string => (width === 1 ? `${lsb}` : `${lsb + width - 1}:${lsb}`);

function rules({ signed, width, least, most, names, positionIn, multipleOf }: FieldSpec): string {
  const limits = least === undefined && most === undefined ? '' : `${least ?? 0} to ${most ?? 2 ** (signed ? width - 1 : width) - 1}`;
  const parts = [
    signed && 'signed',
    limits,
    multipleOf && `multiple of ${multipleOf}`,
    names?.map((name, i) => `${i} ${name}`).join(', '),
    positionIn && `less than the number of ${positionIn}`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** Text of `docs/instruction-set.md`. */
export function instructionSetMarkdown(): string {
  const sections = (Object.keys(QUEUES) as Queue[]).flatMap((queue) => [
    `## ${QUEUES[queue]}`,
    '',
    ...ENTRIES.filter(([, spec]) => spec.queue === queue).flatMap(([name, { opcode, fields, doc }]) => [
      `### \`${name}\` (0x${opcode.toString(16).padStart(2, '0')})`,
      '',
      doc,
      '',
      ...(Object.keys(fields).length > 0 ? ['| Bits | Field | Rule | Meaning |', '|---|---|---|---|'] : []),
      ...Object.entries(fields).map(
        ([field, part]) => `| ${range(PAYLOAD.lsb + part.lsb, part.width)} | \`${field}\` | ${rules(part)} | ${part.doc} |`,
      ),
      ...(Object.keys(fields).length > 0 ? [''] : []),
    ]),
  ]);
  return [
    '# Instruction set of the accelerator',
    '',
    'Made from [isa/instructions.ts](../isa/instructions.ts) by `npm run docs:isa`. What the instructions do: [0025](design/0025-accelerator.md).',
    '',
    `A word has ${8 * WORD_BYTES} bits and stands in memory little endian, at a multiple of ${WORD_BYTES} bytes. Unused bits are 0.`,
    '',
    '| Bits | Meaning |',
    '|---|---|',
    '| 7:0 | opcode |',
    `| ${range(SEMAPHORE_LSB.wait, SEMAPHORES)} | semaphores to wait for, one bit each; 0 in control instructions |`,
    `| ${range(SEMAPHORE_LSB.signal, SEMAPHORES)} | semaphores to signal; 0 in control instructions |`,
    `| ${range(PAYLOAD.lsb, PAYLOAD.width)} | payload |`,
    '',
    '*Rows* and *cols* are those of the array.',
    '',
    '## Text',
    '',
    'One instruction a line; `#` begins a comment; fields that are not given are 0; `hash=config` stands for the hash of the configuration.',
    '',
    '```text',
    'begin hash=config',
    'ld.dim index=0 count=4 stride=256 local=64     # four rows of 64 bytes',
    'ld.move memory=0x1000 local=0 run=64 signal=3',
    'st.move memory=0x8000 local=0 run=256 wait=3',
    'halt',
    '```',
    '',
    ...sections,
    '## Errors',
    '',
    '| Code | Name | Meaning |',
    '|---|---|---|',
    ...Object.entries(ERRORS).map(([name, code]) => `| ${code} | ${name} | ${ERROR_DOCS[name as keyof typeof ERRORS]} |`),
    '',
  ].join('\n');
}
