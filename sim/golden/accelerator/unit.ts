// What the units of the golden accelerator have in common.

import type { AcceleratorConfig } from '../../../isa/config.ts';
import type { Mnemonic } from '../../../isa/instructions.ts';
import type { Fields } from './walk.ts';

/** The memories that units share. */
export interface Memories {
  readonly config: AcceleratorConfig;
  /** From address 0 on; beyond it is nothing. */
  readonly memory: Uint8Array;
  readonly scratchpad: Uint8Array;
  /** Rows of `cols` × int32. */
  readonly sums: Int32Array;
}

export type FaultCode = 'decodeError' | 'sums';
/** Why an instruction could not be done. */
export interface Fault {
  readonly code: FaultCode;
  /** In memory; the first byte that does not exist. */
  readonly address: number;
}

export interface Work {
  macs: number;
  macsSkipped: number;
  bytesRead: number;
  bytesWritten: number;
}

export type Space = 'memory' | 'scratchpad' | 'sums';
/** An access: bytes from an address on, or one row of sums. */
export type Touch = (space: Space, write: boolean, address: number, bytes: number) => void;

/** A unit: what it does, and what it would read and write. */
export interface GoldenUnit {
  /** As after `begin`. */
  clear(): void;
  /** Does an instruction of its queue. Those that configure are done by this, too. */
  execute(name: Mnemonic, fields: Fields): Fault | undefined;
  /** The accesses of the instruction, which is not done; nothing for one that configures, but for those that read parameters. */
  footprint(name: Mnemonic, fields: Fields, touch: Touch): void;
}
