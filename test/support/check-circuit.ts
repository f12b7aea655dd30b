// A circuit on every engine against its model.

import { type Design, elaborate } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { type EngineName, simulateDesign } from '../../sim/simulator.ts';
import { type Circuit, CircuitModel, CircuitModule } from './circuit.ts';
import { Rng } from './random.ts';
import { construct, leaves, type Type, type Value } from './reference.ts';
import { expectedWaves, lint, type Run, runIcarus, runVerilator, type SourceFile, type Waves } from './verilog-tools.ts';

export interface Cycle {
  readonly values: readonly Value[];
  readonly rst?: boolean;
}

export interface Subject {
  readonly circuit: Circuit;
  readonly design: Design;
  readonly files: readonly SourceFile[];
  readonly top: string;
}

export function prepare(circuit: Circuit, top = 'top'): Subject {
  const design = elaborate(CircuitModule as never, circuit as never, { name: top } as never);
  return { circuit, design, files: emitVerilog(design), top };
}

/** What the model gives in each cycle. */
export function modelled(circuit: Circuit, cycles: readonly Cycle[]): Waves {
  return expectedWaves(circuit.outputs, modelValues(circuit, cycles));
}

export function modelValues(circuit: Circuit, cycles: readonly Cycle[]): Value[][] {
  const model = new CircuitModel(circuit);
  return cycles.map(({ values, rst }) => {
    const outs = model.evaluate(new Map(circuit.inputs.map((i, k) => [i.name, values[k] as Value])), rst ?? false);
    model.step();
    return circuit.outputs.map((o) => outs.get(o.name) as Value);
  });
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

/** The in-process simulator in the same form. */
export function inProcess({ circuit, design }: Subject, cycles: readonly Cycle[], engine?: EngineName): Waves {
  const simulation = simulateDesign(design, engine && { engine });
  const reset = design.top.signals.some((s) => s.role === 'input' && s.type.kind === 'reset');
  const flat = (value: Value, path: readonly string[]): bigint[] => {
    if (typeof value === 'bigint') return [value];
    if (Array.isArray(value)) return value.flatMap((v: Value) => flat(v, path));
    const [head, ...rest] = path;
    return flat((value as { readonly [field: string]: Value })[head as string] as Value, rest);
  };
  try {
    return expectedWaves(
      circuit.outputs,
      cycles.map(({ values, rst }) => {
        circuit.inputs.forEach(({ name, type }, i) => {
          for (const { path, dims } of leaves(type)) {
            const cells = flat(values[i] as Value, path);
            simulation.poke([name, ...path].join('_'), dims.length > 0 ? cells : (cells[0] as bigint));
          }
        });
        if (reset) simulation.poke('rst', rst === true);
        const seen = circuit.outputs.map(({ name, type }) =>
          assemble(type, (path) => [simulation.peek([name, ...path].join('_'))].flat().map(BigInt)),
        );
        if (design.top.signals.some((s) => s.role === 'input' && s.type.kind === 'clock')) simulation.step();
        return seen;
      }),
    );
  } finally {
    simulation.close();
  }
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
