// Requantisation of a stream: lanes side by side, each channel with its own parameters (design note 0019).
//
// Contract: a pixel is `lastRow` + 1 beats, and its beat i takes row i of the table. One beat a cycle, `stages` + 1 cycles of latency; all stands still while the last beat in it is
// not taken. A row is written in any cycle; read in that very cycle it has its old content. `lastRow`, zero point, limits and mode must not change while beats are in flight.
// Refused: what `checkRequantise` refuses; lanes or rows that are no whole number of 1 or more.

import {
  bool,
  counterType,
  inDomain,
  input,
  type MemoryHandle,
  Module,
  mux,
  optional,
  type SIntType,
  sint,
  type VecType,
  type VecValue,
  vec,
  when,
  zeros,
} from '../../hdl/index.ts';
import { consumer, producer } from '../../hdl/std/index.ts';
import { refuse } from '../refuse.ts';
import {
  accumulatorOf,
  checkRequantise,
  MULTIPLIER_WIDTH,
  multiplies,
  outputOf,
  type RequantiseOptions,
  requantiseMode,
  SHIFT_WIDTH,
  shifts,
} from './config.ts';
import { Requantiser } from './requantiser.ts';

export interface RequantiseUnitConfig extends RequantiseOptions {
  /** Values in a beat. */
  readonly lanes: number;
  /** Of the table: as many as the widest pixel has beats. */
  readonly rows: number;
  /** Whether all lanes share one multiplier and shift. False when absent. */
  readonly shared?: boolean;
}

/** Columns of the table. Throws HDL-C001, before any port is made, for what cannot be built. */
function columnsOf(cfg: RequantiseUnitConfig): number {
  const { lanes, rows, shared = false } = cfg;
  checkRequantise('RequantiseUnit', cfg);
  for (const [name, n] of Object.entries({ lanes, rows }))
    if (!Number.isInteger(n) || n < 1) refuse(`RequantiseUnit of ${n} ${name}`, `give a whole number of ${name}, 1 or more`);
  return shared ? 1 : lanes;
}

/** One beat a cycle, `stages` + 1 cycles later. */
export class RequantiseUnit extends Module<RequantiseUnitConfig> {
  protected readonly columns = columnsOf(this.cfg);
  readonly p = this.io({
    in: consumer({ acc: vec(sint(accumulatorOf(this.cfg)), this.cfg.lanes) }),
    out: producer({ result: vec(outputOf(this.cfg), this.cfg.lanes) }),
    /** A row of the table is written while `write` is high. */
    write: input(bool),
    row: input(counterType(this.cfg.rows - 1)),
    multiplier: optional(multiplies(this.cfg), input(vec(sint(MULTIPLIER_WIDTH), this.columns))),
    shift: optional(shifts(this.cfg), input(vec(sint(SHIFT_WIDTH), this.columns))),
    /** The row of a pixel's last beat. */
    lastRow: input(counterType(this.cfg.rows - 1)),
    zeroPoint: input(outputOf(this.cfg)),
    min: input(outputOf(this.cfg)),
    max: input(outputOf(this.cfg)),
    mode: optional(this.cfg.modes.length > 1, input(requantiseMode)),
  });
  /** The row of the next beat. */
  readonly next = this.reg(counterType(this.cfg.rows - 1), { reset: 0 });
  /** The whole pipeline moves: its last beat is taken, or there is none. */
  readonly moves = this.wire(bool);

  constructor(cfg: RequantiseUnitConfig) {
    super(cfg);
    const { p, next, moves } = this;
    const { lanes, rows, stages = 0 } = cfg;
    this.describe(`Requantisation of ${lanes} lanes; a table of ${rows} rows.`);

    const outValid = this.delay(p.in.valid, stages + 1, { enable: moves, reset: true });
    moves.set(p.out.ready.or(outValid.not()));
    p.in.ready.set(moves);
    p.out.valid.set(outValid);
    when(moves.and(p.in.valid), () => next.set(mux(next.eq(p.lastRow), zeros(counterType(rows - 1)), next.addw(1))));

    const multipliers = p.multiplier && this.#table(p.multiplier);
    const shiftTable = p.shift && this.#table(p.shift);
    inDomain(this.domain({ enable: moves }), () => {
      const acc = this.delay(p.in.acc, 1).named('acc');
      const multiplier = multipliers?.read(next);
      const shift = shiftTable?.read(next);
      const cells = this.mesh(Requantiser, [lanes], requantiserOf(cfg));
      cells.feed('acc', [0], acc);
      const each = (to: 'multiplier' | 'shift', row: VecValue<SIntType> | undefined): void => {
        if (row && cfg.shared) cells.broadcast(to as never, row.at(0) as never);
        else if (row) cells.feed(to as never, [0], row);
      };
      each('multiplier', multiplier);
      each('shift', shift);
      cells.broadcast('zeroPoint', p.zeroPoint as never);
      cells.broadcast('min', p.min as never);
      cells.broadcast('max', p.max as never);
      if (p.mode) cells.broadcast('mode' as never, p.mode as never);
      p.out.result.set(cells.collect('result') as never);
    });
  }

  /** One parameter of all rows; written whatever the pipeline does. */
  #table(value: VecValue<SIntType>): MemoryHandle<VecType<SIntType>> {
    const { p } = this;
    const memory = this.memory(vec(sint(value.at(0).width), this.columns), this.cfg.rows);
    memory.write(p.row, value, { enable: p.write });
    return memory;
  }
}

/** What a lane is: equal for all units that differ in their table alone. */
function requantiserOf({ modes, accumulator, output, stages }: RequantiseUnitConfig): RequantiseOptions {
  return {
    modes,
    steady: true,
    ...(accumulator !== undefined && { accumulator }),
    ...(output && { output }),
    ...(stages !== undefined && { stages }),
  };
}
