// Modules whose constructor is given, for tests of what elaboration makes of it.

import { bool, cat, type Design, elaborate, fill, type HwType, input, Module, output, type UInt, uint, vec } from '../../hdl/index.ts';
import type { Definition } from '../../hdl/ir/nodes.ts';
import type { AnyValue } from '../../hdl/value-types.ts';

/** A module whose constructor is given, with ports to work on and its tools made public. */
export class Bench extends Module<(m: Bench) => unknown> {
  readonly p = this.io({ a: input(uint(8)), go: input(bool), q: output(uint(8)), ok: output(bool), list: output(vec(uint(8), 4)) });
  readonly make = {
    wire: <T extends HwType>(type: T) => this.wire(type),
    reg: <T extends HwType>(type: T) => this.reg(type),
    inst: <M extends Module>(cls: new () => M) => this.inst<M>(cls as never, ...([] as never)) as unknown as { readonly [port: string]: never },
    cells: (shape: readonly number[]) => this.mesh(Cell, shape, { cross: false, registered: false }),
    ram: () => this.memory(uint(8), 16),
    delay: (value: UInt, depth: number) => this.delay(value, depth),
  };
  constructor(body: (m: Bench) => unknown) {
    super(body);
    this.p.q.set(0);
    this.p.ok.set(false);
    for (const x of [0, 1, 2, 3]) this.p.list.at(x).set(0);
    body(this);
  }
}

export const bench = (body: (m: Bench) => unknown): Design => elaborate(Bench, body, { name: 'bench' });
export const namesOf = (d: Definition): string[] => d.signals.map((s) => s.name);
export const definitionsOf = (design: Design, name: string): number => design.definitions.filter((d) => d.name.startsWith(name)).length;

/** Two directions through an element; `cross` couples them within the cycle, `registered` breaks the first one. */
export class Cell extends Module<{ readonly cross: boolean; readonly registered: boolean }> {
  readonly p = this.io({ x: input(uint(8)), y: input(uint(8)), xOut: output(uint(8)), yOut: output(uint(8)) });
  constructor(cfg: { readonly cross: boolean; readonly registered: boolean }) {
    super(cfg);
    const { x, y, xOut, yOut } = this.p;
    const sum = cfg.cross ? x.addw(y) : x;
    xOut.set(cfg.registered ? this.reg(uint(8), { next: sum }) : sum);
    yOut.set(cfg.cross ? y.xor(x) : y);
  }
}
export interface CellsConfig {
  readonly shape: readonly number[];
  /** Where x and y go. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly cross?: boolean;
  readonly registered?: boolean;
  /** What x leaves with comes in again. */
  readonly back?: boolean;
}
export class Cells extends Module<CellsConfig> {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  constructor(cfg: CellsConfig) {
    super(cfg);
    const { shape, x, y, cross = true, registered = false, back = false } = cfg;
    const cells = this.mesh(Cell, shape, { cross, registered });
    const edge = (vector: readonly number[]) => shape.filter((_, i) => vector[i] === 0);
    const filled = (vector: readonly number[]) => edge(vector).reduceRight<AnyValue>((value, n) => fill(n, value), this.p.a);
    const leaving = this.wire(edge(x).reduceRight<HwType>((type, n) => vec(type, n), uint(8)));
    cells.shift(x, { from: 'xOut', to: 'x', enter: back ? leaving : filled(x), leave: leaving });
    cells.shift(y, { from: 'yOut', to: 'y', enter: filled(y) });
    const first = edge(x).reduce<unknown>((value) => (value as { at(i: number): unknown }).at(0), leaving);
    this.p.q.set(first as UInt<8>);
  }
}

export class Swap extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
  constructor() {
    super();
    this.p.y.set(cat(this.p.x.bits(3, 0), this.p.x.bits(7, 4)));
  }
}
