// Random meshes, as data, and the hardware that they describe.
//
// Elements compute sums and exclusive ors of their inputs and pass them on at once, by a register, a delay, a child, a memory, a mesh of their own
// or a state machine. Nothing here knows what a link means: that is `mesh-model.ts`. Where there is a port `go`, it must be low until the reset is over.

import { type HwType, input, Module, mux, output, sint, uint, vec, when, zeros } from '../../hdl/index.ts';
import { call, type Dyn } from './dynamic.ts';
import type { Rng } from './random.ts';
import { type Ground, sintT, uintT } from './reference.ts';

export type Flavour = 'comb' | 'reg' | 'delay' | 'child' | 'memory' | 'inner' | 'fsm';
/** As often as they are drawn. */
const FLAVOURS: readonly Flavour[] = ['comb', 'comb', 'comb', 'reg', 'reg', 'delay', 'child', 'memory', 'inner', 'fsm'];
/** Those whose output depends on the element's inputs within the cycle. */
export const IMMEDIATE: readonly Flavour[] = ['comb', 'child', 'memory', 'fsm'];

export interface OutSpec {
  readonly type: Ground;
  readonly flavour: Flavour;
  /** Inputs by number, the first as it is, each other one joined by the operator. */
  readonly terms: readonly { readonly input: number; readonly op: 'addw' | 'xor' }[];
  /** Collected in each of these orders of the axes. */
  readonly orders: readonly (readonly number[])[];
}
/** `sides`: for each axis whether one value or an array enters, undefined where the vector has 0. */
export type EnterSpec = 'zero' | 'one' | 'edge' | 'full' | { readonly sides: readonly ('one' | 'array' | undefined)[] };
export type LinkSpec =
  | { readonly kind: 'shift'; readonly from: number; readonly vector: readonly number[]; readonly enter: EnterSpec; readonly leave: boolean }
  | { readonly kind: 'feed'; readonly axes: readonly number[] }
  | { readonly kind: 'index'; readonly first: number; readonly step: readonly number[] };
export interface InSpec {
  readonly type: Ground;
  readonly link: LinkSpec;
}
export interface MeshSpec {
  readonly shape: readonly number[];
  readonly outs: readonly OutSpec[];
  readonly ins: readonly InSpec[];
}
/** A port of the module that holds a mesh: an array of `dims`, or one value when there are none. */
export interface PortSpec {
  readonly name: string;
  readonly type: Ground;
  readonly dims: readonly number[];
  readonly direction: 'in' | 'out';
}

export const isUnit = (vector: readonly number[]): boolean => vector.reduce((sum, v) => sum + Math.abs(v), 0) === 1;

/** Memories have no reset: they are written while this is high, which must not be before registers hold something. */
const GO = { name: 'go', type: uintT(1), direction: 'in' } as const;
const hasMemory = (outs: readonly OutSpec[]): boolean => outs.some((out) => out.flavour === 'memory');

/** Shape of what enters along one axis by itself. */
export function sideDims(shape: readonly number[], vector: readonly number[], axis: number): number[] {
  const layers = Math.min(Math.abs(vector[axis] as number), shape[axis] as number);
  return Math.abs(vector[axis] as number) === 1 ? shape.filter((_, i) => i !== axis) : shape.map((n, i) => (i === axis ? layers : n));
}

export function portsOf({ shape, outs, ins }: MeshSpec): PortSpec[] {
  const found: PortSpec[] = outs.flatMap(({ type, orders }, i) =>
    orders.map((order, k): PortSpec => ({ name: `y${i}o${k}`, type, dims: order.map((a) => shape[a] as number), direction: 'out' })),
  );
  if (hasMemory(outs)) found.push({ ...GO, dims: [] });
  ins.forEach(({ type, link }, i) => {
    const add = (name: string, dims: readonly number[], direction: 'in' | 'out' = 'in'): void => {
      found.push({ name, type, dims, direction });
    };
    if (link.kind === 'feed')
      add(
        `x${i}`,
        link.axes.map((a) => shape[a] as number),
      );
    if (link.kind !== 'shift') return;
    const { enter, vector, leave } = link;
    const edge = shape.filter((_, a) => vector[a] === 0);
    if (leave) add(`l${i}`, edge, 'out');
    if (typeof enter === 'object')
      enter.sides.forEach((side, a) => {
        if (side) add(`x${i}s${a}`, side === 'one' ? [] : sideDims(shape, vector, a));
      });
    else if (enter !== 'zero') add(`x${i}`, enter === 'one' ? [] : enter === 'edge' ? edge : shape);
  });
  return found;
}

export interface MeshOptions {
  /** Dimensions, at most (4 unless given). */
  readonly rank?: number;
  /** Elements, at most (20 unless given). */
  readonly elements?: number;
  /** Prone to combinational loops: elements without state, shifts in opposite directions. */
  readonly loops?: boolean;
}

/** May hold a combinational loop: `MeshModel.hasLoop` tells. */
export function randomMesh(rng: Rng, { rank: ranks = 4, elements = 20, loops = false }: MeshOptions = {}): MeshSpec {
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)] as T;
  const rank = 1 + rng.below(ranks);
  let shape: number[];
  do shape = Array.from({ length: rank }, () => 1 + rng.below(5));
  while (shape.reduce((n, d) => n * d, 1) > elements);
  const type = (): Ground => (rng.once(4) ? sintT(pick([2, 7, 33])) : uintT(pick([1, 4, 8, 33])));
  const nOuts = 1 + rng.below(3);
  const nIns = 1 + rng.below(4);
  const axes = shape.map((_, i) => i);
  // One step along one axis in every link, as most meshes are: those are printed as rows.
  const plain = rng.once(3);
  const outs = Array.from({ length: nOuts }, (): OutSpec => {
    const first = rng.below(nIns);
    const others = [...Array(nIns).keys()].filter((i) => i !== first && rng.once(2));
    const terms = [first, ...others].map((i) => ({ input: i, op: pick(['addw', 'xor'] as const) }));
    const flavour = pick(loops ? IMMEDIATE : FLAVOURS);
    const orders = plain ? [] : [axes, rng.shuffled(axes)].filter(() => !rng.once(3));
    return { type: type(), flavour, terms, orders: orders.length > 0 ? orders : [axes] };
  });
  const component = (): number => (rng.once(2) ? 0 : rng.once(2) ? rng.below(7) - 3 : rng.below(3) - 1);
  const vectors: number[][] = [];
  const ins = Array.from({ length: nIns }, (): InSpec => {
    const kind = loops && !rng.once(4) ? 'shift' : pick(['shift', 'shift', 'shift', 'feed', 'index'] as const);
    if (kind === 'feed') return { type: type(), link: { kind, axes: axes.filter(() => rng.once(2)) } };
    if (kind === 'index') {
      const step = axes.map(() => (rng.once(3) ? 0 : rng.below(5) - 2));
      const least = step.reduce((sum, s, a) => sum + Math.min(0, s * ((shape[a] as number) - 1)), 0);
      const most = step.reduce((sum, s, a) => sum + Math.max(0, s * ((shape[a] as number) - 1)), 0);
      const signed = rng.once(2);
      const first = signed ? rng.below(20) - 10 : -least + rng.below(10);
      const width = pick([10, 32, 40]);
      return { type: signed ? sintT(width) : uintT(width + +(most > 500)), link: { kind, first, step } };
    }
    const before = vectors[rng.below(vectors.length + 1)];
    const vector: number[] = loops && before ? before.map((v) => -v) : axes.map(plain ? () => 0 : component);
    while (!vector.some((v) => v !== 0)) vector[rng.below(rank)] = rng.once(2) ? 1 : -1;
    vectors.push(vector);
    const from = rng.below(nOuts);
    const unit = isUnit(vector);
    const sides = (): EnterSpec => ({ sides: vector.map((v) => (v === 0 ? undefined : rng.once(3) ? 'one' : 'array')) });
    const edge = (): EnterSpec => (unit ? 'edge' : 'full');
    const enter = pick<() => EnterSpec>([() => 'zero', () => 'one', edge, ...(plain ? [] : [() => 'full' as const, sides, sides])])();
    return { type: (outs[from] as OutSpec).type, link: { kind, from, vector, enter, leave: unit && rng.once(2) } };
  });
  return { shape, outs, ins };
}

const hwType = ({ kind, width }: Ground): HwType => (kind === 'sint' ? sint(width) : uint(width));
export const arrayType = (type: Ground, dims: readonly number[]): HwType => dims.reduceRight<HwType>((t, n) => vec(t, n), hwType(type));
const record = (ports: readonly PortSpec[], prefix = ''): never =>
  Object.fromEntries(
    ports.map((p) => [prefix + p.name, p.direction === 'in' ? input(arrayType(p.type, p.dims)) : output(arrayType(p.type, p.dims))]),
  ) as never;

class Held extends Module<{ readonly width: number }> {
  readonly p = this.io({ x: input(uint(this.cfg.width)), y: output(uint(this.cfg.width)) });
  readonly held = this.reg(uint(this.cfg.width), { reset: 0 as never, next: this.p.x });
  constructor(cfg: { readonly width: number }) {
    super(cfg);
    this.p.y.set(this.held.xor(this.p.x) as never);
  }
}

class Step extends Module<{ readonly width: number }> {
  readonly p = this.io({ x: input(uint(this.cfg.width)), n: input(uint(2)), y: output(uint(this.cfg.width)) });
  readonly held = this.reg(uint(this.cfg.width), { reset: 0 as never });
  constructor(cfg: { readonly width: number }) {
    super(cfg);
    const n = this.p.n as unknown as Dyn;
    this.held.set(call(this.p.x as unknown as Dyn, 'addw', lowBits(n, 2, cfg.width)) as never);
    this.p.y.set(this.held as never);
  }
}

/** As many low bits of an unsigned value. */
function lowBits(value: Dyn, from: number, to: number): Dyn {
  return from > to ? value['trunc'](to) : value['extend'](to);
}

export class Element extends Module<Pick<MeshSpec, 'outs' | 'ins'>> {
  readonly p: Record<string, Dyn>;
  constructor(cfg: Pick<MeshSpec, 'outs' | 'ins'>) {
    super(cfg);
    const { outs, ins } = cfg;
    this.p = this.io(
      record([
        ...(hasMemory(outs) ? [{ ...GO, dims: [] }] : []),
        ...ins.map(({ type }, i): PortSpec => ({ name: `x${i}`, type, dims: [], direction: 'in' })),
        ...outs.map(({ type }, i): PortSpec => ({ name: `y${i}`, type, dims: [], direction: 'out' })),
      ]),
    ) as never;
    outs.forEach(({ type, flavour, terms }, i) => {
      const { width } = type;
      const values = terms.map(({ input: k }) => {
        const x = this.p[`x${k}`] as Dyn;
        const own = (ins[k] as InSpec).type;
        return lowBits(own.kind === 'sint' ? x['asUInt']() : x, own.width, width);
      });
      const sum = values.reduce((acc, x, k) => call(acc, terms[k]?.op as string, x));
      const y = this.#pass(flavour, sum, width);
      (this.p[`y${i}`] as Dyn)['set'](type.kind === 'sint' ? y['asSInt']() : y);
    });
  }

  #pass(flavour: Flavour, x: Dyn, width: number): Dyn {
    switch (flavour) {
      case 'comb':
        return x;
      case 'reg':
        return this.reg(uint(width), { reset: 0 as never, next: x as never }) as never;
      case 'delay':
        return this.delay(x as never, 2, { reset: true }) as never;
      case 'child': {
        const child = this.inst(Held, { width });
        child.x.set(x as never);
        return child.y as never;
      }
      case 'memory': {
        const words = this.memory(uint(width), 4, { init: [1, 0, 1, 0] });
        const at = lowBits(x, width, 2) as never;
        when(this.p['go']?.['bit'](0) as never, () => words.write(at, x as never));
        return words.readNow(at) as never;
      }
      case 'inner': {
        const steps = this.mesh(Step, [3], { width });
        const end = this.wire(uint(width));
        steps.shift([1], { from: 'y', to: 'x', enter: x, leave: end });
        steps.index('n', { first: 0, step: [1] });
        return end as never;
      }
      case 'fsm': {
        const machine = this.fsm(['plain', 'inverse']);
        const odd = x['bit'](0) as never;
        machine.on({ plain: () => when(odd, () => machine.goto('inverse')), inverse: () => when(odd, () => machine.goto('plain')) });
        return mux(machine.is('plain') as never, x as never, call(x, 'not') as never) as never;
      }
    }
  }
}

export class MeshModule extends Module<MeshSpec> {
  readonly p: Record<string, Dyn>;
  constructor(cfg: MeshSpec) {
    super(cfg);
    const { shape, outs, ins } = cfg;
    const p = (this.p = this.io(record(portsOf(cfg))) as never as Record<string, Dyn>);
    const cells = this.mesh(Element as never, shape, { outs, ins } as never) as unknown as {
      shift(vector: readonly number[], options: object): void;
      feed(to: string, axes: readonly number[], value: unknown): void;
      index(to: string, options: object): void;
      collect(from: string, order: readonly number[]): Dyn;
    };
    if (hasMemory(outs)) cells.feed('go', [], p['go']);
    ins.forEach(({ type, link }, i) => {
      const to = `x${i}`;
      if (link.kind === 'feed') cells.feed(to, link.axes, p[to]);
      else if (link.kind === 'index') cells.index(to, link);
      else {
        const { enter } = link;
        const value =
          enter === 'zero'
            ? zeros(arrayType(type, []))
            : typeof enter === 'object'
              ? { sides: Object.fromEntries(enter.sides.flatMap((side, a) => (side ? [[a, p[`${to}s${a}`]]] : []))) }
              : p[to];
        cells.shift(link.vector, { from: `y${link.from}`, to, enter: value, ...(link.leave && { leave: p[`l${i}`] }) });
      }
    });
    outs.forEach(({ orders }, i) => orders.forEach((order, k) => (p[`y${i}o${k}`] as Dyn)['set'](cells.collect(`y${i}`, order))));
  }
}
