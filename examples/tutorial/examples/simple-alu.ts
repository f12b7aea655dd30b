// Choosing by an operation: by numbers, and by the names of an enumeration.

import { enumeration, input, Module, output, switchOn, uint } from 'systole';

/** What `out` is, by `opcode`: a, b, a + 1, a − 1, a + 4, a − 4, a + b, a − b (all modulo 16), a < b, and a = b for any other code. */
export class BasicAlu extends Module {
  readonly p = this.io({ a: input(uint(4)), b: input(uint(4)), opcode: input(uint(4)), out: output(uint(4)) });

  constructor() {
    super();
    const { a, b, opcode, out } = this.p;
    switchOn(opcode, {
      0: () => out.set(a),
      1: () => out.set(b),
      2: () => out.set(a.addw(1)),
      3: () => out.set(a.subw(1)),
      4: () => out.set(a.addw(4)),
      5: () => out.set(a.subw(4)),
      6: () => out.set(a.addw(b)),
      7: () => out.set(a.subw(b)),
      8: () => out.set(a.lt(b).asUInt()),
      default: () => out.set(a.eq(b).asUInt()),
    });
  }
}

/** Coded 0, 1, 2, 3 in this order. */
export const AluOp = enumeration('AluOp', ['add', 'sub', 'passA', 'passB']);

/** `out` is a + b or a − b modulo 16, a, or b. */
export class SimpleAlu extends Module {
  readonly p = this.io({ a: input(uint(4)), b: input(uint(4)), opcode: input(AluOp), out: output(uint(4)) });

  constructor() {
    super();
    const { a, b, opcode, out } = this.p;
    // All members are named, so `out` is assigned on every path and no default is needed.
    switchOn(opcode, {
      add: () => out.set(a.addw(b)),
      sub: () => out.set(a.subw(b)),
      passA: () => out.set(a),
      passB: () => out.set(b),
    });
  }
}
