// Values of any type as one row of bits, and back: the first field of a bundle in the highest bits, element 0 of a vector in the lowest.

import * as build from './ir/build.ts';
import type { Expr } from './ir/nodes.ts';
import { fieldTypes, groundOf, type LeafTree, leavesOf, mapLeaves } from './leaves.ts';
import type { HwType } from './value-types.ts';
import { type HwValue, makeValue } from './values.ts';

/** Width of a type's bits all together. */
export function bitsIn(type: HwType): number {
  if (type.kind === 'bundle') return fieldTypes(type.fields).reduce((sum, [, field]) => sum + bitsIn(field), 0);
  return type.kind === 'vec' ? type.length * bitsIn(type.element) : groundOf(type).width;
}

/** All bits of a value as a uint. */
export function packed({ hwType, leaves }: HwValue): Expr {
  const of = (type: HwType, tree: LeafTree): Expr => {
    if (type.kind === 'bundle')
      return build.cat(fieldTypes(type.fields).map(([name, field]) => of(field, (tree as { readonly [f: string]: LeafTree })[name] as LeafTree)));
    if (type.kind === 'vec')
      return build.cat(
        elementsOf(tree, type.length)
          .map((element) => of(type.element, element))
          .reverse(),
      );
    return build.cast((tree as { readonly expr: Expr }).expr, 'uint');
  };
  return of(hwType, leaves);
}

/** Each element of the leaves of a vector. */
export function elementsOf(tree: LeafTree, length: number): LeafTree[] {
  return Array.from({ length }, (_, i) => mapLeaves(tree, ({ expr }) => ({ expr: build.element(expr, i) })));
}

/** The leaves of a vector of these elements, which are alike. */
export function arrayed(elements: readonly [LeafTree, ...LeafTree[]]): LeafTree {
  const lists = elements.map((tree) => leavesOf(tree).map(({ leaf }) => leaf.expr));
  let leaf = 0;
  return mapLeaves(elements[0], () => {
    const i = leaf++;
    return { expr: build.array(lists.map((list) => list[i] as Expr) as [Expr, ...Expr[]]) };
  });
}

/** The value of a type whose bits are these; there must be as many as the type has. */
export function unpacked(bits: Expr, type: HwType): HwValue {
  return cut(bits, bits.type.width, type);
}

/** The value whose highest bit is below `top`. */
function cut(bits: Expr, top: number, type: HwType): HwValue {
  if (type.kind === 'bundle') {
    let next = top;
    const fields = fieldTypes(type.fields).map(([name, field]) => {
      const value = cut(bits, next, field);
      next -= bitsIn(field);
      return [name, value.leaves] as const;
    });
    return makeValue(type, Object.fromEntries(fields));
  }
  if (type.kind === 'vec') {
    const size = bitsIn(type.element);
    const lowest = top - size * (type.length - 1);
    const elements = Array.from({ length: type.length }, (_, i) => cut(bits, lowest + i * size, type.element).leaves);
    return makeValue(type, arrayed(elements as [LeafTree, ...LeafTree[]]));
  }
  const ground = groundOf(type);
  const own = ground.width === 0 ? build.constant(build.ground('uint', 0), 0n) : build.bits(bits, top - 1, top - ground.width);
  return makeValue(type, { expr: build.retype(own, ground) });
}
