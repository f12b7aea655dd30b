// npm run bench:start: what the engines cost on small designs, which are most of a test suite: milliseconds from an elaborated design to the first
// value, of a design that is new and of one that was simulated before, and, in a process of its own as a test would run, CPU milliseconds of a testbench of pokes, looks and steps up to some cycle.

import { execFileSync } from 'node:child_process';
import { bool, type Design, elaborate, input, Module, output, uint, when } from '../hdl/index.ts';
import { Fifo } from '../hdl/std/index.ts';
import { simulateDesign } from '../sim/index.ts';
import { forgetPrograms } from '../sim/programs.ts';
import { median } from './median.ts';

class Counter extends Module {
  readonly p = this.io({ enable: input(bool), count: output(uint(8)) });
  readonly value = this.reg(uint(8), { reset: 0 });
  constructor() {
    super();
    when(this.p.enable, () => this.value.set(this.value.addw(1)));
    this.p.count.set(this.value);
  }
}

const STARTS = 200;
const RUNS = 3;
const MARKS = [10, 50, 500, 5000];
const ENGINES = ['js', 'wasm'] as const;
const designs = { counter: elaborate(Counter), fifo: elaborate(Fifo, { payload: { data: uint(8), last: bool }, depth: 16 }) };

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds from the elaborated design up to each of the marks. */
function testbench(design: Design, engine: (typeof ENGINES)[number]): number[] {
  const scalars = design.top.signals.filter((s) => s.dims.length === 0 && s.type.kind !== 'clock' && s.type.kind !== 'reset');
  const [inputs, outputs] = [scalars.filter((s) => s.role === 'input'), scalars.filter((s) => s.role === 'output')];
  const begin = cpu();
  using sim = simulateDesign(design, { engine });
  return MARKS.map((mark) => {
    while (sim.cycle < mark) {
      for (const s of inputs) sim.poke(s.name, (sim.cycle * 7 + s.id) & 1);
      for (const s of outputs) sim.peek(s.name);
      sim.step();
    }
    return cpu() - begin;
  });
}

function starts(name: keyof typeof designs, engine: (typeof ENGINES)[number]): void {
  const times = (again: boolean): number[] =>
    Array.from({ length: STARTS }, () => {
      if (!again) forgetPrograms();
      const begin = performance.now();
      using sim = simulateDesign(designs[name], { engine });
      sim.step();
      sim.peek('count');
      return performance.now() - begin;
    });
  const child = ['--import', 'tsx', process.argv[1] as string, engine, name];
  const runs = Array.from({ length: RUNS }, () => JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' })) as number[]);
  const marks = MARKS.map((mark, i) => `${mark}: ${median(runs.map((r) => r[i] as number)).toFixed(1)}`);
  console.log(
    `${engine.padEnd(5)} ${name.padEnd(8)} start ${median(times(false)).toFixed(2)} ms, again ${median(times(true)).toFixed(2)} ms; alone, CPU ms up to cycle ${marks.join(', ')}`,
  );
}

const [, , engine, name] = process.argv as [string, string, (typeof ENGINES)[number]?, (keyof typeof designs)?];
if (engine && name) console.log(JSON.stringify(testbench(designs[name], engine)));
else for (const e of ENGINES) for (const d of ['counter', 'fifo'] as const) starts(d, e);
