// LD and ST of the accelerator as masters of AXI4, and what they do after an error response: what was announced comes to its end, nothing new begins, nothing is written.
//
// Contract: instructions are legal, `clear` comes while the unit is idle; memory and scratchpad take their time as they like.

import { readChannels, writeChannels } from '../../generators/accelerator/axi-ports.ts';
import { decodeFields, isOpcode } from '../../generators/accelerator/decode.ts';
import { LoadUnit } from '../../generators/accelerator/load-unit.ts';
import { connectCommands } from '../../generators/accelerator/move-front.ts';
import { scratchpadShape } from '../../generators/accelerator/pieces.ts';
import { commandPorts, readPort, writePort } from '../../generators/accelerator/ports.ts';
import { StoreUnit } from '../../generators/accelerator/store-unit.ts';
import { assert, assume, type Bool, type BoolVar, bool, connect, cover, Module, past, type UInt, when } from '../../hdl/index.ts';
import { channel } from '../../hdl/std/axi.ts';
import { fires } from '../../hdl/std/stream.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { AxiReadChecker, AxiWriteChecker } from './axi-master.ts';

interface Handshake {
  readonly valid: Bool;
  readonly ready: Bool;
}
interface Commands {
  readonly cmd: Handshake & { readonly opcode: UInt; readonly payload: UInt };
  readonly clear: Bool;
  readonly done: Bool;
  readonly fault: UInt;
}

/** An instruction is executed, which is a move, an error response has come. */
interface Progress {
  readonly busy: BoolVar;
  readonly moving: BoolVar;
  readonly failed: BoolVar;
}

/** What is said of both units; gives the offers that are forbidden from the second cycle behind an error response on. */
function afterErrors(unit: 'ld' | 'st', p: Commands, isBad: Bool, { busy, moving, failed }: Progress): (offer: Handshake) => Bool {
  const name = `${unit}.move` as const;
  when(fires(p.cmd), () => {
    busy.set(true);
    moving.set(isOpcode(p.cmd.opcode, name));
  }).elsewhen(p.done, () => busy.set(false));
  when(isBad, () => failed.set(true)).elsewhen(p.done, () => failed.set(false));
  assume(p.clear.not().or(busy.not().and(p.cmd.valid.not())), 'a program begins while the unit is idle');
  assume(isOpcode(p.cmd.opcode, name).not().or(decodeFields(name, p.cmd.payload).run.ne(0)), 'a run has bytes');
  assert(p.done.not().or(p.fault.ne(0).eq(failed)), 'an error response, and nothing else, is a fault');
  cover(p.done.and(failed), 'a move retires with a fault');
  cover(
    p.done
      .and(busy)
      .and(failed.not())
      .and(isOpcode(past(p.cmd.opcode, 12), name)),
    'a move retires',
  );
  const late = failed.and(past(failed));
  return ({ valid, ready }) => late.and(valid).and(past(valid.and(ready.not())).not());
}

export class LoadProperties extends Module<AcceleratorConfig> {
  readonly p = this.io({ ...commandPorts(), axi: readChannels(this.cfg), scratchpad: writePort(scratchpadShape(this.cfg)) });
  readonly unit = this.inst(LoadUnit, this.cfg);
  readonly rules = this.inst(AxiReadChecker, { bus: this.cfg.bus, burst: this.cfg.burst, outstanding: this.cfg.outstanding });
  readonly busy = this.reg(bool, { reset: false });
  readonly moving = this.reg(bool, { reset: false });
  readonly failed = this.reg(bool, { reset: false });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    const { p, unit, rules, failed } = this;
    connectCommands(p, unit);
    connect(p.axi, unit.axi);
    connect(p.scratchpad, unit.scratchpad);
    const [ar, r] = [channel(unit.axi, 'ar'), channel(p.axi, 'r')];
    for (const name of ['valid', 'addr', 'len', 'size', 'burst'] as const) rules.ar[name].set(ar[name] as never);
    rules.ar.ready.set(p.axi.arready);
    for (const name of ['valid', 'data', 'resp', 'last'] as const) rules.r[name].set(r[name] as never);
    rules.r.ready.set(unit.axi.rready);
    const taken = p.axi.rvalid.and(unit.axi.rready);
    const begins = afterErrors(
      'ld',
      { ...p, done: unit.done, fault: unit.fault, cmd: { ...p.cmd, ready: unit.cmd.ready } },
      taken.and(r.resp.bit(1)),
      this,
    );
    assert(begins({ valid: ar.valid, ready: p.axi.arready }).not(), 'after an error no burst begins');
    assert(begins({ valid: unit.scratchpad.valid, ready: p.scratchpad.ready }).not(), 'after an error nothing is written');
    assert(failed.not().or(unit.axi.rready), 'after an error beats are taken at once');
    assert(unit.done.not().or(rules.idle.and(ar.valid.not()).and(unit.scratchpad.valid.not())), 'nothing is under way when a move retires');
  }
}

export class StoreProperties extends Module<AcceleratorConfig> {
  readonly p = this.io({ ...commandPorts(), axi: writeChannels(this.cfg), scratchpad: readPort(scratchpadShape(this.cfg)) });
  readonly unit = this.inst(StoreUnit, this.cfg);
  readonly rules = this.inst(AxiWriteChecker, { bus: this.cfg.bus, burst: this.cfg.burst, outstanding: this.cfg.outstanding });
  readonly busy = this.reg(bool, { reset: false });
  readonly moving = this.reg(bool, { reset: false });
  readonly failed = this.reg(bool, { reset: false });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    const { p, unit, rules } = this;
    connectCommands(p, unit);
    connect(p.axi, unit.axi);
    connect(p.scratchpad, unit.scratchpad);
    const [aw, w] = [channel(unit.axi, 'aw'), channel(unit.axi, 'w')];
    for (const name of ['valid', 'addr', 'len', 'size', 'burst'] as const) rules.aw[name].set(aw[name] as never);
    rules.aw.ready.set(p.axi.awready);
    for (const name of ['valid', 'data', 'strb', 'last'] as const) rules.w[name].set(w[name] as never);
    rules.w.ready.set(p.axi.wready);
    rules.b.valid.set(p.axi.bvalid);
    rules.b.resp.set(p.axi.bresp);
    rules.b.ready.set(unit.axi.bready);
    const isBad = p.axi.bvalid.and(unit.axi.bready).and(p.axi.bresp.bit(1));
    const begins = afterErrors('st', { ...p, done: unit.done, fault: unit.fault, cmd: { ...p.cmd, ready: unit.cmd.ready } }, isBad, this);
    assert(begins({ valid: aw.valid, ready: p.axi.awready }).not(), 'after an error no burst begins');
    assert(begins({ valid: w.valid, ready: p.axi.wready }).not().or(w.strb.eq(0)), 'after an error nothing is written');
    assert(unit.done.not().or(rules.idle.and(aw.valid.not()).and(w.valid.not())), 'nothing is under way when a move retires');
  }
}
