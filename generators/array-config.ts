// What a user decides about a matrix unit, and what follows from it.
//
// Refused by the callers that read user input (see `cli/`): sizes below 1 or above MAX_SIZE. Here the configuration is trusted, but for the element.

import { INT8_PE, type PeConfig, processingElement } from './pe/index.ts';

export const DATAFLOWS = ['ws', 'os', 'ws+os'] as const;
/** `ws`: weights stay, sums move. `os`: sums stay, operands move. `ws+os`: either, by tile (design note 0022). */
export type Dataflow = (typeof DATAFLOWS)[number];

/** What stays in the array, and the name of the form. */
export const DATAFLOW_WORDS: { readonly [D in Dataflow]: { readonly stays: string; readonly form: string } } = {
  ws: { stays: 'weights stay in the array', form: 'weight-stationary' },
  os: { stays: 'sums stay', form: 'output-stationary' },
  'ws+os': { stays: 'either, by tile', form: 'weight- or output-stationary by tile' },
};

/** Whether sums stay in elements, at least for some tiles, so that each is needed in the next slot. */
export function sumsStay(dataflow: Dataflow): boolean {
  return dataflow === 'os' || dataflow === 'ws+os';
}

/** A matrix unit. */
export interface ArrayConfig {
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
  /** What stands at each place; int8 · int8 + int32 when absent. */
  readonly pe?: PeConfig | undefined;
  /** Of all state; `sync` when absent. */
  readonly reset?: ResetKind;
}

/** Synchronous or asynchronous, active high (`rst`) or low (`rst_n`). */
export type ResetKind = 'sync' | 'sync-low' | 'async' | 'async-low';

export const RESET_KINDS: readonly ResetKind[] = ['sync', 'sync-low', 'async', 'async-low'];

/** The reset port of a kind. */
export function resetPort(kind: ResetKind = 'sync'): { readonly name: string; readonly async: boolean; readonly activeLow: boolean } {
  const activeLow = kind.endsWith('-low');
  return { name: activeLow ? 'rst_n' : 'rst', async: kind.startsWith('async'), activeLow };
}

/** Largest number of rows or columns. Ports are packed vectors of 32 bits a column, which stay within the language's widest signal. */
export const MAX_SIZE = 1024;

/** The element of an array. */
export function peOf({ pe = INT8_PE }: Pick<ArrayConfig, 'pe'>): PeConfig {
  return pe;
}

/** Cycles from the acceptance of a beat (where sums stay, of the last beat of a tile) to its (first) row on `out`, without stalls. */
export function latency(config: ArrayConfig): number {
  return rowLatency(config) + (config.dataflow === 'ws' ? 0 : 1);
}

/** Slots from the acceptance of a beat to its row: on `out` of ws, in front of the output register of the others. */
export function rowLatency(config: ArrayConfig): number {
  const { rows, cols } = config;
  const { productStages, sumStages } = processingElement(peOf(config));
  return productStages + cols + rows * sumStages;
}

/** Multiply-accumulates a cycle when every processing element works, by precision: `8x8`, `4x4` where the mode of a step chooses it, else empty. */
export function peakRates(config: ArrayConfig): readonly { readonly precision: string; readonly macs: number }[] {
  const { macs, precisions = [] } = processingElement(peOf(config));
  return macs.map((each, i) => ({ precision: precisions[i] ?? '', macs: config.rows * config.cols * each }));
}

/** Multiply-accumulates a cycle when every processing element works, in its fastest mode. */
export function peakMacs(config: ArrayConfig): number {
  return Math.max(...peakRates(config).map(({ macs }) => macs));
}
