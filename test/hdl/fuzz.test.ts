// Random circuits: the model in exact integers, both engines, Icarus and Verilator agree on every output in every cycle, with and without passes, and no
// tool has a warning.
//
// `SYSTOLE_SEED=<n> npx vitest run test/hdl/fuzz.test.ts` runs other circuits; `npm run fuzz -- --circuits 1 --seed <n>` repeats and shrinks a failure.

import { afterAll, describe, expect, it } from 'vitest';
import { circuitOf, type EngineName, Fuzzer } from '../fuzz/run.ts';
import { OPTIMISER } from '../fuzz/tools.ts';
import { difference, inProcess, modelled, prepare } from '../support/check-circuit.ts';
import { randomStimulus, SETTLE } from '../support/random-circuit/index.ts';
import { shrink } from '../support/shrink.ts';

const FIRST = Number(process.env['SYSTOLE_SEED'] ?? 1) * 1000;
const seeds = (from: number, n: number): number[] => [...Array(n).keys()].map((i) => FIRST + from + i);

function wrong(list: readonly number[], engines: readonly EngineName[], passes: boolean): string {
  const fuzzer = new Fuzzer(engines, passes);
  afterAll(() => fuzzer.close());
  return fuzzer
    .check(list)
    .map(({ seed, engine, what }) => `seed ${seed}, ${engine}: ${what}`)
    .join('\n');
}

describe('random circuits', () => {
  it.each([0, 16, 32, 48])('from %i on both engines and Icarus', (from) => {
    expect(wrong(seeds(from, 16), ['js', 'wasm', 'icarus'], false)).toBe('');
  });

  it.each([64, 76])('from %i after all passes, on both engines and Icarus', (from) => {
    expect(wrong(seeds(from, 12), ['js', 'wasm', 'icarus'], true)).toBe('');
  });

  it.each([88, 96])('from %i on Verilator and through Yosys', (from) => {
    expect(wrong(seeds(from, 8), ['verilator', 'yosys'], false)).toBe('');
  });

  it('circuits that found mistakes', () => {
    // A wire of a mesh element in the cells of another (WebAssembly); a shift of a signed net, two reversals of one net, comparisons that cannot differ, a product with minus one of one bit, a cast that Icarus takes for an inout (printer).
    expect(wrong([66509], ['js', 'wasm'], true)).toBe('');
    expect(wrong([60527, 61026, 61452, 63225, 63870, 65821, 71059, 77069], ['icarus', 'verilator'], true)).toBe('');
  });

  it('what Verilator gets wrong by its optimisation alone is laid at its door', () => {
    // Wrong on Verilator 5.006; a version that is right finds nothing.
    const fuzzer = new Fuzzer(['verilator'], false);
    const engines = fuzzer.check([88776]).map(({ engine }) => engine);
    fuzzer.close();
    expect(engines.filter((engine) => engine !== OPTIMISER)).toEqual([]);
  });

  it('one seed gives one circuit and one text', () => {
    const [seed] = seeds(0, 1) as [number];
    expect(prepare(circuitOf(seed)).files).toEqual(prepare(circuitOf(seed)).files);
  });

  it('a wrong model is found and shrinks', () => {
    const [seed] = seeds(300, 1) as [number];
    const circuit = circuitOf(seed);
    const broken = shrink(circuit, (list) => list.map((c) => c.outputs.length > 0), 5_000);
    expect(broken.outputs).toHaveLength(1);
    expect(JSON.stringify(broken, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)).length).toBeLessThan(800);
    const stimulus = randomStimulus(seed, circuit, 40);
    const want = modelled(circuit, stimulus).map((w) => Object.fromEntries(Object.entries(w).map(([k, v]) => [k, `${v}0`])));
    expect(difference(inProcess(prepare(circuit), stimulus), want, SETTLE)).toMatch(/^cycle 32: /);
  });
});
