// Entry points of the simulator.
//
// Invariant: the simulator shares nothing with the Verilog printer but the IR; this file alone knows the language, to elaborate.

import { elaborate } from '../hdl/elaborate.ts';
import type { Design } from '../hdl/ir/nodes.ts';
import type { Module, ModuleClass, SpecOfModule } from '../hdl/module.ts';
import type { Engine } from './engine.ts';
import { JsEngine } from './js-engine.ts';
import { checkModels, Modelled } from './modelled.ts';
import { Simulation } from './simulation.ts';
import { WasmEngine } from './wasm-engine.ts';
import { type OnViolation, Watcher } from './watcher.ts';

export interface SimulateOptions {
  /** Seeds the start values of state without reset; the same seed gives the same run. 1 when absent. */
  readonly seed?: number;
  /** A file for a value change dump from cycle 0; it appears when the simulation is closed. */
  readonly vcd?: string;
  /** `js` compiles to JavaScript; `wasm` to WebAssembly with vectors, `wasm-scalar` without. All give the same values. */
  readonly engine?: EngineName;
  /** What a failing assertion or assumption does: `throw` (the default) SIM-E011 or SIM-E012, or `collect` for `violations()`. */
  readonly properties?: OnViolation;
}

export type EngineName = 'js' | 'wasm' | 'wasm-scalar';

/** The one that is used when none is asked for; the environment can choose another, to run all tests on it. */
const DEFAULT_ENGINE = (process.env['SYSTOLE_ENGINE'] as EngineName | undefined) ?? 'js';

function makeEngine(design: Design, { seed = 1, engine = DEFAULT_ENGINE, properties = 'throw' }: SimulateOptions): Engine {
  checkModels(design);
  const bare = engine === 'js' ? new JsEngine(design, seed) : new WasmEngine(design, seed, { lanes: engine === 'wasm' });
  const plain = design.definitions.some((d) => d.external) ? new Modelled(bare) : bare;
  return design.definitions.some((d) => d.properties.length > 0) ? new Watcher(plain, properties) : plain;
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
  const simulation = new Simulation<P>(makeEngine(design, options));
  if (options.vcd !== undefined) simulation.trace(options.vcd);
  return simulation;
}
