// Mistakes of the requantiser and its golden model.

import type { Mutation } from './mutation.ts';

const REQUANTISER_TESTS = ['test/generators/requantise'];

export const REQUANTISER: readonly Mutation[] = [
  {
    what: 'requantisation rounds ties towards zero',
    file: 'sim/golden/requantise.ts',
    find: '(x < 0 ? 1 : 0)',
    replace: '(x < 0 ? 0 : 1)',
    tests: ['test/golden/requantise.test.ts'],
  },
  {
    what: 'requantisation rounds half a unit less',
    file: 'sim/golden/requantise.ts',
    find: '(1n << 30n)) >> 31n',
    replace: '(1n << 29n)) >> 31n',
    tests: ['test/golden/requantise.test.ts'],
  },
  {
    what: 'requantiser: ties of the double rounding go up',
    file: 'generators/requantise/requantiser.ts',
    find: 'half.and(lost.or(kept.lt(0).not()))',
    replace: 'half',
    tests: REQUANTISER_TESTS,
  },
  {
    what: 'requantiser: the sticky bits are lost',
    file: 'generators/requantise/requantiser.ts',
    find: 'half.and(lost.or(kept.bit(0)))',
    replace: 'half.and(kept.bit(0))',
    tests: REQUANTISER_TESTS,
  },
  {
    what: 'requantiser: the high product does not saturate',
    file: 'generators/requantise/requantiser.ts',
    find: 'saturate(value.add(2 ** 30).shr(31), 32)',
    replace: 'value.add(2 ** 30).shr(31).trunc(32)',
    tests: REQUANTISER_TESTS,
  },
  {
    what: 'requantiser: the product in fp32 is not rounded',
    file: 'generators/requantise/requantiser.ts',
    find: 'positive(kept.add(up.asUInt())).named(',
    replace: 'positive(kept.add(up.and(up.not()).asUInt())).named(',
    tests: REQUANTISER_TESTS,
  },
  {
    what: 'requantising unit: the next pixel goes on with the next row',
    file: 'generators/requantise/unit.ts',
    find: 'next.eq(p.lastRow)',
    replace: 'next.eq(0)',
    tests: REQUANTISER_TESTS,
  },
];
