// Entry points of the simulator.
//
// Invariant: the simulator shares nothing with the Verilog printer but the IR; this file alone knows the language, to elaborate.

import { elaborate } from '../hdl/elaborate.ts';
import type { Design } from '../hdl/ir/nodes.ts';
import type { Module, ModuleClass, SpecOfModule } from '../hdl/module.ts';
import { type Backend, VerilogEngine } from './backends/engine.ts';
import type { Engine } from './engine.ts';
import { SimulationError, similar } from './errors.ts';
import { JsEngine } from './js-engine.ts';
import { Lockstep, type NamedEngine } from './lockstep.ts';
import { lowered } from './lower.ts';
import { checkModels, Modelled } from './modelled.ts';
import { Simulation } from './simulation.ts';
import { withStatementCovers } from './statement-coverage.ts';
import { TieredEngine } from './tiered-engine.ts';
import { WasmEngine } from './wasm-engine.ts';
import { type OnViolation, Watcher } from './watcher.ts';

/** How a design is simulated. */
export interface SimulateOptions {
  /** Seeds the start values of state without reset and the stalls of agents; the same seed gives the same run. `SYSTOLE_SEED` or else 1 when absent. */
  readonly seed?: number;
  /** A file for a value change dump from cycle 0; it appears when the simulation is closed. With the ending `.fst` it is one for GTKWave and Surfer. */
  readonly vcd?: string;
  /** Keeps the values of these signals in every cycle for `wave()`; with `true` those of the top's ports. */
  readonly trace?: boolean | readonly string[];
  /**
   * `systole`, the default, begins small designs in JavaScript and moves to WebAssembly with vectors in long runs; `js`, `wasm` and `wasm-scalar` (without
   * vectors) are one of these throughout; `verilator` and `icarus` run the printed Verilog in those tools; `all` runs three of them in lockstep and
   * stops at the first difference. All give the same values.
   */
  readonly engine?: EngineName;
  /** Counts blocks of statements, in `coverage()`, and toggles of bits, in `toggles()`. Costs time in every cycle. */
  readonly coverage?: boolean;
  /** Of `verilator`: `fast` (the default) builds in seconds, `optimised` runs several times as fast. */
  readonly profile?: 'fast' | 'optimised';
  /** Of `verilator` and `icarus`: milliseconds for 1000 cycles, a minute when absent. */
  readonly timeoutMs?: number;
  /** What a failing assertion or assumption does: `throw` (the default) SIM-E011 or SIM-E012, or `collect` for `violations()`. */
  readonly properties?: OnViolation;
}

/** What `engine` can name: `systole` is the default in-process engine; `all` is that, Verilator and Icarus in lockstep. */
export const ENGINES = ['systole', 'js', 'wasm', 'wasm-scalar', 'verilator', 'icarus', 'all'] as const;
/** One of `ENGINES`. */
export type EngineName = (typeof ENGINES)[number];
type InProcess = Exclude<EngineName, Backend | 'all'>;

/** The engine that is asked for; the environment can choose another default, to run all tests on it. */
function chosenEngine(asked: string | undefined): EngineName {
  const { SYSTOLE_ENGINE: fromEnvironment = 'systole' } = process.env;
  const name = asked ?? fromEnvironment;
  const known = ENGINES.find((engine) => engine === name);
  if (known) return known;
  const near = similar(name, ENGINES);
  throw new SimulationError(
    'SIM-E035',
    `no engine ${JSON.stringify(name)}${asked === undefined ? ', which SYSTOLE_ENGINE names' : ''}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${ENGINES.join(', ')}`,
  );
}

/** Of the environment, so that a failing run can be repeated and a passing one varied. */
function defaultSeed(): number {
  const { SYSTOLE_SEED: text = '1' } = process.env;
  if (/^\d+$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  throw new SimulationError('SIM-E034', `SYSTOLE_SEED is ${JSON.stringify(text)}`, 'set it to a whole number from 0 to 4294967295, or leave it out');
}

function makeEngine(design: Design, options: SimulateOptions): Engine {
  const { properties = 'throw' } = options;
  const engine = chosenEngine(options.engine);
  const plain = engine === 'all' ? lockstep(design, options) : one(design, engine, options);
  return design.definitions.some((d) => d.properties.length > 0) ? new Watcher(plain, properties) : plain;
}

function one(design: Design, engine: Exclude<EngineName, 'all'>, options: SimulateOptions): Engine {
  return engine === 'verilator' || engine === 'icarus'
    ? new VerilogEngine(design, engine, { ...options, seed: options.seed ?? 1 })
    : inProcess(design, engine, options);
}

function lockstep(design: Design, options: SimulateOptions): Engine {
  const made: NamedEngine[] = [];
  try {
    for (const name of ['systole', 'verilator', 'icarus'] as const) made.push({ name, engine: one(design, name, options) });
    return new Lockstep(made);
  } catch (error) {
    for (const { engine } of made) engine.close();
    throw error;
  }
}

function inProcess(design: Design, engine: InProcess, { seed = 1 }: SimulateOptions): Engine {
  checkModels(design);
  const layout = lowered(design);
  const bare =
    engine === 'js'
      ? new JsEngine(layout, seed)
      : engine === 'systole'
        ? new TieredEngine(layout, seed)
        : new WasmEngine(layout, seed, { lanes: engine === 'wasm' });
  return design.definitions.some((d) => d.external) ? new Modelled(bare) : bare;
}

/** The top-level names of a module's ports; fields of bundles and nested records join them with `_`. */
export type PortNames<M> = keyof SpecOfModule<M> & string;

/** Elaborates and checks a module and simulates it; the configuration may be left out where the module has none. Throws `HdlError`. */
export function simulate<M extends Module<unknown>>(
  cls: ModuleClass<M>,
  ...args: M['cfg'] extends void ? [cfg?: undefined, options?: SimulateOptions] : [cfg: M['cfg'], options?: SimulateOptions]
): Simulation<PortNames<M>> {
  const [cfg, options = {}] = args;
  return simulateDesign(elaborate(cls, ...([cfg] as never)), options);
}

/** Simulates a design that has been elaborated. */
export function simulateDesign<P extends string = string>(design: Design, options: SimulateOptions = {}): Simulation<P> {
  const seeded = { ...options, seed: options.seed ?? defaultSeed() };
  const simulation = new Simulation<P>(makeEngine(options.coverage ? withStatementCovers(design) : design, seeded), seeded.seed);
  if (options.coverage) simulation.countToggles();
  if (options.vcd !== undefined) simulation.trace(options.vcd);
  if (options.trace) simulation.record(options.trace === true ? undefined : options.trace);
  return simulation;
}
