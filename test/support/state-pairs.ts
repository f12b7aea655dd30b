// Partners for state whose names a pass changed, such as the inner stages of a delay: bits that take the same values when both designs are simulated
// side by side from a common state.
//
// A guess, and sound as such: the proof shows of every pair, guessed or named, that equal values stay equal. It refuses nothing; what it finds no
// partner for stays free.

import { Aig, FALSE, type Lit, randomWord } from './aig.ts';
import { literalsOf } from './blast.ts';
import { type Bit, type Core, type Module, pairedCores } from './netlist.ts';
import { Rng } from './random.ts';

/** Cycles and, at once, runs. A register deeper in a delay than this looks constant, and pairs in order of declaration. */
const CYCLES = 48;
const RUNS = 64;

/** The cores of two designs with the same ports, their state paired by name and then by behaviour. */
export function comparableCores(before: Module, after: Module): readonly [Core, Core] {
  const named = pairedCores(before, after);
  if (named.some((core) => core.unpaired.size === 0)) return named;
  const [first, second] = histories(named) as [Map<string, string[]>, Map<string, string[]>];
  const partners = new Map<string, string>();
  for (const [history, keys] of second) {
    const others = first.get(history);
    if (others?.length === keys.length) keys.forEach((key, i) => partners.set(key, others[i] as string));
  }
  return pairedCores(before, after, partners);
}

/** Of each core, its state without partners by the values that it takes from zero, those of all else being random and common. */
function histories(cores: readonly [Core, Core]): Map<string, string[]>[] {
  const g = new Aig();
  const inputs = new Map<string, Lit>();
  const literals = cores.map((core) => literalsOf(g, core, inputs, FALSE));
  const state = cores.flatMap((core, i) =>
    [...core.unpaired].map(([key, s]) => ({ of: i, key, manner: s.manner, q: inputs.get(key) as Lit, d: (literals[i] as (bit: Bit) => Lit)(s.d) })),
  );
  const rng = new Rng(1);
  let values = new Map(state.map((s) => [s.q, 0n]));
  const seen = state.map((s) => [s.manner]);
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const current = values;
    const of = g.evaluate((input) => current.get(input) ?? randomWord(rng, RUNS), RUNS);
    values = new Map(state.map((s) => [s.q, of(s.d)]));
    state.forEach((s, i) => seen[i]?.push(of(s.d).toString(36)));
  }
  return cores.map((_, i) => {
    const found = new Map<string, string[]>();
    state.forEach((s, n) => {
      const history = (seen[n] as string[]).join();
      if (s.of === i) found.set(history, [...(found.get(history) ?? []), s.key]);
    });
    return found;
  });
}
