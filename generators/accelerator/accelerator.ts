// The accelerator: control, units and memories behind an AXI4 master, an AXI4-Lite slave and an interrupt (design note 0025).
//
// Contract: registers.ts for software, the instruction table for programs. `irq` is high while an enabled bit of INTERRUPT_STATUS is set. A soft reset lets what is on its way end; the memories keep what they hold.
// Refused: what `checkAccelerator` refuses.

import { bool, connect, type Design, elaborate, flip, lit, Module, mux, output, uint, when } from '../../hdl/index.ts';
import { arbitrate, axi4, axiLite, channel, connectStream, fires, popcount, registerBank, type Source } from '../../hdl/std/index.ts';
import { type AcceleratorConfig, acceleratorHash, checkAccelerator, sumsBanks } from '../../isa/config.ts';
import { READ_IDS } from './axi-ports.ts';
import { BankedMemory } from './banked-memory.ts';
import { Control } from './control.ts';
import { LoadUnit } from './load-unit.ts';
import { MultiplyUnit } from './multiply-unit.ts';
import { scratchpadShape, sumsShape } from './pieces.ts';
import { ACCELERATOR_REGISTERS, PerformanceCounters } from './registers.ts';
import { StoreUnit } from './store-unit.ts';
import { VectorUnit } from './vector-unit.ts';

function checked(cfg: AcceleratorConfig): AcceleratorConfig {
  checkAccelerator(cfg);
  return cfg;
}

export class Accelerator extends Module<AcceleratorConfig> {
  readonly p = this.io({
    bus: axi4({ addressWidth: 32, dataWidth: checked(this.cfg).bus, idWidth: 1 }),
    registers: flip(axiLite({ addressWidth: ACCELERATOR_REGISTERS.addressWidth, dataWidth: 32 })),
    irq: output(bool),
  });
  readonly control = this.inst(Control, this.cfg);
  readonly load = this.inst(LoadUnit, this.cfg);
  readonly store = this.inst(StoreUnit, this.cfg);
  readonly multiply = this.inst(MultiplyUnit, this.cfg);
  readonly vector = this.inst(VectorUnit, this.cfg);
  readonly scratchpad = this.inst(BankedMemory, { ...scratchpadShape(this.cfg), banks: this.cfg.banks, reads: 5, writes: 2 });
  readonly sums = this.inst(BankedMemory, { ...sumsShape(this.cfg), banks: sumsBanks(this.cfg), reads: 2, writes: 1 });
  readonly counters = this.inst(PerformanceCounters);

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe(`Accelerator with an array of ${cfg.rows} by ${cfg.cols}, ${cfg.scratchpad} bytes of scratchpad and a bus of ${cfg.bus} bits.`);
    this.#units();
    this.#memories();
    this.#bus();
    this.#registers();
    this.#count();
  }

  #units(): void {
    const { control } = this;
    const units = { ld: this.load, mx: this.multiply, vx: this.vector, st: this.store };
    for (const [name, unit] of Object.entries(units)) {
      const side = control.units[name as keyof typeof units];
      connect(side.cmd, unit.cmd);
      unit.clear.set(control.clear);
      side.done.set(unit.done);
      side.fault.set(unit.fault);
      side.address.set(unit.address);
    }
  }

  /** In the order of priority: what feeds the array comes first. */
  #memories(): void {
    const { scratchpad, sums, load, store, multiply, vector } = this;
    [multiply.activations, multiply.weights, vector.a, vector.b, store.scratchpad].forEach((port, i) =>
      connect(port, scratchpad.readers[i] as object),
    );
    [vector.out, load.scratchpad].forEach((port, i) => connect(port, scratchpad.writers[i] as object));
    [multiply.sumsRead, vector.sums].forEach((port, i) => connect(port, sums.readers[i] as object));
    connect(multiply.sumsWrite, sums.writers[0] as object);
  }

  /** Reads of two masters, fetches first, whose answers come back by their ID; writes of one. */
  #bus(): void {
    const { p, control, load, store } = this;
    const masters = [control.axi, load.axi];
    const { out } = arbitrate(
      masters.map((axi) => channel(axi, 'ar') as Source),
      { policy: 'priority' },
    );
    connectStream(channel(p.bus, 'ar') as never, out as never);
    const r = channel(p.bus, 'r');
    masters.forEach((axi, id) => {
      const to = channel(axi, 'r');
      to.valid.set(r.valid.and(r.id.eq(id)));
      to.id.set(r.id);
      to.data.set(r.data);
      to.resp.set(r.resp);
      to.last.set(r.last);
    });
    r.ready.set(mux(r.id.eq(READ_IDS.fetch), control.axi.rready, load.axi.rready));
    for (const name of ['aw', 'w', 'b'] as const) connect(channel(store.axi, name), channel(p.bus, name));
  }

  #registers(): void {
    const { p, control, counters, cfg } = this;
    const view = registerBank(p.registers, ACCELERATOR_REGISTERS);
    control.start.set(view.control.start);
    view.control.start_clear.set(true);
    control.softReset.set(view.control.softReset);
    view.control.softReset_clear.set(control.softResetDone);
    control.first.set(view.programAddress.address);
    control.length.set(view.programLength.instructions);

    const { done, error, program } = view.interruptStatus;
    const enabled = view.interruptEnable;
    const irq = done.and(enabled.done).or(error.and(enabled.error)).or(program.and(enabled.program)).named('interrupt');
    p.irq.set(irq);
    view.interruptStatus.done_set.set(control.halted);
    view.interruptStatus.error_set.set(control.failed);
    view.interruptStatus.program_set.set(control.interrupts);
    const code = this.reg(uint(32), { reset: 0 }).named('interrupt_code');
    when(control.interrupts, () => code.set(control.interruptCode));
    view.interruptCode.value.set(code);

    view.status.busy.set(control.busy);
    view.status.done.set(control.done);
    view.status.interrupt.set(irq);
    view.status.error.set(control.error.code);
    view.errorIndex.index.set(control.error.index);
    view.errorAddress.value.set(control.error.address);
    [view.errorWord0, view.errorWord1, view.errorWord2, view.errorWord3].forEach((part, i) =>
      part.value.set(control.error.word.bits(32 * i + 31, 32 * i)),
    );
    const hash = acceleratorHash(cfg);
    view.hashLo.value.set(hash & 0xffffffffn);
    view.hashHi.value.set(hash >> 32n);
    for (const [name, count] of Object.entries(counters.counts)) view[name as keyof typeof counters.counts].value.set(count);
  }

  #count(): void {
    const { p, control, counters, multiply, scratchpad, sums, cfg } = this;
    const { events } = counters;
    const [r, w] = [channel(p.bus, 'r'), channel(p.bus, 'w')];
    const none = lit(uint(1), 0);
    counters.enable.set(control.busy);
    counters.clear.set(control.clearCounters);
    events.cycles.set(1);
    events.instructions.set(control.advances.asUInt());
    (['ld', 'mx', 'vx', 'st'] as const).forEach((queue, i) => {
      events[`${queue}Busy`].set(control.queueBusy.at(i).asUInt());
      events[`${queue}Waiting`].set(control.queueWaiting.at(i).asUInt());
    });
    events.beats.set(multiply.beat.asUInt());
    events.skipped.set(multiply.skipped.asUInt());
    events.bytesRead.set(mux(fires(r), lit(uint(7), cfg.bus / 8), lit(uint(7), 0)));
    events.bytesWritten.set(mux(fires(w), popcount(w.strb), none));
    events.conflicts.set(scratchpad.conflicts.add(sums.conflicts));
  }
}

/** Elaborates an accelerator; `name` becomes the top module's name. Throws a RangeError for a configuration that cannot be built. */
export function elaborateAccelerator(config: AcceleratorConfig, name?: string): Design {
  return elaborate(Accelerator, config, name === undefined ? {} : { name });
}
