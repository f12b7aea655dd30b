// The simulator as its users import it.

export { axiLiteMaster, axiLiteMemory, type Beat, type SeenBeat, type StreamOptions, streamSink, streamSource } from './agents.ts';
export { type AxiBurst, type AxiFault, type AxiMemoryOptions, axiMemory } from './axi-memory.ts';
export type { Bulk, Engine, Snapshot } from './engine.ts';
export { SimulationError } from './errors.ts';
export { cycles, ended, type Process, type ProcessBody, until, type Wait, type WaitOptions } from './processes.ts';
export type { RecordedSignal, Trace } from './recorder.ts';
export { type Peeked, Simulation } from './simulation.ts';
export { ENGINES, type EngineName, type PortNames, type SimulateOptions, simulate, simulateDesign } from './simulator.ts';
export type { ToggleCoverage } from './toggles.ts';
export type { Pokable, Value } from './values.ts';
export type { Coverage, OnViolation, Violation } from './watcher.ts';
export type { WaveDrom, WaveOptions } from './wave.ts';
