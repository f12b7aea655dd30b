// Proofs of a design's own properties: Yosys makes the model, `yosys-abc` pdr proves without a bound, `yosys-smtbmc` with z3 finds counterexamples.
//
// Invariant: the reset is active in cycle 0 and free afterwards; "refuted" comes with a counterexample from the second engine. Cycles count from 0.
// Refused: designs without properties, with several clocks, around external modules without files.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { count, type Design, type PropertyKind, ports } from '../hdl/ir/nodes.ts';
import { emitVerilog, externalFiles } from '../hdl/verilog/index.ts';
import { legalName } from '../hdl/verilog/names.ts';
import { type ChildOptions, runChild, runTool } from '../sim/cosim/child-process.ts';
import { UserError } from './user-error.ts';

export type ProveEngine = 'pdr' | 'smt' | 'all';
export type Outcome = 'proven' | 'bounded' | 'refuted' | 'assumed' | 'reached' | 'unreachable' | 'unreached';

export interface PropertyResult {
  readonly kind: PropertyKind;
  /** Hierarchical name. */
  readonly name: string;
  readonly outcome: Outcome;
  /** Of a counterexample's failing cycle, or in which a cover is reached. */
  readonly cycle?: number;
  /** By port, its value in each cycle. */
  readonly waves?: { readonly [port: string]: readonly string[] };
  readonly vcd?: string;
}

export interface ProveOptions extends Omit<ChildOptions, 'cwd' | 'timeoutMs'> {
  readonly cwd: string;
  readonly depth: number;
  readonly engine: ProveEngine;
  readonly onStep?: (text: string) => void;
}

const TOP = 'prove_top';
/** A time limit of one unbounded proof. */
const PDR_SECONDS = 60;

/** @throws UserError */
export async function prove(design: Design, options: ProveOptions): Promise<PropertyResult[]> {
  checkDesign(design);
  const folder = mkdtempSync(join(tmpdir(), 'systole-prove-'));
  try {
    return await new Prover(design, folder, options).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkDesign({ top, definitions }: Design): void {
  const refuse = (code: string, message: string, help: string): never => {
    throw new UserError({ code, message, help });
  };
  if (definitions.every((d) => d.properties.length === 0))
    refuse('no-properties', `${top.name} and the modules below it say nothing that could be proven`, 'add assert(cond, message) to a module');
  const clocks = ports(top).filter((p) => p.type.kind === 'clock');
  if (clocks.length > 1)
    refuse('several-clocks', `${top.name} has ${clocks.length} clocks, and proofs know one`, 'prove the modules of each domain on their own');
  const bare = definitions.find((d) => d.external && d.external.files.length === 0);
  if (bare) refuse('no-verilog', `external module ${bare.external?.name} names no files`, 'list them in verilog.files');
}

class Prover {
  readonly #design: Design;
  readonly #folder: string;
  readonly #options: ProveOptions;
  readonly #tool: ChildOptions;

  constructor(design: Design, folder: string, options: ProveOptions) {
    this.#design = design;
    this.#folder = folder;
    this.#options = options;
    this.#tool = { env: options.env, signal: options.signal, cwd: folder };
  }

  async run(): Promise<PropertyResult[]> {
    const { engine, depth, onStep } = this.#options;
    onStep?.('reading the design');
    const cells = await this.#read();
    const [asserts, covers] = [cells.filter((c) => c.kind === 'assert'), cells.filter((c) => c.kind === 'cover')];
    const results = new Map<string, PropertyResult>();
    const put = (cell: Cell, rest: Omit<PropertyResult, 'kind' | 'name'>): void => void results.set(cell.name, { ...cell, ...rest });
    for (const cell of cells) if (cell.kind === 'assume') put(cell, { outcome: 'assumed' });
    const together = asserts.length > 1 && engine !== 'smt' && (onStep?.('proving all assertions together'), await this.#pdr());
    for (const cell of asserts) {
      if (together) {
        put(cell, { outcome: 'proven' });
        continue;
      }
      onStep?.(`proving ${cell.name}`);
      if (engine !== 'smt' && (await this.#pdr(cell))) {
        put(cell, { outcome: 'proven' });
        continue;
      }
      onStep?.(`looking for a counterexample to ${cell.name}`);
      const found = await this.#bounded(cell);
      if (found) put(cell, { outcome: 'refuted', ...found });
      else put(cell, { outcome: engine !== 'pdr' && (await this.#induction(cell)) ? 'proven' : 'bounded' });
    }
    for (const cell of covers) {
      onStep?.(`looking for a way to ${cell.name}`);
      const found = await this.#bounded(cell);
      if (found) put(cell, { outcome: 'reached', ...found });
      else put(cell, { outcome: engine !== 'smt' && (await this.#pdr(cell)) ? 'unreachable' : 'unreached' });
    }
    void depth;
    return cells.map((c) => results.get(c.name) as PropertyResult);
  }

  /** Writes the design and gives its properties, one for each instance and element. */
  async #read(): Promise<Cell[]> {
    const files = emitVerilog(this.#design, { properties: 'formal' });
    for (const f of files) writeFileSync(join(this.#folder, `${f.name}.v`), f.text);
    writeFileSync(join(this.#folder, `${TOP}.v`), wrapper(this.#design));
    // A cover that is reached fails when it is an assertion of the opposite.
    writeFileSync(
      join(this.#folder, 'never.v'),
      'module \\$cover (input A, input EN); \\$assert _TECHMAP_REPLACE_ (.A(!A), .EN(EN)); endmodule\n',
    );
    const outside = externalFiles(this.#design).map((f) => `read_verilog "${resolve(this.#options.cwd, f)}"`);
    const names = [...files.map((f) => f.name), TOP].map((name) => `${name}.v`).join(' ');
    const lines = [...outside, `read_verilog -formal ${names}`, `prep -flatten -top ${TOP}`, 'chformal -early', 'write_ilang design.il'];
    writeFileSync(join(this.#folder, 'read.ys'), `${lines.join('\n')}\n`);
    await runTool('yosys', ['-q', '-s', 'read.ys'], this.#tool);
    const cells = [...readFileSync(join(this.#folder, 'design.il'), 'utf8').matchAll(/^ {2}cell \$(assert|assume|cover) \\(\S+)$/gm)];
    return cells
      .filter(([, , name]) => name?.startsWith('dut.'))
      .map(([, kind, name]) => ({ kind: kind as PropertyKind, name: (name as string).slice('dut.'.length) }));
  }

  /** Whether pdr proves an assertion, or that a cover cannot be reached; all assertions when none is named. */
  async #pdr(cell?: Cell): Promise<boolean> {
    await this.#yosys(cell, [
      'techmap -map never.v t:$cover',
      ...['memory_map', 'opt -full', 'async2sync', 'dffunmap', 'setundef -undriven -anyseq', 'techmap', 'opt', 'abc -g AND', 'delete -output'],
      'write_aiger -I -B -zinit proof.aig',
    ]);
    const { stdout } = await runChild('yosys-abc', ['-c', `read_aiger proof.aig; fold; strash; pdr -T ${PDR_SECONDS}`], this.#tool);
    return /Property proved/.test(stdout);
  }

  /** A trace to a failing cycle, or to a cover. */
  async #bounded(cell: Cell): Promise<Pick<PropertyResult, 'cycle' | 'waves' | 'vcd'> | undefined> {
    const { depth } = this.#options;
    await this.#yosys(cell, ['techmap -map never.v t:$cover', 'opt', 'async2sync', 'dffunmap', 'setundef -undriven -anyseq', 'write_smt2 -wires proof.smt2']);
    const { stdout } = await runChild('yosys-smtbmc', ['-s', 'z3', '-t', String(depth), '--dump-vcd', 'trace.vcd', 'proof.smt2'], this.#tool);
    if (/Status: passed/i.test(stdout)) return undefined;
    const step = [...stdout.matchAll(/Checking assertions in step (\d+)/g)].at(-1)?.[1];
    if (step === undefined || !/Status: failed/i.test(stdout))
      throw new UserError({
        code: 'tool-failed',
        message: `yosys-smtbmc gives no verdict on ${cell.name}:\n${stdout.slice(-1000)}`,
        help: 'choose a smaller depth or configuration',
        kind: 'failure',
      });
    const vcd = readFileSync(join(this.#folder, 'trace.vcd'), 'utf8');
    return { cycle: Number(step), waves: wavesOf(vcd, Number(step)), vcd };
  }

  async #induction(cell: Cell): Promise<boolean> {
    await this.#yosys(cell, ['async2sync', 'dffunmap', 'setundef -undriven -anyseq', 'write_smt2 -wires proof.smt2']);
    const { stdout } = await runChild('yosys-smtbmc', ['-s', 'z3', '-i', '-t', String(this.#options.depth), 'proof.smt2'], this.#tool);
    return /Status: passed/i.test(stdout);
  }

  /** Runs commands on the design with one property, or with all assertions. */
  async #yosys(cell: Cell | undefined, commands: readonly string[]): Promise<void> {
    const own = cell && `c:dut.${cell.name.replace(/[^\w.]/g, '?')}`;
    const removed = ['assert', 'cover'].map((kind) =>
      cell?.kind === kind ? `chformal -${kind} -remove t:$${kind} ${own} %d` : cell || kind === 'cover' ? `chformal -${kind} -remove` : '',
    );
    writeFileSync(join(this.#folder, 'proof.ys'), `${['read_ilang design.il', ...removed, 'opt_clean', ...commands].join('\n')}\n`);
    await runTool('yosys', ['-q', '-s', 'proof.ys'], this.#tool);
  }
}

interface Cell {
  readonly kind: PropertyKind;
  readonly name: string;
}

/** The top with its resets active in cycle 0. */
function wrapper({ top }: Design): string {
  const all = ports(top).filter((p) => p.type.width > 0);
  const range = (bits: number): string => (bits === 1 ? '' : `[${bits - 1}:0] `);
  const resets = all.filter((p) => p.type.kind === 'reset').map((p) => (p.type.reset?.activeLow ? `!${legalName(p.name)}` : legalName(p.name)));
  const clock = all.find((p) => p.type.kind === 'clock');
  const start = clock ? ['  reg started = 1\'b0;', `  always @(posedge ${legalName(clock.name)}) started <= 1'b1;`] : [];
  return [
    `module ${TOP} (`,
    all.map((p) => `  ${p.role} wire ${range(p.type.width * count(p.dims))}${legalName(p.name)}`).join(',\n'),
    ');',
    ...start,
    ...(clock ? resets.map((active) => `  always @* assume (started || ${active});`) : []),
    `  ${top.name} dut (${all.map((p) => `.${legalName(p.name)}(${legalName(p.name)})`).join(', ')});`,
    'endmodule',
    '',
  ].join('\n');
}

/** The values of the top's ports at the end of each step of a trace, in hexadecimal. */
function wavesOf(vcd: string, last: number): { [port: string]: string[] } {
  const names = new Map<string, string>();
  let depth = 0;
  const waves: { [port: string]: string[] } = {};
  const now = new Map<string, string>();
  const record = (): void => {
    for (const [id, name] of names) waves[name]?.push(now.get(id) ?? 'x');
  };
  let time = -1;
  for (const line of vcd.split('\n')) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === '$scope') depth++;
    else if (word === '$upscope') depth--;
    else if (word === '$var' && depth === 1) {
      const [, , id, name] = rest as [string, string, string, string];
      if (['started', 'smt_step', 'smt_clock'].includes(name) || name.includes('$') || name.includes('.')) continue;
      names.set(id, name);
      waves[name] = [];
    } else if (word.startsWith('#')) {
      const next = Math.floor(Number(word.slice(1)) / 10);
      if (time >= 0 && next > time) record();
      time = Math.max(time, next);
    } else if (/^b[01xz]+$/.test(word)) now.set(rest[0] as string, /^b[01]+$/.test(word) ? BigInt(`0${word}`).toString(16) : 'x');
    else if (/^[01]\S+$/.test(word)) now.set(word.slice(1), word[0] as string);
  }
  record();
  return Object.fromEntries(Object.entries(waves).map(([name, values]) => [name, values.slice(0, last + 1)]));
}
