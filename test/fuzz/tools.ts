// The tools that run a batch: what each says, and which circuits it got wrong.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Batch, type Case, readVerdict, writeBatch } from './batch.ts';

export const TOOLS = ['icarus', 'verilator', 'yosys'] as const;
export type Tool = (typeof TOOLS)[number];

export interface Finding {
  readonly id: string;
  readonly engine: string;
  readonly what: string;
}

/** Verilator 5.006 gets some trees of exclusive or wrong (its issues 5186 and 4059), and now and then what its data-flow optimisation makes. */
const WITHOUT = ['-fno-const-bit-op-tree', '-fno-dfg'];
/** The engine of a finding that is none without Verilator's optimisations. */
export const OPTIMISER = "verilator's optimisation";
const ICARUS = ['-g2005', '-Wall', '-s', 'fuzz_clock', '-o', 'run.vvp'];
const VERILATOR = ['-Wall', '-Wno-fatal'];
const yosysScript = (files: string): string => `read_verilog ${files}; hierarchy -check; proc; check -assert`;

/** What a person types to run one circuit, in a folder of its sources: quiet when all is well. */
export const COMMANDS: { readonly [T in Tool]: string } = {
  icarus: `iverilog ${ICARUS.join(' ')} *.v && vvp -n run.vvp`,
  verilator: `verilator --binary ${[...WITHOUT, ...VERILATOR].join(' ')} --top-module fuzz_clock *.v > lint.txt 2>&1; grep -A9 Warning lint.txt | grep "top"; obj_dir/Vfuzz_clock`,
  yosys: `yosys -q -p "${yosysScript('top*.v')}" 2>&1`,
};

interface Said {
  readonly status: number;
  readonly text: string;
}

function run(dir: string, command: string, args: readonly string[]): Said {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  return { status: status ?? -1, text: `${stdout}${stderr}` };
}

/** Runs the circuits on the tools. A tool that fails as a whole is run on each circuit alone, to find those that it fails on. */
export function checkBatch(dir: string, cases: readonly Case[], tools: readonly Tool[], runtime: () => string): Finding[] {
  if (cases.length === 0) return [];
  const batch = writeBatch(dir, cases);
  const steps = { icarus, verilator, yosys };
  return tools.flatMap((tool) => {
    const found = steps[tool](dir, batch, cases, runtime);
    if (typeof found !== 'string') return found;
    const [only] = cases;
    if (cases.length === 1 && only) return [{ id: only.id, engine: tool, what: found }];
    return cases.flatMap((c) => checkBatch(join(dir, `alone_${c.id}`), [c], [tool], runtime));
  });
}

/** Warnings by circuit: the parts of the text that name a file of one. */
function warnings(text: string, engine: string, { bench }: Batch, cases: readonly Case[]): Finding[] {
  const owners = new Map(cases.flatMap(({ id, subject }) => subject.files.map((f): [string, string] => [`${f.name}.v`, id])));
  return text
    .split(/^(?=%(?:Warning|Error)|[\w.]+\.v:\d+: )/m)
    .filter((part) => !part.includes(bench))
    .flatMap((part) => {
      const id = owners.get(/(\w+\.v):\d+/.exec(part)?.[1] ?? '');
      return id ? [{ id, engine: `${engine} (warning)`, what: part.trim().slice(0, 1500) }] : [];
    });
}

function verdicts(text: string, engine: string, cases: readonly Case[]): Finding[] {
  return [...readVerdict(text, cases)].map(([id, what]) => ({ id, engine, what }));
}

function icarus(dir: string, batch: Batch, cases: readonly Case[]): Finding[] | string {
  const { files, bench, clock } = batch;
  const compiled = run(dir, 'iverilog', [...ICARUS, ...files, bench, clock]);
  if (compiled.status !== 0) return compiled.text.slice(0, 2000);
  return [...warnings(compiled.text, 'icarus', batch, cases), ...verdicts(run(dir, 'vvp', ['-n', 'run.vvp']).text, 'icarus', cases)];
}

/** With Verilator's optimisations; a circuit that is wrong then is tried without them, to know whose mistake it is. */
function verilator(dir: string, batch: Batch, cases: readonly Case[], runtime: () => string): Finding[] | string {
  const found = verilated(dir, batch, cases, runtime, WITHOUT);
  if (typeof found !== 'string') return found.map((f) => (f.engine === 'verilator' ? blamed(dir, f, cases, runtime) : f));
  const [only] = cases;
  return only && cases.length === 1 ? [blamed(dir, { id: only.id, engine: 'verilator', what: found }, cases, runtime)] : found;
}

function blamed(dir: string, finding: Finding, cases: readonly Case[], runtime: () => string): Finding {
  const own = join(dir, `unoptimised_${finding.id}`);
  const alone = cases.filter(({ id }) => id === finding.id);
  const found = verilated(own, writeBatch(own, alone), alone, runtime, ['-O0']);
  return found.length === 0 ? { ...finding, engine: OPTIMISER } : finding;
}

function verilated(dir: string, batch: Batch, cases: readonly Case[], runtime: () => string, optimisation: readonly string[]): Finding[] | string {
  const { files, bench, top } = batch;
  const made = run(dir, 'verilator', ['--cc', ...optimisation, ...VERILATOR, '--top-module', top, ...files, bench]);
  if (made.status !== 0) return made.text.slice(Math.max(0, made.text.search(/^%Error/m))).slice(0, 2000);
  // One unit without optimisation: for so few cycles the compiler is what takes time.
  const sources = readdirSync(join(dir, 'obj_dir')).filter((f) => f.endsWith('.cpp') && f !== 'all.cpp');
  writeFileSync(join(dir, 'obj_dir/all.cpp'), ['../main.cpp', ...sources].map((f) => `#include "${f}"\n`).join(''));
  const built = run(dir, 'g++', ['-O0', '-w', '-I', 'obj_dir', '-I', `${verilatorRoot()}/include`, 'obj_dir/all.cpp', runtime(), '-o', 'run']);
  if (built.status !== 0) return built.text.slice(0, 2000);
  return [...warnings(made.text, 'verilator', batch, cases), ...verdicts(run(dir, join(dir, 'run'), []).text, 'verilator', cases)];
}

function yosys(dir: string, { files }: Batch): Finding[] | string {
  const { status, text } = run(dir, 'yosys', ['-q', '-p', yosysScript(files.join(' '))]);
  return status === 0 && text.trim() === '' ? [] : text.slice(0, 2000) || `exit ${status}`;
}

let root: string | undefined;
function verilatorRoot(): string {
  root ??= spawnSync('verilator', ['--getenv', 'VERILATOR_ROOT'], { encoding: 'utf8' }).stdout.trim();
  return root;
}

/** Verilator's runtime library, compiled into `dir` once for all builds. */
export function verilatorRuntime(dir: string): () => string {
  let file: string | undefined;
  return () => {
    if (file) return file;
    mkdirSync(dir, { recursive: true });
    const include = `${verilatorRoot()}/include`;
    const objects = ['verilated', 'verilated_threads'].map((name) => {
      must(run(dir, 'g++', ['-O1', '-I', include, '-c', `${include}/${name}.cpp`, '-o', `${name}.o`]));
      return `${name}.o`;
    });
    must(run(dir, 'ld', ['-r', '-o', 'runtime.o', ...objects]));
    file = join(dir, 'runtime.o');
    return file;
  };
}

function must({ status, text }: Said): void {
  if (status !== 0) throw new Error(`the runtime of Verilator does not compile:\n${text}`);
}
