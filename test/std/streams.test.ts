// map, join, fork and connectStream: in one circuit, and each on its own.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bool, elaborate, type HdlError, Module, sint, uint } from '../../hdl/index.ts';
import { connectStream, consumer, fifo, fires, fork, join, map, pipelineStage, producer, StreamFork, skidBuffer } from '../../hdl/std/index.ts';
import { Bench, Random } from './bench.ts';
import { type Beat, Driver, run, Taker } from './stream-bench.ts';

class Adder extends Module {
  readonly p = this.io({ a: consumer({ data: uint(8) }), b: consumer({ data: uint(8), last: bool }), out: producer({ sum: uint(9), last: bool }) });

  constructor() {
    super();
    const both = join({ a: this.p.a, b: this.p.b });
    connectStream(
      this.p.out,
      map(both, ({ a, b }) => ({ sum: a.data.add(b.data), last: b.last })),
    );
  }
}

class Splitter extends Module<{ readonly outputs: number }> {
  readonly p = this.io({
    in: consumer({ data: uint(8) }),
    a: producer({ data: uint(8) }),
    b: producer({ data: uint(8) }),
    c: producer({ data: uint(8) }),
  });

  constructor(cfg: { readonly outputs: number }) {
    super(cfg);
    const [a, b, c] = fork(this.p.in, cfg.outputs);
    if (!a || !b || !c) throw new Error('three outputs');
    connectStream(this.p.a, a);
    connectStream(this.p.b, b);
    connectStream(this.p.c, c);
  }
}

/** Everything at once, with the cells' functions. */
class Pipeline extends Module {
  readonly p = this.io({
    a: consumer({ data: sint(8) }),
    b: consumer({ data: sint(8) }),
    sum: producer({ data: sint(9) }),
    copy: producer({ data: sint(8) }),
  });

  constructor() {
    super();
    const [left, right] = fork(skidBuffer(this.p.a), 2);
    if (!left || !right) throw new Error('two outputs');
    const queue = fifo(this.p.b, { depth: 3 });
    const sum = map(join({ left, other: queue.out }), ({ left: l, other }) => ({ data: l.data.add(other.data) }));
    connectStream(this.p.sum, pipelineStage(sum));
    connectStream(this.p.copy, right);
  }
}

const rates = fc.record({ seed: fc.nat(), a: fc.constantFrom(0.2, 0.7, 1), b: fc.constantFrom(0.2, 0.7, 1), c: fc.constantFrom(0.2, 0.7, 1) });
const bytes = (n: number, random: Random) => Array.from({ length: n }, () => ({ data: random.bits(8) }));

describe('join and map', () => {
  const design = elaborate(Adder);
  const go = (r: { seed: number; a: number; b: number; c: number }): Bench => {
    const random = new Random(r.seed);
    const bench = new Bench(design);
    const a = new Driver('a', bytes(30, random), r.a);
    const b = new Driver(
      'b',
      bytes(30, random).map(({ data }) => ({ data, last: data & 1n })),
      r.b,
    );
    const out = new Taker('out', ['sum', 'last'], r.c);
    run(bench, [a, b], [out], 400, random, ({ out_valid }) => expect(out_valid === 1n).toBe(a.valid && b.valid));
    expect(a.sent.length).toBe(b.sent.length);
    expect(out.taken).toEqual(
      a.sent.map(({ data }, i) => {
        const { data: other, last } = b.sent[i] as Beat;
        return { sum: (data as bigint) + (other as bigint), last };
      }),
    );
    if (r.a === 1 && r.b === 1 && r.c === 1) expect(out.times).toEqual(Array.from({ length: 30 }, (_, i) => i));
    return bench;
  };
  test('both are taken together, in order', () => {
    fc.assert(
      fc.property(rates, (r) => {
        go(r);
      }),
      { numRuns: 15 },
    );
    go({ seed: 1, a: 1, b: 1, c: 1 });
  });
  test('on Icarus', () => {
    go({ seed: 2, a: 0.7, b: 0.6, c: 0.5 }).replay();
  });
});

describe('fork', () => {
  const design = elaborate(Splitter, { outputs: 3 });
  const go = (r: { seed: number; a: number; b: number; c: number }, inRate = 0.8): Bench => {
    const random = new Random(r.seed);
    const bench = new Bench(design);
    const input = new Driver('in', bytes(30, random), inRate);
    const takers = [new Taker('a', ['data'], r.a), new Taker('b', ['data'], r.b), new Taker('c', ['data'], r.c)];
    // Eager: an output offers the beat unless it has taken it already, whatever the others do.
    run(bench, [input], takers, 400, random, (seen) => {
      for (const { name, taken } of takers) expect(seen[`${name}_valid`] === 1n, name).toBe(input.valid && taken.length === input.sent.length);
      const { in_ready } = seen;
      expect(in_ready === 1n || !input.valid).toBe(!input.valid || takers.every((t) => t.taken.length > input.sent.length || t.ready));
    });
    for (const { taken } of takers) expect(taken.slice(0, input.sent.length)).toEqual(input.sent);
    if (r.a === 1 && r.b === 1 && r.c === 1 && inRate === 1) expect(takers[0]?.times).toEqual(Array.from({ length: 30 }, (_, i) => i));
    return bench;
  };
  test('each output takes each beat once', () => {
    fc.assert(
      fc.property(rates, (r) => {
        go(r);
      }),
      { numRuns: 15 },
    );
    go({ seed: 1, a: 1, b: 1, c: 1 }, 1);
  });
  test('on Icarus', () => {
    go({ seed: 2, a: 0.7, b: 0.3, c: 0.5 }).replay();
  });
  test('of one output', () => {
    const bench = new Bench(elaborate(StreamFork, { outputs: 1 }));
    bench.random(100, new Random(1));
    bench.replay();
  });
});

test('cells placed by functions work together and take the names of constants', () => {
  const design = elaborate(Pipeline);
  const random = new Random(9);
  const bench = new Bench(design);
  const signed = (n: number) => Array.from({ length: n }, () => ({ data: BigInt.asIntN(8, random.bits(8)) }));
  const [a, b] = [new Driver('a', signed(40), 0.8), new Driver('b', signed(40), 0.6)];
  const [sum, copy] = [new Taker('sum', ['data'], 0.7), new Taker('copy', ['data'], 0.6)];
  run(bench, [a, b], [sum, copy], 400, random);
  expect(copy.taken).toEqual(a.sent);
  expect(sum.taken).toEqual(
    a.sent.map(({ data }, i) => {
      const { data: other } = b.sent[i] as Beat;
      return { data: (data as bigint) + (other as bigint) };
    }),
  );
  expect(sum.taken.length).toBe(40);
  bench.replay();
  expect(design.top.instances.map(({ name }) => name)).toContain('queue');
});

describe('types', () => {
  test('payloads are inferred, and mistakes do not compile', () => {
    class Wrong extends Module {
      readonly p = this.io({ a: consumer({ data: uint(8) }), out: producer({ data: uint(8), last: bool }) });
      constructor() {
        super();
        const { a, out } = this.p;
        const buffered = fifo(a, { depth: 2 });
        fires(buffered.out).named('moved');
        buffered.out.data.add(1).named('inferred');
        // @ts-expect-error no such field
        buffered.out.last?.named('last');
        // @ts-expect-error out has a field more
        connectStream(out, buffered.out);
      }
    }
    expect(() => elaborate(Wrong)).toThrow(
      /HDL-C001: connectStream\(\) of different payloads: data, last from data\n {2}at test\/std\/streams\.test\.ts:\d+\n {2}help/,
    );
    class Kind extends Module {
      readonly p = this.io({ a: consumer({ data: sint(8) }), out: producer({ data: uint(8) }) });
      constructor() {
        super();
        // @ts-expect-error sint to uint
        connectStream(this.p.out, this.p.a);
      }
    }
    expect(() => elaborate(Kind)).toThrow(/HDL-S002/);
    expect(
      (() => {
        try {
          elaborate(Kind);
          return undefined;
        } catch (e) {
          return (e as HdlError).diagnostics.length;
        }
      })(),
    ).toBe(1);
  });
});
