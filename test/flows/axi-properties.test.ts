// Fetch, LD and ST keep the rules of AXI4 in every run, however long. Mistakes that this must notice stand in scripts/mutations.

import { expect, it } from 'vitest';
import { MASTERS } from '../../flows/properties/index.ts';
import { prove } from '../../flows/prove/index.ts';
import type { Design } from '../../hdl/index.ts';

/** Cycles that are searched first, since a mistake is found sooner than proofs without it fail: enough for an error response, and at ST for data behind it. */
const DEPTHS = { 'axi-fetch': 9, 'axi-load': 9, 'axi-store': 12 } as const;
/** Provers are slow where others work beside them. */
const SECONDS = 600;

it.each(Object.entries(DEPTHS))('%s', { timeout: 2000 * SECONDS }, async (name, depth) => {
  const design = MASTERS[name]?.() as Design;
  const searched = await prove(design, { engine: 'bmc', depth, seconds: SECONDS });
  expect(searched.filter(({ outcome }) => outcome === 'refuted').map(({ message }) => message)).toEqual([]);
  const verdicts = await prove(design, { engine: 'pdr', seconds: SECONDS });
  const wrong = verdicts.filter(({ kind, outcome }) => outcome !== { assert: 'proved', assume: 'assumed', cover: 'reached' }[kind]);
  expect(wrong.map(({ message, outcome }) => [message, outcome])).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(19);
});
