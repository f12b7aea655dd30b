// Three engines in lockstep: silence where they agree, and the first difference where one was put in on purpose.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bool, ExternalModule, input, Module, output, sint, uint, vec } from '../../hdl/index.ts';
import { simulate } from '../../sim/index.ts';
import { randomness } from './wasm-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'scale.v');
writeFileSync(
  file,
  `module scale(input wire clk, input wire [7:0] d, output reg [7:0] q);
  always @(posedge clk) q <= d == 8'd200 ? 8'd1 : d + d;
  initial q = 0;
endmodule
`,
);

/** Its model forgets what the Verilog does with 200. */
class Scale extends ExternalModule {
  readonly p = this.io({ d: input(uint(8)), q: output(uint(8)) });
  readonly verilog = { name: 'scale', files: [file], clock: 'clk', registered: ['q'] };
  override model() {
    return {
      state: () => 0,
      outputs: (_: unknown, state: unknown) => ({ q: state as number }),
      edge: (inputs: { readonly [port: string]: unknown }) => ((inputs['d'] as number) * 2) & 255,
    };
  }
}

class Chain extends Module {
  readonly p = this.io({ d: input(uint(8)), add: input(vec(sint(9), 2)), on: input(bool), q: output(uint(9)), sum: output(sint(10)) });
  readonly scale = this.inst(Scale);
  readonly held = this.reg(uint(9), { reset: 0 });
  readonly free = this.reg(vec(sint(9), 2), { next: this.p.add });
  constructor() {
    super();
    this.scale.d.set(this.p.d);
    this.held.set(this.scale.q.extend(9));
    this.p.q.set(this.held);
    this.p.sum.set(this.free.at(0).add(this.free.at(1)));
  }
}

const difference = `SIM-E026: the engines differ in cycle 4:
  \`q\`: systole 0x090 (144), verilator 0x001 (1), icarus 0x001 (1)
  \`held\`: systole 0x090 (144), verilator 0x001 (1), icarus 0x001 (1)
    cycle            0   1   2   3   4
    rst             ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
    d               │14 │1e │c8 │05 │06
    on              ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
    q systole       │000    │028│03c│090
    q verilator     │000    │028│03c│001
    q icarus        │000    │028│03c│001
    held systole    │000    │028│03c│090
    held verilator  │000    │028│03c│001
    held icarus     │000    │028│03c│001
  help: an external module must do what its model does; with none in the design, please report it with the seed`;

test('equal engines run on, with looks, pokes, streams, snapshots and the same start', () => {
  using sim = simulate(Chain, undefined, { engine: 'all', seed: 5 });
  const random = randomness(3);
  for (let t = 0; t < 40; t++) {
    sim.poke('d', random.word() % 200);
    sim.poke('add', [(random.word() % 512) - 256, (random.word() % 512) - 256]);
    if (t % 5 === 0) sim.peek('sum');
    sim.step();
  }
  const here = sim.snapshot();
  const sum = sim.peek('sum');
  const q = new Uint16Array(4);
  sim.run(4, { d: Uint8Array.of(1, 2, 3, 4) }, { q });
  expect([...q].slice(2)).toEqual([2, 4]);
  sim.restore(here);
  sim.expect('sum', sum);
});

test('the first difference stops the run and shows what came before', () => {
  const sim = simulate(Chain, undefined, { engine: 'all' });
  const drive = (): void => {
    for (const d of [20, 30, 200, 5, 6, 7]) {
      sim.poke('d', d);
      sim.step();
    }
  };
  expect(drive).toThrow(difference);
  expect(sim.cycle).toBe(4);
  sim.close();
});

test('a look finds it, too, and so does the end', () => {
  const looking = simulate(Chain, undefined, { engine: 'all' });
  looking.poke('d', 200);
  looking.step();
  expect(() => looking.peek('scale.q')).toThrow(
    /SIM-E026: the engines differ in cycle 1:\n {2}`scale.q`: systole 0x90 \(144\), verilator 0x01 \(1\), icarus 0x01 \(1\)/,
  );
  looking.close();
  const ending = simulate(Chain, undefined, { engine: 'all' });
  ending.poke('d', 200);
  ending.step(2);
  expect(() => ending.close()).toThrow(/SIM-E026: the engines differ in cycle 2/);
});
