// The elements of a mesh that a shift treats alike: those that take from a neighbour, and those that take what enters across each axis.
//
// Invariant: the boxes are disjoint and cover the mesh, an element being in that of the first axis that leads out. Empty ones are left out.

import { type Dims, enteringLayers, type MeshEnter, type ShiftLink } from '../hdl/ir/nodes.ts';

export interface Box {
  readonly start: readonly number[];
  readonly dims: Dims;
  /** What its elements take; the neighbours' outputs when absent. */
  readonly enter?: MeshEnter;
}

export function shiftBoxes(shape: Dims, { vector, enters }: Pick<ShiftLink, 'vector' | 'enters'>): Box[] {
  const start = shape.map(() => 0);
  const dims = [...shape];
  const boxes: Box[] = [];
  for (const enter of enters) {
    const { axis } = enter;
    const [n, step] = [shape[axis] as number, vector[axis] as number];
    const layers = enteringLayers(n, step);
    const at = step > 0 ? 0 : n - layers;
    boxes.push({ start: start.map((s, i) => (i === axis ? at : s)), dims: dims.map((d, i) => (i === axis ? layers : d)), enter });
    start[axis] = step > 0 ? layers : 0;
    dims[axis] = n - layers;
  }
  return [{ start, dims }, ...boxes].filter((box) => !box.dims.includes(0));
}
