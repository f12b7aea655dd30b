// MX: walks of activations through the matrix unit, rows of weights into it, sums out of it and back (design note 0025).
//
// Three streams read ahead: activations and, where a step adds to sums, rows of sums follow one walk; weights follow the steps of k and run ahead of the activations as far as the matrix unit takes
// them. A row of sums may be read again as soon as its write of the step before was taken: fewer than M rows are on their way.
//
// Timing: every instruction but mx.multiply is done one cycle after it was taken. Without refused requests one beat a cycle, as long as M is at least R and, where sums are added to, greater than
// what the pipeline holds, R + C and a few beats.

import {
  type Bool,
  bool,
  cat,
  connect,
  counterType,
  fill,
  lit,
  Module,
  mux,
  output,
  sint,
  type UInt,
  uint,
  vec,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { asBits, asType } from '../../hdl/std/bits.ts';
import { fires, fork, type Source } from '../../hdl/std/stream.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { INSTRUCTIONS } from '../../isa/instructions.ts';
import { WsUnit } from '../ws-unit.ts';
import { decodeFields, isOpcode } from './decode.ts';
import { pieceBits, pieceIndex, pieceOf, rowOf, scratchpadShape, sumsShape } from './pieces.ts';
import { commandPorts, FAULTS, readPort, writePort } from './ports.ts';
import { ReadAhead } from './read-ahead.ts';
import { moveOffset, setBox, setDimension, setStride } from './walk-settings.ts';
import { Walker } from './walker.ts';

const ADDRESS = INSTRUCTIONS['mx.multiply'].fields.activation.width;
const COUNT = 16;
/** Dimensions 0 and 1 are positions, the others steps of k. */
const [DIMS, POSITION_DIMS] = [5, 2];
/** Beats between a walk's step and the write of its sums, beside those in the array. */
const SLACK = 32;

export class MultiplyUnit extends Module<AcceleratorConfig> {
  readonly p = this.io({
    ...commandPorts(),
    activations: readPort(scratchpadShape(this.cfg)),
    weights: readPort(scratchpadShape(this.cfg)),
    sumsRead: readPort(sumsShape(this.cfg)),
    sumsWrite: writePort(sumsShape(this.cfg)),
    /** A beat entered the array: R·C multiplies. */
    beat: output(bool),
    /** One outside of the box. */
    skipped: output(bool),
  });
  readonly array = this.inst(WsUnit, { rows: this.cfg.rows, cols: this.cfg.cols, dataflow: 'ws' });
  readonly walk = this.inst(Walker, { dims: DIMS, addresses: [ADDRESS], box: true });
  readonly steps = this.inst(Walker, { dims: DIMS - POSITION_DIMS, addresses: [], box: false });
  readonly activationReads = this.inst(ReadAhead, { ...scratchpadShape(this.cfg), tag: 3 + pieceBits(this.cfg, this.cfg.rows) });
  readonly weightReads = this.inst(ReadAhead, { ...scratchpadShape(this.cfg), tag: Math.max(1, pieceBits(this.cfg, this.cfg.cols)) });
  readonly sumReads = this.inst(ReadAhead, { ...sumsShape(this.cfg), tag: 1 });

  readonly running = this.reg(bool, { reset: false });
  readonly done = this.reg(bool, { reset: false });
  readonly fault = this.reg(uint(3), { reset: 0 });
  readonly pad = this.reg(uint(8));
  /** Offsets and counts as instructions set them. */
  readonly activationOffset = this.reg(uint(ADDRESS), { reset: 0 });
  readonly weightOffset = this.reg(uint(ADDRESS), { reset: 0 });
  readonly sumsOffset = this.reg(uint(COUNT), { reset: 0 });
  readonly innerCount = this.reg(uint(COUNT), { reset: 1 });
  readonly outerCount = this.reg(uint(COUNT), { reset: 1 });
  /** M, the number of positions. */
  readonly positions = this.reg(uint(2 * COUNT));
  readonly accumulates = this.reg(bool);
  /** The present step of k is the first. */
  readonly firstStep = this.reg(bool);
  readonly weightAddress = this.reg(uint(ADDRESS));
  /** Rows of weights of the present step that were asked for. */
  readonly weightRow = this.reg(counterType(this.cfg.rows - 1));
  readonly sumsBase = this.reg(uint(COUNT));
  /** Where the next position reads, and the next result goes, behind `sumsBase`. */
  readonly readPlace = this.reg(uint(COUNT));
  readonly writePlace = this.reg(uint(COUNT));
  /** Positions begun whose sums are not yet written. */
  readonly flying = this.reg(counterType(this.cfg.rows + this.cfg.cols + SLACK), { reset: 0 });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe(`Multiplies walks of activations with weights of the scratchpad, ${cfg.rows} by ${cfg.cols}.`);
    const { p, running, done, fault, flying, walk, steps } = this;
    const begun = this.wire(bool);
    const written = fires(p.sumsWrite).named('written');
    this.#commands();
    this.#weights();
    begun.set(this.#positions());
    this.#results();
    when(begun.and(written.not()), () => flying.set(flying.addw(1))).elsewhen(written.and(begun.not()), () => flying.set(flying.subw(1)));
    when(running.and(walk.active.not()).and(steps.active.not()).and(flying.eq(0)), () => {
      running.set(false);
      done.set(true);
      fault.set(FAULTS.none);
    });
    p.done.set(done);
    p.fault.set(fault);
    p.address.set(0);
  }

  /** Takes instructions. */
  #commands(): void {
    const { p, running, done, fault, walk, steps } = this;
    const { payload, opcode } = p.cmd;
    p.cmd.ready.set(running.not().and(done.not()));
    const taken = fires(p.cmd).named('taken');
    const is = (name: 'mx.dim' | 'mx.box' | 'mx.offset' | 'mx.multiply'): Bool => taken.and(isOpcode(opcode, name));
    done.set(taken);
    fault.set(FAULTS.none);
    this.positions.set(this.innerCount.mul(this.outerCount));

    const dim = decodeFields('mx.dim', payload);
    const setsDim = is('mx.dim').named('sets_dim');
    walk.clear.set(p.clear);
    setDimension(walk, setsDim, dim);
    setStride(walk, 0, setsDim, dim.local);
    steps.clear.set(p.clear);
    setDimension(steps, setsDim.and(dim.index.ge(POSITION_DIMS)), { index: dim.index.subw(POSITION_DIMS), count: dim.count });
    when(setsDim.and(dim.index.eq(0)), () => this.innerCount.set(dim.count));
    when(setsDim.and(dim.index.eq(1)), () => this.outerCount.set(dim.count));

    const box = decodeFields('mx.box', payload);
    setBox(walk, is('mx.box'), box);
    when(is('mx.box'), () => this.pad.set(box.pad.asUInt()));

    const offset = decodeFields('mx.offset', payload);
    when(is('mx.offset'), () => {
      moveOffset(this.activationOffset, offset.adds, offset.activation);
      moveOffset(this.weightOffset, offset.adds, offset.weight);
      moveOffset(this.sumsOffset, offset.adds, offset.sums);
    });

    const multiply = decodeFields('mx.multiply', payload);
    const asked = is('mx.multiply').named('multiplies');
    const fits = this.positions.le(this.cfg.sums).named('fits');
    const starts = asked.and(fits).named('starts');
    walk.bases[0]?.set(multiply.activation.addw(this.activationOffset));
    for (const walker of [walk, steps]) walker.start.set(starts);
    when(starts, () => {
      const base = multiply.sums.addw(this.sumsOffset);
      running.set(true);
      done.set(false);
      this.accumulates.set(multiply.accumulate.eq(1));
      this.firstStep.set(true);
      this.weightAddress.set(multiply.weight.addw(this.weightOffset));
      this.weightRow.set(0);
      for (const place of [this.sumsBase, this.readPlace, this.writePlace]) place.set(base);
    }).elsewhen(asked, () => fault.set(FAULTS.sums));
    when(p.clear, () => {
      for (const register of [this.activationOffset, this.weightOffset, this.sumsOffset]) register.set(0);
      for (const register of [this.innerCount, this.outerCount]) register.set(1);
    });
  }

  /** Rows of weights, R for each step of k. */
  #weights(): void {
    const { cfg, weightReads, steps, weightRow, weightAddress, array } = this;
    const piece = pieceIndex(cfg, weightAddress, cfg.cols);
    weightReads.in.valid.set(steps.active);
    weightReads.in.row.set(rowOf(cfg, weightAddress));
    weightReads.in.skip.set(false);
    weightReads.in.tag.set(piece ?? 0);
    const asked = fires(weightReads.in).named('weights_asked');
    const lastRow = weightRow.eq(cfg.rows - 1);
    steps.step.set(asked.and(lastRow));
    when(asked, () => {
      weightAddress.set(weightAddress.addw(cfg.cols));
      weightRow.set(mux(lastRow, lit(uint(weightRow.width), 0), weightRow.addw(1)));
    });
    array.weight.valid.set(weightReads.out.valid);
    weightReads.out.ready.set(array.weight.ready);
    array.weight.data.set(asType(asBits(pieceOf(weightReads.out.data, piece && weightReads.out.tag, cfg.cols)), vec(sint(8), cfg.cols)) as never);
    connect(this.p.weights, weightReads.memory);
  }

  /** Positions of the walk: each asks for its activations and for its sums. Gives the cycle in which both are under way. */
  #positions(): Bool {
    const { cfg, p, walk, activationReads, sumReads, array, readPlace, firstStep } = this;
    const address = walk.addresses[0] as UInt;
    const lastPosition = walk.last.at(POSITION_DIMS - 1);
    const adds = firstStep.not().or(this.accumulates).named('adds');
    const [forActivations, forSums] = fork({ valid: walk.active, ready: walk.step }, 2) as [Source, Source];
    const begun = fires({ valid: walk.active, ready: walk.step }).named('begun');

    const piece = pieceIndex(cfg, address, cfg.rows);
    const flags = cat(walk.inside, lastPosition, adds);
    activationReads.in.valid.set(forActivations.valid);
    forActivations.ready.set(activationReads.in.ready);
    activationReads.in.row.set(rowOf(cfg, address));
    activationReads.in.skip.set(walk.inside.not());
    activationReads.in.tag.set(piece ? cat(flags, piece) : flags);
    connect(p.activations, activationReads.memory);

    // A row of sums comes back only when its write of the step before is through.
    const waits = firstStep.not().and(this.flying.ge(this.positions)).named('waits');
    sumReads.in.valid.set(forSums.valid.and(adds).and(waits.not()));
    forSums.ready.set(adds.not().or(sumReads.in.ready.and(waits.not())));
    sumReads.in.row.set(readPlace.trunc(sumReads.in.row.width));
    sumReads.in.skip.set(false);
    sumReads.in.tag.set(0);
    connect(p.sumsRead, sumReads.memory);
    when(begun, () => {
      readPlace.set(mux(lastPosition, this.sumsBase, readPlace.addw(1)));
      when(lastPosition, () => firstStep.set(false));
    });

    const { data, tag, valid, ready } = activationReads.out;
    const bits = pieceBits(cfg, cfg.rows);
    const beat = pieceOf(data, piece && tag.bits(bits - 1, 0), cfg.rows);
    const inside = tag.bit(bits + 2);
    const padded = mux(inside, beat, vecOf(...(Array.from({ length: cfg.rows }, () => this.pad) as [typeof this.pad, ...(typeof this.pad)[]])));
    array.act.valid.set(valid);
    ready.set(array.act.ready);
    array.act.data.set(asType(asBits(padded), vec(sint(8), cfg.rows)) as never);
    array.act.last.set(tag.bit(bits + 1));
    array.act.accumulate.set(tag.bit(bits));
    array.psum.valid.set(sumReads.out.valid);
    sumReads.out.ready.set(array.psum.ready);
    array.psum.data.set(asType(asBits(sumReads.out.data), vec(sint(32), cfg.cols)) as never);
    p.beat.set(fires(array.act));
    p.skipped.set(fires(array.act).and(inside.not()));
    return begun;
  }

  /** Rows of sums. */
  #results(): void {
    const { p, array, writePlace } = this;
    p.sumsWrite.valid.set(array.out.valid);
    array.out.ready.set(p.sumsWrite.ready);
    p.sumsWrite.row.set(writePlace.trunc(p.sumsWrite.row.width));
    p.sumsWrite.mask.set(fill(p.sumsWrite.mask.length, lit(bool, true)));
    p.sumsWrite.data.set(asType(asBits(array.out.data), vec(uint(8), p.sumsWrite.data.length)));
    when(fires(p.sumsWrite), () => writePlace.set(mux(array.out.last, this.sumsBase, writePlace.addw(1))));
  }
}
