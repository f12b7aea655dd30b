// Cyclic redundancy checks of any polynomial, some data bits a cycle.
//
// Contract: the parameters of the Rocksoft model (width, poly, init, refIn, refOut, xorOut). `crcStep` is combinational: each bit of the next
// remainder is the parity of some bits of remainder and data, computed at elaboration. Data goes in byte by byte, the lowest byte first, each from its
// top bit (from its bottom bit with refIn); data that is no whole number of bytes is one group of bits.
// `Crc` keeps the remainder: `check` is that of all data taken since reset or `clear`, in the cycle after. `clear` wins over `enable`.
// Refused: a width below 1, constants that do not fit the width, data of no bits.

import { when } from '../control.ts';
import { cat, lit } from '../functions.ts';
import { input, output } from '../io-types.ts';
import { Module } from '../module.ts';
import { bool, uint } from '../types.ts';
import type { UInt } from '../value-types.ts';
import { refuse, wholeNumber } from './refuse.ts';

/** What makes a CRC, in the terms of the Rocksoft model. */
export interface CrcParameters {
  /** Bits of the check. */
  readonly width: number;
  /** Without its top coefficient, the coefficient of x^0 in bit 0. */
  readonly poly: bigint;
  readonly init: bigint;
  readonly refIn: boolean;
  readonly refOut: boolean;
  readonly xorOut: bigint;
}

/** Ethernet, zip. Check value of "123456789": 0xCBF43926. */
export const CRC_32: CrcParameters = { width: 32, poly: 0x04c11db7n, init: 0xffffffffn, refIn: true, refOut: true, xorOut: 0xffffffffn };
/** Castagnoli: iSCSI, ext4. 0xE3069283. */
export const CRC_32C: CrcParameters = { width: 32, poly: 0x1edc6f41n, init: 0xffffffffn, refIn: true, refOut: true, xorOut: 0xffffffffn };
/** 0x29B1. */
export const CRC_16_CCITT_FALSE: CrcParameters = { width: 16, poly: 0x1021n, init: 0xffffn, refIn: false, refOut: false, xorOut: 0n };
/** SMBus. 0xF4. */
export const CRC_8: CrcParameters = { width: 8, poly: 0x07n, init: 0n, refIn: false, refOut: false, xorOut: 0n };

/** The remainder after `data`. Start with `init`, end with `crcOut`. */
export function crcStep(crc: CrcParameters, remainder: UInt, data: UInt): UInt {
  checkCrc(crc, data.width);
  if (remainder.width !== crc.width) refuse(`crcStep() of a u${remainder.width} remainder for a check of ${crc.width} bits`, `give a u${crc.width}`);
  const rows = matrix(crc, data.width);
  const parity = ({ state, input }: Row): UInt => {
    const parts = [
      ...(state ? [remainder.and(lit(uint(crc.width), state)).xorR()] : []),
      ...(input ? [data.and(lit(uint(data.width), input)).xorR()] : []),
    ];
    const [first, second] = parts;
    return !first ? lit(uint(1), 0) : (second ? first.xor(second) : first).asUInt();
  };
  return cat(...rows.map(parity).reverse());
}

/** The check that belongs to a remainder. */
export function crcOut(crc: CrcParameters, remainder: UInt): UInt {
  const bits = Array.from({ length: crc.width }, (_, i) => remainder.bit(i));
  const ordered = crc.refOut ? cat(...bits) : remainder;
  return crc.xorOut === 0n ? ordered : ordered.xor(lit(uint(crc.width), crc.xorOut));
}

/** Of `Crc`. */
export interface CrcConfig {
  readonly crc: CrcParameters;
  /** Bits taken at once. */
  readonly dataWidth: number;
}

/** A CRC over the data of enabled cycles: `check` is that of all data since reset or `clear`, one cycle later. Throws HDL-C001 on a width below 1, constants that do not fit it, data of no bits. */
export class Crc extends Module<CrcConfig> {
  readonly p = this.io({
    clear: input(bool),
    enable: input(bool),
    data: input(uint(checkCrc(this.cfg.crc, this.cfg.dataWidth))),
    check: output(uint(this.cfg.crc.width)),
  });
  readonly remainder = this.reg(uint(this.cfg.crc.width), { reset: this.cfg.crc.init });

  constructor(cfg: CrcConfig) {
    super(cfg);
    const { crc, dataWidth } = cfg;
    this.describe(`CRC of ${crc.width} bits, polynomial 0x${crc.poly.toString(16)}, ${dataWidth} data bits a cycle.`);
    const { p, remainder } = this;
    when(p.clear, () => remainder.set(crc.init)).elsewhen(p.enable, () => remainder.set(crcStep(crc, remainder, p.data)));
    p.check.set(crcOut(crc, remainder));
  }
}

/** Which bits of remainder and data one bit of the next remainder is the parity of. */
interface Row {
  readonly state: bigint;
  readonly input: bigint;
}

function matrix({ width, poly, refIn }: CrcParameters, dataWidth: number): Row[] {
  let rows: Row[] = Array.from({ length: width }, (_, i) => ({ state: 1n << BigInt(i), input: 0n }));
  for (const bit of order(dataWidth, refIn)) {
    const top = rows[width - 1] as Row;
    const feedback = { state: top.state, input: top.input ^ (1n << BigInt(bit)) };
    rows = rows.map((_, i) => {
      const below = i === 0 ? { state: 0n, input: 0n } : (rows[i - 1] as Row);
      return (poly >> BigInt(i)) & 1n ? { state: below.state ^ feedback.state, input: below.input ^ feedback.input } : below;
    });
  }
  return rows;
}

/** Indices of the data bits in the order in which they go in. */
function order(dataWidth: number, refIn: boolean): number[] {
  const group = dataWidth % 8 === 0 ? 8 : dataWidth;
  return Array.from({ length: dataWidth }, (_, i) => (refIn ? i : i - (i % group) + group - 1 - (i % group)));
}

/** Throws HDL-C001 for parameters that are no CRC; gives the data width. */
function checkCrc({ width, poly, init, xorOut }: CrcParameters, dataWidth: number): number {
  wholeNumber('width of a CRC', width, 1);
  wholeNumber('data width of a CRC', dataWidth, 1);
  for (const [name, value] of Object.entries({ poly, init, xorOut })) {
    if (typeof value !== 'bigint' || value < 0n || value >= 1n << BigInt(width))
      refuse(
        `${name} of a CRC is ${String(value)}, which is no bigint of ${width} bits`,
        `pass 0n to 2n ** ${width}n - 1n (poly without its top coefficient)`,
      );
  }
  return dataWidth;
}
