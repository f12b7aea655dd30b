// Linear feedback shift registers of maximal length.
//
// Contract: `value` steps in enabled cycles through all 2^width − 1 values but zero. Fibonacci shifts up and puts the parity of the taps into bit 0;
// Galois shifts down and flips the taps when a one falls out. `serial` is the bit that leaves with the next step.
// The taps are those of Xilinx XAPP052 (P. Alfke, 1996), table 3, which counts bits from 1; width 2 is the only primitive trinomial there is.
// With `taps` of your own any width goes, and the period is yours to know.
// Refused: widths outside of 2 to 32 without taps, taps outside of the width or without its last bit, a seed that is zero or too wide.

import { when } from '../control.ts';
import { cat, lit, mux } from '../functions.ts';
import { input, output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool, uint } from '../types.ts';
import { refuse, wholeNumber } from './refuse.ts';

/** Taps of a maximal register by width; bits count from 1. */
export const MAXIMAL_TAPS: { readonly [width: number]: readonly number[] } = {
  2: [2, 1],
  3: [3, 2],
  4: [4, 3],
  5: [5, 3],
  6: [6, 5],
  7: [7, 6],
  8: [8, 6, 5, 4],
  9: [9, 5],
  10: [10, 7],
  11: [11, 9],
  12: [12, 6, 4, 1],
  13: [13, 4, 3, 1],
  14: [14, 5, 3, 1],
  15: [15, 14],
  16: [16, 15, 13, 4],
  17: [17, 14],
  18: [18, 11],
  19: [19, 6, 2, 1],
  20: [20, 17],
  21: [21, 19],
  22: [22, 21],
  23: [23, 18],
  24: [24, 23, 22, 17],
  25: [25, 22],
  26: [26, 6, 2, 1],
  27: [27, 5, 2, 1],
  28: [28, 25],
  29: [29, 27],
  30: [30, 6, 4, 1],
  31: [31, 28],
  32: [32, 22, 2, 1],
};

/** Of `Lfsr`. */
export interface LfsrConfig {
  /** 2 to 32, or any from 2 with `taps`. */
  readonly width: number;
  readonly form: 'fibonacci' | 'galois';
  /** Value after reset, not zero; 1 when absent. */
  readonly seed?: number | bigint;
  /** Bits counted from 1, `width` among them; those of `MAXIMAL_TAPS` when absent. */
  readonly taps?: readonly number[];
}

/** A linear feedback shift register: `value` runs through all 2^width − 1 values but zero in enabled cycles; `serial` is the bit that leaves with the next step. Throws HDL-C001 on widths outside of 2 to 32 without taps of your own, and on a seed that is zero or too wide. */
export class Lfsr extends Module<LfsrConfig> {
  readonly p = this.io({ enable: input(bool), value: output(uint(checked(this.cfg))), serial: output(bool) });
  readonly state = this.reg(uint(this.cfg.width), { reset: this.cfg.seed ?? 1 });

  constructor(cfg: LfsrConfig) {
    super(cfg);
    const { width, form } = cfg;
    const taps = tapsOf(cfg);
    this.describe(
      `${form === 'fibonacci' ? 'Fibonacci' : 'Galois'} linear feedback shift register, taps ${taps.join(', ')} of ${width} bits counted from 1.`,
    );
    const { p, state } = this;
    const mask = lit(
      uint(width),
      taps.reduce((sum, tap) => sum | (1n << BigInt(tap - 1)), 0n),
    );
    const fibonacci = () => cat(state.bits(width - 2, 0), state.and(mask).xorR());
    const galois = () => state.shr(1).xor(mux(state.bit(0), mask, lit(uint(width), 0)));
    when(p.enable, () => state.set(form === 'fibonacci' ? fibonacci() : galois()));
    p.value.set(state);
    p.serial.set(state.bit(form === 'fibonacci' ? width - 1 : 0));
  }
}

function tapsOf({ width, taps }: LfsrConfig): readonly number[] {
  return taps ?? MAXIMAL_TAPS[width] ?? refuse(`there are no taps for an LFSR of ${width} bits`, 'use 2 to 32 bits, or give taps');
}

/** The width, after all refusals. */
function checked(cfg: LfsrConfig): number {
  const { width, seed = 1 } = cfg;
  wholeNumber('width of Lfsr', width, 2);
  const taps = tapsOf(cfg);
  for (const tap of taps) wholeNumber('a tap of Lfsr', tap, 1, width);
  if (new Set(taps).size !== taps.length) refuse(`the taps ${taps.join(', ')} of Lfsr name a bit twice, which cancels it`, 'name each bit once');
  if (!taps.includes(width)) refuse(`the taps ${taps.join(', ')} of Lfsr lack the last bit, ${width}: the register would be shorter`, `add ${width}`);
  const whole = typeof seed === 'bigint' || Number.isSafeInteger(seed);
  if (!whole || BigInt(seed) < 1n || BigInt(seed) >= 1n << BigInt(width))
    refuse(`seed of Lfsr is ${String(seed)}, but zero never leaves zero and a u${width} holds no more`, `pass 1 to 2^${width} - 1`);
  return width;
}
