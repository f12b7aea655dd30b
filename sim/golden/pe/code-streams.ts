/**
 * Beats of codes, and how they are put together.
 * Invariant: beat i of lanes L is `data[i*L .. i*L+L-1]`; what rides beside the lanes has an entry a beat.
 * Refused: nothing; problems are checked by `stepStreams`.
 */
import type { MatrixUnit } from '../shape.ts';
import type { GoldenPe } from './pe.ts';
import { CUBE } from './sums.ts';

/** Beats of codes of `width` bits each. */
export interface CodeStream {
  readonly beats: number;
  readonly lanes: number;
  readonly width: number;
  readonly data: bigint[];
}

/** A port beside the lanes of an operand: `mode` of activations, `os` of the weights of a unit of both dataflows. */
export interface Aside {
  readonly port: 'mode' | 'os';
  readonly width: number;
  readonly values: number[];
}

/** Activations or weights. */
export interface OperandStream extends CodeStream {
  readonly aside?: Aside;
  /** 0 or 1 a beat, of the stream that tells where tiles end: `act`, but `weight` of an input-stationary unit. */
  readonly last?: Uint8Array;
  readonly accumulate?: Uint8Array;
}

/** All beats that enter and leave a unit for one problem; `last` and `accumulate` as in `Streams`. */
export interface CodeStreams {
  readonly act: OperandStream;
  readonly weight: OperandStream;
  readonly psum: CodeStream;
  readonly out: CodeStream & { readonly last: Uint8Array };
}

/** Lanes of the ports of a unit. */
export function lanesOf({ rows, cols, dataflow }: MatrixUnit): { readonly act: number; readonly weight: number; readonly out: number } {
  if (dataflow === 'cube') return { act: rows * CUBE, weight: CUBE * cols, out: rows * cols };
  return dataflow === 'is' ? { act: cols, weight: rows, out: cols } : { act: rows, weight: cols, out: cols };
}

/** Beats in the order in which they move. */
export class StreamBuilder {
  readonly pe: GoldenPe;
  readonly act: bigint[] = [];
  readonly weight: bigint[] = [];
  readonly psum: bigint[] = [];
  readonly out: bigint[] = [];
  /** Of each act beat; of an input-stationary unit of each weight beat. */
  readonly last: boolean[] = [];
  readonly accumulate: boolean[] = [];
  readonly mode: number[] = [];
  /** Whether each weight beat belongs to an output-stationary tile. */
  readonly os: boolean[] = [];
  readonly outLast: boolean[] = [];

  constructor(pe: GoldenPe) {
    this.pe = pe;
  }

  finish(unit: MatrixUnit): CodeStreams {
    const { activationWidth, weightWidth, sumWidth, modeWidth } = this.pe;
    const lanes = lanesOf(unit);
    const stream = (data: bigint[], width: number, count: number): CodeStream => ({ beats: data.length / count, lanes: count, width, data });
    const flags = { last: Uint8Array.from(this.last, Number), accumulate: Uint8Array.from(this.accumulate, Number) };
    const leads = unit.dataflow === 'is' ? 'weight' : 'act';
    return {
      act: {
        ...stream(this.act, activationWidth, lanes.act),
        ...(modeWidth > 0 && { aside: { port: 'mode' as const, width: modeWidth, values: this.mode } }),
        ...(leads === 'act' && flags),
      },
      weight: {
        ...stream(this.weight, weightWidth, lanes.weight),
        ...(unit.dataflow === 'ws+os' && { aside: { port: 'os' as const, width: 1, values: this.os.map(Number) } }),
        ...(leads === 'weight' && flags),
      },
      psum: stream(this.psum, sumWidth, lanes.out),
      out: { ...stream(this.out, sumWidth, lanes.out), last: Uint8Array.from(this.outLast, Number) },
    };
  }
}
