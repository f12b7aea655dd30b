// Random circuits: the model in exact integers, the in-process simulator, Icarus and Verilator agree on every output in every cycle.
//
// `SYSTOLE_SEED=<n> npx vitest run test/hdl/fuzz.test.ts` runs other circuits; a failure names the seed of its circuit and shrinks it.

import { describe, expect, it } from 'vitest';
import { difference, inProcess, modelled, onIcarus, onVerilator, prepare } from '../support/check-circuit.ts';
import type { Circuit } from '../support/circuit.ts';
import { randomCircuit, randomStimulus, SETTLE } from '../support/random-circuit.ts';
import { shrink } from '../support/shrink.ts';
import { lint } from '../support/verilog-tools.ts';

const FIRST = Number(process.env['SYSTOLE_SEED'] ?? 1);
const CYCLES = 40;
const SIZES = [2, 3, 4, 5, 6];
const seeds = (from: number, n: number): number[] => [...Array(n).keys()].map((i) => FIRST * 1000 + from + i);

function build(seed: number): Circuit {
  return randomCircuit(seed, { depth: 2, items: SIZES[seed % SIZES.length] as number });
}

/** What is wrong with a circuit on the fast engines. */
function wrong(circuit: Circuit, seed: number): string | undefined {
  const stimulus = randomStimulus(seed, circuit, CYCLES);
  const subject = prepare(circuit);
  const want = modelled(circuit, stimulus);
  const simulator = difference(inProcess(subject, stimulus), want, SETTLE);
  const icarus = difference(onIcarus(subject, stimulus), want, SETTLE);
  return [simulator && `simulator, ${simulator}`, icarus && `Icarus, ${icarus}`].filter(Boolean).join('\n') || undefined;
}

/** The failure with the seed and the smallest circuit that shows it. */
function explain(seed: number, problem: string): string {
  const small = shrink(
    build(seed),
    (c) => {
      try {
        return wrong(c, seed) !== undefined;
      } catch {
        return false;
      }
    },
    20_000,
  );
  const text = JSON.stringify(small, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v), 1);
  return `seed ${seed}: ${problem}\n${text.length < 20_000 ? text : `${text.slice(0, 20_000)}…`}\n${prepare(small)
    .files.map((f) => f.text)
    .join('\n')}`;
}

describe('random circuits', () => {
  it.each(seeds(0, 40))('seed %i on the simulator and on Icarus', (seed) => {
    const problem = wrong(build(seed), seed);
    if (problem) expect.fail(explain(seed, problem));
  });

  it.each(seeds(100, 16))('seed %i is silent under Verilator, Icarus and Yosys', (seed) => {
    const { files, top } = prepare(build(seed));
    expect(lint(files, top), `seed ${seed}`).toBe('');
  });

  it.each(seeds(200, 3))('seed %i on Verilator', (seed) => {
    const circuit = build(seed);
    const stimulus = randomStimulus(seed, circuit, CYCLES);
    expect(difference(onVerilator(prepare(circuit), stimulus), modelled(circuit, stimulus), SETTLE), `seed ${seed}`).toBeUndefined();
  });

  it('one seed gives one circuit and one text', () => {
    const [a, b] = [prepare(build(seeds(0, 1)[0] as number)), prepare(build(seeds(0, 1)[0] as number))];
    expect(a.files).toEqual(b.files);
  });

  it('a wrong model is found and shrinks', () => {
    const seed = seeds(300, 1)[0] as number;
    const circuit = build(seed);
    const broken = shrink(circuit, (c) => c.outputs.length > 0, 5_000);
    expect(broken.outputs).toHaveLength(1);
    expect(JSON.stringify(broken, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)).length).toBeLessThan(400);
    const stimulus = randomStimulus(seed, circuit, CYCLES);
    const want = modelled(circuit, stimulus).map((w) => Object.fromEntries(Object.entries(w).map(([k, v]) => [k, `${v}0`])));
    expect(difference(inProcess(prepare(circuit), stimulus), want, SETTLE)).toMatch(/^cycle 64: /);
  });
});
