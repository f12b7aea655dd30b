// The ground parts of a value: a bundle is a tree of leaves, a vector adds dimensions to them.

import * as build from './ir/build.ts';
import type { Expr, GroundType, Signal, Target } from './ir/nodes.ts';
import type { Fields, HwType } from './value-types.ts';

/** One ground value or array of them, and where it can be written. */
export interface Leaf {
  readonly expr: Expr;
  readonly target?: Target | undefined;
  /** Where a signal chooses the bits: the leaf begins so many bits above the lowest of the target, which has `width` bits. */
  readonly chosen?: { readonly offset: Expr; readonly width: number };
}
/** A leaf, or one tree for each field of a bundle; vectors add dimensions to the leaves. */
export type LeafTree = Leaf | { readonly [field: string]: LeafTree };

export function isLeaf(tree: LeafTree): tree is Leaf {
  return 'expr' in tree && typeof (tree as Leaf).expr === 'object' && 'op' in (tree as Leaf).expr;
}

/** Applies `change` to every leaf, keeping the shape. */
export function mapLeaves(tree: LeafTree, change: (leaf: Leaf, path: readonly string[]) => Leaf, path: readonly string[] = []): LeafTree {
  if (isLeaf(tree)) return change(tree, path);
  return Object.fromEntries(Object.entries(tree).map(([name, sub]) => [name, mapLeaves(sub, change, [...path, name])]));
}

/** Leaves with their field path, in declaration order. */
export function leavesOf(tree: LeafTree, path: readonly string[] = []): { readonly path: readonly string[]; readonly leaf: Leaf }[] {
  if (isLeaf(tree)) return [{ path, leaf: tree }];
  return Object.entries(tree).flatMap(([name, sub]) => leavesOf(sub, [...path, name]));
}

/** How the signal of a leaf is named, by the path from its value's name. */
export function leafName(path: readonly string[]): Pick<Signal, 'name' | 'fields'> {
  return { name: path.join('_'), ...(path.length > 1 && { fields: path.slice(1) }) };
}

/** The fields that are there, in order. */
export function fieldTypes(fields: Fields): [name: string, type: HwType][] {
  return Object.entries(fields).filter((entry): entry is [string, HwType] => entry[1] !== undefined);
}

/** The ground leaves of a type with the vector lengths that lie above them. */
export function typeLeaves(
  type: HwType,
  make: (ground: GroundType, dims: readonly number[], path: readonly string[]) => Leaf,
  dims: readonly number[] = [],
  path: readonly string[] = [],
): LeafTree {
  switch (type.kind) {
    case 'bundle':
      return Object.fromEntries(fieldTypes(type.fields).map(([name, field]) => [name, typeLeaves(field, make, dims, [...path, name])]));
    case 'vec':
      return typeLeaves(type.element, make, [...dims, type.length], path);
    default:
      return make(groundOf(type), dims, path);
  }
}

/** The ground type that a type is in the IR. */
export function groundOf(type: Exclude<HwType, { readonly kind: 'bundle' | 'vec' }>): GroundType {
  switch (type.kind) {
    case 'enum':
      return { kind: 'enum', width: type.width, enumeration: type.info };
    case 'fixed':
    case 'ufixed':
      return { kind: type.kind === 'fixed' ? 'sint' : 'uint', width: type.width, fraction: type.fraction };
    case 'float':
      return { kind: 'uint', width: type.width, float: type.format };
    case 'reset':
      return build.resetType(type);
    default:
      return build.ground(type.kind, type.width);
  }
}
