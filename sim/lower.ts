// A design in the form that the in-process engines take: memories, constants of meshes and asynchronous state lowered, and laid out. Once for a design.

import type { Design } from '../hdl/ir/nodes.ts';
import { type Layout, layOut } from './layout.ts';
import { lowerDomains } from './lower-domains.ts';
import { lowerIndices } from './lower-indices.ts';
import { lowerMemories } from './lower-memories.ts';
import { digestOf } from './programs.ts';

const known = new WeakMap<Design, Layout>();

export function lowered(design: Design): Layout {
  let layout = known.get(design);
  if (!layout) known.set(design, (layout = layOut(lowerDomains(lowerIndices(lowerMemories(design))), digestOf(design))));
  return layout;
}
