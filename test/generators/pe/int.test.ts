// Integer elements: all pairs of operands up to 8 × 8 bits in all signs, hardware and model against plain numbers; Verilog on Verilator; proof of `p + a*b`.

import { describe, expect, it } from 'vitest';
import { derivedWidth, INT_FORMS, type IntOperand, type IntPeConfig } from '../../../generators/pe/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { simulateDesign } from '../../../sim/index.ts';
import { inequivalent, type Pair } from '../../support/equivalence.ts';
import { Rng } from '../../support/random.ts';
import { differsBySat } from '../../support/sat.ts';
import { saidByBench } from '../../support/verilog-tools.ts';
import { int, SIGNS, uint } from './elements.ts';
import { specified } from './specification.ts';
import { disagreements, type StepCase, stepCell } from './step-cell.ts';

const WIDTHS = [2, 3, 4, 5, 6, 7, 8];

const numberOf = (code: number, width: number, signed: boolean): number => (signed && code >= 2 ** (width - 1) ? code - 2 ** width : code);

/** `p + a*b` in doubles, which hold it. */
function plain({ activation: a, weight: w, accumulator = 32, overflow }: IntPeConfig): (c: StepCase) => number {
  const [low, high] = [-(2 ** (accumulator - 1)), 2 ** (accumulator - 1) - 1];
  return ({ activation, weight, sum }) => {
    const exact = numberOf(sum, accumulator, true) + numberOf(activation, a.width, a.signed) * numberOf(weight, w.width, w.signed);
    const fit = overflow === 'saturate' ? Math.min(Math.max(exact, low), high) : exact;
    return ((fit % 2 ** accumulator) + 2 ** accumulator) % 2 ** accumulator;
  };
}

/** All pairs of operands, each with another sum. */
function allPairs({ activation, weight, accumulator = 32 }: IntPeConfig): StepCase[] {
  const rng = new Rng(activation.width * 100 + weight.width);
  return Array.from({ length: 2 ** (activation.width + weight.width) }, (_, i) => ({
    activation: i % 2 ** activation.width,
    weight: Math.floor(i / 2 ** activation.width),
    sum:
      i % 7 === 0
        ? ([0, 2 ** (accumulator - 1) - 1, 2 ** (accumulator - 1)][(i / 7) % 3] ?? 0)
        : Math.floor((rng.word() / 2 ** 32) * 2 ** accumulator),
  }));
}

describe('on all pairs of operands', () => {
  it.each(SIGNS.map(([a, w], i) => ({ name: `${a(2).signed ? '' : 'un'}signed × ${w(2).signed ? '' : 'un'}signed`, a, w, i })))(
    '$name',
    ({ a, w, i }) => {
      for (const wide of WIDTHS)
        for (const narrow of WIDTHS) {
          const turn = wide + narrow + i;
          const pe: IntPeConfig = {
            ...{ kind: 'int', activation: a(wide), weight: w(narrow) },
            ...(turn % 3 > 0 && { accumulator: turn % 3 === 1 ? derivedWidth(a(wide), w(narrow), 16) : wide + 2 }),
            ...(turn % 4 === 0 && { overflow: 'saturate' }),
            ...(turn % 5 > 1 && { stages: turn % 5, gated: turn % 2 === 0 }),
          };
          for (const form of INT_FORMS) expect(disagreements({ ...pe, form }, allPairs(pe), plain(pe)), `${form} ${JSON.stringify(pe)}`).toEqual([]);
        }
    },
  );

  it('of 16 bits, at the ends and at random', () => {
    const ends = [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff];
    for (const [form, [a, w]] of INT_FORMS.flatMap((each) => SIGNS.map((signs) => [each, signs] as const))) {
      const pe: IntPeConfig = { kind: 'int', activation: a(16), weight: w(16), stages: 2, form };
      const rng = new Rng(1);
      const cases = [...ends.flatMap((x) => ends.map((y) => [x, y])), ...Array.from({ length: 3000 }, () => [rng.below(65536), rng.below(65536)])];
      expect(
        disagreements(
          pe,
          cases.map(([x = 0, y = 0], i) => ({ activation: x, weight: y, sum: (i * 123_456_789) % 2 ** 32 })),
          plain(pe),
        ),
      ).toEqual([]);
    }
  });
});

/** Tries all pairs of operands of several elements against arithmetic written in Verilog; prints what differs. */
function exhaustiveBench(elements: readonly IntPeConfig[]): string {
  const range = (width: number): string => `[${width - 1}:0]`;
  const tests = elements.map(({ activation: a, weight: w, accumulator = 32 }, k) => {
    const sign = ({ signed }: IntOperand): string => (signed ? 'signed' : '');
    const wide = ({ signed }: IntOperand, name: string): string => (signed ? name : `$signed({1'b0, ${name}})`);
    return {
      declarations: `reg ${sign(a)} ${range(a.width)} a${k}; reg ${sign(w)} ${range(w.width)} w${k}; reg signed ${range(accumulator)} p${k}, want${k};
        wire signed ${range(accumulator)} next${k}; step_${k} dut${k} (.activation(a${k}), .weight(w${k}), .sum(p${k}), .next(next${k}));`,
      body: `for (i = 0; i < ${2 ** (a.width + w.width)}; i = i + 1) begin
          a${k} = i; w${k} = i >> ${a.width}; p${k} = i * 32'd2654435761; want${k} = p${k} + ${wide(a, `a${k}`)} * ${wide(w, `w${k}`)};
          #1 if (next${k} !== want${k}) $display("element ${k}: %0d * %0d + %0d is not %0d", a${k}, w${k}, p${k}, next${k});
        end`,
    };
  });
  return `module bench; integer i;\n${tests.map((t) => t.declarations).join('\n')}\ninitial begin\n${tests.map((t) => t.body).join('\n')}\n$display("compared"); $finish; end\nendmodule\n`;
}

describe('in Verilog', () => {
  it('Verilator gives p + a*b for all pairs, 8 × 8 bits among them', () => {
    const elements: IntPeConfig[] = SIGNS.flatMap(([a, w]) => [
      { kind: 'int', activation: a(8), weight: w(8) },
      { kind: 'int', activation: a(5), weight: w(4), form: 'fused' },
      { kind: 'int', activation: a(2), weight: w(4), accumulator: 5 },
      { kind: 'int', activation: a(5), weight: w(3), accumulator: 20 },
    ]);
    const files = elements.flatMap((pe, k) => emitVerilog(stepCell(pe, `step_${k}`)));
    // The last is compared with the wrong signs, to see that the bench would tell.
    const wrong = elements.map((pe, k) => (k === elements.length - 1 ? { ...pe, weight: int(3) } : pe));
    const said = saidByBench([...files, { name: 'bench', text: exhaustiveBench(wrong) }])
      .trim()
      .split('\n');
    expect(said.filter((line) => !line.startsWith(`element ${elements.length - 1}: `))).toEqual(['compared']);
    expect(said.length).toBeGreaterThan(100);
  });

  const nameOf = (x: { width: number; signed: boolean }) => `${x.signed ? 's' : 'u'}${x.width}`;
  const pairOf = (a: typeof int, w: typeof int, x: number, y: number, accumulator: number): Pair =>
    specified({ kind: 'int', activation: a(x), weight: w(y), accumulator }, `${nameOf(a(x))}_${nameOf(w(y))}_${accumulator}`);

  it('is proven equal to p + a*b', () => {
    const pairs = SIGNS.flatMap(([a, w]) => [pairOf(a, w, 2, 2, 8), pairOf(a, w, 3, 4, 16), pairOf(a, w, 5, 3, 6), pairOf(a, w, 4, 4, 32)]);
    expect(inequivalent(pairs)).toEqual([]);
    expect(differsBySat(SIGNS.map(([a, w]) => pairOf(a, w, 4, 4, 12)))).toBeUndefined();
  });

  it('and the proof would notice a sign', () => {
    const { before } = pairOf(int, int, 3, 3, 12);
    const { after } = pairOf(int, uint, 3, 3, 12);
    expect(inequivalent([{ name: 'signs', before, after }])).not.toEqual([]);
  });
});

describe('a gated element', () => {
  it('keeps its operands, and the sum passes, while one operand is zero', () => {
    const sim = simulateDesign(stepCell({ kind: 'int', activation: int(4), weight: int(4), stages: 1, gated: true }));
    const held = () => [sim.peek('held'), sim.peek('held_1')];
    sim.poke('enable', 1);
    for (const [activation, weight, expected] of [
      [3, 5, [3, 5]],
      [0, 7, [3, 5]],
      [-4, 0, [3, 5]],
      [0, 0, [3, 5]],
      [-8, 1, [-8, 1]],
    ] as const) {
      sim.poke('activation', activation);
      sim.poke('weight', weight);
      sim.step();
      sim.poke('sum', 100);
      expect(held()).toEqual(expected);
      expect(sim.peek('next')).toBe(100 + activation * weight);
    }
    sim.close();
  });
});
