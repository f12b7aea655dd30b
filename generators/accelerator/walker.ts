// A walk: nested dimensions that move addresses and coordinates (design note 0025).
//
// Timing: `start` in a cycle shows the first position in the next one; `step` in a cycle shows the next position in the next one. Settings written in a cycle count from the next one on; while a
// walk is active they stand still. A stride is added to the address at which its dimension stands, so there is one adder a dimension and address and no multiplier.

import {
  type Bool,
  bool,
  input,
  lit,
  Module,
  mux,
  optional,
  output,
  type SInt,
  type SIntVar,
  sint,
  type UInt,
  type UIntVar,
  uint,
  vec,
  when,
  zeros,
} from '../../hdl/index.ts';

export interface WalkerConfig {
  /** Nested dimensions, 0 the innermost. */
  readonly dims: number;
  /** Bits of each address that moves along; sums are modulo 2^bits. */
  readonly addresses: readonly number[];
  /** Whether coordinates are compared with a box. */
  readonly box: boolean;
}

const COUNT = 16;
const COORDINATE = 16;
const STEP = 6;

export class Walker extends Module<WalkerConfig> {
  readonly p = this.io({
    /** All counts 1, strides and steps 0, no box; in no walk. */
    clear: input(bool),
    set: {
      index: input(uint(3)),
      /** Count and steps of the dimension are written. */
      counts: input(bool),
      count: input(uint(COUNT)),
      y: input(sint(STEP)),
      x: input(sint(STEP)),
      strides: this.cfg.addresses.map((width) => ({ write: input(bool), by: input(sint(width)) })),
    },
    box: optional(this.cfg.box, {
      write: input(bool),
      y: input(sint(COORDINATE)),
      x: input(sint(COORDINATE)),
      height: input(uint(COORDINATE)),
      width: input(uint(COORDINATE)),
    }),
    start: input(bool),
    bases: this.cfg.addresses.map((width) => input(uint(width))),
    step: input(bool),
    /** There is a position. */
    active: output(bool),
    addresses: this.cfg.addresses.map((width) => output(uint(width))),
    inside: output(bool),
    /** Dimensions 0 to i are all at their first, or last, place. */
    first: output(vec(bool, this.cfg.dims)),
    last: output(vec(bool, this.cfg.dims)),
  });
  readonly active = this.reg(bool, { reset: false });
  /** Last place of each dimension. */
  readonly ends = this.reg(vec(uint(COUNT), this.cfg.dims), { reset: 0 });
  readonly places = this.reg(vec(uint(COUNT), this.cfg.dims));
  /** All dimensions below are at their last place. */
  readonly #carries: Bool[] = [];
  readonly #atEnds: Bool[];

  constructor(cfg: WalkerConfig) {
    super(cfg);
    this.describe(`A walk of ${cfg.dims} dimensions.`);
    const { p, ends, places, active } = this;
    const dims = Array.from({ length: cfg.dims }, (_, i) => i);
    this.#atEnds = dims.map((i) => places.at(i).eq(ends.at(i)).named(`at_end_${i}`));
    let carry: Bool = lit(bool, true);
    let first: Bool = lit(bool, true);
    for (const i of dims) {
      this.#carries.push(carry);
      carry = carry.and(this.#atEnds[i] as Bool);
      first = first.and(places.at(i).eq(0));
      p.last.at(i).set(carry);
      p.first.at(i).set(first);
    }
    p.active.set(active);
    when(p.start, () => {
      active.set(true);
      places.set(zeros(vec(uint(COUNT), cfg.dims)));
    }).elsewhen(p.step, () => {
      when(carry, () => active.set(false));
      for (const i of dims)
        when(this.#carries[i] as Bool, () => places.at(i).set(mux(this.#atEnds[i] as Bool, zeros(uint(COUNT)), places.at(i).addw(1))));
    });
    when(p.clear, () => {
      active.set(false);
      ends.set(zeros(vec(uint(COUNT), cfg.dims)));
    }).elsewhen(p.set.counts, () => ends.at(p.set.index).set(p.set.count.subw(1)));

    cfg.addresses.forEach((width, a) => {
      const { write, by } = p.set.strides[a] as { readonly write: Bool; readonly by: SInt };
      const stands = this.#track(`address_${a}`, width, write, by, (p.bases[a] as UInt).asSInt());
      (p.addresses[a] as UIntVar).set(stands.asUInt());
    });
    p.inside.set(p.box ? this.#inside(p.box) : lit(bool, true));
  }

  /** A value that moves with the dimensions; gives where dimension 0 stands. */
  #track(name: string, width: number, write: Bool, by: SInt, base: SInt): SInt {
    const { p } = this;
    const { dims } = this.cfg;
    const strides = this.reg(vec(sint(width), dims), { reset: 0 }).named(`${name}_strides`);
    // Registers of their own: nothing chooses among them.
    const stands = Array.from({ length: dims }, (_, i) => this.reg(sint(width)).named(`${name}_stands_${i}`));
    when(p.clear, () => strides.set(zeros(vec(sint(width), dims)))).elsewhen(write, () => strides.at(p.set.index).set(by));
    // The innermost dimension that is not at its end moves; those below begin where it then stands.
    const stand = (i: number): SIntVar => stands[i] as SIntVar;
    let moved: SInt = stand(dims - 1).addw(strides.at(dims - 1));
    const next = [moved];
    for (let i = dims - 2; i >= 0; i--) {
      moved = mux(this.#atEnds[i] as Bool, moved, stand(i).addw(strides.at(i))).named(`${name}_next_${i}`);
      next.unshift(moved);
    }
    when(p.start, () => {
      for (let i = 0; i < dims; i++) stand(i).set(base);
    }).elsewhen(p.step, () => {
      next.forEach((value, i) => {
        when(this.#carries[i] as Bool, () => stand(i).set(value));
      });
    });
    return stand(0);
  }

  /** Whether the coordinates are in the box, or there is none. */
  #inside(box: { readonly write: Bool; readonly y: SInt; readonly x: SInt; readonly height: UInt; readonly width: UInt }): Bool {
    const { p } = this;
    const within = (axis: 'y' | 'x', size: UInt): [Bool, Bool] => {
      const from = this.reg(sint(COORDINATE), { reset: 0 }).named(`from_${axis}`);
      const limit = this.reg(uint(COORDINATE), { reset: 0 }).named(axis === 'y' ? 'height' : 'width');
      when(p.clear, () => limit.set(0)).elsewhen(box.write, () => {
        from.set(box[axis]);
        limit.set(size);
      });
      const at = this.#track(axis, COORDINATE, p.set.counts, p.set[axis].extend(COORDINATE), from);
      return [at.ge(0).and(at.asUInt().lt(limit)), limit.eq(0)];
    };
    const [inHeight, noHeight] = within('y', box.height);
    const [inWidth, noWidth] = within('x', box.width);
    return inHeight.and(inWidth).or(noHeight.and(noWidth));
  }
}
