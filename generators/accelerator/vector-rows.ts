// Rows of VX: softmax and normalisation, a byte a cycle (design note 0025).
//
//   bytes ─► pass 1: maximum, or sum and squares ─► pass 2 (softmax): sum of exponentials ─► Newton ─► last pass: factor × exponential or difference ─► bytes
//
// Contract: `execute` with `vx.exponents`, `vx.softmax` or `vx.normalise` begins; `busy` from the next cycle on until the last byte was read or written. Bytes come by `byte` in the order in which `read`
// asked for them, at any time. One multiplier does it all.
// Timing, where no request waits and bytes come 2 cycles after they were asked for: 1024 + 2 cycles for `vx.exponents`; a row of n bytes takes 2·n + 61 cycles to be normalised, 3·n + 44 for softmax.

import { type Bool, bool, cat, enumeration, input, lit, Module, mux, output, type SInt, sint, type UInt, uint, when } from '../../hdl/index.ts';
import { clamp, max, muxLookup, saturate } from '../../hdl/std/choose.ts';
import { consumer, fires, producer } from '../../hdl/std/stream.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { INSTRUCTIONS, PAYLOAD } from '../../isa/instructions.ts';
import { normalise, shiftRight } from '../float/shift.ts';
import { decodeFields, isOpcode } from './decode.ts';

const ADDRESS = INSTRUCTIONS['vx.run'].fields.out.width;
const ENTRIES = 256;
const LENGTH = 12;
const ROWS = 16;
/** Bits of V, n² times the variance and a little. */
const VARIANCE = 40;
/** In 29 bits behind the point: 48/17 and 32/17 of a reciprocal, 2.1 and 1.2 of a root; 1; in 27 bits: 3. */
const [RECIPROCAL, RECIPROCAL_SLOPE, ROOT, ROOT_SLOPE, ONE, THREE] = [1515870810, -1010580540, 1127428915, -644245094, 2 ** 29, 3 * 2 ** 27];
const ROUNDS = 3;
/** Steps of the computation between the passes. */
const STEP = { squares: 0, variance: 1, scale: 2, line: 3, first: 4, second: 5, third: 6 } as const;
/** Cycles from operands to `high`, and one to use it. */
const STEP_CYCLES = 4;

const rowState = enumeration('RowState', ['idle', 'load', 'first', 'second', 'compute', 'last']);

export class VectorRows extends Module<AcceleratorConfig> {
  readonly p = this.io({
    clear: input(bool),
    execute: input(bool),
    opcode: input(uint(8)),
    payload: input(uint(PAYLOAD.width)),
    busy: output(bool),
    read: producer({ address: uint(ADDRESS) }),
    byte: consumer({ data: uint(8) }),
    write: producer({ address: uint(ADDRESS), data: uint(8) }),
  });
  readonly state = this.reg(rowState, { reset: 'idle' });
  readonly softmax = this.reg(bool);
  readonly from = this.reg(uint(ADDRESS));
  readonly to = this.reg(uint(ADDRESS));
  readonly length = this.reg(uint(LENGTH));
  readonly rowsLeft = this.reg(uint(ROWS));
  readonly fraction = this.reg(uint(3));
  readonly epsilon = this.reg(uint(5));
  /** Bytes to be asked for, from where, to come, and to be written. */
  readonly toAsk = this.reg(uint(LENGTH), { reset: 0 });
  readonly asks = this.reg(uint(ADDRESS));
  readonly toCome = this.reg(uint(LENGTH));
  readonly toWrite = this.reg(uint(LENGTH));

  readonly exponents = this.memory(sint(32), ENTRIES);
  readonly hasExponents = this.reg(bool, { reset: false });
  readonly largest = this.reg(sint(8));
  readonly sum = this.reg(sint(21));
  readonly squares = this.reg(uint(26));
  readonly total = this.reg(sint(32));
  readonly variance = this.reg(uint(VARIANCE));

  readonly step = this.reg(uint(3));
  readonly round = this.reg(uint(2));
  readonly cycle = this.reg(uint(2));
  readonly scaled = this.reg(sint(32));
  readonly estimate = this.reg(sint(32));
  readonly scratch = this.reg(sint(32));
  /** By how much results are shifted. */
  readonly right = this.reg(uint(6));

  readonly left = this.reg(sint(32)).named('operand_a');
  readonly factor = this.reg(sint(32)).named('operand_b');
  readonly product = this.reg(sint(64));
  readonly high = this.reg(sint(32));
  /** The multiplier moves. */
  readonly moves = this.wire(bool);
  readonly comes = this.wire(bool);

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe('Softmax and normalisation of rows.');
    const { p, state, moves, comes } = this;
    p.busy.set(state.is('idle').not());
    p.byte.ready.set(moves);
    comes.set(fires(p.byte));
    this.#ask();
    this.#load();
    this.#first();
    const exponent = this.#exponent();
    this.#second(exponent);
    this.#multiply(exponent);
    this.#compute();
    this.#write();
    this.#begin();
  }

  /** A pass over bytes. */
  #pass(name: 'load' | 'first' | 'second' | 'last', from: UInt, bytes: UInt): void {
    this.state.set(name);
    this.asks.set(from);
    for (const count of [this.toAsk, this.toCome, this.toWrite]) count.set(bytes);
  }

  #begin(): void {
    const { p } = this;
    const on = (name: 'vx.exponents' | 'vx.softmax' | 'vx.normalise'): Bool => p.execute.and(isOpcode(p.opcode, name));
    const fields = decodeFields('vx.normalise', p.payload);
    // Of both the first fields are the same.
    const begins = on('vx.softmax').or(on('vx.normalise'));
    when(begins, () => {
      this.softmax.set(on('vx.softmax'));
      this.from.set(fields.a);
      this.to.set(fields.out);
      this.length.set(fields.length.trunc(LENGTH));
      this.rowsLeft.set(fields.rows);
      this.fraction.set(fields.fraction);
      this.epsilon.set(fields.epsilon);
      this.#pass('first', fields.a, fields.length.trunc(LENGTH));
    }).elsewhen(on('vx.exponents'), () => {
      this.hasExponents.set(true);
      this.#pass('load', decodeFields('vx.exponents', p.payload).local, lit(uint(LENGTH), 4 * ENTRIES));
    });
    when(p.clear, () => this.hasExponents.set(false));
  }

  #ask(): void {
    const { p, toAsk, asks, toCome, comes } = this;
    p.read.valid.set(toAsk.ne(0));
    p.read.address.set(asks);
    when(fires(p.read), () => {
      toAsk.set(toAsk.subw(1));
      asks.set(asks.addw(1));
    });
    when(comes, () => toCome.set(toCome.subw(1)));
  }

  /** The last byte of a pass comes. */
  #ends(name: 'load' | 'first' | 'second'): Bool {
    return this.state.is(name).and(this.comes).and(this.toCome.eq(1)).named(`ends_${name}`);
  }

  #load(): void {
    const { p, state, toCome, comes } = this;
    const low = this.reg(uint(24)).named('low_bytes');
    const word = cat(p.byte.data, low).named('word');
    when(comes, () => low.set(word.bits(31, 8)));
    // Of 1024 bytes to come the first four are of entry 0.
    const index = toCome.subw(1).bits(9, 2).not();
    this.exponents.write(index, word.trunc(32).asSInt(), { enable: state.is('load').and(comes).and(toCome.bits(1, 0).eq(1)) });
    when(this.#ends('load'), () => state.set('idle'));
  }

  /** Maximum, sum and sum of squares. */
  #first(): void {
    const { p, largest, sum, squares, comes, softmax } = this;
    const x = p.byte.data.asSInt();
    const starts = this.toCome.eq(this.length);
    when(this.state.is('first').and(comes), () => {
      largest.set(mux(starts, x, max(largest, x)));
      sum.set(mux(starts, lit(sint(21), 0), sum).addw(x));
      squares.set(mux(starts, lit(uint(26), 0), squares).addw(x.mul(x).asUInt()));
    });
    when(this.#ends('first'), () => {
      this.cycle.set(0);
      this.round.set(0);
      this.step.set(STEP.squares);
      when(softmax, () => this.#pass('second', this.from, this.length)).otherwise(() => this.state.set('compute'));
    });
  }

  /** The exponential of the byte that came a cycle before. */
  #exponent(): SInt {
    const { p, largest, moves, exponents, hasExponents } = this;
    const below = largest.sub(p.byte.data.asSInt()).asUInt().trunc(8);
    const read = exponents.read(below, { enable: moves });
    return mux(hasExponents, read, lit(sint(32), 0)).named('exponent');
  }

  #second(exponent: SInt): void {
    const { total, comes, state } = this;
    const adds = this.delay(state.is('second').and(comes), 1, { reset: true });
    const ended = this.delay(this.#ends('second'), 1, { reset: true });
    const tie = exponent
      .trunc(12)
      .asUInt()
      .eq(2 ** 11);
    // To the nearest, ties away from zero.
    const up = exponent.bit(11).and(tie.and(exponent.lt(0)).not());
    const rounded: SInt = exponent.shr(12).add(cat(lit(bool, false), up).asSInt());
    when(this.#ends('first'), () => total.set(0)).elsewhen(adds, () => total.set(total.addw(rounded.extend(32))));
    when(ended, () => {
      state.set('compute');
      this.step.set(STEP.scale);
    });
  }

  /** Operands, product and its high half; in the last pass a new one for each byte. */
  #multiply(exponent: SInt): void {
    const { p, state, moves, left, factor, product, high, softmax, length, sum, scaled, estimate, scratch, step } = this;
    const n = cat(lit(bool, false), length).asSInt().named('n');
    // n times the difference to the mean, ten places up.
    const difference = this.reg(sint(22));
    when(moves, () => difference.set(n.mul(p.byte.data.asSInt()).sub(sum).trunc(22)));
    const code = mux(softmax, exponent, difference.shl(10));
    const a = muxLookup(step, scaled, [
      [STEP.squares, n],
      [STEP.variance, sum],
      [STEP.first, mux(softmax, scaled, estimate)],
      [STEP.second, mux(softmax, estimate, scaled)],
      [STEP.third, estimate],
    ]).named('step_a');
    const slope = mux(softmax, lit(sint(32), RECIPROCAL_SLOPE), lit(sint(32), ROOT_SLOPE));
    const b = muxLookup(step, slope, [
      [STEP.squares, cat(lit(bool, false), this.squares).asSInt()],
      [STEP.variance, sum],
      [STEP.first, estimate],
      [STEP.second, mux(softmax, lit(sint(32), ONE).subw(scratch), scratch)],
      [STEP.third, lit(sint(32), THREE).subw(scratch)],
    ]).named('step_b');
    const final = mux(softmax, saturate(estimate.shl(1), 32), estimate).named('final_factor');
    const last = state.is('last').named('in_last');
    when(moves, () => {
      left.set(mux(last, code, a));
      factor.set(mux(last, final, b));
      product.set(left.mul(factor));
      high.set(saturate(product.add(2 ** 30).shr(31), 32));
    });
  }

  #compute(): void {
    const { state, step, round, cycle, softmax, product, high, variance, estimate, scratch, scaled, right, total, epsilon, fraction } = this;
    const positive = (x: UInt): SInt => cat(lit(bool, false), x).asSInt();
    const ofVariance = normalise(variance);
    const ofTotal = normalise(total.asUInt());
    // Even powers of two are taken out: 1/4 to 1.
    const moved = mux(ofVariance.amount.bit(0), ofVariance.value.shr(10), ofVariance.value.shr(9)).trunc(31);
    const half = lit(uint(6), VARIANCE + 1)
      .subw(ofVariance.amount)
      .shr(1);
    when(state.is('compute'), () => cycle.set(cycle.addw(1)));
    when(state.is('compute').and(cycle.eq(STEP_CYCLES - 1)), () => {
      step.set(step.addw(1));
      when(step.eq(STEP.squares), () =>
        variance.set(
          product
            .asUInt()
            .trunc(VARIANCE)
            .addw(lit(uint(1), 1).dshl(epsilon)),
        ),
      );
      when(step.eq(STEP.variance), () => variance.set(variance.subw(product.asUInt().trunc(VARIANCE))));
      when(step.eq(STEP.scale), () => {
        scaled.set(positive(mux(softmax, ofTotal.value.shr(1), moved)));
        right.set(mux(softmax, lit(uint(6), 35).subw(ofTotal.amount), half.extend(6).addw(8).subw(fraction)));
      });
      when(step.eq(STEP.line), () => estimate.set(mux(softmax, lit(sint(32), RECIPROCAL), lit(sint(32), ROOT)).addw(high)));
      const again = step
        .eq(STEP.third)
        .or(softmax.and(step.eq(STEP.second)))
        .named('again');
      when(step.ge(STEP.first).and(again.not()), () => scratch.set(high));
      when(again, () => {
        estimate.set(mux(softmax, estimate.addw(saturate(high.shl(2), 32)), high.shl(3).trunc(32)));
        round.set(round.addw(1));
        step.set(STEP.first);
        when(round.eq(ROUNDS - 1), () => this.#pass('last', this.from, this.length));
      });
    });
  }

  /** Results, 5 moves after their bytes. */
  #write(): void {
    const { p, state, comes, moves, high, softmax, right, to, toWrite, rowsLeft, from, length } = this;
    const { value: shifted, lost } = shiftRight(high.shl(1), right);
    const [kept, next] = [shifted.shr(1), shifted.bit(0)];
    const away = next.and(lost.or(kept.lt(0).not()));
    const rounded = kept.add(cat(lit(bool, false), away).asSInt()).add(mux(softmax, lit(sint(8), -128), lit(sint(8), 0)));
    const code = this.reg(sint(8));
    when(moves, () => code.set(clamp(rounded, lit(sint(8), -128), lit(sint(8), 127)).trunc(8)));
    const waits = this.delay(state.is('last').and(comes), 5, { enable: moves, reset: true });
    moves.set(waits.not().or(p.write.ready));
    p.write.valid.set(waits);
    p.write.address.set(to);
    p.write.data.set(code.asUInt());
    when(fires(p.write), () => {
      to.set(to.addw(1));
      toWrite.set(toWrite.subw(1));
      when(toWrite.eq(1), () => {
        const nextRow = from.addw(length);
        from.set(nextRow);
        rowsLeft.set(rowsLeft.subw(1));
        when(rowsLeft.eq(1), () => state.set('idle')).otherwise(() => this.#pass('first', nextRow, length));
      });
    });
  }
}
