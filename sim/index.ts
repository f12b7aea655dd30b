// The simulator as its users import it.

export { type Bulk, type Engine, type Snapshot } from './engine.ts';
export { SimulationError } from './errors.ts';
export { type Peeked, Simulation } from './simulation.ts';
export { type PortNames, simulate, simulateDesign, type SimulateOptions } from './simulator.ts';
export type { Pokable, Value } from './values.ts';
