// Where the cells of a layout stand in a running simulation of the printed Verilog.
//
// Invariant: a cell has at most one variable, that of its register where it has one. Cells of made-up signals whose value stands in an expression of the
// Verilog have none.

import { count, type Definition, type Delay, type Design, type Instance, type Memory, type Mesh, type Signal } from '../../hdl/ir/nodes.ts';
import type { PrintedDesign } from '../../hdl/verilog/index.ts';
import type { ModulePlaces } from '../../hdl/verilog/places.ts';
import { type Layout, type Scope, type Storage, stridesOf, type View, viewOf } from '../layout.ts';
import { standsFor } from '../lower-memories.ts';

/** A net or a memory of one module instance. */
export interface Variable {
  readonly id: number;
  /** Of the instance, from the top module: `top.fifo`, `top.pes[3].pe`. */
  readonly scope: string;
  readonly module: Definition;
  readonly name: string;
  /** Of a word when there are words. */
  readonly width: number;
  readonly words?: number;
  /** Whether it holds state that a start value can be written to. */
  readonly state: boolean;
}

/** For each cell of a storage its variable (−1 for none), the word in it and the lowest bit. */
export interface CellMap {
  readonly variable: Int32Array;
  readonly word: Int32Array;
  readonly low: Int32Array;
}

/** The stages of a delay in one element of its scope: one register for all lanes, or one each. */
export interface StageVariables {
  readonly scope: Scope;
  readonly delay: Delay;
  readonly element: number;
  readonly lanes: readonly (Variable | undefined)[];
  readonly packed: boolean;
}

interface Candidate {
  readonly view: View;
  readonly signal: Signal;
  readonly places: readonly Placed[];
  readonly net: { readonly name: string; readonly width: number; readonly words?: number };
  readonly module: Definition;
  readonly state: boolean;
  readonly lanes: number;
}
interface Placed {
  readonly scope: string;
  readonly at: readonly number[];
}

export class Variables {
  readonly all: Variable[] = [];
  readonly stages: StageVariables[] = [];
  /** By the storage's number, which is the same in every layout of one design. */
  readonly cells = new Map<number, CellMap>();
  /** Registers and memories, each with the scope it belongs to. */
  readonly state: { readonly scope: Scope; readonly signal: Signal }[] = [];
  readonly #candidates = new Map<Storage, Candidate[]>();
  readonly #printed: PrintedDesign;

  constructor(design: Design, layout: Layout, printed: PrintedDesign) {
    this.#printed = printed;
    this.#walk(layout.top, design.top, printed.top, [{ scope: printed.top.name, at: [] }]);
    for (const [storage, candidates] of this.#candidates) this.cells.set(storage.id, this.#choose(storage, candidates));
  }

  #walk(scope: Scope, original: Definition, printed: Definition, elements: readonly Placed[]): void {
    const places = this.#printed.places.get(printed);
    if (!places) return;
    for (const signal of scope.definition.signals) this.#signal(scope, signal, places, printed, elements);
    scope.definition.delays.forEach((delay, i) => {
      this.#delay(scope, delay, original.delays[i] as Delay, places, printed, elements);
    });
    // By position: the same in the layout, in the design and in what was printed, where names need not be unique.
    const { instances, meshes } = scope.definition;
    const positions = new Map<Instance | Mesh, number>([...instances.entries(), ...meshes.entries()].map(([i, child]) => [child, i]));
    for (const [child, inner] of scope.children) {
      const at = positions.get(child) as number;
      const own = ('shape' in child ? original.meshes : original.instances)[at] as Instance | Mesh;
      const shape = 'shape' in child ? child.shape : [];
      let place = ('shape' in child ? places.meshes : places.instances)[at];
      let definition = printed;
      let paths = elements;
      // A mesh may be one of rows in the Verilog, or nested loops.
      for (let axis = 0; axis === 0 || axis < shape.length; ) {
        if (!place) throw new Error(`internal: ${child.name} has no place in the Verilog`);
        const { blocks, instance } = place;
        definition = place.definition;
        for (const [i, block] of blocks.entries()) {
          const length = shape[axis + i] as number;
          paths = paths.flatMap(({ scope: path, at: outer }) =>
            [...Array(length).keys()].map((index) => ({ scope: `${path}.${block.name}[${index}]`, at: [...outer, index] })),
          );
        }
        paths = paths.map(({ scope: path, at: outer }) => ({ scope: `${path}.${instance.name}`, at: outer }));
        axis += Math.max(blocks.length, 1);
        // A module of one row has a single child.
        place = this.#printed.places.get(definition)?.meshes[0];
      }
      this.#walk(inner, own.definition, definition, paths);
    }
  }

  #signal(scope: Scope, signal: Signal, places: ModulePlaces, module: Definition, elements: readonly Placed[]): void {
    const held = 'holds' in signal ? (signal.holds as Signal) : undefined;
    const behind = standsFor.get(signal) ?? held ?? signal;
    const memory = 'depth' in behind ? (behind as Memory) : undefined;
    const net = memory ? places.memories.get(memory) : places.nets.get(behind as Signal);
    if (!net || signal.type.width === 0) return;
    const view = viewOf(scope, signal);
    const state = signal.role === 'reg';
    if (state && !held) this.state.push({ scope, signal });
    const lanes = net.words === undefined ? 0 : net.width / signal.type.width;
    const list = this.#candidates.get(view.storage);
    const candidate = { view, signal, places: elements, net, module, state, lanes };
    if (!list) this.#candidates.set(view.storage, [candidate]);
    else if (state) list.unshift(candidate);
    else list.push(candidate);
  }

  #delay(scope: Scope, delay: Delay, original: Delay, places: ModulePlaces, module: Definition, elements: readonly Placed[]): void {
    const place = places.delays.get(original);
    if (!place) return;
    const lanes = delay.input.dims[0] ?? 1;
    const lane = (delay.input.type.width * count(delay.input.dims)) / lanes;
    elements.forEach((own, element) => {
      const variable = (inside: string, width: number): Variable | undefined =>
        width === 0 ? undefined : this.#add(`${own.scope}${inside}`, module, { name: place.stages.name, width }, true);
      const found =
        'block' in place
          ? [...Array(lanes).keys()].map((l) =>
              variable(`.${place.block.name}[${l}]${place.inner ? `.${place.inner.name}` : ''}`, lane * (delay.first + delay.step * l)),
            )
          : [variable('', lane * lanes * delay.first)];
      this.stages.push({ scope, delay, element, lanes: found, packed: !('block' in place) });
    });
  }

  #add(scope: string, module: Definition, { name, width, words }: Candidate['net'], state: boolean): Variable {
    const made = { id: this.all.length, scope, module, name, width, state, ...(words !== undefined && { words }) };
    this.all.push(made);
    return made;
  }

  #choose(storage: Storage, candidates: readonly Candidate[]): CellMap {
    const map = { variable: new Int32Array(storage.length).fill(-1), word: new Int32Array(storage.length), low: new Int32Array(storage.length) };
    let left = storage.length;
    for (const { view, signal, places, net, module, state, lanes } of candidates) {
      if (left === 0) break;
      const [n, rows] = [count(signal.dims), stridesOf(signal.dims)];
      for (const { scope, at } of places) {
        const start = at.reduce((sum, index, d) => sum + index * (view.domainStrides[d] as number), view.offset);
        let id = -1;
        for (let i = 0; i < n; i++) {
          const cell = signal.dims.reduce((sum, size, d) => sum + (Math.floor(i / (rows[d] as number)) % size) * (view.strides[d] as number), start);
          if (map.variable[cell] !== -1) continue;
          if (id === -1) ({ id } = this.#add(scope, module, net, state));
          left--;
          map.variable[cell] = id;
          map.word[cell] = lanes === 0 ? 0 : Math.floor(i / lanes);
          map.low[cell] = (lanes === 0 ? i : i % lanes) * signal.type.width;
        }
      }
    }
    return map;
  }
}
