// The tutorial: each design against its specification in the simulator, on both engines, and as Verilog on Icarus and Verilator, which have one
// build each for all of them; what is printed is clean in all tools. Problems elaborate and are not solved.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../examples/tutorial/specs/check.ts';
import { cyclesOf, EXERCISE_NAMES, examples, exercise, type Subject } from '../../examples/tutorial/specs/index.ts';
import type { PortValue } from '../../examples/tutorial/specs/specification.ts';
import { count, ports, type Signal } from '../../hdl/ir/nodes.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import type { Ground, Value } from '../support/reference.ts';
import { expectedWaves, lint, type Run, runAllOnIcarus, runAllOnVerilator, type TypedPort, together, type Waves } from '../support/verilog-tools.ts';

const SEED = 7;
const EXAMPLES = examples();
const SOLUTIONS = await Promise.all(EXERCISE_NAMES.map((name) => exercise(name, 'solutions')));
const SUBJECTS = [...EXAMPLES, ...SOLUTIONS];
const data = ({ design }: Subject, role: string): Signal[] =>
  ports(design.top).filter((s) => s.role === role && s.type.kind !== 'clock' && s.type.kind !== 'reset');

function typed({ name, type, dims }: Signal): TypedPort {
  const ground: Ground = { kind: type.kind === 'sint' ? 'sint' : 'uint', width: type.width };
  return { name, type: dims.length > 0 ? { kind: 'vec', element: ground, length: count(dims) } : ground };
}

const exact = (value: PortValue): Value => (typeof value === 'object' ? value.map(BigInt) : BigInt(value));

function asRun(subject: Subject): Run {
  const [inputs, has] = [data(subject, 'input'), (kind: string) => ports(subject.design.top).some((s) => s.type.kind === kind)];
  const cycles = cyclesOf(subject, SEED).map(({ inputs: given }) => ({
    values: inputs.map(({ name }) => exact(given[name] as PortValue)),
    rst: given['rst'] === 1,
  }));
  return {
    files: emitVerilog(subject.design),
    top: subject.design.top.name,
    inputs: inputs.map(typed),
    outputs: data(subject, 'output').map(typed),
    clock: has('clock'),
    reset: has('reset'),
    // A reset first, with the inputs of the cycle after it.
    cycles: [{ ...(cycles[0] as (typeof cycles)[0]), rst: true }, ...cycles],
  };
}

/** Where the waves of a subject, from the cycle after the reset, are not what its specification says. */
function difference(subject: Subject, waves: Waves): string | undefined {
  for (const [t, { outputs }] of cyclesOf(subject, SEED).entries()) {
    for (const signal of data(subject, 'output')) {
      const want = outputs[signal.name] as PortValue | undefined;
      if (want === undefined) continue;
      const [[name, due] = ['', '']] = Object.entries(expectedWaves([typed(signal)], [[exact(want)]])[0] as { readonly [port: string]: string });
      // A circuit without a clock has had the first inputs twice.
      if (waves[t + 1]?.[name] !== due) return `${subject.name}, cycle ${t}: ${name} is ${waves[t + 1]?.[name]}, expected ${due} (hexadecimal)`;
    }
  }
  return undefined;
}

const differences = (all: readonly Waves[]): string[] => SUBJECTS.flatMap((subject, i) => difference(subject, all[i] as Waves) ?? []);

describe('the tutorial', () => {
  it('has its 21 examples and 18 exercises', () => {
    expect(new Set(EXAMPLES.map(({ name }) => name.split('/')[0])).size).toBe(21);
    expect(EXERCISE_NAMES).toHaveLength(18);
    for (const subject of SUBJECTS)
      expect(Object.values(cyclesOf(subject)[0]?.outputs ?? {}).length, subject.name).toBe(data(subject, 'output').length);
  });

  it('is listed in its README, with the lines that it has', () => {
    const root = join(import.meta.dirname, '../../examples/tutorial');
    const rows = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| .*\((\w+\/[\w-]+\.ts)\).*\| (\d+) \|$/gm)];
    for (const [, file, lines] of rows)
      expect(
        readFileSync(join(root, file as string), 'utf8')
          .trimEnd()
          .split('\n').length,
        file,
      ).toBe(Number(lines));
    const files = ['examples', 'solutions'].flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`));
    expect(rows.map(([, file]) => file).sort()).toEqual(files.sort());
    expect(readdirSync(join(root, 'problems'))).toEqual(readdirSync(join(root, 'solutions')));
  });

  it.each(['js', 'wasm'] as const)('does what it says in the simulator, engine %s', (engine) => {
    expect(SUBJECTS.flatMap((subject) => firstDifference(subject, engine, SEED) ?? [])).toEqual([]);
  });

  it('does what it says on Icarus', () => expect(differences(runAllOnIcarus(SUBJECTS.map(asRun)))).toEqual([]));
  // Compiles some ten thousand lines of C++ in one go.
  it('does what it says on Verilator', { timeout: 600_000 }, () => expect(differences(runAllOnVerilator(SUBJECTS.map(asRun)))).toEqual([]));

  it('prints Verilog that all tools are content with', () => {
    const runs = SUBJECTS.map(asRun);
    const files = runs.flatMap((r) => r.files);
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    expect(lint([...files, together(runs)], 'together')).toBe('');
  });

  it.each(EXERCISE_NAMES)('problem %s is a circuit, and not solved', async (name) => {
    expect(firstDifference(await exercise(name, 'problems'))).toMatch(/^cycle \d+, with /);
  });
});
