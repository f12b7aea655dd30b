// An RV32I core in two stages: execute, and write back.
//
//           ┌──────────────── address of the next instruction ◄──┐
//           ▼                                                    │
//     memory (a cycle) ──► decode ──► registers ──► ALU, branch ─┴─► memory (a cycle) ──► align ─┬─► registers
//                                         ▲         execute               write back             │
//                                         └───────────────────── bypass ─────────────────────────┘
//
// Invariant: every instruction takes one cycle. The next address is known in the cycle in which an instruction executes, so nothing is fetched in vain;
// what is written back in a cycle, loads included, is seen by the instruction that executes in it.
// Refused: illegal instructions, misaligned accesses and jumps; the core stops in front of them and says so. ECALL and EBREAK stop it, too.

import { type Bool, bool, enumeration, input, Module, mux, output, switchOn, type UInt, uint, vec, when, zeros } from '../../hdl/index.ts';
import { loaded, misaligned, stored } from './access.ts';
import { Alu } from './alu.ts';
import { Decoder } from './decoder.ts';

/** `stopped`: by ECALL or EBREAK. */
export const Status = enumeration('Status', ['running', 'stopped', 'illegal', 'misaligned']);

/**
 * Executes from address 0 on while `run` is true. A memory port gives the word that an address lies in in the cycle after the address; a store takes effect
 * at the end of its cycle. `retired` tells of each instruction in its last cycle; `rd` is 0 where no register is written.
 */
export class Core extends Module {
  readonly p = this.io({
    run: input(bool),
    status: output(Status),
    fetch: { address: output(uint(32)), word: input(uint(32)) },
    data: {
      address: output(uint(32)),
      store: output(bool),
      mask: output(vec(bool, 4)),
      lanes: output(vec(uint(8), 4)),
      word: input(vec(uint(8), 4)),
    },
    retired: { valid: output(bool), pc: output(uint(32)), rd: output(uint(5)), value: output(uint(32)) },
  });

  readonly status = this.reg(Status, { reset: 'running' });
  readonly pc = this.reg(uint(32), { reset: 0 });
  /** Whether `fetch.word` is the instruction at `pc`. */
  readonly fetched = this.reg(bool, { reset: false });
  /** Word 0 is never written nor read. */
  readonly registers = this.memory(uint(32), 32);

  /** The instruction in write back; a load's `result` is its address. */
  readonly last = {
    valid: this.reg(bool, { reset: false }),
    pc: this.reg(uint(32)),
    rd: this.reg(uint(5)),
    result: this.reg(uint(32)),
    isLoad: this.reg(bool),
    funct3: this.reg(uint(3)),
  };

  readonly decoder = this.inst(Decoder);
  readonly alu = this.inst(Alu);

  constructor() {
    super();
    this.describe('RV32I in two stages, one cycle an instruction.');
    const { p, pc, decoder, alu } = this;
    const instruction = p.fetch.word;
    const funct3 = instruction.bits(14, 12);
    const written = this.writeBack();
    const rs1 = this.register(instruction.bits(19, 15), written);
    const rs2 = this.register(instruction.bits(24, 20), written);

    decoder.instruction.set(instruction);
    const { control } = decoder;
    const { flow, access } = control;
    alu.operation.set(control.operation);
    alu.left.set(mux(control.left.eq('register'), rs1, mux(control.left.eq('pc'), pc, zeros(uint(32)))));
    alu.right.set(mux(control.right.eq('register'), rs2, control.immediate));

    const jumps = flow.eq('jump').or(flow.eq('branch').and(this.compares(funct3, rs1, rs2)));
    const isAligned = mux(access.eq('none'), jumps.and(alu.result.bit(1)), misaligned(funct3, alu.result)).not();
    const executes = p.run.and(this.fetched);
    const retires = executes.and(flow.is('next', 'jump', 'branch')).and(isAligned);
    const behind = pc.addw(4);
    const next = mux(retires, mux(jumps, alu.result.and(~1 >>> 0), behind), pc);

    p.fetch.address.set(next);
    pc.set(next);
    this.fetched.set(retires.or(executes.not()).and(this.status.eq('running')));
    when(executes.and(retires.not()), () => {
      this.status.set('misaligned');
      when(flow.eq('stop'), () => this.status.set('stopped'));
      when(flow.eq('illegal'), () => this.status.set('illegal'));
    });
    when(p.run.not(), () => {
      pc.set(0);
      this.fetched.set(false);
      this.status.set('running');
    });
    p.status.set(this.status);

    const { lanes, mask } = stored(funct3, alu.result, rs2);
    p.data.address.set(alu.result);
    p.data.store.set(retires.and(access.eq('store')));
    p.data.mask.set(mask);
    p.data.lanes.set(lanes);

    const { last } = this;
    last.valid.set(retires);
    last.pc.set(pc);
    last.rd.set(mux(control.writes, instruction.bits(11, 7), zeros(uint(5))));
    last.result.set(mux(control.links, behind, alu.result));
    last.isLoad.set(access.eq('load'));
    last.funct3.set(funct3);
  }

  /** Completes the last instruction. */
  private writeBack(): Written {
    const { last, p } = this;
    const value = mux(last.isLoad, loaded(last.funct3, last.result, p.data.word), last.result);
    const valid = last.valid.and(last.rd.ne(0));
    when(valid, () => this.registers.write(last.rd, value));
    p.retired.valid.set(last.valid);
    p.retired.pc.set(last.pc);
    p.retired.rd.set(last.rd);
    p.retired.value.set(value);
    return { valid, rd: last.rd, value };
  }

  /** A register as the instruction that executes sees it. */
  private register(index: UInt, written: Written): UInt<32> {
    const present = mux(written.valid.and(written.rd.eq(index)), written.value, this.registers.readNow(index));
    return mux(index.eq(0), zeros(uint(32)), present);
  }

  /** Whether the comparison of a branch holds. */
  private compares(funct3: UInt, a: UInt, b: UInt): Bool {
    const holds = this.wire(bool);
    const [less, lessUnsigned] = [a.asSInt().lt(b.asSInt()), a.lt(b)];
    switchOn(funct3, {
      0: () => holds.set(a.eq(b)),
      1: () => holds.set(a.ne(b)),
      4: () => holds.set(less),
      5: () => holds.set(less.not()),
      6: () => holds.set(lessUnsigned),
      7: () => holds.set(lessUnsigned.not()),
      default: () => holds.set(false),
    });
    return holds;
  }
}

/** What is written to a register at the end of this cycle. */
interface Written {
  readonly valid: Bool;
  readonly rd: UInt;
  readonly value: UInt<32>;
}
