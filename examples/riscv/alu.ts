// Arithmetic and logic of RV32I.

import { enumeration, input, Module, output, switchOn, uint } from '../../hdl/index.ts';

/** The computations of the OP and OP-IMM instructions. */
export const Operation = enumeration('Operation', ['add', 'sub', 'sll', 'slt', 'sltu', 'xor', 'srl', 'sra', 'or', 'and']);

/** `result` is `left` operated with `right`, in the same cycle. Shifts take the low five bits of `right`; comparisons give 0 or 1. */
export class Alu extends Module {
  readonly p = this.io({ operation: input(Operation), left: input(uint(32)), right: input(uint(32)), result: output(uint(32)) });

  constructor() {
    super();
    this.describe('Arithmetic and logic of RV32I, combinational.');
    const { operation, left, right, result } = this.p;
    const amount = right.bits(4, 0);
    switchOn(operation, {
      add: () => result.set(left.addw(right)),
      sub: () => result.set(left.subw(right)),
      sll: () => result.set(left.dshl(amount).trunc(32)),
      slt: () => result.set(left.asSInt().lt(right.asSInt()).asUInt()),
      sltu: () => result.set(left.lt(right).asUInt()),
      xor: () => result.set(left.xor(right)),
      srl: () => result.set(left.dshr(amount)),
      sra: () => result.set(left.asSInt().dshr(amount).asUInt()),
      or: () => result.set(left.or(right)),
      and: () => result.set(left.and(right)),
    });
  }
}
