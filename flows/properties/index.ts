// The designs that `npm run prove` knows by name: what the standard library promises, on small configurations of its cells.

import { type Design, elaborate } from '../../hdl/index.ts';
import { ArbiterProperties } from './arbiters.ts';
import { FetchRules, LoadRules, SMALLEST, StoreRules } from './axi-masters.ts';
import { BufferProperties } from './buffers.ts';
import { BitProperties, GrayProperties, OneHotProperties } from './codes.ts';
import { CounterProperties, LfsrProperties, ShiftProperties, UpDownProperties } from './counters.ts';
import { ForkProperties, JoinProperties } from './forks.ts';
import { LoadProperties, StoreProperties } from './moves.ts';
import { RegisterBankProperties } from './register-bank.ts';

/** By name, what gives the design. */
export const PROPERTIES: { readonly [name: string]: () => Design } = {
  fifo: () => elaborate(BufferProperties, { cell: 'fifo', depth: 4, width: 3 }),
  'fifo-pipe-flow': () => elaborate(BufferProperties, { cell: 'fifo', depth: 3, width: 2, pipe: true, flow: true }),
  'fifo-depth-1': () => elaborate(BufferProperties, { cell: 'fifo', depth: 1, width: 2, pipe: true }),
  'skid-buffer': () => elaborate(BufferProperties, { cell: 'skid-buffer', width: 4 }),
  'pipeline-stage': () => elaborate(BufferProperties, { cell: 'pipeline-stage', width: 4 }),
  'arbiter-priority': () => elaborate(ArbiterProperties, { policy: 'priority', lock: false }),
  'arbiter-priority-lock': () => elaborate(ArbiterProperties, { policy: 'priority' }),
  'arbiter-round-robin': () => elaborate(ArbiterProperties, { policy: 'roundRobin' }),
  fork: () => elaborate(ForkProperties, { outputs: 3 }),
  join: () => elaborate(JoinProperties),
  gray: () => elaborate(GrayProperties, { width: 6 }),
  'one-hot': () => elaborate(OneHotProperties, { width: 4 }),
  'lowest-bit': () => elaborate(BitProperties, { width: 6 }),
  counter: () => elaborate(CounterProperties, { states: 6 }),
  'up-down-counter': () => elaborate(UpDownProperties, { states: 5 }),
  'lfsr-fibonacci': () => elaborate(LfsrProperties, { width: 6, form: 'fibonacci' }),
  'lfsr-galois': () => elaborate(LfsrProperties, { width: 6, form: 'galois' }),
  'shift-register': () => elaborate(ShiftProperties, { width: 4, first: 'msb' }),
  'register-bank': () => elaborate(RegisterBankProperties),
};

/**
 * Masters of the accelerator; a proof without a bound takes minutes. `axi-rules-…` are of a second hand: written from the standard by somebody who had not read the masters.
 */
export const MASTERS: { readonly [name: string]: () => Design } = {
  'axi-load': () => elaborate(LoadProperties, SMALLEST),
  'axi-store': () => elaborate(StoreProperties, SMALLEST),
  'axi-rules-fetch': () => elaborate(FetchRules),
  'axi-rules-load': () => elaborate(LoadRules),
  'axi-rules-store': () => elaborate(StoreRules),
};
