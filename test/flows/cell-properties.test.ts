// What the standard library promises, proved; and for each cell a mistake that its properties notice.
//
// `npm run prove:mutants` makes every mistake of test/support/mutants.ts.

import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../flows/properties/index.ts';
import { prove, type Verdict } from '../../flows/prove/index.ts';
import { CELLS } from '../support/cells.ts';
import { type Mutant, mutants } from '../support/mutants.ts';

const isGood = ({ outcome, trace }: Verdict): boolean =>
  ['proved', 'assumed'].includes(outcome) || (outcome === 'reached' && trace?.confirmed === true);

it('every design has a cell to break', () => {
  expect(Object.keys(CELLS)).toEqual(Object.keys(PROPERTIES));
});

describe.each(Object.entries(PROPERTIES))('%s', (name, design) => {
  it('is proved, and every cover is reached', async () => {
    const verdicts = await prove(design());
    expect(verdicts.filter((v) => !isGood(v)).map(({ message, outcome }) => [message, outcome])).toEqual([]);
    expect(verdicts.filter((v) => v.outcome === 'proved').length).toBeGreaterThan(0);
  });

  it('is refuted with a mistake in it, and the simulator sees it too', async () => {
    const { what, design: broken } = mutants(design(), CELLS[name] as string)[0] as Mutant;
    const refuted = (await prove(broken, { engine: 'bmc', depth: 12 })).filter((v) => v.outcome === 'refuted');
    expect(refuted.length, what).toBeGreaterThan(0);
    expect(refuted.every((v) => v.trace?.confirmed)).toBe(true);
  });
});
