// biome-ignore-all format: a mark must stay on the line that its diagnostic names
// Small wrong programs about state machines, memories and names, as in diagnostic-programs.ts.

import { bool, cat, counterType, elaborate, HdlError, input, Module, output, uint } from '../../hdl/index.ts';
import type { Dyn } from '../support/dynamic.ts';
import { inModule, type Program } from './diagnostic-programs.ts';

interface Wide {
  fsm(states: readonly string[]): { goto(state: string): void; on(bodies: object): void };
  memory(type: unknown, depth: number, options?: object): { read(a: unknown): Dyn; readNow(a: unknown): Dyn; write(a: unknown, v: unknown): void };
}
const wide = (m: { do(): unknown }): Wide => m.do() as Wide;
class Reserved extends Module {
  readonly p = this.io({ packed: input(bool), q: output(bool) }); // HDL-N004
  constructor() {
    super();
    this.p.q.set(this.p.packed);
  }
}

const never = (value: unknown): never => value as never;

export const checkPrograms: readonly Program[] = [
  { code: 'HDL-F001', what: 'island', run: inModule((m) => { const f = wide(m).fsm(['idle', 'walk', 'run']); f.on({ walk: () => f.goto('run'), run: () => f.goto('walk') }); }) }, // HDL-F001
  { code: 'HDL-R006', what: 'read-now', run: inModule((m) => { const ram = wide(m).memory(uint(8), 4, { style: 'block' }); ram.write(m.p.a.bits(1, 0), m.p.a); m.p.q.set(never(ram.readNow(m.p.a.bits(1, 0)))); }) }, // HDL-R006
  { code: 'HDL-R006', what: 'three-writes', run: inModule((m) => { const ram = wide(m).memory(uint(8), 4, { style: 'block' }); for (const i of [0, 1, 2]) ram.write(m.p.a.bits(1, 0), i); m.p.q.set(never(ram.read(m.p.a.bits(1, 0)))); }) }, // HDL-R006
  { code: 'HDL-R006', what: 'two-writes', run: inModule((m) => { const ram = wide(m).memory(uint(8), 4, { style: 'distributed' }); for (const i of [0, 1]) ram.write(m.p.a.bits(1, 0), i); m.p.q.set(never(ram.readNow(m.p.a.bits(1, 0)))); }) }, // HDL-R006
  { code: 'HDL-W009', what: 'split', run: inModule((m) => { m.p.a.split(3); }) }, // HDL-W009
  { code: 'HDL-N004', what: 'reserved', run: () => void elaborate(Reserved, undefined, { onWarning: (w) => { throw new HdlError([w]); } }) },
  { code: 'HDL-S004', what: 'cat-of-a-number', run: inModule((m) => { cat(never(3), never(m.p.v)); }) }, // HDL-S004
  { code: 'HDL-W007', what: 'list-into-vector', run: inModule((m) => { m.p.list.set(never([1, 2, 3, 4])); }) }, // HDL-W007
  { code: 'HDL-L001', what: 'two', run: () => void elaborate(Loops) },
  { code: 'HDL-E006', what: 'endless', run: () => void elaborate(Endless, { level: 0 }) }, // HDL-E006
  { code: 'HDL-T001', what: 'fractional-count', run: () => void counterType(7 / 2) }, // HDL-T001
];

class Loops extends Module {
  readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
  constructor() {
    super();
    const x = this.wire(uint(8)); // HDL-L001
    const y = this.wire(uint(8)); // HDL-L001
    x.set(x.xor(this.p.a));
    y.set(y);
    this.p.q.set(x.xor(y));
  }
}

class Endless extends Module<{ readonly level: number }> {
  readonly p = this.io({ x: input(bool) });
  readonly inner = this.inst(Endless, { level: this.cfg.level + 1 });
}
