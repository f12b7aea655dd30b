// The one configuration record of an accelerator: hardware, golden model, compiler and documents read it.
//
// Invariant: pure data. Refused by `checkAccelerator`, each with what is possible: sizes that are no powers of two or out of range, memories that cannot hold two tiles.

import { createHash } from 'node:crypto';

/** How sums become activations; as in `systole/golden`. The codes of `vx.range` are positions in the configuration's list. */
export const ACCELERATOR_MODES = ['double', 'single', 'floor', 'halfUp', 'halfEven', 'halfAway'] as const;
export type AcceleratorMode = (typeof ACCELERATOR_MODES)[number];

/** What a user decides. All sizes are powers of two. */
export interface AcceleratorConfig {
  /** Rows of the array: bytes of an activation beat. 2 to 64. */
  readonly rows: number;
  /** Columns of the array: lanes of VX. 2 to 64. */
  readonly cols: number;
  /** Bits of the AXI4 data bus: 32 to 512. */
  readonly bus: number;
  /** Bytes of the scratchpad. */
  readonly scratchpad: number;
  /** Banks of the scratchpad, 1 to 16. */
  readonly banks: number;
  /** Rows of C × int32. */
  readonly sums: number;
  /** Longest burst in beats, 1 to 256. */
  readonly burst: number;
  /** Bursts on their way, 1 to 32. */
  readonly outstanding: number;
  /** Instructions that wait in a queue. */
  readonly queue: number;
  readonly modes: readonly [AcceleratorMode, ...AcceleratorMode[]];
}

export const DEFAULT_ACCELERATOR: AcceleratorConfig = {
  rows: 16,
  cols: 16,
  bus: 128,
  scratchpad: 2 ** 18,
  banks: 4,
  sums: 1024,
  burst: 64,
  outstanding: 8,
  queue: 8,
  modes: ['double', 'single'],
};

/** Bytes of a scratchpad row. */
export function rowBytes({ rows, cols, bus }: Pick<AcceleratorConfig, 'rows' | 'cols' | 'bus'>): number {
  return Math.max(rows, cols, bus / 8);
}

/** Banks of the sums: as many as the scratchpad's, but each has two rows at least. */
export function sumsBanks({ sums, banks }: Pick<AcceleratorConfig, 'sums' | 'banks'>): number {
  return Math.min(banks, sums / 2);
}

/** One line of JSON with its keys in alphabetical order. */
function canonicalText(config: AcceleratorConfig): string {
  return JSON.stringify(Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** 64 bits that stand for the configuration in `begin` and in a register: the first of the SHA-256 of its canonical text. */
export function acceleratorHash(config: AcceleratorConfig): bigint {
  return createHash('sha256').update(canonicalText(config)).digest().readBigUInt64BE(0);
}

/** Smallest and largest of each size. */
export const ACCELERATOR_LIMITS: { readonly [K in Exclude<keyof AcceleratorConfig, 'modes'>]: readonly [low: number, high: number] } = {
  rows: [2, 64],
  cols: [2, 64],
  bus: [32, 512],
  scratchpad: [1024, 2 ** 23],
  banks: [1, 16],
  sums: [16, 2 ** 16],
  burst: [1, 256],
  outstanding: [1, 32],
  queue: [1, 64],
};

/** Throws a RangeError naming the setting, its value and what is possible. */
export function checkAccelerator(config: AcceleratorConfig): void {
  for (const [key, [low, high]] of Object.entries(ACCELERATOR_LIMITS)) {
    const value = config[key as keyof typeof ACCELERATOR_LIMITS];
    if (!Number.isInteger(value) || value < low || value > high || (value & (value - 1)) !== 0)
      throw new RangeError(`${key} of an accelerator is ${value}, but must be a power of two from ${low} to ${high}`);
  }
  const { scratchpad, banks } = config;
  if (scratchpad / banks < 2 * rowBytes(config))
    throw new RangeError(
      `scratchpad is ${scratchpad} bytes in ${banks} banks of rows of ${rowBytes(config)} bytes, but a bank needs two rows; give more bytes or fewer banks`,
    );
  if (config.modes.length === 0 || config.modes.length > 8 || new Set(config.modes).size < config.modes.length)
    throw new RangeError(`modes of an accelerator are ${config.modes.join(', ') || 'none'}, but must be one to eight, each once`);
}
