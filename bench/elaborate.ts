// npm run bench:elaborate [-- --json]: an irregular hierarchy of 10,000 instances, from the class to the Verilog, median of five after one.
//
// Two of them: `tree`, whose children differ in size and seed, so that a few hundred definitions stand for all instances; and `unlike`, in
// which each of the 10,000 children has a configuration of its own, so that nothing is shared and every one is constructed.

import { elaborate, input, Module, output, type UInt, uint } from '../hdl/index.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { Tree } from '../test/support/tree.ts';
import { median } from './median.ts';

const INSTANCES = 10_000;
const RUNS = 5;

class Cell extends Module<{ readonly constant: number }> {
  readonly p = this.io({ x: input(uint(16)), y: output(uint(16)) });
  readonly held = this.reg(uint(16), { reset: this.cfg.constant });
  constructor(cfg: { readonly constant: number }) {
    super(cfg);
    this.held.set(this.p.x.addw(cfg.constant));
    this.p.y.set(this.held);
  }
}

class Unlike extends Module<{ readonly cells: number }> {
  readonly p = this.io({ x: input(uint(16)), y: output(uint(16)) });
  constructor(cfg: { readonly cells: number }) {
    super(cfg);
    let value: UInt<16> = this.p.x;
    for (let constant = 0; constant < cfg.cells; constant++) {
      const cell = this.inst(Cell, { constant });
      cell.x.set(value);
      value = cell.y;
    }
    this.p.y.set(value);
  }
}

const cases = {
  tree: () => elaborate(Tree, { size: INSTANCES, seed: 1 }),
  unlike: () => elaborate(Unlike, { cells: INSTANCES - 1 }),
};

const results = Object.entries(cases).map(([name, build]) => {
  const times = Array.from({ length: RUNS + 1 }, () => {
    const begin = performance.now();
    const design = build();
    const elaborated = performance.now();
    const files = emitVerilog(design);
    return { elaborate: elaborated - begin, print: performance.now() - elaborated, definitions: design.definitions.length, files: files.length };
  });
  const warm = times.slice(1);
  return {
    name,
    instances: INSTANCES,
    definitions: times[0]?.definitions as number,
    firstSeconds: (times[0]?.elaborate as number) / 1000,
    elaborateSeconds: median(warm.map((t) => t.elaborate)) / 1000,
    printSeconds: median(warm.map((t) => t.print)) / 1000,
  };
});

if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else {
  for (const r of results) {
    const seconds = `elaborated in ${r.elaborateSeconds.toFixed(2)} s (first time ${r.firstSeconds.toFixed(2)} s), printed in ${r.printSeconds.toFixed(2)} s`;
    console.log(`${r.name.padEnd(7)} ${r.instances} instances of ${r.definitions} definitions: ${seconds}`);
  }
}
