// VX: vectors of C bytes through C lanes (design note 0025).
//
//   walk ─► positions ─► fetch (a, b, sums) ─► slots ─► lanes ─► write
//                              settings ──────────────────┘
// Contract: ports.ts. One instruction at a time.
// Timing: an instruction that sets is done one cycle after it was taken. `vx.params` reads 9 vectors, `vx.table` 256 bytes, one a cycle, and is done 3 cycles after the last was taken. `vx.run` asks for
// the operands of its first position one cycle after it was taken, and for those of the next when all of one were taken; two cycles later they make a slot, for `add` three. Slots move when no result
// waits to be written. A result is offered 9 slots later (14 for `add`), and `done` comes one cycle after the last write was taken.

import { type Bool, bool, inDomain, input, lit, Module, mux, type UInt, uint, type VecValue, type UIntType, vec, vecOf, when, zeros, type SInt } from '../../hdl/index.ts';
import { asType } from '../../hdl/std/bits.ts';
import { fires } from '../../hdl/std/stream.ts';
import { type AcceleratorConfig } from '../../isa/config.ts';
import { INSTRUCTIONS, PAYLOAD } from '../../isa/instructions.ts';
import { decodeFields, isOpcode } from './decode.ts';
import { commandPorts, readPort, writePort } from './ports.ts';
import { placeOf, scratchpadShape, sumsShape, VectorFetch, vectorTag } from './vector-fetch.ts';
import { CHOICE_SLOTS, LANE_SLOTS, VectorLane, vectorOperation, vectorPass, WORK_SLOTS } from './vector-lane.ts';
import { VectorSettings } from './vector-settings.ts';
import { Walker } from './walker.ts';

const ADDRESS = 24;

export class VectorUnit extends Module<AcceleratorConfig> {
  readonly p = this.io({
    ...commandPorts(),
    /** Parameters and tables come through it, too. */
    a: readPort(scratchpadShape(this.cfg)),
    b: readPort(scratchpadShape(this.cfg)),
    sums: readPort(sumsShape(this.cfg)),
    out: writePort(scratchpadShape(this.cfg)),
  });
  readonly walker = this.inst(Walker, { dims: 5, addresses: [ADDRESS, ADDRESS, ADDRESS], box: true });
  readonly settings = this.inst(VectorSettings, this.cfg);
  readonly fetch = this.inst(VectorFetch, this.cfg);
  readonly operation = this.reg(vectorOperation);
  readonly lookUp = this.reg(bool);
  readonly running = this.reg(bool, { reset: false });
  readonly reading = this.reg(bool, { reset: false });
  readonly done = this.reg(bool, { reset: false });
  /** Slots move. */
  readonly moves = this.wire(bool);
  /** The last result of an instruction is taken. */
  readonly finishes = this.wire(bool);

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe(`Vector unit of ${cfg.cols} lanes.`);
    this.#command();
    this.#walk();
    const slot = this.#slots();
    const result = this.#lanes(slot);
    this.#write(slot, result);
  }

  #command(): void {
    const { p, settings, operation, lookUp, running, reading, done } = this;
    const { opcode, payload } = p.cmd;
    const takes = fires(p.cmd).named('takes');
    const runs = isOpcode(opcode, 'vx.run').named('runs');
    const reads = isOpcode(opcode, 'vx.params').or(isOpcode(opcode, 'vx.table')).named('reads');
    const run = decodeFields('vx.run', payload);
    p.cmd.ready.set(running.or(reading).not());
    const readsEnd = reading.and(settings.busy.not());
    when(takes, () => {
      running.set(runs);
      reading.set(reads);
    }).otherwise(() => {
      when(this.finishes, () => running.set(false));
      when(readsEnd, () => reading.set(false));
    });
    done.set(takes.and(runs.or(reads).not()).or(this.finishes).or(readsEnd));
    when(takes.and(runs), () => {
      operation.set(asType(run.operation.trunc(operation.width), vectorOperation));
      lookUp.set(run.table.asBool().and(settings.hasTable));
    });
    p.done.set(done);
    p.fault.set(0);
    p.address.set(0);
    settings.clear.set(p.clear);
    settings.execute.set(takes);
    settings.opcode.set(opcode);
    settings.payload.set(payload);
  }

  #walk(): void {
    const { p, walker, settings, fetch, operation } = this;
    const { opcode, payload } = p.cmd;
    const takes = fires(p.cmd);
    const on = (name: 'vx.dim' | 'vx.place' | 'vx.box' | 'vx.run'): Bool => takes.and(isOpcode(opcode, name));
    const [dim, place, box, run] = [decodeFields('vx.dim', payload), decodeFields('vx.place', payload), decodeFields('vx.box', payload), decodeFields('vx.run', payload)];
    walker.clear.set(p.clear);
    // Both have their index at the same place.
    walker.set.index.set(dim.index);
    walker.set.counts.set(on('vx.dim'));
    walker.set.count.set(dim.count);
    walker.set.y.set(dim.y);
    walker.set.x.set(dim.x);
    walker.box?.write.set(on('vx.box'));
    for (const name of ['y', 'x'] as const) walker.box?.[name].set(box[name]);
    for (const name of ['height', 'width'] as const) walker.box?.[name].set(box[name]);
    const strides = { a: dim.a, b: dim.b, out: place.out };
    for (const [i, name] of (['a', 'b', 'out'] as const).entries()) {
      walker.set.strides[i]?.write.set(on(name === 'out' ? 'vx.place' : 'vx.dim'));
      walker.set.strides[i]?.by.set(strides[name]);
      walker.bases[i]?.set(run[name].addw(settings.offsets[name]));
    }
    walker.start.set(on('vx.run'));
    walker.step.set(fires(fetch.position));

    const [a, b, out] = walker.addresses as unknown as readonly [UInt, UInt, UInt];
    fetch.position.valid.set(walker.active);
    fetch.position.a.set(a);
    fetch.position.b.set(b);
    fetch.position.tag.first.set(walker.first.at(1));
    fetch.position.tag.last.set(walker.last.at(1));
    fetch.position.tag.inside.set(walker.inside);
    fetch.position.tag.final.set(walker.last.at(4));
    fetch.position.tag.out.set(out);
    fetch.fromSums.set(operation.is('requantise'));
    fetch.hasB.set(operation.is('depthwise', 'add', 'multiply', 'prelu'));
    fetch.extra.valid.set(settings.extra.valid);
    fetch.extra.address.set(settings.extra.address);
    settings.extra.ready.set(fetch.extra.ready);
    settings.bytes.set(fetch.bytes);
    for (const port of ['a', 'b', 'sums'] as const) {
      p[port].valid.set(fetch[port].valid);
      p[port].row.set(fetch[port].row);
      fetch[port].ready.set(p[port].ready);
      fetch[port].data.set(p[port].data);
    }
  }

  /**
   * Operands one after the other: one slot each, or three for `add`: its a, its b, and the sum of the vector before, whose parts have come back by then.
   */
  #slots(): Slot {
    const { fetch, moves, operation } = this;
    const { operands } = fetch;
    const adds = operation.is('add').named('adds');
    const phase = this.reg(uint(2), { reset: 0 }).named('phase');
    /** The vector of this triple, and of the one before. */
    const live = this.reg(bool).named('live');
    const held = this.reg(bool, { reset: false }).named('held');
    const heldTag = this.reg(vectorTag).named('held_tag');
    const [atA, atB, atSum] = [0, 1, 2].map((n) => adds.and(phase.eq(n))) as [Bool, Bool, Bool];
    const begins = operands.valid.or(held).named('begins');
    operands.ready.set(moves.and(adds.not().or(atSum.and(live))));
    when(moves, () => {
      when(atA.and(begins), () => {
        phase.set(1);
        live.set(operands.valid);
      });
      when(atB, () => phase.set(2));
      when(atSum, () => {
        phase.set(0);
        held.set(live);
        heldTag.set(operands.tag);
      });
    });
    const valid = mux(atSum, held, mux(atB, live, operands.valid)).named('slot_valid');
    const tag = mux(atSum, heldTag, operands.tag);
    const passes = (name: 'only' | 'a' | 'b' | 'sum') => lit(vectorPass, name);
    const pass = mux(atSum, passes('sum'), mux(atB, passes('b'), mux(atA, passes('a'), passes('only'))));
    return { valid, tag, pass, writes: valid.and(tag.last).and(atA.or(atB).not()) };
  }

  #lanes({ valid, tag, pass }: Slot): VecValue<UIntType> {
    const { settings, fetch, moves, cfg } = this;
    return inDomain(this.domain({ enable: moves }), () => {
      const lanes = this.mesh(VectorLane, [cfg.cols], { modes: cfg.modes });
      lanes.feed('x', [0], fetch.operands.x);
      lanes.feed('b', [0], fetch.operands.b);
      for (const name of ['bias', 'multiplier', 'shift'] as const) lanes.feed(name, [0], settings[name]);
      for (const name of ['aZero', 'bZero', 'zero', 'min', 'max', 'left', 'aMultiplier', 'aShift', 'bMultiplier', 'bShift'] as const)
        lanes.broadcast(name, settings[name] as never);
      if (settings.mode) lanes.broadcast('mode' as never, settings.mode as never);
      lanes.broadcast('operation', this.operation as never);
      lanes.broadcast('lookUp', this.lookUp);
      lanes.broadcast('table' as never, settings.table as never);
      const work = { valid: this.delay(valid, WORK_SLOTS, { reset: true }), first: this.delay(tag.first, WORK_SLOTS), inside: this.delay(tag.inside, WORK_SLOTS), pass: this.delay(pass, WORK_SLOTS) };
      lanes.broadcast('work' as never, work as never);
      lanes.broadcast('choice', this.delay(pass, CHOICE_SLOTS) as never);
      return lanes.collect('result');
    });
  }

  #write({ writes, tag }: Slot, result: VecValue<UIntType>): void {
    const { p, moves, finishes, cfg } = this;
    const { out, final } = inDomain(this.domain({ enable: moves }), () => ({ out: this.delay(tag.out, LANE_SLOTS), final: this.delay(tag.final, LANE_SLOTS) }));
    const waits = this.delay(writes, LANE_SLOTS, { enable: moves, reset: true });
    moves.set(waits.not().or(p.out.ready));
    const { row, vector } = placeOf(cfg, out);
    p.out.valid.set(waits);
    p.out.row.set(row);
    for (let i = 0; i < p.out.mask.length; i++) {
      p.out.mask.at(i).set(vector ? vector.eq(Math.floor(i / cfg.cols)) : true);
      p.out.data.at(i).set(result.at(i % cfg.cols));
    }
    finishes.set(fires(p.out).and(final));
  }
}

interface Slot {
  readonly valid: Bool;
  readonly tag: { readonly first: Bool; readonly last: Bool; readonly inside: Bool; readonly final: Bool; readonly out: UInt };
  readonly pass: any;
  /** Its result is written. */
  readonly writes: Bool;
}
