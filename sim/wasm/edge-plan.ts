// The order of updates at a clock edge, and which old values have to be kept for it.
//
// Registers are updated in place. Delays go first, then the registers outside of meshes, then mesh by mesh, against the direction of its
// links, so that an element reads neighbours that have not been updated yet; of arrays those first that read others.
//
// Invariant: what is read at an edge is as it was before. Where no order gives that (links in both directions, meshes that feed each other,
// arrays that are moved within themselves) the old contents are copied aside first, and all read the copy.

import type { Storage } from '../layout.ts';
import { type AssignNode, changes, type Nodes, type RegNode, readersFirst } from '../nodes.ts';
import type { Block, Placements } from './placement.ts';

export interface EdgeUnit {
  readonly regs: readonly RegNode[];
  /** For each dimension of the domain whether elements are visited from the last to the first. */
  readonly descending: readonly boolean[];
}

export interface EdgePlan {
  /** Outside of meshes: scalars, which are stored when all are computed, and arrays one by one. */
  readonly scalars: readonly RegNode[];
  readonly arrays: readonly RegNode[];
  readonly meshes: readonly EdgeUnit[];
  readonly saved: ReadonlySet<Block>;
}

/** `inline` are the wires that are computed where they are read. `split` when scalars are not all in one function. */
export function planEdge(nodes: Nodes, placements: Placements, inline: ReadonlyMap<Storage, AssignNode>, split: boolean): EdgePlan {
  const reads = (node: RegNode): Set<Storage> => {
    const found = new Set<Storage>();
    const add = (storage: Storage): void => {
      if (found.has(storage)) return;
      found.add(storage);
      const wire = inline.get(storage);
      if (wire) wire.reads.forEach(add);
    };
    node.reads.forEach(add);
    return found;
  };
  const regs = nodes.regs.filter(changes);
  const top = regs.filter((r) => r.domain.count === 1);
  const scalars = top.filter((r) => r.signal.dims.length === 0);
  const byDomain = new Map<number, RegNode[]>();
  for (const reg of regs) if (reg.domain.count > 1) byDomain.set(reg.domain.id, [...(byDomain.get(reg.domain.id) ?? []), reg]);
  const saved = new Set<Block>();
  const blockOf = (storage: Storage): Block => placements.of(storage).block;
  const blocksRead = (node: RegNode): Block[] =>
    [...reads(node)].flatMap((s) => [blockOf(s), ...(placements.alsoReads.has(s) ? [placements.alsoReads.get(s) as Block] : [])]);
  const save = (block: Block): void => {
    saved.add(block);
    if (block.host) saved.add(block.host.block);
    // What lies in the padding is saved with its host.
  };
  const arrays = readersFirst(
    top.filter((r) => r.signal.dims.length > 0),
    (node) => blockOf(node.writes),
    blocksRead,
  );
  const written = new Set<Block>();
  if (split) for (const reg of scalars) written.add(blockOf(reg.writes));
  for (const reg of arrays) {
    const own = blockOf(reg.writes);
    for (const block of blocksRead(reg)) if (block === own || written.has(block)) save(block);
    written.add(own);
  }
  if (split) for (const reg of scalars) for (const block of blocksRead(reg)) if (written.has(block)) save(block);
  const meshes: EdgeUnit[] = [];
  for (const regs of byDomain.values()) {
    const [{ domain }] = regs as [RegNode];
    const own = new Map(regs.map((r) => [blockOf(r.writes), r] as const));
    const wanted: (boolean | undefined)[] = domain.dims.map(() => undefined);
    for (const node of regs) {
      for (const block of blocksRead(node)) if (written.has(block)) save(block);
      for (const storage of reads(node)) {
        const block = blockOf(storage);
        const also = placements.alsoReads.get(storage);
        if (also && own.has(also)) save(also);
        const writer = own.get(block);
        if (!writer) continue;
        // An element's scalars are all computed before its arrays are written.
        const betweenArrays = writer.signal.dims.length > 0 && node.signal.dims.length > 0;
        if (betweenArrays || !ordered(placements, storage, writer, wanted)) save(block);
      }
    }
    for (const block of own.keys()) written.add(block);
    meshes.push({ regs, descending: wanted.map((w) => w ?? true) });
  }
  return { scalars, arrays, meshes, saved };
}

/** Whether visiting elements in some order lets this read come before the write; settles that order. */
function ordered(placements: Placements, storage: Storage, writer: RegNode, wanted: (boolean | undefined)[]): boolean {
  const [from, to] = [placements.of(storage), placements.of(writer.writes)];
  if (from.axes.length !== to.axes.length || from.axes.some((axis, d) => axis !== to.axes[d])) return false;
  return from.origin.every((o, b) => {
    const delta = o - (to.origin[b] as number);
    if (delta === 0) return true;
    const axis = to.axes.indexOf(b);
    if (axis < 0 || axis >= wanted.length) return false;
    const descending = delta < 0;
    if (wanted[axis] !== undefined && wanted[axis] !== descending) return false;
    wanted[axis] = descending;
    return true;
  });
}
