// A processor of two instructions, with a memory for its program and one for its registers.

import { bool, cat, input, lit, Module, mux, output, switchOn, type UInt, uint, when } from 'systole';

/** Operations by their code, the top byte of an instruction; the other bytes are rc, ra and rb. */
export const OPCODES = { add: 0, imm: 1 } as const;

/**
 * `add` writes ra + rb to register rc, `imm` the number made of the bytes ra and rb; any other operation writes 0. Register 0 reads 0.
 * While `isWr` is true the program is written, while `boot` is true the next instruction is the one at 0; else one instruction is executed
 * in each cycle and `out` is its result, with `valid` where rc is 255 (which is no register, but the way out).
 */
export class Risc extends Module {
  readonly p = this.io({
    isWr: input(bool),
    wrAddr: input(uint(8)),
    wrData: input(uint(32)),
    boot: input(bool),
    valid: output(bool),
    out: output(uint(32)),
  });
  readonly file = this.memory(uint(32), 256);
  readonly code = this.memory(uint(32), 256);
  readonly pc = this.reg(uint(8), { reset: 0 });

  constructor() {
    super();
    const { p, pc, file, code } = this;
    const instruction = code.readNow(pc);
    const [op, rc, ra, rb] = [31, 23, 15, 7].map((top) => instruction.bits(top, top - 7)) as [UInt, UInt, UInt, UInt];
    const zero = lit(uint(32), 0);
    const a = mux(ra.eq(0), zero, file.readNow(ra));
    const b = mux(rb.eq(0), zero, file.readNow(rb));

    const result = this.wire(uint(32));
    switchOn(op, {
      [OPCODES.add]: () => result.set(a.addw(b)),
      [OPCODES.imm]: () => result.set(cat(ra, rb)),
      default: () => result.set(0),
    });

    p.valid.set(false);
    p.out.set(0);
    when(p.isWr, () => code.write(p.wrAddr, p.wrData))
      .elsewhen(p.boot, () => pc.set(0))
      .otherwise(() => {
        p.out.set(result);
        pc.set(pc.addw(1));
        when(rc.eq(255), () => p.valid.set(true)).otherwise(() => file.write(rc, result));
      });
  }
}
