// Fetch, LD and ST keep the rules of AXI4 in every run, however long. Mistakes that this must notice stand in scripts/mutations.ts.

import { expect, it } from 'vitest';
import { MASTERS } from '../../flows/properties/index.ts';
import { prove } from '../../flows/prove/index.ts';

/** Provers are slow where others work beside them. */
const SECONDS = 600;

it.each(['axi-fetch', 'axi-load', 'axi-store'])('%s', { timeout: 2000 * SECONDS }, async (name) => {
  const verdicts = await prove(MASTERS[name]?.() as never, { engine: 'pdr', seconds: SECONDS });
  const wrong = verdicts.filter(({ kind, outcome }) => outcome !== { assert: 'proved', assume: 'assumed', cover: 'reached' }[kind]);
  expect(wrong.map(({ message, outcome }) => [message, outcome])).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(19);
});
