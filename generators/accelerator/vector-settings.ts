// What instructions of VX set: zero points, clamp, mode, scales, parameters of the lanes, the table, offsets (design note 0025).
//
// Contract: `execute` in a cycle shows its settings in the next one. `vx.params` and `vx.table` ask for vectors by `read`, one for each 9th of the parameters and one for each entry of the table, and
// take them from `vector`, in order and at any time; `busy` from the cycle after `execute` until the last of them is taken. A shift beyond −31 … 30 counts as the nearest of these. `clear`: all zero, and the table the identity.

import {
  bool,
  cat,
  input,
  lit,
  Module,
  mux,
  output,
  type SInt,
  sint,
  type UInt,
  type UIntType,
  uint,
  type VecVar,
  vec,
  when,
  zeros,
} from '../../hdl/index.ts';
import { clamp, min, muxLookup } from '../../hdl/std/choose.ts';
import { fires, producer } from '../../hdl/std/stream.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { PAYLOAD } from '../../isa/instructions.ts';
import { requantiseMode } from '../requantise/index.ts';
import { decodeFields, isOpcode } from './decode.ts';
import { laneSettings, tableWrite } from './vector-lane.ts';
import { moveOffset } from './walk-settings.ts';

const ADDRESS = 24;
/** Vectors of `vx.params`: four of biases, four of multipliers, one of shifts. */
const PARAMETER_VECTORS = 9;
const TABLE = 256;
const SHIFT = 7;
const [LEAST_SHIFT, MOST_SHIFT] = [-31, 30];

export class VectorSettings extends Module<AcceleratorConfig> {
  readonly p = this.io({
    clear: input(bool),
    execute: input(bool),
    opcode: input(uint(8)),
    payload: input(uint(PAYLOAD.width)),
    read: producer({ address: uint(ADDRESS) }),
    vector: { valid: input(bool), bytes: input(vec(uint(8), this.cfg.cols)) },
    busy: output(bool),

    offsets: { a: output(uint(ADDRESS)), b: output(uint(ADDRESS)), out: output(uint(ADDRESS)) },
    lane: output(laneSettings(this.cfg)),
    /** Of each lane. */
    bias: output(vec(sint(32), this.cfg.cols)),
    multiplier: output(vec(sint(32), this.cfg.cols)),
    shift: output(vec(sint(SHIFT), this.cfg.cols)),
    table: output(tableWrite),
    /** A table was read since `clear`. */
    hasTable: output(bool),
  });
  readonly vectors = Array.from({ length: PARAMETER_VECTORS }, (_, i) =>
    this.reg(vec(uint(8), this.cfg.cols), { reset: 0 }).named(`parameters_${i}`),
  );
  /** Reads are to be asked for; some have not come. */
  readonly asking = this.reg(bool, { reset: false });
  readonly busy = this.reg(bool, { reset: false });
  readonly forTable = this.reg(bool);
  readonly asked = this.reg(uint(8));
  readonly taken = this.reg(uint(8));
  readonly address = this.reg(uint(ADDRESS));
  readonly hasTable = this.reg(bool, { reset: false });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe('Settings of the vector unit.');
    this.#offsets();
    this.#range();
    this.#scales();
    this.#read();
  }

  /** The instruction is executed. */
  #on(name: 'vx.offset' | 'vx.range' | 'vx.scale' | 'vx.params' | 'vx.table') {
    const { execute, opcode } = this.p;
    return execute.and(isOpcode(opcode, name)).named(`on_${name.slice(3)}`);
  }

  #offsets(): void {
    const { p } = this;
    const on = this.#on('vx.offset');
    const fields = decodeFields('vx.offset', p.payload);
    for (const name of ['a', 'b', 'out'] as const) {
      const offset = this.reg(uint(ADDRESS), { reset: 0 }).named(`${name}_offset`);
      when(p.clear, () => offset.set(0)).elsewhen(on, () => moveOffset(offset, fields.adds, fields[name]));
      p.offsets[name].set(offset);
    }
  }

  #range(): void {
    const { p } = this;
    const { modes } = this.cfg;
    const on = this.#on('vx.range');
    const range = decodeFields('vx.range', p.payload);
    // Where min is above max, max counts; in the lanes it is min.
    const fields = { ...range, min: min(range.min, range.max) };
    for (const field of ['aZero', 'bZero', 'zero', 'min', 'max'] as const) {
      const kept = this.reg(sint(8), { reset: 0 }).named(field);
      when(p.clear, () => kept.set(0)).elsewhen(on, () => kept.set(fields[field]));
      p.lane[field].set(kept);
    }
    const left = this.reg(uint(5), { reset: 0 }).named('left');
    when(p.clear, () => left.set(0)).elsewhen(on, () => left.set(fields.left));
    p.lane.left.set(left);
    const { mode: chosenMode } = p.lane;
    if (chosenMode === undefined) return;
    // A position beyond the list counts as the first, as in the requantiser.
    const [first, ...others] = modes.map((mode) => lit(requantiseMode, mode));
    const mode = this.reg(requantiseMode, { reset: modes[0] }).named('mode');
    const chosen = muxLookup(
      fields.mode,
      first as NonNullable<typeof first>,
      others.map((value, i) => [i + 1, value] as const),
    );
    when(p.clear, () => mode.set(modes[0])).elsewhen(on, () => mode.set(chosen));
    chosenMode.set(mode);
  }

  #scales(): void {
    const { p, vectors } = this;
    const { cols } = this.cfg;
    const on = this.#on('vx.scale');
    const fields = decodeFields('vx.scale', p.payload);
    for (const [which, name] of ['a', 'b'].entries()) {
      const multiplier = this.reg(sint(32), { reset: 0 }).named(`${name}_multiplier`);
      const shift = this.reg(sint(SHIFT), { reset: 0 }).named(`${name}_shift`);
      when(p.clear, () => {
        multiplier.set(0);
        shift.set(0);
      }).elsewhen(on.and(fields.which.eq(which)), () => {
        multiplier.set(fields.multiplier);
        shift.set(fields.shift);
      });
      p.lane[`${name as 'a'}Multiplier`].set(multiplier);
      p.lane[`${name as 'a'}Shift`].set(shift);
    }
    when(p.clear, () => {
      for (const vector of vectors) vector.set(zeros(vec(uint(8), cols)));
    }).elsewhen(on.and(fields.which.eq(2)), () => {
      const bytes = [...fields.multiplier.asUInt().split(8)];
      vectors.forEach((vector, v) => {
        for (let i = 0; i < cols; i++) {
          const of = v < 4 ? lit(uint(8), 0) : v < 8 ? (bytes[(v * cols + i) % 4] as UInt) : fields.shift.extend(8).asUInt();
          vector.at(i).set(of);
        }
      });
    });
    const byte = (at: number): UInt => (vectors[Math.floor(at / cols)] as VecVar<UIntType>).at(at % cols);
    const word = (at: number): SInt => cat(byte(at + 3), byte(at + 2), byte(at + 1), byte(at)).asSInt();
    const inRange = (x: SInt): SInt => clamp(x, lit(sint(8), LEAST_SHIFT), lit(sint(8), MOST_SHIFT)).trunc(SHIFT);
    for (let lane = 0; lane < cols; lane++) {
      p.bias.at(lane).set(word(4 * lane));
      p.multiplier.at(lane).set(word(4 * (cols + lane)));
      p.shift.at(lane).set(inRange(byte(8 * cols + lane).asSInt()));
    }
  }

  /** Parameters and tables from the scratchpad. */
  #read(): void {
    const { p, vectors, asking, busy, forTable, asked, taken, address, hasTable } = this;
    const { cols } = this.cfg;
    const [onParams, onTable] = [this.#on('vx.params'), this.#on('vx.table')];
    const last = mux(forTable, lit(uint(8), TABLE - 1), lit(uint(8), PARAMETER_VECTORS - 1)).named('last');
    p.read.valid.set(asking);
    p.read.address.set(address);
    p.busy.set(busy);
    when(fires(p.read), () => {
      asked.set(asked.addw(1));
      address.set(address.addw(mux(forTable, lit(uint(ADDRESS), 1), lit(uint(ADDRESS), cols))));
      when(asked.eq(last), () => asking.set(false));
    });
    when(p.vector.valid, () => {
      taken.set(taken.addw(1));
      when(taken.eq(last), () => busy.set(false));
    });
    when(onParams.or(onTable), () => {
      asking.set(true);
      busy.set(true);
      forTable.set(onTable);
      asked.set(0);
      taken.set(0);
      // Both have their address at the same place.
      address.set(decodeFields('vx.params', p.payload).local);
    });
    when(p.vector.valid.and(forTable.not()), () => {
      vectors.forEach((vector, v) => {
        vector.set(vectors[v + 1] ?? p.vector.bytes);
      });
    });
    p.table.write.set(p.vector.valid.and(forTable));
    p.table.index.set(taken);
    p.table.entry.set(p.vector.bytes.at(taken.trunc(Math.log2(cols))));
    when(p.clear, () => hasTable.set(false)).elsewhen(onTable, () => hasTable.set(true));
    p.hasTable.set(hasTable);
  }
}
