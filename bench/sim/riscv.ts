// The RV32I core of the examples, sieving and sorting for ever; what it gives to the host goes into the checksum.

import { assemble } from '../../examples/riscv/assembler.ts';
import { RiscvSystem } from '../../examples/riscv/system.ts';
import { Module, output, uint, vec, vecOf } from '../../hdl/index.ts';
import { Checksum } from './checksum.ts';

/** Primes by a sieve, then a sort of numbers drawn by a shift register, then both again with another seed. */
const PROGRAM = `
        lui   s0, 0x80000        # the host
        li    s11, 0x1357        # the seed
again:  la    s1, sieve
        li    s2, 200
        li    t0, 0
clear:  add   t1, s1, t0
        sb    x0, (t1)
        addi  t0, t0, 1
        bltu  t0, s2, clear
        li    t0, 2
next:   add   t1, s1, t0
        lbu   t2, (t1)
        bnez  t2, skip
        xor   t4, t0, s11
        sw    t4, (s0)
        add   t3, t0, t0
strike: bgeu  t3, s2, skip
        add   t1, s1, t3
        li    t2, 1
        sb    t2, (t1)
        add   t3, t3, t0
        j     strike
skip:   addi  t0, t0, 1
        bltu  t0, s2, next
        li    t0, 0              # numbers to sort
        li    s3, 48
draw:   andi  t1, s11, 1
        srli  s11, s11, 1
        beqz  t1, drawn
        li    t1, 0xb400
        xor   s11, s11, t1
drawn:  slli  t1, t0, 1
        add   t1, s1, t1
        sh    s11, (t1)
        addi  t0, t0, 1
        blt   t0, s3, draw
        li    t0, 1
outer:  slli  t1, t0, 1
        add   t1, s1, t1
        lh    t2, (t1)
inner:  beq   t1, s1, put
        lh    t3, -2(t1)
        ble   t3, t2, put
        sh    t3, (t1)
        addi  t1, t1, -2
        j     inner
put:    sh    t2, (t1)
        addi  t0, t0, 1
        blt   t0, s3, outer
        li    t0, 0
show:   slli  t1, t0, 1
        add   t1, s1, t1
        lhu   t2, (t1)
        sw    t2, (s0)
        addi  t0, t0, 1
        blt   t0, s3, show
        j     again
        .align 2
sieve:  .space 200
`;

export class RiscvBench extends Module {
  readonly p = this.io({ sums: output(vec(uint(32), 1)) });
  readonly system = this.inst(RiscvSystem, { words: 256, program: [...assemble(PROGRAM)] });
  readonly checksum = this.inst(Checksum);

  constructor() {
    super();
    const { system, checksum } = this;
    system.run.set(true);
    system.load.valid.set(false);
    system.load.address.set(0);
    system.load.word.set(0);
    checksum.enable.set(system.host.valid);
    checksum.word.set(system.host.word);
    this.p.sums.set(vecOf(checksum.sum));
  }
}
