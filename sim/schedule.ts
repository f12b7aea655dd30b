// The order of the combinational nodes.
//
// Invariant: a node comes after the writers of what it reads; nodes that depend on each other in a circle (legal where the bits do not)
// form one group, which an engine repeats until nothing changes. Iterative, since chains can be as long as the design.

import type { Storage } from './layout.ts';
import type { CombNode } from './nodes.ts';

export interface Group {
  readonly nodes: readonly CombNode[];
  readonly cyclic: boolean;
}

/** Strongly connected groups, dependencies first (Tarjan). */
export function schedule(nodes: readonly CombNode[]): Group[] {
  const writer = new Map<Storage, number>(nodes.map((node, i) => [node.writes, i]));
  const before = nodes.map((node) => [...node.reads].map((s) => writer.get(s)).filter((i): i is number => i !== undefined));
  const [index, low] = [new Int32Array(nodes.length).fill(-1), new Int32Array(nodes.length)];
  const onStack = new Uint8Array(nodes.length);
  const stack: number[] = [];
  const groups: Group[] = [];
  let next = 0;
  const open = (v: number): { v: number; edge: number } => {
    index[v] = low[v] = next++;
    stack.push(v);
    onStack[v] = 1;
    return { v, edge: 0 };
  };
  for (let root = 0; root < nodes.length; root++) {
    if (index[root] !== -1) continue;
    const work = [open(root)];
    while (work.length > 0) {
      const frame = work[work.length - 1] as { v: number; edge: number };
      const { v } = frame;
      const edges = before[v] as number[];
      if (frame.edge < edges.length) {
        const w = edges[frame.edge++] as number;
        if (index[w] === -1) work.push(open(w));
        else if (onStack[w]) low[v] = Math.min(low[v] as number, index[w] as number);
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) low[parent.v] = Math.min(low[parent.v] as number, low[v] as number);
      if (low[v] !== index[v]) continue;
      const members = stack.splice(stack.lastIndexOf(v));
      for (const m of members) onStack[m] = 0;
      // Tarjan's stack holds a group from its entry inwards; source order is the better guess for the data flow.
      members.sort((a, b) => a - b);
      groups.push({ nodes: members.map((m) => nodes[m] as CombNode), cyclic: members.length > 1 || edges.includes(v) });
    }
  }
  return groups;
}

/**
 * The same order with groups of one domain drawn together where dependencies allow, so that an engine can run them in one loop:
 * ready groups of the domain in progress go first.
 */
export function clustered(groups: readonly Group[]): Group[] {
  const owner = new Map<Storage, number>();
  groups.forEach((g, i) => {
    for (const node of g.nodes) owner.set(node.writes, i);
  });
  const waiting = new Int32Array(groups.length);
  const users: number[][] = groups.map(() => []);
  groups.forEach((g, i) => {
    const needs = new Set(g.nodes.flatMap((n) => [...n.reads].map((s) => owner.get(s))).filter((j): j is number => j !== undefined && j !== i));
    waiting[i] = needs.size;
    for (const j of needs) users[j]?.push(i);
  });
  const ready = new Map<number, number[]>();
  const push = (i: number): void => {
    const key = keyOf(groups[i] as Group);
    const list = ready.get(key);
    if (list) list.push(i);
    else ready.set(key, [i]);
  };
  groups.forEach((_, i) => {
    if (waiting[i] === 0) push(i);
  });
  const result: Group[] = [];
  while (ready.size > 0) {
    const [key, list] = ready.entries().next().value as [number, number[]];
    for (let at = 0; at < list.length; at++) {
      const i = list[at] as number;
      result.push(groups[i] as Group);
      for (const user of users[i] as number[]) if (--(waiting[user] as number) === 0) push(user);
    }
    ready.delete(key);
  }
  return result;
}

/** The loop in which a group can share an iteration with others; -1 when it needs a loop of its own. */
export function keyOf(group: Group): number {
  const [node] = group.nodes;
  return group.cyclic || !node || node.kind === 'shift' || node.kind === 'leave' ? -1 : node.domain.id;
}
