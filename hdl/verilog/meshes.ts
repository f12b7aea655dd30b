// Meshes: what each turn of the generate loops declares and connects.
//
// A mesh that comes here is one loop, or nested ones where a link does not go along rows. Each turn has wires of its own for linked ports, which
// other turns read through the blocks' names.

import { count, type Mesh, type MeshEnter, type MeshLink, ports, type Signal, unitAxis } from '../ir/nodes.ts';
import type { Net, VChain, VConnection, VExpr, VIndex, VItem, VLabels, VOwn, VTap, VTarget } from './ast.ts';
import * as v from './expr.ts';
import type { StatementScope } from './scope.ts';

/** Names of the inner loops' blocks, the innermost last. */
const BLOCKS = ['cube', 'plane', 'row', 'col'];

/** What the lowering of meshes needs besides. */
export interface MeshScope extends StatementScope {
  made(hint: string, width: number, signed?: boolean): Net;
  declare(net: Net): void;
  genvars(n: number): readonly Net[];
  asNet(value: VExpr): Net;
}

export function lowerMesh(p: MeshScope, mesh: Mesh, module: string): Extract<VItem, { readonly k: 'mesh' }> {
  return new MeshLowering(p, mesh).run(module);
}

class MeshLowering {
  readonly #p: MeshScope;
  readonly #mesh: Mesh;
  readonly #genvars: readonly Net[];
  readonly #connections: VConnection[] = [];

  constructor(p: MeshScope, mesh: Mesh) {
    this.#p = p;
    this.#mesh = mesh;
    this.#genvars = p.genvars(mesh.shape.length);
  }

  run(module: string): Extract<VItem, { readonly k: 'mesh' }> {
    const [p, mesh] = [this.#p, this.#mesh];
    const { shape, definition } = mesh;
    const chains: VChain[] = [];
    const taps: VTap[] = [];
    const constants: VOwn[] = [];
    // An output has one connection: to a local wire when a neighbour or more than one link takes it.
    const takers = mesh.links.flatMap((link) => ('from' in link && link.from.type.width > 0 ? [link] : []));
    const outs = new Map(
      takers
        .filter((link) => link.kind === 'shift' || takers.some((other) => other !== link && other.from === link.from))
        .map(({ from }): [Signal, Net] => [from, this.#local(from)]),
    );
    for (const link of mesh.links) {
      const port = link.kind === 'collect' ? link.from : link.to;
      if (port.type.width === 0) continue;
      switch (link.kind) {
        case 'shift':
          chains.push(this.#chain(link, outs.get(link.from) as Net));
          break;
        case 'index': {
          const net = this.#local(port);
          constants.push({ net, value: this.#constant(link) });
          this.#connect(port, v.net(net));
          break;
        }
        default: {
          const lane = this.#lane(link.pin, link.axes, port);
          const out = outs.get(port);
          if (out) taps.push({ target: lane as VTarget, from: out });
          else this.#connect(port, lane, link.kind === 'collect');
        }
      }
    }
    for (const [port, out] of outs) this.#connect(port, v.net(out), true);
    const order = new Map(ports(definition).map((port, i) => [port.name, i]));
    this.#connections.sort((a, b) => (order.get(a.port) as number) - (order.get(b.port) as number));
    this.#connectRest();
    return {
      k: 'mesh',
      parameters: definition.external?.parameters,
      module,
      blocks: [p.made(mesh.name, 1), ...BLOCKS.slice(BLOCKS.length + 1 - shape.length).map((name) => p.made(name, 1))],
      element: p.made(definition.name.endsWith('_row') ? 'row' : definition.name, 1),
      genvars: this.#genvars,
      shape,
      chains,
      taps,
      constants,
      connections: this.#connections,
      labels: new Map(chains.map(({ vector }): [string, VLabels] => [vector.join(), this.#labels(vectorName(vector))])),
    };
  }

  #local(port: Signal): Net {
    return this.#p.made(port.name, port.type.width * count(port.dims), port.type.kind === 'sint' && port.dims.length === 0);
  }

  #labels(vector: string): VLabels {
    const made = (hint: string): Net => this.#p.made(`${hint}${vector}`, 1);
    return { enter: made('enter'), leave: made('leave'), unused: made(`_unused_${this.#mesh.name}`) };
  }

  #connect(port: Signal, value: VExpr, output = false): void {
    this.#connections.push({ port: port.name, value, output });
  }

  #chain(link: MeshLink & { readonly kind: 'shift' }, from: Net): VChain {
    const { to, vector, enters, leave } = link;
    const wire = this.#local(to);
    this.#connect(to, v.net(wire));
    const edge = this.#mesh.shape.map((_, axis) => axis).filter((axis) => axis !== unitAxis(vector));
    return {
      to: wire,
      from,
      vector,
      enters: enters.map((enter) => ({ axis: enter.axis, value: this.#lane(enter.pin, enter.axes, to, enter), read: this.#isRead(link, enter) })),
      ...(leave && { leave: this.#lane(leave, edge, link.from) as VTarget }),
    };
  }

  /** Whether elements read all that enters across an axis: not the inside of an array as large as the mesh, nor what another axis gives. */
  #isRead({ vector, enters }: MeshLink & { readonly kind: 'shift' }, { axis, axes, pin }: MeshEnter): boolean {
    if (axes.length === 0) return enters[0]?.axis === axis;
    const layers = axes.includes(axis) ? (pin.dims[axes.indexOf(axis)] as number) : 1;
    return vector.every((step, i) => i === axis || step === 0) && layers <= Math.abs(vector[axis] as number);
  }

  /** The element's share of an array over some axes of the mesh. */
  #lane(pin: Signal, axes: readonly number[], port: Signal, enter?: MeshEnter): VExpr {
    this.#p.sink = pin.name;
    const value = this.#p.whole(pin);
    if (axes.length === 0) return value;
    const terms = this.#terms(axes, pin.dims);
    const offset = enter ? terms.reduce((sum, { factor }, i) => (axes[i] === enter.axis ? sum - enter.first * factor : sum), 0) : 0;
    return { k: 'lane', net: this.#p.asNet(value), index: { terms, offset }, width: port.type.width * count(port.dims), signed: false };
  }

  /** Row-major place of the element in an array over some axes. */
  #terms(axes: readonly number[], dims: readonly number[]): VIndex['terms'] {
    return axes.map((axis, i) => ({ genvar: this.#genvars[axis] as Net, factor: count(dims.slice(i + 1, axes.length)) }));
  }

  #constant({ first, step }: MeshLink & { readonly kind: 'index' }): VIndex {
    const terms = step.map((factor, axis) => ({ genvar: this.#genvars[axis] as Net, factor }));
    return { terms: terms.filter(({ factor }, axis) => factor !== 0 && (this.#mesh.shape[axis] as number) > 1), offset: first };
  }

  /** Outputs of an element that no link takes are gathered, to be listed as unused. */
  #connectRest(): void {
    const { name, definition, shape } = this.#mesh;
    const linked = new Set(this.#connections.map((c) => c.port));
    for (const port of ports(definition)) {
      if (port.role !== 'output' || port.type.width === 0 || linked.has(port.name)) continue;
      const width = port.type.width * count(port.dims);
      const net = this.#p.made(`${name}_${port.name}`, width * count(shape));
      this.#p.declare(net);
      const terms = this.#terms(
        shape.map((_, axis) => axis),
        shape,
      );
      this.#connect(port, { k: 'lane', net, index: { terms, offset: 0 }, width, signed: false }, true);
    }
  }
}

/** Nothing for a step along a line, `_back` for one back, else the vector: `_1_m2`. */
function vectorName(vector: readonly number[]): string {
  if (vector.length === 1 && Math.abs(vector[0] as number) === 1) return vector[0] === 1 ? '' : '_back';
  return vector.map((step) => (step < 0 ? `_m${-step}` : `_${step}`)).join('');
}
