// Every reset kind on everything with state, in two domains of which one has an enable, and a stimulus with resets that come and go between edges, edges of
// one clock and simultaneous ones.

import {
  type Bool,
  bool,
  cat,
  clock,
  elaborate,
  inDomain,
  input,
  Module,
  output,
  type ResetStyle,
  reset,
  sint,
  type UInt,
  uint,
  vec,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { Random } from '../std/bench.ts';

export const KINDS: readonly (ResetStyle & { readonly name: string })[] = [
  { name: 'sync' },
  { name: 'sync_low', activeLow: true },
  { name: 'async', async: true },
  { name: 'async_low', async: true, activeLow: true },
];

/** A register of its own, and one that is not reset but loaded in every cycle. */
class Child extends Module {
  readonly p = this.io({ d: input(uint(8)), q: output(uint(8)) });
  readonly sum = this.reg(uint(8), { reset: 0x5a });
  readonly late = this.reg(uint(8), { next: this.p.d });
  constructor() {
    super();
    this.sum.set(this.sum.addw(this.p.d));
    this.p.q.set(this.sum.xor(this.late));
  }
}

class Cell extends Module {
  readonly p = this.io({ a: input(sint(6)), b: input(sint(6)), right: output(sint(6)), down: output(sint(6)) });
  readonly held = this.reg(sint(6), { reset: -7 });
  constructor() {
    super();
    this.held.set(this.held.addw(this.p.a));
    this.p.right.set(this.held);
    this.p.down.set(this.p.b.addw(this.held));
  }
}

export const TOTAL = 8 + 12 + 8 + 8 + 32 + 8 + 2 + 8 + 18;

/** `blank`: the memory has no power-on contents. */
export class Everything extends Module<ResetStyle & { readonly blank?: true }> {
  readonly p = this.io({
    clkB: input(clock),
    rstB: input(reset(this.cfg)),
    goA: input(bool, { domain: 'clk' }),
    dA: input(uint(8), { domain: 'clk' }),
    goB: input(bool, { domain: 'clkB' }),
    dB: input(uint(8), { domain: 'clkB' }),
    tick: input(bool, { domain: 'clkB' }),
    qA: output(uint(TOTAL)),
    qB: output(uint(TOTAL)),
  });
  readonly b = this.domain({ clock: this.p.clkB, reset: this.p.rstB, enable: this.p.tick });
  constructor(cfg: ResetStyle & { readonly blank?: true }) {
    super(cfg);
    const { p } = this;
    p.qA.set(this.#parts(p.goA, p.dA));
    inDomain(this.b, () => p.qB.set(this.#parts(p.goB, p.dB)));
  }

  #parts(go: Bool, d: UInt): UInt {
    const count = this.reg(uint(8), { reset: 3 });
    when(go, () => count.set(count.addw(d)));
    const bank = this.reg(vec(uint(4), 3), { reset: 9 });
    bank.at(count.bits(1, 0)).set(d.bits(3, 0));
    const free = this.reg(uint(8), { next: count });
    const line = this.delay(d, 3, { enable: go, reset: true });
    const lanes = this.skew(vecOf(d, count, d.not(), count.not()), { first: 0, step: 1 }, { reset: true });
    const memory = this.memory(uint(8), 4, this.cfg.blank ? {} : { init: [1, 2, 3, 4] });
    when(go, () => memory.write(d.bits(1, 0), count));
    const word = memory.read(d.bits(3, 2));
    const machine = this.fsm(['idle', 'one', 'two']);
    machine.on({ idle: () => when(go, () => machine.goto('one')), one: () => machine.goto('two'), two: () => when(go, () => machine.goto('idle')) });
    const child = this.inst(Child);
    child.d.set(d);
    const cells = this.mesh(Cell, [2, 3]);
    const side = d.bits(5, 0).asSInt();
    const down = this.wire(vec(sint(6), 3));
    cells.shift([0, 1], { from: 'right', to: 'a', enter: vecOf(side, count.bits(5, 0).asSInt()) });
    cells.shift([1, 0], { from: 'down', to: 'b', enter: vecOf(side, side, side), leave: down });
    return cat(count, bank.asUInt(), free, line, lanes.asUInt(), word, machine.state.asUInt(), child.q, down.asUInt());
  }
}

export const PORTS = { rstA: 1, rstB: 1, goA: 1, dA: 8, goB: 1, dB: 8, tick: 1 } as const;
export type Port = keyof typeof PORTS;
export interface Step {
  /** Which clocks have an edge after the inputs have been applied. */
  readonly edges: number;
  /** Resets as active or not, whatever the level. */
  readonly values: { readonly [P in Port]: number };
}

/** From a reset with edges until everything is known; then anything. */
function stimulus(count: number): Step[] {
  const random = new Random(11);
  return Array.from({ length: count }, (_, n) => {
    const free = n >= WARM;
    const bit = (p: number): number => Number(random.chance(p));
    const values = { rstA: bit(0.12), rstB: bit(0.12), goA: bit(0.6), dA: random.below(256), goB: bit(0.6), dB: random.below(256), tick: bit(0.7) };
    if (free) return { edges: [0, 1, 2, 3, 3][random.below(5)] as number, values };
    return { edges: 3, values: { ...values, goA: Number(n >= 2), goB: Number(n >= 2), tick: 1, rstA: Number(n < 2), rstB: Number(n < 2) } };
  });
}
export const WARM = 10;
export const STEPS = stimulus(400);

export const level = (kind: ResetStyle, active: number): number => (kind.activeLow ? 1 - active : active);

const designs = new Map<string, ReturnType<typeof elaborate<Everything>>>();
export function designOf(kind: (typeof KINDS)[number]) {
  const { name, async = false, activeLow = false } = kind;
  let design = designs.get(name);
  if (!design)
    designs.set(name, (design = elaborate(Everything, { async, activeLow }, { name: `top_${name}`, reset: { name: 'areset', async, activeLow } })));
  return design;
}
