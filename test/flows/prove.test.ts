// The prover: verdicts that are known beforehand, and traces that the simulator confirms.

import { describe, expect, it } from 'vitest';
import { type ProveOptions, prove, type Verdict } from '../../flows/prove/index.ts';
import {
  assert,
  assume,
  type Bool,
  bool,
  clock,
  cover,
  type Design,
  elaborate,
  inDomain,
  input,
  Module,
  output,
  past,
  type UInt,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';

/** By message, and path where there is one: the outcome, with the cycle of its trace. */
async function outcomes(design: Design, options: ProveOptions = {}): Promise<Record<string, string>> {
  const verdicts = await prove(design, options);
  return Object.fromEntries(verdicts.map((v) => [v.path === '' ? v.message : `${v.path}: ${v.message}`, text(v)]));
}

function text({ outcome, depth, trace }: Verdict): string {
  const run = trace && `${outcome} in cycle ${trace.cycle}${trace.confirmed ? '' : ', not confirmed'}`;
  return run ?? (depth === undefined ? outcome : `${outcome} ${depth}`);
}

class Tally extends Module {
  readonly p = this.io({ up: input(bool), mode: input(uint(4)), q: output(uint(4)) });
  readonly q = this.reg(uint(4), { reset: 0 });
  constructor() {
    super();
    const { p, q } = this;
    when(p.up.and(q.lt(9)), () => q.set(q.addw(1)));
    p.q.set(q);
    assume(p.mode.lt(12), 'small modes');
    assert(q.lt(10), 'below ten');
    // Equal, so that tools would like to keep one of them.
    assert(q.lt(10), 'below ten again');
    assert(q.ge(0), 'trivial');
    assert(q.lt(7), 'below seven');
    assert(past(q).eq(q).or(past(p.up)), 'moves only upwards');
    assert(p.mode.ne(13), 'mode 13 is none');
    assert(p.mode.ne(11), 'mode 11 is none');
    cover(q.eq(6), 'six');
    cover(q.eq(12), 'twelve');
  }
}

const TALLY = {
  'small modes': 'assumed',
  'below ten': 'proved',
  'below ten again': 'proved',
  trivial: 'proved',
  'below seven': 'refuted in cycle 8',
  'moves only upwards': 'proved',
  'mode 13 is none': 'proved',
  'mode 11 is none': 'refuted in cycle 1',
  six: 'reached in cycle 7',
};

describe('verdicts', () => {
  it('without a bound', async () => {
    expect(await outcomes(elaborate(Tally))).toEqual({ ...TALLY, twelve: 'unreachable' });
  });

  it('by induction with an SMT solver', async () => {
    expect(await outcomes(elaborate(Tally), { engine: 'induction', depth: 9 })).toEqual({ ...TALLY, twelve: 'unreachable' });
  });

  it('of the first cycles only', async () => {
    const bounded = { 'below ten': 'bounded 8', 'below ten again': 'bounded 8', 'moves only upwards': 'bounded 8', 'below seven': 'bounded 8' };
    expect(await outcomes(elaborate(Tally), { engine: 'bmc', depth: 8 })).toMatchObject({
      ...bounded,
      'mode 11 is none': 'refuted in cycle 1',
      twelve: 'unreached 8',
    });
  });
});

class Memories extends Module {
  readonly p = this.io({ address: input(uint(2)), write: input(bool), data: input(uint(4)), q: output(uint(4)) });
  readonly words = this.memory(uint(4), 4);
  readonly still = this.reg(uint(4));
  readonly list = this.reg(vec(uint(3), 4));
  constructor() {
    super();
    const { p, words } = this;
    words.write(p.address, p.data, { enable: p.write });
    p.q.set(words.readNow(p.address));
    when(p.write, () => this.list.at(p.address).set(p.data.trunc(3)));
    this.still.set(this.still);
    assert(p.q.ne(9), 'no nine in the memory');
    assert(this.still.ne(5), 'the register is not five');
    assert(this.list.at(2).ne(6), 'no six in the list');
  }
}

class Cell extends Module {
  readonly p = this.io({ limit: input(uint(2)), q: output(uint(4)) });
  readonly q = this.reg(uint(4));
  constructor() {
    super();
    this.q.set(this.q);
    this.p.q.set(this.q);
    assert(this.q.ne(7), 'not seven');
    assert(this.p.limit.ne(3), 'not three');
  }
}
class Grid extends Module {
  readonly p = this.io({ limit: input(vec(vec(uint(2), 2), 2)), q: output(vec(vec(uint(4), 2), 2)) });
  constructor() {
    super();
    const cells = this.mesh(Cell, [2, 2]);
    cells.feed('limit', [0, 1], this.p.limit);
    this.p.q.set(cells.collect('q') as never);
    const inner = this.inst(Inner);
    inner.go.set(this.p.limit.at(0).at(0).eq(0));
    assume(this.p.limit.at(1).at(0).ne(3), 'one limit is small');
  }
}
class Inner extends Module {
  readonly p = this.io({ go: input(bool) });
  readonly seen = this.reg(bool, { reset: false });
  constructor() {
    super();
    when(this.p.go, () => this.seen.set(true));
    assert(this.seen.or(past(this.p.go).not()), 'what went is seen');
  }
}

describe('what is free', () => {
  it('memories and registers without reset hold anything at the start', async () => {
    const found = await prove(elaborate(Memories));
    expect(found.map(({ message, outcome, trace }) => [message, outcome, trace?.confirmed])).toEqual([
      ['no nine in the memory', 'refuted', true],
      ['the register is not five', 'refuted', true],
      ['no six in the list', 'refuted', true],
    ]);
  });

  it('elements and instances are proved one by one, and named by the user', async () => {
    expect(await outcomes(elaborate(Grid))).toEqual({
      'one limit is small': 'assumed',
      ...Object.fromEntries(
        ['[0][0]', '[0][1]', '[1][0]', '[1][1]'].flatMap((at) => [
          [`cells${at}: not seven`, 'refuted in cycle 1'],
          [`cells${at}: not three`, at === '[1][0]' ? 'proved' : 'refuted in cycle 1'],
        ]),
      ),
      'inner: what went is seen': 'proved',
    });
  });
});

class Saying extends Module {
  readonly p = this.io({ x: input(uint(4)), q: output(uint(4)) });
  constructor(...assumptions: ((x: UInt) => Bool)[]) {
    super();
    this.p.q.set(this.reg(uint(4), { next: this.p.x, reset: 0 }));
    for (const [i, holds] of assumptions.entries()) assume(holds(this.p.x), `assumption ${i}`);
    assert(this.p.x.ne(this.p.x), 'what never holds');
  }
}
class Contradictory extends Saying {
  constructor() {
    super(
      (x) => x.lt(3),
      (x) => x.gt(5),
    );
  }
}
/** Allows some cycles, and none after them. */
class DeadEnd extends Saying {
  constructor() {
    super((x) => x.gt(past(x).add(3)));
  }
}
class Silent extends Module {
  readonly p = this.io({ x: input(bool), q: output(bool) });
  constructor() {
    super();
    this.p.q.set(this.p.x);
  }
}
class TwoClocks extends Module {
  readonly p = this.io({ a: input(clock), b: input(clock), x: input(bool), q: output(bool) });
  constructor() {
    super();
    inDomain(this.domain({ clock: this.p.a }), () => {
      assert(this.p.x, 'always');
      this.p.q.set(this.reg(bool, { next: this.p.x }));
    });
  }
}
/** Resets of every kind: whether the first cycle is a reset's can be seen. */
class Reset extends Module {
  readonly p = this.io({ x: input(bool), q: output(uint(3)) });
  readonly q = this.reg(uint(3), { reset: 2 });
  constructor() {
    super();
    when(this.p.x.and(this.q.lt(5)), () => this.q.set(this.q.addw(1)));
    this.p.q.set(this.q);
    assert(this.q.ge(2), 'from two');
    assert(this.q.le(4), 'to four');
  }
}

describe('requests', () => {
  it.each([
    [Contradictory, 'contradiction', /leave no run of 8 cycles/],
    [DeadEnd, 'contradiction', /leave no run of 8 cycles/],
    [Silent, 'no-properties', /say nothing/],
    [TwoClocks, 'several-clocks', /the clocks a, b/],
  ])('%o is refused', async (cls, code, message) => {
    await expect(async () => prove(elaborate(cls as typeof Silent))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('every kind of reset is active in the first cycle', async () => {
    for (const reset of [{}, { activeLow: true }, { async: true }, { async: true, activeLow: true }])
      expect(await outcomes(elaborate(Reset, undefined, { reset }))).toEqual({ 'from two': 'proved', 'to four': 'refuted in cycle 4' });
  });
});
