// Conway's Game of Life on a torus: a mesh of cells, one node of the design whatever its size.

import { bool, counterType, input, Module, output, uint, vec, when } from 'systole';
import { binaryToOneHot } from 'systole/std';

/** One cell. It counts its row of three and takes the counts of the rows above and below: eight neighbours with four wires. */
class Cell extends Module {
  readonly p = this.io({
    running: input(bool),
    value: input(bool), // Written while not running, where row and column are chosen.
    rowChosen: input(bool),
    colChosen: input(bool),
    west: input(bool),
    east: input(bool),
    north: input(uint(2)),
    south: input(uint(2)),
    alive: output(bool),
    count: output(uint(2)), // Living cells among this one and those to its west and east.
  });
  readonly isAlive = this.reg(bool, { reset: false });

  constructor() {
    super();
    const { p, isAlive } = this;
    const count = p.west.asUInt().add(isAlive.asUInt()).add(p.east.asUInt()).trunc(2);
    const block = p.north.add(count).add(p.south); // This cell counts itself, too.
    when(p.running, () => isAlive.set(block.eq(3).or(isAlive.and(block.eq(4))))).elsewhen(p.rowChosen.and(p.colChosen), () => isAlive.set(p.value));
    p.alive.set(isAlive);
    p.count.set(count);
  }
}

/** `state` holds all cells. While `running` is false, the cell at (`row`, `col`) takes `value` in every cycle; a place beyond the edge is none. */
export class Life extends Module<{ readonly rows: number; readonly cols: number }> {
  readonly p = this.io({
    running: input(bool),
    value: input(bool),
    row: input(counterType(this.cfg.rows)),
    col: input(counterType(this.cfg.cols)),
    state: output(vec(vec(bool, this.cfg.cols), this.cfg.rows)),
  });

  constructor(cfg: { readonly rows: number; readonly cols: number }) {
    super(cfg);
    const { p } = this;
    const { rows, cols } = cfg;
    const cells = this.mesh(Cell, [rows, cols]);
    cells.broadcast('running', p.running);
    cells.broadcast('value', p.value);
    cells.feed('rowChosen', [0], binaryToOneHot(p.row, rows).asBools());
    cells.feed('colChosen', [1], binaryToOneHot(p.col, cols).asBools());

    // What leaves at one edge enters at the other.
    const eastwards = this.wire(vec(bool, rows));
    const westwards = this.wire(vec(bool, rows));
    cells.shift([0, 1], { from: 'alive', to: 'west', enter: eastwards, leave: eastwards });
    cells.shift([0, -1], { from: 'alive', to: 'east', enter: westwards, leave: westwards });
    const southwards = this.wire(vec(uint(2), cols));
    const northwards = this.wire(vec(uint(2), cols));
    cells.shift([1, 0], { from: 'count', to: 'north', enter: southwards, leave: southwards });
    cells.shift([-1, 0], { from: 'count', to: 'south', enter: northwards, leave: northwards });
    p.state.set(cells.collect('alive'));
  }
}
