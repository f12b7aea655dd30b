// Proofs of a design's own properties: each assertion in every run that its assumptions allow, and a way to each cover.
//
// Contract: a run begins with one cycle in which every reset input is active; afterwards resets and all other inputs are free. State without reset or
// power-on value is free, like memories. The proof is of the emitted Verilog. A refuted assertion comes with a trace that the in-process simulator
// has confirmed, or one that says it could not be.
// Refused: designs without properties, with several clocks, around external modules without files, assumptions that leave no run.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Design, ports } from '../../hdl/ir/nodes.ts';
import { UserError } from '../user-error.ts';
import { bmc, type Finding, pdr, smt } from './engines.ts';
import { ALIVE, ALIVE_ID, type Checked, Model, TOGETHER } from './model.ts';
import { replay, type Trace } from './replay.ts';

export type { Trace } from './replay.ts';

/** `pdr` proves without a bound, `bmc` looks at the first cycles, `induction` does so and then proves by k-induction with an SMT solver. */
export type ProveEngine = 'pdr' | 'bmc' | 'induction';

export interface ProveOptions {
  /** `pdr` when absent. */
  readonly engine?: ProveEngine;
  /** Cycles from the reset's on that are searched for covers and, where no unbounded proof is found, for counterexamples; the k of induction. 20 when absent. */
  readonly depth?: number;
  /** Limit of each search. 60 when absent. */
  readonly seconds?: number;
  /** What paths of external modules' files start from; the working directory when absent. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly onStep?: (text: string) => void;
}

/**
 * Of an assertion: `proved` in all cycles, `bounded` in the first `depth`, `refuted`. Of a cover: `reached`, `unreachable` in all cycles, `unreached` in
 * the first `depth`. Of an assumption: `assumed`.
 */
export type Outcome = 'proved' | 'bounded' | 'refuted' | 'reached' | 'unreachable' | 'unreached' | 'assumed';

export interface Verdict {
  readonly kind: 'assert' | 'assume' | 'cover';
  readonly message: string;
  /** Of the instance or element; empty at the top. */
  readonly path: string;
  /** `file:line` of the user's. */
  readonly at: string;
  readonly outcome: Outcome;
  /** Of `bounded` and `unreached`: cycles searched, 0 when the time was over before the first was. */
  readonly depth?: number;
  /** Of `refuted` and `reached`. */
  readonly trace?: Trace;
}

const DEPTH = 20;
const SECONDS = 60;
const SHORTEN_SECONDS = 5;

/**
 * Proves what a design says of itself, in order of declaration, one verdict for each instance and element.
 *
 * @throws UserError `no-properties`, `several-clocks`, `no-verilog`, `contradiction`, `missing-tool`
 */
export async function prove(design: Design, options: ProveOptions = {}): Promise<Verdict[]> {
  checkDesign(design);
  const folder = mkdtempSync(join(tmpdir(), 'systole-prove-'));
  try {
    const { env = process.env, signal = new AbortController().signal, cwd = process.cwd() } = options;
    options.onStep?.('reading the design');
    const model = await Model.of(design, folder, { env, signal }, cwd);
    return await new Prover(design, model, options).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkDesign({ top, definitions }: Design): void {
  const refuse = (code: string, message: string, help: string): never => {
    throw new UserError({ code, message, help });
  };
  if (definitions.every((d) => d.properties.length === 0))
    refuse('no-properties', `${top.name} and the modules below it say nothing that could be proved`, 'add assert(condition, message) to a module');
  const clocks = ports(top).filter((p) => p.type.kind === 'clock');
  if (clocks.length > 1)
    refuse(
      'several-clocks',
      `${top.name} has the clocks ${clocks.map((c) => c.name).join(', ')}, and a proof knows one`,
      'prove the modules of each clock domain on their own',
    );
  const bare = definitions.find((d) => d.external && d.external.files.length === 0);
  if (bare)
    refuse('no-verilog', `external module ${bare.external?.name} names no files, so that its behaviour is unknown`, 'list them in verilog.files');
}

class Prover {
  readonly #design: Design;
  readonly #model: Model;
  readonly #options: ProveOptions;
  readonly #depth: number;
  readonly #seconds: number;

  constructor(design: Design, model: Model, options: ProveOptions) {
    this.#design = design;
    this.#model = model;
    this.#options = options;
    this.#depth = options.depth ?? DEPTH;
    this.#seconds = options.seconds ?? SECONDS;
  }

  async run(): Promise<Verdict[]> {
    const { checked } = this.#model;
    const { engine = 'pdr' } = this.#options;
    if (checked.some(({ property }) => property.kind === 'assume')) await this.#checkAssumptions();
    const asserts = checked.filter(({ property }) => property.kind === 'assert');
    // Assertions help each other: what one says of the state is known to the next.
    const together = engine === 'pdr' && asserts.length > 1 && (await this.#pdr(TOGETHER, 'all assertions together')).found === 'proved';
    const verdicts: Verdict[] = [];
    for (const one of checked) {
      const { kind, message, at } = one.property;
      const verdict = { kind, message, path: one.path, at: at.text() ?? '' };
      if (kind === 'assume') verdicts.push({ ...verdict, outcome: 'assumed' });
      else if (kind === 'cover') verdicts.push({ ...verdict, ...(await this.#cover(one)) });
      else verdicts.push({ ...verdict, ...(together ? { outcome: 'proved' as const } : await this.#assertion(one)) });
    }
    return verdicts;
  }

  async #assertion(one: Checked): Promise<Pick<Verdict, 'outcome' | 'depth' | 'trace'>> {
    const { engine = 'pdr' } = this.#options;
    const unbounded = engine === 'pdr' ? await this.#pdr(one.id, name(one)) : undefined;
    if (unbounded?.found === 'proved') return { outcome: 'proved' };
    const finding = unbounded?.found === 'trace' ? await this.#shortened(one, unbounded) : await this.#bmc(one);
    if (finding.found === 'trace') return { outcome: 'refuted', trace: this.#replay(one, finding) };
    if (finding.found === 'proved') return { outcome: 'proved' };
    const isInductive = engine === 'induction' && finding.depth === this.#depth && (await this.#induction(one));
    return isInductive ? { outcome: 'proved' } : { outcome: 'bounded', depth: finding.depth };
  }

  async #cover(one: Checked): Promise<Pick<Verdict, 'outcome' | 'depth' | 'trace'>> {
    const { engine = 'pdr' } = this.#options;
    const bounded = await this.#bmc(one);
    const finding = bounded.found === 'nothing' && engine !== 'bmc' ? await this.#pdr(one.id, name(one)) : bounded;
    if (finding.found === 'trace') return { outcome: 'reached', trace: this.#replay(one, finding) };
    if (finding.found === 'proved') return { outcome: 'unreachable' };
    return { outcome: 'unreached', depth: bounded.found === 'nothing' ? bounded.depth : this.#depth };
  }

  /** Where no run is left, everything could be proved. */
  async #checkAssumptions(): Promise<void> {
    const { found } = await bmc(ALIVE_ID, 2 * ALIVE, this.#seconds, this.#model.tool);
    if (found === 'trace') return;
    throw new UserError({
      code: 'contradiction',
      message: `the assumptions of ${this.#design.top.name} leave no run of ${ALIVE} cycles behind the reset, so that anything would hold`,
      help: 'weaken or take out one assume() after the other until a run is left',
      kind: 'failure',
    });
  }

  #pdr(id: string, what: string): Promise<Finding> {
    this.#options.onStep?.(`proving ${what}`);
    return pdr(id, this.#seconds, this.#model.tool);
  }

  #bmc(one: Checked): Promise<Finding> {
    this.#options.onStep?.(`searching ${this.#depth} cycles for ${name(one)}`);
    return bmc(one.id, this.#depth, this.#seconds, this.#model.tool);
  }

  /** Proofs without a bound find runs that take their time. */
  async #shortened(one: Checked, trace: Extract<Finding, { found: 'trace' }>): Promise<Finding> {
    const shorter = await bmc(one.id, trace.cycle + 1, Math.min(this.#seconds, SHORTEN_SECONDS), this.#model.tool);
    return shorter.found === 'trace' ? shorter : trace;
  }

  /** The first cycles have been searched by the other prover; z3 looks at them too, so that two agree. */
  async #induction(one: Checked): Promise<boolean> {
    this.#options.onStep?.(`induction over ${this.#depth} cycles for ${name(one)}`);
    const file = await this.#model.smt(one);
    const holds = async (step: boolean): Promise<boolean> => (await smt(file, this.#depth, step, this.#seconds, this.#model.tool)) === true;
    return (await holds(false)) && (await holds(true));
  }

  #replay(one: Checked, { cycle, inputs }: Extract<Finding, { found: 'trace' }>): Trace {
    return replay(this.#design, one, cycle, inputs, readFileSync(this.#model.file(one.id, 'map'), 'utf8'));
  }
}

function name({ property, path }: Checked): string {
  return `"${property.message}"${path === '' ? '' : ` of ${path}`}`;
}
