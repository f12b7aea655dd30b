// Many values to one: balanced trees over a vector, or over the outputs of a mesh.
//
// Contract: the operator is associative; it need not be commutative, since operands keep their order. Sums grow by a bit a level. `every: n` puts
// a register, without reset, behind every n-th level: the latency is `reduceLatency(length, n)` cycles of the present clock domain, which an enable of
// the domain holds; of a mesh along all axes the sum of these over its lengths. Over a mesh there is one reduction module, whatever the number of elements: the IR grows with the length of an axis only.
// Refused: `every` below 1, a vector of no elements, an axis that the mesh does not have.

import { Builder, currentBuilder } from '../builder.ts';
import { addDelay } from '../delay.ts';
import { zeros } from '../functions.ts';
import { input, type OutputsOf, output, type Port, type PortType } from '../io-types.ts';
import type { Dims } from '../ir/nodes.ts';
import { type CollectedType, MeshHandle } from '../mesh.ts';
import { Module } from '../module.ts';
import { vec } from '../types.ts';
import type { AnyValue, Bool, BoolType, HwType, SInt, SIntType, UInt, UIntType, ValueOf, VecValue } from '../value-types.ts';
import type { HwValue, VecImpl } from '../values.ts';
import { max, min } from './choose.ts';
import { refuse, wholeNumber } from './refuse.ts';

/** By name, or a function of two values (those of lower index first) that gives one. */
export type Reduction<V> = keyof typeof OPERATORS | ((a: V, b: V) => V);

/** Of a reduction tree. */
export interface ReduceOptions {
  /** Levels between registers; none when absent. */
  readonly every?: number;
}
/** Of `reduceMesh`. */
export interface MeshReduceOptions extends ReduceOptions {
  /** All axes when absent. */
  readonly axis?: number;
}

type Join = (a: HwValue, b: HwValue) => HwValue;
type AnyOperator = keyof typeof OPERATORS | Join;
const OPERATORS = {
  add: (a: UInt, b: UInt): UInt => a.add(b),
  and: (a: UInt, b: UInt): UInt => a.and(b),
  or: (a: UInt, b: UInt): UInt => a.or(b),
  xor: (a: UInt, b: UInt): UInt => a.xor(b),
  min,
  max,
};

/** Groups of fewer elements than this are written in place. */
const NAMED_ELEMENTS = 4;

/** A reduced value: of the width that the operator gives. */
type Reduced<T> = T extends BoolType ? Bool : T extends UIntType ? UInt : T extends SIntType ? SInt : ValueOf<T>;
/** The type of what an operator by name makes of a type. */
type ReducedType<T> = T extends UIntType ? UIntType : T extends SIntType ? SIntType : T;

/** Cycles from the elements to the reduced value. */
export function reduceLatency(length: number, every?: number): number {
  return every === undefined ? 0 : Math.floor(Math.ceil(Math.log2(length)) / every);
}

/** All elements of a vector joined by an operator. */
export function reduceTree<E extends HwType>(values: VecValue<E>, op: Reduction<ValueOf<E>>, { every }: ReduceOptions = {}): Reduced<E> {
  return tree(values as unknown as VecImpl, op as AnyOperator, every) as unknown as Reduced<E>;
}

function tree(values: VecImpl, op: AnyOperator, every: number | undefined): HwValue {
  if (every !== undefined) wholeNumber('`every` of a reduction', every, 1);
  if (values.length === 0) return refuse('a reduction of no elements', 'give a vector of at least 1');
  const join = typeof op === 'string' ? (OPERATORS[op] as unknown as Join) : op;
  const prefix = typeof op === 'string' ? op : 'part';
  let groups = Array.from({ length: values.length }, (_, i) => ({ value: values.at(i), lo: i, hi: i }));
  for (let level = 1; groups.length > 1; level++) {
    const joined = groups.flatMap((a, i) => {
      const b = groups[i + 1];
      if (i % 2 === 1) return [];
      return b ? [{ value: join(a.value, b.value), lo: a.lo, hi: b.hi }] : [a];
    });
    const registered = every !== undefined && level % every === 0;
    groups = joined.map(({ value, lo, hi }) => {
      const held = registered ? addDelay(currentBuilder('reduceTree()'), value, 1, 0, {}) : value;
      const inPlace = !registered && (hi - lo + 1 < NAMED_ELEMENTS || joined.length === 1);
      return { value: inPlace ? held : held.named(`${prefix}_${lo}_${hi}`), lo, hi };
    });
  }
  return (groups[0] as (typeof groups)[0]).value;
}

/**
 * The `from` of all elements of a mesh joined by an operator, along one axis (an array over the others) or along all of them. Throws HDL-C001 for
 * an axis that the mesh does not have.
 */
export function reduceMesh<R, const S extends Dims, P extends OutputsOf<R>>(
  mesh: MeshHandle<R, S>,
  from: P,
  op: Reduction<ValueOf<PortType<R, P>>>,
  options: MeshReduceOptions & { readonly axis: number },
): S extends readonly [number, ...infer Rest extends Dims] ? ValueOf<CollectedType<ReducedType<PortType<R, P>>, Rest>> : AnyValue;
export function reduceMesh<R, const S extends Dims, P extends OutputsOf<R>>(
  mesh: MeshHandle<R, S>,
  from: P,
  op: Reduction<ValueOf<PortType<R, P>>>,
  options?: ReduceOptions,
): Reduced<PortType<R, P>>;
export function reduceMesh(mesh: MeshHandle<TreePorts>, from: string, op: unknown, { axis, every }: MeshReduceOptions = {}): unknown {
  const axes = mesh.shape.map((_, i) => i);
  if (axis !== undefined && !axes.includes(axis))
    return refuse(`a reduction along axis ${axis} of a ${axes.length}-dimensional mesh`, `give an axis from 0 to ${axes.length - 1}, or none`);
  const rest = axis === undefined ? [] : axes.filter((a) => a !== axis);
  const order = axis === undefined ? axes : [...rest, axis];
  let array = mesh.collect(from as 'y', order) as unknown as HwValue;
  for (let shape = order.map((a) => mesh.shape[a] as number); shape.length > rest.length; shape = shape.slice(0, -1))
    array = innermost(array, shape, op as AnyOperator, every);
  return array;
}

/** Reduces the last dimension of an array, by a mesh of trees over the others. */
function innermost(array: HwValue, shape: Dims, op: AnyOperator, every: number | undefined): HwValue {
  const length = shape.at(-1) as number;
  const others = shape.slice(0, -1);
  if (others.length === 0) return tree(array as VecImpl, op, every);
  const element = others.reduce<HwType>((type) => (type as VecHwType).element, array.hwType) as VecHwType;
  const cfg = { element: element.element, length, op, ...(every !== undefined && { every }) };
  const trees = new MeshHandle<TreePorts, Dims>(currentBuilder('reduceMesh()'), Reduce as never, others, cfg);
  trees.feed(
    'x',
    others.map((_, axis) => axis),
    array,
  );
  return trees.collect('y') as unknown as HwValue;
}
type VecHwType = Extract<HwType, { readonly kind: 'vec' }>;

interface ReduceConfig extends ReduceOptions {
  readonly element: HwType;
  readonly length: number;
  readonly op: AnyOperator;
}
type TreePorts = { readonly x: Port<'input', HwType>; readonly y: Port<'output', HwType> };

/** One tree. */
class Reduce extends Module<ReduceConfig> {
  readonly p = this.io({ x: input(vec(this.cfg.element, this.cfg.length)), y: output(resultType(this.cfg)) });

  constructor(cfg: ReduceConfig) {
    super(cfg);
    this.describe(`${cfg.length} values to one by ${typeof cfg.op === 'string' ? cfg.op : 'a function'}.`);
    this.p.y.set(tree(this.p.x as unknown as VecImpl, cfg.op, cfg.every) as never);
  }
}

/** What the tree gives, found by building one that is thrown away. */
function resultType({ element, length, op }: ReduceConfig): HwType {
  const scratch = new Builder('reduce', currentBuilder('reduceMesh()').surroundings());
  const outer = scratch.enter();
  try {
    return tree(zeros(vec(element, length)) as unknown as VecImpl, op, undefined).hwType;
  } finally {
    scratch.leave(outer);
  }
}
