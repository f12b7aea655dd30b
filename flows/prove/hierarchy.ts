// The hierarchy in two spellings: that of the emitted Verilog, which provers speak, and the user's.
//
// Invariant: a path of the Verilog that is not known here stays as it is.

import { count, type Definition, type Design, type Dims, type Mesh } from '../../hdl/ir/nodes.ts';
import { legalName } from '../../hdl/verilog/names.ts';

export class Hierarchy {
  /** By the path in the Verilog (`half.cells_rows[1].row.cells[2].cell_`) the user's (`half.cells[1][2]`); the top is the empty path of both. */
  readonly #paths = new Map([['', '']]);
  readonly #beginnings = new Set<string>();

  constructor({ top }: Design) {
    this.#visit(top, '', '');
  }

  /** All paths of the user's, from the top down. */
  get paths(): string[] {
    return [...this.#paths.values()];
  }

  /** The user's path. An instance whose name a signal has in the Verilog was numbered there. */
  user(verilog: string): string {
    let known = '';
    for (const part of verilog === '' ? [] : verilog.split('.')) {
      const exact = join(known, part);
      const found = [exact, exact.replace(/_\d+$/, '')].find((path) => this.#beginnings.has(path));
      if (found === undefined) return verilog;
      known = found;
    }
    return this.#paths.get(known) ?? verilog;
  }

  #visit(definition: Definition, verilog: string, user: string): void {
    for (const { definition: child, name } of definition.instances) this.#enter(child, join(verilog, legalName(name)), join(user, name));
    for (const mesh of definition.meshes)
      for (const index of indices(mesh.shape))
        this.#enter(mesh.definition, join(verilog, elementName(mesh, index)), join(user, mesh.name + index.map((i) => `[${i}]`).join('')));
  }

  #enter(definition: Definition, verilog: string, user: string): void {
    this.#paths.set(verilog, user);
    for (let end = verilog.length; end > 0 && !this.#beginnings.has(verilog.slice(0, end)); end = verilog.lastIndexOf('.', end - 1))
      this.#beginnings.add(verilog.slice(0, end));
    this.#visit(definition, verilog, user);
  }
}

/** Axes but the last are loops of row modules. */
function elementName({ name, definition }: Mesh, index: readonly number[]): string {
  const last = index.length - 1;
  return index
    .map((i, axis) => {
      const rows = 'Rows'.repeat(last - axis);
      return `${legalName(`${name}${rows}`)}[${i}].${axis === last ? legalName(definition.name) : 'row'}`;
    })
    .join('.');
}

function indices(shape: Dims): number[][] {
  return Array.from({ length: count(shape) }, (_, element) => {
    let rest = element;
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % (shape[axis] as number);
      rest = Math.floor(rest / (shape[axis] as number));
    }
    return index;
  });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
