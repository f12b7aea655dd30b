// SystemVerilog: enumerations as types. The text, the tools' opinion, and a proof that it is the circuit of the Verilog-2005 text.

import { expect, it } from 'vitest';
import { bool, type Design, elaborate, enumeration, input, Module, mux, output, switchOn, vec, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { inequivalent, type Pair } from '../support/equivalence.ts';
import { lint } from '../support/verilog-tools.ts';

const State = enumeration('State', ['idle', 'run', 'done']);
/** Of the same name, with other codes. */
const Other = enumeration('State', { idle: 2, run: 1 });

class Machine extends Module {
  readonly p = this.io({ go: input(bool), command: input(State), at: output(State), z: output(bool) });
  readonly state = this.reg(State, { reset: 'idle' });
  readonly other = this.reg(Other, { reset: 'idle' });
  readonly loose = this.reg(State, { reset: 'idle' });
  readonly next = this.wire(State);
  constructor() {
    super();
    const { p, state, other, loose, next } = this;
    next.set(state);
    switchOn(state, { idle: () => when(p.go, () => next.set('run')), run: () => next.set('done'), default: () => next.set('idle') });
    state.set(next);
    loose.set(mux(p.go, p.command, state));
    when(p.go, () => other.set('run')).otherwise(() => other.set('idle'));
    p.at.set(loose);
    p.z.set(other.eq('idle').or(state.eq('run')));
  }
}

const NAMES = Array.from({ length: 30 }, (_, i) => `s${i}`);
const Big = enumeration('Big', NAMES);
/** Arms enough for a procedure. */
class Many extends Module {
  readonly p = this.io({ go: input(vec(bool, 8)), at: output(Big), soon: output(Big) });
  readonly state = this.reg(Big);
  readonly next = this.wire(Big);
  readonly after = this.wire(Big);
  constructor() {
    super();
    const { p, state, next, after } = this;
    next.set('s3');
    after.set(next);
    const name = (i: number) => NAMES[i % NAMES.length] as 's0';
    const arm = (i: number) => () => {
      when(p.go.at(i % 8), () => next.set(name(7 * i)))
        .elsewhen(p.go.at((i + 1) % 8).and(p.go.at((i + 3) % 8)), () => {
          next.set(name(11 * i));
          after.set('s4');
        })
        .otherwise(() => next.set(state));
    };
    switchOn(state, { ...Object.fromEntries(NAMES.slice(0, 25).map((s, i) => [s, arm(i)])), default: () => next.set('s0') } as never);
    state.set(after);
    when(p.go.at(0).and(next.eq('s5')), () => state.set(next));
    p.at.set(state);
    p.soon.set(next);
  }
}

const DESIGNS = [
  ['machine', (name: string) => elaborate(Machine, undefined, { name })],
  ['many', (name: string) => elaborate(Many, undefined, { name })],
] as const;

it('enumerations are types, of the signals that hold nothing else', () => {
  const text = emitVerilog(elaborate(Machine), { properties: 'sv' })
    .map((f) => f.text)
    .join('');
  expect(text.slice(text.indexOf(');\n') + 3, text.indexOf('  assign'))).toBe(`  typedef enum logic [1:0] {
    STATE_IDLE = 2'd0,
    STATE_RUN = 2'd1,
    STATE_DONE = 2'd2
  } state_e;
  typedef enum logic [1:0] {
    STATE_IDLE_1 = 2'd2,
    STATE_RUN_1 = 2'd1
  } state_e_1;
  state_e state;
  state_e_1 other;
  reg  [1:0] loose;
  state_e next;

`);
});

it('Verilator, Icarus and Yosys read them without a warning', () => {
  for (const [name, design] of DESIGNS) expect(lint(emitVerilog(design(name), { properties: 'sv' }), name)).toBe('');
});

it('they are the circuit of the Verilog-2005 text', () => {
  const side = (design: (name: string) => Design, top: string, properties: 'none' | 'sv') => ({
    top,
    files: emitVerilog(design(top), { properties }),
  });
  const pairs: Pair[] = DESIGNS.map(([name, design]) => ({
    ...{ name, before: side(design, `${name}_v`, 'none'), after: side(design, `${name}_sv`, 'sv') },
  }));
  expect(inequivalent(pairs)).toEqual([]);
  // And the proof would notice: a code of its own for one member.
  const broken = pairs.map(({ after, ...rest }) => ({
    ...rest,
    after: {
      ...after,
      files: after.files.map((f) => ({
        ...f,
        text: f.text.replace("STATE_RUN = 2'd1", "STATE_RUN = 2'd3").replace("BIG_S7 = 5'd7", "BIG_S7 = 5'd9"),
      })),
    },
  }));
  expect(inequivalent(broken).length).toBeGreaterThan(0);
});

it('two enumerations of one name stay two in Verilog-2005 too', () => {
  const text = emitVerilog(elaborate(Machine))
    .map((f) => f.text)
    .join('');
  expect(text.match(/localparam.*/g)?.sort()).toEqual([
    "localparam [1:0] STATE_DONE = 2'd2;",
    "localparam [1:0] STATE_IDLE = 2'd2;",
    "localparam [1:0] STATE_IDLE_1 = 2'd0;",
    "localparam [1:0] STATE_RUN = 2'd1;",
    "localparam [1:0] STATE_RUN_1 = 2'd1;",
  ]);
});
