// The core with a memory for programs and data, and one device: the host.

import {
  type BoolType,
  bool,
  counterType,
  fill,
  input,
  lit,
  Module,
  mux,
  output,
  type UIntType,
  uint,
  type VecValue,
  vec,
  when,
} from '../../hdl/index.ts';
import { Core, Status } from './core.ts';

export interface SystemConfig {
  /** Words of memory, a power of two. */
  readonly words: number;
  /** The first words of the memory at power-on; all are unknown when absent. */
  readonly program?: readonly number[];
}

/**
 * While `run` is false, `load` writes words into the memory; then the core executes from address 0 on. Addresses below 2^31 are memory, over and over; what
 * is stored at the others is given to the host in the same cycle, and what is loaded from there is of no use.
 */
export class RiscvSystem extends Module<SystemConfig> {
  readonly p = this.io({
    run: input(bool),
    load: { valid: input(bool), address: input(counterType(this.cfg.words - 1)), word: input(uint(32)) },
    status: output(Status),
    host: { valid: output(bool), word: output(uint(32)) },
    retired: { valid: output(bool), pc: output(uint(32)), rd: output(uint(5)), value: output(uint(32)) },
  });

  readonly core = this.inst(Core);
  readonly ram = this.memory(vec(uint(8), 4), this.cfg.words, { style: 'block', ...(this.cfg.program && { init: bytesOf(this.cfg.program) }) });

  constructor(cfg: SystemConfig) {
    super(cfg);
    this.describe('An RV32I core with its memory.');
    const { p, core, ram } = this;
    const top = Math.log2(cfg.words) + 1;
    const { data, fetch } = core;
    core.run.set(p.run);
    fetch.word.set(ram.read(fetch.address.bits(top, 2)).asUInt());
    data.word.set(ram.read(data.address.bits(top, 2)));

    const isHost = data.address.bit(31);
    const address = mux(p.run, data.address.bits(top, 2), p.load.address);
    const lanes = mux(p.run, data.lanes, p.load.word.split(8)) as VecValue<UIntType<8>>;
    const mask = mux(p.run, data.mask, fill(4, lit(bool, true))) as VecValue<BoolType>;
    when(mux(p.run, data.store.and(isHost.not()), p.load.valid), () => ram.write(address, lanes, { mask }));

    p.host.valid.set(data.store.and(isHost));
    p.host.word.set(data.lanes.asUInt());
    p.status.set(core.status);
    p.retired.valid.set(core.retired.valid);
    p.retired.pc.set(core.retired.pc);
    p.retired.rd.set(core.retired.rd);
    p.retired.value.set(core.retired.value);
  }
}

/** The lanes of each word of a memory. */
const bytesOf = (program: readonly number[]) => (address: number) => [0, 8, 16, 24].map((low) => ((program[address] ?? 0) >>> low) & 255);
