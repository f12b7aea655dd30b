// What TypeScript refuses, and what it must not refuse: small programs through the compiler, all in one run.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const HEADER = `import { bool, bundle, cat, connect, elaborate, fill, input, lit, Module, mux, output, sint, uint, vec, vecOf, when, zeros } from '../../hdl/index.ts';
class Pe extends Module<{ width: number }> {
  readonly p = this.io({ a: input(sint(8)), b: input(bool), aOut: output(sint(8)), wide: output(sint(16)) });
  constructor(cfg: { width: number }) { super(cfg); this.p.aOut.set(this.p.a); this.p.wide.set(this.p.a); when(this.p.b, () => {}); }
}
class Plain extends Module {
  readonly p = this.io({ x: input(uint(4)), y: output(uint(4)) });
}
export class Top extends Module {
  readonly p = this.io({
    a8: input(uint(8)), a32: input(uint(32)), s8: input(sint(8)), go: input(bool), v4: input(vec(uint(8), 4)), vs: input(vec(sint(8), 4)), beat: input(bundle({ valid: bool, data: uint(8) })),
    q8: output(uint(8)), q32: output(uint(32)), t8: output(sint(8)), ok: output(bool), w4: output(vec(uint(8), 4)), out: output(bundle({ valid: bool, data: uint(8) })),
    nested: { ready: output(bool), valid: input(bool) },
  });
  constructor() {
    super();
    const { p } = this;
    void [bool, bundle, cat, connect, elaborate, fill, input, lit, Module, mux, output, sint, uint, vec, vecOf, when, zeros, p, Pe, Plain];
`;
const FOOTER = '\n  }\n}\n';

/** Statements in a constructor, and what the compiler must say. */
const REFUSED: readonly (readonly [what: string, program: string, fragment: string])[] = [
  ['32 bits into 8', 'p.q8.set(p.a32);', 'keep the low bits with .trunc(8)'],
  ['16 bits of a child into 8', 'const pe = this.inst(Pe, { width: 8 }); p.t8.set(pe.wide);', '16 bits do not fit 8 bits'],
  ['an extended value into its old width', 'p.q8.set(p.a8.extend(9));', '9 bits do not fit 8 bits'],
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
  ['connect', 'connect(p.out, p.beat); const plain = this.inst(Plain); connect(plain.x, p.a8.trunc(4)); void plain;'],
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = new Map<string, string>();
const add = (name: string, body: string): string => {
  const file = `${root}test/hdl/virtual-${name.replace(/\W+/g, '-')}.ts`;
  programs.set(file, HEADER + body + FOOTER);
  return file;
};

const refused = REFUSED.map(([what, body, fragment]) => ({ what, fragment, file: add(`refused ${what}`, body) }));
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
      const source = program.getSourceFile(file);
      return [
        file,
        [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) =>
          ts.flattenDiagnosticMessageText(d.messageText, '\n'),
        ),
      ];
    }),
  );
}

describe('the compiler', () => {
  const errors = compile();

  it.each(refused.map((r) => [r.what, r] as const))('refuses %s', (_what, { file, fragment }) => {
    const found = errors.get(file) as string[];
    expect(found.length, 'number of errors').toBe(1);
    expect(found[0]).toContain(fragment);
  });

  it.each(accepted.map((a) => [a.what, a] as const))('accepts %s', (_what, { file }) => {
    expect(errors.get(file)).toEqual([]);
  });
});
