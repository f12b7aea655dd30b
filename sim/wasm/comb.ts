// Combinational nodes to functions: nodes of one mesh share a loop, circular groups repeat until nothing changes.

import { count, unitAxis } from '../../hdl/ir/nodes.ts';
import { type Storage, type View, viewOf } from '../layout.ts';
import { shiftBoxes } from '../mesh-boxes.ts';
import { type AssignNode, type CombNode, type LeaveNode, nameOf, type ShiftNode } from '../nodes.ts';
import { type Group, keyOf } from '../schedule.ts';
import { cellSize, limbsOf } from './cells.ts';
import { bin, Code, i32, load, type W } from './code.ts';
import { type Compiling, dry, writable } from './compiling.ts';
import type { Context } from './context.ts';
import { Lanes } from './lanes.ts';
import { UNSETTLED } from './module.ts';
import { CHUNK, SHORTEST_ROW, type Spot } from './placement.ts';
import { cellKey, positions, Scalar } from './scalar.ts';
import { runArray, runStatements, writeCell } from './statements.ts';

/** Bytes of code after which a function is closed. */
const FUNCTION_SIZE = 60_000;

export interface Wires {
  /** Computed where they are read. */
  readonly inline: ReadonlyMap<Storage, AssignNode>;
  /** Without a cell. */
  readonly local: ReadonlySet<Storage>;
}

/** The functions in order; `finish` adds to the last one, which then knows all names of it and is never split. */
export function emitGroups(k: Compiling, groups: readonly Group[], wires: Wires, finish?: (c: Context) => void): Code[] {
  const codes: Code[] = [];
  let code = new Code();
  let c = k.context(code, new Map());
  let loop: AssignNode[] = [];
  const flush = (): void => {
    if (loop.length > 0) emitLoop(k, c, loop, wires);
    loop = [];
    if (finish || code.size < FUNCTION_SIZE) return;
    codes.push(code);
    code = new Code();
    c = k.context(code, new Map());
  };
  for (const group of groups) {
    const [node] = group.nodes as [CombNode];
    if (group.cyclic) {
      flush();
      emitCyclic(k, c, group);
    } else if (keyOf(group) === -1 || node.kind === 'delay') {
      flush();
      emitCopying(k, c, node);
    } else if (node.kind === 'assign') {
      if (k.placements.free.has(node) || wires.inline.has(node.writes)) continue;
      if (loop.length > 0 && loop[0]?.domain !== node.domain) flush();
      if (node.domain.count > 1) {
        loop.push(node);
      } else {
        flush();
        emitAssign(k, c, node, !wires.local.has(node.writes));
      }
    }
  }
  flush();
  finish?.(c);
  codes.push(code);
  return codes;
}

function emitAssign(k: Compiling, c: Context, node: AssignNode, stored: boolean): void {
  const s = new Scalar(c, node.scope);
  const spot = k.placements.spot(node.scope, node.signal);
  if (node.signal.dims.length > 0)
    return c.scoped(() => {
      runArray(s, node.body, spot);
    });
  const w = c.name(cellKey(spot, spot.base, []), runStatements(s, node.signal, node.body));
  if (stored) writeCell(s, spot, i32(0), spot.base, w);
}

function emitLoop(k: Compiling, c: Context, nodes: readonly AssignNode[], wires: Wires): void {
  const [{ domain }] = nodes as [AssignNode];
  const row = domain.dims[domain.dims.length - 1] as number;
  const spots = nodes.map((n) => k.placements.spot(n.scope, n.signal));
  for (const [storage, node] of wires.inline)
    if (node.domain === domain && !k.placements.free.has(node)) c.inline.set(k.placements.of(storage).block, node);
  let vector = k.lanes && row >= SHORTEST_ROW && nodes.every((n, i) => n.signal.dims.length === 0 && writable(spots[i] as Spot, row));
  if (vector)
    dry(c, domain.dims, () => {
      vector = nodes.every((n) => new Lanes(c, n.scope).runs(n.body));
    });
  c.loop(
    domain.dims,
    domain.dims.map(() => false),
    vector ? CHUNK : 1,
    () => {
      nodes.forEach((node, i) => {
        const spot = spots[i] as Spot;
        const { cursor, offset } = c.place(spot);
        if (vector) {
          const key = `v${spot.base}/${spot.domain.join()}/${spot.size}`;
          const w = c.name(key, new Lanes(c, node.scope).run(node.signal, node.body));
          w.forEach((x, v) => {
            c.code.vecStore(cursor, offset + 16 * v, x);
          });
          return;
        }
        const s = new Scalar(c, node.scope);
        if (node.signal.dims.length > 0)
          return c.scoped(() => {
            runArray(s, node.body, spot);
          });
        const w = c.name(cellKey(spot, offset, spot.domain), runStatements(s, node.signal, node.body));
        writeCell(s, spot, cursor, offset, w);
      });
    },
  );
  for (const [storage, node] of wires.inline) if (node.domain === domain) c.inline.delete(k.placements.of(storage).block);
}

/** Where cells go: stored, or stored when they differ. */
type Write = (spot: Spot, cursor: W, offset: number, words: readonly W[]) => void;

function plainWrite(c: Context): Write {
  return (spot, cursor, offset, words) => {
    const address = words.length > 1 ? c.code.let(cursor) : cursor;
    words.forEach((w, i) => {
      c.code.store(words.length > 1 ? 8 : spot.size, address, offset + 8 * i, w);
    });
  };
}

/** Links and delays. */
function emitCopying(k: Compiling, c: Context, node: CombNode, write: Write = plainWrite(c)): void {
  if (k.placements.free.has(node) || node.kind === 'assign') return;
  if (node.kind === 'delay') {
    const bank = k.bank(node.scope, node.delay);
    const emit = (): void => {
      bank.output(c, (spot, at, words) => {
        const { cursor, offset } = c.place(spot);
        write(spot, cursor, offset + at.reduce((sum, i, d) => sum + i * (spot.inner[d] as number), 0), words);
      });
    };
    if (node.domain.count === 1) c.scoped(emit);
    else
      c.loop(
        node.domain.dims,
        node.domain.dims.map(() => false),
        1,
        emit,
      );
    return;
  }
  for (const { dims, to, from } of copies(k, node)) copyBlock(c, dims, to, from, cellSize(node.link.to.type), write);
}

interface Side {
  readonly base: number;
  readonly strides: readonly number[];
}
interface Copy {
  readonly dims: readonly number[];
  readonly to: Side;
  readonly from: Side;
}

function side(k: Compiling, view: View): Side {
  const spot = k.placements.spotOf(view);
  return { base: spot.base, strides: [...spot.domain, ...spot.inner] };
}

/** What a link moves: from the neighbours, unless those are in place already, and what enters. */
function copies(k: Compiling, node: ShiftNode | LeaveNode): Copy[] {
  const { mesh, link, scope, inner } = node;
  const outer = scope.domain.dims.length;
  const from = side(k, viewOf(inner, link.from));
  const moved = (s: Side, by: readonly number[]): Side => ({
    ...s,
    base: by.reduce((sum, n, axis) => sum + n * (s.strides[outer + axis] as number), s.base),
  });
  if (node.kind === 'leave') {
    const axis = unitAxis(link.vector) as number;
    const last = (link.vector[axis] as number) > 0 ? (mesh.shape[axis] as number) - 1 : 0;
    const rest = (list: readonly number[]): number[] => list.filter((_, d) => d !== outer + axis);
    const { base, strides } = moved(
      from,
      mesh.shape.map((_, i) => (i === axis ? last : 0)),
    );
    return [{ dims: rest([...inner.domain.dims, ...link.to.dims]), to: side(k, node.pin), from: { base, strides: rest(strides) } }];
  }
  const to = side(k, viewOf(inner, link.to));
  return shiftBoxes(mesh.shape, link).flatMap(({ start, dims, enter }): Copy[] => {
    if (!enter && k.placements.edges.has(node)) return [];
    const source = enter ? spread(side(k, viewOf(scope, enter.pin)), enter.axes, outer, mesh.shape.length) : from;
    const begin = start.map((n, axis) => n - (enter ? (axis === enter.axis ? enter.first : 0) : (link.vector[axis] as number)));
    return [{ dims: [...scope.domain.dims, ...dims, ...link.to.dims], to: moved(to, start), from: moved(source, begin) }];
  });
}

/** An array over some axes of a mesh, as if it were one over all. */
function spread({ base, strides }: Side, axes: readonly number[], outer: number, rank: number): Side {
  const along = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? (strides[outer + axes.indexOf(axis)] as number) : 0));
  return { base, strides: [...strides.slice(0, outer), ...along, ...strides.slice(outer + axes.length)] };
}

function copyBlock(c: Context, dims: readonly number[], to: Side, from: Side, size: number, write: Write): void {
  if (count(dims) === 0) return;
  const spot = { size } as Spot;
  const n = size > 8 ? size / 8 : 1;
  const one = (a: W, b: W): void => {
    const words = Array.from({ length: n }, (_, i) => load(n > 1 ? 8 : size, b, from.base + 8 * i));
    write(spot, a, to.base, words);
  };
  if (dims.length === 0 || count(dims) === 1) return one(i32(0), i32(0));
  c.loop(
    dims,
    dims.map(() => false),
    1,
    () => {
      one(c.nest?.cursor(to.strides) as W, c.nest?.cursor(from.strides) as W);
    },
  );
}

/** Repeats the nodes until a round changes nothing. */
function emitCyclic(k: Compiling, c: Context, group: Group): void {
  const { code } = c;
  const id = k.cycles.length;
  k.cycles.push(
    group.nodes
      .map((n) => nameOf(n))
      .slice(0, 8)
      .join(', '),
  );
  const bits = group.nodes.reduce((sum, n) => sum + n.writes.length * Math.max(1, n.writes.type.width), 2);
  const [changed, rounds] = [code.local('i32'), code.local('i32')];
  const compareWrite: Write = (spot, cursor, offset, words) => {
    const address = code.let(cursor);
    words.forEach((w, i) => {
      const wide = words.length > 1;
      const value = code.let(w);
      const old = load(wide ? 8 : spot.size, address, offset + 8 * i);
      const cut = spot.size === 1 ? bin('and', value, i32(255)) : spot.size === 2 ? bin('and', value, i32(65535)) : value;
      code.set(changed, bin('or', code.get(changed), bin('ne', old, cut)));
      code.store(wide ? 8 : spot.size, address, offset + 8 * i, value);
    });
  };
  code.set(rounds, i32(0));
  c.volatile = true;
  code.repeat(() => {
    code.set(changed, i32(0));
    for (const node of group.nodes)
      c.scoped(() => {
        emitWatched(k, c, node, compareWrite);
      });
    code.set(rounds, bin('add', code.get(rounds), i32(1)));
    c.if(bin('gt_u', code.get(rounds), i32(bits)), () => {
      code.push(i32(id).code);
      code.call(UNSETTLED);
    });
    return code.get(changed);
  });
  c.volatile = false;
}

function emitWatched(k: Compiling, c: Context, node: CombNode, write: Write): void {
  if (node.kind !== 'assign') return emitCopying(k, c, node, write);
  const spot = k.placements.spot(node.scope, node.signal);
  const emit = (): void => {
    const s = new Scalar(c, node.scope);
    if (node.signal.dims.length === 0) {
      const { cursor, offset } = c.place(spot);
      return write(spot, cursor, offset, runStatements(s, node.signal, node.body));
    }
    const scratch = scratchFor(k, spot, count(node.signal.dims));
    runArray(s, node.body, scratch);
    const wide = spot.size > 8;
    for (const at of positions(node.signal.dims)) {
      const { cursor, offset } = c.place(spot);
      const from = at.reduce((sum, i, d) => sum + i * (scratch.inner[d] as number), scratch.base);
      const to = at.reduce((sum, i, d) => sum + i * (spot.inner[d] as number), offset);
      write(
        spot,
        cursor,
        to,
        Array.from({ length: wide ? limbsOf(node.signal.type.width) : 1 }, (_, i) => load(wide ? 8 : spot.size, i32(0), from + 8 * i)),
      );
    }
  };
  if (node.domain.count === 1) emit();
  else
    c.loop(
      node.domain.dims,
      node.domain.dims.map(() => false),
      1,
      emit,
    );
}

/** Cells for one element's array while it is being made. */
function scratchFor(k: Compiling, spot: Spot, length: number): Spot {
  const base = k.placements.reserve(length * spot.size);
  let unit = spot.size;
  const inner = [...spot.dims]
    .reverse()
    .map((n) => {
      const own = unit;
      unit *= n;
      return own;
    })
    .reverse();
  return { ...spot, base, domain: spot.domain.map(() => 0), inner };
}
