// VX: vectors of C bytes through C lanes (design note 0025).
//
//   walk ─► positions ─► fetch (a, b, sums) ─► slots ─► lanes ─► write
//                              settings ──────────────────┘
// Contract: ports.ts. One instruction at a time.
// Timing: an instruction that sets is done one cycle after it was taken. `vx.params` reads 9 vectors, `vx.table` 256 bytes, one a cycle, and is done 4 cycles after the last was taken. `vx.run` asks for
// the operands of its first position one cycle after it was taken, and for those of the next when all of one were taken; two cycles later they make a slot, for `add` three. Slots move when no result
// waits to be written. A result is offered 9 slots later (14 for `add`), and `done` comes one cycle after the last write was taken.

import {
  type Bool,
  type BoolVar,
  bool,
  bundle,
  cat,
  connect,
  inDomain,
  lit,
  Module,
  mux,
  type SInt,
  type SIntType,
  sint,
  type UInt,
  type UIntType,
  uint,
  type ValueOf,
  type VecValue,
  vec,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { asBits, asType, bitsIn } from '../../hdl/std/bits.ts';
import { binaryToOneHot } from '../../hdl/std/one-hot.ts';
import { fires, fork, type Source } from '../../hdl/std/stream.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { INSTRUCTIONS } from '../../isa/instructions.ts';
import { decodeFields, isOpcode } from './decode.ts';
import { pieceBits, pieceIndex, pieceOf, rowOf, scratchpadShape, sumsShape } from './pieces.ts';
import { commandPorts, readPort, writePort } from './ports.ts';
import { ReadAhead } from './read-ahead.ts';
import { CHOICE_SLOTS, LANE_SLOTS, laneWork, VectorLane, vectorOperation, vectorPass, WORK_SLOTS } from './vector-lane.ts';
import { VectorRows } from './vector-rows.ts';
import { VectorSettings } from './vector-settings.ts';
import { setBox, setDimension, setStride } from './walk-settings.ts';
import { Walker } from './walker.ts';

const ADDRESS = INSTRUCTIONS['vx.run'].fields.out.width;
/** What goes with a position: its place in the window, whether the walk ends with it, where the result goes. The first field is highest. */
const tagFields = { first: bool, last: bool, final: bool, inside: bool, out: uint(ADDRESS) } as const;
const vectorTag = bundle(tagFields);
const TAG = bitsIn(vectorTag);

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
  readonly rows = this.inst(VectorRows, this.cfg);
  readonly aReads = this.inst(ReadAhead, { ...scratchpadShape(this.cfg), tag: TAG + pieceBits(this.cfg, this.cfg.cols) });
  readonly bReads = this.inst(ReadAhead, { ...scratchpadShape(this.cfg), tag: Math.max(1, pieceBits(this.cfg, this.cfg.cols)) });
  readonly sumReads = this.inst(ReadAhead, { ...sumsShape(this.cfg), tag: 1 });
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
    const operands = this.#operands();
    const slot = this.#slots(operands);
    const result = this.#lanes(slot, operands);
    this.#write(slot, result);
  }

  #command(): void {
    const { p, settings, rows, operation, lookUp, running, reading, done } = this;
    const { opcode, payload } = p.cmd;
    const takes = fires(p.cmd).named('takes');
    const runs = isOpcode(opcode, 'vx.run').named('runs');
    const ofSettings = isOpcode(opcode, 'vx.params').or(isOpcode(opcode, 'vx.table'));
    const ofRows = isOpcode(opcode, 'vx.exponents').or(isOpcode(opcode, 'vx.softmax')).or(isOpcode(opcode, 'vx.normalise'));
    const reads = ofSettings.or(ofRows).named('reads');
    const run = decodeFields('vx.run', payload);
    p.cmd.ready.set(running.or(reading).not());
    const readsEnd = reading.and(settings.busy.or(rows.busy).not());
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
    for (const part of [settings, rows]) {
      part.clear.set(p.clear);
      part.execute.set(takes);
      part.opcode.set(opcode);
      part.payload.set(payload);
    }
  }

  #walk(): void {
    const { p, walker, settings } = this;
    const { opcode, payload } = p.cmd;
    const takes = fires(p.cmd);
    const on = (name: 'vx.dim' | 'vx.place' | 'vx.box' | 'vx.run'): Bool => takes.and(isOpcode(opcode, name));
    const [dim, place, box, run] = [
      decodeFields('vx.dim', payload),
      decodeFields('vx.place', payload),
      decodeFields('vx.box', payload),
      decodeFields('vx.run', payload),
    ];
    walker.clear.set(p.clear);
    // Both have their index at the same place.
    setDimension(walker, on('vx.dim'), dim);
    setBox(walker, on('vx.box'), box);
    const strides = { a: dim.a, b: dim.b, out: place.out };
    for (const [i, name] of (['a', 'b', 'out'] as const).entries()) {
      setStride(walker, i, on(name === 'out' ? 'vx.place' : 'vx.dim'), strides[name]);
      walker.bases[i]?.set(run[name].addw(settings.offsets[name]));
    }
    walker.start.set(on('vx.run'));
  }

  /** Reads for the positions of the walk: each port at its own time, then all together again. */
  #operands(): Operands {
    const { cfg, p, walker, settings, rows, operation, aReads, bReads, sumReads } = this;
    const { cols } = cfg;
    const [a, b, out] = walker.addresses as unknown as readonly [UInt, UInt, UInt];
    const [forA, forB, forSums] = fork({ valid: walker.active, ready: walker.step }, 3) as [Source, Source, Source];
    const outside = operation.is('depthwise', 'average', 'maximum').and(walker.inside.not()).named('outside');
    const fromSums = operation.is('requantise').named('from_sums');

    const tag = {
      first: walker.first.at(1),
      last: walker.last.at(1),
      final: walker.last.at(4),
      inside: walker.inside,
      out: mux(rows.read.valid, rows.read.address, out),
    };
    const extra = settings.read.valid.or(rows.read.valid).named('extra');
    const aAddress = mux(settings.read.valid, settings.read.address, mux(rows.read.valid, rows.read.address, a));
    const aPiece = pieceIndex(cfg, aAddress, cols);
    aReads.in.valid.set(forA.valid.or(extra));
    aReads.in.row.set(rowOf(cfg, aAddress));
    aReads.in.skip.set(extra.not().and(outside.or(fromSums)));
    aReads.in.tag.set(cat(...(aPiece ? [aPiece] : []), ...Object.keys(tagFields).map((name) => tag[name as keyof typeof tag])));
    forA.ready.set(aReads.in.ready);
    for (const { read } of [settings, rows]) read.ready.set(aReads.in.ready);

    const bPiece = pieceIndex(cfg, b, cols);
    bReads.in.valid.set(forB.valid);
    bReads.in.row.set(rowOf(cfg, b));
    bReads.in.skip.set(outside.or(operation.is('depthwise', 'add', 'multiply', 'prelu').not()));
    bReads.in.tag.set(bPiece ?? 0);
    forB.ready.set(bReads.in.ready);

    sumReads.in.valid.set(forSums.valid);
    sumReads.in.row.set(a.trunc(sumReads.in.row.width));
    sumReads.in.skip.set(fromSums.not());
    sumReads.in.tag.set(0);
    forSums.ready.set(sumReads.in.ready);
    connect(p.a, aReads.memory);
    connect(p.b, bReads.memory);
    connect(p.sums, sumReads.memory);

    const bits = pieceBits(cfg, cols);
    const bytesA = pieceOf(aReads.out.data, bits > 0 ? aReads.out.tag.bits(TAG + bits - 1, TAG) : undefined, cols);
    const bytesB = pieceOf(bReads.out.data, bits > 0 ? bReads.out.tag : undefined, cols);
    const sums = asType(asBits(sumReads.out.data), vec(sint(32), cols));
    const valid = aReads.out.valid.and(bReads.out.valid).and(sumReads.out.valid).named('operands_valid');
    const taken = this.wire(bool).named('operands_taken');
    aReads.out.ready.set(taken.or(settings.busy).or(rows.busy.and(rows.byte.ready)));
    for (const { out } of [bReads, sumReads]) out.ready.set(taken);
    settings.vector.valid.set(aReads.out.valid.and(settings.busy));
    settings.vector.bytes.set(bytesA as never);
    const tagOut = asType(aReads.out.tag.trunc(TAG), vectorTag);
    rows.byte.valid.set(aReads.out.valid.and(rows.busy));
    rows.byte.data.set(bytesA.at(tagOut.out.trunc(Math.log2(cols))));
    const x = Array.from({ length: cols }, (_, lane) => mux(fromSums, sums.at(lane), bytesA.at(lane).asSInt()));
    return {
      valid,
      taken,
      tag: tagOut,
      x: vecOf(...(x as [SInt, ...SInt[]])),
      b: asType(asBits(bytesB), vec(sint(8), cols)),
    };
  }

  /**
   * Operands one after the other: one slot each, or three for `add`: its a, its b, and the sum of the vector before, whose parts have come back by then.
   */
  #slots(operands: Operands): Slot {
    const { moves, operation } = this;
    const adds = operation.is('add').named('adds');
    const phase = this.reg(uint(2), { reset: 0 }).named('phase');
    /** The vector of this triple, and of the one before. */
    const live = this.reg(bool).named('live');
    const held = this.reg(bool, { reset: false }).named('held');
    const heldTag = this.reg(vectorTag);
    const [atA, atB, atSum] = [0, 1, 2].map((n) => adds.and(phase.eq(n))) as [Bool, Bool, Bool];
    const begins = operands.valid.or(held).named('begins');
    operands.taken.set(operands.valid.and(moves).and(adds.not().or(atSum.and(live))));
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

  #lanes({ valid, tag, pass }: Slot, operands: Operands): VecValue<UIntType> {
    const { settings, moves, cfg } = this;
    return inDomain(this.domain({ enable: moves }), () => {
      const lanes = this.mesh(VectorLane, [cfg.cols], { modes: cfg.modes });
      lanes.feed('x', [0], operands.x);
      lanes.feed('b', [0], operands.b);
      for (const name of ['bias', 'multiplier', 'shift'] as const) lanes.feed(name, [0], settings[name]);
      lanes.broadcast('settings', settings.lane);
      lanes.broadcast('operation', this.operation);
      lanes.broadcast('lookUp', this.lookUp);
      lanes.broadcast('table', settings.table);
      const work = this.wire(laneWork);
      work.valid.set(valid);
      work.first.set(tag.first);
      work.inside.set(tag.inside);
      work.pass.set(pass);
      lanes.broadcast('work', this.delay(work, WORK_SLOTS));
      lanes.broadcast('choice', this.delay(pass, CHOICE_SLOTS));
      return lanes.collect('result');
    });
  }

  #write({ writes, tag }: Slot, result: VecValue<UIntType>): void {
    const { p, rows, moves, finishes, cfg } = this;
    const [place, final] = inDomain(this.domain({ enable: moves }), () => [this.delay(tag.out, LANE_SLOTS), this.delay(tag.final, LANE_SLOTS)]);
    const waits = this.delay(writes, LANE_SLOTS, { enable: moves, reset: true });
    moves.set(waits.not().or(p.out.ready));
    const address = mux(waits, place, rows.write.address);
    const piece = pieceIndex(cfg, address, cfg.cols);
    const byte = binaryToOneHot(rows.write.address.trunc(Math.log2(cfg.cols)));
    p.out.valid.set(waits.or(rows.write.valid));
    rows.write.ready.set(p.out.ready);
    p.out.row.set(rowOf(cfg, address));
    for (let i = 0; i < p.out.mask.length; i++) {
      const lane = i % cfg.cols;
      const ours = waits.or(byte.bit(lane));
      p.out.mask.at(i).set(piece ? ours.and(piece.eq(Math.floor(i / cfg.cols))) : ours);
      p.out.data.at(i).set(mux(waits, result.at(lane), rows.write.data));
    }
    finishes.set(waits.and(p.out.ready).and(final));
  }
}

type Tag = ValueOf<typeof vectorTag>;
/** The operands of the oldest position, which is taken while `taken` is high. */
interface Operands {
  readonly valid: Bool;
  readonly taken: BoolVar;
  readonly tag: Tag;
  readonly x: VecValue<SIntType>;
  readonly b: VecValue<SIntType>;
}
interface Slot {
  readonly valid: Bool;
  readonly tag: Tag;
  readonly pass: ValueOf<typeof vectorPass>;
  /** Its result is written. */
  readonly writes: Bool;
}
