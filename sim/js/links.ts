// Loops that copy: the links of meshes and the outputs and states of delays.

import { type Delay, type Dims, unitAxis } from '../../hdl/ir/nodes.ts';
import { type Domain, type Scope, type Storage, type View, viewOf } from '../layout.ts';
import { shiftBoxes } from '../mesh-boxes.ts';
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

/** A side over a mesh, from some element on; `outer` dimensions stand in front of the mesh's. */
function from(side: Side, outer: number, start: readonly number[]): Side {
  return { ...side, offset: start.reduce((sum, n, axis) => sum + n * (side.strides[outer + axis] as number), side.offset) };
}

/** An array over some axes of a mesh, as if it were one over all. */
function spread(pin: View, axes: readonly number[], rank: number): Side {
  const along = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? (pin.strides[axes.indexOf(axis)] as number) : 0));
  return { storage: pin.storage, offset: pin.offset, strides: [...pin.domainStrides, ...along, ...pin.strides.slice(axes.length)] };
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

/** One mesh input: moved by the vector, the edges from outside. */
export function shiftCode({ mesh, link, scope, inner }: ShiftNode, watch: boolean): Code {
  const outer = scope.domain.dims;
  const [to, source] = [flat(viewOf(inner, link.to)), flat(viewOf(inner, link.from))];
  const lines = shiftBoxes(mesh.shape, link).map(({ start, dims, enter }) => {
    const pin = enter ? spread(viewOf(scope, enter.pin), enter.axes, mesh.shape.length) : source;
    const begin = start.map((n, axis) => n - (enter ? (axis === enter.axis ? enter.first : 0) : (link.vector[axis] as number)));
    return copy([...outer, ...dims, ...link.to.dims], from(to, outer.length, start), from(pin, outer.length, begin), watch);
  });
  const enters = link.enters.map((e) => viewOf(scope, e.pin).storage);
  return { name: `shift_${link.to.name}`, source: lines.join('\n'), storages: [...new Set([to.storage, source.storage, ...enters])] };
}

/** What the last elements along a shift give to the outside. */
export function leaveCode({ mesh, link, scope, inner, pin }: LeaveNode, watch: boolean): Code {
  const axis = unitAxis(link.vector) as number;
  const at = scope.domain.dims.length + axis;
  const last = (link.vector[axis] as number) > 0 ? (mesh.shape[axis] as number) - 1 : 0;
  const source = flat(viewOf(inner, link.from));
  const side = {
    ...source,
    offset: source.offset + last * (source.strides[at] as number),
    strides: source.strides.filter((_, i) => i !== at),
  };
  const edge = [...inner.domain.dims, ...link.from.dims].filter((_, i) => i !== at);
  const to = flat(pin);
  return { name: `leave_${link.from.name}`, source: copy(edge, to, side, watch), storages: [...new Set([to.storage, side.storage])] };
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
