// Mistakes of the floating-point cells and their golden model.

import type { Mutation } from './mutation.ts';

const FLOAT_MODEL = ['test/golden/float'];
const FLOAT_CELLS = ['testfloat', 'exhaustive', 'random'].map((name) => `test/generators/float/${name}.test.ts`);

export const FLOATS: readonly Mutation[] = [
  {
    what: 'golden float rounds ties up',
    file: 'sim/golden/float/value.ts',
    find: '(rest === half && (whole & 1n) === 1n)',
    replace: 'rest === half',
    tests: FLOAT_MODEL,
  },
  {
    what: 'golden float detects tininess before rounding',
    file: 'sim/golden/float/value.ts',
    find: 'tiny && isTinyRounded(format, x, top, rounding)',
    replace: 'tiny',
    tests: FLOAT_MODEL,
  },
  {
    what: 'golden float loses the subnormals of half the least normal value',
    file: 'sim/golden/float/value.ts',
    find: 'const tiny = top < least;',
    replace: 'const tiny = top < least - 1;',
    tests: FLOAT_MODEL,
  },
  {
    what: 'golden float takes quiet NaN for signalling',
    file: 'sim/golden/float/value.ts',
    find: 'code < (canonicalNaN(format) as number)',
    replace: 'code >= (canonicalNaN(format) as number)',
    tests: FLOAT_MODEL,
  },
  {
    what: 'golden float gives a difference of zero the sign plus when rounding down',
    file: 'sim/golden/float/arithmetic.ts',
    find: 'x.negative === y.negative ? x.negative : down',
    replace: 'x.negative === y.negative ? x.negative : false',
    tests: FLOAT_MODEL,
  },
  {
    what: 'golden float in doubles overflows too early',
    file: 'sim/golden/float/fast.ts',
    find: '65_520',
    replace: '65_504',
    tests: FLOAT_MODEL,
  },
  {
    what: 'golden float block applies one scale only',
    file: 'sim/golden/float/block.ts',
    find: 'sum.exponent + a + b - 2 * SCALE_BIAS',
    replace: 'sum.exponent + a - SCALE_BIAS',
    tests: FLOAT_MODEL,
  },
  {
    what: 'float cell rounds ties up',
    file: 'generators/float/round.ts',
    find: 'half.and(last.or(rest))',
    replace: 'half',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell forgets lost bits when it rounds',
    file: 'generators/float/round.ts',
    find: '          .orR()\n          .or(lost)',
    replace: '          .orR()',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell detects tininess before rounding',
    file: 'generators/float/round.ts',
    find: 'hidden.not().and(reaches.not())',
    replace: 'hidden.not()',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell forgets bits that alignment shifts out',
    file: 'generators/float/shift.ts',
    find: 'lost = lost.or(move.and(shifted.trunc(power).orR()));',
    replace: '',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell gives subnormal operands half their value',
    file: 'generators/float/unpack.ts',
    find: 'exponent.bit(0).or(normal.not())',
    replace: 'exponent.bit(0)',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell takes quiet NaN for signalling',
    file: 'generators/float/unpack.ts',
    find: 'nan.and(mantissa.bit(mantissa.width - 1).not())',
    replace: 'nan.and(mantissa.bit(mantissa.width - 1))',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell gives infinity where NaN is due',
    file: 'generators/float/unpack.ts',
    find: 'mux(nan, constant(codes.nan ?? codes.largest)',
    replace: 'mux(nan, constant(codes.infinity ?? codes.largest)',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell normalises below the least exponent',
    file: 'generators/float/add-core.ts',
    find: 'normalise(magnitude, above)',
    replace: 'normalise(magnitude)',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell adds in a window one bit too narrow',
    file: 'generators/float/add-core.ts',
    find: 'precision + 2 + x.zeros',
    replace: 'precision + 1 + x.zeros',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell gives a difference of zero the sign of an operand',
    file: 'generators/float/add-core.ts',
    find: 'mux(cancels, down, sign.xor(negative))',
    replace: 'sign.xor(negative)',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell never normalises the operands of a product',
    file: 'generators/float/product.ts',
    find: 'const oneIsNormal = 2 * leastExponent(operand) + 1 < leastExponent(result);',
    replace: 'const oneIsNormal = true;',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell refuses the least integer',
    file: 'generators/float/convert.ts',
    find: 'size.gt(limit)',
    replace: 'size.ge(limit)',
    tests: FLOAT_CELLS,
  },
];
