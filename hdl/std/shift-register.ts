// Serial to parallel and back.
//
// Contract: one bit an enabled cycle, in the order that `first` names. `SerialToParallel.data` holds the last `width` bits, the newest one cycle
// after it came; `ParallelToSerial.serial` is the first bit in the cycle after `load`. `load` wins over `enable`; zeros follow a word.
// Refused: a width below 1.

import { when } from '../control.ts';
import { cat, lit } from '../functions.ts';
import { input, output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool, uint } from '../types.ts';
import type { Bool, UInt, UIntType } from '../value-types.ts';
import { wholeNumber } from './refuse.ts';

/** Of `SerialToParallel` and `ParallelToSerial`. */
export interface ShiftConfig {
  /** Bits of a word, at least 1. */
  readonly width: number;
  /** The bit that travels first. */
  readonly first: 'msb' | 'lsb';
}

/** The last `width` bits that came in enabled cycles, the newest one cycle after it came. Throws HDL-C001 on a width below 1. */
export class SerialToParallel extends Module<ShiftConfig> {
  readonly p = this.io({ enable: input(bool), serial: input(bool), data: output(wordType(this.cfg)) });
  readonly word = this.reg(wordType(this.cfg), { reset: 0 });

  constructor(cfg: ShiftConfig) {
    super(cfg);
    this.describe(`The last ${cfg.width} bits of a serial input, ${cfg.first} first.`);
    const { p, word } = this;
    when(p.enable, () => word.set(shifted(word, p.serial, cfg)));
    p.data.set(word);
  }
}

/** A word bit by bit in enabled cycles, the first in the cycle after `load`, zeros after the last. Throws HDL-C001 on a width below 1. */
export class ParallelToSerial extends Module<ShiftConfig> {
  readonly p = this.io({ load: input(bool), data: input(wordType(this.cfg)), enable: input(bool), serial: output(bool) });
  readonly word = this.reg(wordType(this.cfg), { reset: 0 });

  constructor(cfg: ShiftConfig) {
    super(cfg);
    this.describe(`A word of ${cfg.width} bits sent bit by bit, ${cfg.first} first.`);
    const { p, word } = this;
    when(p.load, () => word.set(p.data)).elsewhen(p.enable, () => word.set(shifted(word, lit(bool, false), cfg)));
    p.serial.set(word.bit(cfg.first === 'msb' ? cfg.width - 1 : 0));
  }
}

/** The word moved on by a bit, with `bit` in the place that became free. */
function shifted(word: UInt, bit: Bool, { width, first }: ShiftConfig): UInt {
  if (width === 1) return bit.asUInt();
  return first === 'msb' ? cat(word.bits(width - 2, 0), bit) : cat(bit, word.bits(width - 1, 1));
}

function wordType({ width }: ShiftConfig): UIntType {
  wholeNumber('width of a shift register', width, 1);
  return uint(width);
}
