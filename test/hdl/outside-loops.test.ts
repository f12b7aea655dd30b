// An outside yardstick: the circuits of CIRCT's list of combinational loops (test/Dialect/FIRRTL/check-comb-loops.mlir), with its verdicts, as a table.
//
// Where this language decides otherwise on purpose, the row says so. Not transcribed, since there is no such thing here: probes and forces (a dozen
// circuits), layers, instance choices, string properties, enables of combinational reads, flipped fields of bundles.

import { describe, expect, it } from 'vitest';
import { bundle, elaborate, HdlError, mux, switchOn, uint, vec, when } from '../../hdl/index.ts';
import type { Dyn } from '../support/dynamic.ts';
import {
  and,
  BundleThru,
  ByElements,
  Choice,
  Choices,
  Circuit,
  Clocked,
  ExternalSink,
  Fan,
  HeldInside,
  Mode,
  Pair,
  PairSink,
  ScalarToVec,
  Sink,
  Thru,
  Thru2,
  ThruTwice,
  Unclocked,
  Whole,
} from '../support/loop-circuits.ts';

/** The signals of each loop that is reported, without bits and elements. */
function loops(body: (m: Circuit) => void): string[] {
  try {
    elaborate(Circuit, body, { name: 'circuit', onWarning: () => undefined });
    return [];
  } catch (error) {
    if (!(error instanceof HdlError)) throw error;
    return error.diagnostics.map((d) => {
      expect(d.code).toBe('HDL-L001');
      const steps = d.message.replace('combinational loop: ', '').split(' → ');
      expect(steps[0]).toBe(steps.at(-1));
      return [...new Set(steps.map((s) => s.replace(/(\[\d+\])+$/, '')))].sort().join(' ');
    });
  }
}

describe('CIRCT: circuits without a loop', () => {
  it.each<[string, (m: Circuit) => void]>([
    [
      'twice through an instance, by paths that do not meet',
      (m) => {
        const [x] = m.wires('x') as [Dyn];
        const inner = m.child(Thru2);
        inner['in1']?.set(m.in['a']);
        x.set(inner['out1']);
        inner['in2']?.set(x);
        m.p.c.set(inner['out2'] as never);
      },
    ],
    ['from one element of an output to another', (m) => m.p.out.at(1).set(m.p.out.at(0))],
    [
      'an element of a register of itself',
      (m) => {
        const r = m.register(vec(bundle({ a: uint(8) }), 2));
        r.at(0).set(r.at(0));
        r.at(1).set(r.at(0));
      },
    ],
    [
      'a field of a register of itself',
      (m) => {
        const r = m.register(bundle({ a: uint(1) }));
        (r['a'] as Dyn).set(r['a']);
      },
    ],
    [
      'a register and a wire of each other',
      (m) => {
        const [w, r] = [m.of(bundle({ a: uint(1) }), 'w'), m.register(bundle({ a: uint(1) }))];
        (r['a'] as Dyn).set(w['a']);
        (w['a'] as Dyn).set(r['a']);
      },
    ],
    [
      'through two levels of instances with a register at the bottom',
      (m) => {
        const [y, z] = m.wires('y', 'z') as [Dyn, Dyn];
        const inner = m.child(HeldInside);
        inner['in']?.set(y);
        z.set(inner['out']);
        y.set(z);
      },
    ],
    ['one field of an element from another of one that a signal chooses', (m) => m.p.out.at(0).wi.set(m.p.out.at(m.p.sel1).wo)],
    ['one field of a chosen element from another of a chosen one', (m) => m.p.out.at(m.p.sel2).wi.set(m.p.out.at(m.p.sel1).wo)],
    ['one field of a chosen element from another of the same', (m) => m.p.out.at(m.p.sel1).wi.set(m.p.out.at(m.p.sel1).wo)],
    [
      'through what is called at an edge',
      (m) => {
        const d = m.of(uint(8), 'in');
        const call = m.child(Clocked);
        call['d']?.set(d);
        d.set(call['q']);
      },
    ],
    // Loops there, which looks at every connection; here the last one wins.
    [
      'that a later connection replaces: of one wire',
      (m) => {
        const w = m.of(uint(8), 'w');
        w.set(w);
        w.set(m.p.wide);
      },
    ],
  ])('%s', (_, body) => expect(loops(body)).toEqual([]));
});

describe('CIRCT: circuits with a loop', () => {
  it('several that do not meet are reported together', () => {
    const body = (m: Circuit): void => {
      for (const name of ['w', 'x', 'y']) {
        const wire = m.of(uint(8), name);
        wire.set(wire);
      }
    };
    expect(loops(body)).toEqual(['w', 'x', 'y']);
  });

  it.each<[string, (m: Circuit) => void, readonly string[]]>([
    [
      'two wires',
      (m) => {
        const [y, z] = m.wires('y', 'z') as [Dyn, Dyn];
        z.set(y);
        y.set(z);
      },
      ['y z'],
    ],
    [
      'one wire',
      (m) => {
        const w = m.of(uint(8), 'w');
        w.set(w);
      },
      ['w'],
    ],
    [
      'through an operator and a name for it',
      (m) => {
        const [y] = m.wires('y') as [Dyn];
        y.set(and(m.in['a'] as Dyn, y).named('z'));
      },
      ['y z'],
    ],
    [
      'through a combinational read of a memory',
      (m) => {
        const [y, z] = m.wires('y', 'z') as [Dyn, Dyn];
        z.set(m.read(y));
        y.set(z);
      },
      ['memory_read_address memory_read_data y z'],
    ],
    [
      'through an instance',
      (m) => {
        const [y, z] = m.wires('y', 'z') as [Dyn, Dyn];
        const inner = m.child(Thru);
        inner['in']?.set(y);
        z.set(inner['out']);
        y.set(z);
      },
      ['u_thru_in u_thru_out y z'],
    ],
    [
      'several that share wires',
      (m) => {
        const [a, b, c, d, e] = m.wires('a1', 'b', 'c1', 'd', 'e') as [Dyn, Dyn, Dyn, Dyn, Dyn];
        a.set(and(c, m.in['a'] as Dyn));
        b.set(and(a, d));
        c.set(b);
        d.set(and(c, e));
        e.set(b);
      },
      ['a1 b c1'],
    ],
    [
      'two outputs, the one assigned before and again',
      (m) => {
        const [a, b, w] = m.wires('a1', 'b', 'w') as [Dyn, Dyn, Dyn];
        w.set(0);
        b.set(w);
        a.set(b);
        b.set(a);
      },
      ['a1 b'],
    ],
    [
      'an element of an output and a wire',
      (m) => {
        const w = m.of(bundle({ wo: uint(1), wi: uint(1) }), 'w');
        w.set(m.p.out.at(0));
        m.p.out.at(0).set(w as never);
      },
      ['out_wo w_wo', 'out_wi w_wi'],
    ],
    [
      'an input of an external module that is read back',
      (m) => {
        const [a] = m.wires('a1') as [Dyn];
        const bar = m.child(ExternalSink);
        bar['a']?.set(a);
        a.set(bar['a']);
      },
      ['a1 u_external_sink_a'],
    ],
    [
      'an input of an instance that is read back',
      (m) => {
        const bar = m.child(Sink);
        bar['a']?.set(m.in['c']);
        m.p.c.set(bar['a'] as never);
      },
      ['c u_sink_a'],
    ],
    [
      'a bundle input of an instance that is read back',
      (m) => {
        const port = m.of(vec(Pair, 2), 'port');
        const bar = m.child(PairSink);
        bar['a']?.set(port.at(0));
        port.at(0).set(bar['a']);
        port.at(1).set(port.at(0));
      },
      ['port_a u_pair_sink_a_a', 'port_b u_pair_sink_a_b'],
    ],
    [
      'an element of a vector',
      (m) => {
        const w = m.of(vec(uint(1), 10), 'w');
        for (let i = 0; i < 10; i++) w.at(i).set(0);
        w.at(3).set(and(m.in['a'] as Dyn, w.at(3)));
      },
      ['w'],
    ],
    [
      'equal elements of three vectors',
      (m) => {
        const [a, b, o] = ['bar_a', 'bar_b', 'b'].map((name) => m.of(vec(uint(1), 2), name)) as [Dyn, Dyn, Dyn];
        for (const v of [a, b, o]) v.at(1).set(0);
        a.at(0).set(o.at(0));
        o.at(0).set(b.at(0));
        b.at(0).set(a.at(0));
      },
      ['b bar_a bar_b'],
    ],
    ...[ByElements, Whole].map((cls): [string, (m: Circuit) => void, readonly string[]] => [
      `an element through an instance that passes them ${cls === Whole ? 'whole' : 'one by one'}`,
      (m) => {
        const b = m.of(vec(uint(1), 2), 'b');
        const bar = m.child(cls);
        bar['a']?.at(0).set(b.at(0));
        bar['a']?.at(1).set(0);
        b.at(0).set((bar['b'] as Dyn).at(0));
        b.at(1).set((bar['b'] as Dyn).at(1));
      },
      [cls === Whole ? 'b u_whole_a u_whole_b' : 'b u_by_elements_a u_by_elements_b'],
    ]),
    [
      'a field deep in a bundle, assigned before and again',
      (m) => {
        const w = m.of(bundle({ foo: bundle({ bar: bundle({ baz: uint(8) }), qux: uint(1) }) }), 'w');
        const foo = w['foo'] as Dyn;
        const baz = (foo['bar'] as Dyn)['baz'] as Dyn;
        const [x, out2] = [m.of(uint(8), 'x'), m.of(uint(8), 'out2')];
        (foo['qux'] as Dyn).set(m.in['a']);
        baz.set(m.p.wide);
        x.set(baz);
        out2.set(x);
        baz.set(out2);
      },
      ['out2 w_foo_bar_baz x'],
    ],
    [
      'through two levels of instances',
      (m) => {
        const [y, z] = m.wires('y', 'z') as [Dyn, Dyn];
        const inner = m.child(ThruTwice);
        inner['in']?.set(y);
        z.set(inner['out']);
        y.set(z);
      },
      ['u_thru_twice_in u_thru_twice_out y z'],
    ],
    ['an element of one that a signal chooses', (m) => m.p.out.at(0).wo.set(m.p.out.at(m.p.sel1).wo), ['out_wo']],
    ['a chosen element of another chosen one', (m) => m.p.out.at(m.p.sel2).wo.set(m.p.out.at(m.p.sel1).wo), ['out_wo']],
    [
      'through the second of two inputs that share a path',
      (m) => {
        const [x] = m.wires('x') as [Dyn];
        const inner = m.child(Choice);
        inner['in1']?.set(m.in['a']);
        inner['in2']?.set(x);
        x.set(inner['out']);
      },
      ['u_choice_in2 u_choice_out x'],
    ],
    [
      'through the last of three vectors that share a path',
      (m) => {
        const [x] = m.wires('x') as [Dyn];
        const inner = m.child(Choices) as { readonly [port: string]: Dyn };
        inner['w']?.set(m.p.go);
        for (const port of ['in0', 'in1', 'in2']) for (let i = 0; i < (port === 'in2' ? 3 : 2); i++) inner[port]?.at(i).set(0);
        inner['in2']?.at(1).set(x);
        x.set(inner['out']?.at(1));
      },
      ['u_choices_in2 u_choices_out x'],
    ],
    [
      'from a scalar input to an element of an output',
      (m) => {
        const [x] = m.wires('x') as [Dyn];
        const inner = m.child(ScalarToVec);
        inner['in1']?.set(x);
        for (const i of [0, 1, 2]) inner['in2']?.at(i).set(0);
        x.set(inner['out']?.at(1));
      },
      ['u_scalar_to_vec_in1 u_scalar_to_vec_out x'],
    ],
    // No name there; here every wire has one.
    [
      'one wire without a name of the user',
      (m) => {
        const [w] = m.unnamed() as [Dyn];
        w.set(w);
      },
      ['wire'],
    ],
    [
      'through two instances that feed each other',
      (m) => {
        const [bar, baz] = [m.child(Thru), m.child(Fan)];
        bar['in']?.set(baz['b']);
        baz['a']?.set(bar['out']);
      },
      ['u_fan_a u_fan_b u_thru_in u_thru_out'],
    ],
    [
      'a bundle of itself, by its field',
      (m) => {
        const w = m.of(bundle({ a: uint(8) }), 'w');
        const n = m.of(bundle({ a: uint(8) }), 'n');
        n.set(w);
        (w['a'] as Dyn).set(n['a']);
      },
      ['n_a w_a'],
    ],
    [
      'one field through an instance that takes the bundle',
      (m) => {
        const c = m.child(BundleThru) as unknown as { readonly bundle: { readonly [f: string]: Dyn }; readonly p: { readonly [f: string]: Dyn } };
        c.bundle['a']?.set(m.in['a']);
        c.bundle['b']?.set(c.p['b']);
      },
      ['u_bundle_thru_bundle_b u_bundle_thru_p_b'],
    ],
    [
      'a bundle chosen by a condition',
      (m) => {
        const type = bundle({ a: uint(8) });
        const [w, n, other] = ['w', 'n', 'other'].map((name) => m.of(type, name)) as [Dyn, Dyn, Dyn];
        n.set(w);
        (other['a'] as Dyn).set(m.p.wide);
        w.set(mux(m.p.go, n as never, other as never));
      },
      ['n_a w_a'],
    ],
    [
      'two wires connected both ways',
      (m) => {
        const [w, x] = [m.of(bundle({ a: uint(8) }), 'w'), m.of(bundle({ a: uint(8) }), 'x')];
        x.set(w);
        w.set(x);
      },
      ['w_a x_a'],
    ],
    [
      'one wire under a condition',
      (m) => {
        const w = m.of(uint(8), 'w');
        w.set(m.p.wide);
        when(m.p.go, () => w.set(w));
      },
      ['w'],
    ],
    [
      'one wire under a case',
      (m) => {
        const [state, w] = [m.of(Mode, 'state'), m.of(uint(8), 'w')];
        state.set('a');
        switchOn(state as never, { a: () => w.set(w), b: () => w.set(0) } as never);
      },
      ['w'],
    ],
    [
      'through what is called at once',
      (m) => {
        const d = m.of(uint(8), 'in');
        const call = m.child(Unclocked);
        call['d']?.set(d);
        d.set(call['q']);
      },
      ['in u_unclocked_d u_unclocked_q'],
    ],
  ])('%s', (_, body, signals) => expect(loops(body)).toEqual(signals));
});
