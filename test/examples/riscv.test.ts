// The RV32I core: a published list of tests and random programs, instruction by instruction against an independent model, on every engine.

import { afterAll, describe, expect, it } from 'vitest';
import { assemble } from '../../examples/riscv/assembler.ts';
import { PRIMES, SORT } from '../../examples/riscv/programs.ts';
import { type Run, runProgram } from '../../examples/riscv/run.ts';
import { RiscvSystem } from '../../examples/riscv/system.ts';
import { type Simulation, simulate } from '../../sim/index.ts';
import { Rng } from '../support/random.ts';
import { ISA_PROGRAMS } from '../support/riscv/isa-programs.ts';
import { Iss } from '../support/riscv/iss.ts';
import { randomProgram } from '../support/riscv/random-program.ts';

const WORDS = 1024;
/** The list rv32ui without the tests of misaligned accesses, which may trap. */
const LIST = `add addi and andi auipc beq bge bgeu blt bltu bne fence_i jal jalr lb lbu lh lhu lui lw or ori sb sh simple sll slli slt slti sltiu sltu
  sra srai srl srli sub sw xor xori`.split(/\s+/);

/** Runs a program on the core and on the model; all that the model retires, the core must have retired, in that order. */
function runBoth(sim: Simulation, text: string): Run {
  const program = assemble(text);
  const run = runProgram(sim, program, 20_000);
  const iss = new Iss(program, WORDS);
  const { halt, retired } = iss.run(20_000);
  // `value` is of no use where no register was written.
  expect(run.retired.map((r) => (r.rd === 0 ? { ...r, value: 0 } : r))).toEqual(retired);
  expect({ status: run.status, host: run.host }).toEqual({ status: halt, host: iss.host });
  expect(run.cycles).toBe(retired.length + 2);
  return run;
}

describe.each(['js', 'wasm', 'wasm-scalar', 'verilator', 'icarus'] as const)('the core on %s', (engine) => {
  let sim: Simulation | undefined;
  const system = (): Simulation => {
    if (!sim) {
      sim = simulate(RiscvSystem, { words: WORDS }, { engine });
      sim.reset();
    }
    return sim;
  };
  afterAll(() => sim?.close());

  it.each(LIST)('passes rv32ui %s', (name) => {
    const { host, status } = runBoth(system(), ISA_PROGRAMS[name] as string);
    // The number of the case that failed, 0 when none did.
    expect(host).toEqual([0]);
    expect(status).toBe('stopped');
  });

  it('executes random programs', () => {
    const random = new Rng(9);
    const seen = new Set<string>();
    for (let i = 0; i < (engine === 'icarus' ? 8 : 40); i++) seen.add(runBoth(system(), randomProgram(random, 150)).status);
    if (engine !== 'icarus') expect([...seen].sort()).toEqual(['illegal', 'misaligned', 'stopped']);
  });

  it('sieves and sorts', () => {
    const isPrime = (n: number): boolean => Array.from({ length: n - 2 }, (_, i) => i + 2).every((d) => n % d !== 0);
    expect(runBoth(system(), PRIMES).host).toEqual(Array.from({ length: 198 }, (_, i) => i + 2).filter(isPrime));
    expect(runBoth(system(), SORT).host.map((word) => word | 0)).toEqual([-32768, -7, -7, -1, 0, 1, 8, 9, 42, 256, 300, 32767]);
  });
});

describe('the decoder', () => {
  it('takes and refuses random words as the model does', () => {
    using sim = simulate(RiscvSystem, { words: WORDS });
    sim.reset();
    const random = new Rng(3);
    const opcodes = [0x33, 0x13, 0x0f, 0x37, 0x17, 0x73, 0x63, 0x6f, 0x67];
    const prelude = assemble(Array.from({ length: 31 }, (_, i) => `addi x${i + 1}, x0, ${i * 37 - 500}`).join('\n'));
    const halts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const opcode = random.once(8) ? random.below(128) : (opcodes[random.below(opcodes.length)] as number);
      // Every other word has the funct7 of one of the instructions that have one.
      const word = (random.word() & (random.once(2) ? 0x41ffff80 : 0xffffff80)) | opcode;
      // Loads may come from the host, which the model does not have.
      if (opcode === 0x03) continue;
      const program = Uint32Array.of(...prelude, word, 0x73);
      const iss = new Iss(program, WORDS);
      for (const _ of prelude) iss.step();
      const [done, run] = [iss.step(), runProgram(sim, program, 100)];
      if (typeof done === 'string') expect([word, run.status, run.retired.length]).toEqual([word, done, prelude.length]);
      else expect([word, run.retired[prelude.length]]).toEqual([word, { ...done, value: done.rd === 0 ? expect.anything() : done.value }]);
      const halt = typeof done === 'string' ? done : 'running';
      halts.set(halt, (halts.get(halt) ?? 0) + 1);
    }
    expect([...halts.keys()].sort()).toEqual(['illegal', 'misaligned', 'running']);
  });
});

describe('the assembler', () => {
  it('gives the words of the manual', () => {
    const known = {
      nop: 0x00000013,
      ret: 0x00008067,
      ecall: 0x00000073,
      'addi sp, sp, -16': 0xff010113,
      'sw ra, 12(sp)': 0x00112623,
      'lw a0, -20(s0)': 0xfec42503,
      'lui a5, 0x12345': 0x123457b7,
      'auipc t0, 0xfffff': 0xfffff297,
      'sub a0, a1, a2': 0x40c58533,
      'srai t1, t2, 31': 0x41f3d313,
      'bltu x3, x4, -8': 0xfe41ece3,
      'jal ra, 2048': 0x001000ef,
      'fence.i': 0x0000100f,
    };
    for (const [text, word] of Object.entries(known)) expect([text, assemble(text)[0]]).toEqual([text, word]);
  });

  it('says the line of what it does not understand', () => {
    expect(() => assemble('nop\naddi a0, a0, 2048')).toThrow('line 2: addi a0, a0, 2048: 2048 is not a whole number from -2048 to 2047');
    expect(() => assemble('add a0, a1')).toThrow('line 1: add a0, a1: it takes 3 operands, not 2');
    expect(() => assemble('ecall a0')).toThrow('it takes 0 operands, not 1');
    expect(() => assemble('add x32, a0, a0')).toThrow('x32 is no register');
    expect(() => assemble('.byte 256')).toThrow('line 1: .byte 256: 256 is not a whole number from -128 to 255');
    expect(() => assemble('li a0, 0x100000000')).toThrow('4294967296 is not a whole number from -2147483648 to 4294967295');
    expect(() => assemble('.space -4')).toThrow('line 1: .space -4: it takes a whole number from 0 to 1048576');
    expect(() => assemble('.align x')).toThrow('line 1: .align x: it takes a whole number from 0 to 12');
    expect(() => assemble('lw a0, 4')).toThrow('4 is no address; write 8(sp)');
    expect(() => assemble('mul a0, a0, a0')).toThrow('there is no instruction mul');
    expect(() => assemble('j away')).toThrow('away is neither a number nor a label');
    expect(() => assemble('add a0, a9, a0')).toThrow('a9 is no register');
    expect(() => assemble('a:\na: nop')).toThrow('line 2: label a is there twice');
  });
});
