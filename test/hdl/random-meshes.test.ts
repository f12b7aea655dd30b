// Random meshes of rank 1 to 4 on every engine and in both Verilog simulators against a flat model, cycle by cycle.

import { describe, expect, it } from 'vitest';
import { elaborate, HdlError } from '../../hdl/index.ts';
import { optimise } from '../../hdl/passes/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { type EngineName, simulateDesign } from '../../sim/index.ts';
import { MeshModel, soundMesh } from '../support/mesh-model.ts';
import { Rng } from '../support/random.ts';
import { MeshModule, type MeshSpec, type PortSpec, portsOf, randomMesh } from '../support/random-mesh.ts';
import { bitsOf, type Type, type Value, vecT, wrap } from '../support/reference.ts';
import { expectedWaves, lint, type Run, runAllOnIcarus, runAllOnVerilator, type TypedPort, together, type Waves } from '../support/verilog-tools.ts';

const MESHES = 60;
/** Those that Verilator compiles, which takes longest. */
const ON_VERILATOR = 12;
const CYCLES = 10;
const RESET = 2;

/** Whether the language accepts a mesh; anything but a loop is thrown. */
function accepted(spec: MeshSpec): boolean {
  try {
    elaborate(MeshModule as never, spec as never);
    return true;
  } catch (error) {
    if (!(error instanceof HdlError) || error.diagnostics.some((d) => d.code !== 'HDL-L001')) throw error;
    return false;
  }
}

const rng = new Rng(2026);
const looping = (spec: MeshSpec): boolean => new MeshModel(spec).hasLoop();

it('loops are found where the flat model has one, and only there', () => {
  const drawn = Array.from({ length: 200 }, () => randomMesh(rng, { loops: true }));
  const loops = drawn.filter(looping);
  expect(loops.length).toBeGreaterThan(20);
  expect(loops.length).toBeLessThan(180);
  expect(drawn.filter(accepted)).toEqual(drawn.filter((spec) => !loops.includes(spec)));
});

const nest = (cells: readonly bigint[], dims: readonly number[]): Value => {
  if (dims.length === 0) return cells[0] as bigint;
  const size = cells.length / (dims[0] as number);
  return [...Array(dims[0]).keys()].map((i) => nest(cells.slice(i * size, (i + 1) * size), dims.slice(1)));
};
const typed = ({ type, dims, name }: PortSpec): TypedPort => ({ name, type: dims.reduceRight<Type>((t, n) => vecT(t, n), type) });

/** A mesh with its stimulus and what the model makes of it. */
function prepare(spec: MeshSpec, name: string) {
  const ports = portsOf(spec);
  const [ins, outs] = [ports.filter((p) => p.direction === 'in'), ports.filter((p) => p.direction === 'out')];
  const size = ({ dims }: PortSpec): number => dims.reduce((n, d) => n * d, 1);
  const stimulus = Array.from({ length: CYCLES }, (_, t) =>
    ins.map((p) => Array.from({ length: size(p) }, () => (p.name === 'go' && t < RESET ? 0n : rng.value(p.type)))),
  );
  const model = new MeshModel(spec);
  const values = stimulus.map((cells, t) => {
    const results = model.evaluate(new Map(ins.map((p, i) => [p.name, (cells[i] as bigint[]).map((v) => bitsOf(p.type, v))])));
    model.step(t < RESET);
    return outs.map((p) => {
      const bits = results.get(p.name) as bigint[];
      return nest(
        bits.map((v) => wrap(p.type, v)),
        p.dims,
      );
    });
  });
  const design = elaborate(MeshModule as never, spec as never, { name } as never);
  const outputs = outs.map(typed);
  const run: Run = {
    files: emitVerilog(design),
    top: name,
    inputs: ins.map(typed),
    outputs,
    clock: design.top.signals.some((s) => s.type.kind === 'clock'),
    reset: design.top.signals.some((s) => s.type.kind === 'reset'),
    cycles: stimulus.map((cells, t) => ({ rst: t < RESET, values: cells.map((c, i) => nest(c, (ins[i] as PortSpec).dims)) })),
  };
  const onEngine = (engine: EngineName, passes = false): Waves => {
    const sim = simulateDesign(passes ? optimise(design) : design, { engine });
    const seen = stimulus.map((cells, t) => {
      ins.forEach((p, i) => {
        const own = cells[i] as readonly bigint[];
        sim.poke(p.name, p.dims.length > 0 ? own : (own[0] as bigint));
      });
      if (run.reset) sim.poke('rst', t < RESET);
      const shown = outs.map((p) => nest([sim.peek(p.name)].flat().map(BigInt), p.dims));
      if (run.clock) sim.step();
      return shown;
    });
    sim.close();
    return expectedWaves(outputs, seen);
  };
  return { run, want: expectedWaves(outputs, values), onEngine };
}

const specs = Array.from({ length: MESHES }, () => soundMesh(rng));
const cases = specs.map((spec, m) => prepare(spec, `mesh_${m}`));
const runs = cases.map(({ run }) => run);

/** Before the first reset registers hold anything. */
function differences(got: readonly Waves[]): string[] {
  return got.flatMap((waves, m) =>
    (cases[m] as (typeof cases)[0]).want.flatMap((ports, t) =>
      Object.entries(ports).flatMap(([port, value]) =>
        t === 0 || waves[t]?.[port] === value ? [] : [`mesh ${m} in cycle ${t}: ${port} is ${waves[t]?.[port]}, expected ${value}`],
      ),
    ),
  );
}

describe('random meshes', () => {
  it('are of every rank and every kind of link', () => {
    expect(new Set(specs.map((s) => s.shape.length))).toEqual(new Set([1, 2, 3, 4]));
    const kinds = ({ shape, ins }: MeshSpec): string[] =>
      ins.flatMap(({ link }) => {
        if (link.kind !== 'shift' || typeof link.enter !== 'object') return [link.kind];
        const { sides } = link.enter;
        const far = sides.some(
          (side, a) => side === 'array' && (link.vector[a] as number) < -1 && (shape[a] as number) > -(link.vector[a] as number),
        );
        return far ? ['far side'] : ['sides'];
      });
    expect(new Set(specs.flatMap(kinds))).toEqual(new Set(['shift', 'sides', 'far side', 'feed', 'index']));
  });

  it.each(['js', 'wasm', 'wasm-scalar'] as const)('engine %s', (engine) => {
    expect(differences(cases.map((c) => c.onEngine(engine)))).toEqual([]);
  });

  it('passes change nothing', () => expect(differences(cases.map((c) => c.onEngine('js', true)))).toEqual([]));
  it('no tool warns', () => expect(lint([...runs.flatMap((r) => r.files), together(runs)], 'together')).toBe(''));
  it('Icarus', () => expect(differences(runAllOnIcarus(runs))).toEqual([]));
  it('Verilator', () => expect(differences(runAllOnVerilator(runs.slice(0, ON_VERILATOR)))).toEqual([]), 600_000);
});
