// The AXI4 masters of an accelerator, small, beside the rules of AXI4: fetch, load and store.

import { READ_IDS, readChannels, WRITE_ID, writeChannels } from '../../generators/accelerator/axi-ports.ts';
import { Fetch, INDEX_BITS, SLOT_BITS } from '../../generators/accelerator/fetch.ts';
import { isLegal } from '../../generators/accelerator/legal.ts';
import { LoadUnit } from '../../generators/accelerator/load-unit.ts';
import { scratchpadShape } from '../../generators/accelerator/pieces.ts';
import { commandPorts, readPort, writePort } from '../../generators/accelerator/ports.ts';
import { StoreUnit } from '../../generators/accelerator/store-unit.ts';
import { assume, type Bool, bool, cat, connect, input, lit, Module, type UInt, uint } from '../../hdl/index.ts';
import { channel } from '../../hdl/std/index.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { PAYLOAD } from '../../isa/instructions.ts';
import { ReadMasterChecker, WriteMasterChecker } from './axi4-master.ts';
import { keepsOffer } from './offers.ts';

/** The least that has two bursts under way. */
export const SMALLEST: AcceleratorConfig = {
  ...{ rows: 2, cols: 2, bus: 32, scratchpad: 1024, banks: 1, sums: 16, burst: 4, outstanding: 2, queue: 1 },
  modes: ['single'],
};
const { bus, burst, outstanding } = SMALLEST;

/** Connects the signals of a channel to a checker's, which only looks. */
function watch(checker: object, signals: object): void {
  for (const [name, port] of Object.entries(checker)) (port as { set(value: unknown): void }).set(signals[name as keyof typeof signals]);
}

/** What control keeps towards a unit: it offers an instruction until it is taken, and clears nothing that runs. */
function assumeControl(
  { valid, ready, opcode, payload }: { readonly [K in 'valid' | 'ready']: Bool } & { readonly [K in 'opcode' | 'payload']: UInt },
  clear: Bool,
): void {
  const semaphores = lit(uint(PAYLOAD.lsb - 8), 0);
  assume(valid.not().or(isLegal(cat(payload, semaphores, opcode), SMALLEST)), 'instructions are legal');
  assume(keepsOffer({ valid, ready, data: cat(payload, opcode) }), 'an instruction is offered until it is taken');
  assume(clear.not().or(ready), 'a program begins while the unit is idle');
}

export class FetchRules extends Module {
  readonly p = this.io({
    axi: readChannels(SMALLEST),
    start: input(bool),
    first: input(uint(SLOT_BITS - 1)),
    length: input(uint(INDEX_BITS)),
    stop: input(bool),
    at: input(uint(SLOT_BITS)),
    oldest: input(uint(SLOT_BITS)),
  });
  readonly fetch = this.inst(Fetch, SMALLEST);
  readonly rules = this.inst(ReadMasterChecker, { bus, burst, outstanding: 1, id: READ_IDS.fetch });

  constructor() {
    super();
    const { p, fetch, rules } = this;
    const { axi } = p;
    connect(axi, fetch.axi);
    for (const name of ['start', 'first', 'length', 'stop', 'at', 'oldest'] as const) fetch[name].set(p[name] as never);
    watch(rules.ar, channel(axi, 'ar'));
    watch(rules.r, channel(axi, 'r'));
    rules.done.set(false);
    rules.failed.set(false);
    assume(p.start.not().or(fetch.idle), 'a program begins while nothing is on its way');
  }
}

export class LoadRules extends Module {
  readonly p = this.io({ ...commandPorts(), axi: readChannels(SMALLEST), scratchpad: writePort(scratchpadShape(SMALLEST)) });
  readonly unit = this.inst(LoadUnit, SMALLEST);
  readonly rules = this.inst(ReadMasterChecker, { bus, burst, outstanding, id: READ_IDS.load });

  constructor() {
    super();
    const { p, unit, rules } = this;
    connect(p, unit);
    watch(rules.ar, channel(p.axi, 'ar'));
    watch(rules.r, channel(p.axi, 'r'));
    rules.done.set(unit.done);
    rules.failed.set(unit.fault.ne(0));
    assumeControl(p.cmd, p.clear);
  }
}

export class StoreRules extends Module {
  readonly p = this.io({ ...commandPorts(), axi: writeChannels(SMALLEST), scratchpad: readPort(scratchpadShape(SMALLEST)) });
  readonly unit = this.inst(StoreUnit, SMALLEST);
  readonly rules = this.inst(WriteMasterChecker, { bus, burst, outstanding, id: WRITE_ID });

  constructor() {
    super();
    const { p, unit, rules } = this;
    connect(p, unit);
    watch(rules.aw, channel(p.axi, 'aw'));
    watch(rules.w, channel(p.axi, 'w'));
    watch(rules.b, channel(p.axi, 'b'));
    rules.done.set(unit.done);
    rules.failed.set(unit.fault.ne(0));
    assumeControl(p.cmd, p.clear);
  }
}
