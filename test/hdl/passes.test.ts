// Passes: what each does to the Verilog, that behaviour stays (against the model of the circuit, cycle by cycle, and by proof), and that mistakes show.

import { describe, expect, it } from 'vitest';
import { bool, type Design, elaborate, input, lit, Module, mux, type OptimiseOptions, optimise, output, uint, when } from '../../hdl/index.ts';
import { dumpDesign } from '../../hdl/ir/dump.ts';
import type { Delay, Signal } from '../../hdl/ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../../hdl/ir/rewrite.ts';
import type { PassName } from '../../hdl/passes/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { BROKEN } from '../support/broken-passes.ts';
import { BROKEN_STATE } from '../support/broken-state-passes.ts';
import { difference, inProcess, modelled, prepare } from '../support/check-circuit.ts';
import { inequivalent, type Pair } from '../support/equivalence.ts';
import { KeptState } from '../support/kept-state.ts';
import { type Change, circuitPairs, designPairs, passCircuit, passesOf, plainCircuit } from '../support/pass-proof.ts';
import { randomStimulus, SETTLE } from '../support/random-circuit/index.ts';

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

const plain = (seed: number, changes: readonly Change[] = passesOf(seed)): readonly Pair[] =>
  circuitPairs(`plain ${seed}`, plainCircuit(seed), changes).pairs;
const wide = (seed: number, changes: readonly Change[] = passesOf(seed)): readonly Pair[] =>
  circuitPairs(`seed ${seed}`, passCircuit(seed), changes).pairs;
const ofClass = (name: string, cls: unknown, changes: readonly Change[], cfg?: unknown): readonly Pair[] =>
  designPairs(name, (top) => elaborate(cls as never, cfg as never, { name: top }), changes).pairs;

describe('behaviour stays', () => {
  const numbers = (from: number, to: number): number[] => [...Array(to - from + 1).keys()].map((i) => from + i);
  it.each([
    ['plain circuits', numbers(1, 12), plainCircuit],
    ['other plain circuits', numbers(13, 24), plainCircuit],
    ['circuits of the whole language', [4, 8, 12, 20], passCircuit],
  ] as const)('of random %s, cycle by cycle, against their model', (_, seeds, circuitOf) => {
    for (const seed of seeds) {
      const circuit = circuitOf(seed);
      const subject = prepare(circuit);
      const text = dumpDesign(subject.design);
      const cycles = randomStimulus(seed, circuit, 12);
      const want = modelled(circuit, cycles);
      for (const { label, run } of passesOf(seed)) {
        const design = run(subject.design);
        expect(difference(inProcess({ ...subject, design }, cycles), want, SETTLE), `seed ${seed}, ${label}`).toBeUndefined();
      }
      expect(dumpDesign(subject.design)).toBe(text);
    }
  });

  it('of random circuits, by proof', () => {
    const pairs = [...[1, 3].flatMap((seed) => plain(seed)), ...[4, 7, 20].flatMap((seed) => wide(seed))];
    expect(pairs.length).toBeGreaterThan(15);
    expect(inequivalent(pairs)).toEqual([]);
  });

  it('of memories, properties, domains and external modules, by proof', () => {
    const pairs = [1, 2].flatMap((seed) => ofClass(`kept ${seed}`, KeptState, passesOf(seed)));
    expect(pairs.length).toBeGreaterThan(2);
    expect(inequivalent(pairs)).toEqual([]);
  });

  it('of state whose names change, by proof', () => {
    const inlined = (run: (d: Design) => Design) => (d: Design) => run(optimise(d, { passes: ['inline'] }));
    const changed = (change: Partial<Delay>) =>
      inlined((d) => mapDefinitions(d, (m) => ({ ...m, delays: m.delays.map((delay) => ({ ...delay, ...change })) })));
    const reversed = (d: Design): Design =>
      mapDefinitions(d, (m) => ({ ...m, delays: m.delays.map((x, i) => ({ ...x, enable: m.delays[1 - i]?.enable as Signal })) }));
    const right = inlined((d) => d);
    const found = inequivalent([
      ...ofClass('renamed', Renamed, [
        { label: 'shorter', run: changed({ first: 2 }) },
        { label: 'right', run: right },
        { label: 'reversed', run: inlined(reversed) },
      ]),
      ...plain(64, [{ label: 'inline', run: right }]),
    ]);
    expect(new Set(found.map((line) => /^(?:one of these: )?(.*?):/.exec(line)?.[1]))).toEqual(new Set(['renamed shorter', 'renamed reversed']));
  });

  it('of patterns matched against a constant, by proof', () => {
    const fold = (d: Design): Design => optimise(d, { passes: ['fold'], keepNames: false });
    expect(inequivalent(plain(117, [{ label: 'fold', run: fold }]))).toEqual([]);
  });

  it('of each pair, whatever the others do: one difference leaves no other open', () => {
    const other = (n: number, label: string): Change => ({ label, run: (d) => elaborate(Is, n, { name: d.top.name }) });
    const inverted = (d: Design): Design =>
      mapDefinitions(d, (m) => ({ ...m, body: mapStmts(m.body, { expr: exprMapper((e) => (e.op === 'eq' ? { ...e, op: 'ne' } : e)) }) }));
    const folded = (d: Design): Design =>
      mapDefinitions(d, (m) => ({
        ...m,
        body: mapStmts(m.body, { expr: exprMapper((e) => (e.op === 'eq' ? { ...e, args: [...e.args].reverse() } : e)) }),
      }));
    const changes = [{ label: 'inverted', run: inverted }, other(6, 'six'), { label: 'turned', run: folded }, other(7, 'seven')];
    const found = inequivalent(ofClass('is', Is, changes, 5));
    expect(found).toEqual(['is inverted: q#0', 'one of these: is six: q#0', 'one of these: is seven: q#0']);
  });
});

describe('the proof refuses', () => {
  const changes = (list: typeof BROKEN): Change[] => list.map(({ run }, i) => ({ label: `broken${i}`, run }));
  const refused = (found: readonly string[], i: number): boolean => found.some((line) => line.includes(` broken${i}:`));
  // One run of Yosys for all.
  let found: readonly string[] | undefined;
  it.each(BROKEN.map(({ what }, i) => [what, i] as const))('%s', (_, i) => {
    found ??= inequivalent([...ofClass('steps', Steps, changes(BROKEN)), ...[1, 2, 3, 4].flatMap((seed) => plain(seed, changes(BROKEN)))]);
    expect(refused(found, i)).toBe(true);
  });

  let kept: readonly string[] | undefined;
  it.each(BROKEN_STATE.map(({ what }, i) => [what, i] as const))('%s', (_, i) => {
    kept ??= inequivalent(ofClass('kept', KeptState, changes(BROKEN_STATE)));
    expect(refused(kept, i)).toBe(true);
  });

  it('them in random circuits of the whole language', () => {
    const all = [...BROKEN, ...BROKEN_STATE];
    // Seed 7 has a memory, seed 20 domains and external modules.
    const list = inequivalent([7, 20].flatMap((seed) => wide(seed, changes(all))));
    expect(all.filter((_, i) => refused(list, i)).map((b) => b.what)).toEqual([
      'folding: x − y is x',
      'folding: an arm of a mux for the other',
      'dead code: a register that lives is lost',
      'common subexpressions: unequal ones are one',
      'sharing: modules of unequal content are one',
      'all, and a mistake at the end',
      'memory: the enable of its writes is lost',
      'memory: the enable of its reads is lost',
      'memory: a read gives what is being written',
      'domain: an asynchronous reset waits for the clock',
      'domain: the enable is lost',
      'external module: another parameter',
      'external module: lost',
    ]);
  });
});
