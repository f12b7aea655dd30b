// Random circuits before and after passes, as pairs for a proof.

import { type Design, elaborate, type OptimiseOptions, optimise } from '../../hdl/index.ts';
import { count, ports } from '../../hdl/ir/nodes.ts';
import { PASSES, type PassName } from '../../hdl/passes/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import type { Circuit } from './circuit/data.ts';
import { CircuitModule } from './circuit/module.ts';
import type { Pair, Side, Verdict } from './equivalence.ts';
import { randomCircuit } from './random-circuit/index.ts';
import type { SourceFile } from './verilog-tools.ts';

/** What is to be proven: a pass, or one with a mistake. */
export interface Change {
  readonly label: string;
  readonly run: (design: Design) => Design;
}
/** Levels of hierarchy and rough number of items, by the seed. */
const SIZES = [
  { depth: 1, items: 3 },
  { depth: 0, items: 5 },
  { depth: 2, items: 2 },
  { depth: 1, items: 4 },
  { depth: 0, items: 7 },
] as const;

/** The circuit of a seed, over the whole language: memories, properties, clock domains, every reset, external modules. */
export function passCircuit(seed: number): Circuit {
  return randomCircuit(seed, { ...(SIZES[seed % SIZES.length] as (typeof SIZES)[number]), foreign: true });
}

/** Smaller: one clock, a synchronous reset, no memories, properties and external modules. */
export function plainCircuit(seed: number): Circuit {
  return randomCircuit(seed, { depth: 1, items: 2 + (seed % 3), plain: true });
}

/** Each pass alone and all of them; those of odd seeds may lose the names that the user gave. */
export function passesOf(seed: number): Change[] {
  const keepNames = seed % 2 === 0;
  const change = (label: string, options: OptimiseOptions): Change => ({ label, run: (d) => optimise(d, options) });
  return [...(Object.keys(PASSES) as PassName[]).map((name) => change(name, { passes: [name], keepNames })), change('all', { keepNames })];
}

/** A pair for each change that the Verilog shows, and how many it does not: their texts are equal. */
export interface Pairs {
  readonly pairs: readonly Pair[];
  readonly same: number;
}

/** What came of a circuit. */
export interface Proven extends Verdict {
  readonly seed: number;
  readonly pairs: number;
  readonly same: number;
}

/** Pairs of a circuit; `name` is for messages. */
export function circuitPairs(name: string, circuit: Circuit, changes: readonly Change[]): Pairs {
  return designPairs(
    name,
    (top) => elaborate(CircuitModule as never, circuit as never, { name: top, reset: { name: 'rst', ...circuit.reset } } as never),
    changes,
  );
}

/** All pairs share their first side. `elaborated` is asked for a top of a name that nothing else has. */
export function designPairs(name: string, elaborated: (top: string) => Design, changes: readonly Change[]): Pairs {
  const plain = name.replaceAll(/\W+/g, '');
  const root = `top${plain}`;
  const design = elaborated(root);
  const before = textsOf(design, plain);
  const side = (label: string, texts: readonly SourceFile[]): Side => {
    const top = `${label}${plain}`;
    return { top, files: texts.map((f) => ({ ...f, text: f.text.replaceAll(root, top) })) };
  };
  const first = side('before', before);
  const pairs = changes.flatMap(({ label, run }): Pair[] => {
    const after = textsOf(run(design), plain);
    if (after.map((f) => f.text).join() === before.map((f) => f.text).join()) return [];
    return [{ name: `${name} ${label}`.trim(), before: first, after: side(`after${label.replaceAll(/\W+/g, '')}`, after) }];
  });
  return { pairs, same: changes.length - pairs.length };
}

/** With properties, and with what Yosys must know of external modules, which take a suffix: another circuit may have others of the name. */
function textsOf(design: Design, suffix: string): SourceFile[] {
  const files: SourceFile[] = [...emitVerilog(design, { properties: 'formal' })];
  const externals = new Map(design.definitions.flatMap((d) => (d.external ? [[d.external.name, d] as const] : [])));
  for (const [verilog, definition] of externals) {
    const list = ports(definition).flatMap(({ name, role, type, dims }) => {
      const width = type.width * count(dims);
      return width > 0 ? [`${role} wire [${width - 1}:0] ${name}`] : [];
    });
    const parameters = [...(definition.external?.parameters.keys() ?? [])].map((p) => `  parameter ${p} = 0;\n`).join('');
    files.push({ name: verilog, text: `(* blackbox, keep *)\nmodule ${verilog} (${list.join(', ')});\n${parameters}endmodule\n` });
  }
  const renamed = (text: string): string =>
    [...externals.keys()].reduce((t, name) => t.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_${suffix}`), text);
  return files.map((f) => ({ ...f, text: renamed(f.text) }));
}
