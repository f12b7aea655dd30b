// Look-up tables: on every engine, and how they print.

import { describe, expect, it } from 'vitest';
import { bool, elaborate, encode, enumeration, fixed, fp8e4m3, input, Module, output, sint, table, uint, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { everywhere } from '../support/engines.ts';

const Colour = enumeration('Colour', { red: 1, green: 2, blue: 4 });
const sine = (i: number): number => Math.round(127 * Math.sin((2 * Math.PI * i) / 256));

class Tables extends Module {
  readonly p = this.io({
    i: input(uint(8)),
    j: input(uint(4)),
    k: input(uint(40)),
    none: input(uint(0)),
    go: input(bool),
    sine: output(sint(8)),
    both: output(sint(9)),
    odd: output(uint(33)),
    beyond: output(uint(5)),
    flag: output(bool),
    colour: output(Colour),
    half: output(fixed(6, 3)),
    tiny: output(fp8e4m3),
    single: output(uint(7)),
    empty: output(uint(0)),
    wide: output(uint(80)),
    held: output(uint(6)),
    index: output(uint(4)),
  });
  readonly held = this.reg(uint(6), { reset: 0 });
  constructor() {
    super();
    const { p, held } = this;
    const value = table(sint(8), p.i, sine);
    p.sine.set(value);
    p.both.set(value.add(table(sint(8), p.i.addw(64), sine)));
    p.odd.set(table(uint(33), p.j, (i) => 2n ** 33n - 1n - BigInt(i) ** 7n));
    p.beyond.set(table(uint(5), p.k, [1, 2, 3, 5, 8, 13, 21]));
    p.flag.set(table(bool, p.j, [true, false, true]));
    p.colour.set(table(Colour, p.j, (i) => (['red', 'green', 'blue'] as const)[i % 3] as 'red'));
    p.half.set(table(fixed(6, 3), p.j, [0.5, -1.25, -4, 3.875]));
    p.tiny.set(table(fp8e4m3, p.j, [0, -1.5, 448, Number.NaN]));
    p.single.set(table(uint(7), p.none, [99]));
    p.empty.set(table(uint(0), p.j, [0, 0]));
    p.wide.set(table(uint(80), p.j, (i) => 3n ** BigInt(i + 30)));
    when(p.go, () => held.set(table(uint(6), held, (i) => (i * 5 + 3) % 64)));
    p.held.set(held);
    p.index.set(p.j);
  }
}

describe('a table', () => {
  it('is its list on every engine, zero beyond the end', () => {
    const drive = (t: number) => ({ i: BigInt(t % 256), j: BigInt(t % 16), ...(t % 3 ? { k: BigInt(t % 9) } : {}) });
    const { inputs, outputs, problems } = everywhere(Tables, undefined as never, { cycles: 256, drive });
    expect(problems).toBe('');
    let held = 0n;
    for (const [t, out] of outputs.entries()) {
      const { i, j, k, go } = inputs[t] as unknown as { readonly [port in 'i' | 'j' | 'k' | 'go']: bigint };
      const n = Number(j);
      if (t > 0)
        expect(out, `${t}`).toEqual({
          sine: BigInt(sine(Number(i))),
          both: BigInt(sine(Number(i)) + sine((Number(i) + 64) % 256)),
          odd: BigInt.asUintN(33, 2n ** 33n - 1n - j ** 7n),
          beyond: [1n, 2n, 3n, 5n, 8n, 13n, 21n][Number(k)] ?? 0n,
          flag: n === 0 || n === 2 ? 1n : 0n,
          colour: [1n, 2n, 4n][n % 3],
          half: [4n, -10n, -32n, 31n][n] ?? 0n,
          tiny: n < 4 ? encode(fp8e4m3, [0, -1.5, 448, Number.NaN][n] as number) : 0n,
          single: 99n,
          empty: 0n,
          wide: 3n ** (j + 30n),
          held,
          index: j,
        });
      if (t > 0 && go === 1n) held = (held * 5n + 3n) % 64n;
    }
  });

  it('prints as a function with a case', () => {
    class Fibonacci extends Module {
      readonly p = this.io({ index: input(uint(3)), value: output(uint(4)) });
      constructor() {
        super();
        this.p.value.set(table(uint(4), this.p.index, [1, 1, 2, 3, 5, 8]));
      }
    }
    expect(emitVerilog(elaborate(Fibonacci))[0]?.text).toBe(`module fibonacci (
  input  wire [2:0] index,
  output wire [3:0] value
);

  function [3:0] value_table;
    input [2:0] index_1;
    case (index_1)
      3'd0: value_table = 4'd1;
      3'd1: value_table = 4'd1;
      3'd2: value_table = 4'd2;
      3'd3: value_table = 4'd3;
      3'd4: value_table = 4'd5;
      3'd5: value_table = 4'd8;
      default: value_table = 4'd0;
    endcase
  endfunction

  assign value = value_table(index);
endmodule
`);
  });
});
