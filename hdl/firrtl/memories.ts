// Memories in FIRRTL.
//
// A memory is a `mem` with combinational reads; registered reads, what they give under a write, the order of writes and addresses beyond the last word are
// written out around it, since FIRRTL leaves them open. One that is never written is a table of constants.

import { BOOL, ground, ref, widthOf } from '../ir/build.ts';
import type { Memory, MemoryRead, MemoryWrite, Signal } from '../ir/nodes.ts';
import { at, type Exprs, literal, positions } from './exprs.ts';
import { type Scope, typeText } from './scope.ts';

export function memory(scope: Scope, exprs: Exprs, m: Memory): void {
  const { type, lanes, depth, writes, reads } = m;
  if (type.width === 0) {
    for (const { data } of reads) for (const i of positions(lanes)) scope.body.push(`connect ${at(scope.name(data), i)}, ${literal(type, 0n)}`);
    return;
  }
  const name = scope.unique(m.name);
  const table = writes.length === 0;
  const cells = positions(lanes);
  if (table) {
    // Without contents nobody can say what it reads; any word will do.
    scope.head.push(`wire ${name} : ${typeText(type, [depth, ...lanes])}`);
    const values = m.init ?? [];
    positions([depth, ...lanes]).forEach((i, n) => void scope.body.push(`connect ${at(name, i)}, ${literal(type, values[n] ?? 0n)}`));
  } else {
    scope.head.push(
      `mem ${name} :`,
      ...[
        `data-type => ${typeText(type, lanes)}`,
        `depth => ${depth}`,
        'read-latency => 0',
        'write-latency => 1',
        ...reads.map((_, i) => `reader => r${i}`),
        ...writes.map((_, i) => `writer => w${i}`),
        'read-under-write => undefined',
      ].map((l) => `  ${l}`),
    );
  }
  const bits = Math.max(1, widthOf(BigInt(depth - 1), 'uint'));
  const address = (signal: Signal): string => (signal.type.width === 0 ? literal(ground('uint', bits), 0n) : exprs.fit(ref(signal), bits));
  const both = (...conditions: readonly (string | undefined)[]): string =>
    conditions.filter((c) => c !== undefined).reduce((a, b) => (a === '' ? b : `and(${a}, ${b})`), '');
  /** Whether two ports meet in one word. */
  const meet = (a: Signal, b: Signal): string => {
    const width = Math.max(1, a.type.width, b.type.width);
    const wide = (s: Signal): string => (s.type.width === 0 ? literal(ground('uint', width), 0n) : exprs.fit(ref(s), width));
    return `eq(${wide(a)}, ${wide(b)})`;
  };
  const masked = (w: MemoryWrite, lane: readonly number[]): string | undefined => (w.mask ? at(scope.name(w.mask), lane) : undefined);
  writes.forEach((w, i) => {
    const port = `${name}.w${i}`;
    scope.body.push(`connect ${port}.clk, ${scope.name(w.clock)}`, `connect ${port}.addr, ${address(w.address)}`);
    scope.body.push(`connect ${port}.en, ${both(scope.name(w.enable), exprs.inside(ref(w.address), depth))}`);
    for (const lane of cells) {
      const later = writes.slice(i + 1).map((o) => `not(${both(scope.name(o.enable), meet(w.address, o.address), masked(o, lane))})`);
      scope.body.push(`connect ${at(`${port}.data`, lane)}, ${at(scope.name(w.data), lane)}`);
      scope.body.push(`connect ${at(`${port}.mask`, lane)}, ${both(masked(w, lane), ...later) || literal(BOOL, 1n)}`);
    }
  });
  reads.forEach((r, i) => read(r, i));

  function read({ address: from, data, registered }: MemoryRead, i: number): void {
    const inside = exprs.inside(ref(from), depth);
    const zero = literal(type, 0n);
    const stored = (lane: readonly number[]): string => {
      const word = table ? at(name, [address(from), ...lane]) : at(`${name}.r${i}.data`, lane);
      return inside ? `mux(${inside}, ${word}, ${zero})` : word;
    };
    if (!table) {
      const clock = registered?.clock ?? (writes[0] as MemoryWrite).clock;
      scope.body.push(`connect ${name}.r${i}.clk, ${scope.name(clock)}`, `connect ${name}.r${i}.addr, ${address(from)}`);
      scope.body.push(`connect ${name}.r${i}.en, ${literal(BOOL, 1n)}`);
    }
    if (!registered) {
      for (const lane of cells) scope.body.push(`connect ${at(scope.name(data), lane)}, ${stored(lane)}`);
      return;
    }
    const held = scope.unique(`${data.name}_held`);
    scope.head.push(`reg ${held} : ${typeText(type, lanes)}, ${scope.name(registered.clock)}`);
    scope.body.push(`when ${scope.name(registered.enable)} :`);
    for (const lane of cells) {
      const value =
        registered.underWrite === 'new'
          ? writes.reduce(
              (before, w) =>
                `mux(${both(scope.name(w.enable), meet(w.address, from), inside, masked(w, lane))}, ${at(scope.name(w.data), lane)}, ${before})`,
              stored(lane),
            )
          : stored(lane);
      scope.body.push(`  connect ${at(held, lane)}, ${value}`);
    }
    for (const lane of cells) scope.body.push(`connect ${at(scope.name(data), lane)}, ${at(held, lane)}`);
  }
}
