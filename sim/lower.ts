// A design in the form that the in-process engines take: memories, constants of meshes and asynchronous state lowered, and laid out.

import type { Design } from '../hdl/ir/nodes.ts';
import { type Layout, layOut } from './layout.ts';
import { lowerDomains } from './lower-domains.ts';
import { lowerIndices } from './lower-indices.ts';
import { lowerMemories } from './lower-memories.ts';

export function lowered(design: Design): Layout {
  return layOut(lowerDomains(lowerIndices(lowerMemories(design))));
}
