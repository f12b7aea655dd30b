// What a user decides about a matrix unit, and what follows from it.
//
// Refused by the callers that read user input (see `cli/`): sizes below 1 or above MAX_SIZE. Here the configuration is trusted.

/** `ws`: weights stay, sums move. `os`: sums stay, operands move. */
export type Dataflow = 'ws' | 'os';

export interface ArrayConfig {
  readonly rows: number;
  readonly cols: number;
  readonly dataflow: Dataflow;
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

export const DATAFLOWS: readonly Dataflow[] = ['ws', 'os'];

/** Largest number of rows or columns. Ports are packed vectors of 32 bits a column, which stay within the language's widest signal. */
export const MAX_SIZE = 1024;

/** Bits of an operand and of a sum. */
export const OPERAND_WIDTH = 8;
export const SUM_WIDTH = 32;

/** Cycles from the acceptance of a beat (os: of the last beat of a tile) to its (first) row on `out`, without stalls. */
export function latency({ rows, cols, dataflow }: ArrayConfig): number {
  return dataflow === 'ws' ? rows + cols : rows + cols + 1;
}

/** Multiply-accumulates a cycle when every processing element works. */
export function peakMacs({ rows, cols }: ArrayConfig): number {
  return rows * cols;
}
