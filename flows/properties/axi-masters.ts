// The AXI4 masters of an accelerator beside the rules of AXI4: fetch, load and store; and what they do after an error response: what was announced comes to its end, nothing new begins, nothing is
// written.
//
// Contract: `clear` and `start` come while the unit is idle, before its first instruction; a run has bytes; memory and scratchpad take their time as they like.

import { READ_IDS, readChannels, WRITE_ID, writeChannels } from '../../generators/accelerator/axi-ports.ts';
import { decodeFields, isOpcode } from '../../generators/accelerator/decode.ts';
import { Fetch, INDEX_BITS, SLOT_BITS } from '../../generators/accelerator/fetch.ts';
import { LoadUnit } from '../../generators/accelerator/load-unit.ts';
import { scratchpadShape } from '../../generators/accelerator/pieces.ts';
import { commandPorts, readPort, writePort } from '../../generators/accelerator/ports.ts';
import { StoreUnit } from '../../generators/accelerator/store-unit.ts';
import { assert, assume, type Bool, type BoolVar, bool, connect, cover, input, Module, past, type UInt, uint, when } from '../../hdl/index.ts';
import { channel, fires } from '../../hdl/std/index.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { ReadMasterChecker, WriteMasterChecker } from './axi4-master.ts';

interface Handshake {
  readonly valid: Bool;
  readonly ready: Bool;
}

/** Connects the signals of a channel to a checker's, which only looks. */
function watch(checker: object, signals: object): void {
  for (const [name, port] of Object.entries(checker)) (port as { set(value: unknown): void }).set(signals[name as keyof typeof signals]);
}

/** A beat with SLVERR or DECERR is taken. */
const isBad = (response: Handshake & { readonly resp: UInt }): Bool => fires(response).and(response.resp.bit(1)).named('is_bad');

/** `offer` begins in the second cycle behind an error response or later. */
function beginsLate(failed: Bool, { valid, ready }: Handshake): Bool {
  return failed
    .and(past(failed))
    .and(valid)
    .and(past(valid.and(ready.not())).not());
}

interface Commands {
  readonly cmd: Handshake & { readonly opcode: UInt; readonly payload: UInt };
  readonly clear: Bool;
  readonly done: Bool;
  readonly fault: UInt;
}

/** Whether an instruction is executed, which is a move, and whether an error response has come. */
interface Progress {
  readonly busy: BoolVar;
  readonly moving: BoolVar;
  readonly failed: BoolVar;
}

/** What is said of both units. */
function checkUnit(unit: 'ld' | 'st', { cmd, clear, done, fault }: Commands, bad: Bool, { busy, moving, failed }: Progress): void {
  const name = `${unit}.move` as const;
  when(fires(cmd), () => {
    busy.set(true);
    moving.set(isOpcode(cmd.opcode, name));
  }).elsewhen(done, () => busy.set(false));
  when(bad, () => failed.set(true)).elsewhen(done, () => failed.set(false));
  assume(clear.not().or(busy.or(cmd.valid).not()), 'a program begins while the unit is idle and before its first instruction');
  assume(isOpcode(cmd.opcode, name).not().or(decodeFields(name, cmd.payload).run.ne(0)), 'a run has bytes');
  assert(done.not().or(fault.ne(0).eq(failed)), 'an error response, and nothing else, is a fault');
  cover(done.and(moving).and(failed), 'a move retires with a fault');
  cover(done.and(moving).and(failed.not()), 'a move retires');
}

export class FetchProperties extends Module<AcceleratorConfig> {
  readonly p = this.io({
    axi: readChannels(this.cfg),
    start: input(bool),
    first: input(uint(SLOT_BITS - 1)),
    length: input(uint(INDEX_BITS)),
    stop: input(bool),
    at: input(uint(SLOT_BITS)),
    oldest: input(uint(SLOT_BITS)),
  });
  readonly fetch = this.inst(Fetch, this.cfg);
  readonly rules = this.inst(ReadMasterChecker, { bus: this.cfg.bus, burst: this.cfg.burst, outstanding: 1, id: READ_IDS.fetch });
  readonly failed = this.reg(bool, { reset: false });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    const { p, fetch, rules, failed } = this;
    connect(p.axi, fetch.axi);
    for (const name of ['start', 'first', 'length', 'stop', 'at', 'oldest'] as const) fetch[name].set(p[name] as never);
    const [ar, r] = [channel(p.axi, 'ar'), channel(p.axi, 'r')];
    watch(rules.ar, ar);
    watch(rules.r, r);
    when(p.start, () => failed.set(false)).elsewhen(isBad(r), () => failed.set(true));
    assume(p.start.not().or(fetch.idle), 'a program begins while nothing is on its way');
    assert(fetch.idle.not().or(rules.idle.and(ar.valid.not())), 'nothing is under way when fetch is idle');
    assert(fetch.fault.ne(0).eq(failed), 'an error response, and nothing else, is a fault');
    assert(beginsLate(failed, ar).not(), 'after an error no burst begins');
    cover(failed.and(fetch.idle), 'a program whose fetch failed');
  }
}

export class LoadProperties extends Module<AcceleratorConfig> {
  readonly p = this.io({ ...commandPorts(), axi: readChannels(this.cfg), scratchpad: writePort(scratchpadShape(this.cfg)) });
  readonly unit = this.inst(LoadUnit, this.cfg);
  readonly rules = this.inst(ReadMasterChecker, { bus: this.cfg.bus, burst: this.cfg.burst, outstanding: this.cfg.outstanding, id: READ_IDS.load });
  readonly busy = this.reg(bool, { reset: false });
  readonly moving = this.reg(bool, { reset: false });
  readonly failed = this.reg(bool, { reset: false });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    const { p, unit, rules, failed } = this;
    connect(p, unit);
    const [ar, r] = [channel(p.axi, 'ar'), channel(p.axi, 'r')];
    watch(rules.ar, ar);
    watch(rules.r, r);
    checkUnit('ld', p, isBad(r), this);
    assert(beginsLate(failed, ar).not(), 'after an error no burst begins');
    assert(beginsLate(failed, p.scratchpad).not(), 'after an error nothing is written');
    assert(failed.not().or(r.ready), 'after an error beats are taken at once');
    assert(p.done.not().or(rules.idle.and(ar.valid.not()).and(p.scratchpad.valid.not())), 'nothing is under way when a move retires');
  }
}

export class StoreProperties extends Module<AcceleratorConfig> {
  readonly p = this.io({ ...commandPorts(), axi: writeChannels(this.cfg), scratchpad: readPort(scratchpadShape(this.cfg)) });
  readonly unit = this.inst(StoreUnit, this.cfg);
  readonly rules = this.inst(WriteMasterChecker, { bus: this.cfg.bus, burst: this.cfg.burst, outstanding: this.cfg.outstanding, id: WRITE_ID });
  readonly busy = this.reg(bool, { reset: false });
  readonly moving = this.reg(bool, { reset: false });
  readonly failed = this.reg(bool, { reset: false });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    const { p, unit, rules, failed } = this;
    connect(p, unit);
    const [aw, w, b] = [channel(p.axi, 'aw'), channel(p.axi, 'w'), channel(p.axi, 'b')];
    watch(rules.aw, aw);
    watch(rules.w, w);
    watch(rules.b, b);
    checkUnit('st', p, isBad(b), this);
    assert(beginsLate(failed, aw).not(), 'after an error no burst begins');
    assert(beginsLate(failed, w).not().or(w.strb.eq(0)), 'after an error nothing is written');
    assert(p.done.not().or(rules.idle.and(aw.valid.not()).and(w.valid.not())), 'nothing is under way when a move retires');
  }
}
