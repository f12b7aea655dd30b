// Mistakes made on purpose, and the tests that must notice each of them.
//
// Invariant: `find` stands exactly once in the file, so that a mutation which no longer applies fails loudly instead of passing quietly.

export interface Mutation {
  /** What is broken, in the words of whoever would have done it. */
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail. */
  readonly tests: readonly string[];
}

const UNIT = ['test/generators/unit.test.ts'];
const PRINTER = ['test/hdl/operators.test.ts', 'test/cosim/smoke.test.ts'];

const FLOAT_MODEL = ['test/golden/float'];
const FLOAT_CELLS = ['testfloat', 'exhaustive', 'random'].map((name) => `test/generators/float/${name}.test.ts`);

const FLOATS: readonly Mutation[] = [
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
    what: 'golden block applies one scale only',
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
    find: 'normalise(magnitude, exponent)',
    replace: 'normalise(magnitude)',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell adds in a window one bit too narrow',
    file: 'generators/float/add-core.ts',
    find: 'precision + 3 + x.zeros',
    replace: 'precision + 2 + x.zeros',
    tests: FLOAT_CELLS,
  },
  {
    what: 'float cell gives a difference of zero the sign of an operand',
    file: 'generators/float/add-core.ts',
    find: 'mux(cancels, down, leadSign.xor(negative))',
    replace: 'leadSign.xor(negative)',
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

export const MUTATIONS: readonly Mutation[] = [
  ...FLOATS,
  { what: 'ws PE subtracts the product', file: 'generators/ws-pe.ts', find: 'p.sum.addw(', replace: 'p.sum.subw(', tests: UNIT },
  {
    what: 'ws PE multiplies by the shadow weight',
    file: 'generators/ws-pe.ts',
    find: 'mul(this.weightActive)',
    replace: 'mul(this.weightShadow)',
    tests: UNIT,
  },
  {
    what: 'os PE keeps the old sum at the start of a tile',
    file: 'generators/os-pe.ts',
    find: 'mux(p.first, zeros(sint(SUM_WIDTH)), this.accumulator)',
    replace: 'mux(p.last, zeros(sint(SUM_WIDTH)), this.accumulator)',
    tests: UNIT,
  },
  {
    what: 'os PE drains the accumulator of the slot before',
    file: 'generators/os-pe.ts',
    find: 'this.drainReg.set(this.sum)',
    replace: 'this.drainReg.set(this.accumulator)',
    tests: UNIT,
  },
  {
    what: 'ws activations are skewed by one slot too many',
    file: 'generators/ws-unit.ts',
    find: 'this.skew(this.activationFront, { first: 0, step: 1 }',
    replace: 'this.skew(this.activationFront, { first: 1, step: 1 }',
    tests: UNIT,
  },
  {
    what: 'ws sums are not skewed',
    file: 'generators/ws-unit.ts',
    find: 'this.skew(this.sumFront, { first: 0, step: 1 }',
    replace: 'this.skew(this.sumFront, { first: 0, step: 0 }',
    tests: UNIT,
  },
  {
    what: 'os results are deskewed the wrong way round',
    file: 'generators/os-unit.ts',
    find: 'this.skew(bottom, { first: cols - 1, step: -1 }',
    replace: 'this.skew(bottom, { first: 0, step: 1 }',
    tests: UNIT,
  },
  {
    what: 'ws swaps before the weights are complete',
    file: 'generators/ws-unit.ts',
    find: 'start.not().or(full)',
    replace: 'start.not().or(loaded.ne(0))',
    tests: UNIT,
  },
  {
    what: 'os drain starts a slot early',
    file: 'generators/os-unit.ts',
    find: 'this.delay(tileEnd, rows + 1',
    replace: 'this.delay(tileEnd, rows',
    tests: UNIT,
  },
  {
    what: 'the pipeline moves although the result is not taken',
    file: 'generators/ws-unit.ts',
    find: 'advance.set(outValid.not().or(out.ready))',
    replace: 'advance.set(outValid.or(outValid.not()))',
    tests: UNIT,
  },
  {
    what: 'printer: sign extension takes the bit below the sign',
    file: 'hdl/verilog/lower-expr.ts',
    find: 'v.repeat(added, sliceOf(value, own - 1, own - 1))',
    replace: 'v.repeat(added, sliceOf(value, Math.max(own - 2, 0), Math.max(own - 2, 0)))',
    tests: PRINTER,
  },
  {
    what: 'printer: zero extension is one bit short',
    file: 'hdl/verilog/lower-expr.ts',
    find: 'v.literal(0n, added), exact(scope, e)',
    replace: 'v.literal(0n, added - 1), exact(scope, e)',
    tests: PRINTER,
  },
  {
    what: 'printer: signed values compare as unsigned',
    file: 'hdl/verilog/lower-expr.ts',
    find: '[v.asSigned(x), v.asSigned(y)]',
    replace: "[v.call('$unsigned', x), v.call('$unsigned', y)]",
    tests: PRINTER,
  },
  { what: 'printer: arithmetic shift loses the sign', file: 'hdl/verilog/lower-expr.ts', find: "op: '>>>'", replace: "op: '>>'", tests: PRINTER },
  {
    what: 'printer: a mesh reads its own output',
    file: 'hdl/verilog/print-generate.ts',
    find: 'step === 1 ? `${i}-1` : `${i}+1`',
    replace: 'step === 1 ? `${i}-0` : `${i}+1`',
    tests: PRINTER,
  },
  {
    what: 'printer: reset only when enabled',
    file: 'hdl/verilog/prepare.ts',
    find: "body: reset ? [{ k: 'if', cond: reset, then: [clear], else: enabled }] : enabled",
    replace: 'body: enabled',
    tests: PRINTER,
  },
  {
    what: 'golden model: a product is dropped',
    file: 'sim/golden/matmul.ts',
    find: 'if (factor === 0) continue;',
    replace: 'if (factor === 1) continue;',
    tests: ['test/golden'],
  },
  {
    what: 'cycle model: one slot of latency too many',
    file: 'sim/golden/cycle-ws.ts',
    find: 'this.latency = unit.rows + unit.cols;',
    replace: 'this.latency = unit.rows + unit.cols + 1;',
    tests: ['test/golden', ...UNIT],
  },
  {
    what: 'requantisation rounds ties towards zero',
    file: 'compiler/requantise.ts',
    find: '(x < 0 ? 1 : 0)',
    replace: '(x < 0 ? 0 : 1)',
    tests: ['test/compiler'],
  },
  {
    what: 'requantisation rounds half a unit less',
    file: 'compiler/requantise.ts',
    find: '(1n << 30n)) >> 31n',
    replace: '(1n << 29n)) >> 31n',
    tests: ['test/compiler'],
  },
  {
    what: 'FIFO: the ring is one place short',
    file: 'hdl/std/fifo.ts',
    find: 'index.eq(depth - 1)',
    replace: 'index.eq(depth - 2)',
    tests: ['test/std/buffers.test.ts'],
  },
  {
    what: 'skid buffer: the waiting beat is lost',
    file: 'hdl/std/skid-buffer.ts',
    find: 'p.in.valid.or(open.not())',
    replace: 'p.in.valid',
    tests: ['test/std/buffers.test.ts'],
  },
  {
    what: 'fork: an output takes a beat twice',
    file: 'hdl/std/fork.ts',
    find: '.and(taken.not())',
    replace: '',
    tests: ['test/std/streams.test.ts'],
  },
  {
    what: 'arbiter: a grant moves while the output stalls',
    file: 'hdl/std/arbiter.ts',
    find: 'mux(held.orR(), held, fresh)',
    replace: 'fresh',
    tests: ['test/std/arbiter.test.ts'],
  },
  {
    what: 'round robin: the last input comes first again',
    file: 'hdl/std/arbiter.ts',
    find: 'this.grant.or(this.grant.subw(1)).not()',
    replace: 'this.grant.subw(1).not()',
    tests: ['test/std/arbiter.test.ts'],
  },
  {
    what: 'LFSR: a tap next to the right one',
    file: 'hdl/std/lfsr.ts',
    find: '24: [24, 23, 22, 17]',
    replace: '24: [24, 23, 22, 16]',
    tests: ['test/std/sequential.test.ts'],
  },
  {
    what: 'CRC: bytes go in from the wrong end',
    file: 'hdl/std/crc.ts',
    find: 'refIn ? i :',
    replace: '!refIn ? i :',
    tests: ['test/std/sequential.test.ts'],
  },
  {
    what: 'register bank: a clear wins over a set by hardware',
    file: 'hdl/std/register-bank.ts',
    find: "value.and(written.not()).or(bitsOf(port('_set')))",
    replace: "value.or(bitsOf(port('_set'))).and(written.not())",
    tests: ['test/std/register-map.test.ts'],
  },
];
