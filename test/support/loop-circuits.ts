// The circuit and the children of the outside list of combinational loops.

import { bool, bundle, ExternalModule, enumeration, input, Module, mux, output, uint, vec } from '../../hdl/index.ts';
import { call, type Dyn } from './dynamic.ts';

type Ports = { readonly [port: string]: Dyn };
export const and = (a: Dyn, b: Dyn): Dyn => call(a, 'and', b);

export class Circuit extends Module<(m: Circuit) => void> {
  readonly p = this.io({
    a: input(uint(1)),
    go: input(bool),
    sel1: input(uint(2)),
    sel2: input(uint(2)),
    wide: input(uint(8)),
    c: output(uint(1)),
    out: output(vec(bundle({ wo: uint(1), wi: uint(1) }), 4)),
  });
  constructor(body: (m: Circuit) => void) {
    super(body);
    this.p.c.set(this.p.a);
    for (const i of [0, 1, 2, 3]) for (const field of ['wo', 'wi'] as const) this.p.out.at(i)[field].set(this.p.a);
    body(this);
  }
  wires(...names: readonly string[]): Dyn[] {
    return names.map((name) => this.of(uint(1), name));
  }
  of(type: unknown, name: string): Dyn {
    return (this.wire(type as never) as unknown as Dyn).named(name);
  }
  register(type: unknown): Dyn {
    return this.reg(type as never) as unknown as Dyn;
  }
  child(cls: unknown): Ports {
    return this.inst(cls as never, undefined as never) as unknown as Ports;
  }
  unnamed(): Dyn[] {
    return [this.wire(uint(1)) as unknown as Dyn];
  }
  read(address: Dyn): Dyn {
    return this.memory(uint(1), 2, { init: [0, 1] }).readNow(address as never) as unknown as Dyn;
  }
  get in(): { readonly [port: string]: Dyn } {
    return this.p as never;
  }
}

/** Both outputs are inputs, each its own. */
export class Thru2 extends Module {
  readonly p = this.io({ in1: input(uint(1)), in2: input(uint(1)), out1: output(uint(1)), out2: output(uint(1)) });
  constructor() {
    super();
    const a = this.wire(uint(1));
    this.p.out1.set(a);
    a.set(this.p.in1);
    this.p.out2.set(this.p.in2);
  }
}
export class Thru extends Module {
  readonly p = this.io({ in: input(uint(1)), out: output(uint(1)) });
  constructor() {
    super();
    this.p.out.set(this.p.in);
  }
}
export class ThruTwice extends Module {
  readonly p = this.io({ in: input(uint(1)), out: output(uint(1)) });
  constructor() {
    super();
    const inner = this.inst(Thru);
    inner.in.set(this.p.in);
    this.p.out.set(inner.out);
  }
}
export class Held extends Module {
  readonly p = this.io({ in: input(uint(1)), out: output(uint(1)) });
  constructor() {
    super();
    this.p.out.set(this.reg(uint(1), { next: this.p.in }));
  }
}
export class HeldInside extends Module {
  readonly p = this.io({ in: input(uint(1)), out: output(uint(1)) });
  constructor() {
    super();
    const inner = this.inst(Held);
    inner.in.set(this.p.in);
    this.p.out.set(inner.out);
  }
}
export class Sink extends Module {
  readonly p = this.io({ a: input(uint(1)) });
}
export class ExternalSink extends ExternalModule {
  readonly verilog = { name: 'BAR' };
  readonly p = this.io({ a: input(uint(1)) });
}
export const Pair = bundle({ a: uint(8), b: uint(4) });
export class PairSink extends Module {
  readonly p = this.io({ a: input(Pair) });
}
/** Element by element, or whole. */
class Elements extends Module<{ whole: boolean }> {
  readonly p = this.io({ a: input(vec(uint(1), 2)), b: output(vec(uint(1), 2)) });
  constructor(cfg: { whole: boolean }) {
    super(cfg);
    if (cfg.whole) this.p.b.set(this.p.a);
    else for (const i of [0, 1]) this.p.b.at(i).set(this.p.a.at(i));
  }
}
export class ByElements extends Elements {
  constructor() {
    super({ whole: false });
  }
}
export class Whole extends Elements {
  constructor() {
    super({ whole: true });
  }
}
export class Choice extends Module {
  readonly p = this.io({ in1: input(uint(1)), in2: input(uint(1)), out: output(uint(1)) });
  constructor() {
    super();
    const { in1, in2, out } = this.p;
    out.set(mux(in1.asBool(), in1, in2));
  }
}
/** One of three vectors' elements, by two choices. */
export class Choices extends Module {
  readonly p = this.io({
    w: input(bool),
    in0: input(vec(uint(1), 2)),
    in1: input(vec(uint(1), 2)),
    in2: input(vec(uint(1), 3)),
    out: output(vec(uint(1), 2)),
  });
  constructor() {
    super();
    const { w, in0, in1, in2, out } = this.p;
    out.at(0).set(0);
    out.at(1).set(mux(w, in0.at(0), mux(w, in1.at(0), in2.at(1))));
  }
}
export class ScalarToVec extends Module {
  readonly p = this.io({ in1: input(uint(1)), in2: input(vec(uint(1), 3)), out: output(vec(uint(1), 2)) });
  constructor() {
    super();
    this.p.out.at(0).set(this.p.in2.at(0));
    this.p.out.at(1).set(this.p.in1);
  }
}
export class Fan extends Module {
  readonly p = this.io({ a: input(uint(1)), b: output(uint(1)), cd: output(uint(1)) });
  constructor() {
    super();
    this.p.b.set(this.p.a);
    this.p.cd.set(this.p.a);
  }
}
const Bits = bundle({ a: uint(1), b: uint(1) });
export class BundleThru extends Module {
  readonly p = this.io({ bundle: input(Bits), p: output(Bits) });
  constructor() {
    super();
    this.p.p.a.set(this.p.bundle.a);
    this.p.p.b.set(this.p.bundle.b);
  }
}
/** A function of other languages that is called: at an edge, or at once. */
class Called extends ExternalModule<{ clocked: boolean }> {
  readonly verilog = this.cfg.clocked ? { name: 'CLOCKED', clock: 'clk', registered: ['q'] } : { name: 'UNCLOCKED' };
  readonly p = this.io({ d: input(uint(8)), q: output(uint(8)) });
}
export class Clocked extends Called {
  constructor() {
    super({ clocked: true });
  }
}
export class Unclocked extends Called {
  constructor() {
    super({ clocked: false });
  }
}
export const Mode = enumeration('Mode', ['a', 'b']);
