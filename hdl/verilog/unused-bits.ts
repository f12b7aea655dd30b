// What nothing in a module reads: spare inputs, dropped carries, the open end of a mesh.
//
// Invariant: everything returned is gathered in one `_unused` net, so that a tool's "unused" warning always means a mistake.

import type { Net, VExpr, VItem, VStmt, VTarget } from './ast.ts';
import { ones, part, readsOf } from './expr.ts';

export function unusedBits(items: readonly VItem[], nets: readonly Net[]): VExpr[] {
  const read = new Map<Net, bigint>();
  const see = (net: Net, mask: bigint): void => {
    read.set(net, (read.get(net) ?? 0n) | mask);
  };
  const use = (e: VExpr | undefined): void => {
    if (e) readsOf(e, see);
  };
  const all = (net: Net): void => see(net, ones(net.width));
  const written = new Set<Net>();
  for (const item of items) visitItem(item, use, all, written);
  const made = items.flatMap((i) => (i.k === 'define' || i.k === 'divide' ? [i.net] : []));
  return [...nets, ...made].flatMap((net): VExpr[] => {
    // An output is read by the parent; a net that is written nowhere here and is no port is one of a mesh's own.
    if (net.origin === 'port' && written.has(net)) return [];
    const missing = ones(net.width) & ~(read.get(net) ?? 0n);
    if (missing === 0n) return [];
    if (net.words !== undefined) return [{ k: 'word', net, index: 0, width: net.width, signed: false }];
    return runs(missing).map(([hi, lo]) => part(net, hi, lo));
  });
}

/** Those of some nets that an item reads. */
export function onlyRead(items: readonly VItem[], nets: Iterable<Net>): Net[] {
  const read = new Set<Net>();
  const use = (e: VExpr | undefined): void => {
    if (e) readsOf(e, (net) => read.add(net));
  };
  for (const item of items) visitItem(item, use, (net) => void read.add(net), new Set());
  return [...nets].filter((net) => read.has(net));
}

/** Without the definitions of made nets that no item reads: what is left of code that folding took away. A definition stands before its readers. */
export function withoutDead(items: readonly VItem[]): VItem[] {
  const read = new Set<Net>();
  const use = (e: VExpr | undefined): void => {
    if (e) readsOf(e, (net) => read.add(net));
  };
  const kept: VItem[] = [];
  for (const item of [...items].reverse()) {
    if ((item.k === 'define' || item.k === 'divide') && !read.has(item.net)) continue;
    const all = (net: Net): void => void read.add(net);
    // Not all of what enters a mesh need be read, but its nets must be there.
    if (item.k === 'mesh') for (const { value } of item.chains.flatMap((c) => c.enters)) use(value);
    if (item.k === 'checks') {
      for (const inner of item.items) visitItem(inner, use, all, new Set());
      visitGroups(item, use, all);
    } else {
      visitItem(item, use, all, new Set());
    }
    kept.push(item);
  }
  return kept.reverse();
}

function visitItem(item: VItem, use: (e: VExpr | undefined) => void, all: (net: Net) => void, written: Set<Net>): void {
  const target = (t: VTarget): void => {
    written.add(t.net);
    if (t.k === 'indexed') use(t.base);
    if (t.k === 'word' && typeof t.index !== 'number') use(t.index);
  };
  const stmts = (list: readonly VStmt[]): void => {
    for (const s of list) {
      if (s.k === 'set') {
        target(s.target);
        use(s.value);
      } else if (s.k === 'case') {
        use(s.subject);
        for (const arm of s.arms) {
          for (const label of arm.labels) use(label);
          stmts(arm.body);
        }
        stmts(s.default);
      } else {
        use(s.cond);
        stmts(s.then);
        stmts(s.else);
      }
    }
  };
  switch (item.k) {
    case 'define':
    case 'divide':
      written.add(item.net);
      use(item.value);
      return;
    case 'assign':
      target(item.target);
      use(item.value);
      return;
    case 'clocked':
      all(item.clock);
      if (item.also) all(item.also.net);
      stmts(item.body);
      return;
    case 'comb':
      stmts(item.body);
      return;
    case 'start':
      return;
    case 'instance':
    case 'mesh':
      connections(item, use, written);
      return;
    case 'lanes':
      for (const net of [item.input, item.clock]) all(net);
      use(item.enable);
      use(item.reset);
      written.add(item.output);
      return;
    case 'checks':
      // What stands under FORMAL is not there for others.
      if (item.style !== 'formal') visitGroups(item, use, all);
      return;
    case 'reverse':
      all(item.source);
      written.add(item.target);
  }
}

function visitGroups({ groups }: VItem & { readonly k: 'checks' }, use: (e: VExpr | undefined) => void, all: (net: Net) => void): void {
  for (const { clock, reset, list } of groups) {
    all(clock);
    use(reset);
    for (const { cond } of list) use(cond);
  }
}

function connections(item: VItem & { readonly k: 'instance' | 'mesh' }, use: (e: VExpr | undefined) => void, written: Set<Net>): void {
  for (const { value, output } of item.connections) {
    if (!output) use(value);
    else if ('net' in value) written.add(value.net);
  }
  if (item.k !== 'mesh') return;
  for (const tap of item.taps) written.add(tap.target.net);
  for (const chain of item.chains) {
    for (const enter of chain.enters) if (enter.read) use(enter.value);
    if (chain.leave) written.add(chain.leave.net);
  }
}

/** Runs of ones as [hi, lo], lowest first. */
function runs(mask: bigint): [number, number][] {
  const found: [number, number][] = [];
  // From the highest; by search, as an array of elements may have a million bits.
  const bits = mask.toString(2);
  const top = bits.length - 1;
  for (let start = bits.indexOf('1'); start >= 0; ) {
    const end = bits.indexOf('0', start);
    found.push([top - start, end < 0 ? 0 : top - end + 1]);
    start = end < 0 ? -1 : bits.indexOf('1', end);
  }
  return found.reverse();
}
