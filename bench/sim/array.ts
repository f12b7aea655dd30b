// A matrix unit with its stimulus and its checksum in hardware, so that every simulator runs the same design and none waits for a testbench.
//
// Lanes are fed by linear feedback shift registers; handshakes stall at random; each output column is folded into a checksum when a row leaves.

import type { ArrayConfig } from '../../generators/array-config.ts';
import { OsUnit } from '../../generators/os-unit.ts';
import { WsUnit } from '../../generators/ws-unit.ts';
import { bool, cat, input, lit, Module, output, sint, uint, vec, vecOf } from '../../hdl/index.ts';
import { shifted, withWord } from './checksum.ts';

/** Of the int8 element. */
const OPERAND_WIDTH = 8;
const SUM_WIDTH = 32;

// biome-ignore lint/suspicious/noExplicitAny: both units have the same ports; lists of lanes are made by the size
type Any = any;

const list = (values: readonly Any[]): Any => (vecOf as Any)(...values);

/** A shift register of 16 bits that takes up the number of its lane, so that lanes differ. */
class Lfsr extends Module {
  readonly p = this.io({ lane: input(uint(16)), value: output(uint(16)) });
  readonly state = this.reg(uint(16), { reset: 0xace1 });

  constructor() {
    super();
    const { state, p } = this;
    state.set(shifted(state).addw(p.lane));
    p.value.set(state);
  }
}

/** A column's sum over the rows that leave. */
class ColumnChecksum extends Module {
  readonly p = this.io({ enable: input(bool), row: input(sint(SUM_WIDTH)), sum: output(uint(SUM_WIDTH)) });
  readonly state = this.reg(uint(SUM_WIDTH), { reset: 0 });

  constructor() {
    super();
    const { state, p } = this;
    state.set(withWord(state, p.enable, p.row.asUInt()));
    p.sum.set(state);
  }
}

export class SimBench extends Module<ArrayConfig> {
  readonly p = this.io({ sums: output(vec(uint(SUM_WIDTH), this.cfg.cols)) });

  constructor(cfg: ArrayConfig) {
    super(cfg);
    const { rows, cols } = cfg;
    const unit = cfg.dataflow === 'ws' ? this.inst(WsUnit, cfg) : this.inst(OsUnit, cfg);
    const control = this.reg(uint(16), { reset: 0x1357 });
    control.set(shifted(control));
    const source = (n: number, salt: number): readonly Any[] => {
      const mesh = this.mesh(Lfsr, [n]);
      mesh.feed('lane', [0], list(Array.from({ length: n }, (_, i) => lit(uint(16), (i * 2654 + salt) % 65536))));
      const lanes = mesh.collect('value') as Any;
      return Array.from({ length: n }, (_, i) => lanes.at(i));
    };
    const operands = (n: number, salt: number): Any => list(source(n, salt).map((lane) => lane.bits(OPERAND_WIDTH - 1, 0).asSInt()));
    const { act, weight, psum, out } = unit as Any;
    act.valid.set(control.bit(1).or(control.bit(5)));
    act.last.set(control.bits(9, 6).eq(0));
    act.accumulate.set(control.bit(11));
    act.data.set(operands(rows, 5));
    weight.valid.set(control.bit(2).or(control.bit(3)));
    weight.data.set(operands(cols, 9));
    psum.valid.set(control.bit(4).or(control.bit(7)));
    psum.data.set(list(source(cols, 77).map((lane) => (cat as Any)(lane, lane).asSInt())));
    const ready = control.bits(15, 12).ne(0);
    out.ready.set(ready);
    const checks = this.mesh(ColumnChecksum, [cols]);
    checks.broadcast('enable', out.valid.and(ready));
    checks.feed('row', [0], out.data);
    this.p.sums.set(checks.collect('sum') as never);
  }
}
