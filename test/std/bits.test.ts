// Reordered bits, conversions and choices, on every engine against arithmetic of the host.

import { describe, expect, it } from 'vitest';
import { bool, bundle, elaborate, fixed, input, Module, output, sint, uint, vec } from '../../hdl/index.ts';
import {
  abs,
  asBits,
  asType,
  clamp,
  fillBits,
  isOneOf,
  max,
  min,
  muxCase,
  muxLookup,
  reverseBits,
  rotateLeft,
  rotateRight,
  saturate,
} from '../../hdl/std/index.ts';
import { everywhere } from '../support/engines.ts';

const WIDTHS = [0, 1, 2, 5, 8, 33];

function perWidth(width: number) {
  return {
    x: input(uint(width)),
    y: input(uint(width)),
    s: input(sint(width)),
    z: input(sint(width)),
    n: input(uint(7)),
    short: input(uint(2)),
    reversed: output(uint(width)),
    right: output(uint(width)),
    left: output(uint(width)),
    shortLeft: output(uint(width)),
    right3: output(uint(width)),
    left7: output(uint(width)),
    copies: output(uint(width * 3)),
    least: output(uint(width)),
    most: output(uint(width)),
    sLeast: output(sint(width)),
    sMost: output(sint(width)),
    magnitude: output(uint(width)),
    narrow: output(uint(3)),
    sNarrow: output(sint(3)),
    none: output(sint(0)),
    found: output(bool),
    held: output(sint(width)),
  };
}

class Helpers extends Module {
  readonly p = this.io(Object.fromEntries(WIDTHS.map((w) => [`w${w}`, perWidth(w)])));
  constructor() {
    super();
    for (const p of Object.values(this.p)) {
      p.reversed.set(reverseBits(p.x));
      p.right.set(rotateRight(p.x, p.n));
      p.left.set(rotateLeft(p.x, p.n));
      p.shortLeft.set(rotateLeft(p.x, p.short));
      p.right3.set(rotateRight(p.x, 3));
      p.left7.set(rotateLeft(p.x, 7));
      p.copies.set(fillBits(p.x, 3));
      p.least.set(min(p.x, p.y));
      p.most.set(max(p.x, p.y));
      p.sLeast.set(min(p.s, p.z));
      p.sMost.set(max(p.s, p.z));
      p.magnitude.set(abs(p.s));
      p.narrow.set(saturate(p.x, 3));
      p.sNarrow.set(saturate(p.s, 3));
      p.none.set(saturate(p.s, 0));
      p.found.set(isOneOf(p.x, 0, p.y, 3));
      p.held.set(clamp(p.s, min(p.z, p.s.shr(1).extend(p.s.width)), p.z));
    }
  }
}

const Record = bundle({ valid: bool, lanes: vec(bundle({ re: sint(3), im: fixed(4, 2) }), 2), none: uint(0), data: uint(5) });

class Choices extends Module {
  readonly p = this.io({
    raw: input(uint(20)),
    record: input(Record),
    a: input(uint(4)),
    b: input(uint(6)),
    key: input(uint(3)),
    c: input(vec(bool, 3)),
    typed: output(Record),
    bits: output(uint(20)),
    back: output(uint(20)),
    first: output(uint(6)),
    looked: output(uint(6)),
  });
  constructor() {
    super();
    const { p } = this;
    p.typed.set(asType(p.raw, Record));
    p.bits.set(asBits(p.record));
    p.back.set(asBits(asType(p.raw, Record)));
    p.first.set(
      muxCase(p.b, [
        [p.c.at(0), p.a.extend(6)],
        [p.c.at(1), p.b.not()],
        [p.c.at(2), p.a.shl(2)],
      ]),
    );
    p.looked.set(
      muxLookup(p.key, p.b, [
        [1, p.a.extend(6)],
        [6, p.b.not()],
      ]),
    );
  }
}

describe('bits', () => {
  it('are reversed, rotated, repeated, held within limits', () => {
    const { inputs, outputs, problems } = everywhere(Helpers, undefined as never, { cycles: 120 });
    expect(problems).toBe('');
    for (const [t, out] of outputs.entries())
      for (const w of WIDTHS) {
        const given = (port: string): bigint => inputs[t]?.[`w${w}_${port}`] as bigint;
        const [x, y, s, z] = ['x', 'y', 's', 'z'].map(given) as [bigint, bigint, bigint, bigint];
        const bits = x.toString(2).padStart(w, '0').slice(-w);
        const text = (b: string): bigint => (w === 0 ? 0n : BigInt(`0b${b}`));
        const turned = (n: number): bigint => text(bits.slice(n % (w || 1)) + bits.slice(0, n % (w || 1)));
        const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
        const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
        const want = {
          reversed: text([...bits].reverse().join('')),
          right: turned((w || 1) - (Number(given('n')) % (w || 1))),
          left: turned(Number(given('n'))),
          shortLeft: turned(Number(given('short'))),
          right3: turned(3 * ((w || 1) - 1)),
          left7: turned(7),
          copies: w === 0 ? 0n : BigInt(`0b${bits.repeat(3)}`),
          least: smaller(x, y),
          most: larger(x, y),
          sLeast: smaller(s, z),
          sMost: larger(s, z),
          magnitude: s < 0n ? -s : s,
          narrow: smaller(x, 7n),
          sNarrow: larger(smaller(s, 3n), -4n),
          none: 0n,
          found: [0n, y, 3n].includes(x) ? 1n : 0n,
          held: larger(smaller(s, z), smaller(z, s >> 1n)),
        };
        expect(Object.fromEntries(Object.keys(want).map((k) => [k, out[`w${w}_${k}`]])), `w${w} ${x} ${y} ${s} ${z}`).toEqual(want);
      }
  });

  it('are values of any type, and back', () => {
    const { inputs, outputs, problems } = everywhere(Choices, undefined as never, { cycles: 60 });
    expect(problems).toBe('');
    for (const [t, out] of outputs.entries()) {
      const given: unknown = inputs[t];
      const { raw, a, b, key, c } = given as { raw: bigint; a: bigint; b: bigint; key: bigint; c: bigint[] };
      const cut = (hi: number, lo: number): bigint => BigInt.asUintN(hi - lo + 1, raw >> BigInt(lo));
      const {
        record_valid: valid,
        record_lanes_re: re,
        record_lanes_im: im,
        record_data: data,
      } = given as {
        record_valid: bigint;
        record_data: bigint;
        record_lanes_re: bigint[];
        record_lanes_im: bigint[];
      };
      const lane = (i: number): bigint => BigInt.asUintN(3, re[i] as bigint) * 16n + BigInt.asUintN(4, im[i] as bigint);
      expect(out).toEqual({
        typed_valid: cut(19, 19),
        typed_lanes_re: [BigInt.asIntN(3, cut(11, 9)), BigInt.asIntN(3, cut(18, 16))],
        typed_lanes_im: [BigInt.asIntN(4, cut(8, 5)), BigInt.asIntN(4, cut(15, 12))],
        typed_none: 0n,
        typed_data: cut(4, 0),
        bits: valid * 2n ** 19n + lane(1) * 2n ** 12n + lane(0) * 32n + data,
        back: raw,
        first: c[0] ? a : c[1] ? 63n - b : c[2] ? a * 4n : b,
        looked: key === 1n ? a : key === 6n ? 63n - b : b,
      });
    }
  });

  it('must be as many as the type has', () => {
    class Wrong extends Module {
      readonly p = this.io({ x: input(uint(9)), y: output(Record) });
      constructor() {
        super();
        this.p.y.set(asType(this.p.x, Record));
      }
    }
    expect(() => elaborate(Wrong)).toThrow(/HDL-C001: asType\(\) of 9 bits as .*\n.*\n {2}help: give exactly 20 bits/);
  });
});
