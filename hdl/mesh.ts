// Meshes: a regular array of instances as one node, wired by rules instead of by wires.
//
// Invariant: nothing here takes time or memory in proportion to the number of elements. Each input of the element is linked by
// exactly one rule; the check for that runs with the others, over the whole design.

import type { Builder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import { domainPins, instanceName } from './instance.ts';
import type { InputsOf, OutputsOf, PortType } from './io-types.ts';
import * as build from './ir/build.ts';
import { describe } from './ir/describe.ts';
import { type Dims, type Mesh, type MeshLink, ports, type Signal } from './ir/nodes.ts';
import { type Leaf, leavesOf, typeLeaves } from './leaves.ts';
import { type AnyModuleClass, currentSession } from './session.ts';
import { Origin } from './source.ts';
import type { HwType, ValueOf } from './value-types.ts';
import { HwValue, makeValue } from './values.ts';

export interface ShiftOptions<R> {
  /** Output of each element … */
  readonly from: OutputsOf<R>;
  /** … that the next element along the vector takes here. */
  readonly to: InputsOf<R>;
  /** One value for each element that has no predecessor: a vector along the edge (a single value in a 1-D mesh). */
  readonly enter: unknown;
  /** Is assigned the `from` of the elements that have no successor. */
  readonly leave?: unknown;
}

type PortTypes = { readonly [port: string]: { readonly type: HwType } };

/** `R` are the ports of the element, `S` the shape. */
export class MeshHandle<R, S extends Dims = Dims> {
  readonly shape: Dims;
  readonly #builder: Builder;
  readonly #mesh: Mesh;
  readonly #types: PortTypes;

  constructor(builder: Builder, cls: AnyModuleClass, shape: readonly number[], cfg: unknown) {
    const at = Origin.here();
    const { definition, portRecord, domainPorts } = currentSession('mesh()').elaborate(cls, cfg, builder.surroundings());
    this.#builder = builder;
    this.#types = portRecord as PortTypes;
    const legal = shape.length > 0 && shape.every((n) => Number.isInteger(n) && n >= 1);
    if (!legal) builder.report(messages.badShape(builder.here(), shape));
    this.shape = legal ? [...shape] : [1];
    this.#mesh = { name: instanceName(definition), named: false, definition, shape: this.shape, links: [], at };
    builder.definition.meshes.push(this.#mesh);
    builder.nameable(this, { at, rename: (name) => this.#rename(name) });
    builder.children.set(this, this.#mesh);
    for (const [to, pin] of domainPins(builder, domainPorts)) this.#mesh.links.push({ kind: 'feed', to, axes: [], pin });
  }

  /**
   * Element e takes, at `to`, the `from` of element e − vector. `enter` feeds the elements at the edge; `leave` takes what runs out at
   * the other one. Returns what leaves. Reports HDL-M002 for a vector that is not one step along one axis, HDL-M004/M005 for types that
   * do not match.
   */
  shift<T extends OutputsOf<R>>(vector: readonly number[], options: ShiftOptions<R> & { readonly from: T }): void {
    const builder = this.#builder;
    const axis = vector.findIndex((v) => v !== 0);
    const unit = vector.length === this.shape.length && vector.filter((v) => v !== 0).length === 1 && Math.abs(vector[axis] ?? 0) === 1;
    if (!unit) {
      builder.report(messages.badVector(builder.here(), vector, this.shape.length));
      return;
    }
    const edge = this.shape.filter((_, i) => i !== axis);
    const [froms, tos] = [this.#leaves(options.from, 'output'), this.#leaves(options.to, 'input')];
    const enters = this.#values(options.to, edge, options.enter, tos);
    const leaves = options.leave === undefined ? undefined : this.#targets(options.from, edge, options.leave, froms);
    if (!enters || (options.leave !== undefined && !leaves)) return;
    froms.forEach((from, i) => {
      const to = tos[i];
      if (!to || from.type.kind !== to.type.kind || describe(from) !== describe(to)) {
        builder.report(messages.linkTypes(builder.here(), from.name, describe(from), to?.name ?? options.to, to ? describe(to) : 'nothing'));
        return;
      }
      const enter = this.#pin('sink', to, edge, enters[i] as Leaf);
      const leave = leaves && this.#pin('source', from, edge, leaves[i] as Leaf);
      this.#mesh.links.push({ kind: 'shift', from, to, vector: [...vector], enter, ...(leave && { leave }) });
    });
  }

  /** Every element takes the same value. */
  broadcast<T extends InputsOf<R>>(to: T, value: ValueOf<PortType<R, T>>): void {
    this.feed(to, [], value);
  }

  /** Element e takes `value[e along axes]`: `[0]` one value a row of a 2-D mesh, `[1]` one a column, all axes one an element. */
  feed(to: InputsOf<R>, axes: readonly number[], value: unknown): void {
    const builder = this.#builder;
    if (axes.some((a, i) => !Number.isInteger(a) || a < 0 || a >= this.shape.length || (i > 0 && a <= (axes[i - 1] as number)))) {
      builder.report(messages.badAxes(builder.here(), axes, this.shape.length));
      return;
    }
    const dims = axes.map((a) => this.shape[a] as number);
    const tos = this.#leaves(to, 'input');
    const values = this.#values(to, dims, value, tos);
    if (!values) return;
    tos.forEach((port, i) => {
      this.#mesh.links.push({ kind: 'feed', to: port, axes: [...axes], pin: this.#pin('sink', port, dims, values[i] as Leaf) });
    });
  }

  /** Every element's output as an array of the mesh's shape. */
  collect<T extends OutputsOf<R>>(from: T): ValueOf<CollectedType<PortType<R, T>, S>> {
    const pins = this.#leaves(from, 'output').map((port) => {
      const pin = this.#pin('source', port, this.shape);
      this.#mesh.links.push({ kind: 'collect', from: port, pin });
      return pin;
    });
    let next = 0;
    const type = arrayOf(this.#typeOf(from), this.shape);
    return makeValue(
      type,
      typeLeaves(type, () => ({ expr: build.ref(pins[next++] as Signal) })),
    ) as unknown as ValueOf<CollectedType<PortType<R, T>, S>>;
  }

  #typeOf(port: string): HwType {
    return this.#types[port]?.type ?? { kind: 'uint', width: 0 };
  }

  /** The element's ground ports that a name stands for. */
  #leaves(name: string, direction: 'input' | 'output'): Signal[] {
    const entry = this.#types[name] as { readonly type?: HwType; readonly direction?: string } | undefined;
    const own = ports(this.#mesh.definition).filter((p) => p.role === direction);
    if (!entry?.type || entry.direction !== direction) {
      const module = this.#mesh.definition.name;
      this.#builder.report(
        messages.unknownPort(
          this.#builder.here(),
          name,
          module,
          direction,
          own.map((p) => p.name),
        ),
      );
      return [];
    }
    const names: string[] = [];
    typeLeaves(entry.type, (ground, dims, path) => {
      names.push([name, ...path].join('_'));
      return { expr: build.fill(build.constant(ground, 0n), dims) };
    });
    return names.map((n) => own.find((p) => p.name === n) as Signal);
  }

  /** Checks the value given for an edge against the type that is due, leaf by leaf. */
  #values(port: string, edge: Dims, value: unknown, leaves: readonly Signal[]): Leaf[] | undefined {
    const got = value instanceof HwValue ? leavesOf(value.leaves).map(({ leaf }) => leaf) : [];
    const fits =
      got.length === leaves.length &&
      leaves.every((leaf, i) => describe(got[i]?.expr as never) === describe({ type: leaf.type, dims: [...edge, ...leaf.dims] }));
    if (fits && leaves.length > 0) return got;
    if (leaves.length > 0) {
      const want = leaves.map((leaf) => describe({ type: leaf.type, dims: [...edge, ...leaf.dims] })).join(', ');
      this.#builder.report(messages.edgeType(this.#builder.here(), port, want, got.map((g) => describe(g.expr)).join(', ') || String(value)));
    }
    return undefined;
  }

  #targets(port: string, edge: Dims, value: unknown, leaves: readonly Signal[]): Leaf[] | undefined {
    const targets = this.#values(port, edge, value, leaves);
    const bad = targets?.find((leaf) => !leaf.target);
    if (bad) this.#builder.report(messages.notAssignable(this.#builder.here(), describe(bad.expr)));
    return bad ? undefined : targets;
  }

  /** The parent's side of a link: a sink that takes the leaf's value, or a source that drives its target. */
  #pin(role: 'sink' | 'source', port: Signal, edge: Dims, leaf?: Leaf): Signal {
    const at = Origin.here();
    const builder = this.#builder;
    const pin = builder.declare({ role, type: port.type, dims: [...edge, ...port.dims], name: pinName(this.#mesh, port, role), named: false, at });
    if (leaf && role === 'sink') builder.define(pin, leaf.expr, at);
    if (leaf?.target && role === 'source') builder.assign({ target: leaf.target, value: build.ref(pin), at });
    return pin;
  }

  #rename(name: string): void {
    this.#mesh.name = name;
    this.#mesh.named = true;
    for (const link of this.#mesh.links)
      for (const [pin, port] of pinsOf(link)) if (pin.role === 'sink' || pin.role === 'source') pin.name = pinName(this.#mesh, port, pin.role);
  }
}

function pinName(mesh: Mesh, port: Signal, role: 'sink' | 'source'): string {
  return `${mesh.name}_${port.name}${role === 'sink' ? '' : '_end'}`;
}

function pinsOf(link: MeshLink): (readonly [pin: Signal, port: Signal])[] {
  if (link.kind === 'feed') return [[link.pin, link.to]];
  if (link.kind === 'collect') return [[link.pin, link.from]];
  return link.leave
    ? [
        [link.enter, link.to],
        [link.leave, link.from],
      ]
    : [[link.enter, link.to]];
}

function arrayOf(type: HwType, shape: Dims): HwType {
  return shape.reduceRight<HwType>((element, length) => ({ kind: 'vec', element, length }), type);
}

/** A vector nested as deep as the mesh has axes. */
export type CollectedType<T, S extends Dims> = S extends readonly [number, ...infer Rest extends Dims]
  ? { readonly kind: 'vec'; readonly element: CollectedType<T, Rest>; readonly length: number }
  : S extends readonly []
    ? T
    : HwType;
