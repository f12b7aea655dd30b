// What a simulation needs of an engine; any engine that keeps to it can stand behind `Simulation`.
//
// Invariant: values are those of the language (see hdl/ir/nodes.ts). Outputs seen between a poke and a step are those of the inputs
// now; a step takes the settled values over the clock edge. An asynchronous reset acts when signals settle.

import type { Layout, Storage } from './layout.ts';
import type { Place } from './paths.ts';
import type { Value } from './values.ts';

/** An array that a bulk access reads or fills. */
export type Bulk =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Value[];

/** A value as an array holds it: exact in arrays of bigints and plain ones, and in others where they have room for it. */
export function elementOf(target: Bulk): (value: Value) => Value {
  if (target instanceof BigInt64Array || target instanceof BigUint64Array) return BigInt;
  return Array.isArray(target) ? (value) => value : Number;
}

/** The state of all registers, stages and inputs at one moment. */
export interface Snapshot {
  readonly cycle: number;
  readonly cells: readonly unknown[];
  /** The states of the models of external modules. */
  readonly models?: readonly unknown[];
}

/** State in a form that does not depend on the engine that has it. */
export interface State {
  readonly cycle: number;
  /** Of a storage that no wire fills. */
  cell(storage: Storage, index: number): Value;
  /** What a lane of a delay, by its number among the nodes, shows after `slot` more edges; `k` counts the values of a lane. */
  stage(delay: number, element: number, lane: number, slot: number, k: number): Value;
}

/** A port with its values of many cycles: the elements of the first cycle, then those of the second. */
export interface StreamPort {
  readonly place: Place;
  readonly data: Bulk;
}

/** What simulates a design: one in JavaScript, one in WebAssembly, with the same values in every cycle. */
export interface Engine {
  readonly layout: Layout;
  /** Clock edges so far; simultaneous ones count as one. */
  readonly cycle: number;
  /** Whether running cycles again from a snapshot is cheap and gives the same values. */
  readonly replays?: boolean;
  /** Writes element `index` of an input; the value has been checked. */
  write(place: Place, index: number, value: Value): void;
  /** Writes all of an input; values are checked on the way. */
  writeAll(place: Place, values: ArrayLike<unknown>): void;
  /** Brings all signals up to date with the inputs; nothing when they are. */
  settle(): void;
  /** Element `index` of a settled place. */
  read(place: Place, index: number): Value;
  /** All cells of one signal. */
  readAll(place: Place, target: Bulk): void;
  /** Edges of one clock, by the name of its input, or simultaneous ones of several; of the design's only one when absent. */
  step(cycles: number, clock?: string | readonly string[]): void;
  /** Cycles in a row with an input for each and the outputs of each, as they are before its clock edge. */
  run?(cycles: number, inputs: readonly StreamPort[], outputs: readonly StreamPort[]): void;
  /** Whether a place can be read; absent where all can. */
  has?(place: Place): boolean;
  /** The state now. */
  snapshot(): Snapshot;
  /** Goes back to a state. */
  restore(snapshot: Snapshot): void;
  /** Frees what it holds; it cannot be used after that. */
  close(): void;
}
