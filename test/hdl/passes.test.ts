// Passes: what each does to the Verilog, that behaviour stays (against the model of the circuit, cycle by cycle, and by proof), and that mistakes show.

import { describe, expect, it } from 'vitest';
import { bool, type Design, elaborate, input, lit, Module, mux, type OptimiseOptions, optimise, output, uint, when } from '../../hdl/index.ts';
import { dumpDesign } from '../../hdl/ir/dump.ts';
import type { Delay, Signal } from '../../hdl/ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../../hdl/ir/rewrite.ts';
import { PASSES, type PassName } from '../../hdl/passes/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { BROKEN } from '../support/broken-passes.ts';
import { difference, inProcess, modelled, prepare } from '../support/check-circuit.ts';
import { inequivalent, type Pair } from '../support/equivalence.ts';
import { designPair, passCircuit, passPair } from '../support/pass-proof.ts';
import { randomStimulus, SETTLE } from '../support/random-circuit/index.ts';

const NAMES = Object.keys(PASSES) as PassName[];

/** What stands in the modules, without heads of files, ports and blank lines. */
function bodies(design: Design): string[] {
  const text = emitVerilog(design).map((f) => f.text.replaceAll(/^(input|output|\);|module|endmodule|\/\/| {2}(input|output|\/\/)).*\n|^\n/gm, ''));
  return text.flatMap((t) => t.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])));
}

const emitted = (cls: unknown, passes: readonly PassName[], options: OptimiseOptions = {}): string[] =>
  bodies(optimise(elaborate(cls as never, undefined as never), { passes, ...options }));

class Decided extends Module {
  readonly p = this.io({ x: input(uint(8)), y: input(uint(8)), q: output(uint(9)), r: output(uint(8)), s: output(bool) });
  constructor() {
    super();
    const { p } = this;
    p.q.set(mux(lit(uint(2), 3).eq(3), p.x.add(0), p.y.add(1)));
    when(p.x.ge(0), () => p.r.set(p.x.and(255))).otherwise(() => p.r.set(p.y));
    p.s.set(p.x.eq(p.x));
  }
}

class Twice extends Module {
  readonly p = this.io({ a: input(uint(8)), b: input(uint(8)), odd: output(bool), any: output(bool) });
  constructor() {
    super();
    this.p.odd.set(this.p.a.mul(this.p.b).xorR());
    this.p.any.set(this.p.b.mul(this.p.a).orR());
  }
}

class Spare extends Module {
  readonly p = this.io({ a: input(uint(8)), b: input(uint(8)), q: output(uint(8)) });
  readonly spare = this.reg(uint(9), { next: this.p.a.add(this.p.b) });
  constructor() {
    super();
    this.p.q.set(this.p.a);
    this.p.q.set(this.p.b);
  }
}

class Step extends Module<{ readonly by: 'number' | 'port' }> {
  readonly p = this.io({ a: input(uint(8)), step: input(uint(8)), y: output(uint(8)) });
  constructor(cfg: { readonly by: 'number' | 'port' }) {
    super(cfg);
    this.p.y.set(cfg.by === 'port' ? this.p.a.subw(this.p.step) : this.p.a.subw(lit(uint(8), 1)));
  }
}

/** A child whose step is constant, and another that is equal to it when that is known. */
class Steps extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  readonly low = this.inst(Step, { by: 'port' });
  readonly high = this.inst(Step, { by: 'number' });
  constructor() {
    super();
    const { p, low, high } = this;
    low.a.set(p.a);
    low.step.set(1);
    high.a.set(low.y);
    high.step.set(2);
    p.q.set(high.y);
  }
}

class Late extends Module {
  readonly p = this.io({ a: input(uint(2)), en: input(bool), q: output(uint(2)) });
  constructor() {
    super();
    this.p.q.set(this.delay(this.p.a, 3, { enable: this.p.en }));
  }
}

/** A keyword as the name of an instance: the stages inside are `edge_.q_stages`, and `edge_q_stages` when inlined. */
class Renamed extends Module {
  readonly p = this.io({ a: input(uint(2)), en: input(bool), q: output(uint(2)) });
  readonly late = this.inst(Late);
  readonly edge = this.inst(Late);
  constructor() {
    super();
    const { p, late, edge } = this;
    late.a.set(p.a);
    edge.a.set(late.q);
    p.q.set(edge.q);
    late.en.set(p.en);
    edge.en.set(p.en.not());
  }
}

/** Few random operands tell two numbers apart. */
class Is extends Module<number> {
  readonly p = this.io({ a: input(uint(40)), q: output(bool) });
  constructor(cfg: number) {
    super(cfg);
    this.p.q.set(this.p.a.eq(cfg));
  }
}

describe('each pass', () => {
  it('fold: constants, identities, decided conditionals', () => {
    expect(emitted(Decided, [])).toContain("assign q = {1'b0, x} + 9'd0;");
    expect(emitted(Decided, ['fold']).filter((l) => l.startsWith('assign'))).toEqual(["assign q = {1'b0, x};", 'assign r = x;', "assign s = 1'b1;"]);
  });

  it('cse: equal expressions, operands of commutative operators in either order', () => {
    expect(emitted(Twice, []).filter((l) => l.includes('*'))).toHaveLength(2);
    expect(emitted(Twice, ['cse'])).toEqual(['wire [15:0] odd_product = a * b;', 'assign odd = ^odd_product;', 'assign any = |odd_product;']);
  });

  it('dce: what reaches no output; the user’s names only on request', () => {
    expect(dumpDesign(elaborate(Spare))).toContain('q#2 <= a');
    expect(dumpDesign(optimise(elaborate(Spare), { passes: ['dce'] }))).not.toContain('q#2 <= a');
    expect(emitted(Spare, ['dce']).join()).toContain('spare_reg <=');
    expect(emitted(Spare, ['dce'], { keepNames: false })).toEqual(['assign q = b;', "wire _unused_ok = &{1'b0, a, clk};"]);
  });

  it('propagate: constants through ports', () => {
    expect(emitted(Steps, [])).toContain('assign y = a - step;');
    expect(emitted(Steps, ['propagate'])).toContain("assign y = a - 8'd1;");
    expect(emitted(Steps, ['propagate'])).not.toContain('assign y = a - step;');
  });

  it('share: modules that have become equal', () => {
    const modules = (design: Design): string[] => design.definitions.map((d) => d.name);
    expect(modules(elaborate(Steps))).toEqual(['step', 'step_1', 'steps']);
    expect(modules(optimise(elaborate(Steps), { passes: ['share'] }))).toEqual(['step', 'step_1', 'steps']);
    expect(modules(optimise(elaborate(Steps), { passes: ['propagate', 'share'] }))).toEqual(['step', 'steps']);
  });

  it('inline: small modules dissolve; names of the inside take the instance’s', () => {
    const lines = emitted(Steps, ['inline']);
    expect(lines).toContain('assign low_y = low_a - low_step;');
    expect(lines.join()).not.toContain('.a (');
    expect(emitted(Steps, ['inline', 'propagate', 'dce'], { keepNames: false })).toEqual([
      'wire [7:0] low_y;',
      'wire [7:0] high_y;',
      'assign q = high_y;',
      "assign low_y = a - 8'd1;",
      "assign high_y = low_y - 8'd1;",
    ]);
  });
});

/** Each pass alone with and without names in turn, then all of them. */
function variants(seed: number): { readonly label: string; readonly options: OptimiseOptions }[] {
  const keepNames = seed % 2 === 0;
  return [...NAMES.map((name) => ({ label: name, options: { passes: [name], keepNames } })), { label: 'all', options: { keepNames: !keepNames } }];
}

describe('behaviour stays', () => {
  it('of random circuits, cycle by cycle, against their model', () => {
    for (let seed = 1; seed <= 24; seed++) {
      const circuit = passCircuit(seed, true);
      const subject = prepare(circuit);
      const text = dumpDesign(subject.design);
      const cycles = randomStimulus(seed, circuit, 12);
      const want = modelled(circuit, cycles);
      for (const { label, options } of variants(seed)) {
        const design = optimise(subject.design, options);
        expect(difference(inProcess({ ...subject, design }, cycles), want, SETTLE), `seed ${seed}, ${label}`).toBeUndefined();
      }
      expect(dumpDesign(subject.design)).toBe(text);
    }
  });

  it('of random circuits, by proof', () => {
    const pairs = [1, 2, 3].flatMap((seed) => variants(seed).map(({ label, options }) => passPair(seed, (d) => optimise(d, options), label, true)));
    expect(inequivalent(pairs)).toEqual([]);
  });

  it('of state whose names change, by proof', () => {
    const inlined = (run: (d: Design) => Design) => (d: Design) => run(optimise(d, { passes: ['inline'] }));
    const changed = (change: Partial<Delay>) =>
      inlined((d) => mapDefinitions(d, (m) => ({ ...m, delays: m.delays.map((delay) => ({ ...delay, ...change })) })));
    const renamed = (run: (d: Design) => Design, label: string): Pair =>
      designPair('renamed', (name) => elaborate(Renamed, undefined, { name }), run, label);
    const reversed = (d: Design): Design =>
      mapDefinitions(d, (m) => ({ ...m, delays: m.delays.map((x, i) => ({ ...x, enable: m.delays[1 - i]?.enable as Signal })) }));
    const found = inequivalent([
      renamed(changed({ first: 2 }), 'shorter'),
      renamed(
        inlined((d) => d),
        'right',
      ),
      renamed(inlined(reversed), 'reversed'),
      passPair(
        64,
        inlined((d) => d),
        'inline',
        true,
      ),
    ]);
    expect(new Set(found.map((line) => /^(?:one of these: )?(.*?):/.exec(line)?.[1]))).toEqual(new Set(['renamed shorter', 'renamed reversed']));
  });

  it('of patterns matched against a constant, by proof', () => {
    const fold = (d: Design): Design => optimise(d, { passes: ['fold'], keepNames: false });
    expect(inequivalent([passPair(117, fold, 'fold', true)])).toEqual([]);
  });

  it('of each pair, whatever the others do: one difference leaves no other open', () => {
    const is = (n: number, label: string): Pair =>
      designPair(
        'is',
        (name) => elaborate(Is, 5, { name }),
        (d) => elaborate(Is, n, { name: d.top.name }),
        label,
      );
    const inverted = (d: Design): Design =>
      mapDefinitions(d, (m) => ({ ...m, body: mapStmts(m.body, { expr: exprMapper((e) => (e.op === 'eq' ? { ...e, op: 'ne' } : e)) }) }));
    const found = inequivalent([
      designPair('is', (name) => elaborate(Is, 5, { name }), inverted, 'inverted'),
      is(6, 'six'),
      is(5, 'five'),
      is(7, 'seven'),
    ]);
    expect(found).toEqual(['is inverted: q#0', 'one of these: is six: q#0', 'one of these: is seven: q#0']);
  });
});

describe('the proof refuses', () => {
  // One run of Yosys for all.
  let found: string[] | undefined;
  const pairsOf = (run: (d: Design) => Design, label: string): Pair[] => [
    designPair('steps', (name) => elaborate(Steps, undefined, { name }), run, label),
    ...[1, 2, 3, 4].map((seed) => passPair(seed, run, label, true)),
  ];

  it.each(BROKEN.map(({ what }, i) => [what, `broken${i}`] as const))('%s', (_, label) => {
    found ??= inequivalent(BROKEN.flatMap(({ run }, i) => pairsOf(run, `broken${i}`)));
    expect(found.filter((line) => line.includes(` ${label}:`)).length).toBeGreaterThan(0);
  });
});
