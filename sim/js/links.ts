// Loops that copy: the links of meshes and the outputs and states of delays.

import type { Delay, Dims } from '../../hdl/ir/nodes.ts';
import { type Domain, type Scope, type Storage, type View, viewOf } from '../layout.ts';
import type { LeaveNode, ShiftNode } from '../nodes.ts';
import type { Code } from './loop.ts';
import { literal } from './wrap.ts';

interface Side {
  readonly storage: Storage;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** All of a view's dimensions in one list, the domain's first. */
function flat(view: View): Side {
  return { storage: view.storage, offset: view.offset, strides: [...view.domainStrides, ...view.strides] };
}

/** Starts later along an axis. */
function moved(side: Side, axis: number, by: number): Side {
  return { ...side, offset: side.offset + (side.strides[axis] as number) * by };
}

/** Leaves an axis out of a side that has it. */
function without(side: Side, axis: number): Side {
  return { ...side, strides: side.strides.filter((_, i) => i !== axis) };
}

/** Copies a block; counts `changed` up when the text asks for it. */
function copy(dims: Dims, to: Side, from: Side, watch: boolean): string {
  const kept = dims.map((_, i) => i).filter((i) => dims[i] !== 1);
  if (dims.includes(0)) return '';
  const place = (side: Side): string => [...kept.map((i) => `k${i} * ${side.strides[i]}`), String(side.offset)].join(' + ').replaceAll(' * 1 ', ' ');
  const heads = kept.map((i) => `for (let k${i} = 0; k${i} < ${dims[i]}; k${i}++)`).join(' ');
  const [a, b] = [`s${to.storage.id}[${place(to)}]`, `s${from.storage.id}[${place(from)}]`];
  return watch ? `${heads} { const v = ${b}; if (${a} !== v) { ${a} = v; changed = 1; } }` : `${heads} ${a} = ${b};`;
}

function geometry(node: ShiftNode | LeaveNode) {
  const { mesh, link, scope } = node;
  const axis = link.vector.findIndex((v) => v !== 0);
  return { at: scope.domain.dims.length + axis, length: mesh.shape[axis] as number, forward: (link.vector[axis] as number) > 0 };
}

/** One mesh input: moved by one element, the edge from outside. */
export function shiftCode(node: ShiftNode, watch: boolean): Code {
  const { scope, inner, link } = node;
  const { at, length, forward } = geometry(node);
  const [to, from, enter] = [flat(viewOf(inner, link.to)), flat(viewOf(inner, link.from)), flat(viewOf(scope, link.enter))];
  const dims = [...inner.domain.dims, ...link.to.dims];
  const rest = dims.map((n, i) => (i === at ? length - 1 : n));
  const edge = dims.filter((_, i) => i !== at);
  const body = copy(rest, moved(to, at, forward ? 1 : 0), moved(from, at, forward ? 0 : 1), watch);
  const entering = copy(edge, without(moved(to, at, forward ? 0 : length - 1), at), enter, watch);
  return { name: `shift_${link.to.name}`, source: `${body}\n${entering}`, storages: [to.storage, from.storage, enter.storage] };
}

/** What the last elements along a shift give to the outside. */
export function leaveCode(node: LeaveNode, watch: boolean): Code {
  const { inner, link, pin } = node;
  const { at, length, forward } = geometry(node);
  const [to, from] = [flat(pin), flat(viewOf(inner, link.from))];
  const edge = [...inner.domain.dims, ...link.from.dims].filter((_, i) => i !== at);
  const source = copy(edge, to, without(moved(from, at, forward ? length - 1 : 0), at), watch);
  return { name: `leave_${link.from.name}`, source, storages: [to.storage, from.storage] };
}

/** The shape of a bank of shift registers and the rings that hold it. */
export interface Rings {
  readonly depths: readonly number[];
  /** Values in a lane's stage. */
  readonly inner: number;
  /** First cell of each lane's ring within one element of the domain. */
  readonly bases: readonly number[];
  readonly cells: number;
}

export function ringsOf(delay: Delay): Rings {
  const lanes = delay.input.dims[0] ?? 1;
  const inner = delay.input.dims.slice(1).reduce((n, d) => n * d, 1);
  const depths = Array.from({ length: lanes }, (_, i) => delay.first + delay.step * i);
  let cells = 0;
  const bases = depths.map((depth) => {
    const base = cells;
    cells += depth * inner;
    return base;
  });
  return { depths, inner, bases, cells };
}

/** The text of a delay in terms of its rings, for one element of the domain; with `ticked` its clock may have no edge. */
export function delayText(
  scope: Scope,
  domain: Domain,
  delay: Delay,
  names: { readonly ring: string; readonly head: string; readonly depth: string; readonly base: string },
  ticked = false,
) {
  const { depths, inner, cells } = ringsOf(delay);
  const lanes = depths.length;
  const { ring, head, depth, base } = names;
  const view = (v: View): string => [String(v.offset), ...v.domainStrides.map((s, i) => `i${i} * ${s}`)].join(' + ');
  const cell = (v: View): string => `s${v.storage.id}[${view(v)} + l * ${inner} + k]`;
  const [input, output] = [viewOf(scope, delay.input), viewOf(scope, delay.output)];
  const uniform = delay.step === 0;
  const depthOf = uniform ? String(delay.first) : `${depth}[l]`;
  const baseOf = uniform ? `l * ${delay.first * inner}` : `${base}[l]`;
  const slot = `${ring}[q + k]`;
  const laneHead = `${head}[e * ${lanes} + l]`;
  const forLanes = `for (let l = 0; l < ${lanes}; l++)`;
  const forInner = `for (let k = 0; k < ${inner}; k++)`;
  const q = `const q = e * ${cells} + ${baseOf} + ${laneHead} * ${inner};`;
  const out = `${forLanes} { const d = ${depthOf}; ${q} ${forInner} ${cell(output)} = d === 0 ? ${cell(input)} : ${slot}; }`;
  const watched = `${forLanes} { const d = ${depthOf}; ${q} ${forInner} { const v = d === 0 ? ${cell(input)} : ${slot}; if (${cell(output)} !== v) { ${cell(output)} = v; changed = 1; } } }`;
  const push = `${forLanes} { const d = ${depthOf}; if (d === 0) continue; ${q} ${forInner} ${slot} = ${cell(input)}; ${laneHead} = ${laneHead} + 1 === d ? 0 : ${laneHead} + 1; }`;
  const scalar = (v: View): string => `s${v.storage.id}[${view(v)}]`;
  const tick = (body: string): string => (ticked ? `if (${scalar(viewOf(scope, delay.clock))}) { ${body} }` : body);
  const { enable, reset } = delay;
  const enabled = enable ? `if (${scalar(viewOf(scope, enable))}) { ${push} }` : push;
  const clear = `for (let k = 0; k < ${cells}; k++) ${ring}[e * ${cells} + k] = ${literal(reset?.value ?? 0n, delay.input.type)};`;
  const active = reset && `${reset.activeLow ? '!' : ''}${scalar(viewOf(scope, reset.signal))}`;
  const cleared = (rest: string): string => (active ? `if (${active}) { ${clear} } else { ${rest} }` : rest);
  const step = reset?.async ? cleared(tick(enabled)) : tick(cleared(enabled));
  const loop = (body: string): string =>
    `let e = 0;\n${domain.dims.map((n, i) => `for (let i${i} = 0; i${i} < ${n}; i${i}++)`).join(' ')} {\n${body}\ne++;\n}`;
  return { out: loop(out), watched: loop(watched), step: loop(step) };
}
