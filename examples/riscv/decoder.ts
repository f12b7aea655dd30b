// What an instruction of RV32I asks for.
//
// Invariant: one case an opcode, as in the tables of the ISA manual (volume I, "Instruction Set Listings"); what stands in none of them is illegal, CSRs and
// privileged instructions among it. FENCE and FENCE.I ask for nothing, since the core completes each access before the next fetch.

import { type Bool, bool, bundle, cat, enumeration, input, Module, output, switchOn, type UInt, uint, when } from '../../hdl/index.ts';
import { Operation } from './alu.ts';

/** Left operand of the ALU. */
const Left = enumeration('Left', ['register', 'pc', 'zero']);
/** Right operand of the ALU. */
const Right = enumeration('Right', ['register', 'immediate']);
/** Where the next instruction is: behind this one, at the ALU's result always or where a comparison of registers holds, or nowhere. */
const Flow = enumeration('Flow', ['next', 'jump', 'branch', 'stop', 'illegal']);
/** What is done with the word at the address that the ALU gives. */
const Access = enumeration('Access', ['none', 'load', 'store']);

export const Control = bundle({
  operation: Operation,
  left: Left,
  right: Right,
  immediate: uint(32),
  flow: Flow,
  access: Access,
  /** Whether register rd is written. */
  writes: bool,
  /** Whether what is written is the address of the instruction behind this one. */
  links: bool,
});

/** Combinational. */
export class Decoder extends Module {
  readonly p = this.io({ instruction: input(uint(32)), control: output(Control) });

  constructor() {
    super();
    this.describe('Decoder of RV32I, combinational.');
    const { instruction, control } = this.p;
    const [opcode, funct3] = [instruction.bits(6, 0), instruction.bits(14, 12)];
    const { operation, left, right, immediate, flow, access, writes, links } = control;
    // What most instructions ask for.
    operation.set('add');
    left.set('register');
    right.set('immediate');
    immediate.set(immediates.i(instruction));
    flow.set('next');
    access.set('none');
    writes.set(false);
    links.set(false);

    const illegal = () => flow.set('illegal');
    const jump = () => {
      flow.set('jump');
      links.set(true);
      writes.set(true);
    };
    switchOn(opcode, {
      // LUI
      '0b0110111': () => {
        left.set('zero');
        immediate.set(immediates.u(instruction));
        writes.set(true);
      },
      // AUIPC
      '0b0010111': () => {
        left.set('pc');
        immediate.set(immediates.u(instruction));
        writes.set(true);
      },
      // JAL
      '0b1101111': () => {
        left.set('pc');
        immediate.set(immediates.j(instruction));
        jump();
      },
      // JALR
      '0b1100111': () => {
        jump();
        switchOn(funct3, { 0: () => undefined, default: illegal });
      },
      // BEQ, BNE, BLT, BGE, BLTU, BGEU
      '0b1100011': () => {
        left.set('pc');
        immediate.set(immediates.b(instruction));
        flow.set('branch');
        switchOn(funct3, { '2, 3': illegal, default: () => undefined });
      },
      // LB, LH, LW, LBU, LHU
      '0b0000011': () => {
        access.set('load');
        writes.set(true);
        switchOn(funct3, { '3, 6, 7': illegal, default: () => undefined });
      },
      // SB, SH, SW
      '0b0100011': () => {
        access.set('store');
        immediate.set(immediates.s(instruction));
        switchOn(funct3, { '0, 1, 2': () => undefined, default: illegal });
      },
      // ADDI to ANDI, and ADD to AND
      '0b0?10011': () => {
        const isRegister = opcode.bit(5);
        when(isRegister, () => right.set('register'));
        writes.set(true);
        this.computes(isRegister.or(funct3.bits(1, 0).eq(1)), illegal);
      },
      // FENCE, FENCE.I
      '0b0001111': () => switchOn(funct3, { '0, 1': () => undefined, default: illegal }),
      // ECALL, EBREAK
      '0b1110011': () =>
        switchOn(instruction.bits(31, 7), {
          [`0b${'0'.repeat(11)}?${'0'.repeat(13)}`]: () => flow.set('stop'),
          default: illegal,
        }),
      default: illegal,
    });
  }

  /** The operation that funct3 names, and funct7 in instructions that have it: all of registers, and shifts by immediates. */
  private computes(hasFunct7: Bool, illegal: () => void): void {
    const { instruction, control } = this.p;
    const { operation } = control;
    const [funct3, funct7] = [instruction.bits(14, 12), instruction.bits(31, 25)];
    switchOn(cat(funct7.bit(5).and(hasFunct7), funct3), {
      '0b0000': () => operation.set('add'),
      '0b1000': () => operation.set('sub'),
      '0b0001': () => operation.set('sll'),
      '0b0010': () => operation.set('slt'),
      '0b0011': () => operation.set('sltu'),
      '0b0100': () => operation.set('xor'),
      '0b0101': () => operation.set('srl'),
      '0b1101': () => operation.set('sra'),
      '0b0110': () => operation.set('or'),
      '0b0111': () => operation.set('and'),
      default: illegal,
    });
    when(hasFunct7.and(cat(funct7.bit(6), funct7.bits(4, 0)).ne(0)), illegal);
  }
}

const signed = (value: UInt): UInt => value.asSInt().extend(32).asUInt();

/** The immediate of each form, its sign extended. */
const immediates = {
  i: (word: UInt) => signed(word.bits(31, 20)),
  s: (word: UInt) => signed(cat(word.bits(31, 25), word.bits(11, 7))),
  b: (word: UInt) => signed(cat(word.bit(31), word.bit(7), word.bits(30, 25), word.bits(11, 8)).shl(1)),
  u: (word: UInt) => word.bits(31, 12).shl(12),
  j: (word: UInt) => signed(cat(word.bit(31), word.bits(19, 12), word.bit(20), word.bits(30, 21)).shl(1)),
};
