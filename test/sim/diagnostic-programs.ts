// Small wrong testbenches, one or more for each code of the simulator.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assert,
  assume,
  bool,
  clock,
  ExternalModule,
  enumeration,
  inDomain,
  input,
  Module,
  output,
  reset,
  uint,
  vec,
  when,
} from '../../hdl/index.ts';
import { axiMemory, cycles, type SimulateOptions, type Simulation, simulate, streamSink, streamSource, until } from '../../sim/index.ts';

export interface SimulatorProgram {
  readonly code: string;
  /** What is wrong, in few words; the name of the golden file after the code. */
  readonly what: string;
  /** Gets a folder for files of its own. */
  readonly run: (folder: string) => unknown;
}

class Counter extends Module {
  readonly p = this.io({ enable: input(bool), lanes: input(vec(uint(4), 3)), value: output(uint(8)), sum: output(uint(6)) });
  readonly count = this.reg(uint(8), { reset: 0 });
  readonly rom = this.memory(uint(4), 4, { init: [1, 2, 3, 4] });
  constructor() {
    super();
    const { enable, lanes, value, sum } = this.p;
    when(enable, () => this.count.set(this.count.addw(1)));
    value.set(this.count.xor(this.rom.readNow(this.count.trunc(2))));
    sum.set(lanes.at(0).add(lanes.at(1)).add(lanes.at(2)));
  }
}
class Wire extends Module {
  readonly p = this.io({ d: input(uint(4)), q: output(uint(4)) });
  constructor() {
    super();
    this.p.q.set(this.p.d);
  }
}
class Two extends Module {
  readonly p = this.io({ clkB: input(clock), rstB: input(reset()), a: output(bool), b: output(bool) });
  readonly slow = this.domain({ clock: this.p.clkB, reset: this.p.rstB });
  readonly one = this.reg(bool, { reset: false });
  readonly other = inDomain(this.slow, () => this.reg(bool, { reset: false }));
  constructor() {
    super();
    this.one.set(this.one.not());
    this.other.set(this.other.not());
    this.p.a.set(this.one);
    this.p.b.set(this.other);
  }
}
class Checked extends Module<{ kind: 'assert' | 'assume' }> {
  readonly p = this.io({ d: input(uint(4)), q: output(uint(4)) });
  readonly held = this.reg(uint(4), { reset: 0, next: this.p.d });
  constructor(cfg: { kind: 'assert' | 'assume' }) {
    super(cfg);
    if (cfg.kind === 'assert') assert(this.held.ne(9), 'never nine');
    else assume(this.p.d.ne(9), 'nine is not given');
    this.p.q.set(this.held);
  }
}
/** Offers a beat in every other cycle, taken or not. */
class Fickle extends Module {
  readonly p = this.io({ out: { valid: output(bool), ready: input(bool), data: output(uint(4)) } });
  readonly phase = this.reg(bool, { reset: false });
  constructor() {
    super();
    this.phase.set(this.phase.not());
    this.p.out.valid.set(this.phase);
    this.p.out.data.set(5);
  }
}

/** Asks for four words across a page. */
class Reader extends Module {
  readonly p = this.io({
    bus: {
      ...{
        arvalid: output(bool),
        arready: input(bool),
        araddr: output(uint(32)),
        arlen: output(uint(8)),
        arsize: output(uint(3)),
        arburst: output(uint(2)),
      },
      ...{ rvalid: input(bool), rready: output(bool), rdata: input(uint(32)), rresp: input(uint(2)), rlast: input(bool) },
    },
  });
  constructor() {
    super();
    const { bus } = this.p;
    bus.arvalid.set(true);
    bus.rready.set(true);
    bus.araddr.set(0xff8);
    bus.arlen.set(3);
    bus.arsize.set(2);
    bus.arburst.set(1);
  }
}

interface External {
  readonly files?: readonly string[];
  readonly outputs?: (inputs: { readonly d: number }) => { readonly [port: string]: number };
  readonly registered?: readonly string[];
}
class Box extends ExternalModule<External> {
  readonly verilog = { name: 'BOX', files: this.cfg.files ?? [], registered: this.cfg.registered ?? [] };
  readonly p = this.io({ d: input(uint(4)), q: output(uint(4)) });
}
class Modelled extends Box {
  override model() {
    return { outputs: this.cfg.outputs as NonNullable<External['outputs']> } as never;
  }
}
class Around extends Module<External & { readonly feedBack?: boolean }> {
  readonly p = this.io({ d: input(uint(4)), q: output(uint(4)) });
  readonly box = this.inst(this.cfg.outputs ? Modelled : Box, this.cfg);
  constructor(cfg: External & { readonly feedBack?: boolean }) {
    super(cfg);
    this.box.d.set(cfg.feedBack ? this.box.q.xor(this.p.d).trunc(4) : this.p.d);
    this.p.q.set(this.box.q);
  }
}

function counter(options: SimulateOptions = {}): Simulation {
  return simulate(Counter, undefined, { seed: 1, ...options });
}
/** On Icarus, a box with this body; `look` is done behind a poke of 9. */
function onIcarus(body: string, look: (sim: { peek(path: string): unknown }) => unknown, options: SimulateOptions = {}) {
  return (folder: string): void => {
    const file = join(folder, 'box.v');
    writeFileSync(file, `module BOX(input wire [3:0] d, output wire [3:0] q);\n  ${body}\nendmodule\n`);
    using sim = simulate(Around, { files: [file] }, { engine: 'icarus', ...options });
    sim.poke('d', 9);
    look(sim);
  };
}
class Choice extends Module {
  readonly p = this.io({ op: input(enumeration('Op', ['add', 'sub'])), q: output(bool) });
  constructor() {
    super();
    this.p.q.set(this.p.op.eq('sub'));
  }
}
/** Runs with a variable of the environment changed. */
function withVariable(name: string, value: string, run: () => unknown): void {
  const before = process.env[name];
  process.env[name] = value;
  try {
    run();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}
const twice = ({ d }: { readonly d: number }) => ({ q: (d * 2) & 15 });
const peekQ = (sim: { peek(path: string): unknown }): unknown => sim.peek('q');

export const programs: readonly SimulatorProgram[] = [
  {
    code: 'SIM-E000',
    what: 'closed',
    run: () => {
      const sim = counter();
      sim.close();
      sim.step();
    },
  },
  { code: 'SIM-E001', what: 'name', run: () => counter().peek('coumt') },
  { code: 'SIM-E001', what: 'path', run: () => counter().peek('a[b]') },
  { code: 'SIM-E001', what: 'instance', run: () => counter().peek('core.count') },
  { code: 'SIM-E002', what: 'index', run: () => counter().peek('lanes[3]') },
  { code: 'SIM-E003', what: 'output', run: () => counter().poke('value', 1) },
  { code: 'SIM-E003', what: 'inside', run: () => counter().poke('count', 1) },
  { code: 'SIM-E003', what: 'clock', run: () => counter().poke('clk', 1) },
  { code: 'SIM-E004', what: 'range', run: () => counter().poke('lanes', [1, 2, 16]) },
  { code: 'SIM-E004', what: 'fraction', run: () => counter().poke('enable', 0.5) },
  { code: 'SIM-E004', what: 'member', run: () => simulate(Choice).poke('op', 'mul') },
  { code: 'SIM-E005', what: 'elements', run: () => counter().poke('lanes', [1, 2]) },
  { code: 'SIM-E005', what: 'stream', run: () => counter().run(3, { lanes: [1, 2, 3, 4] }) },
  { code: 'SIM-E006', what: 'value', run: () => counter().expect('sum', 44) },
  { code: 'SIM-E007', what: 'none', run: () => simulate(Wire).reset() },
  { code: 'SIM-E007', what: 'name', run: () => counter().reset(1, 'rstB') },
  { code: 'SIM-E008', what: 'clock', run: () => simulate(Two).step(1, 'clkC') },
  { code: 'SIM-E008', what: 'none', run: () => simulate(Wire).step(1, 'clk') },
  { code: 'SIM-E009', what: 'cycles', run: () => counter().step(1.5) },
  {
    code: 'SIM-E010',
    what: 'model',
    run: () => simulate(Around, { outputs: ({ d }) => ({ q: (d + 1) & 15 }), registered: ['q'], feedBack: true }).peek('q'),
  },
  {
    code: 'SIM-E011',
    what: 'assertion',
    run: () => {
      const sim = simulate(Checked, { kind: 'assert' });
      sim.reset();
      sim.poke('d', 9);
      sim.step(3);
    },
  },
  {
    code: 'SIM-E012',
    what: 'assumption',
    run: () => {
      const sim = simulate(Checked, { kind: 'assume' });
      sim.reset();
      sim.poke('d', 9);
      sim.step(3);
    },
  },
  { code: 'SIM-E013', what: 'no-model', run: () => simulate(Around, {}) },
  { code: 'SIM-E014', what: 'missing', run: () => simulate(Around, { outputs: () => ({}) }).peek('q') },
  { code: 'SIM-E014', what: 'unknown', run: () => simulate(Around, { outputs: ({ d }) => ({ q: d, r: 1 }) }).peek('q') },
  { code: 'SIM-E015', what: 'two-clocks', run: () => simulate(Two).step() },
  { code: 'SIM-E020', what: 'engine', run: (folder) => withVariable('PATH', folder, () => counter({ engine: 'icarus' })) },
  {
    code: 'SIM-E020',
    what: 'waveform',
    run: (folder) =>
      withVariable('PATH', folder, () => {
        const sim = counter({ vcd: join(folder, 'run.fst') });
        sim.step();
        sim.close();
      }),
  },
  { code: 'SIM-E021', what: 'external', run: onIcarus('assign q = undeclared;', peekQ) },
  { code: 'SIM-E022', what: 'finish', run: onIcarus('assign q = d; always @(d) if (d == 9) begin $display("nine"); $finish; end', peekQ) },
  { code: 'SIM-E023', what: 'endless', run: onIcarus('assign q = d; always @(d) while (d == 9) begin end', peekQ, { timeoutMs: 300 }) },
  { code: 'SIM-E024', what: 'address', run: () => counter({ engine: 'icarus' }).peek('rom_read_address') },
  { code: 'SIM-E025', what: 'open', run: onIcarus("assign q = {d[3:1], 1'bx};", peekQ) },
  {
    code: 'SIM-E026',
    what: 'model',
    run: (folder) => {
      const file = join(folder, 'box.v');
      writeFileSync(file, 'module BOX(input wire [3:0] d, output wire [3:0] q);\n  assign q = d == 9 ? 0 : d + d;\nendmodule\n');
      const sim = simulate(Around, { files: [file], outputs: twice }, { engine: 'all' });
      sim.poke('d', 4);
      sim.step();
      sim.poke('d', 9);
      sim.peek('q');
    },
  },
  { code: 'SIM-E027', what: 'no-files', run: () => simulate(Around, { outputs: twice }, { engine: 'icarus' }) },
  { code: 'SIM-E028', what: 'no-trace', run: () => counter().wave() },
  { code: 'SIM-E029', what: 'signal', run: () => counter({ trace: ['value'] }).wave({ signals: ['count'] }) },
  {
    code: 'SIM-E029',
    what: 'cycles',
    run: () => {
      const sim = counter({ trace: true });
      sim.step(4);
      sim.wave({ from: 10, to: 20 });
    },
  },
  {
    code: 'SIM-E030',
    what: 'join',
    run: () => {
      const sim = counter();
      const never = sim.fork(() => until(() => sim.value('count') === 300, { what: 'three hundred' }), { name: 'never' });
      sim.fork(() => cycles(100), { name: 'long' });
      sim.join(never, { within: 10 });
    },
  },
  {
    code: 'SIM-E031',
    what: 'until',
    run: () => {
      const sim = counter();
      sim.fork(() => until(() => sim.value('count') === 300, { what: 'three hundred', within: 4 }), { name: 'late' });
      sim.step(20);
    },
  },
  {
    code: 'SIM-E032',
    what: 'fickle',
    run: () => {
      const sim = simulate(Fickle, undefined, { seed: 1 });
      sim.reset();
      sim.fork(() => streamSink(sim, 'out', 50, { stall: 0.9 }));
      sim.step(50);
    },
  },
  {
    code: 'SIM-E033',
    what: 'direction',
    run: () => {
      const sim = simulate(Fickle);
      sim.fork(() => streamSource(sim, 'out', [1]));
    },
  },
  {
    code: 'SIM-E033',
    what: 'bus',
    run: () => {
      const sim = simulate(Fickle);
      sim.fork(() => axiMemory(sim, 'out', new Uint8Array(16)));
    },
  },
  { code: 'SIM-E034', what: 'seed', run: () => withVariable('SYSTOLE_SEED', 'x', () => simulate(Wire)) },
  { code: 'SIM-E035', what: 'engine', run: () => simulate(Wire, undefined, { engine: 'verilater' as 'verilator' }) },
  { code: 'SIM-E035', what: 'environment', run: () => withVariable('SYSTOLE_ENGINE', 'fast', () => simulate(Wire)) },
  {
    code: 'SIM-E036',
    what: 'page',
    run: () => {
      const sim = simulate(Reader);
      sim.fork(() => axiMemory(sim, 'bus', new Uint8Array(8192)));
      sim.step(2);
    },
  },
];
