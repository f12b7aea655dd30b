// Meshes of rank 2 and more become one-dimensional meshes of row modules, the form that Verilog tools read fastest.
//
//     before:  mesh pes: pe [4, 8]          after:  mesh pes: top_pes_row [4]
//                                                   module top_pes_row: mesh pes: pe [8]
//
// Links along the first axis join rows, all others move into the row. The number of definitions grows by the rank, nothing grows with the shape.
// A mesh with a link that is not along one axis stays as it is: shifts other than one step along one axis, fed along its edge, constants that
// depend on both the first axis and others, and outputs collected in another order of the axes.

import { ref } from '../ir/build.ts';
import {
  type Definition,
  type Design,
  type Dims,
  type Mesh,
  type MeshEnter,
  type MeshLink,
  type ShiftLink,
  type Signal,
  unitAxis,
} from '../ir/nodes.ts';
import { withChildren } from '../ir/rewrite.ts';
import { snakeCase } from '../naming.ts';

/** Equal in behaviour; definitions without such meshes are passed on as they are. */
export function splitMeshes(design: Design): Design {
  const definitions: Definition[] = [];
  const replaced = new Map<Definition, Definition>();
  const add = (definition: Definition): Definition => {
    const current = withChildren(definition, replaced);
    const made = current.meshes.some(splits) ? split(current, add) : current;
    definitions.push(made);
    replaced.set(definition, made);
    return made;
  };
  for (const definition of design.definitions) add(definition);
  return { top: replaced.get(design.top) as Definition, definitions };
}

/** What the mesh of rows is called that a mesh of this name becomes; within a row it keeps its own. */
function rowsName(mesh: string): string {
  return `${mesh}Rows`;
}

function split(definition: Definition, add: (definition: Definition) => Definition): Definition {
  const meshes = definition.meshes.map((mesh) => (splits(mesh) ? peel(definition, mesh, add) : mesh));
  return { ...definition, meshes };
}

/** Whether rows are enough to say what a mesh of rank 2 or more is. */
function splits(mesh: Mesh): boolean {
  const alongAxis = (link: MeshLink): boolean => {
    if (link.kind === 'shift') {
      const axis = unitAxis(link.vector);
      return axis !== undefined && link.enters.every((enter) => enter.axes.length === mesh.shape.length - 1);
    }
    if (link.kind === 'collect') return link.axes.every((axis, i) => axis === i);
    return link.kind !== 'index' || link.step[0] === 0 || link.step.slice(1).every((step) => step === 0);
  };
  return mesh.shape.length > 1 && mesh.links.every(alongAxis);
}

/** Moves all axes but the first into a row definition. */
function peel(parent: Definition, mesh: Mesh, add: (definition: Definition) => Definition): Mesh {
  const [rows, ...rest] = mesh.shape as [number, ...number[]];
  const row = new RowBuilder(`${parent.name}_${mesh.name}_row`, mesh, rest);
  const links = mesh.links.flatMap((link) => row.move(link));
  // The row may itself hold a mesh of rank 2.
  return { ...mesh, name: rowsName(mesh.name), definition: add(row.definition), shape: [rows], links };
}

class RowBuilder {
  readonly definition: Definition;
  readonly #inner: MeshLink[] = [];
  readonly #outputs = new Map<Signal, Signal>();
  readonly #rest: Dims;
  readonly #at;

  constructor(name: string, mesh: Mesh, rest: Dims) {
    this.#rest = rest;
    this.#at = mesh.at;
    const inner: Mesh = { ...mesh, shape: rest, links: this.#inner };
    this.definition = {
      name,
      doc: `One row of ${mesh.name}: ${rest.join(' by ')} elements.`,
      signals: [],
      instances: [],
      meshes: [inner],
      delays: [],
      memories: [],
      properties: [],
      body: [],
      at: mesh.at,
    };
  }

  /** Adds the row's share of a link and gives the share that stays outside. */
  move(link: MeshLink): MeshLink | readonly MeshLink[] {
    const all = this.#rest.map((_, axis) => axis);
    switch (link.kind) {
      case 'feed': {
        const axes = link.axes.filter((a) => a > 0).map((a) => a - 1);
        const port = this.#input(
          link.to,
          axes.map((a) => this.#rest[a] as number),
        );
        this.#inner.push({ kind: 'feed', to: link.to, axes, pin: port });
        return { kind: 'feed', to: port, axes: link.axes.includes(0) ? [0] : [], pin: link.pin };
      }
      case 'collect': {
        const port = this.#collected(link.from, `${link.from.name}All`);
        return { kind: 'collect', from: port, axes: [0], pin: link.pin };
      }
      case 'index': {
        const { to, first, step, at } = link;
        if (step[0] === 0) {
          this.#inner.push({ ...link, step: step.slice(1) });
          return [];
        }
        const input = this.#input(to, []);
        this.#inner.push({ kind: 'feed', to, axes: [], pin: input });
        return { kind: 'index', to: input, first, step: step.slice(0, 1), at };
      }
      case 'shift': {
        const { vector, from, to, leave } = link;
        const { pin } = link.enters[0] as MeshEnter;
        if (vector[0] !== 0) {
          const input = this.#input(to, this.#rest);
          this.#inner.push({ kind: 'feed', to, axes: all, pin: input });
          const output = this.#collected(from, from.name);
          return {
            kind: 'shift',
            from: output,
            to: input,
            vector: [vector[0] as number],
            enters: [{ axis: 0, pin, axes: [], first: 0 }],
            ...(leave && { leave }),
          };
        }
        return this.#within(link);
      }
    }
  }

  /** A shift inside the row: its edges are fed and collected row by row. */
  #within({ vector, from, to, enters, leave }: Extract<MeshLink, { readonly kind: 'shift' }>): readonly MeshLink[] {
    const inner = vector.slice(1);
    const edge = this.#rest.filter((_, axis) => inner[axis] === 0);
    const port = this.#input(to, edge);
    const axis = inner.findIndex((v) => v !== 0);
    const axes = this.#rest.map((_, i) => i).filter((i) => i !== axis);
    const shift: ShiftLink = { kind: 'shift', from, to, vector: inner, enters: [{ axis, pin: port, axes, first: 0 }] };
    this.#inner.push(shift);
    const feed: MeshLink = { kind: 'feed', to: port, axes: [0], pin: (enters[0] as MeshEnter).pin };
    if (!leave) return [feed];
    const output = this.#output(from, edge, `${from.name}End`, (pin) => {
      shift.leave = pin;
    });
    return [feed, { kind: 'collect', from: output, axes: [0], pin: leave }];
  }

  /** The row's output of all elements' `from`, one whatever the number of links that take it. */
  #collected(from: Signal, name: string): Signal {
    let output = this.#outputs.get(from);
    if (output) return output;
    const axes = this.#rest.map((_, axis) => axis);
    output = this.#output(from, this.#rest, name, (pin) => this.#inner.push({ kind: 'collect', from, axes, pin }));
    this.#outputs.set(from, output);
    return output;
  }

  #declare(role: Signal['role'], port: Signal, edge: Dims, wanted: string): Signal {
    // The element may have a port of that name.
    let name = wanted;
    for (let i = 1; this.definition.signals.some((s) => snakeCase(s.name) === snakeCase(name)); i++) name = `${wanted}_${i}`;
    const signal: Signal = {
      id: this.definition.signals.length,
      name,
      role,
      type: port.type,
      dims: [...edge, ...port.dims],
      owner: this.definition,
      at: this.#at,
      named: true,
    };
    this.definition.signals.push(signal);
    return signal;
  }

  #input(port: Signal, edge: Dims): Signal {
    return this.#declare('input', port, edge, port.name);
  }

  #output(port: Signal, edge: Dims, name: string, link: (pin: Signal) => void): Signal {
    const output = this.#declare('output', port, edge, name);
    const pin = this.#declare('source', port, edge, `${name}Row`);
    link(pin);
    this.definition.body.push({ kind: 'assign', target: { signal: output, path: [] }, value: ref(pin), at: this.#at });
    return output;
  }
}
