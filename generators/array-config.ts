// What a user decides about a matrix unit, and what follows from it.
//
// Refused by the callers that read user input (see `cli/`): sizes below 1 or above MAX_SIZE. Here the configuration is trusted, but for the element.

import { type ElementConfig, INT8_PE, type PeConfig, processingElement } from './pe/index.ts';

export const DATAFLOWS = ['ws', 'os', 'is', 'ws+os', 'dot', 'cube'] as const;
/**
 * `ws`: weights stay, sums move. `os`: sums stay, operands move. `is`: activations stay. `ws+os`: either, by tile. Beside the systolic arrays `dot`, a tree over
 * products of resident weights, and `cube`, 4×4×4 products a slot. See design note 0022.
 */
export type Dataflow = (typeof DATAFLOWS)[number];

/** What stays in the array, and the name of the form. */
export const DATAFLOW_WORDS: { readonly [D in Dataflow]: { readonly stays: string; readonly form: string } } = {
  ws: { stays: 'weights stay in the array', form: 'weight-stationary' },
  os: { stays: 'sums stay', form: 'output-stationary' },
  is: { stays: 'activations stay', form: 'input-stationary' },
  'ws+os': { stays: 'weights or sums, by tile', form: 'weight- or output-stationary by tile' },
  dot: { stays: 'a dot-product unit: weights stay, a tree adds up', form: 'dot-product unit' },
  cube: { stays: 'a 4x4x4 cube: sums stay', form: '4x4x4 cube' },
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
  /** Elements that share a slot, in ws, os and is: registers stand at the edges of tiles only. 1 × 1 when absent. See design note 0022. */
  readonly tile?: TileSize | undefined;
  /** How sums leave an output-stationary array: through registers of their own when absent. See design note 0003. */
  readonly drain?: Drain | undefined;
  /** Of all state; `sync` when absent. */
  readonly reset?: ResetKind;
}

/** Through the accumulators: less hardware, but a tile begins when the one before has left. */
export type Drain = 'through';

/** Why an array cannot drain through its accumulators, and what it can do. */
export function drainProblem({
  dataflow,
  tile,
}: Pick<ArrayConfig, 'dataflow' | 'tile'>): { readonly problem: string; readonly help: string } | undefined {
  if (dataflow !== 'os')
    return { problem: `a drain through the accumulators in dataflow ${dataflow}`, help: 'sums drain in os; give --drain register, or --dataflow os' };
  if (tile && tile.rows * tile.cols > 1)
    return { problem: 'a drain through the accumulators in an array of tiles', help: 'give --drain register, or --tile 1x1' };
  return undefined;
}

/** Rows and columns of elements, divisors of those of the array. */
export interface TileSize {
  readonly rows: number;
  readonly cols: number;
}

/** Dataflows whose arrays can have tiles: in the others a register serves two dataflows, or there is no array. */
const TILED: readonly Dataflow[] = ['ws', 'os', 'is'];

/** Why an array cannot have its tiles, and what it can have. */
export function tileProblem(
  { rows, cols, dataflow, tile }: Pick<ArrayConfig, 'rows' | 'cols' | 'dataflow'> & { readonly tile: TileSize },
  sumStages: number,
): { readonly problem: string; readonly help: string } | undefined {
  const text = `${tile.rows}x${tile.cols}`;
  if (text === '1x1') return undefined;
  const odd = (whole: number, part: number) => !(Number.isInteger(part) && part >= 1 && whole % part === 0);
  if (odd(rows, tile.rows) || odd(cols, tile.cols))
    return {
      problem: `tiles of ${text} in an array of ${rows}x${cols}, which they do not fill`,
      help: `give rows of ${divisors(rows).join(', ')} and columns of ${divisors(cols).join(', ')}`,
    };
  if (!TILED.includes(dataflow)) return { problem: `tiles of ${text} in dataflow ${dataflow}`, help: `tiles are for ${TILED.join(', ')}; give 1x1` };
  if (sumStages === 1) return undefined;
  return {
    problem: `tiles of ${text} of an element whose sums take ${sumStages} cycles`,
    help: 'sums are chained within a tile: let them take 1 (--pipeline P,1), or give 1x1',
  };
}

const divisors = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);

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

/** Edge of a cube. */
export const CUBE = 4;

/** A matrix unit whose element may have its operands exchanged. */
export type UnitConfig = Omit<ArrayConfig, 'pe'> & { readonly pe?: ElementConfig | undefined };

/** The element of an array. */
export function peOf<P extends ElementConfig>({ pe }: { readonly pe?: P | undefined }): P {
  return pe ?? (INT8_PE as ElementConfig as P);
}

/** Elements of a tile. */
export function tileOf({ tile = { rows: 1, cols: 1 } }: Pick<UnitConfig, 'tile'>): TileSize {
  return tile;
}

/** Rows and columns of tiles. Slots are counted in these. */
export function tilesIn({ rows, cols, tile }: Pick<UnitConfig, 'rows' | 'cols' | 'tile'>): TileSize {
  const each = tileOf({ tile });
  return { rows: rows / each.rows, cols: cols / each.cols };
}

/** Lanes of the ports of a unit. */
export function lanesOf({ rows, cols, dataflow }: Pick<ArrayConfig, 'rows' | 'cols' | 'dataflow'>): {
  readonly act: number;
  readonly weight: number;
  readonly out: number;
} {
  if (dataflow === 'cube') return { act: rows * CUBE, weight: CUBE * cols, out: rows * cols };
  return dataflow === 'is' ? { act: cols, weight: rows, out: cols } : { act: rows, weight: cols, out: cols };
}

/** Cycles from the acceptance of a beat (where sums stay, of the last beat of a tile) to its (first) row on `out`, without stalls. */
export function latency(config: UnitConfig): number {
  return rowLatency(config) + (config.dataflow === 'ws' || config.dataflow === 'is' ? 0 : 1);
}

/** Slots from the acceptance of a beat to its row: on `out` of ws and is, in front of the output register of the others. */
export function rowLatency(config: UnitConfig): number {
  const { productStages, sumStages } = processingElement(peOf(config));
  if (config.dataflow === 'dot') return productStages + sumStages + treeLatency(config.rows) + 1;
  if (config.dataflow === 'cube') return productStages + sumStages + treeLatency(CUBE) + 2;
  const { rows, cols } = tilesIn(config);
  return productStages + cols + rows * sumStages;
}

/** Registers of a tree of sums: a level each. */
export function treeLatency(length: number): number {
  return Math.ceil(Math.log2(length));
}

/** Elements that work in a cycle. */
export function elementCount({ rows, cols, dataflow }: Pick<ArrayConfig, 'rows' | 'cols' | 'dataflow'>): number {
  return rows * cols * (dataflow === 'cube' ? CUBE : 1);
}

/** Multiply-accumulates a cycle when every processing element works, by precision: `8x8`, `4x4` where the mode of a step chooses it, else empty. */
export function peakRates(config: ArrayConfig): readonly { readonly precision: string; readonly macs: number }[] {
  const { macs, precisions = [] } = processingElement(peOf(config));
  return macs.map((each, i) => ({ precision: precisions[i] ?? '', macs: elementCount(config) * each }));
}

/** Multiply-accumulates a cycle when every processing element works, in its fastest mode. */
export function peakMacs(config: ArrayConfig): number {
  return Math.max(...peakRates(config).map(({ macs }) => macs));
}
