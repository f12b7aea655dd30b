// Input-stationary matrix unit: the weight-stationary one on the element with its operands exchanged (design note 0022).
//
// `act` loads, `weight` streams and says where tiles end. A mode is loaded with its activations.

import { cat, connect, input, Module, output, type UInt, uint } from '../hdl/index.ts';
import { type ArrayConfig, peOf } from './array-config.ts';
import { processingElement } from './pe/index.ts';
import { inputPorts } from './unit-ports.ts';
import { WsUnit } from './ws-unit.ts';

/** What stays in one element: an activation, its mode above. */
class Resident extends Module<{ readonly width: number; readonly modeWidth: number }> {
  readonly p = this.io({
    activation: input(uint(this.cfg.width)),
    mode: input(uint(this.cfg.modeWidth)),
    word: output(uint(this.cfg.width + this.cfg.modeWidth)),
  });

  constructor(cfg: { readonly width: number; readonly modeWidth: number }) {
    super(cfg);
    this.describe('An activation with its mode.');
    this.p.word.set(cat(this.p.mode, this.p.activation) as UInt);
  }
}

export class IsUnit extends Module<ArrayConfig> {
  readonly p = this.io(inputPorts(this.cfg));

  constructor(cfg: ArrayConfig) {
    super(cfg);
    const { rows, cols, tile } = cfg;
    const { name, activation, modeWidth } = processingElement(peOf(cfg));
    this.describe(`Input-stationary ${name} matrix unit, ${rows} rows by ${cols} columns.`);
    const { act, weight, psum, out } = this.p;
    const array = this.inst(WsUnit, { rows, cols, dataflow: 'ws', ...(tile && { tile }), pe: { kind: 'exchanged', of: peOf(cfg) } });
    connect(weight, array.act);
    connect(psum, array.psum);
    connect(out, array.out);
    array.weight.valid.set(act.valid);
    act.ready.set(array.weight.ready);
    if (!act.mode) {
      array.weight.data.set(act.data);
      return;
    }
    const residents = this.mesh(Resident, [cols], { width: activation.width, modeWidth });
    residents.feed('activation', [0], act.data);
    residents.broadcast('mode', act.mode);
    array.weight.data.set(residents.collect('word'));
  }
}
