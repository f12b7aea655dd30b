// What the units of the timing model say to control and to the memories.

import type { Mnemonic } from '../../../../isa/instructions.ts';
import type { Fields } from '../walk.ts';
import type { Banks } from './streams.ts';

/** An instruction that a unit takes. */
export interface Command {
  readonly name: Mnemonic;
  readonly fields: Fields;
}

/** Banks of both memories, in a cycle. */
export interface Ports {
  readonly scratchpadReads: Banks;
  readonly scratchpadWrites: Banks;
  readonly sumsReads: Banks;
}

/** In each cycle: `ask`, in the order of the units' priorities, then `cycle`. */
export interface TimedUnit {
  /** It would take an instruction. */
  readonly isReady: boolean;
  /** The instruction has retired; for one cycle. */
  readonly isDone: boolean;
  /** Asks for banks. */
  ask(ports: Ports): void;
  /** Moves; `command` is the instruction that is taken in this cycle. */
  cycle(command: Command | undefined): void;
}
