// The hierarchy in two spellings: that of the emitted Verilog, which provers speak, and the user's.
//
// Invariant: a path of the Verilog that is not known here (an instance whose name had to give way) stays as it is.

import { count, type Definition, type Design, type Dims, type Mesh } from '../../hdl/ir/nodes.ts';
import { legalName } from '../../hdl/verilog/names.ts';

/** By the path in the Verilog (`half.cells_rows[1].row.cells[2].cell_`) the user's (`half.cells[1][2]`); the top is the empty path of both. */
export function userPaths({ top }: Design): Map<string, string> {
  const paths = new Map([['', '']]);
  const visit = (definition: Definition, verilog: string, user: string): void => {
    for (const { definition: child, name } of definition.instances) enter(child, join(verilog, legalName(name)), join(user, name));
    for (const mesh of definition.meshes)
      for (const index of indices(mesh.shape))
        enter(mesh.definition, join(verilog, elementName(mesh, index)), join(user, mesh.name + index.map((i) => `[${i}]`).join('')));
  };
  const enter = (definition: Definition, verilog: string, user: string): void => {
    paths.set(verilog, user);
    visit(definition, verilog, user);
  };
  visit(top, '', '');
  return paths;
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
