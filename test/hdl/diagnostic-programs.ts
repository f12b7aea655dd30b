// biome-ignore-all format: a mark must stay on the line that its diagnostic names
// Small wrong programs. The line that a diagnostic must name carries its code as a comment, the line of a note `note`.

import { emitFirrtl } from '../../hdl/firrtl/index.ts'; 
import { asReset, assert, attribute, bf16, bool, bundle, cat, clock, comment, connect, type Design, ExternalModule, type ExternalVerilog, elaborate, encode, enumeration, fixed, float, fp4e2m1, fp8e4m3, fp16, hexFile, inDomain, input, lit, Module, mux, output, type PortRecord, past, pathOf, reset, section, sint, switchOn, table, type UInt, ufixed, uint, vec, vecOf, when, type zeros } from '../../hdl/index.ts';import { Counter } from '../../hdl/std/index.ts';
import type { Dyn } from '../support/dynamic.ts';
export interface Program {
  readonly code: string;
  /** What is wrong, in few words; the name of the golden file after the code. */
  readonly what: string;
  readonly run: () => void;
}

/** What gets past TypeScript only on purpose. */
const untyped = (value: unknown): Dyn => value as Dyn;
const never = (value: unknown): never => value as never;

/** Elaborates a module without ports but one output, whose constructor does the wrong thing. */
export function inModule(body: (m: Bench) => void): () => void {
  return () => void elaborate(Bench, never(body), { name: 'bench' });
}

class Bench extends Module<(m: Bench) => void> {
  readonly p = this.io({ // note
    a: input(uint(8)),
    s: input(sint(8)),
    go: input(bool),
    v: input(vec(uint(8), 4)),
    q: output(uint(8)),
    list: output(vec(uint(8), 4)),
  });
  constructor(body: (m: Bench) => void) {
    super(body);
    this.p.q.set(this.p.a);
    this.p.list.set(this.p.v);
    body(this);
  }
  newWire<T extends Parameters<typeof zeros>[0]>(type: T) {
    return this.wire(type); // note HDL-D001
  }
  do(): {
    io(record: PortRecord): unknown;
    delay(value: unknown, depth: number): unknown;
    skew(value: unknown, depths: object): unknown;
    inst(cls: unknown, cfg?: unknown): { readonly [port: string]: Dyn };
    mesh(cls: unknown, shape: readonly unknown[], cfg?: unknown): { shift(v: readonly number[], o: object): void; feed(to: string, axes: readonly number[], value: unknown): void; index(to: string, o: object): void; collect(from: string, order?: readonly number[]): unknown; broadcast(to: string, v: unknown): void };
    reg(type: unknown, options?: object): Dyn;
    wire(type: unknown): Dyn; memory(type: unknown, depth: number, options?: object): { read(a: unknown): Dyn; write(a: unknown, v: unknown, o?: object): void }; fsm(states: readonly string[]): { goto(state: string): void };
  } {
    return this as never;
  }
}

export class Inverter extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) }); // note
  constructor() {
    super(); // HDL-E001
    this.p.y.set(this.p.x.not());
  }
}

class NoPorts extends Module {
  readonly p = {};
}

class Ouroboros extends Module {
  readonly p = this.io({ x: input(bool), y: output(bool) });
  constructor() {
    super();
    const inner = this.inst(Ouroboros); // HDL-E005
    inner.x.set(this.p.x);
    this.p.y.set(inner.y);
  }
}

class BadNames extends Module<PortRecord> {
  readonly p = this.io(this.cfg); // HDL-N001 HDL-N002 HDL-N003 note
  constructor(cfg: PortRecord) {
    super(cfg);
    for (const port of Object.values(this.p)) untyped(port).set(false);
  }
}

let stolen: unknown;
class Owner extends Module {
  readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) }); // note
  constructor() {
    super();
    stolen = this.p.x;
    this.p.y.set(this.p.x);
  }
}

class Latch extends Module {
  readonly p = this.io({ a: input(bool), b: input(bool), q: output(uint(8)), r: output(uint(4)), n: output(uint(8)), e: output(vec(uint(2), 3)) }); // HDL-D001
  constructor() {
    super();
    const { a, b, q, r, e } = this.p;
    when(a, () => {
      when(b, () => q.set(1)).otherwise(() => {});
    }).otherwise(() => q.set(2));
    r.bits(2, 0).set(5);
    e.at(0).set(1);
    e.at(2).set(1);
  }
}

class Loop extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  constructor() {
    super();
    const x = this.wire(uint(8)); // HDL-L001
    const y = this.wire(uint(8)); // note
    x.set(y.addw(this.p.a));
    y.set(x.xor(1));
    this.p.q.set(y);
  }
}

class LoopThroughChild extends Module {
  readonly p = this.io({ q: output(uint(8)) });
  constructor() {
    super();
    const child = this.inst(Inverter); // HDL-L001 note
    child.x.set(child.y);
    this.p.q.set(child.y);
  }
}

class Back extends Module {
  readonly p = this.io({ east: input(bool), west: input(bool), eastOut: output(bool), westOut: output(bool) });
  constructor() {
    super();
    this.p.eastOut.set(this.p.east.xor(this.p.west));
    this.p.westOut.set(this.p.east.and(this.p.west));
  }
}

class LoopInMesh extends Module {
  readonly p = this.io({ a: input(bool), q: output(bool) });
  constructor() {
    super();
    const cells = this.mesh(Back, [4]); // HDL-L001
    cells.shift([1], { from: 'eastOut', to: 'east', enter: this.p.a, leave: this.p.q });
    cells.shift([-1], { from: 'westOut', to: 'west', enter: this.p.a });
  }
}

class Unused extends Module {
  readonly p = this.io({ spare: input(uint(4)), q: output(bool) }); // HDL-D003
  constructor() {
    super();
    const forgotten = this.reg(uint(3), { reset: 0 }); // HDL-D003
    forgotten.set(1);
    this.p.q.set(false);
  }
}

/** A design with several mistakes in two modules. */
class Several extends Module {
  readonly p = this.io({ a: input(uint(9)), s: input(sint(4)), q: output(uint(8)), r: output(bool) }); // HDL-D001 note
  constructor() {
    super();
    this.inst(Faulty);
    this.p.q.set(untyped(this.p.a) as never); // HDL-W003
    const sum = this.p.a.add(never(this.p.s)); // HDL-S001
    this.p.q.set(sum.trunc(8));
  }
}
class Faulty extends Module {
  readonly p = this.io({ q: output(uint(2)) }); // note
  constructor() {
    super();
    this.p.q.set(5); // HDL-W001
    this.p.q.bits(3, 0).set(1); // HDL-W002
  }
}

export const programs: readonly Program[] = [
  { code: 'HDL-T001', what: 'fractional-width', run: () => void uint(2.5) }, // HDL-T001
  { code: 'HDL-T001', what: 'negative-width', run: () => void sint(-1) }, // HDL-T001
  { code: 'HDL-T002', what: 'empty-vector', run: () => void vec(bool, 0) }, // HDL-T002
  { code: 'HDL-W001', what: 'literal-too-large', run: inModule((m) => { m.p.q.set(256); }) }, // HDL-W001
  { code: 'HDL-W001', what: 'literal-too-small', run: inModule(() => { lit(sint(8), -129); }) }, // HDL-W001
  { code: 'HDL-W001', what: 'negative-operand', run: inModule((m) => { m.p.q.set(m.p.a.addw(-1)); }) }, // HDL-W001
  { code: 'HDL-W001', what: 'fraction', run: inModule((m) => { m.p.q.set(0.5); }) }, // HDL-W001
  { code: 'HDL-W002', what: 'bits', run: inModule((m) => { m.p.q.set(m.p.a.bits(8, 1)); }) }, // HDL-W002
  { code: 'HDL-W003', what: 'sum-into-port', run: inModule((m) => { m.p.q.set(m.p.a.add(1)); }) }, // HDL-W003
  { code: 'HDL-W003', what: 'into-register', run: inModule((m) => { m.do().reg(uint(8)).set(cat(m.p.a, m.p.a)); }) }, // HDL-W003 note
  { code: 'HDL-W004', what: 'trunc', run: inModule((m) => { m.p.a.trunc(9); }) }, // HDL-W004
  { code: 'HDL-W004', what: 'extend', run: inModule((m) => { m.p.a.extend(7); }) }, // HDL-W004
  { code: 'HDL-W005', what: 'negative', run: inModule((m) => { m.p.a.shl(-1); }) }, // HDL-W005
  { code: 'HDL-W005', what: 'sint', run: inModule((m) => { m.p.a.dshr(never(m.p.s)); }) }, // HDL-W005
  { code: 'HDL-W006', what: 'cap', run: inModule((m) => { m.p.a.dshl(cat(m.p.a, m.p.go)); }) }, // HDL-W006
  { code: 'HDL-W007', what: 'length', run: inModule((m) => { m.p.list.set(vecOf(m.p.a, m.p.a)); }) }, // HDL-W007
  { code: 'HDL-W007', what: 'vector-into-integer', run: inModule((m) => { m.p.q.set(never(m.p.v)); }) }, // HDL-W007
  { code: 'HDL-W008', what: 'index', run: inModule((m) => { m.p.q.set(m.p.v.at(4)); }) }, // HDL-W008
  { code: 'HDL-S001', what: 'operator', run: inModule((m) => { m.p.a.add(never(m.p.s)); }) }, // HDL-S001
  { code: 'HDL-S001', what: 'mux', run: inModule((m) => { mux(m.p.go, m.p.a, never(m.p.s)); }) }, // HDL-S001
  { code: 'HDL-S001', what: 'vecOf', run: inModule((m) => { vecOf(m.p.a, never(m.p.s)); }) }, // HDL-S001
  { code: 'HDL-S002', what: 'assignment', run: inModule((m) => { m.p.q.set(never(m.p.s)); }) }, // HDL-S002
  { code: 'HDL-S003', what: 'when', run: inModule((m) => { when(never(m.p.a), () => {}); }) }, // HDL-S003
  { code: 'HDL-S003', what: 'asBool', run: inModule((m) => { m.p.a.asBool(); }) }, // HDL-S003
  { code: 'HDL-S004', what: 'bool-sum', run: inModule((m) => { (m.p.go as unknown as UInt).add(never(m.p.go)); }) }, // HDL-S004
  { code: 'HDL-S004', what: 'signed-index', run: inModule((m) => { m.p.v.at(never(m.p.s)); }) }, // HDL-S004
  { code: 'HDL-S005', what: 'arithmetic', run: inModule((m) => { void ((m.p.a as unknown as number) + 1); }) }, // HDL-S005
  { code: 'HDL-S005', what: 'json', run: inModule((m) => { JSON.stringify({ a: m.p.a }); }) }, // HDL-S005
  { code: 'HDL-D001', what: 'latch', run: () => void elaborate(Latch) },
  { code: 'HDL-D001', what: 'wire', run: inModule((m) => { m.p.q.set(m.newWire(uint(8))); }) },
  { code: 'HDL-D001', what: 'mesh-input', run: inModule((m) => { m.do().mesh(Inverter, [2]); }) }, // HDL-D001
  { code: 'HDL-D002', what: 'mesh-input', run: inModule((m) => { const cells = m.do().mesh(Inverter, [2]); cells.broadcast('x', m.p.a); cells.broadcast('x', m.p.a); }) }, // HDL-D002 note
  { code: 'HDL-P001', what: 'input', run: inModule((m) => { untyped(m.p.a).set(1); }) }, // HDL-P001
  { code: 'HDL-P002', what: 'child-output', run: inModule((m) => { const child = m.do().inst(Inverter); child['x']?.set(m.p.a); child['y']?.set(1); }) }, // HDL-P002 note
  { code: 'HDL-P003', what: 'sum', run: inModule((m) => { untyped(m.p.a.add(1)).set(1); }) }, // HDL-P003
  { code: 'HDL-P004', what: 'mesh-port', run: inModule((m) => { const cells = m.do().mesh(Inverter, [2]); cells.broadcast('z', m.p.a); cells.broadcast('x', m.p.a); }) }, // HDL-P004
  { code: 'HDL-P005', what: 'stolen', run: inModule((m) => { const child = m.do().inst(Owner); child['x']?.set(m.p.a); m.p.q.set(never(stolen)); }) }, // HDL-P005
  { code: 'HDL-P006', what: 'fields', run: inModule((m) => { connect({ a: m.p.a }, { b: m.p.q }); }) }, // HDL-P006
  { code: 'HDL-P006', what: 'two-outputs', run: inModule((m) => { connect(m.p.q, m.do().wire(uint(8))); }) }, // HDL-P006 HDL-D001
  { code: 'HDL-P006', what: 'two-inputs', run: inModule((m) => { connect(m.p.a, m.p.s); }) }, // HDL-P006
  { code: 'HDL-L001', what: 'wires', run: () => void elaborate(Loop) },
  { code: 'HDL-L001', what: 'child', run: () => void elaborate(LoopThroughChild) },
  { code: 'HDL-L001', what: 'mesh', run: () => void elaborate(LoopInMesh) },
  { code: 'HDL-N001', what: 'named', run: inModule((m) => { m.p.a.named('two words'); }) }, // HDL-N001
  { code: 'HDL-N001', what: 'port', run: () => void elaborate(BadNames, { '1st': output(bool) }) },
  { code: 'HDL-N002', what: 'ports', run: () => void elaborate(BadNames, { rowCount: output(bool), row_count: output(bool) }) },
  { code: 'HDL-N003', what: 'top', run: () => void elaborate(BadNames, { badNames: output(bool) }) },
  { code: 'HDL-M001', what: 'shape', run: inModule((m) => { m.do().mesh(Inverter, [2, 0]); }) }, // HDL-M001
  { code: 'HDL-M002', what: 'vector', run: inModule((m) => { m.do().mesh(Inverter, [2, 2]).shift([0, 0], { from: 'y', to: 'x', enter: m.p.v }); }) }, // HDL-M002
  { code: 'HDL-M003', what: 'axes', run: inModule((m) => { m.do().mesh(Inverter, [2, 2]).feed('x', [1, 0], m.p.v); }) }, // HDL-M003
  { code: 'HDL-M004', what: 'edge', run: inModule((m) => { m.do().mesh(Inverter, [2, 4]).feed('x', [0], m.p.v); }) }, // HDL-M004
  { code: 'HDL-M005', what: 'link', run: inModule((m) => { m.do().mesh(Mixed, [2]).shift([1], { from: 'wide', to: 'narrow', enter: m.p.a }); }) }, // HDL-M005
  { code: 'HDL-E001', what: 'outside', run: () => void lit(uint(1), 1) }, // HDL-E001
  { code: 'HDL-E001', what: 'module-outside', run: () => void new Inverter() },
  { code: 'HDL-E002', what: 'twice', run: inModule((m) => { m.do().io({ z: input(bool) }); }) }, // HDL-E002
  { code: 'HDL-E003', what: 'no-ports', run: () => void elaborate(NoPorts) }, // HDL-E003
  { code: 'HDL-E004', what: 'negative', run: inModule((m) => { m.do().delay(m.p.a, -1); }) }, // HDL-E004
  { code: 'HDL-E004', what: 'lane', run: inModule((m) => { m.do().skew(m.p.v, { first: 2, step: -1 }); }) }, // HDL-E004
  { code: 'HDL-E005', what: 'recursion', run: () => void elaborate(Ouroboros) },
  { code: 'HDL-T003', what: 'no-name', run: () => void enumeration('Op', ['add', 'two words']) }, // HDL-T003
  { code: 'HDL-T003', what: 'equal-names', run: () => void enumeration('Op', ['add', 'add']) }, // HDL-T003
  { code: 'HDL-T003', what: 'equal-codes', run: () => void enumeration('Op', { add: 1, sub: 1 }) }, // HDL-T003
  { code: 'HDL-T003', what: 'negative-code', run: () => void enumeration('Op', { add: -1 }) }, // HDL-T003
  { code: 'HDL-T003', what: 'empty', run: () => void enumeration('Op', []) }, // HDL-T003
  { code: 'HDL-T004', what: 'assigned', run: inModule((m) => { m.do().reg(enumeration('Op', ['add', 'sub'])).set('mul'); }) }, // HDL-T004
  { code: 'HDL-T004', what: 'case', run: inModule((m) => { switchOn(never(m.do().reg(enumeration('Op', ['add', 'sub']))), never({ mul: () => {} })); }) }, // HDL-T004
  { code: 'HDL-T005', what: 'large', run: inModule((m) => { switchOn(m.p.a, { 256: () => {} }); }) }, // HDL-T005
  { code: 'HDL-T005', what: 'short-pattern', run: inModule((m) => { switchOn(m.p.a, { '0b1?0': () => {} }); }) }, // HDL-T005
  { code: 'HDL-T005', what: 'word', run: inModule((m) => { switchOn(m.p.a, { zero: () => {} }); }) }, // HDL-T005
  { code: 'HDL-F001', what: 'state', run: inModule((m) => { m.do().fsm(['idle', 'run', 'stop']).goto('run'); }) }, // HDL-F001
  { code: 'HDL-R001', what: 'depth', run: inModule((m) => { m.do().memory(uint(8), 0); }) }, // HDL-R001
  { code: 'HDL-R002', what: 'words', run: inModule((m) => { m.do().memory(uint(8), 4, { init: [1, 2, 3] }); }) }, // HDL-R002
  { code: 'HDL-R002', what: 'lanes', run: inModule((m) => { m.do().memory(vec(uint(8), 2), 1, { init: [[1, 2, 3]] }); }) }, // HDL-R002
  { code: 'HDL-R003', what: 'clock', run: inModule((m) => { m.do().memory(bundle({ first: uint(8), second: clock }), 4); }) }, // HDL-R003
  { code: 'HDL-R004', what: 'length', run: inModule((m) => { m.do().memory(vec(uint(8), 4), 4).write(m.p.a.bits(1, 0), m.p.v, { mask: vecOf(m.p.go, m.p.go) }); }) }, // HDL-R004
  { code: 'HDL-R004', what: 'one-word', run: inModule((m) => { m.do().memory(uint(8), 4).write(m.p.a.bits(1, 0), m.p.a, { mask: vecOf(m.p.go, m.p.go) }); }) }, // HDL-R004
  { code: 'HDL-W003', what: 'word-too-wide', run: inModule((m) => { m.do().memory(uint(4), 4).write(m.p.a.bits(1, 0), m.p.a); }) }, // HDL-W003 note
  { code: 'HDL-W007', what: 'number-for-lanes', run: inModule((m) => { m.do().memory(vec(uint(8), 4), 4).write(m.p.a.bits(1, 0), 3); }) }, // HDL-W007 note
  { code: 'HDL-S002', what: 'enumerations', run: inModule((m) => { m.do().reg(enumeration('Op', ['add', 'sub'])).set(m.do().reg(enumeration('Mode', ['add', 'sub']))); }) }, // HDL-S002 note
  { code: 'HDL-S002', what: 'word', run: inModule((m) => { m.do().memory(uint(8), 4).write(m.p.a.bits(1, 0), m.p.s); }) }, // HDL-S002 note
  { code: 'HDL-S004', what: 'signed-address', run: inModule((m) => { m.do().memory(uint(8), 4).read(m.p.s); }) }, // HDL-S004
  { code: 'HDL-A001', what: 'sum', run: inModule((m) => { comment(m.p.a.add(1), 'one more'); }) }, // HDL-A001
  { code: 'HDL-A001', what: 'element', run: inModule((m) => { attribute(m.p.v.at(0), 'keep', true); }) }, // HDL-A001
  { code: 'HDL-A001', what: 'number', run: inModule(() => { comment(never(3), 'three'); }) }, // HDL-A001
  { code: 'HDL-A002', what: 'name', run: inModule((m) => { attribute(m.p.a, 'keep me', true); }) }, // HDL-A002
  { code: 'HDL-A002', what: 'value', run: inModule((m) => { attribute(m.p.a, 'label', 'a *) b'); }) }, // HDL-A002
  { code: 'HDL-A003', what: 'branch', run: inModule((m) => { when(m.p.go, () => { section('Read side'); }); }) }, // HDL-A003
  { code: 'HDL-A003', what: 'end', run: inModule(() => { section('Read side'); }) }, // HDL-A003
  { code: 'HDL-V001', what: 'empty', run: inModule((m) => { assert(m.p.go, ' '); }) }, // HDL-V001
  { code: 'HDL-S003', what: 'assert', run: inModule((m) => { assert(never(m.p.a), 'it is there'); }) }, // HDL-S003
  { code: 'HDL-E004', what: 'past', run: inModule((m) => { past(m.p.a, -1); }) }, // HDL-E004
  { code: 'HDL-R005', what: 'missing', run: inModule((m) => { m.do().memory(uint(8), 4, { init: hexFile('none.hex') }); }) }, // HDL-R005
  { code: 'HDL-R005', what: 'many', run: inModule((m) => { m.do().memory(uint(8), 2, { init: hexFile('contents/words.hex') }); }) }, // HDL-R005
  { code: 'HDL-R005', what: 'wide', run: inModule((m) => { m.do().memory(uint(4), 8, { init: hexFile('contents/words.hex') }); }) }, // HDL-R005
  { code: 'HDL-R005', what: 'unknown', run: inModule((m) => { m.do().memory(uint(8), 8, { init: hexFile('contents/unknown.hex') }); }) }, // HDL-R005
  { code: 'HDL-R005', what: 'word', run: inModule((m) => { m.do().memory(uint(8), 8, { init: hexFile('contents/decimal.hex') }); }) }, // HDL-R005
  { code: 'HDL-R005', what: 'twice', run: inModule((m) => { m.do().memory(uint(8), 8, { init: hexFile('contents/twice.hex') }); }) }, // HDL-R005
  { code: 'HDL-R005', what: 'code', run: inModule((m) => { m.do().memory(enumeration('Op', ['add', 'sub', 'mul']), 2, { init: hexFile('contents/codes.hex') }); }) }, // HDL-R005
  { code: 'HDL-O001', what: 'contents', run: () => void emitFirrtl(elaborate(Preloaded)) }, { code: 'HDL-O002', what: 'elsewhere', run: () => void pathOf(elaborate(Preloaded), elaborate(Preloaded).top) }, { code: 'HDL-O002', what: 'element', run: () => pathOnce((d, p) => pathOf(d, p, 4)) }, { code: 'HDL-X001', what: 'module', run: around({ name: '2MULT' }) },
  { code: 'HDL-X001', what: 'port', run: around({ name: 'MULT', clock: 'wire' }) },
  { code: 'HDL-X001', what: 'parameter', run: around({ name: 'MULT', parameters: { 'SIZE-2': 4 } }) },
  { code: 'HDL-X002', what: 'clock', run: around({ name: 'MULT', clock: 'A' }) },
  { code: 'HDL-X003', what: 'infinite', run: around({ name: 'MULT', parameters: { SIZE: 1 / 0 } }) },
  { code: 'HDL-X003', what: 'width', run: around({ name: 'MULT', parameters: { SIZE: { width: 4, value: 16 } } }) },
  { code: 'HDL-X004', what: 'registered', run: around({ name: 'MULT', registered: ['Q'] }) },
  { code: 'HDL-X005', what: 'body', run: around({ name: 'MULT' }, true) },
  { code: 'HDL-X008', what: 'active-low', run: around({ name: 'MULT', reset: { name: 'RSTN', activeLow: true } }) },
  { code: 'HDL-X006', what: 'top', run: () => void elaborate(Foreign, { verilog: { name: 'MULT' }, busy: false }) }, // HDL-X006
  { code: 'HDL-X007', what: 'top-name', run: around({ name: 'bench' }) },
  { code: 'HDL-Q001', what: 'fraction', run: () => void fixed(8, 0.5) }, // HDL-Q001
  { code: 'HDL-Q002', what: 'infinities', run: () => void float({ exponent: 4, mantissa: 3, nans: 'all-ones', infinities: true }) }, // HDL-Q002
  { code: 'HDL-Q002', what: 'widths', run: () => void float({ exponent: 15, mantissa: 64 }) }, // HDL-Q002
  { code: 'HDL-Q002', what: 'bias', run: () => void float({ exponent: 11, mantissa: 4, bias: 3 }) }, // HDL-Q002
  { code: 'HDL-Q002', what: 'nans', run: () => void float({ exponent: 4, mantissa: 3, nans: never('some') }) }, // HDL-Q002
  { code: 'HDL-Q002', what: 'no-mantissa', run: () => void float({ exponent: 4, mantissa: 0 }) }, // HDL-Q002
  { code: 'HDL-Q003', what: 'inexact', run: inModule((m) => { m.newWire(fixed(8, 4)).set(0.1); }) }, // HDL-Q003
  { code: 'HDL-Q003', what: 'out-of-range', run: inModule((m) => { m.newWire(ufixed(8, 4)).set(-1); }) }, // HDL-Q003
  { code: 'HDL-Q003', what: 'float', run: inModule((m) => { m.newWire(fp8e4m3).set(500); }) }, // HDL-Q003
  { code: 'HDL-Q003', what: 'no-infinity', run: inModule((m) => { m.newWire(fp4e2m1).set(Number.POSITIVE_INFINITY); }) }, // HDL-Q003
  { code: 'HDL-Q003', what: 'operand', run: inModule((m) => { m.newWire(fixed(9, 4)).set(lit(fixed(8, 4), 1.5).add(0.01)); }) }, // HDL-Q003 HDL-W003 note
  { code: 'HDL-Q003', what: 'not-a-number', run: inModule((m) => { m.newWire(fp16).set(never('1.5')); }) }, // HDL-Q003
  { code: 'HDL-Q003', what: 'encode', run: () => void encode(fixed(8, 4), 8) }, // HDL-Q003
  { code: 'HDL-Q004', what: 'fraction-lost', run: inModule((m) => { m.newWire(fixed(8, 2)).set(never(lit(fixed(8, 4), 1.5))); }) }, // HDL-Q004 note HDL-D001
  { code: 'HDL-W003', what: 'integer-lost', run: inModule((m) => { m.newWire(fixed(8, 4)).set(m.p.s.asFixed(2)); }) }, // HDL-W003 note HDL-D001
  { code: 'HDL-Q005', what: 'rounding', run: inModule((m) => { m.newWire(fixed(4, 2)).set(m.p.s.asFixed(4).toFixed(4, 2, { rounding: never('nearest') })); }) }, // HDL-Q005
  { code: 'HDL-Q005', what: 'overflow', run: inModule((m) => { m.newWire(fixed(4, 2)).set(m.p.s.asFixed(4).toFixed(4, 2, { overflow: never('clip') })); }) }, // HDL-Q005
  { code: 'HDL-Q006', what: 'float-width', run: inModule((m) => { m.newWire(fp16).set(m.p.a.asFloat(fp16)); }) }, // HDL-Q006
  { code: 'HDL-Q007', what: 'out-of-reach', run: inModule((m) => { m.newWire(uint(4)).set(table(uint(4), m.p.a.bits(1, 0), [1, 2, 3, 4, 5])); }) }, // HDL-Q007
  { code: 'HDL-Q007', what: 'no-values', run: inModule((m) => { m.newWire(uint(4)).set(table(uint(4), m.p.a, [])); }) }, // HDL-Q007
  { code: 'HDL-Q007', what: 'function', run: inModule((m) => { m.newWire(uint(4)).set(table(uint(4), cat(m.p.a, m.p.a, m.p.a), () => 1)); }) }, // HDL-Q007
  { code: 'HDL-S004', what: 'signed-table-index', run: inModule((m) => { m.newWire(uint(4)).set(table(uint(4), never(m.p.s), [1])); }) }, // HDL-S004
  { code: 'HDL-S001', what: 'points', run: inModule((m) => { m.newWire(bool).set(m.p.s.asFixed(4).lt(never(m.p.a.asFixed(4)))); }) }, // HDL-S001
  { code: 'HDL-S001', what: 'float-formats', run: inModule((m) => { m.newWire(bool).set(lit(fp16, 1).lt(never(lit(bf16, 1)))); }) }, // HDL-S001
  { code: 'HDL-S001', what: 'integer-and-fixed', run: inModule((m) => { m.newWire(uint(9)).set(m.p.a.add(never(m.p.a.asFixed(4)))); }) }, // HDL-S001
  { code: 'HDL-S002', what: 'integer-into-fixed', run: inModule((m) => { m.newWire(fixed(8, 4)).set(never(m.p.s)); }) }, // HDL-S002 note HDL-D001
  { code: 'HDL-W002', what: 'slice', run: inModule((m) => { m.newWire(uint(9)).set(m.p.a.slice(m.p.a.bits(2, 0), 9)); }) }, // HDL-W002
  { code: 'HDL-S004', what: 'signed-offset', run: inModule((m) => { m.newWire(bool).set(m.p.a.bitAt(never(m.p.s))); }) }, // HDL-S004
  { code: 'HDL-C001', what: 'counter', run: () => void elaborate(Counter, { states: 0 }) }, // HDL-C001
  { code: 'HDL-K001', what: 'registers', run: () => void elaborate(TwoClocks, (m) => {
    const a = inDomain(m.a, () => m.do().reg(bool)); // note
    a.set(m.p.fromA);
    const b = inDomain(m.b, () => m.do().reg(bool)); // HDL-K001
    b.set(mux(never(a), m.p.fromB, m.p.fromB.not()));
  }) },
  { code: 'HDL-K001', what: 'through-children', run: () => void elaborate(TwoClocks, (m) => {
    const launch = inDomain(m.a, () => m.do().inst(Flop)); // note
    const sample = inDomain(m.b, () => m.do().inst(Flop)); // HDL-K001
    launch['d']?.set(m.p.fromA);
    sample['d']?.set(launch['q']);
  }) },
  { code: 'HDL-K002', what: 'reset', run: () => void elaborate(TwoClocks, (m) => {
    const a = inDomain(m.a, () => m.do().reg(bool)); // note
    a.set(m.p.fromA);
    m.do().reg(bool, { domain: m.b, reset: false, resetWith: asReset(never(a), { async: true }) }).set(m.p.fromB); // HDL-K002
  }) },
  { code: 'HDL-K003', what: 'shared', run: () => void elaborate(Shared) },
  { code: 'HDL-K004', what: 'button', run: () => void elaborate(TwoClocks, (m) => {
    m.do().reg(bool, { domain: m.b }).set(m.p.button); // HDL-K004
  }) },
  { code: 'HDL-K005', what: 'value', run: clocked((m) => { m.do().reg(uint(8), { reset: m.p.a, resetWith: m.p.arst }); }) }, // HDL-K005
  { code: 'HDL-K006', what: 'register', run: clocked((m) => { inDomain(m.bare, () => m.do().reg(uint(8), { reset: 1 })); }) }, // HDL-K006
  { code: 'HDL-K007', what: 'ram', run: clocked((m) => { const ram = m.do().memory(uint(8), 256); ram.write(m.p.a, m.p.a); inDomain(m.bare, () => ram.write(m.p.a, m.p.a)); }) }, // HDL-K007
  { code: 'HDL-K008', what: 'bool-as-clock', run: clocked((m) => { m.do().domain({ clock: m.p.go }); }) }, // HDL-K008
  { code: 'HDL-K008', what: 'bool-as-reset', run: clocked((m) => { m.do().domain({ clock: m.p.other, reset: m.p.go }); }) }, // HDL-K008
  { code: 'HDL-K009', what: 'register', run: clocked((m) => { m.do().reg(reset()); }) }, // HDL-K009
  { code: 'HDL-K009', what: 'output', run: () => void elaborate(ClockOut) },
  { code: 'HDL-K010', what: 'input', run: () => void elaborate(WrongClock) },
  { code: 'HDL-K011', what: 'gate', run: clocked((m) => { m.p.q.set(mux(m.p.go.and(never(untyped(m.p.other).asBool())), m.p.a, m.p.a)); }) }, // HDL-K011
  { code: 'HDL-K011', what: 'reset', run: clocked((m) => { m.p.q.set(never(untyped(m.p.arst).asUInt())); }) }, // HDL-K011
  { code: 'HDL-S002', what: 'reset-kind', run: clocked((m) => { const child = m.do().inst(Resettable); child['rst']?.set(m.p.arst); }) }, // HDL-S002 note
  { code: 'HDL-P005', what: 'domain', run: clocked((m) => { m.do().inst(Thief, () => m.bare); }) }, // HDL-P005
  { code: 'HDL-W003', what: 'several-at-once', run: () => void elaborate(Several) },
];

/** An external module that says about itself what it is told to. */
class Foreign extends ExternalModule<{ verilog: ExternalVerilog; busy: boolean }> {
  readonly verilog = this.cfg.verilog;
  readonly p = this.io({ A: input(uint(8)), P: output(uint(8)) }); // HDL-X002
  constructor(cfg: { verilog: ExternalVerilog; busy: boolean }) {
    super(cfg); // HDL-X004 HDL-X005 HDL-X008
    if (cfg.busy) this.p.P.set(this.p.A);
  }
}

function around(verilog: ExternalVerilog, busy = false): () => void {
  return inModule((m) => { m.do().inst(Foreign, { verilog, busy })['A']?.set(m.p.a); }); // HDL-X001 HDL-X002 HDL-X003 HDL-X007
}

class Mixed extends Module {
  readonly p = this.io({ narrow: input(uint(8)), wide: output(uint(16)) });
  constructor() {
    super();
    this.p.wide.set(this.p.narrow);
  }
}

function clocked(body: (m: ClockBench) => void): () => void {
  return () => void elaborate(ClockBench, never(body), { name: 'bench' });
}

class ClockBench extends Module<(m: ClockBench) => void> {
  readonly p = this.io({ other: input(clock), arst: input(reset({ async: true })), a: input(uint(8)), go: input(bool), q: output(uint(8)) }); // note
  readonly bare = this.domain({ clock: this.p.other });
  constructor(body: (m: ClockBench) => void) {
    super(body);
    this.p.q.set(this.p.a);
    body(this);
  }
  do(): {
    reg(type: unknown, options?: object): Dyn;
    memory(type: unknown, depth: number): { write(a: unknown, v: unknown): void };
    domain(options: object): unknown;
    inst(cls: unknown, cfg?: unknown): { readonly [port: string]: Dyn };
  } {
    return this as never;
  }
}

class TwoClocks extends Module<(m: TwoClocks) => void> {
  readonly p = this.io({ clkA: input(clock), clkB: input(clock), fromA: input(bool, { domain: 'clkA' }), fromB: input(bool, { domain: 'clkB' }), button: input(bool, { asynchronous: true }) });
  readonly a = this.domain({ clock: this.p.clkA });
  readonly b = this.domain({ clock: this.p.clkB });
  constructor(body: (m: TwoClocks) => void) {
    super(body);
    body(this);
  }
  do(): { reg(type: unknown, options?: object): Dyn; inst(cls: unknown): { readonly [port: string]: Dyn } } {
    return this as never;
  }
}

class Flop extends Module {
  readonly p = this.io({ d: input(bool), q: output(bool) });
  constructor() {
    super();
    this.p.q.set(this.reg(bool, { next: this.p.d }));
  }
}

class Shared extends Module {
  readonly p = this.io({ clkA: input(clock), clkB: input(clock), go: input(bool), qA: output(bool), qB: output(bool) }); // HDL-K003
  constructor() {
    super();
    this.p.qA.set(this.reg(bool, { domain: this.domain({ clock: this.p.clkA }), next: this.p.go }));
    this.p.qB.set(this.reg(bool, { domain: this.domain({ clock: this.p.clkB }), next: this.p.go }));
  }
}

class ClockOut extends Module {
  readonly p = this.io({ clkIn: input(clock), clkOut: output(never(clock)) }); // HDL-K009
  constructor() {
    super();
    untyped(this.p.clkOut).set(this.p.clkIn);
  }
}

class WrongClock extends Module {
  readonly p = this.io({ a: input(bool, { domain: 'clkB' }), q: output(bool) }); // HDL-K010
  constructor() {
    super();
    this.p.q.set(this.p.a);
  }
}

class Resettable extends Module {
  readonly p = this.io({ rst: input(reset()), q: output(uint(8)) }); // note
  constructor() {
    super();
    this.p.q.set(this.reg(uint(8), { reset: 1, resetWith: this.p.rst }));
  }
}

class Thief extends Module<() => ClockBench['bare']> {
  readonly p = this.io({ q: output(uint(8)) });
  constructor(cfg: () => ClockBench['bare']) {
    super(cfg);
    this.p.q.set(inDomain(cfg(), () => this.reg(uint(8), { reset: 1 }))); // HDL-P005 HDL-K006
  }
}

function pathOnce(ask: (design: Design, thing: object) => unknown): void {
  const design = elaborate(Listed);
  ask(design, design.top.signals[0] as object);
}

class Listed extends Module {
  readonly p = this.io({ list: input(vec(bool, 4)), q: output(bool) });
  constructor() {
    super();
    this.p.q.set(this.p.list.at(0));
  }
}

class Preloaded extends Module {
  readonly p = this.io({ go: input(bool), i: input(uint(2)), q: output(uint(8)) });
  constructor() {
    super();
    const words = this.memory(uint(8), 4, { init: [1, 2, 3, 4] }); // HDL-O001
    words.write(this.p.i, 9, { enable: this.p.go });
    this.p.q.set(words.readNow(this.p.i));
  }
}

export { Unused };
