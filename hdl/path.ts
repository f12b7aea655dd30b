// Where something stands in the hierarchy: `top.pes[1][2].acc`, the spelling of the simulator, of waveforms and of messages.
//
// Invariant: takes time in proportion to the places of the thing's module; a mesh is one place. Refused: what is not in the design, and one path for a
// thing that stands in several places.

import { thingOf } from './builder.ts';
import { HdlError } from './diagnostics/diagnostic.ts';
import { messages } from './diagnostics/messages.ts';
import { childNames, signalName } from './ir/names.ts';
import type { Definition, Design, Dims, Expr, Instance, Mesh, Signal } from './ir/nodes.ts';
import { leavesOf } from './leaves.ts';
import { HwValue } from './values.ts';

/** Names from the top down, each with the lengths of its dimensions and the indices that are fixed. */
type Step = { readonly name: string; readonly dims: Dims; readonly fixed: readonly number[] };
type Steps = readonly Step[];

/**
 * Every path of a port, register, wire, instance, mesh, memory or module: one for each place in which its module is instantiated. Takes the handle that the
 * module's constructor had, or a node of the IR. An array or a mesh stands for all of its elements.
 * Throws HDL-O002 for what is not in the design.
 */
export function pathsOf(design: Design, thing: object): string[] {
  return placesOf(design, thing).map((steps) => text(steps, []));
}

/**
 * The path of a thing that stands in one place, with indices for the meshes and arrays on the way, the outermost first; those left out stand for all.
 * Throws HDL-O002 for what is not in the design, stands in several places, or has no such element.
 */
export function pathOf(design: Design, thing: object, ...indices: readonly number[]): string {
  const places = placesOf(design, thing);
  const [only] = places as [Steps];
  if (places.length > 1)
    throw fault(`stands in ${places.length} places: ${shown(places)}`, 'take pathsOf(design, …), or a thing of a module that is instantiated once');
  const open = only.flatMap((s) => s.dims.slice(s.fixed.length));
  if (indices.length > open.length || indices.some((x, i) => !Number.isInteger(x) || x < 0 || x >= (open[i] as number)))
    throw fault(
      `has no element [${indices.join('][')}]: ${text(only, [])} has the shape [${open.join('][')}]`,
      'indices count from 0, those of meshes first',
    );
  return text(only, indices);
}

function fault(what: string, help: string): HdlError {
  return new HdlError([messages.noPath({}, what, help)]);
}

function shown(places: readonly Steps[]): string {
  const all = places.slice(0, 3).map((steps) => text(steps, []));
  return `${all.join(', ')}${places.length > 3 ? ', …' : ''}`;
}

/** Indices are taken from the left; a step without the first of its own has none. */
function text(steps: Steps, indices: readonly number[]): string {
  const left = [...indices];
  return steps
    .map(({ name, dims, fixed }) => [name, ...fixed, ...left.splice(0, dims.length - fixed.length)].map((x, i) => (i === 0 ? x : `[${x}]`)).join(''))
    .join('.');
}

function placesOf(design: Design, thing: object): Steps[] {
  const [definition, own] = locate(design, thing);
  const parents = parentsOf(design);
  const above = (d: Definition): Steps[] =>
    d === design.top
      ? [[{ name: d.name, dims: [], fixed: [] }]]
      : (parents.get(d) ?? []).flatMap(([parent, child]) => above(parent).map((steps) => [...steps, childStep(parent, child)]));
  return above(definition).map((steps) => [...steps, ...own]);
}

/** By definition, each instance and mesh of it with the module that it stands in. */
function parentsOf(design: Design): ReadonlyMap<Definition, readonly (readonly [Definition, Instance | Mesh])[]> {
  const parents = new Map<Definition, [Definition, Instance | Mesh][]>();
  for (const parent of design.definitions)
    for (const child of childNames(parent).keys()) {
      const list = parents.get(child.definition);
      if (list) list.push([parent, child]);
      else parents.set(child.definition, [[parent, child]]);
    }
  return parents;
}

function childStep(parent: Definition, child: Instance | Mesh): Step {
  return { name: childNames(parent).get(child) as string, dims: 'shape' in child ? child.shape : [], fixed: [] };
}

/** The module that a thing belongs to, and its own part of the path. */
function locate(design: Design, thing: object): readonly [Definition, Steps] {
  const node = thing instanceof HwValue ? thing : (thingOf(thing) ?? thing);
  if (node instanceof HwValue) {
    const [leaf, ...more] = leavesOf(node.leaves);
    const indices: number[] = [];
    let expr = leaf?.leaf.expr;
    for (; expr?.op === 'element' && expr.index !== undefined; expr = expr.args[0] as Expr) indices.unshift(expr.index);
    if (expr?.op !== 'ref' || more.length > 0)
      throw fault('is a computed value or has several fields', 'take a port, a register, a wire, or one field');
    return signalSteps(design, expr.signal, indices);
  }
  if ('owner' in node) return signalSteps(design, node as Signal, []);
  for (const definition of design.definitions) {
    if (node === definition) return [definition, []];
    if (childNames(definition).has(node as Instance)) return [definition, [childStep(definition, node as Instance)]];
    const named = [...definition.memories, ...definition.delays].find((m) => m === node);
    if (named) return [definition, [{ name: named.name, dims: [], fixed: [] }]];
  }
  throw notThere();
}

function notThere(): HdlError {
  return fault(
    'is not in the design',
    'take what belongs to the design that elaborate() gave; equal modules are shared, so that of two only one is in it',
  );
}

function signalSteps(design: Design, signal: Signal, fixed: readonly number[]): readonly [Definition, Steps] {
  const { owner, dims, role } = signal;
  const name = design.definitions.includes(owner) ? signalName(owner, signal) : undefined;
  if (name === undefined) throw notThere();
  // A port of a child goes by the child.
  if (role === 'sink' || role === 'source')
    for (const instance of owner.instances)
      for (const [port, pin] of instance.pins) if (pin === signal) return [owner, [childStep(owner, instance), { name: port.name, dims, fixed }]];
  return [owner, [{ name, dims, fixed }]];
}
