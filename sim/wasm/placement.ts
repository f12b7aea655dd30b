// Where storages lie in linear memory: which share cells, and the padding that makes neighbours of mesh elements plain addresses.
//
// A wire that only renames another signal takes its place. The input of a shift link takes the place of the neighbour's output, one element
// further; elements at the edge read padding around the array, and what feeds the edge is placed right there, so a link costs nothing.
//
// Invariant: a placement is affine, address = base + Σ index · stride. Cells of one storage are never written through another one's node.
// Where a shared place is not possible (two edges want the same padding, the axis has one element, a loop of wires) the node stays a copy.

import type { Dims } from '../../hdl/ir/nodes.ts';
import { count, unitAxis } from '../../hdl/ir/nodes.ts';
import { type Layout, type Scope, type Storage, stridesOf, type View, viewOf } from '../layout.ts';
import type { CombNode, LeaveNode, ShiftNode } from '../nodes.ts';
import type { Group } from '../schedule.ts';
import { cellSize } from './cells.ts';

/** Rows at least this long are worth vectors; they are padded to whole vectors. */
export const SHORTEST_ROW = 5;
/** Elements that a vector loop handles at a time. */
export const CHUNK = 16;

/** Memory of its own, or cells in the padding of a host. */
export class Block {
  readonly dims: Dims;
  readonly size: number;
  readonly low: number[];
  readonly high: number[];
  readonly guests = new Map<string, Storage>();
  host: Placement | undefined;
  base = 0;
  /** All of its memory, padding included. */
  start = 0;
  bytes = 0;
  strides: readonly number[] = [];

  constructor(dims: Dims, size: number) {
    this.dims = dims;
    this.size = size;
    this.low = dims.map(() => 0);
    this.high = dims.map(() => 0);
  }
}

/** Index `i` along dimension d of the storage moves along dimension `axes[d]` of the block; -1 stays. */
export interface Placement {
  readonly block: Block;
  readonly origin: readonly number[];
  readonly axes: readonly number[];
}

/** A view in bytes. */
export interface Spot {
  readonly block: Block;
  readonly size: number;
  readonly base: number;
  readonly domain: readonly number[];
  readonly dims: Dims;
  readonly inner: readonly number[];
}

export class Placements {
  readonly #writer = new Map<Storage, CombNode>();
  /** By the storage's number, so that storages of an equal design are found. */
  readonly #placed = new Map<number, Placement>();
  /** Nodes that need no code, since source and target are the same cells. */
  readonly free = new Set<CombNode>();
  /** Shift nodes of which only the edge is left to copy. */
  readonly edges = new Set<CombNode>();
  /** Blocks that are read besides its own when a storage is read: the edges of shifted inputs. */
  readonly alsoReads = new Map<Storage, Block>();
  readonly #spots = new Map<View, Spot>();
  #end: number;
  #stagger = 0;

  constructor(layout: Layout, groups: readonly Group[], start: number) {
    this.#end = start;
    for (const { nodes, cyclic } of groups) if (!cyclic) for (const node of nodes) this.#writer.set(node.writes, node);
    for (const storage of layout.storages) this.of(storage);
    const blocks = new Set([...this.#placed.values()].map((p) => p.block));
    for (const block of blocks) if (!block.host) this.allocate(block);
    for (const block of blocks) if (block.host) this.#nest(block);
  }

  /** First address after everything. */
  get end(): number {
    return this.#end;
  }

  of(storage: Storage): Placement {
    const known = this.#placed.get(storage.id);
    if (known) return known;
    const node = this.#writer.get(storage);
    const placement = (node && this.#shared(node)) ?? own(storage);
    this.#placed.set(storage.id, placement);
    return placement;
  }

  spot(scope: Scope, signal: Parameters<typeof viewOf>[1]): Spot {
    return this.spotOf(viewOf(scope, signal));
  }

  spotOf(view: View): Spot {
    let spot = this.#spots.get(view);
    if (!spot) this.#spots.set(view, (spot = this.#spot(view)));
    return spot;
  }

  /** Byte strides and base of a storage. */
  address(storage: Storage): { readonly base: number; readonly strides: readonly number[] } {
    const { block, origin, axes } = this.of(storage);
    const base = origin.reduce((sum, o, i) => sum + o * (block.strides[i] as number), block.base);
    return { base, strides: axes.map((axis) => (axis < 0 ? 0 : (block.strides[axis] as number))) };
  }

  reserve(bytes: number): number {
    const at = this.#end;
    this.#end += Math.ceil((bytes + 16) / 16) * 16;
    return at;
  }

  /** Gives a block memory: rows in whole vectors, the padding of a row in the gap before it. */
  allocate(block: Block): void {
    const { dims, size, low, high } = block;
    const strides = new Array<number>(dims.length).fill(size);
    const last = dims.length - 1;
    let pitch = size;
    let before = 0;
    for (let d = last; d >= 0; d--) {
      const [n, pads] = [dims[d] as number, (low[d] as number) + (high[d] as number)];
      strides[d] = pitch;
      before += (low[d] as number) * pitch;
      if (d === last && n >= SHORTEST_ROW) {
        const gap = pads === 0 ? 0 : Math.max(16, Math.ceil((pads * size) / 16) * 16);
        before += gap - (low[d] as number) * size;
        pitch = Math.ceil(n / CHUNK) * CHUNK * size + gap;
      } else {
        pitch *= n + pads;
      }
    }
    block.strides = strides;
    before = Math.ceil(before / 16) * 16;
    // The last row's padding stands behind it, or before the first row.
    block.bytes = Math.ceil((before + pitch + ((dims[last] as number) >= SHORTEST_ROW ? CHUNK * size : 0)) / 16) * 16;
    // Arrays that start a whole page apart would keep loads waiting for stores of the same offset in another page.
    if (block.bytes >= 1024) this.#end += (this.#stagger = (this.#stagger + 5) % 32) * 64;
    block.start = this.reserve(block.bytes);
    block.base = block.start + before;
  }

  #nest(block: Block): void {
    const { block: host, origin, axes } = block.host as Placement;
    block.base = origin.reduce((sum, o, i) => sum + o * (host.strides[i] as number), host.base);
    block.strides = axes.map((axis) => (axis < 0 ? 0 : (host.strides[axis] as number)));
  }

  #spot(view: View): Spot {
    const { storage } = view;
    const { base, strides } = this.address(storage);
    const axes = storageAxes(view);
    const bytes = axes.map((axis) => (axis < 0 ? 0 : (strides[axis] as number)));
    const rank = view.domainStrides.length;
    return {
      block: this.of(storage).block,
      size: cellSize(storage.type),
      base,
      domain: bytes.slice(0, rank),
      dims: view.dims,
      inner: bytes.slice(rank),
    };
  }

  #shared(node: CombNode): Placement | undefined {
    switch (node.kind) {
      case 'assign': {
        const [only] = node.body;
        if (node.body.length !== 1 || only?.kind !== 'assign' || only.target.bits || only.target.path.length > 0 || only.value.op !== 'ref')
          return undefined;
        const source = only.value.signal;
        if (source.type.width !== node.signal.type.width || (source.type.kind === 'sint') !== (node.signal.type.kind === 'sint')) return undefined;
        const placement = this.#like(viewOf(node.scope, node.signal), viewOf(node.scope, source), node.writes);
        if (placement) this.free.add(node);
        return placement;
      }
      case 'shift':
        return this.#shifted(node);
      case 'leave':
        return this.#leaving(node);
      case 'delay':
        return undefined;
    }
  }

  /** The placement of `target`'s storage when it has the cells of `source`. */
  #like(target: View, source: View, storage: Storage): Placement | undefined {
    const to = storageAxes(target);
    if (!covers(to, storage)) return undefined;
    const from = this.#blockAxes(source);
    const axes = storage.dims.map((_, d) => {
      const at = to.indexOf(d);
      return at < 0 ? -1 : (from.axes[at] as number);
    });
    return { block: from.block, origin: from.origin, axes };
  }

  /** For each dimension of a view the dimension of the block. */
  #blockAxes(view: View): Placement {
    const { block, origin, axes } = this.of(view.storage);
    return { block, origin, axes: storageAxes(view).map((axis) => (axis < 0 ? -1 : (axes[axis] as number))) };
  }

  #shifted(node: ShiftNode): Placement | undefined {
    const { mesh, link, inner, scope } = node;
    const axis = unitAxis(link.vector);
    const [edgeOnly] = link.enters;
    // Shifts other than a step along one axis, fed along its edge, are copies.
    if (axis === undefined || !edgeOnly || edgeOnly.axes.includes(axis)) return undefined;
    const [at, forward, length] = [scope.domain.dims.length + axis, (link.vector[axis] as number) > 0, mesh.shape[axis] as number];
    if (length < 2) return undefined;
    const view = viewOf(inner, link.from);
    const from = this.#blockAxes(view);
    const dims = [...inner.domain.dims, ...link.from.dims];
    const { block } = from;
    if (block.host || from.origin.some((o) => o !== 0) || dims.some((n, d) => n > 1 && (from.axes[d] as number) < 0)) return undefined;
    const dim = from.axes[at] as number;
    if (dims[at] !== block.dims[dim]) return undefined;
    const target = viewOf(inner, link.to);
    if (!covers(storageAxes(target), node.writes)) return undefined;
    const enterView = viewOf(scope, edgeOnly.pin);
    const key = `${dim}${forward ? '+' : '-'}`;
    const guest = block.guests.get(key);
    if (guest) return undefined;
    block.guests.set(key, enterView.storage);
    if (forward) block.low[dim] = 1;
    else block.high[dim] = 1;
    const enter = this.#blockAxes(enterView);
    const outer = scope.domain.dims.length;
    // Dimensions of the entering view are those of the target without the shifted axis.
    const targets = [...dims.keys()].filter((d) => d !== at).map((d) => from.axes[d] as number);
    const edge = enterView.dims.length + outer;
    const junk =
      !forward && dim === block.dims.length - 1 && (block.dims[dim] as number) % CHUNK !== 0 && (block.dims[dim] as number) >= SHORTEST_ROW;
    const whole =
      enter.axes.length === edge && enter.block.dims.every((n, d) => n === 1 || enter.axes.includes(d)) && enter.origin.every((o) => o === 0);
    const free = enter.block !== block && !enter.block.host && enter.block.guests.size === 0;
    const outside = block.dims.map((_, d) => (d === dim ? (forward ? -1 : (block.dims[d] as number)) : 0));
    if (whole && free && !junk) {
      enter.block.host = {
        block,
        origin: outside,
        axes: enter.block.dims.map((n, d) => (n === 1 ? -1 : (targets[enter.axes.indexOf(d)] as number))),
      };
      this.free.add(node);
    } else {
      this.edges.add(node);
    }
    this.alsoReads.set(node.writes, enter.block);
    const own = storageAxes(target);
    const axes = node.writes.dims.map((_, d) => (own.indexOf(d) < 0 ? -1 : (from.axes[own.indexOf(d)] as number)));
    return { block, origin: block.dims.map((_, d) => (d === dim ? (forward ? -1 : 1) : 0)), axes };
  }

  #leaving(node: LeaveNode): Placement | undefined {
    const { mesh, link, inner, scope, pin } = node;
    const axis = unitAxis(link.vector) as number;
    const at = scope.domain.dims.length + axis;
    const from = this.#blockAxes(viewOf(inner, link.from));
    const to = storageAxes(pin);
    if (!covers(to, node.writes)) return undefined;
    const last = (link.vector[axis] as number) > 0 ? (mesh.shape[axis] as number) - 1 : 0;
    const dim = from.axes[at] as number;
    if (dim < 0 && (mesh.shape[axis] as number) > 1) return undefined;
    const rest = from.axes.filter((_, d) => d !== at);
    this.free.add(node);
    return {
      block: from.block,
      origin: from.origin.map((o, d) => (d === dim ? o + last : o)),
      axes: node.writes.dims.map((_, d) => (to.indexOf(d) < 0 ? -1 : (rest[to.indexOf(d)] as number))),
    };
  }
}

function own(storage: Storage): Placement {
  const dims = storage.dims.length === 0 ? [1] : storage.dims;
  return { block: new Block(dims, cellSize(storage.type)), origin: dims.map(() => 0), axes: storage.dims.map((_, d) => d) };
}

/** For each dimension of a view (the domain's first) the dimension of the storage that it moves along. */
export function storageAxes(view: View): number[] {
  const { dims } = view.storage;
  const rows = stridesOf(dims);
  return [...view.domainStrides, ...view.strides].map((stride) => (stride === 0 ? -1 : dims.findIndex((n, d) => n > 1 && rows[d] === stride)));
}

/** Whether a view reaches all cells of its storage. */
function covers(axes: readonly number[], storage: Storage): boolean {
  return count(storage.dims) > 0 && storage.dims.every((n, d) => n === 1 || axes.includes(d));
}
