// Where every signal of a design lives: the hierarchy flattened into storages, with meshes kept as arrays.
//
// Invariants: a storage has one writer and holds every element of one signal, the enclosing meshes' shapes as its leading dimensions
// (structure of arrays). Pins and ports of instances, fed inputs and collected outputs are views of one storage; only shift links copy.
// This file knows nothing of how values are computed, so that engines can share it.

import { childNames } from '../hdl/ir/names.ts';
import { count, type Definition, type Design, type Dims, type GroundType, type Instance, type Mesh, ports, type Signal } from '../hdl/ir/nodes.ts';
import { isAsynchronous, isTicked } from './lower-domains.ts';

/** A block of equal values. */
export interface Storage {
  readonly id: number;
  readonly type: GroundType;
  readonly length: number;
  /** Row-major; those of the enclosing meshes first. */
  readonly dims: Dims;
}

/** The loop over mesh elements in which a scope's logic runs; no dimension outside of meshes. */
export interface Domain {
  readonly id: number;
  readonly dims: Dims;
  readonly count: number;
}

/** A signal in a storage: element (d, i) is at offset Σ d·domainStrides + Σ i·strides. */
export interface View {
  readonly storage: Storage;
  readonly offset: number;
  readonly domainStrides: readonly number[];
  readonly dims: Dims;
  readonly strides: readonly number[];
}

/** One occurrence of a definition in the hierarchy; all elements of a mesh are one scope. */
export interface Scope {
  readonly definition: Definition;
  /** Hierarchical name; empty at the top. */
  readonly path: string;
  readonly domain: Domain;
  readonly views: Map<Signal, View>;
  readonly children: Map<Instance | Mesh, Scope>;
}

export interface Layout {
  /** Equal for layouts of designs that behave the same; storages, scopes and delays have the same numbers there. */
  readonly digest: string;
  readonly top: Scope;
  /** Parents before children. */
  readonly scopes: readonly Scope[];
  readonly storages: Storage[];
  /** Clock inputs of the top by name. In a ticked design a clock's cell is 1 while it has its edge. */
  readonly clocks: ReadonlyMap<string, Signal>;
  /** Whether state is guarded by the ticks of its clock. */
  readonly ticked: boolean;
  /** Whether a reset acts between edges. */
  readonly asynchronous: boolean;
}

/** Row-major strides. */
export function stridesOf(dims: Dims): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let i = dims.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] as number) * (dims[i + 1] as number);
  return strides;
}

/** `digest` as in the layout. */
export function layOut(design: Design, digest: string): Layout {
  const layout = { scopes: [] as Scope[], storages: [] as Storage[], domains: 1 };
  const top = addScope(layout, design.top, '', { id: 0, dims: [], count: 1 }, new Map());
  const clocks = new Map(ports(design.top).flatMap((s) => (s.type.kind === 'clock' && s.role === 'input' ? [[s.name, s]] : [])));
  return {
    digest,
    top,
    scopes: layout.scopes,
    storages: layout.storages,
    clocks,
    ticked: isTicked(design),
    asynchronous: design.definitions.some(isAsynchronous),
  };
}

/** The view of a signal; every signal of the scope's definition has one. */
export function viewOf(scope: Scope, signal: Signal): View {
  const view = scope.views.get(signal);
  if (!view) throw new Error(`signal ${signal.name} does not belong to ${scope.definition.name}`);
  return view;
}

type Building = { readonly scopes: Scope[]; readonly storages: Storage[]; domains: number };

function addScope(building: Building, definition: Definition, path: string, domain: Domain, bound: Map<Signal, View>): Scope {
  const scope: Scope = { definition, path, domain, views: bound, children: new Map() };
  building.scopes.push(scope);
  for (const signal of definition.signals) {
    if (!bound.has(signal)) bound.set(signal, allocate(building, domain, signal.type, signal.dims));
  }
  for (const instance of definition.instances) {
    const pins = new Map(ports(instance.definition).map((port) => [port, viewOf(scope, instance.pins.get(port) as Signal)]));
    scope.children.set(instance, addScope(building, instance.definition, join(path, childNames(definition).get(instance) as string), domain, pins));
  }
  for (const mesh of definition.meshes) scope.children.set(mesh, addMesh(building, scope, mesh));
  return scope;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function allocate(building: Building, domain: Domain, type: GroundType, dims: Dims): View {
  const all = [...domain.dims, ...dims];
  const storage = { id: building.storages.length, type, length: count(all), dims: all };
  building.storages.push(storage);
  const strides = stridesOf(all);
  return { storage, offset: 0, domainStrides: strides.slice(0, domain.dims.length), dims, strides: strides.slice(domain.dims.length) };
}

function addMesh(building: Building, scope: Scope, mesh: Mesh): Scope {
  const rank = mesh.shape.length;
  const dims = [...scope.domain.dims, ...mesh.shape];
  const domain = { id: building.domains++, dims, count: count(dims) };
  const bound = new Map<Signal, View>();
  for (const link of mesh.links) {
    if (link.kind === 'feed') {
      const pin = viewOf(scope, link.pin);
      const along = mesh.shape.map((_, axis) => (link.axes.includes(axis) ? (pin.strides[link.axes.indexOf(axis)] as number) : 0));
      const fed = link.axes.length;
      bound.set(link.to, { ...pin, domainStrides: [...pin.domainStrides, ...along], dims: link.to.dims, strides: pin.strides.slice(fed) });
    } else if (link.kind === 'collect') {
      const pin = viewOf(scope, link.pin);
      const first = bound.get(link.from);
      // Of an axis of length 1 the stride would be that of another one.
      const along = mesh.shape.map((n, axis) => (n === 1 ? 0 : (pin.strides[link.axes.indexOf(axis)] as number)));
      if (first) scope.views.set(link.pin, collected(first, scope.domain.dims.length, link.axes, pin.dims));
      else
        bound.set(link.from, {
          ...pin,
          domainStrides: [...pin.domainStrides, ...along],
          dims: link.from.dims,
          strides: pin.strides.slice(rank),
        });
    }
  }
  return addScope(building, mesh.definition, join(scope.path, childNames(scope.definition).get(mesh) as string), domain, bound);
}

/** An element's output seen from the parent: mesh axes become dimensions of the value. */
function collected(view: View, outer: number, axes: readonly number[], dims: Dims): View {
  const along = axes.map((axis) => view.domainStrides[outer + axis] as number);
  return { ...view, domainStrides: view.domainStrides.slice(0, outer), dims, strides: [...along, ...view.strides] };
}
