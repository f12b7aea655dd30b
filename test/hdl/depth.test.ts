// Depth: expressions of ten thousand operators, chains of ten thousand `elsewhen`s, a thousand modules in each other, on every engine.

import { describe, expect, it } from 'vitest';
import { elaborate, input, lit, Module, mux, output, switchOn, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { type Recorded, runEverywhere } from '../support/engines.ts';

class Nested extends Module<{ readonly levels: number }> {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  constructor(cfg: { readonly levels: number }) {
    super(cfg);
    const { p } = this;
    if (cfg.levels === 1) {
      p.y.set(p.x.addw(1));
      return;
    }
    const inner = this.inst(Nested, { levels: cfg.levels - 1 });
    inner.x.set(p.x.addw(1));
    p.y.set(inner.y);
  }
}

interface Size {
  readonly n: number;
  readonly levels: number;
  /** Wires in the chain, and as many arms: Icarus and Yosys take long of ten thousand. */
  readonly all: boolean;
}

/** One of each, so that one build of each tool serves all. */
class Deep extends Module<Size> {
  readonly p = this.io({
    x: input(uint(8)),
    sel: input(uint(14)),
    xs: input(vec(uint(8), 100)),
    sum: output(uint(8)),
    chosen: output(uint(8)),
    inverted: output(uint(8)),
    taken: output(uint(8)),
    kept: output(uint(8)),
    folded: output(uint(32)),
    switched: output(uint(8)),
    through: output(uint(8)),
  });
  readonly held = this.reg(uint(8), { reset: 0 });

  constructor(cfg: Size) {
    super(cfg);
    const { p, held } = this;
    const numbers = [...Array(cfg.n).keys()];
    p.sum.set(numbers.map((i): UInt => p.x.xor(i % 256)).reduce((sum, value) => sum.add(value).trunc(8)));
    p.chosen.set(numbers.reduce<UInt>((value, i) => mux(p.sel.eq(i), lit(uint(8), i % 251), value), p.x));
    p.inverted.set(numbers.slice(1).reduce<UInt>((value) => value.not(), p.x));
    let folded: UInt = p.x.extend(32);
    for (const i of numbers) folded = folded.addw(p.xs.at(i % 100).mul(i % 7));
    p.folded.set(folded);
    const body = (i: number) => (): void => {
      if (cfg.all) p.taken.set(i % 251);
      held.set(i % 256);
    };
    let chain = when(p.sel.eq(0), body(0));
    for (const i of numbers.slice(1)) chain = chain.elsewhen(p.sel.eq(i), body(i));
    chain.otherwise(() => cfg.all && p.taken.set(p.x));
    p.kept.set(held);
    const cases = Object.fromEntries(numbers.map((i) => [String(i), () => p.switched.set((i * 3) % 256)]));
    if (cfg.all) switchOn(p.sel, { ...cases, default: () => p.switched.set(7) });
    else for (const port of [p.taken, p.switched]) port.set(p.x);
    const nested = this.inst(Nested, { levels: cfg.levels });
    nested.x.set(p.x);
    p.through.set(nested.y);
  }
}

function check({ n, levels, all }: Size, { inputs, outputs, problems }: Recorded): void {
  expect(problems).toBe('');
  let held = 0n;
  inputs.forEach((given, t) => {
    const [x, sel, xs] = [given['x'] as bigint, given['sel'] as bigint, given['xs'] as bigint[]];
    let [sum, folded] = [0n, x];
    for (let i = 0n; i < BigInt(n); i++) {
      sum = (sum + (x ^ (i % 256n))) % 256n;
      folded = (folded + (xs[Number(i % 100n)] as bigint) * (i % 7n)) % 2n ** 32n;
    }
    const hit = sel < BigInt(n);
    const want = {
      ...{ sum, folded, chosen: hit ? sel % 251n : x, taken: all && hit ? sel % 251n : x, inverted: 255n - x, kept: held },
      ...{ switched: !all ? x : hit ? (sel * 3n) % 256n : 7n, through: (x + BigInt(levels)) % 256n },
    };
    // Before the reset the register holds anything.
    if (t > 0) expect(outputs[t], `cycle ${t}`).toEqual(want);
    held = t === 0 ? 0n : hit ? sel % 256n : held;
  });
}

describe('depth', () => {
  it.each(['js', 'wasm'] as const)('of ten thousand operators and elsewhens, and a thousand modules, on %s', (engine) => {
    const size = { n: 10_000, levels: 1000, all: false };
    const design = elaborate(Deep, size);
    expect(emitVerilog(design)).toHaveLength(1001);
    using sim = simulateDesign(design, { engine });
    const outs = ['sum', 'chosen', 'inverted', 'taken', 'kept', 'folded', 'switched', 'through'];
    const inputs = [0n, 63n, 64n, 9_999n, 10_000n, 16_383n, 4_095n, 4_096n].map((sel, t) => ({
      sel,
      x: BigInt(t * 29 + 3),
      xs: Array.from({ length: 100 }, (_, i) => BigInt((i * 7 + t) % 256)),
    }));
    const outputs = inputs.map((given, t) => {
      for (const [port, value] of Object.entries(given)) sim.poke(port, value as never);
      sim.poke('rst', t === 0);
      const seen = Object.fromEntries(outs.map((o) => [o, BigInt(sim.peek(o) as number)]));
      sim.step();
      return seen;
    });
    check(size, { inputs, outputs, problems: '' });
  });

  it('gives parts names and chains groups, without a warning of any tool', () => {
    const size = { n: 600, levels: 3, all: true };
    const warnings: unknown[] = [];
    const design = elaborate(Deep, size, { onWarning: (w) => warnings.push(w) });
    expect(warnings).toEqual([]);
    check(size, runEverywhere(design, { cycles: 20, drive: (t) => ({ sel: BigInt(t * 37) }) }));
    const text = emitVerilog(design).at(-1)?.text as string;
    expect(text).toMatch(/wire \[7:0\] sum_part;/);
    expect(text).toMatch(/else if \(taken_any_1\) begin/);
    expect(text.match(/\bcase \(sel\)/g)).toHaveLength(10);
  });

  it('of less stays as it is', () => {
    const text = emitVerilog(elaborate(Deep, { n: 45, levels: 1, all: true })).at(-1)?.text as string;
    expect(text).not.toMatch(/_part|_any/);
    expect(text.match(/\bcase \(sel\)/g)).toHaveLength(1);
  });
});
