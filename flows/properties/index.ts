// The designs that `npm run prove` knows by name: what the standard library promises, on small configurations of its cells.

import { type Design, elaborate } from '../../hdl/index.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { ArbiterProperties } from './arbiters.ts';
import { FetchProperties, LoadProperties, StoreProperties } from './axi-masters.ts';
import { BufferProperties } from './buffers.ts';
import { BitProperties, GrayProperties, OneHotProperties } from './codes.ts';
import { CounterProperties, LfsrProperties, ShiftProperties, UpDownProperties } from './counters.ts';
import { ForkProperties, JoinProperties } from './forks.ts';
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

/** The least that has two bursts under way. */
const SMALLEST: AcceleratorConfig = {
  ...{ rows: 2, cols: 2, bus: 32, scratchpad: 1024, banks: 1, sums: 16, burst: 4, outstanding: 2, queue: 1 },
  modes: ['single'],
};

/** Masters of the accelerator; a proof without a bound takes minutes. In `axi-store` bursts have two beats, with which it ends; `axi-store-long` is for a search. */
export const MASTERS: { readonly [name: string]: () => Design } = {
  'axi-fetch': () => elaborate(FetchProperties, SMALLEST),
  'axi-load': () => elaborate(LoadProperties, SMALLEST),
  'axi-store': () => elaborate(StoreProperties, { ...SMALLEST, burst: 2 }),
  'axi-store-long': () => elaborate(StoreProperties, SMALLEST),
};
