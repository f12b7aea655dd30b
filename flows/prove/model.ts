// What provers read: the design as and-inverter graphs and as SMT, one file for each property.
//
// Invariants: in cycle 0 every reset input is active, later it is free. State without reset or power-on value, and bits that Verilog leaves unknown,
// take any value. No property may get lost on the way, since nothing is what every prover proves: each file is checked to hold exactly one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { count, type Design, type Property, ports } from '../../hdl/ir/nodes.ts';
import { emitVerilog, externalFiles, type VerilogFile } from '../../hdl/verilog/index.ts';
import { legalName } from '../../hdl/verilog/names.ts';
import { type ChildOptions, runTool } from '../../sim/cosim/child-process.ts';
import { Hierarchy } from './hierarchy.ts';

/** A property of one instance or element. */
export interface Checked {
  readonly property: Property;
  /** Hierarchical name of the module, the user's; empty at the top. */
  readonly path: string;
  /** Of its cell in the model and of its files. */
  readonly id: string;
}

/** Cell of the wrapper's own cover: a run of `ALIVE` cycles without reset. */
export const ALIVE_ID = 'prove_survives';
/** Cycles without reset that the assumptions must leave possible. */
export const ALIVE = 8;
/** The file that holds all assertions as one property each. */
export const TOGETHER = 'together';
const TOP = 'prove_top';
/**
 * Maps of cells. `never`: a cover that is reached is an assertion of the opposite that fails. `hide`: Yosys drops assertions that it finds true, and
 * what it drops looks like what got lost; so they are cells that it knows nothing of until the files are written.
 */
const MAPS = {
  never: 'module \\$cover (input A, input EN); \\$assert _TECHMAP_REPLACE_ (.A(!A), .EN(EN)); endmodule\n',
  hide: 'module \\$assert (input A, input EN); (* keep *) prove_hidden _TECHMAP_REPLACE_ (.A(A), .EN(EN)); endmodule\n',
  show: 'module prove_hidden (input A, input EN); \\$assert _TECHMAP_REPLACE_ (.A(A), .EN(EN)); endmodule\n',
};

export class Model {
  readonly folder: string;
  readonly tool: ChildOptions;
  readonly checked: readonly Checked[];

  private constructor(folder: string, tool: ChildOptions, checked: readonly Checked[]) {
    this.folder = folder;
    this.tool = tool;
    this.checked = checked;
  }

  /**
   * Writes the design into `folder` and its graphs beside it.
   *
   * @param cwd what the paths of external modules' files start from
   * @throws UserError when a tool is missing or fails
   */
  static async of(design: Design, folder: string, options: Omit<ChildOptions, 'cwd'>, cwd: string): Promise<Model> {
    const tool = { ...options, cwd: folder };
    const files = emitVerilog(design, { properties: 'formal' });
    for (const f of files) writeFileSync(join(folder, `${f.name}.v`), f.text);
    writeFileSync(join(folder, `${TOP}.v`), wrapper(design));
    for (const [name, text] of Object.entries(MAPS)) writeFileSync(join(folder, `${name}.v`), text);
    const outside = externalFiles(design).map((f) => `read_verilog "${resolve(cwd, f)}"`);
    const names = [...files.map((f) => f.name), TOP].map((name) => `${name}.v`).join(' ');
    await yosys(folder, tool, 'read', [...outside, `read_verilog -formal ${names}`, `prep -flatten -top ${TOP}`, 'write_ilang read.il']);
    const checked = numberProperties(folder, new Hierarchy(design), propertiesByPlace(files));
    checkComplete(design, checked);
    const model = new Model(folder, tool, checked);
    await model.#graphs();
    return model;
  }

  file(id: string, extension: string): string {
    return join(this.folder, `${id}.${extension}`);
  }

  /** The design with one property, as SMT. */
  async smt({ id }: Checked): Promise<string> {
    const only = [`select -assert-count 1 c:${id}`, `delete t:$assert c:${id} %d`];
    await yosys(this.folder, this.tool, 'smt', ['read_ilang clocked.il', ...only, 'write_smt2 -wires property.smt2']);
    return 'property.smt2';
  }

  async #graphs(): Promise<void> {
    // Out of every choice that Yosys could take for unknown bits, none is taken: they are inputs.
    const free = 'setundef -undriven -anyseq';
    const clocked = ['read_ilang numbered.il', 'chformal -early', 'techmap -map never.v t:$cover', 'memory_map', 'async2sync', 'dffunmap', free];
    const gates = ['techmap -map hide.v t:$assert', 'techmap', 'opt -noff', free, 'abc -g AND', 'opt_clean', 'delete -output', 'design -save gates'];
    const asserts = this.checked.filter(({ property }) => property.kind === 'assert').map(({ id }) => id);
    const sought = [...this.checked.filter(({ property }) => property.kind !== 'assume').map(({ id }) => id), ALIVE_ID];
    const files = new Map(sought.map((id) => [id, [id]]));
    if (asserts.length > 1) files.set(TOGETHER, asserts);
    const write = [...files].flatMap(([name, ids]) => [
      'design -load gates',
      ...ids.map((id) => `select -assert-count 1 c:${id}`),
      `delete t:prove_hidden ${ids.map((id) => `c:${id} %d`).join(' ')}`,
      'opt_clean',
      'techmap -map show.v t:prove_hidden',
      `write_aiger -I -zinit -map ${name}.map ${name}.aig`,
    ]);
    await yosys(this.folder, this.tool, 'graphs', [...clocked, 'write_ilang clocked.il', ...gates, ...write]);
    for (const [name, ids] of files) this.#expect(name, ids.length);
  }

  /** Throws unless the graph has as many properties as it must. */
  #expect(id: string, properties: number): void {
    const [head = ''] = readFileSync(this.file(id, 'aig')).subarray(0, 200).toString('latin1').split('\n', 1);
    // aig M I L O A B …
    if (Number(head.split(' ')[6]) !== properties) throw new Error(`${properties} properties are due in ${id}.aig: ${head}`);
  }
}

async function yosys(folder: string, tool: ChildOptions, name: string, commands: readonly string[]): Promise<void> {
  writeFileSync(join(folder, `${name}.ys`), `${commands.join('\n')}\n`);
  await runTool('yosys', ['-q', '-s', `${name}.ys`], tool);
}

/** By `file:line` of the Verilog. */
function propertiesByPlace(files: readonly VerilogFile[]): Map<string, Property> {
  const places = new Map<string, Property>();
  for (const { name, text, labels } of files)
    for (const [i, line] of text.split('\n').entries()) {
      const property = labels?.get(/^\s*(\w+): (?:assert|assume|cover) /.exec(line)?.[1] ?? '');
      if (property) places.set(`${name}.v:${i + 1}`, property);
    }
  return places;
}

/** Gives the cells of properties names that no tool stumbles over; hierarchical ones hold brackets and backslashes. */
function numberProperties(folder: string, hierarchy: Hierarchy, properties: ReadonlyMap<string, Property>): Checked[] {
  const checked: Checked[] = [];
  let source = '';
  const lines = readFileSync(join(folder, 'read.il'), 'utf8')
    .split('\n')
    .map((line) => {
      source = /^ {2}attribute \\src "(.*)"$/.exec(line)?.[1] ?? source;
      const cell = /^ {2}cell \$(?:assert|assume|cover) \\prove_dut\.(\S+)$/.exec(line)?.[1];
      if (cell === undefined) return line;
      // Places of the instances are in it too, in any order.
      const [property] = source.split('|').flatMap((place) => properties.get(place.replace(/(:\d+)\.[^:]*$/, '$1')) ?? []);
      if (!property) throw new Error(`no property stands behind ${cell} at ${source}`);
      const id = `property_${checked.length}`;
      const path = cell.slice(0, Math.max(cell.lastIndexOf('.'), 0));
      checked.push({ property, path: hierarchy.user(path), id });
      return line.replace(`\\prove_dut.${cell}`, `\\${id}`);
    });
  writeFileSync(join(folder, 'numbered.il'), lines.join('\n'));
  return sorted(checked, hierarchy);
}

/** Instances from the top down, properties in order of declaration. */
function sorted(checked: readonly Checked[], { paths: order }: Hierarchy): Checked[] {
  const place = ({ property, path }: Checked): [number, number] => [order.indexOf(path), property.condition.id];
  return [...checked].sort((a, b) => {
    const [[pathA, idA], [pathB, idB]] = [place(a), place(b)];
    return pathA - pathB || idA - idB;
  });
}

/** Throws when an occurrence of a property in the design has no cell. */
function checkComplete({ top }: Design, checked: readonly Checked[]): void {
  const wanted = new Map<unknown, number>();
  const visit = (definition: Design['top'], times: number): void => {
    for (const property of definition.properties) wanted.set(property, (wanted.get(property) ?? 0) + times);
    for (const child of definition.instances) visit(child.definition, times);
    for (const mesh of definition.meshes) visit(mesh.definition, times * count(mesh.shape));
  };
  visit(top, 1);
  for (const { property } of checked) wanted.set(property, (wanted.get(property) ?? 0) - 1);
  for (const [property, missing] of wanted)
    if (missing !== 0) throw new Error(`${missing} of "${(property as Property).message}" got lost on the way to the prover`);
}

/** The top with its resets active in cycle 0. */
function wrapper({ top }: Design): string {
  const all = ports(top).filter((p) => p.type.width > 0);
  const range = (bits: number): string => (bits === 1 ? '' : `[${bits - 1}:0] `);
  const clock = legalName(all.find((p) => p.type.kind === 'clock')?.name ?? '');
  const resets = all.filter((p) => p.type.kind === 'reset' && p.role === 'input');
  const active = resets.map((p) => `${p.type.reset?.activeLow ? '!' : ''}${legalName(p.name)}`);
  return [
    `module ${TOP} (`,
    all.map((p) => `  ${p.role} wire ${range(p.type.width * count(p.dims))}${legalName(p.name)}`).join(',\n'),
    ');',
    "  reg prove_started = 1'b0;",
    "  reg [3:0] prove_alive = 4'd0;",
    `  always @(posedge ${clock}) begin`,
    "    prove_started <= 1'b1;",
    `    prove_alive <= ${['!prove_started', ...active].join(' || ')} ? 4'd0 : prove_alive + {3'd0, prove_alive != 4'd${ALIVE}};`,
    `    ${ALIVE_ID}: cover (prove_alive == 4'd${ALIVE});`,
    '  end',
    ...active.map((level) => `  always @* assume (prove_started || ${level});`),
    `  ${top.name} prove_dut (${all.map((p) => `.${legalName(p.name)}(${legalName(p.name)})`).join(', ')});`,
    'endmodule',
    '',
  ].join('\n');
}
