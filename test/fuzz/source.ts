// A failure as a program that anybody can run: the module in the language, the stimulus, and what should come out.
//
// Invariant: imports the package alone. It ends with code 1 while the engine differs from what is expected, which the model said.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resetLevels } from '../support/check-circuit.ts';
import type { Circuit } from '../support/circuit/data.ts';
import { classesOf, importsFor } from '../support/circuit/source.ts';
import { leaves, packLeaf, type Value } from '../support/reference.ts';
import { flatPorts } from '../support/verilog-tools.ts';
import { type Case, writeBatch } from './batch.ts';
import { casesOf } from './run.ts';
import { COMMANDS, TOOLS, type Tool } from './tools.ts';

export interface Told {
  readonly seed: number;
  readonly engine: string;
  readonly what: string;
  /** Whether it is the design after the passes that fails. */
  readonly passes: boolean;
}

/** Text of the program; run it with `npx tsx` within the repository. */
export function sourceOf(circuit: Circuit, told: Told): string {
  const own = casesOf(circuit, told.seed, 'top');
  const subject = (told.passes ? own[1] : own[0]) as Case;
  const body = classesOf(circuit);
  const optimised = told.passes ? ['optimise'] : [];
  const tool = TOOLS.find((t) => told.engine.startsWith(t));
  const reset = JSON.stringify({ name: 'rst', ...circuit.reset });
  return `// Seed ${told.seed}, ${told.engine}: ${told.what.split('\n')[0]}
// @ts-nocheck
${tool ? "import { spawnSync } from 'node:child_process';\nimport { mkdtempSync, writeFileSync } from 'node:fs';\n" : ''}${importsFor(body, ['elaborate', ...optimised])}
${tool ? "import { emitVerilog } from 'systole/verilog';" : "import { simulateDesign } from 'systole/sim';"}

${body}

let design = elaborate(Top, undefined, { name: '${subject.subject.top}', reset: ${reset} });
${told.passes ? 'design = optimise(design);\n' : ''}${tool ? toolRun(subject, tool) : engineRun(subject, told.engine)}`;
}

function engineRun({ subject, cycles, expected, from }: Case, engine: string): string {
  const { circuit } = subject;
  const flat = (value: Value, path: readonly string[]): bigint[] => {
    if (typeof value === 'bigint') return [value];
    if (Array.isArray(value)) return value.flatMap((v: Value) => flat(v, path));
    const [head, ...rest] = path;
    return flat((value as { readonly [field: string]: Value })[head as string] as Value, rest);
  };
  const big = (v: bigint): string => (v > -(2n ** 52n) && v < 2n ** 52n ? String(v) : `${v}n`);
  const steps = cycles.map((cycle, t) => {
    const pokes = circuit.inputs.flatMap(({ name, type }, i) =>
      leaves(type).map(({ path, dims }) => {
        const cells = flat(cycle.values[i] as Value, path).map(big);
        return `${[name, ...path].join('_')}: ${dims.length > 0 ? `[${cells.join(', ')}]` : cells[0]}`;
      }),
    );
    const levels = [...resetLevels(subject, cycle)].map(([port, level]) => `${port}: ${level}`);
    const outs = circuit.outputs.flatMap(({ name, type }, i) =>
      leaves(type)
        .filter((l) => l.type.width > 0)
        .map(({ path }) => `${[name, ...path].join('_')}: 0x${packLeaf(type, expected[t]?.[i] as Value, path).bits.toString(16)}n`),
    );
    const edges = cycle.edges ? `, edges: ${JSON.stringify(cycle.edges)}` : '';
    return `  { poke: { ${[...pokes, ...levels].join(', ')} }, expect: { ${t < from ? '' : outs.join(', ')} }${edges} },`;
  });
  return `
// Outputs as bits, element 0 lowest; in the first cycles state is still unknown.
const steps = [
${steps.join('\n')}
];
const bits = (v, width) => [v].flat().reduceRight((sum, x) => (sum << BigInt(width)) | BigInt.asUintN(width, BigInt(x)), 0n);
const sim = simulateDesign(design, { engine: '${engine.split(' ')[0]}', properties: 'collect' });
const clocks = design.top.signals.filter((s) => s.role === 'input' && s.type.kind === 'clock').map((s) => s.name);
for (const [t, { poke, expect, edges }] of steps.entries()) {
  for (const [port, value] of Object.entries(poke)) sim.poke(port, value);
  for (const [port, value] of Object.entries(expect)) {
    const { type } = design.top.signals.find((s) => s.name === port);
    const seen = bits(sim.peek(port), type.width);
    if (seen === value) continue;
    console.log(\`cycle \${t}: \${port} is 0x\${seen.toString(16)}, expected 0x\${value.toString(16)}\`);
    process.exit(1);
  }
  const ticks = (edges ?? clocks).filter((c) => clocks.includes(c));
  if (ticks.length > 0) sim.step(1, ticks);
}
`;
}

function toolRun(subject: Case, tool: Tool): string {
  const dir = mkdtempSync(join(tmpdir(), 'systole-source-'));
  try {
    const { files } = writeBatch(dir, [subject]);
    const bench = readdirSync(dir).filter((f) => !files.includes(f) && f !== 'main.cpp');
    const texts = bench.map((f) => `  '${f}': ${JSON.stringify(readFileSync(join(dir, f), 'utf8'))},`);
    return `
// A bench that reads the stimulus and what ${flatPorts(subject.subject.circuit.outputs).length} outputs should be; it says \`wrong\` where they differ.
const files = {
${texts.join('\n')}
};
const dir = mkdtempSync('/tmp/systole-');
for (const { name, text } of emitVerilog(design)) writeFileSync(\`\${dir}/\${name}.v\`, text);
for (const [name, text] of Object.entries(files)) writeFileSync(\`\${dir}/\${name}\`, text);
const { stdout, stderr } = spawnSync('sh', ['-c', ${JSON.stringify(COMMANDS[tool])}], { cwd: dir, encoding: 'utf8' });
const said = \`\${stdout}\${stderr}\`.split('\\n').filter((line) => line !== '' && !/^done|^- |\\$finish/.test(line)).join('\\n');
if (said !== '') console.log(said);
process.exitCode = said === '' ? 0 : 1;
`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
