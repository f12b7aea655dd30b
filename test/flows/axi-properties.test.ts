// LD and ST keep the rules of AXI4 in every run of so many cycles; `npm run prove -- axi-load` proves it without a bound. Mistakes that this must notice stand in scripts/mutations.ts.

import { expect, it } from 'vitest';
import { MASTERS } from '../../flows/properties/index.ts';
import { prove } from '../../flows/prove/index.ts';

/** Cycles: enough for an error response, and at ST for data behind it. */
const DEPTHS: { readonly [name: string]: number } = {
  'axi-load': 9,
  'axi-store': 13,
  'axi-rules-fetch': 8,
  'axi-rules-load': 7,
  'axi-rules-store': 8,
};
/** Provers are slow where others work beside them. */
const TIMEOUT_MS = 900_000;

it.each(Object.entries(MASTERS))('%s', { timeout: TIMEOUT_MS }, async (name, design) => {
  const verdicts = (await prove(design(), { engine: 'bmc', depth: DEPTHS[name] as number })).filter(({ kind }) => kind === 'assert');
  const wrong = verdicts.filter(({ outcome, depth }) => outcome !== 'proved' && depth !== DEPTHS[name]);
  expect(wrong.map(({ message, outcome }) => [message, outcome])).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(8);
});
