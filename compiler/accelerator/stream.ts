// Pieces of a layer, one behind the other: the loads of a piece overlap the vectors of the one before it, and the stores of the one before that.
//
// Invariant: a piece has a slot of inputs and, where VX works on it, a slot of results; its queues hand them on by semaphores.

import type { AcceleratorConfig } from '../../isa/config.ts';
import { type ProgramBuilder, roundUp, type Tokens } from './builder.ts';

/** Of the slots of inputs and of results: together, for one queue, and each. */
interface ComputeTokens extends Required<Tokens> {
  readonly input: Required<Tokens>;
  readonly result: Required<Tokens>;
}
/** What a piece asks of each queue: the first instruction waits, the last one signals. */
interface PieceWork<P> {
  load(piece: P, slot: number, tokens: Required<Tokens>): void;
  /** Absent where inputs are stored as they are. */
  compute?(piece: P, from: number, to: number, tokens: ComputeTokens): void;
  store(piece: P, slot: number, tokens: Required<Tokens>): void;
}
interface StreamOptions {
  /** With one, queues wait for each other. */
  readonly slots?: number;
  /** Once, behind the first load. */
  readonly prepare?: () => void;
}

export function streamPieces<P>(builder: ProgramBuilder, pieces: readonly P[], work: PieceWork<P>, { slots = 2, prepare }: StreamOptions = {}): void {
  const inputs = builder.channel('ld', slots);
  const results = work.compute ? builder.channel('vx', slots) : inputs;
  const load = (i: number): void => {
    if (i >= pieces.length) return;
    const { slot, ...tokens } = inputs.fill();
    work.load(pieces[i] as P, slot, tokens);
  };
  load(0);
  prepare?.();
  pieces.forEach((piece, i) => {
    if (slots > 1) load(i + 1);
    if (work.compute) {
      const { slot, ...result } = results.fill();
      const input = { wait: inputs.taken, signal: inputs.emptied };
      const both = { wait: [...input.wait, ...result.wait], signal: [...input.signal, ...result.signal] };
      work.compute(piece, i % slots, slot, { ...both, input, result });
    }
    work.store(piece, i % slots, { wait: results.taken, signal: results.emptied });
    if (slots === 1) load(i + 1);
  });
}

/** Pieces that a layer is cut into at least, and the most bytes of one. */
const [PIECES, MAX_PIECE] = [4, 32768];

/** Bytes of a piece of a layer that has so many: whole vectors and beats, of which six fit. */
export function pieceBytes(total: number, { cols, bus, scratchpad }: AcceleratorConfig): number {
  return roundUp(Math.min(Math.ceil(total / PIECES), MAX_PIECE, scratchpad / 8), Math.max(cols, bus / 8));
}

/** Rows of a piece, of `total` that have `bytes` each. */
export function pieceRows(total: number, bytes: number): number {
  return Math.max(1, Math.min(Math.ceil(total / PIECES), Math.floor(MAX_PIECE / bytes)));
}
