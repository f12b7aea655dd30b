// What provers read: the design as and-inverter graphs and as SMT, one file for each property.
//
// Invariants: in cycle 0 every reset input is active, later it is free. State without reset or power-on value, and bits that Verilog leaves unknown,
// take any value. No property may get lost on the way, since nothing is what every prover proves: each file is checked to hold exactly one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { count, type Design, type Property, ports } from '../../hdl/ir/nodes.ts';
import { emitVerilog, externalFiles } from '../../hdl/verilog/index.ts';
import { legalName } from '../../hdl/verilog/names.ts';
import { type ChildOptions, runTool } from '../../sim/cosim/child-process.ts';
import { userPaths } from './hierarchy.ts';

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
    // A cover that is reached is an assertion of the opposite that fails.
    writeFileSync(join(folder, 'never.v'), 'module \\$cover (input A, input EN); \\$assert _TECHMAP_REPLACE_ (.A(!A), .EN(EN)); endmodule\n');
    const outside = externalFiles(design).map((f) => `read_verilog "${resolve(cwd, f)}"`);
    const names = [...files.map((f) => f.name), TOP].map((name) => `${name}.v`).join(' ');
    await yosys(folder, tool, 'read', [...outside, `read_verilog -formal ${names}`, `prep -flatten -top ${TOP}`, 'write_ilang read.il']);
    const labels = new Map(files.map((f) => [`${f.name}.v`, f.labels ?? new Map()]));
    const checked = numberProperties(folder, userPaths(design), labels);
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
    await yosys(this.folder, this.tool, 'smt', ['read_ilang clocked.il', only(id), 'opt_clean', 'write_smt2 -wires property.smt2']);
    return 'property.smt2';
  }

  async #graphs(): Promise<void> {
    // Out of every choice that Yosys could take for unknown bits, none is taken: they are inputs.
    const free = 'setundef -undriven -anyseq';
    const clocked = ['read_ilang numbered.il', 'chformal -early', 'techmap -map never.v t:$cover', 'memory_map', 'async2sync', 'dffunmap', free];
    const gates = ['techmap', 'opt -nodffe -nosdff', free, 'abc -g AND', 'opt_clean', 'delete -output', 'design -save gates'];
    const asserts = this.checked.filter(({ property }) => property.kind === 'assert');
    const sought = [...this.checked.filter(({ property }) => property.kind !== 'assume').map(({ id }) => id), ALIVE_ID];
    const write = (id: string): string => `write_aiger -I -B -zinit -map ${id}.map ${id}.aig`;
    const each = sought.flatMap((id) => ['design -load gates', only(id), 'opt_clean', write(id)]);
    const covers = [ALIVE_ID, ...this.checked.filter(({ property }) => property.kind === 'cover').map(({ id }) => id)];
    const all = ['design -load gates', `chformal -assert -remove ${covers.map((id) => `c:${id}`).join(' ')}`, 'opt_clean', write(TOGETHER)];
    await yosys(this.folder, this.tool, 'graphs', [...clocked, 'write_ilang clocked.il', ...gates, ...each, ...(asserts.length > 1 ? all : [])]);
    for (const id of sought) this.#expect(id, 1);
    if (asserts.length > 1) this.#expect(TOGETHER, asserts.length);
  }

  /** Throws unless the graph has as many properties as it must. */
  #expect(id: string, properties: number): void {
    const [, , , , , , bad] = readFileSync(this.file(id, 'aig')).subarray(0, 200).toString('latin1').split('\n', 1)[0]?.split(' ') as string[];
    if (Number(bad) !== properties) throw new Error(`${bad} properties in ${id}.aig where ${properties} are due`);
  }
}

/** Removes all assertions but one. */
function only(id: string): string {
  return `chformal -assert -remove t:$assert c:${id} %d`;
}

async function yosys(folder: string, tool: ChildOptions, name: string, commands: readonly string[]): Promise<void> {
  writeFileSync(join(folder, `${name}.ys`), `${commands.join('\n')}\n`);
  await runTool('yosys', ['-q', '-s', `${name}.ys`], tool);
}

/** Gives the cells of properties names that no tool stumbles over; hierarchical ones hold brackets and backslashes. */
function numberProperties(folder: string, paths: ReadonlyMap<string, string>, labels: ReadonlyMap<string, ReadonlyMap<string, Property>>): Checked[] {
  const checked: Checked[] = [];
  let file = '';
  const lines = readFileSync(join(folder, 'read.il'), 'utf8')
    .split('\n')
    .map((line) => {
      // The last place is the property's own, those before it the instances'.
      const source = /^ {2}attribute \\src "(?:.*\|)?([^|":]+):/.exec(line);
      if (source) file = source[1] as string;
      const cell = /^ {2}cell \$(?:assert|assume|cover) \\prove_dut\.(\S+)$/.exec(line)?.[1];
      if (cell === undefined) return line;
      const dot = cell.lastIndexOf('.');
      const [path, label] = [cell.slice(0, Math.max(dot, 0)), cell.slice(dot + 1)];
      const property = labels.get(file)?.get(label);
      if (!property) throw new Error(`no property stands behind ${cell} of ${file}`);
      const id = `property_${checked.length}`;
      checked.push({ property, path: paths.get(path) ?? path, id });
      return line.replace(`\\prove_dut.${cell}`, `\\${id}`);
    });
  writeFileSync(join(folder, 'numbered.il'), lines.join('\n'));
  return checked;
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
