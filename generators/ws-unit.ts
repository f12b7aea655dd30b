// Weight-stationary matrix unit: streams of activations pass through an array of resident weights.
//
//      weight ─ skew ─┐            psum ─ register ─ skew ─┐
//                     ▼                                    ▼
//   act ─ register ─ skew ─►  rows × cols of WsPe, one mesh  ─ deskew ─► out
//
// Latency rows + cols slots for an element of one register (those of tiles, where there are some); one beat a slot; a preload of the next weights overlaps with streaming. The exact
// behaviour of every output in every cycle is in docs/design/0003-matrix-unit.md, for elements of more registers in 0018.

import { type Bool, bool, counterType, mux, uint, vec, when, zeros } from '../hdl/index.ts';
import { fires } from '../hdl/std/stream.ts';
import { latency, tileOf, tilesIn, type UnitConfig } from './array-config.ts';
import { ArrayUnit } from './array-unit.ts';
import { unitPorts } from './unit-ports.ts';
import { WsPe } from './ws-pe.ts';
import { WsTile } from './ws-tile.ts';

export class WsUnit extends ArrayUnit {
  readonly p = this.io(unitPorts(this.cfg));
  /** The whole pipeline moves, or nothing does. */
  readonly advance = this.wire(bool);
  /** The next activation beat is the first of a tile. */
  readonly start = this.reg(bool, { reset: true });
  /** Weight beats that wait in the shadow registers. */
  readonly loaded = this.reg(counterType(this.cfg.rows), { reset: 0 });
  /** Rows that the next weight beat shifts: those that the swap before has passed already. */
  readonly loadRows = this.reg(uint(this.cfg.rows), { reset: 1 });
  readonly activationFront = this.reg(vec(this.pe.activation, this.cfg.rows));
  readonly sumFront = this.reg(vec(this.pe.sum, this.cfg.cols));
  readonly swap = this.wire(bool);
  readonly accept = this.wire(bool);
  readonly load = this.wire(bool);

  constructor(cfg: UnitConfig) {
    super(cfg);
    const { rows, cols } = cfg;
    const { name, productStages, sumStages } = this.pe;
    const exchanged = cfg.pe?.kind === 'exchanged' ? ' on exchanged operands: weights come by act, activations stay' : '';
    this.describe(`Weight-stationary ${name} matrix unit, ${rows} rows by ${cols} columns${exchanged}.`);
    this.checkTile();
    this.#control();
    const { advance } = this;
    const { act, weight, out } = this.p;

    const swaps = this.front(this.swap, 'swap', advance, sumStages);
    const loadLanes = this.loadLanes(this.loadRows, this.swap, this.load);

    const modes = this.modes(act.mode, this.accept, advance);
    const [tile, tiles] = [tileOf(cfg), tilesIn(cfg)];
    const pes = this.elements(WsPe, WsTile);
    const activations = this.skew(this.byTile(this.activationFront, tile.rows), { first: 0, step: sumStages }, { enable: advance });
    const weights = this.skew(this.byTile(this.resident(weight.data), tile.cols), { first: 0, step: 1 }, { enable: advance });
    const sums = this.skew(this.byTile(this.sumFront, tile.cols), { first: productStages, step: 1 }, { enable: advance });
    const bottom = this.bottom();
    pes.broadcast('enable', advance);
    pes.shift([0, 1], { from: 'activationOut', to: 'activation', enter: activations });
    pes.shift([0, 1], { from: 'loadOut', to: 'load', enter: this.byTile(loadLanes.asBools(), tile.rows) });
    pes.shift([0, 1], { from: 'swapOut', to: 'swap', enter: swaps });
    if (modes) pes.shift([0, 1], { from: 'modeOut', to: 'mode', enter: modes });
    pes.shift([1, 0], { from: 'weightOut', to: 'weight', enter: weights });
    pes.shift([1, 0], { from: 'sumOut', to: 'sum', enter: sums, leave: bottom });

    const outValid = this.delay(this.accept, latency(cfg), { enable: advance, reset: true });
    const outLast = this.delay(act.last, latency(cfg), { enable: advance });
    const outData = this.inLanes(this.skew(bottom, { first: tiles.cols - 1, step: -1 }, { enable: advance }), tile.cols);
    advance.set(outValid.not().or(out.ready));
    out.valid.set(outValid);
    out.last.set(outLast);
    out.data.set(outData);
  }

  /** Handshakes and bookkeeping. */
  #control(): void {
    const { advance, start, loaded, swap, accept, load } = this;
    const { rows } = this.cfg;
    const { act, weight, psum } = this.p;
    const full = loaded.eq(rows).named('full');
    const go = act.valid.and(act.accumulate.not().or(psum.valid)).and(start.not().or(full));
    accept.set(advance.and(go));
    swap.set(accept.and(start));
    act.ready.set(accept);
    psum.ready.set(accept.and(act.accumulate));
    weight.ready.set(advance.and(this.#mayLoad(full.not()).or(swap)));
    load.set(fires(weight));

    when(accept, () => {
      start.set(act.last);
      this.activationFront.set(act.data.reversed());
      this.sumFront.set(mux(act.accumulate, psum.data, zeros(vec(this.pe.sum, this.cfg.cols))));
    });
    this.countLoads(loaded, swap, load);
  }

  /** Whether a weight beat may follow: where sums take several slots a row, the front of the load must not overtake that of the swap. */
  #mayLoad(room: Bool): Bool {
    const { sumStages } = this.pe;
    if (sumStages === 1) return room;
    const wait = this.reg(counterType(sumStages - 1), { reset: 0 }).named('wait');
    when(this.load, () => wait.set(sumStages - 1))
      .elsewhen(this.swap, () => wait.set(0))
      .elsewhen(this.advance.and(wait.ne(0)), () => wait.set(wait.subw(1)));
    return room.and(wait.eq(0));
  }
}
