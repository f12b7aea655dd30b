// A circuit on every engine against its model.

import { type Design, elaborate } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { type EngineName, simulateDesign } from '../../sim/simulator.ts';
import { type Circuit, clocksOf as clocksIn, resetPorts } from './circuit/data.ts';
import { CircuitModel, type Tally } from './circuit/model.ts';
import { CircuitModule } from './circuit/module.ts';
import { Rng } from './random.ts';
import type { Cycle } from './random-circuit/stimulus.ts';
import { construct, leaves, type Type, type Value } from './reference.ts';
import { expectedWaves, lint, type Run, runIcarus, runVerilator, type SourceFile, type Waves } from './verilog-tools.ts';

export type { Cycle };

export interface Subject {
  readonly circuit: Circuit;
  readonly design: Design;
  readonly files: readonly SourceFile[];
  readonly top: string;
}

/** Elaborates and prints; `change` stands between, for passes. */
export function prepare(circuit: Circuit, top = 'top', change: (design: Design) => Design = (d) => d): Subject {
  const design = change(elaborate(CircuitModule as never, circuit as never, { name: top, reset: { name: 'rst', ...circuit.reset } } as never));
  return { circuit, design, files: emitVerilog(design), top };
}

/** What the model gives in each cycle. */
export function modelled(circuit: Circuit, cycles: readonly Cycle[]): Waves {
  return expectedWaves(circuit.outputs, modelValues(circuit, cycles));
}

export function modelValues(circuit: Circuit, cycles: readonly Cycle[], tally: Tally = new Map()): Value[][] {
  const model = new CircuitModel(circuit, tally);
  const { async = false } = circuit.reset ?? {};
  const all = clocksIn(circuit);
  return cycles.map(({ values, rst = false, resets = [], edges = all }) => {
    const inputs = new Map(circuit.inputs.map((i, k) => [i.name, values[k] as Value]));
    const outs = model.evaluate(inputs, { clock: 'clk', reset: rst, async, enable: true }, new Set(resets));
    model.step(new Set(edges));
    return circuit.outputs.map((o) => outs.get(o.name) as Value);
  });
}

/** Levels of the reset ports that a design has, in a cycle. */
export function resetLevels({ circuit, design }: Subject, { rst = false, resets = [] }: Cycle): Map<string, boolean> {
  const own = resetPorts(circuit).map(({ port, activeLow = false }) => [port, resets.includes(port) !== activeLow] as const);
  const all = new Map([['rst', rst !== (circuit.reset?.activeLow ?? false)], ...own] as const);
  return new Map([...all].filter(([port]) => design.top.signals.some((s) => s.role === 'input' && s.type.kind === 'reset' && s.name === port)));
}

/** Clock inputs that a design has. */
export function clocksOf(design: Design): string[] {
  return design.top.signals.filter((s) => s.role === 'input' && s.type.kind === 'clock').map((s) => s.name);
}

export function hasDomain(design: Design, kind: 'clock' | 'reset'): boolean {
  return design.top.signals.some((s) => s.role === 'input' && s.type.kind === kind);
}

function asRun({ circuit, design, files, top }: Subject, cycles: readonly Cycle[]): Run {
  return {
    files,
    top,
    inputs: circuit.inputs,
    outputs: circuit.outputs,
    clock: hasDomain(design, 'clock'),
    reset: hasDomain(design, 'reset'),
    cycles,
  };
}

export const onIcarus = (subject: Subject, cycles: readonly Cycle[]): Waves => runIcarus(asRun(subject, cycles));
export const onVerilator = (subject: Subject, cycles: readonly Cycle[]): Waves => runVerilator(asRun(subject, cycles));

export interface Observed {
  readonly waves: Waves;
  /** As the model counts them. */
  readonly tally: Tally;
}

/** The in-process simulator in the same form. */
export function inProcess(subject: Subject, cycles: readonly Cycle[], engine?: EngineName): Waves {
  return observe(subject, cycles, engine).waves;
}

/** What a cycle gives to each port, elements in row-major order. */
function pokesOf(subject: Subject, cycle: Cycle): [port: string, cells: readonly bigint[], isArray: boolean][] {
  const flat = (value: Value, path: readonly string[]): bigint[] => {
    if (typeof value === 'bigint') return [value];
    if (Array.isArray(value)) return value.flatMap((v: Value) => flat(v, path));
    const [head, ...rest] = path;
    return flat((value as { readonly [field: string]: Value })[head as string] as Value, rest);
  };
  const values = subject.circuit.inputs.flatMap(({ name, type }, i) =>
    leaves(type).map(({ path, dims }) => [[name, ...path].join('_'), flat(cycle.values[i] as Value, path), dims.length > 0] as const),
  );
  const levels = [...resetLevels(subject, cycle)].map(([port, level]) => [port, [BigInt(level)], false] as const);
  return [...values, ...levels].map((p) => [...p]);
}

function pokeAll(simulation: Simulation, subject: Subject, cycle: Cycle): void {
  for (const [port, cells, isArray] of pokesOf(subject, cycle)) simulation.poke(port, isArray ? cells : (cells[0] as bigint));
}

/** The outputs from the cells of each of their ports. */
function outputsFrom({ circuit }: Subject, cells: (port: string) => readonly (number | bigint)[]): Value[] {
  return circuit.outputs.map(({ name, type }) => assemble(type, (path) => cells([name, ...path].join('_')).map(BigInt)));
}

/** Steps with a look at every output, and what the properties said. */
export function observe(subject: Subject, cycles: readonly Cycle[], engine?: EngineName): Observed {
  const { circuit, design } = subject;
  const simulation = simulateDesign(design, { properties: 'collect', ...(engine && { engine }) });
  const clocks = clocksOf(design);
  try {
    const waves = expectedWaves(
      circuit.outputs,
      cycles.map((cycle) => {
        pokeAll(simulation, subject, cycle);
        const seen = outputsFrom(subject, (port) => [simulation.peek(port)].flat());
        const edges = (cycle.edges ?? clocks).filter((c) => clocks.includes(c));
        if (edges.length > 0) simulation.step(1, edges);
        return seen;
      }),
    );
    const tally: Tally = new Map();
    for (const { message, count } of [...simulation.violations(), ...simulation.coverage()])
      if (count > 0) tally.set(message, (tally.get(message) ?? 0) + count);
    return { waves, tally };
  } finally {
    simulation.close();
  }
}

/** The same cycles in one call, from streams of inputs to streams of outputs; undefined for designs of other than one clock. */
export function streamed(subject: Subject, cycles: readonly Cycle[], engine: EngineName): Waves | undefined {
  const { circuit, design } = subject;
  if (clocksOf(design).length !== 1 || cycles.some((c) => c.edges)) return undefined;
  using simulation = simulateDesign(design, { properties: 'collect', engine });
  const inputs: { [port: string]: bigint[] } = {};
  for (const cycle of cycles) for (const [port, cells] of pokesOf(subject, cycle)) (inputs[port] ??= []).push(...cells);
  const outputs: { [port: string]: (number | bigint)[] } = {};
  for (const { name, type } of circuit.outputs)
    for (const { path, dims } of leaves(type)) {
      const size = dims.reduce((n, d) => n * d, 1);
      outputs[[name, ...path].join('_')] = new Array<number | bigint>(size * cycles.length).fill(0);
    }
  simulation.run(cycles.length, inputs, outputs);
  return expectedWaves(
    circuit.outputs,
    cycles.map((_, t) =>
      outputsFrom(subject, (port) => {
        const all = outputs[port] as (number | bigint)[];
        const size = all.length / cycles.length;
        return all.slice(t * size, (t + 1) * size);
      }),
    ),
  );
}

/** The same cycles with nobody looking, from a recording of the outputs; undefined when not every cycle has an edge. */
export function traced(subject: Subject, cycles: readonly Cycle[], engine: EngineName): Waves | undefined {
  const { circuit, design } = subject;
  const clocks = clocksOf(design);
  const edges = cycles.map((cycle) => (cycle.edges ?? clocks).filter((c) => clocks.includes(c)));
  if (edges.some((e) => e.length === 0)) return undefined;
  const ports = circuit.outputs.flatMap(({ name, type }) => leaves(type).map(({ path }) => [name, ...path].join('_')));
  using simulation = simulateDesign(design, { properties: 'collect', engine, trace: ports });
  cycles.forEach((cycle, t) => {
    pokeAll(simulation, subject, cycle);
    simulation.step(1, edges[t]);
  });
  const { signals } = simulation.recorded();
  const columns = new Map<string, (readonly (number | bigint)[])[]>();
  for (const { name, values } of signals) {
    const port = name.replace(/\[.*/, '');
    columns.set(port, [...(columns.get(port) ?? []), values]);
  }
  return expectedWaves(
    circuit.outputs,
    cycles.map((_, t) => outputsFrom(subject, (port) => (columns.get(port) ?? []).map((values) => values[t] as number | bigint))),
  );
}

/** A value from the cells of its leaves. */
function assemble(type: Type, cells: (path: readonly string[]) => readonly bigint[], path: readonly string[] = [], at = 0, stride = 1): Value {
  if (type.kind === 'vec') return [...Array(type.length).keys()].map((i) => assemble(type.element, cells, path, at * type.length + i, stride));
  if (type.kind === 'bundle')
    return Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, assemble(field, cells, [...path, name], at, stride)]));
  return cells(path)[at] as bigint;
}

/** The first difference as text, or undefined; cycles before `from` do not count. */
export function difference(got: Waves, want: Waves, from = 0): string | undefined {
  for (const [t, ports] of want.entries()) {
    if (t < from) continue;
    for (const [port, value] of Object.entries(ports))
      if (got[t]?.[port] !== value) return `cycle ${t}: ${port} is ${got[t]?.[port]}, expected ${value} (hexadecimal)`;
  }
  return undefined;
}

/** Everything that is wrong with a circuit, as text: what the tools say of the Verilog, and where Icarus or the simulator differs from the model. */
export function problems(
  circuit: Circuit,
  {
    seed = 1,
    cycles = 40,
    from = 0,
    reset = 0,
  }: { readonly seed?: number; readonly cycles?: number; readonly from?: number; readonly reset?: number } = {},
): string {
  const rng = new Rng(seed);
  const stimulus = [...Array(cycles).keys()].map(
    (t): Cycle => ({
      rst: t < reset || (reset > 0 && t > from && rng.once(10)),
      values: circuit.inputs.map(({ type }) => construct(type, (g) => rng.value(g))),
    }),
  );
  const subject = prepare(circuit);
  const want = modelled(circuit, stimulus);
  const said = lint(subject.files, subject.top);
  const icarus = difference(onIcarus(subject, stimulus), want, from);
  const simulator = difference(inProcess(subject, stimulus), want, from);
  return [said, icarus && `Icarus: ${icarus}`, simulator && `simulator: ${simulator}`].filter(Boolean).join('\n');
}
