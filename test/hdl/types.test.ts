// What TypeScript refuses, and what it must not refuse: small programs through the compiler, all in one run.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const HEADER = `import { assert, bool, bundle, cat, clock, connect, elaborate, enumeration, fill, input, lit, Module, mux, optional, output, reset, sint, switchOn, uint, vec, vecOf, when, zeros } from '../../hdl/index.ts';
const Op = enumeration('Op', ['add', 'sub']);
const Colour = enumeration('Colour', ['red', 'green']);
class Pe extends Module<{ width: number }> {
  readonly p = this.io({ a: input(sint(8)), b: input(bool), aOut: output(sint(8)), wide: output(sint(16)) });
  constructor(cfg: { width: number }) { super(cfg); this.p.aOut.set(this.p.a); this.p.wide.set(this.p.a); when(this.p.b, () => {}); }
}
class Debug extends Module<{ debug: boolean }> {
  readonly p = this.io({ x: input(uint(4)), debug: optional(this.cfg.debug, output(uint(4))), always: optional(true, input(bool)), never: optional(false, input(bool)) });
  use(): void { this.p.debug?.set(this.p.always.asUInt()); }
}
class Plain extends Module {
  readonly p = this.io({ x: input(uint(4)), y: output(uint(4)) });
}
export class Top extends Module {
  readonly p = this.io({
    a8: input(uint(8)), a32: input(uint(32)), s8: input(sint(8)), go: input(bool), v4: input(vec(uint(8), 4)), vs: input(vec(sint(8), 4)), beat: input(bundle({ valid: bool, data: uint(8) })),
    q8: output(uint(8)), q32: output(uint(32)), t8: output(sint(8)), ok: output(bool), w4: output(vec(uint(8), 4)), out: output(bundle({ valid: bool, data: uint(8) })),
    clkB: input(clock), arst: input(reset({ async: true })), nested: { ready: output(bool), valid: input(bool) }, op: input(Op), colour: input(Colour), opOut: output(Op), other: input(bundle({ valid: bool, data: sint(8) })),
  });
  readonly ram = this.memory(uint(8), 16);
  readonly rom = this.memory(sint(8), 16);
  readonly banks = this.memory(vec(uint(8), 4), 16);
  readonly machine = this.fsm(['idle', 'run']);
  constructor() {
    super();
    const { p, ram, rom, banks, machine } = this;
    void [assert, bool, bundle, cat, clock, reset, connect, elaborate, fill, input, lit, Module, mux, optional, output, sint, switchOn, uint, vec, vecOf, when, zeros, p, ram, rom, banks, machine, Pe, Plain, Debug, optional];
`;
/** The line that must be refused, and no other. */
const MARK = ' // refused';
const FOOTER = '\n  }\n}\n';

/** Statements in a constructor, and what the compiler must say. */
const REFUSED: readonly (readonly [what: string, program: string, fragment: string])[] = [
  ['a bool as a clock', 'this.domain({ clock: p.go });', "'Bool' is not assignable to type 'Clock'"],
  ['a bool as a reset', 'this.reg(uint(8), { reset: 0, resetWith: p.go });', "missing in type 'Bool' but required in type 'Reset'"],
  ['a clock as data', 'p.ok.set(p.clkB);', "'Clock' is not assignable"],
  ['a clock in logic', 'p.ok.set(p.clkB.and(p.go));', "Property 'and' does not exist on type 'Clock'"],
  ['a reset as data', 'p.ok.set(p.arst);', "'Reset' is not assignable"],
  ['a reset as a condition', 'when(p.arst, () => {});', "'Reset' is not assignable to parameter of type 'Bool'"],
  ['a clock output', 'output(clock);', 'a clock cannot be an output'],
  ['32 bits into 8', 'p.q8.set(p.a32);', 'keep the low bits with .trunc(8)'],
  ['16 bits of a child into 8', 'const pe = this.inst(Pe, { width: 8 }); p.t8.set(pe.wide);', '16 bits do not fit 8 bits'],
  ['an extended value into its old width', 'p.q8.set(p.a8.extend(9));', '9 bits do not fit 8 bits'],
  ['an assertion about a number', "assert(p.a8, 'a8 is set');", "'UInt<8>'"],
  ['an assertion without words', 'assert(p.go);', 'Expected 2 arguments'],
  ['assigning an input', 'p.a8.set(1);', "'set' does not exist"],
  ['assigning a bit of an input', 'p.a8.bit(0).set(true);', "'set' does not exist"],
  ['assigning an element of an input', 'p.v4.at(0).set(1);', "'set' does not exist"],
  ['assigning a field of an input', 'p.beat.valid.set(true);', "'set' does not exist"],
  ['assigning a nested input', 'p.nested.valid.set(true);', "'set' does not exist"],
  ['assigning a sum', 'p.a8.add(1).set(1);', "'set' does not exist"],
  ['an unknown port', 'p.q8.set(p.a9);', "'a9' does not exist"],
  ['a misspelt field', 'p.ok.set(p.beat.vald);', "'vald'"],
  ['an unknown port of an instance', 'const pe = this.inst(Pe, { width: 8 }); pe.c.set(1);', "'c' does not exist"],
  ['assigning an output of an instance', 'const pe = this.inst(Pe, { width: 8 }); pe.aOut.set(1);', "'set' does not exist"],
  ['an optional port without a question', 'const d = this.inst(Debug, { debug: true }); p.q8.set(d.debug);', 'undefined'],
  ['a port that is absent', 'const d = this.inst(Debug, { debug: true }); d.never.set(true);', 'possibly'],
  ['the wrong configuration', "this.inst(Pe, { width: 'eight' });", "'string' is not assignable to type 'number'"],
  ['no configuration where one is due', 'this.inst(Pe);', 'Expected 2 arguments'],
  ['a configuration where none is due', 'this.inst(Plain, { width: 8 });', 'Expected 1 argument'],
  [
    'an unknown output of a mesh',
    "this.mesh(Pe, [2], { width: 8 }).shift([1], { from: 'sum', to: 'a', enter: p.s8 });",
    '\'"sum"\' is not assignable',
  ],
  [
    'an input of a mesh as the source',
    "this.mesh(Pe, [2], { width: 8 }).shift([1], { from: 'a', to: 'a', enter: p.s8 });",
    '\'"a"\' is not assignable',
  ],
  ['an unknown input of a mesh', "this.mesh(Pe, [2], { width: 8 }).broadcast('enable', p.go);", '\'"enable"\' is not assignable'],
  ['a broadcast of another kind', "this.mesh(Pe, [2], { width: 8 }).broadcast('b', p.a8);", 'not assignable'],
  ['collecting an input', "this.mesh(Pe, [2], { width: 8 }).collect('b');", '\'"b"\' is not assignable'],
  ['uint and sint in a sum', 'p.a8.add(p.s8);', 'not assignable'],
  ['uint and sint compared', 'p.ok.set(p.a8.lt(p.s8));', 'not assignable'],
  ['sint into uint', 'p.q8.set(p.s8);', 'not assignable'],
  ['uint into bool', 'p.ok.set(p.a8);', 'not assignable'],
  ['a number into bool', 'p.ok.set(1);', 'not assignable'],
  ['a boolean into uint', 'p.q8.set(true);', 'not assignable'],
  ['arithmetic on bool', 'p.go.add(p.go);', "'add' does not exist"],
  ['a shift of bool', 'p.go.shl(1);', "'shl' does not exist"],
  ['bits of a vector', 'p.v4.bits(1, 0);', "'bits' does not exist"],
  ['a vector of other elements', 'p.w4.set(p.vs);', 'not assignable'],
  ['a vector into an integer', 'p.q32.set(p.v4);', 'not assignable'],
  ['a bundle without a field', 'p.out.set({ valid: p.go });', 'not assignable'],
  ['a condition that is not bool', 'when(p.a8, () => {});', 'not assignable'],
  ['a mux of two kinds', 'void mux(p.go, p.a8, p.s8);', 'No overload matches'],
  ['a shift by a sint', 'p.a8.dshl(p.s8);', 'not assignable'],
  ['the sign of a sum as an index', 'p.v4.at(p.s8);', 'not assignable'],
  ['JavaScript arithmetic', 'const x = p.a8 + 1; void x;', 'cannot be applied'],
  ['a bool as a reset of uint', 'this.reg(uint(8), { reset: p.go });', 'not assignable'],
  ['elaborating with the wrong configuration', 'elaborate(Pe, { widht: 8 });', "'widht' does not exist"],
  ['a register that is too narrow', 'this.reg(uint(4)).set(p.a8);', '8 bits do not fit 4 bits'],
  ['an element that is too narrow', 'p.w4.at(0).set(p.a32);', '32 bits do not fit 8 bits'],
  ['a field that is too narrow', 'p.out.data.set(p.a32);', '32 bits do not fit 8 bits'],
  ['a port of a child that is too narrow', 'this.inst(Plain).x.set(p.a8);', '8 bits do not fit 4 bits'],
  ['assigning bits of an input', 'p.a8.bits(3, 0).set(1);', "'set' does not exist"],
  ['assigning an enumerated input', "p.op.set('add');", "'set' does not exist"],
  ['assigning a reversed vector', 'p.w4.reversed().set(p.v4);', "'set' does not exist"],
  ['assigning by =', 'this.p.q8 = p.q8;', "Cannot assign to 'q8' because it is a read-only property"],
  ['a link to an output', "this.mesh(Plain, [2]).shift([1], { from: 'y', to: 'y', enter: p.a8 });", `'"y"' is not assignable to type '"x"'`],
  ['feeding an output', "this.mesh(Plain, [2]).feed('y', [0], p.v4);", `'"y"' is not assignable to parameter of type '"x"'`],
  ['a constant to an output', "this.mesh(Plain, [2]).index('y', { first: 0, step: [1] });", `'"y"' is not assignable to parameter of type '"x"'`],
  ['a link without entry', "this.mesh(Plain, [2]).shift([1], { from: 'y', to: 'x' });", "'enter' is missing"],
  ['a mesh without its configuration', 'this.mesh(Pe, [2]);', 'Expected 3 arguments'],
  ['uint equal to bool', 'p.a8.eq(p.go);', 'not assignable'],
  ['bool and uint', 'p.go.and(p.a8);', 'not assignable'],
  ['order of bool', 'p.go.lt(p.go);', "'lt' does not exist"],
  ['trunc of bool', 'p.go.trunc(1);', "'trunc' does not exist"],
  ['sint as a condition', 'p.s8.asBool();', "'asBool' does not exist"],
  ['a vector of bools', 'p.w4.set(p.a8.asBools());', 'not assignable'],
  ['copies of another kind', 'p.w4.set(fill(4, p.s8));', "'VecValue<SIntType<8>>' is not assignable to parameter of type 'VecValue<UIntType<8>>'"],
  ['a vector of mixed elements', 'vecOf(p.a8, p.s8);', "'SInt<8>' is not assignable"],
  ['a bundle with another field', 'p.out.set(p.other);', "Types of property 'data' are incompatible"],
  ['an unknown member', "p.opOut.set('mul');", `'"mul"' is not assignable`],
  ['an unknown member compared', "p.op.eq('mul');", `'"mul"' is not assignable`],
  ['an unknown member in a list', "p.op.is('add', 'mul');", `'"mul"' is not assignable`],
  ['a member of another enumeration', 'p.opOut.set(p.colour);', 'not assignable'],
  ['a sum of members', 'p.op.add(1);', "'add' does not exist"],
  ['an unknown case', 'switchOn(p.op, { mul: () => {} });', "'mul' does not exist in type"],
  ['an unknown state in goto', "machine.goto('walk');", `'"walk"' is not assignable to parameter of type '"idle" | "run"'`],
  ['an unknown state in is', "machine.is('walk');", `'"walk"' is not assignable to parameter of type '"idle" | "run"'`],
  ['an unknown state in on', 'machine.on({ walk: () => {} });', "'walk' does not exist in type"],
  ['an unknown reset state', "this.fsm(['one', 'two'], { reset: 'three' });", `Type '"three"' is not assignable`],
  ['a further condition that is not bool', 'when(p.go, () => {}).elsewhen(p.a8, () => {});', 'not assignable'],
  ['a mux by a uint', 'void mux(p.a8, p.a8, p.a8);', "'UInt<8>' is not assignable to parameter of type 'Bool'"],
  ['a mux of a vector and its element', 'void mux(p.go, p.a8, p.v4);', 'No overload matches'],
  ['a mux of two enumerations', 'void mux(p.go, p.op, p.colour);', 'No overload matches'],
  ['a word of another kind', 'ram.write(p.a8, p.s8);', 'not assignable'],
  ['a word that is too wide', 'ram.write(p.a8, p.a32);', 'not assignable'],
  ['a word read as another kind', 'p.q8.set(rom.read(p.a8));', 'not assignable'],
  ['lanes of another kind', 'banks.write(p.a8, p.vs);', 'not assignable'],
  ['a number for a word of lanes', 'banks.write(p.a8, 3);', 'not assignable'],
  ['a signed address', 'ram.readNow(p.s8);', 'not assignable'],
  ['a mask of integers', 'banks.write(p.a8, p.v4, { mask: p.v4 });', 'not assignable'],
  ['a write enabled by an integer', 'ram.write(p.a8, p.a8, { enable: p.a8 });', "'asUInt' is missing in type 'UInt<8>' but required in type 'Bool'"],
  ['a delay enabled by an integer', 'this.delay(p.a8, 2, { enable: p.a8 });', "'asUInt' is missing in type 'UInt<8>' but required in type 'Bool'"],
  ['an integer register that starts true', 'this.reg(uint(8), { reset: true });', 'not assignable'],
  ['a bool register that starts at 1', 'this.reg(bool, { reset: 1 });', 'not assignable'],
  ['a register that starts as an unknown member', "this.reg(Op, { reset: 'mul' });", `'"mul"' is not assignable`],
  ['an enumerated register that starts at 0', 'this.reg(Op, { reset: 0 });', 'not assignable'],
  ['a register that goes on as another kind', 'this.reg(uint(8), { next: p.s8 });', "Type 'SInt<8>' is missing"],
  ['an integer literal that is true', 'void lit(uint(8), true);', "'boolean' is not assignable"],
  ['a bool literal that is 1', 'void lit(bool, 1);', "'number' is not assignable"],
  ['a constant shift by a signal', 'p.a8.shl(p.a8);', "'UInt<8>' is not assignable to parameter of type 'number'"],
  ['a vector in a concatenation', 'void cat(p.a8, p.v4);', 'not assignable'],
  ['a port without type', 'this.io({ x: input(8) });', "'number' is not assignable to parameter of type 'HwType'"],
  ['a port without direction', 'this.io({ x: uint(8) });', 'not assignable'],
];

const ACCEPTED: readonly (readonly [what: string, program: string])[] = [
  ['equal and narrower widths', 'p.q8.set(p.a8); p.q32.set(p.a8); p.q32.set(p.a32.trunc(20)); p.q8.set(7); p.q8.set(7n);'],
  ['a truncated value', 'p.q8.set(p.a32.trunc(8)); p.q8.set(p.a8.add(1).trunc(8)); p.q8.set(p.a8.addw(1)); p.t8.set(p.a8.asSInt());'],
  ['a width that is not known', 'const w: number = 7; const x = this.wire(uint(w)); x.set(p.a8.trunc(w)); p.q8.set(x); p.q8.set(p.a32.bits(7, 0));'],
  [
    'parts',
    'p.q8.bits(3, 0).set(1); p.q8.bit(7).set(p.go); p.w4.at(1).set(p.a8); p.w4.at(p.a8.trunc(2)).bits(7, 4).set(3); p.out.data.set(p.a8); p.out.set(p.beat); p.nested.ready.set(true);',
  ],
  [
    'instances',
    'const pe = this.inst(Pe, { width: 8 }); pe.a.set(p.s8); pe.b.set(true); p.t8.set(pe.aOut); const plain = this.inst(Plain); plain.x.set(p.a8.trunc(4)); p.q8.set(plain.y);',
  ],
  [
    'meshes',
    "const m = this.mesh(Pe, [4], { width: 8 }); m.shift([1], { from: 'aOut', to: 'a', enter: p.s8 }); m.broadcast('b', p.go); p.t8.set(m.collect('aOut').at(2));",
  ],
  [
    'muxes',
    'p.q8.set(mux(p.go, p.a8, p.a8)); p.ok.set(mux(p.go, p.go, lit(bool, true))); p.w4.set(mux(p.go, p.v4, p.v4.reversed())); p.out.set(mux(p.go, p.beat, zeros(bundle({ valid: bool, data: uint(8) }))));',
  ],
  [
    'registers',
    'const r = this.reg(uint(8), { reset: 3 }); r.set(r.addw(1)); const v = this.reg(vec(bool, 3), { reset: fill(3, lit(bool, false)) }); when(v.at(0), () => r.set(0)).elsewhen(p.go, () => r.set(1)).otherwise(() => {}); const b = this.reg(bool, { reset: true, next: p.go }); p.ok.set(b);',
  ],
  [
    'vectors',
    'for (const x of p.v4) void x.add(1); p.w4.set(vecOf(p.a8, p.a8, p.a8, p.a8)); p.q32.set(p.v4.asUInt()); p.ok.set(p.a8.asBools().at(3)); p.q32.set(cat(p.a8, p.s8, p.go));',
  ],
  [
    'memories',
    'ram.write(p.a8, p.a8, { enable: p.go }); ram.write(p.a8, 3); banks.write(p.a8, p.v4, { mask: fill(4, p.go) }); p.q8.set(ram.read(p.a8)); p.w4.set(banks.readNow(p.a8)); p.t8.set(rom.read(p.a8)); this.memory(bool, 4).write(p.a8, true); this.memory(Op, 4).write(p.a8, "sub");',
  ],
  [
    'states and members',
    "machine.on({ idle: () => machine.goto('run') }); switchOn(p.op, { add: () => {}, default: () => {} }); switchOn(p.a8, { 0: () => {}, '0b1???????': () => {}, default: () => {} }); p.opOut.set('sub'); p.opOut.set(p.op); this.reg(Op, { reset: 'sub' }); this.reg(vec(uint(8), 4), { reset: 0 });",
  ],
  [
    'copies',
    'p.w4.set(fill(4, p.a8)); for (const t of [vec(Op, 2)]) this.wire(t).set(fill(2, p.op)); this.wire(vec(vec(bool, 2), 3)).set(fill(3, fill(2, p.go)));',
  ],
  ['connect', 'connect(p.out, p.beat); const plain = this.inst(Plain); connect(plain.x, p.a8.trunc(4)); void plain;'],
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = new Map<string, string>();
const add = (name: string, body: string): string => {
  const file = `${root}test/hdl/virtual-${name.replace(/\W+/g, '-')}.ts`;
  programs.set(file, HEADER + body + FOOTER);
  return file;
};

const refused = REFUSED.map(([what, body, fragment]) => ({ what, fragment, file: add(`refused ${what}`, body + MARK) }));
const accepted = ACCEPTED.map(([what, body]) => ({ what, file: add(`accepted ${what}`, body) }));

/** The errors of each file, from one program over all of them with the project's own options. */
function compile(): Map<string, string[]> {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent({ ...(config as object), include: [], files: [] }, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    programs.has(name) ? ts.createSourceFile(name, programs.get(name) as string, rest[0]) : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name) => programs.has(name) || fileExists.call(host, name);
  host.readFile = (name) => programs.get(name) ?? readFile.call(host, name);
  const program = ts.createProgram([...programs.keys()], options, host);
  return new Map(
    [...programs.keys()].map((file) => {
      const source = program.getSourceFile(file) as ts.SourceFile;
      const lines = source.text.split('\n');
      return [
        file,
        [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start = 0, messageText }) => {
          const line = lines[source.getLineAndCharacterOfPosition(start).line] as string;
          return (line.endsWith(MARK) ? '' : `elsewhere, in ${line}: `) + ts.flattenDiagnosticMessageText(messageText, '\n');
        }),
      ];
    }),
  );
}

describe('the compiler', () => {
  const errors = compile();

  it('is asked for more than 60 refusals, each with its message', () => {
    expect(new Set(REFUSED.map(([, program]) => program)).size).toBeGreaterThanOrEqual(100);
    expect(REFUSED.filter(([, , fragment]) => fragment.length < 6)).toEqual([]);
  });

  it.each(refused.map((r) => [r.what, r] as const))('refuses %s', (_what, { file, fragment }) => {
    const found = errors.get(file) as string[];
    expect(found.length, 'number of errors').toBe(1);
    expect(found[0]).toContain(fragment);
    expect(found[0]).not.toMatch(/^elsewhere/);
  });

  it.each(accepted.map((a) => [a.what, a] as const))('accepts %s', (_what, { file }) => {
    expect(errors.get(file)).toEqual([]);
  });
});
