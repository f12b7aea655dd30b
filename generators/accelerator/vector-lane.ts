// One lane of VX: a byte (or a sum) and a byte in, a byte out (design note 0025).
//
//   x ──┬─ − zero ─┐          bias ─┐    ┌──────────────────────────────────────┐ results of passes a and b
//       │          × ─ select ─ + ──┴─ accumulator ─ choose ─ requantiser ─┬─────┘
//   b ──┴─ − zero ─┘        1       2                3          4, 5, 6     └─ zero, clamp ─ table ─► result
//                                                                              7            8
// Contract: everything moves with the enable of the domain around, one slot at a time; a result leaves 9 slots after its operands came. What a slot is comes beside its value: `work` when it is at the
// accumulator, 2 slots after its operands, `choice` one slot later. `add` takes three slots a vector: pass a, pass b, and, 5 slots after pass a, the pass `sum`, which has no operands.
// All settings stand still while slots are on their way.

import {
  type Bool,
  bool,
  bundle,
  enumeration,
  input,
  lit,
  Module,
  mux,
  optional,
  output,
  type SInt,
  sint,
  type UInt,
  uint,
  when,
} from '../../hdl/index.ts';
import { abs, clamp, max, muxCase, saturate } from '../../hdl/std/choose.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { VX_OPERATIONS } from '../../isa/instructions.ts';
import { Requantiser, requantiseMode } from '../requantise/index.ts';

/** Operations as a type; codes as in the instruction. */
export const vectorOperation = enumeration('VectorOperation', VX_OPERATIONS);
/** What a slot asks of the requantiser: its own result, one of an addition's operands, or their sum. */
export const vectorPass = enumeration('VectorPass', ['only', 'a', 'b', 'sum']);

/** Slots from operands to `work`, to `choice`, to the result. */
export const WORK_SLOTS = 2;
export const CHOICE_SLOTS = 3;
export const LANE_SLOTS = 9;

/** What all lanes share and what stands still while slots are on their way. */
export function laneSettings({ modes }: Pick<AcceleratorConfig, 'modes'>) {
  return bundle({
    aZero: sint(8),
    bZero: sint(8),
    zero: sint(8),
    min: sint(8),
    max: sint(8),
    left: uint(5),
    mode: optional(modes.length > 1, requantiseMode),
    aMultiplier: sint(32),
    aShift: sint(7),
    bMultiplier: sint(32),
    bShift: sint(7),
  });
}
/** A value at the accumulator: whether there is one, whether it is the first of its window, whether it counts. */
export const laneWork = bundle({ valid: bool, first: bool, inside: bool, pass: vectorPass });
/** An entry of the table is written; only while nothing is on its way. */
export const tableWrite = bundle({ write: bool, index: uint(8), entry: uint(8) });

export class VectorLane extends Module<Pick<AcceleratorConfig, 'modes'>> {
  readonly p = this.io({
    x: input(sint(32)),
    b: input(sint(8)),
    bias: input(sint(32)),
    multiplier: input(sint(32)),
    shift: input(sint(7)),

    operation: input(vectorOperation),
    settings: input(laneSettings(this.cfg)),
    lookUp: input(bool),

    work: input(laneWork),
    choice: input(vectorPass),
    table: input(tableWrite),
    result: output(uint(8)),
  });
  readonly accumulator = this.reg(sint(32));
  readonly entries = this.memory(uint(8), 256);

  constructor(cfg: Pick<AcceleratorConfig, 'modes'>) {
    super(cfg);
    this.describe('One lane of the vector unit.');
    const { p, accumulator } = this;
    const { operation } = p;

    const x1 = this.delay(p.x, 1);
    const a1 = this.delay(p.x.trunc(8).sub(p.settings.aZero), 1);
    const b1 = this.delay(p.b.sub(mux(operation.is('depthwise'), lit(sint(8), 0), p.settings.bZero)), 1);
    const x2 = this.delay(x1, 1);
    const a2 = this.delay(a1, 1);
    const b2 = this.delay(b1, 1);
    const product = this.delay(a1.mul(b1), 1);
    const positive = a2.ge(0).named('positive');
    this.#accumulate(this.#term({ x: x2, a: a2, b: b2, product, positive }));

    const ofA = p.choice.eq('a').or(operation.is('prelu').and(this.delay(positive, 1)));
    const ofB = p.choice.eq('b');
    const choose = (lane: SInt, a: SInt, b: SInt): SInt => mux(ofA, a, mux(ofB, b, lane));
    const average = operation.is('average');
    const sum = this.wire(sint(32));
    const magnitude = abs(accumulator).asSInt();
    const value = this.delay(mux(p.choice.eq('sum'), sum, mux(average, magnitude, accumulator)), 1);
    const multiplier = this.delay(choose(p.multiplier, p.settings.aMultiplier, p.settings.bMultiplier), 1);
    const shift = this.delay(choose(p.shift, p.settings.aShift, p.settings.bShift), 1);

    const requantiser = this.inst(Requantiser, { modes: cfg.modes, output: sint(32), stages: REQUANTISER_STAGES, steady: true });
    requantiser.acc.set(value);
    requantiser.multiplier?.set(multiplier);
    requantiser.shift?.set(shift);
    requantiser.zeroPoint.set(0);
    requantiser.min.set(-(2 ** 31));
    requantiser.max.set(2 ** 31 - 1);
    requantiser.mode?.set(p.settings.mode as never);
    const scaled = (requantiser.result as SInt).named('scaled');
    sum.set(this.delay(scaled, 1).addw(scaled));

    const negative = this.delay(average.and(accumulator.lt(0)), 1 + REQUANTISER_STAGES);
    const raw = this.delay(accumulator.trunc(8), 1 + REQUANTISER_STAGES);
    this.#finish(mux(negative, scaled.neg(), scaled), raw);
  }

  /** What a place of a window contributes, were it inside. */
  #term({ x, a, b, product, positive }: { x: SInt; a: SInt; b: SInt; product: SInt; positive: Bool }): SInt {
    const { operation, work, settings } = this.p;
    return muxCase(x, [
      [operation.is('depthwise', 'multiply'), product],
      [operation.is('prelu'), mux(positive, a, product)],
      [operation.is('add'), mux(work.pass.eq('b'), b, a).dshl(settings.left).trunc(32)],
    ]).named('term');
  }

  #accumulate(term: SInt): void {
    const { accumulator } = this;
    const { operation, work, bias } = this.p;
    const maximum = operation.is('maximum');
    const windowed = operation.is('depthwise', 'average', 'maximum');
    const nothing = mux(maximum, lit(sint(8), -128), lit(sint(8), 0));
    const counted = mux(windowed.and(work.inside.not()), nothing, term).named('counted');
    const start = mux(operation.is('requantise', 'depthwise'), bias, lit(sint(32), 0));
    const base = mux(windowed.and(work.first.not()), accumulator, start).named('base');
    const greater = mux(work.first, counted.trunc(8), max(accumulator.trunc(8), counted.trunc(8)));
    when(work.valid, () => accumulator.set(mux(maximum, greater, base.addw(counted))));
  }

  /** Zero point, clamp, table. */
  #finish(scaled: SInt, raw: SInt): void {
    const { p, entries } = this;
    // What saturation takes away could not have come back into range.
    const near = mux(p.operation.is('maximum'), raw, saturate(scaled, 10));
    const inRange = clamp(near.add(p.settings.zero), p.settings.min, p.settings.max).trunc(8);
    const code = this.delay(mux(p.operation.is('copy'), raw, inRange), 1);
    // Entry 0 is for −128.
    const found = entries.read(code.asUInt().xor(0x80));
    entries.write(p.table.index, p.table.entry, { enable: p.table.write });
    const own: UInt = this.delay(code, 1).asUInt();
    p.result.set(mux(p.lookUp, found, own));
  }
}

const REQUANTISER_STAGES = 3;
