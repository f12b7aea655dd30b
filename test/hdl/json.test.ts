// The JSON netlist: circuits run from the text alone, against their models and the simulator; its size, its order, what it says of ports.

import { describe, expect, it } from 'vitest';
import { bool, elaborate, enumeration, input, Module, output, uint, vec } from '../../hdl/index.ts';
import { emitJson, jsonDesign } from '../../hdl/json/index.ts';
import { legalName } from '../../hdl/verilog/names.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { difference, modelled, prepare } from '../support/check-circuit.ts';
import { designOf, KINDS, level, PORTS, type Port, STEPS } from '../support/every-reset.ts';
import { JsonRun } from '../support/json-run.ts';
import { MeshModel } from '../support/mesh-model.ts';
import { checkMesh, type MeshRun } from '../support/mesh-run.ts';
import { Rng } from '../support/random.ts';
import { randomCircuit, randomStimulus, SETTLE } from '../support/random-circuit/index.ts';
import { MeshModule, randomMesh } from '../support/random-mesh.ts';
import { leaves, packLeaf } from '../support/reference.ts';

it.each([...Array(5).keys()].map((i) => 500 + i))('random circuit %i', (seed) => {
  const circuit = randomCircuit(seed, { depth: 1 + (seed % 2), items: 5, plain: true });
  const { design } = prepare(circuit);
  const run = new JsonRun(emitJson(design));
  const cells = (bits: bigint, width: number, dims: readonly number[]): bigint[] =>
    Array.from({ length: dims.reduce((n, d) => n * d, 1) }, (_, i) => bits >> BigInt(i * width));
  const stimulus = randomStimulus(seed, circuit, 8);
  const has = (kind: string): boolean => design.top.signals.some((s) => s.role === 'input' && s.type.kind === kind);
  const got = stimulus.map(({ values, rst }, t) => {
    circuit.inputs.forEach(({ name, type }, i) => {
      for (const { path, dims, type: ground } of leaves(type))
        run.poke([name, ...path].join('_'), cells(packLeaf(type, values[i] as never, path).bits, ground.width, dims));
    });
    if (has('reset')) run.poke('rst', [rst ? 1n : 0n]);
    const shown =
      t < SETTLE
        ? []
        : circuit.outputs.flatMap(({ name, type }) =>
            leaves(type)
              .filter((l) => l.type.width > 0)
              .map(({ path, type: { width } }) => {
                const packed = run.peek([name, ...path].join('_')).reduceRight((all, v) => (all << BigInt(width)) | BigInt.asUintN(width, v), 0n);
                return [legalName([name, ...path].join('_')), packed.toString(16)] as const;
              }),
          );
    if (has('clock')) run.step();
    return Object.fromEntries(shown);
  });
  expect(difference(got, modelled(circuit, stimulus), SETTLE)).toBeUndefined();
});

it('random meshes', () => {
  const rng = new Rng(41);
  const specs = Array.from({ length: 40 }, () => randomMesh(rng, { elements: 12 })).filter((spec) => !new MeshModel(spec).hasLoop());
  for (const [m, spec] of specs.slice(0, 16).entries()) {
    const design = elaborate(MeshModule as never, spec as never, { name: 'mesh_top' } as never);
    const json = new JsonRun(emitJson(design));
    const run: MeshRun = {
      poke: (name, cells) => json.poke(name, [...cells]),
      peek: (name, width) => json.peek(name).map((v) => BigInt.asUintN(width, v)),
      step: () => json.step(),
    };
    checkMesh(`mesh ${m}`, spec, design, run, rng);
  }
});

it.each(KINDS)('every reset kind on everything with state: $name', (kind) => {
  const design = designOf(kind);
  const run = new JsonRun(emitJson(design));
  const sim = simulateDesign(design);
  STEPS.slice(0, 100).forEach(({ edges, values }, t) => {
    for (const port of Object.keys(PORTS) as Port[]) {
      const value = port === 'rstA' || port === 'rstB' ? level(kind, values[port]) : values[port];
      sim.poke(port === 'rstA' ? 'areset' : port, value);
      run.poke(port === 'rstA' ? 'areset' : port, [BigInt(value)]);
    }
    if (t > 10)
      for (const q of ['qA', 'qB']) expect(`${t} ${q} ${run.peek(q)[0]?.toString(16)}`).toBe(`${t} ${q} ${BigInt(sim.value(q)).toString(16)}`);
    const clocks = [...(edges & 1 ? ['clk'] : []), ...(edges & 2 ? ['clkB'] : [])];
    run.step(clocks);
    if (clocks.length > 0) sim.step(1, clocks);
  });
  sim.close();
});

describe('the text', () => {
  class Tile extends Module {
    readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
    constructor() {
      super();
      this.p.q.set(this.reg(uint(8), { next: this.p.a }));
    }
  }
  const Mode = enumeration('Mode', ['off', 'on']);
  class Grid extends Module<{ n: number }> {
    readonly p = this.io({ a: input(vec(uint(8), this.cfg.n)), q: output(vec(uint(8), this.cfg.n)), reg: output(bool), mode: output(Mode) });
    constructor(cfg: { n: number }) {
      super(cfg);
      const cells = this.mesh(Tile, [cfg.n, cfg.n]);
      cells.shift([0, 1], { from: 'q', to: 'a', enter: this.p.a, leave: this.p.q });
      this.p.reg.set(this.p.a.at(0).eq(3));
      this.p.mode.set('on');
    }
  }
  const grid = (n: number) => elaborate(Grid, { n }, { name: 'grid' });

  it('does not grow with a mesh, and is the same every time', () => {
    expect(emitJson(grid(4))).toBe(emitJson(grid(4)));
    expect(emitJson(grid(256)).split('\n').length).toBe(emitJson(grid(4)).split('\n').length);
    expect(JSON.parse(emitJson(grid(4)))).toEqual(jsonDesign(grid(4)));
  });

  it('says names, clocks, enumerations, and places on request', () => {
    const [cell, top] = jsonDesign(grid(2), { locators: true }).modules;
    expect(top?.ports.map((p) => top.signals[p]).map((s) => [s?.name, s?.verilog, s?.dims, s?.clocks])).toEqual([
      ['clk', 'clk', undefined, undefined],
      ['a', 'a', [2], ['clk']],
      ['q', 'q', [2], ['clk']],
      ['reg', 'reg_', undefined, []],
      ['mode', 'mode', undefined, []],
    ]);
    expect(top?.enums).toEqual({ Mode: { off: '0', on: '1' } });
    expect(top?.meshes).toEqual([
      expect.objectContaining({ name: 'cells', module: 'grid_tile', shape: [2, 2], at: expect.stringMatching(/^test\/hdl\/json\.test\.ts:\d+$/) }),
    ]);
    expect(cell?.signals.find((s) => s.role === 'reg')?.register).toEqual({ clock: cell?.ports[0] });
    expect(emitJson(grid(2))).not.toContain('json.test.ts');
  });
});
