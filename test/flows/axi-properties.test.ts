// LD and ST keep the rules of AXI4 in every run of so many cycles; without a bound: `npm run prove -- axi-load axi-store`. Mistakes that this must notice stand in scripts/mutations.ts.

import { expect, it } from 'vitest';
import { MASTERS } from '../../flows/properties/index.ts';
import { prove } from '../../flows/prove/index.ts';

const DEPTH = 14;

it.each(Object.entries(MASTERS))('%s', async (_, design) => {
  const verdicts = await prove(design(), { engine: 'bmc', depth: DEPTH });
  const wrong = verdicts.filter(({ kind, outcome, depth }) =>
    kind === 'assert' ? !(outcome === 'proved' || depth === DEPTH) : kind === 'cover' && outcome !== 'reached',
  );
  expect(wrong.map(({ message, outcome }) => [message, outcome])).toEqual([]);
  expect(verdicts.filter(({ kind }) => kind === 'assert').length).toBeGreaterThan(9);
});
