// A small directed graph over numbered nodes: cycles and reachability, without recursion so that depth does not matter.

/** `edges[n]` lists what n depends on. */
export type Dependencies = readonly (readonly number[] | undefined)[];

/** Some cycle as a list of nodes in which each depends on the next (the last on the first), or undefined. Deterministic. */
export function findCycle(edges: Dependencies): number[] | undefined {
  const state = new Uint8Array(edges.length); // 0 new, 1 on the path, 2 done
  for (let root = 0; root < edges.length; root++) {
    if (state[root]) continue;
    const path = [root];
    const next = [0];
    state[root] = 1;
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      const step = next[next.length - 1] as number;
      const to = edges[node]?.[step];
      if (to === undefined) {
        state[node] = 2;
        path.pop();
        next.pop();
        continue;
      }
      next[next.length - 1] = step + 1;
      if (state[to] === 1) return path.slice(path.indexOf(to));
      if (state[to] === 2) continue;
      state[to] = 1;
      path.push(to);
      next.push(0);
    }
  }
  return undefined;
}

/** Every node that `from` depends on, itself included. */
export function reach(edges: Dependencies, from: number): Set<number> {
  const seen = new Set([from]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const to of edges[node] ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}
