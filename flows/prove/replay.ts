// A prover's counterexample run again in the in-process simulator, which shows it with the user's names and confirms it.
//
// Invariant: a trace is `confirmed` when the simulator, which shares only the IR with the printer that the prover's model comes from, sees the same
// property fail (or the cover reached) in the last cycle and not before, and no assumption broken. State that the prover chose is put into registers
// and memories; shift registers without reset (`delay`, `shiftRegister`) cannot be reached and keep their seeded values.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, type Design, ports, type Signal } from '../../hdl/ir/nodes.ts';
import { legalName } from '../../hdl/verilog/names.ts';
import { type Simulation, simulateDesign, type Value } from '../../sim/index.ts';
import type { Scope } from '../../sim/layout.ts';
import { elementPaths, type Place, wholePlace } from '../../sim/paths.ts';
import { Hierarchy } from './hierarchy.ts';
import type { Checked } from './model.ts';

/** One signal in every cycle of a trace. */
export interface Row {
  /** The user's, with its path below the top: `fifo.used`. */
  readonly name: string;
  /** One text a cycle: decimal to 8 bits, hexadecimal above, names of enumerations. */
  readonly values: readonly string[];
}

export interface Trace {
  /** The cycle in which the property fails or the cover is reached; cycle 0 is the reset's. */
  readonly cycle: number;
  readonly confirmed: boolean;
  /** Resets, inputs and outputs of the top, then the named signals of the module that the property stands in. */
  readonly rows: readonly Row[];
  /** A value change dump of the whole design. */
  readonly vcd: string;
}

/** By wire of the model, its bits: index into a cycle's inputs. `state` is looked at in cycle 0 only. */
interface InputMap {
  readonly ports: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly state: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** @param map the text of the file that Yosys wrote beside the graph */
export function replay(design: Design, { property, path }: Checked, cycle: number, inputs: readonly string[], map: string): Trace {
  const folder = mkdtempSync(join(tmpdir(), 'systole-trace-'));
  try {
    const vcd = join(folder, 'trace.vcd');
    const sim = simulateDesign(design, { properties: 'collect', engine: 'js' });
    const wires = inputMap(map);
    setState(sim, design, wires.state, inputs[0] ?? '');
    sim.trace(vcd);
    const shown = shownPlaces(sim, path);
    const rows = shown.map(({ name }) => ({ name, values: [] as string[] }));
    const data = ports(design.top).filter((p) => p.role === 'input' && p.type.kind !== 'clock' && p.type.width > 0);
    for (let t = 0; t <= cycle; t++) {
      for (const port of data) poke(sim, port, wires.ports.get(legalName(port.name)), inputs[t] ?? '');
      sim.settle();
      shown.forEach(({ place, element }, i) => void rows[i]?.values.push(textOf(sim, place, element)));
      sim.step();
    }
    const broken = sim.violations().filter((v) => v.kind === 'assume');
    const seen =
      property.kind === 'cover'
        ? sim.coverage().some((c) => c.message === property.message && c.at === property.at.text() && c.count > 0)
        : sim.violations().some((v) => v.message === property.message && v.path === path && v.cycle === cycle);
    sim.close();
    return { cycle, confirmed: seen && broken.length === 0, rows: different(rows), vcd: readFileSync(vcd, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without registers that a port of the same name shows. */
function different(rows: readonly Row[]): Row[] {
  const texts = rows.map(({ name, values }) => `${name} ${values.join(' ')}`);
  return rows.filter((_, i) => texts.indexOf(texts[i] as string) === i);
}

function inputMap(text: string): InputMap {
  const wires = { input: new Map<string, Map<number, number>>(), init: new Map<string, Map<number, number>>() };
  for (const [, kind, input, bit, wire] of text.matchAll(/^(input|init) (\d+) (\d+) (\S+)$/gm)) {
    const of = wires[kind as 'input' | 'init'];
    const bits = of.get(wire as string) ?? new Map<number, number>();
    of.set(wire as string, bits.set(Number(bit), Number(input)));
  }
  return { ports: wires.input, state: wires.init };
}

/** `width` bits from bit `from` on; those that the property does not depend on are zero. */
function bitsOf(bits: ReadonlyMap<number, number> | undefined, values: string, from: number, width: number): bigint {
  let value = 0n;
  for (let i = 0; i < width; i++) if (values[bits?.get(from + i) ?? -1] === '1') value |= 1n << BigInt(i);
  return value;
}

function cellValue(bits: bigint, { type: { kind, width } }: Pick<Signal, 'type'>): bigint {
  return kind === 'sint' ? BigInt.asIntN(width, bits) : bits;
}

function poke(sim: Simulation, port: Signal, bits: ReadonlyMap<number, number> | undefined, values: string): void {
  const { width } = port.type;
  const cells = Array.from({ length: count(port.dims) }, (_, i) => cellValue(bitsOf(bits, values, i * width, width), port));
  sim.poke(port.name, port.dims.length === 0 ? (cells[0] as bigint) : cells);
}

/** Puts the state of cycle 0 into the registers of the simulation, among which are the words of memories. */
function setState(sim: Simulation, design: Design, state: InputMap['state'], values: string): void {
  const chosen = stateByPath(design, state);
  for (const [scope, pathOf] of elementPaths(sim.engine.layout.top)) {
    const registers = scope.definition.signals.filter((s) => s.role === 'reg' && s.type.width > 0);
    for (const register of registers) {
      const place = wholePlace(scope, register);
      const n = count(register.dims);
      const cells = Array.from({ length: place.length }, (_, i) => sim.engine.read(place, i)) as (Value | bigint)[];
      for (let e = 0; e < scope.domain.count; e++) {
        const own = chosen.get(pathOf(e));
        if (own) for (const [element, value] of chosenState(own, legalName(register.name), register, values)) cells[e * n + element] = value;
      }
      sim.engine.writeAll(place, cells);
    }
  }
}

/** By the user's path of a module, its wires that hold state. */
function stateByPath(design: Design, state: InputMap['state']): Map<string, Map<string, ReadonlyMap<number, number>>> {
  const hierarchy = new Hierarchy(design);
  const all = new Map<string, Map<string, ReadonlyMap<number, number>>>();
  for (const [wire, bits] of state) {
    const [, path = '', name] = /^prove_dut\.(?:(.*)\.)?([^.]+)$/.exec(wire) ?? [];
    if (name === undefined) continue;
    const user = hierarchy.user(path);
    const wires = all.get(user) ?? new Map<string, ReadonlyMap<number, number>>();
    all.set(user, wires.set(name, bits));
  }
  return all;
}

/** Elements of a register that the prover chose, be it one packed net, a net beside a port of that name, or an array of words. */
function chosenState(state: InputMap['state'], wire: string, register: Signal, values: string): [element: number, value: bigint][] {
  const { width } = register.type;
  const n = count(register.dims);
  const lanes = n / (register.dims[0] ?? 1);
  const found: [number, bigint][] = [];
  const take = (bits: ReadonlyMap<number, number> | undefined, first: number, elements: number): void => {
    if (bits) for (let i = 0; i < elements; i++) found.push([first + i, cellValue(bitsOf(bits, values, i * width, width), register)]);
  };
  // A register named like a port gave way; its own name is then the port's net.
  const own = state.get(`${wire}_reg`) ?? state.get(wire);
  take(own, 0, n);
  if (!own) for (let word = 0; word < (register.dims[0] ?? 0); word++) take(state.get(`${wire}[${word}]`), word * lanes, lanes);
  return found;
}

interface Shown {
  readonly name: string;
  readonly place: Place;
  /** Offset of the shown element of the scope. */
  readonly element: number;
}

/** Longest array that is shown. */
const LONGEST = 8;

function shownPlaces(sim: Simulation, path: string): Shown[] {
  const { top } = sim.engine.layout;
  const isPort = (s: Signal): boolean => s.role === 'input' || s.role === 'output';
  const of = (scope: Scope, element: number, prefix: string, wanted: (s: Signal) => boolean): Shown[] =>
    scope.definition.signals
      .filter((s) => wanted(s) && s.type.kind !== 'clock' && s.type.width > 0 && count(s.dims) <= LONGEST)
      .map((s) => ({ name: prefix + s.name, place: wholePlace(scope, s), element: element * count(s.dims) }));
  const shown = of(top, 0, '', isPort).sort((a, b) => Number(b.place.type.kind === 'reset') - Number(a.place.type.kind === 'reset'));
  for (const [scope, pathOf] of elementPaths(top))
    for (let e = 0; e < scope.domain.count; e++) {
      if (pathOf(e) !== path) continue;
      const own = scope === top ? (s: Signal) => s.named && !isPort(s) : (s: Signal) => s.named;
      shown.push(...of(scope, e, path === '' ? '' : `${path}.`, own));
    }
  return shown;
}

function textOf(sim: Simulation, place: Place, element: number): string {
  const n = count(place.signal.dims);
  const texts = Array.from({ length: n }, (_, i) => cellText(sim.engine.read(place, element + i), place.signal));
  return place.signal.dims.length === 0 ? (texts[0] as string) : `[${texts.join(' ')}]`;
}

function cellText(value: Value, { type }: Signal): string {
  const bits = BigInt(value);
  for (const [name, member] of type.enumeration?.members ?? []) if (member === bits) return name;
  return type.kind !== 'sint' && type.width > 8 ? `0x${bits.toString(16)}` : bits.toString();
}
