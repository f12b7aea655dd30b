// The simulator as its users import it.

export type { Bulk, Engine, Snapshot } from './engine.ts';
export { SimulationError } from './errors.ts';
export type { RecordedSignal, Trace } from './recorder.ts';
export { type Peeked, Simulation } from './simulation.ts';
export { type EngineName, type PortNames, type SimulateOptions, simulate, simulateDesign } from './simulator.ts';
export type { Pokable, Value } from './values.ts';
export type { Coverage, OnViolation, Violation } from './watcher.ts';
export type { WaveDrom, WaveOptions } from './wave.ts';
