// The instruction set: words and texts there and back, every rule refused, the header compiled, the page current.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { assemble } from '../../isa/assemble.ts';
import { type AcceleratorConfig, acceleratorHash, DEFAULT_ACCELERATOR } from '../../isa/config.ts';
import { disassemble, instructionText } from '../../isa/disassemble.ts';
import { instructionSetMarkdown } from '../../isa/docs.ts';
import { bytesToWords, decode, encode, encodeProgram, wordsToBytes } from '../../isa/encode.ts';
import { isaHeader } from '../../isa/header.ts';
import { INSTRUCTIONS, type Instruction, type InstructionSpec, PAYLOAD } from '../../isa/instructions.ts';
import { anyInstruction } from './arbitraries.ts';

const CONFIG: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 8, cols: 4, modes: ['double', 'single', 'floor'] };
const any = anyInstruction(CONFIG);

describe('words', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(any, (instruction) => {
        expect(decode(encode(instruction, CONFIG), CONFIG)).toEqual(instruction);
      }),
      { numRuns: 500 },
    );
  });

  it('that are legal are their own encoding; one changed bit gives another instruction or a reason', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 127 }), (instruction, bit) => {
        const word = encode(instruction, CONFIG) ^ (1n << BigInt(bit));
        const found = decode(word, CONFIG);
        if ('illegal' in found) expect(found.illegal).toMatch(/opcode|does not use|must be|have none/);
        else expect(encode(found, CONFIG)).toBe(word);
      }),
      { numRuns: 1000 },
    );
  });

  it('stand in memory little endian', () => {
    const program: Instruction[] = [{ name: 'ld.move', fields: { memory: 0x12345678, run: 1 }, signal: [0] }];
    expect([...encodeProgram(program, CONFIG)]).toEqual([0x13, 0, 0, 1, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 1, 0, 0, 0]);
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })), (words) => {
        expect(bytesToWords(wordsToBytes(words))).toEqual(words);
      }),
    );
  });

  it('have room for every field', () => {
    for (const { fields } of Object.values(INSTRUCTIONS) as InstructionSpec[]) {
      const parts = Object.values(fields).sort((a, b) => a.lsb - b.lsb);
      parts.forEach((part, i) => expect(part.lsb).toBeGreaterThanOrEqual(i === 0 ? 0 : (parts[i - 1]?.lsb ?? 0) + (parts[i - 1]?.width ?? 0)));
      expect((parts.at(-1)?.lsb ?? 0) + (parts.at(-1)?.width ?? 0)).toBeLessThanOrEqual(PAYLOAD.width);
    }
    const opcodes = Object.values(INSTRUCTIONS).map((spec) => spec.opcode);
    expect(new Set(opcodes).size).toBe(opcodes.length);
  });
});

describe('refused, with value, rule and remedy', () => {
  const wrong =
    (name: string, fields: Record<string, number>, more: object = {}) =>
    () =>
      encode({ name, fields, ...more } as Instruction, CONFIG);
  test.each<[string, () => unknown, string]>([
    ['a name', wrong('ld.mov', {}), '`ld.mov` is no instruction; did you mean ld.move?'],
    ['a field', wrong('ld.move', { memroy: 1 }), 'ld.move has no field `memroy`; did you mean memory? It has memory, local, run, convert'],
    ['a field of none', wrong('halt', { code: 1 }), 'halt has no field `code`; it has none'],
    ['too small', wrong('ld.dim', { count: 0 }), 'count of ld.dim is 0, but must be 1 to 65535'],
    ['not given', wrong('ld.move', { memory: 1 }), 'run of ld.move is not given and is 0, but must be 1 to 65535'],
    ['too large', wrong('ld.dim', { index: 4, count: 1 }), 'index of ld.dim is 4, but must be 0 to 3'],
    ['too negative', wrong('mx.dim', { count: 1, y: -33 }), 'y of mx.dim is -33, but must be -32 to 31'],
    [
      'no multiple',
      wrong('mx.multiply', { activation: 12 }),
      'activation of mx.multiply is 12, but must be a multiple of 8 (rows of the array), for instance 8',
    ],
    [
      'no negative multiple',
      wrong('vx.dim', { count: 1, b: -6 }),
      'b of vx.dim is -6, but must be a multiple of 4 (cols of the array), for instance -8',
    ],
    ['no name', wrong('ld.move', { run: 1, convert: 2 }), 'convert of ld.move is 2, but must be 0 to 1, one of none, flip'],
    ['no mode', wrong('vx.range', { mode: 3 }), 'mode of vx.range is 3, but must be 0 to 2, a position in double, single, floor'],
    ['a fraction', wrong('ld.move', { run: 1.5 }), 'run of ld.move is 1.5, but must be a whole number'],
    ['a semaphore', wrong('ld.move', { run: 1 }, { wait: [16] }), 'wait of ld.move names semaphore 16, but there are 0 to 15'],
    [
      'a semaphore twice',
      wrong('ld.move', { run: 1 }, { signal: [2, 2] }),
      'signal of ld.move names semaphore 2 twice; an instruction takes or gives one of each at most',
    ],
    [
      'a semaphore of control',
      wrong('halt', {}, { wait: [1] }),
      'wait of halt names semaphores, but control instructions have none; use fence, or the instructions around it',
    ],
    [
      'a program',
      () =>
        encodeProgram(
          [
            { name: 'halt', fields: {} },
            { name: 'st.move', fields: {} },
          ],
          CONFIG,
        ),
      'instruction 1: run of st.move is not given and is 0, but must be 1 to 65535',
    ],
    ['a length', () => bytesToWords(new Uint8Array(17)), 'a program of 17 bytes, but instructions have 16 bytes each'],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(new RangeError(message));
  });

  test.each<[string, bigint, string]>([
    ['an opcode', 0x7fn, 'opcode 0x7f is that of no instruction'],
    ['stray bits', 2n | (1n << 100n), 'halt has bits set that it does not use (0x10000000000000000000000000)'],
    ['a field', 0x13n, 'run of ld.move is 0, but must be 1 to 65535'],
    ['semaphores', 2n | (1n << 8n), 'halt names semaphores, but control instructions have none'],
  ])('a word with %s', (_, word, illegal) => {
    expect(decode(word, CONFIG)).toEqual({ illegal });
  });
});

describe('text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (program) => {
        const words = program.map((instruction) => encode(instruction, CONFIG));
        for (const text of [program.map(instructionText).join('\n'), disassemble(words, CONFIG)])
          expect(assemble(text, CONFIG).map((instruction) => encode(instruction, CONFIG))).toEqual(words);
      }),
      { numRuns: 200 },
    );
  });

  it('is what a person would write', () => {
    const text = `
# Two tiles.
begin hash=config
ld.move memory=0x1_000 local=0 run=0b1000000 convert=flip wait=1,2 signal=3  # and a comment
vx.run operation=add a=16 b=32 out=48
ld.dim index=1 count=3 stride=-64
`;
    const program = assemble(text, CONFIG);
    expect(program[0]).toEqual({ name: 'begin', fields: { hash: acceleratorHash(CONFIG) } });
    expect(program[1]).toEqual({ name: 'ld.move', fields: { memory: 4096, local: 0, run: 64, convert: 1 }, wait: [1, 2], signal: [3] });
    expect(disassemble([...program.slice(1).map((instruction) => encode(instruction, CONFIG)), 0x99n], CONFIG)).toBe(
      [
        'ld.move memory=0x1000 run=64 convert=flip wait=1,2 signal=3',
        'vx.run operation=add a=0x10 b=0x20 out=0x30',
        'ld.dim index=1 count=3 stride=-64',
        '# 0x00000000000000000000000000000099: opcode 0x99 is that of no instruction',
        '',
      ].join('\n'),
    );
  });

  test.each<[string, string]>([
    ['halt\nld.mvoe run=1', 'line 2: `ld.mvoe` is no instruction; did you mean ld.move?'],
    ['ld.move run', 'line 1: `run` is not of the form field=value'],
    ['ld.move run=1 run=2', 'line 1: run is given twice'],
    ['ld.move run=x', 'line 1: run of ld.move is `x`, but must be a number such as 12, -3 or 0x40'],
    [
      'vx.run operation=sub',
      `line 1: operation of vx.run is \`sub\`, but must be one of copy, requantise, depthwise, average, maximum, add, multiply, prelu`,
    ],
    ['\nld.move run=0', 'line 2: run of ld.move is 0, but must be 1 to 65535'],
    ['ld.move run=1 wait=a', 'line 1: wait is `a`, but must be a number such as 12, -3 or 0x40'],
  ])('refuses %j', (text, message) => {
    expect(() => assemble(text, CONFIG)).toThrow(new RangeError(message));
  });
});

it('has a C header that encodes as the encoder does', () => {
  const dir = mkdtempSync(join(tmpdir(), 'systole-isa-'));
  try {
    writeFileSync(join(dir, 'isa.h'), isaHeader(CONFIG, 'npu'));
    writeFileSync(
      join(dir, 'main.c'),
      `#include <stdio.h>
#include "isa.h"
#include "isa.h"
#define PUT(field, value) npu_put(w, NPU_##field##_LSB, NPU_##field##_WIDTH, (uint64_t)(int64_t)(value))
static void show(const uint32_t w[4]) { printf("%08x%08x%08x%08x\\n", w[3], w[2], w[1], w[0]); }
int main(void) {
  { uint32_t w[4] = { 0 }; npu_put(w, NPU_OPCODE_LSB, NPU_OPCODE_WIDTH, NPU_LD_DIM); PUT(WAIT, 1u << 5); PUT(SIGNAL, 6);
    PUT(LD_DIM_INDEX, 2); PUT(LD_DIM_COUNT, 700); PUT(LD_DIM_STRIDE, -123456); PUT(LD_DIM_LOCAL, -1); PUT(LD_DIM_Y, -32); PUT(LD_DIM_X, 31); show(w); }
  { uint32_t w[4] = { NPU_VX_RANGE }; PUT(VX_RANGE_A_ZERO, -128); PUT(VX_RANGE_MODE, NPU_MODE_FLOOR); show(w); }
  { uint32_t w[4] = { NPU_BEGIN }; PUT(BEGIN_HASH, (uint64_t)NPU_HASH_HI << 32 | NPU_HASH_LO); show(w); }
  { uint32_t w[4] = { NPU_VX_RUN }; PUT(VX_RUN_OPERATION, NPU_VX_RUN_OPERATION_PRELU); PUT(VX_RUN_OUT, NPU_COLS * 3); show(w); }
  printf("%d %d\\n", NPU_ROWS, NPU_ERROR_SLAVE_ERROR);
  return 0;
}
`,
    );
    execFileSync('cc', ['-std=c99', '-Wall', '-Wextra', '-pedantic', '-Werror', '-o', 'main', 'main.c'], { cwd: dir });
    const program: Instruction[] = [
      { name: 'ld.dim', fields: { index: 2, count: 700, stride: -123456, local: -1, y: -32, x: 31 }, wait: [5], signal: [1, 2] },
      { name: 'vx.range', fields: { aZero: -128, mode: 2 } },
      { name: 'begin', fields: { hash: acceleratorHash(CONFIG) } },
      { name: 'vx.run', fields: { operation: 7, out: 12 } },
    ];
    const words = program.map((instruction) => encode(instruction, CONFIG).toString(16).padStart(32, '0'));
    expect(execFileSync(join(dir, 'main'), { encoding: 'utf8' }).split('\n')).toEqual([...words, '8 2', '']);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it('has a current page: npm run docs:isa', () => {
  expect(readFileSync(new URL('../../docs/instruction-set.md', import.meta.url), 'utf8')).toBe(instructionSetMarkdown());
});
