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

export const MUTATIONS: readonly Mutation[] = [
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
