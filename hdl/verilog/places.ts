// Where the things of a design stand in its Verilog, for tools that look into a running simulation of it.
//
// Invariant: says what the printer did and decides nothing. A signal is missing that has no net of its own: one without bits, or a pin whose value
// stands in the connection. Valid once names have been assigned.

import type { Definition, Delay, Memory, Signal } from '../ir/nodes.ts';
import type { Net } from './ast.ts';

/** The stages of a delay as one packed register, the newest lowest; or one such register for each lane. */
export type DelayPlace = { readonly stages: Net } | { readonly block: Net; readonly inner: Net | undefined; readonly stages: Net };

/** A child's instance name; of a mesh also the names of the loops around it, the outermost first. */
export interface ChildPlace {
  readonly blocks: readonly Net[];
  readonly instance: Net;
  readonly definition: Definition;
}

export interface ModulePlaces {
  readonly nets: Map<Signal, Net>;
  readonly memories: Map<Memory, Net>;
  readonly delays: Map<Delay, DelayPlace>;
  /** In the order of declaration, as children may share a name. */
  readonly instances: ChildPlace[];
  readonly meshes: ChildPlace[];
}

export function noPlaces(): ModulePlaces {
  return { nets: new Map(), memories: new Map(), delays: new Map(), instances: [], meshes: [] };
}
