// Random programs of RV32I that end.
//
// Invariant: jumps go forwards and accesses stay within the program's own data, at the end; so every program reaches its last instruction, which halts. Before
// it, all registers are given to the host. Names of instructions and their forms are written here once more, away from the assembler's tables.

import type { Rng } from '../random.ts';

const INTERESTING = [0, 1, -1, 2, 31, 32, 0x7fff, -0x8000, 0x7fffffff, -0x80000000, 0x55555555, -0x55555556];
const DATA_BYTES = 64;
/** Points at the data and is not written. */
const BASE = 'x30';

const any = (random: Rng): string => `x${random.below(32)}`;
const target = (random: Rng): string => `x${random.below(30)}`;

/** A program of about `length` instructions. */
export function randomProgram(random: Rng, length: number): string {
  const value = (): number => (random.once(3) ? random.pick(INTERESTING) : random.word() | 0);
  const lines = Array.from({ length: 30 }, (_, i) => `li x${i}, ${value()}`);
  lines.push(`la ${BASE}, data`, `li x31, ${value()}`);
  // A jump over at most four instructions lands on the label in front of one of the next.
  for (let i = 0; i < length; i++) lines.push(`L${i}: ${instruction(random, `L${Math.min(i + 1 + random.below(4), length)}`)}`);
  lines.push(`L${length}: lui x31, 0x80000`, ...Array.from({ length: 31 }, (_, i) => `sw x${i}, (x31)`));
  lines.push(random.pick(['ecall', 'ebreak', '.word 0', '.word 0xffffffff', `lw x1, 2(${BASE})`, `sh x1, 1(${BASE})`, 'jalr x1, 2(x0)']));
  lines.push('.align 4', `data: .word ${Array.from({ length: DATA_BYTES / 4 }, value).join(', ')}`);
  return lines.join('\n');
}

function instruction(random: Rng, ahead: string): string {
  const kind = random.below(20);
  if (kind < 6)
    return `${random.pick(['add', 'sub', 'sll', 'slt', 'sltu', 'xor', 'srl', 'sra', 'or', 'and'])} ${target(random)}, ${any(random)}, ${any(random)}`;
  if (kind < 9) {
    const name = random.pick(['addi', 'slti', 'sltiu', 'xori', 'ori', 'andi']);
    return `${name} ${target(random)}, ${any(random)}, ${random.below(4096) - 2048}`;
  }
  if (kind < 11) return `${random.pick(['slli', 'srli', 'srai'])} ${target(random)}, ${any(random)}, ${random.below(32)}`;
  if (kind < 14) {
    const [name, size] = random.pick([
      ['lb', 1],
      ['lbu', 1],
      ['lh', 2],
      ['lhu', 2],
      ['lw', 4],
    ] as const);
    return `${name} ${target(random)}, ${random.below(DATA_BYTES / size) * size}(${BASE})`;
  }
  if (kind < 16) {
    const [name, size] = random.pick([
      ['sb', 1],
      ['sh', 2],
      ['sw', 4],
    ] as const);
    return `${name} ${any(random)}, ${random.below(DATA_BYTES / size) * size}(${BASE})`;
  }
  if (kind < 18) return `${random.pick(['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'])} ${any(random)}, ${any(random)}, ${ahead}`;
  if (kind === 18) return random.pick([`lui ${target(random)}, ${random.below(2 ** 20)}`, `auipc ${target(random)}, ${random.below(2 ** 20)}`]);
  return random.pick([`jal ${target(random)}, ${ahead}`, `jalr ${target(random)}, ${ahead}(x0)`, 'fence', 'fence.i']);
}
