// The documented traps of Verilog. For each one: what a printer would write that knows nothing of widths and signs of expressions, run on Icarus and
// seen to be wrong, beside what ours writes, which agrees with plain integers. A naive text that no tool reads counts as wrong too.

import { describe, expect, it } from 'vitest';
import {
  type Bool,
  bool,
  cat,
  elaborate,
  input,
  lit,
  Module,
  mux,
  output,
  type PortRecord,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { type Ground, sintT, type Type, uintT } from '../support/reference.ts';
import { expectedWaves, lint, type Run, runAllOnIcarus, type TypedPort, verilogText, type Waves } from '../support/verilog-tools.ts';

const INPUTS = { u: uintT(8), v: uintT(8), n: uintT(4), s: sintT(8), t: sintT(8), m: sintT(4), w: sintT(16), c: { kind: 'bool', width: 1 } } as const;
type Values = { readonly [K in keyof typeof INPUTS]: bigint };
interface Signals {
  readonly u: UInt<8>;
  readonly v: UInt<8>;
  readonly n: UInt<4>;
  readonly s: SInt<8>;
  readonly t: SInt<8>;
  readonly m: SInt<4>;
  readonly w: SInt<16>;
  readonly c: Bool;
}

interface Trap {
  readonly what: string;
  readonly ours: (p: Signals) => { readonly width: number; readonly kind: string };
  /** The right-hand side of `assign y = …`, over inputs that are declared with their signs. */
  readonly naive: string;
  readonly model: (v: Values) => bigint;
}

const low = (width: number, value: bigint): bigint => BigInt.asUintN(width, value);
const flag = (b: boolean): bigint => (b ? 1n : 0n);

const TRAPS: readonly Trap[] = [
  {
    what: 'an unsigned neighbour turns >>> into a logical shift',
    ours: ({ s }) =>
      s
        .shr(1)
        .extend(8)
        .asUInt()
        .xor(lit(uint(8), 0)),
    naive: "$signed(s) >>> 1 ^ 8'h00",
    model: ({ s }) => low(8, s >> 1n),
  },
  {
    what: 'and so does a shift by a signal beside one',
    ours: ({ s, n, u }) => s.dshr(n).asUInt().or(u),
    naive: '(s >>> n) | u',
    model: ({ s, n, u }) => low(8, s >> n) | u,
  },
  {
    what: 's < u compares both as unsigned',
    ours: ({ s, u }) => s.lt(u.extend(9).asSInt()),
    naive: 's < u',
    model: ({ s, u }) => flag(s < u),
  },
  {
    what: 'a shift is signed as what it shifts, whatever the amount',
    ours: ({ s, n, t }) => s.asUInt().dshr(n).ge(t.not()),
    naive: '(s >> n) >= ~t',
    model: ({ s, n, t }) => flag(low(8, s) >> n >= low(8, ~t)),
  },
  {
    what: 's >= 0 with an unsigned literal always holds',
    ours: ({ s }) => s.ge(0),
    naive: "s >= 8'd0",
    model: ({ s }) => flag(s >= 0n),
  },
  {
    what: 'two signs in a conditional lose the sign of both',
    ours: ({ c, s, u }) => mux(c, s, u.extend(9).asSInt()).extend(12),
    naive: 'c ? s : u',
    model: ({ c, s, u }) => low(12, c ? s : u),
  },
  {
    what: '(x + y) >> 1 loses the carry in a narrow context',
    ours: ({ u, v }) => u.add(v).shr(1).trunc(8),
    naive: '(u + v) >> 1',
    model: ({ u, v }) => low(8, (u + v) >> 1n),
  },
  {
    what: 'x + y in a comparison of their width loses the carry',
    ours: ({ u, v, n }) => u.add(v).gt(cat(n, n)),
    naive: '(u + v) > {n, n}',
    model: ({ u, v, n }) => flag(u + v > n * 17n),
  },
  {
    what: 'a wrapping sum does not wrap in a wide context',
    ours: ({ u, v }) => u.addw(v).extend(12),
    naive: 'u + v',
    model: ({ u, v }) => low(8, u + v),
  },
  {
    what: 'the high half of a product is zero in a narrow context',
    ours: ({ u, v }) => u.mul(v).bits(15, 8),
    naive: '(u * v) >> 8',
    model: ({ u, v }) => (u * v) >> 8n,
  },
  {
    what: 'a complement sets the bits above its operand',
    ours: ({ n }) => n.not().extend(8),
    naive: '~n',
    model: ({ n }) => 15n - n,
  },
  {
    what: 'a shift to the left of the width of its operand loses bits in a comparison',
    ours: ({ u, v }) => u.shl(1).ge(v),
    naive: '(u << 1) >= v',
    model: ({ u, v }) => flag(u * 2n >= v),
  },
  {
    what: 'a part-select of a signed net is unsigned',
    ours: ({ s, m }) => s.bits(7, 4).asSInt().lt(m),
    naive: 's[7:4] < m',
    model: ({ s, m }) => flag(s >> 4n < m),
  },
  {
    what: 'a concatenation of signed nets is unsigned',
    ours: ({ m, w }) => cat(m, m).asSInt().lt(w),
    naive: '{m, m} < w',
    model: ({ m, w }) => flag(BigInt.asIntN(8, low(4, m) * 17n) < w),
  },
  {
    what: "-8'sd128 is +128 beside a wider operand",
    ours: ({ w }) => w.lt(lit(sint(8), -128)),
    naive: "w < -8'sd128",
    model: ({ w }) => flag(w < -128n),
  },
  {
    what: 'the most negative value has no positive of its width',
    ours: ({ s }) => s.neg().gt(100),
    naive: "-s > 8'sd100",
    model: ({ s }) => flag(-s > 100n),
  },
  {
    what: 'an unsized literal makes a sum 32 bits wide, which never wraps',
    ours: ({ u }) => u.addw(1).eq(0),
    naive: '(u + 1) == 0',
    model: ({ u }) => flag(u === 255n),
  },
  {
    what: 'an unsized literal is signed, a sized one is not',
    ours: ({ s }) => s.lt(5),
    naive: "s < 3'd5",
    model: ({ s }) => flag(s < 5n),
  },
  {
    what: 'a signed division with one unsigned operand is unsigned',
    ours: ({ s }) => s.div(3),
    naive: "s / 3'd3",
    model: ({ s }) => low(9, s / 3n),
  },
  {
    what: 'a division is no arithmetic shift: it rounds towards zero',
    ours: ({ s }) => s.div(4),
    naive: 's >>> 2',
    model: ({ s }) => low(9, s / 4n),
  },
  {
    what: 'the quotient −128 / −1 does not fit its operands',
    ours: ({ s, t }) => s.div(t).gt(100),
    naive: "(s / t) > 8'sd100",
    model: ({ s, t }) => flag(t !== 0n && s / t > 100n),
  },
  {
    what: 'a division by zero is unknown',
    ours: ({ u, n }) => u.div(n),
    naive: 'u / n',
    model: ({ u, n }) => (n === 0n ? 0n : u / n),
  },
  {
    what: 'a remainder by zero is unknown',
    ours: ({ s, m }) => s.rem(m),
    naive: 's % m',
    model: ({ s, m }) => low(4, m === 0n ? 0n : s % m),
  },
  {
    what: 'a bit beyond the highest is unknown',
    ours: ({ u, n }) => u.bitAt(n),
    naive: 'u[n]',
    model: ({ u, n }) => (u >> n) & 1n,
  },
];

/** Texts that a naive printer writes and that Verilog-2005 does not have. */
const ILLEGAL: readonly { readonly what: string; readonly naive: string; readonly ours: Trap['ours']; readonly model: Trap['model'] }[] = [
  { what: 'a part-select of a sum', naive: '(u + v)[8:5]', ours: ({ u, v }) => u.add(v).bits(8, 5), model: ({ u, v }) => (u + v) >> 5n },
  {
    what: 'a bit of a conditional',
    naive: '(c ? u : v)[3]',
    ours: ({ c, u, v }) => mux(c, u, v).bit(3),
    model: ({ c, u, v }) => ((c ? u : v) >> 3n) & 1n,
  },
  { what: 'a part of a part', naive: 'u[7:4][1]', ours: ({ u }) => u.bits(7, 4).bit(1), model: ({ u }) => (u >> 5n) & 1n },
  { what: 'an unsized literal in a concatenation', naive: '{u, 1}', ours: ({ u }) => cat(u, lit(uint(1), 1)), model: ({ u }) => u * 2n + 1n },
  { what: 'a replication of nothing', naive: '{0{u}}', ours: ({ u }) => cat(u, u.trunc(0)), model: ({ u }) => u },
];

const ALL = [...TRAPS, ...ILLEGAL];
const inputType = (type: Ground) => (type.kind === 'bool' ? bool : type.kind === 'sint' ? sint(type.width) : uint(type.width));

/** Every trap on an output of its own. Outputs are uint or bool, so that ports say nothing of signs. */
class Traps extends Module<{ readonly widths: readonly number[] }> {
  readonly p = this.io({
    ...Object.fromEntries(Object.entries(INPUTS).map(([name, type]) => [name, input(inputType(type))])),
    ...Object.fromEntries(this.cfg.widths.map((width, i) => [`y${i}`, output(uint(width))])),
  } as PortRecord);

  constructor(cfg: { readonly widths: readonly number[] }) {
    super(cfg);
    const signals = this.p as unknown as Signals & Record<string, { set(value: UInt): void }>;
    ALL.forEach(({ ours }, i) => {
      const value = ours(signals) as unknown as SInt;
      signals[`y${i}`]?.set(value.asUInt?.() ?? (value as unknown as UInt));
    });
  }
}

/** Widths that the language gives, found by building each trap once. */
function widths(): number[] {
  const found: number[] = [];
  class Probe extends Module {
    readonly p = this.io(Object.fromEntries(Object.entries(INPUTS).map(([name, type]) => [name, input(inputType(type))])) as PortRecord);
    constructor() {
      super();
      for (const { ours } of ALL) found.push(ours(this.p as unknown as Signals).width);
    }
  }
  elaborate(Probe, undefined, { name: 'probe', onWarning: () => undefined });
  return found;
}

const inputs: TypedPort[] = Object.entries(INPUTS).map(([name, type]) => ({ name, type }));
const WIDTHS = widths();
const outputs: TypedPort[] = WIDTHS.map((width, i) => ({ name: `y${i}`, type: uintT(width) as Type }));

/** Corners of every input, and a walk through the rest. */
const STIMULUS: readonly Values[] = (() => {
  const corner = (type: Ground): bigint[] => {
    const [half, full] = [2n ** BigInt(type.width - 1), 2n ** BigInt(type.width)];
    return type.kind === 'sint' ? [-half, -1n, 0n, 1n, half - 1n, -half + 1n, -3n] : type.kind === 'bool' ? [0n, 1n] : [0n, 1n, full - 1n, half, 7n];
  };
  let state = 12345;
  const next = (): number => (state = (state * 1103515245 + 12345) % 2 ** 31) >> 8;
  return [...Array(400).keys()].map(
    (i) =>
      Object.fromEntries(
        Object.entries(INPUTS).map(([name, type]) => {
          const corners = corner(type);
          const raw = BigInt(next());
          const random = type.kind === 'sint' ? BigInt.asIntN(type.width, raw) : BigInt.asUintN(type.width, raw);
          return [name, i < 200 || next() % 3 === 0 ? (corners[next() % corners.length] as bigint) : random];
        }),
      ) as Values,
  );
})();

const run = (files: Run['files'], top: string, outs: readonly TypedPort[]): Run => ({
  files,
  top,
  inputs,
  outputs: outs,
  clock: false,
  reset: false,
  cycles: STIMULUS.map((values) => ({ values: Object.values(values) })),
});

/** `input wire signed [7:0] s`, and so on. */
const naivePorts = [
  ...inputs.map(({ name, type }) => `input wire ${(type as Ground).kind === 'sint' ? 'signed ' : ''}[${(type as Ground).width - 1}:0] ${name}`),
  ...TRAPS.map((_, i) => `output wire [${(WIDTHS[i] as number) - 1}:0] y${i}`),
].join(', ');

describe('traps of Verilog', () => {
  const design = elaborate(Traps, { widths: WIDTHS }, { name: 'traps' });
  const ours = emitVerilog(design);
  const naive = verilogText('naive', naivePorts, TRAPS.map((trap, i) => `assign y${i} = ${trap.naive};`).join('\n  '));
  const [good, bad] = runAllOnIcarus([run(ours, 'traps', outputs), run([naive], 'naive', outputs.slice(0, TRAPS.length))]) as [Waves, Waves];
  const want = expectedWaves(
    outputs,
    STIMULUS.map((values) => ALL.map(({ model }) => model(values))),
  );
  const column = (waves: Waves, i: number): (string | undefined)[] => waves.map((cycle) => cycle[`y${i}`]);

  it.each(TRAPS.map((trap, i) => [trap.what, i] as const))('%s', (_what, i) => {
    expect(column(good, i)).toEqual(column(want, i));
    expect(column(bad, i)).not.toEqual(column(want, i));
  });

  it.each(ILLEGAL.map((trap, i) => [trap.what, trap, TRAPS.length + i] as const))('%s is no Verilog', (_what, trap, i) => {
    expect(column(good, i)).toEqual(column(want, i));
    const file = verilogText('naive', naivePorts, `assign y0 = ${trap.naive};`);
    expect(lint([file], 'naive')).toMatch(/iverilog \(exit [1-9]/);
  });

  it.each(['js', 'wasm'] as const)('in-process: %s', (engine) => {
    const simulation = simulateDesign(design, { engine });
    const seen = STIMULUS.map((values) => {
      for (const [name, value] of Object.entries(values)) simulation.poke(name, name === 'c' ? value === 1n : value);
      return outputs.map(({ name }) => BigInt(simulation.peek(name) as bigint));
    });
    simulation.close();
    expect(expectedWaves(outputs, seen)).toEqual(want);
  });

  it('what ours prints draws no warning', () => {
    expect(lint(ours, 'traps')).toBe('');
  });
});

/** Keywords of Verilog-2005 and, in the second row, of SystemVerilog, which Verilator reads. */
const WORDS = [
  ['always', 'assign', 'begin', 'buf', 'case', 'cell', 'config', 'end', 'event', 'for', 'function', 'generate', 'if', 'integer', 'large', 'module'],
  [
    'negedge',
    'not',
    'or',
    'output',
    'pulldown',
    'real',
    'reg',
    'release',
    'signed',
    'small',
    'strong0',
    'table',
    'task',
    'time',
    'use',
    'wait',
    'wire',
  ],
  [
    'alias',
    'bind',
    'bit',
    'byte',
    'checker',
    'clocking',
    'cover',
    'do',
    'enum',
    'final',
    'extends',
    'int',
    'let',
    'local',
    'logic',
    'packed',
    'priority',
  ],
  [
    'property',
    'pure',
    'ref',
    'return',
    'sequence',
    'soft',
    'static',
    'string',
    'struct',
    'tagged',
    'this',
    'type',
    'unique',
    'until',
    'var',
    'void',
    'weak',
  ],
].flat();

describe('reserved words', () => {
  const cased = WORDS.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]);

  class Worded extends Module {
    readonly p = this.io({ x: input(uint(8)), y: output(uint(8)) });
    constructor() {
      super();
      // A chain, so that each name is read.
      let value: UInt<8> = this.p.x;
      for (const [i, word] of cased.entries()) value = value.addw(i % 7).named(word);
      this.p.y.set(value);
    }
  }

  it('in lower, upper and mixed case as names of signals come out legal', () => {
    const files = emitVerilog(elaborate(Worded, undefined, { name: 'worded' }));
    expect(lint(files, 'worded')).toBe('');
    for (const word of WORDS) expect(files[0]?.text).toMatch(new RegExp(`assign ${word}_(_1|_2)? = `));
  });

  it.each(WORDS)('%s as it stands is refused', (word) => {
    const file = verilogText('naive', 'input wire x, output wire y', `wire ${word} = x;\n  assign y = ${word};`);
    expect(lint([file], 'naive')).toMatch(/\(exit [1-9]/);
  });
});
