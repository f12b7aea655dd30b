// Floats in hardware: every pair of codes of the small formats and corners of the large ones, on every engine, against numbers of the host.

import { describe, expect, it } from 'vitest';
import {
  bf16,
  bool,
  decode,
  encode,
  type FloatType,
  float,
  fp4e2m1,
  fp6e2m3,
  fp6e3m2,
  fp8e4m3,
  fp8e5m2,
  fp16,
  fp32,
  input,
  lit,
  Module,
  mux,
  nearest,
  output,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';
import { everywhere } from '../support/engines.ts';

const flushed = float({ exponent: 3, mantissa: 2, subnormals: false });
const FORMATS = { fp32, fp16, bf16, fp8e4m3, fp8e5m2, fp6e2m3, fp6e3m2, fp4e2m1, flushed } as const;

function portsOf(type: FloatType) {
  return {
    a: input(type),
    b: input(type),
    flags: output(vec(bool, 5)),
    exponent: output(uint(type.format.exponent)),
    mantissa: output(uint(type.format.mantissa)),
    neg: output(type),
    abs: output(type),
    order: output(vec(bool, 7)),
    bits: output(uint(type.width)),
    positive: output(bool),
  };
}

class Floats extends Module {
  readonly p = this.io(Object.fromEntries(Object.entries(FORMATS).map(([name, type]) => [name, portsOf(type as FloatType)])));
  constructor() {
    super();
    for (const p of Object.values(this.p)) {
      const { a, b } = p;
      [a.sign, a.isNaN(), a.isInf(), a.isZero(), a.isSubnormal()].forEach((flag, i) => {
        p.flags.at(i).set(flag);
      });
      p.exponent.set(a.exponent);
      p.mantissa.set(a.mantissa);
      p.neg.set(a.neg());
      p.abs.set(a.abs());
      [a.eq(b), a.ne(b), a.lt(b), a.le(b), a.gt(b), a.ge(b), a.totalLe(b)].forEach((holds, i) => {
        p.order.at(i).set(holds);
      });
      p.bits.set(a.asBits());
      p.positive.set(a.gt(0.5));
    }
  }
}

/** Place in the total order: negative codes in reverse. */
const rank = (code: bigint, width: number): bigint => {
  const sign = 2n ** BigInt(width - 1);
  return code >= sign ? -(code - sign) - 1n : code;
};

describe('floats', () => {
  it('are taken apart and compared as numbers are', () => {
    const { inputs, outputs, problems } = everywhere(Floats, undefined as never, {
      cycles: 700,
      // fp4 and the flushed format in all pairs; what is random has its corners (all ones, highest bit) from the generator.
      drive: (t) => ({
        fp4e2m1_a: BigInt(t % 16),
        fp4e2m1_b: BigInt((t >> 4) % 16),
        flushed_a: BigInt(t % 64),
        flushed_b: BigInt((t * 7 + (t >> 6)) % 64),
      }),
    });
    expect(problems).toBe('');
    const bit = (b: boolean): bigint => (b ? 1n : 0n);
    for (const [t, out] of outputs.entries())
      for (const [name, { format, width }] of Object.entries(FORMATS)) {
        const type = FORMATS[name as 'fp16'];
        const [a, b] = [inputs[t]?.[`${name}_a`] as bigint, inputs[t]?.[`${name}_b`] as bigint];
        const [x, y] = [decode(type, a), decode(type, b)];
        const top = 2n ** BigInt(width - 1);
        const least = 2 ** (1 - format.bias);
        const got = (port: string) => out[`${name}_${port}`];
        const where = `${name} ${a} ${b}`;
        expect(got('flags'), where).toEqual(
          [a >= top, Number.isNaN(x), Math.abs(x) === Number.POSITIVE_INFINITY, x === 0, x !== 0 && Math.abs(x) < least].map(bit),
        );
        expect([got('exponent'), got('mantissa')], where).toEqual([(a % top) >> BigInt(format.mantissa), BigInt.asUintN(format.mantissa, a)]);
        expect([got('neg'), got('abs'), got('bits')], where).toEqual([a >= top ? a - top : a + top, a % top, a]);
        expect(got('order'), where).toEqual([x === y, x !== y, x < y, x <= y, x > y, x >= y, rank(a, width) <= rank(b, width)].map(bit));
        expect(got('positive'), where).toBe(bit(x > 0.5));
      }
  });

  class Moves extends Module {
    readonly p = this.io({
      raw: input(uint(16)),
      x: input(fp16),
      go: input(bool),
      i: input(uint(2)),
      seen: output(fp16),
      chosen: output(fp16),
      held: output(fp16),
      word: output(fp16),
      third: output(bf16),
    });
    readonly held = this.reg(fp16, { reset: -1.5 });
    readonly ram = this.memory(fp16, 4, { init: [1, 0.5, Number.POSITIVE_INFINITY, -0] });
    constructor() {
      super();
      const { p, held, ram } = this;
      p.seen.set(p.raw.asFloat(fp16));
      p.chosen.set(mux(p.go, p.x, lit(fp16, 2)));
      when(p.go, () => held.set(p.x));
      p.held.set(held);
      when(p.go, () => ram.write(p.i, p.x));
      p.word.set(ram.readNow(p.i));
      p.third.set(nearest(bf16, 1 / 3));
    }
  }

  it('are stored, chosen and converted as bits', () => {
    const { inputs, outputs, problems } = everywhere(Moves, undefined as never, { cycles: 50 });
    expect(problems).toBe('');
    let held = encode(fp16, -1.5);
    const words = [0x3c00n, 0x3800n, 0x7c00n, 0x8000n];
    for (const [t, out] of outputs.entries()) {
      const { raw, x, go, i } = inputs[t] as unknown as { readonly [port in 'raw' | 'x' | 'go' | 'i']: bigint };
      if (t > 0) expect(out).toEqual({ seen: raw, chosen: go === 1n ? x : 0x4000n, held, word: words[Number(i)], third: 0x3eabn });
      if (go === 1n) words[Number(i)] = x;
      if (t > 0 && go === 1n) held = x;
    }
  });
});
