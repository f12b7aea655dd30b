/**
 * What cycle models and traces need of streams, whatever the numbers in them are.
 * Invariant: `Streams` (int8) and `CodeStreams` (any element) both have it.
 * Refused: nothing; streams are checked by `predict`.
 */
import type { CodeStreams } from './pe/code-streams.ts';
import type { Streams } from './tiling.ts';

/** Flags of the act beats, 0 or 1 each. */
export interface ActFlags {
  readonly beats: number;
  readonly last: Uint8Array;
  readonly accumulate: Uint8Array;
}

/** The beats of a run in either form. */
export type AnyStreams = Streams | CodeStreams;

/** Whether the beats hold codes of any element. */
export function areCodes(streams: AnyStreams): streams is CodeStreams {
  return 'width' in streams.out;
}

/** The flags of the stream that tells where tiles end. Throws RangeError when there is none. */
export function leadFlags({ act, weight }: AnyStreams): ActFlags {
  const found = [act, weight as Partial<ActFlags>].find((stream) => stream.last && stream.accumulate);
  if (!found) throw new RangeError('neither act nor weight says where tiles end');
  return found as ActFlags;
}
