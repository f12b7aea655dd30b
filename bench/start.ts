// Time from an elaborated design to the first value, for small designs: `npm run bench:start`.

import { bool, elaborate, input, Module, output, uint, when } from '../hdl/index.ts';
import { Fifo } from '../hdl/std/index.ts';
import { simulateDesign } from '../sim/index.ts';

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
const designs = { counter: elaborate(Counter), fifo: elaborate(Fifo, { payload: { data: uint(8), last: bool }, depth: 16 }) };

for (const engine of ['js', 'wasm'] as const) {
  for (const [name, design] of Object.entries(designs)) {
    const times = Array.from({ length: STARTS }, () => {
      const begin = performance.now();
      using sim = simulateDesign(design, { engine });
      sim.step();
      sim.peek('count');
      return performance.now() - begin;
    });
    const first = times[0] as number;
    const median = times.sort((a, b) => a - b)[STARTS / 2] as number;
    console.log(`${engine.padEnd(5)} ${name.padEnd(8)} first ${first.toFixed(1)} ms, median ${median.toFixed(2)} ms`);
  }
}
