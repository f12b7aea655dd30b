// Bits and resets into the present clock domain.
//
// Contract: a chain of registers of the domain; latency `stages` edges, of which the first may be a cycle later or earlier in hardware. Only one bit
// that changes seldom (or one of a gray code) may cross like this: two bits that cross side by side arrive in different cycles.
// Refused: fewer than 2 stages. The chain is not reset unless `reset` is given, and has no enable of its own.

import { attribute } from '../annotations.ts';
import { mayCross } from '../crossing.ts';
import { asReset } from '../domain.ts';
import { input, output } from '../io-types.ts';
import type { ResetStyle } from '../ir/nodes.ts';
import { Module } from '../module.ts';
import { bool, reset, uint } from '../types.ts';
import type { Bool, Reset, UInt } from '../value-types.ts';
import type { Scalar } from '../values.ts';
import { place } from './payload.ts';
import { wholeNumber } from './refuse.ts';

/** Of `synchronise`. */
export interface SynchroniserOptions {
  /** Registers in a row, 2 when absent. */
  readonly stages?: number;
  /** Value after the domain's reset; not reset when absent. */
  readonly reset?: boolean;
  /** Adds the attribute ASYNC_REG, by which Vivado places the registers together. */
  readonly asyncReg?: boolean;
}
export interface SynchroniserConfig {
  readonly width: number;
  readonly stages: number;
  readonly reset: number | null;
  readonly asyncReg: boolean;
}

/** Registers in a row; each bit of `d` crosses for itself. */
export class Synchroniser extends Module<SynchroniserConfig> {
  readonly p = this.io({ d: input(uint(this.cfg.width)), q: output(uint(this.cfg.width)) });

  constructor(cfg: SynchroniserConfig) {
    super(cfg);
    const { width, stages, asyncReg } = cfg;
    this.describe(`Synchroniser of ${stages} stages.`);
    let value: UInt = this.p.d;
    for (let i = 0; i < stages; i++) {
      const stage = this.reg(uint(width), cfg.reset === null ? {} : { reset: cfg.reset }).named(`stage_${i}`);
      if (i === 0) mayCross(stage);
      if (asyncReg) attribute(stage, 'ASYNC_REG', true);
      stage.set(value);
      value = stage;
    }
    this.p.q.set(value);
  }
}

function checkedStages(stages: number): number {
  wholeNumber('stages of a synchroniser', stages, 2);
  return stages;
}

/** A bit of another clock, or of none, in the present domain. Throws HDL-C001 on fewer than 2 stages. */
export function synchronise(bit: Bool, { stages = 2, reset: value, asyncReg = false }: SynchroniserOptions = {}): Bool {
  const cell = place(Synchroniser, { width: 1, stages: checkedStages(stages), reset: value === undefined ? null : Number(value), asyncReg });
  cell.d.set(bit.asUInt());
  return cell.q.asBool();
}

/** A gray code of another clock in the present domain, at zero after its reset; for the cells that keep it a gray code. */
export function synchroniseGray(code: UInt, stages: number): UInt {
  const cell = place(Synchroniser, { width: code.width, stages: checkedStages(stages), reset: 0, asyncReg: false });
  cell.d.set(code);
  return cell.q;
}

export interface ResetSynchroniserConfig {
  /** Of the reset that comes in, and of the one that goes out (which is asynchronous). */
  readonly from: ResetStyle;
  readonly activeLow: boolean;
  readonly stages: number;
}

/** Asserts its output at once, and releases it at the edge of its clock that is `stages` edges after the release of its input. */
export class ResetSynchroniser extends Module<ResetSynchroniserConfig> {
  readonly p = this.io({
    in: input(reset({ ...this.cfg.from, async: true })),
    out: output(reset({ async: true, activeLow: this.cfg.activeLow })),
  });

  constructor(cfg: ResetSynchroniserConfig) {
    super(cfg);
    const { stages, activeLow } = cfg;
    this.describe(`Reset synchroniser of ${stages} stages: asserts at once, releases with the clock.`);
    // The registers hold the level of the output.
    const [active, idle] = [!activeLow, activeLow];
    let level: Bool | boolean = idle;
    for (let i = 0; i < stages; i++) {
      const stage = mayCross(this.reg(bool, { reset: active, resetWith: this.p.in }).named(`stage_${i}`));
      stage.set(level);
      level = stage;
    }
    this.p.out.set(asReset(level as Bool, { async: true, activeLow }));
  }
}

/** Of `synchroniseReset`. */
export interface ResetSynchroniserOptions {
  /** Registers in a row, 2 when absent. */
  readonly stages?: number;
  /** Of the result; as the one that comes in when absent. */
  readonly activeLow?: boolean;
}

/** A reset of any kind and clock as an asynchronous one that the present domain's clock releases. Throws HDL-C001 on fewer than 2 stages. */
export function synchroniseReset(from: Reset, { stages = 2, activeLow }: ResetSynchroniserOptions = {}): Reset {
  const low = (from as unknown as Scalar).expr.type.reset?.activeLow ?? false;
  const cell = place(ResetSynchroniser, { from: { activeLow: low }, activeLow: activeLow ?? low, stages: checkedStages(stages) });
  cell.in.set(asReset(from.asBool(), { async: true, activeLow: low }));
  return cell.out;
}
