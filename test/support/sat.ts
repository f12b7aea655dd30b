// The same question as equivalence.ts asks, answered by Yosys alone: a miter of the two cores and its SAT solver. Slow on large circuits.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netlists, type Pair } from './equivalence.ts';
import type { Core, Module } from './netlist.ts';
import { comparableCores } from './state-pairs.ts';

/** The first pair that differs, or undefined when all are proven equal. Undefined bits count as 0, on both sides. */
export function differsBySat(pairs: readonly Pair[]): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'systole-sat-'));
  try {
    const modules = netlists(dir, pairs);
    const script = pairs.map(({ name, before, after }, i) => {
      const cores = comparableCores(modules[before.top] as Module, modules[after.top] as Module);
      const inputs = [...new Set(cores.flatMap((c) => [...c.inputs.keys()]))];
      const outputs = [...new Set(cores.flatMap((c) => [...c.outputs.keys()]))];
      const [gold, gate] = cores.map((core) => moduleOf(core, inputs, outputs));
      writeFileSync(join(dir, `${i}.json`), JSON.stringify({ modules: { gold, gate } }));
      return [
        `design -reset\nlog PAIR ${name}\nread_json ${i}.json\nsetundef -undriven -zero`,
        'miter -equiv -flatten gold gate m\nhierarchy -top m\nopt_expr\nopt_merge\nopt_clean\nsat -verify -prove trigger 0 m\n',
      ].join('\n');
    });
    writeFileSync(join(dir, 'prove.ys'), script.join(''));
    const { status, stdout, stderr } = spawnSync('yosys', ['-Q', '-T', 'prove.ys'], { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 30 });
    if (status === 0) return undefined;
    return `${[...stdout.matchAll(/^PAIR (.*)$/gm)].at(-1)?.[1]}: ${stderr.trim()}`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A core as Yosys reads it, with the inputs and outputs of both numbered: with some inputs that it does not read. */
function moduleOf({ inputs, outputs, cells }: Core, ins: readonly string[], outs: readonly string[]): Pick<Module, 'ports' | 'cells' | 'netnames'> {
  const used = [...inputs.values(), ...Object.values(cells).flatMap((c) => Object.values(c.connections).flat())];
  let free = used.reduce<number>((most, bit) => (typeof bit === 'number' && bit > most ? bit : most), 1) + 1;
  return {
    ports: Object.fromEntries([
      ...ins.map((name, i) => [`in_${i}`, { direction: 'input', bits: [inputs.get(name) ?? free++] }]),
      ...[...outputs].map(([name, bit]) => [`out_${outs.indexOf(name)}`, { direction: 'output', bits: [bit] }]),
    ]),
    cells,
    netnames: {},
  };
}
