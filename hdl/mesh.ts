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
import { type Dims, enteringLayers, linkPins, type Mesh, type MeshEnter, ports, type Signal, unitAxis } from './ir/nodes.ts';
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
  /**
   * What elements without a predecessor take: one value of the port's type for all; an array of the mesh's shape, read only at those elements;
   * for one step along one axis an array along the edge, of the shape without that axis; or `{ sides: { [axis]: … } }`, which see.
   */
  readonly enter: unknown;
  /** Is assigned the `from` of the elements that have no successor: an array along the edge. For one step along one axis only; else `collect`. */
  readonly leave?: unknown;
}

/**
 * What enters across each axis along which the vector moves, by axis: entry k is for elements whose predecessor lies outside along axis k. A step
 * of ±1 takes an array of the shape without axis k; a step of ±n one whose axis k has the n layers next to that side, in the order of the index;
 * any takes one value for all. An element whose predecessor lies outside along several axes takes the entry of the first of them.
 */
export interface MeshSides {
  readonly sides: { readonly [axis: number]: unknown };
}

export interface IndexOptions {
  /** Value at the element whose indices are all 0. */
  readonly first: number;
  /** Growth along each axis. */
  readonly step: readonly number[];
}

/** An entry of a link before its pin exists: one leaf for each of the port's. */
interface Entering extends Omit<MeshEnter, 'pin'> {
  readonly dims: Dims;
  readonly leaves: readonly Leaf[];
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
    builder.holds(this, this.#mesh);
    for (const [to, pin] of domainPins(builder, domainPorts)) this.#mesh.links.push({ kind: 'feed', to, axes: [], pin });
  }

  /**
   * Element e takes, at `to`, the `from` of element e − vector; `enter` feeds the elements without such a neighbour, `leave` takes what runs out
   * at the other edge. The vector is any but all zeros: `[0, 1]` eastwards, `[1, 1]` diagonally, `[0, -2]` two columns west. Reports HDL-M002 for
   * a vector, HDL-M004/M005 for types that do not match, HDL-M006 for a `leave` of a shift that is not one step along one axis, HDL-M009 for sides
   * that are not those of the vector.
   */
  shift<T extends OutputsOf<R>>(vector: readonly number[], options: ShiftOptions<R> & { readonly from: T }): void {
    const builder = this.#builder;
    if (vector.length !== this.shape.length || !vector.every(Number.isSafeInteger) || vector.every((v) => v === 0)) {
      builder.report(messages.badVector(builder.here(), vector, this.shape.length));
      return;
    }
    const axis = unitAxis(vector);
    const edge = this.shape.filter((_, i) => i !== axis);
    const [froms, tos] = [this.#leaves(options.from, 'output'), this.#leaves(options.to, 'input')];
    const enters = this.#enters(vector, options.to, options.enter, tos);
    if (options.leave !== undefined && axis === undefined) builder.report(messages.noLeave(builder.here(), vector));
    const leaves = options.leave === undefined || axis === undefined ? undefined : this.#targets(options.from, edge, options.leave, froms);
    if (!enters || (options.leave !== undefined && !leaves)) return;
    froms.forEach((from, i) => {
      const to = tos[i];
      if (!to || from.type.kind !== to.type.kind || describe(from) !== describe(to)) {
        builder.report(messages.linkTypes(builder.here(), from.name, describe(from), to?.name ?? options.to, to ? describe(to) : 'nothing'));
        return;
      }
      const pins = new Map<Leaf, Signal>();
      const own = enters.map(({ leaves: values, dims, ...enter }): MeshEnter => {
        const leaf = values[i] as Leaf;
        let pin = pins.get(leaf);
        if (!pin) pins.set(leaf, (pin = this.#pin('sink', to, dims, leaf)));
        return { ...enter, pin };
      });
      const leave = leaves && this.#pin('source', from, edge, leaves[i] as Leaf);
      this.#mesh.links.push({ kind: 'shift', from, to, vector: [...vector], enters: own, ...(leave && { leave }) });
    });
  }

  /**
   * Each element takes a constant of its own: `first` + Σ `step`·index. Reports HDL-M007 when some element's value is out of the range of the
   * port, HDL-M008 for anything but whole numbers, one a dimension, or a port that is not uint or sint.
   */
  index(to: InputsOf<R>, { first, step }: IndexOptions): void {
    const builder = this.#builder;
    const port = this.#leaves(to, 'input')[0];
    if (!port) return;
    const type = this.#typeOf(to);
    if ((type.kind !== 'uint' && type.kind !== 'sint') || step.length !== this.shape.length || ![first, ...step].every(Number.isSafeInteger)) {
      builder.report(messages.badIndex(builder.here(), to, describe(port), first, step, this.shape.length));
      return;
    }
    const { min, max } = build.rangeOf(port.type);
    for (const sign of [1, -1]) {
      const element = step.map((s, axis) => (s * sign > 0 ? (this.shape[axis] as number) - 1 : 0));
      const value = element.reduce((sum, e, axis) => sum + BigInt(e) * BigInt(step[axis] as number), BigInt(first));
      if (value < min || value > max) {
        builder.report(messages.indexOverflow(builder.here(), to, element, value, describe(port), min, max));
        return;
      }
    }
    this.#mesh.links.push({ kind: 'index', to: port, first, step: [...step], at: Origin.here() });
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
    const values = this.#values(to, [dims], value, tos)?.leaves;
    if (!values) return;
    tos.forEach((port, i) => {
      this.#mesh.links.push({ kind: 'feed', to: port, axes: [...axes], pin: this.#pin('sink', port, dims, values[i] as Leaf) });
    });
  }

  /**
   * Every element's output as an array of the mesh's shape. `order` names the axes from the outermost array inwards: `[1, 0]` of a 2-D mesh gives
   * the transposed array. Reports HDL-M003 when it is not every axis once.
   */
  collect<T extends OutputsOf<R>>(from: T, order: readonly number[] = this.shape.map((_, axis) => axis)): ValueOf<CollectedType<PortType<R, T>, S>> {
    const rank = this.shape.length;
    const legal = order.length === rank && this.shape.every((_, axis) => order.includes(axis));
    if (!legal) this.#builder.report(messages.badOrder(this.#builder.here(), order, rank));
    const axes = legal ? [...order] : this.shape.map((_, axis) => axis);
    const shape = axes.map((axis) => this.shape[axis] as number);
    const pins = this.#leaves(from, 'output').map((port) => {
      const pin = this.#pin('source', port, shape);
      this.#mesh.links.push({ kind: 'collect', from: port, axes, pin });
      return pin;
    });
    let next = 0;
    const type = arrayOf(this.#typeOf(from), shape);
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

  /** What enters across each axis of a vector, with the dims of the mesh that each array spans. */
  #enters(vector: readonly number[], port: string, value: unknown, leaves: readonly Signal[]): Entering[] | undefined {
    const all = this.shape.map((_, axis) => axis);
    const across = all.filter((axis) => vector[axis] !== 0);
    const unit = unitAxis(vector);
    const sides = (value as Partial<MeshSides> | undefined)?.sides;
    if (!(value instanceof HwValue) && typeof sides === 'object') {
      if (Object.keys(sides).join() !== across.join()) {
        this.#builder.report(messages.badSides(this.#builder.here(), vector, Object.keys(sides), across));
        return undefined;
      }
      const found = across.map((axis) => this.#side(vector, axis, port, sides[axis], leaves));
      return found.every((f) => f !== undefined) ? found : undefined;
    }
    if (unit !== undefined) {
      const edge = all.filter((axis) => axis !== unit);
      return this.#entering(port, [edge, [], all], value, leaves, unit, edge);
    }
    const found = this.#entering(port, [[], all], value, leaves, 0);
    return found && across.map((axis) => ({ ...(found[0] as Entering), axis }));
  }

  #side(vector: readonly number[], axis: number, port: string, value: unknown, leaves: readonly Signal[]): Entering | undefined {
    const all = this.shape.map((_, i) => i);
    const edge = all.filter((i) => i !== axis);
    const [step, length] = [vector[axis] as number, this.shape[axis] as number];
    if (Math.abs(step) === 1) return this.#entering(port, [edge, []], value, leaves, axis, edge)?.[0];
    const layers = enteringLayers(length, step);
    const slab = this.shape.map((n, i) => (i === axis ? layers : n));
    const leaf = this.#values(port, [slab, []], value, leaves);
    if (!leaf) return undefined;
    const spans = leaf.form === 0;
    return { axis, axes: spans ? all : [], dims: spans ? slab : [], first: spans && step < 0 ? length - layers : 0, leaves: leaf.leaves };
  }

  /** A value for all or an array over one of the lists of axes; `fill` are those over which a value for all is repeated. */
  #entering(
    port: string,
    forms: readonly (readonly number[])[],
    value: unknown,
    leaves: readonly Signal[],
    axis: number,
    fill: readonly number[] = [],
  ): Entering[] | undefined {
    const dimsOf = (axes: readonly number[]): Dims => axes.map((a) => this.shape[a] as number);
    const got = this.#values(port, forms.map(dimsOf), value, leaves);
    if (!got) return undefined;
    const axes = forms[got.form] as readonly number[];
    if (axes.length > 0) return [{ axis, axes, dims: dimsOf(axes), first: 0, leaves: got.leaves }];
    const filled = got.leaves.map(({ expr }) => ({ expr: build.fill(expr, dimsOf(fill)) }));
    return [{ axis, axes: fill, dims: dimsOf(fill), first: 0, leaves: filled }];
  }

  /** Checks a value against the shapes that are allowed in front of the port's type, leaf by leaf; reports the first of them as due. */
  #values(
    port: string,
    forms: readonly Dims[],
    value: unknown,
    leaves: readonly Signal[],
  ): { readonly form: number; readonly leaves: Leaf[] } | undefined {
    if (leaves.length === 0) return undefined;
    const got = value instanceof HwValue ? leavesOf(value.leaves).map(({ leaf }) => leaf) : [];
    const due = forms.map((dims) => leaves.map((leaf) => describe({ type: leaf.type, dims: [...dims, ...leaf.dims] })));
    const form = due.findIndex((texts) => got.length === texts.length && texts.every((text, i) => describe(got[i]?.expr as never) === text));
    if (form >= 0) return { form, leaves: got };
    const want = [...new Set(due.map((texts) => texts.join(', ')))].join(' or ');
    this.#builder.report(messages.edgeType(this.#builder.here(), port, want, got.map((g) => describe(g.expr)).join(', ') || String(value)));
    return undefined;
  }

  #targets(port: string, edge: Dims, value: unknown, leaves: readonly Signal[]): Leaf[] | undefined {
    const targets = this.#values(port, [edge], value, leaves)?.leaves;
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
      for (const [pin, port] of linkPins(link)) if (pin.role === 'sink' || pin.role === 'source') pin.name = pinName(this.#mesh, port, pin.role);
  }
}

function pinName(mesh: Mesh, port: Signal, role: 'sink' | 'source'): string {
  return `${mesh.name}_${port.name}${role === 'sink' ? '' : '_end'}`;
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
