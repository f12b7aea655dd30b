// Whether a mesh may hold a combinational loop, whatever its shape.
//
// A walk along links and through elements moves by the vectors of its links; it is a loop only if it comes back to the element that it started
// from. So a linear function of the index that every closed walk through the ports strictly raises proves that there is none.
//
// Invariant: the time depends on the number of ports, links and axes only. "No" is certain; "yes" is a suspicion, which the bit graph decides:
// a closed walk that does not move at all, or no linear function found.

import { type Mesh, ports, type Signal } from '../ir/nodes.ts';
import { reach } from './graph.ts';

/** Input ports that an output port depends on within the same cycle. */
export type Summary = ReadonlyMap<Signal, ReadonlySet<Signal>>;

/** Attempts to improve a linear function; links of a few steps need a handful. */
const ATTEMPTS = 500;

interface Step {
  readonly from: number;
  readonly to: number;
  readonly vector: readonly number[];
}

/** The element's ports as a graph: outputs depend on inputs by the summary, inputs on their neighbour's outputs by the links. */
export function portGraph(
  mesh: Mesh,
  summary: Summary,
): { readonly edges: number[][]; readonly id: (port: Signal) => number; readonly steps: readonly Step[] } {
  const list = ports(mesh.definition);
  const ids = new Map(list.map((port, i) => [port, i]));
  const id = (port: Signal): number => ids.get(port) as number;
  const still = mesh.shape.map(() => 0);
  const steps: Step[] = [...summary].flatMap(([out, ins]) => [...ins].map((i) => ({ from: id(i), to: id(out), vector: still })));
  for (const link of mesh.links)
    if (link.kind === 'shift' && isLinked(mesh, link.vector)) steps.push({ from: id(link.from), to: id(link.to), vector: link.vector });
  const edges: number[][] = list.map(() => []);
  for (const { from, to } of steps) edges[to]?.push(from);
  return { edges, id, steps };
}

/** A shift further than the mesh is long links no two elements. */
function isLinked(mesh: Mesh, vector: readonly number[]): boolean {
  return vector.every((v, axis) => Math.abs(v) < (mesh.shape[axis] as number));
}

/** False when the mesh has no combinational loop inside. */
export function meshMayLoop(mesh: Mesh, summary: Summary): boolean {
  const { edges, steps } = portGraph(mesh, summary);
  const group = components(edges);
  const inside = steps.filter(({ from, to }) => group[from] === group[to]);
  return [...new Set(inside.map(({ from }) => group[from] as number))].some((own) =>
    groupMayLoop(
      edges.length,
      mesh.shape.length,
      inside.filter(({ from }) => group[from] === own),
    ),
  );
}

/**
 * The mesh by itself, cut down to as many elements as its shifts take in a row: a loop in it is one of the mesh. Elements that nothing reaches take
 * nothing.
 */
export function nearOrigin(mesh: Mesh): Mesh {
  const shifts = mesh.links.filter((link) => link.kind === 'shift');
  const shape = mesh.shape.map((n, axis) =>
    Math.min(
      n,
      shifts.reduce((sum, { vector }) => sum + Math.abs(vector[axis] as number), 1),
    ),
  );
  return { ...mesh, shape, links: shifts.map(({ kind, from, to, vector }) => ({ kind, from, to, vector, enters: [] })) };
}

/** A perceptron over the closed walks that a function does not raise: they are added to it until there is none. */
function groupMayLoop(nodes: number, rank: number, steps: readonly Step[]): boolean {
  for (const start of orders(rank, steps)) {
    const walk = unraised(nodes, steps, start);
    if (!walk) return false;
    if (walk.every((v) => v === 0)) return true;
  }
  let weights = new Array<number>(rank).fill(0);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const walk = unraised(nodes, steps, weights);
    if (!walk) return false;
    if (walk.every((v) => v === 0)) return true;
    weights = weights.map((w, axis) => w + (walk[axis] as number));
  }
  return true;
}

/** Lexicographic orders of the axes as linear functions: one that no walk along the other axes can outweigh, and so on, in every order and direction. */
function orders(rank: number, steps: readonly Step[]): number[][] {
  const base = 1 + steps.reduce((sum, { vector }) => sum + Math.max(...vector.map(Math.abs)), 0);
  if (base ** (rank + 2) > Number.MAX_SAFE_INTEGER) return [];
  const permute = (left: readonly number[]): number[][] =>
    left.length === 0 ? [[]] : left.flatMap((axis) => permute(left.filter((a) => a !== axis)).map((rest) => [axis, ...rest]));
  return permute([...Array(rank).keys()]).flatMap((permutation) =>
    [...Array(2 ** rank).keys()].map((signs) => permutation.map((place, axis) => (signs & (1 << axis) ? -1 : 1) * base ** place)),
  );
}

/** The movement of some closed walk that a linear function does not raise, or undefined (Bellman-Ford). */
function unraised(nodes: number, steps: readonly Step[], weights: readonly number[]): readonly number[] | undefined {
  // Scaled so that one less a step makes a walk negative exactly when the function does not raise it.
  const lengths = steps.map(({ vector }) => (nodes + 1) * vector.reduce((sum, v, axis) => sum + v * (weights[axis] as number), 0) - 1);
  const distance = new Float64Array(nodes);
  const into: (Step | undefined)[] = new Array(nodes);
  let last = -1;
  for (let round = 0; round <= nodes; round++) {
    last = -1;
    steps.forEach((step, i) => {
      const d = (distance[step.from] as number) + (lengths[i] as number);
      if (d >= (distance[step.to] as number)) return;
      distance[step.to] = d;
      into[step.to] = step;
      last = step.to;
    });
    if (last < 0) return undefined;
  }
  // So many steps back along the shortest ways is surely on the walk.
  for (let i = 0; i < nodes; i++) last = (into[last] as Step).from;
  let movement: readonly number[] = weights.map(() => 0);
  let at = last;
  do {
    const { from, vector } = into[at] as Step;
    movement = movement.map((m, axis) => m + (vector[axis] as number));
    at = from;
  } while (at !== last);
  return movement;
}

/** By node a number that it shares with exactly the nodes it can reach and that can reach it. */
function components(edges: readonly (readonly number[])[]): number[] {
  const reached = edges.map((_, node) => reach(edges, node));
  return edges.map((_, node) => edges.findIndex((__, other) => reached[node]?.has(other) && reached[other]?.has(node)));
}
