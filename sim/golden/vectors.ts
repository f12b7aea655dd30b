/**
 * The vectors of the testbenches as text; the caller writes the files.
 * Invariant: one beat or cycle a line, a fixed number of fields, lane 0 in the least significant (rightmost) digits, and
 * a newline after every line, so that `$fscanf` and `std::ifstream >>` need no special cases.
 * Refused: nothing beyond what `stallGates` refuses; an empty stream is an empty file.
 */
import { type Prediction, type Stimulus, stallGates } from './cycle-model.ts';
import { flagBits } from './cycle-rules.ts';
import type { CodeStream, OperandStream } from './pe/code-streams.ts';
import { type AnyStreams, areCodes } from './streams.ts';
import type { ActStream, PsumStream, WeightStream } from './tiling.ts';
import { expectedTrace } from './trace.ts';

/** The files of one run, by name. */
export interface VectorFiles {
  readonly 'act.txt': string;
  readonly 'weight.txt': string;
  readonly 'psum.txt': string;
  readonly 'expected.txt': string;
  readonly 'run.txt': string;
}

const hex8 = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

function packInt8(data: Int8Array, beat: number, lanes: number): string {
  let digits = '';
  for (let lane = lanes - 1; lane >= 0; lane--) digits += hex8[(data[beat * lanes + lane] ?? 0) & 0xff];
  return digits;
}

function packInt32(data: Int32Array, beat: number, lanes: number): string {
  let digits = '';
  for (let lane = lanes - 1; lane >= 0; lane--) {
    const sum = data[beat * lanes + lane] ?? 0;
    for (let shift = 24; shift >= 0; shift -= 8) digits += hex8[(sum >>> shift) & 0xff];
  }
  return digits;
}

/** The hexadecimal digits of lanes of any width, `high` above them. */
function packCodes(
  data: readonly bigint[],
  beat: number,
  { lanes, width }: Pick<CodeStream, 'lanes' | 'width'>,
  high: readonly [value: number, width: number] = [0, 0],
): string {
  let word = BigInt(high[0]);
  for (let lane = lanes - 1; lane >= 0; lane--) word = (word << BigInt(width)) | (data[beat * lanes + lane] ?? 0n);
  return word.toString(16).padStart(Math.ceil((lanes * width + high[1]) / 4), '0');
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
}

/** A line a beat of codes: as many digits as their bits take, what rides beside the lanes in the bits above them, `last` and `accumulate` behind where the stream has them. */
function operandText(stream: OperandStream): string {
  const { aside, last, accumulate, beats } = stream;
  return lines(beats, (i) => {
    const data = packCodes(stream.data, i, stream, [aside?.values[i] ?? 0, aside?.width ?? 0]);
    return last && accumulate ? `${data} ${last[i]} ${accumulate[i]}` : data;
  });
}

/** act.txt, a line a beat: `<2·rows hex digits> <last> <accumulate>`; codes as `operandText` writes them. */
export function actText(act: ActStream | OperandStream): string {
  if ('width' in act) return operandText(act);
  return lines(act.beats, (i) => `${packInt8(act.data, i, act.lanes)} ${act.last[i]} ${act.accumulate[i]}`);
}

/** weight.txt, a line a beat: `<2·cols hex digits>`; codes as `operandText` writes them. */
export function weightText(weight: WeightStream | OperandStream): string {
  return 'width' in weight ? operandText(weight) : lines(weight.beats, (i) => packInt8(weight.data, i, weight.lanes));
}

/** psum.txt, a line a beat: `<8·cols hex digits>`; codes as in act.txt. */
export function psumText(psum: PsumStream | CodeStream): string {
  return lines(psum.beats, (i) => ('width' in psum ? packCodes(psum.data, i, psum) : packInt32(psum.data, i, psum.lanes)));
}

/** expected.txt, a line a cycle: `<2 hex digits of flagBits> <8·cols hex digits, or 0 without out.valid>`; codes as in act.txt. */
export function expectedText(streams: AnyStreams, prediction: Prediction): string {
  const { cols, flags, outData } = expectedTrace(streams, prediction);
  const pack = (cycle: number): string =>
    areCodes(streams) ? packCodes(outData as readonly bigint[], cycle, streams.out) : packInt32(outData as Int32Array, cycle, cols);
  return lines(prediction.cycles, (cycle) => {
    const byte = flags[cycle] ?? 0;
    const data = (byte & flagBits.outValid) === 0 ? '0' : pack(cycle);
    return `${hex8[byte]} ${data}`;
  });
}

/**
 * run.txt, one line of decimal unsigned integers: `seed_act seed_weight seed_psum seed_out threshold_act
 * threshold_weight threshold_psum threshold_out act_beats weight_beats psum_beats out_beats cycles`. The seeds are the
 * initial states of the stall generators, to be stepped before they are used.
 *
 * @throws RangeError when a stall is not in 0..0.95
 */
export function runText(streams: AnyStreams, stimulus: Stimulus, prediction: Prediction): string {
  const gates = stallGates(stimulus);
  const { act, weight, psum, out } = streams;
  const fields = [
    ...gates.map((gate) => gate.state),
    ...gates.map((gate) => gate.threshold),
    ...[act.beats, weight.beats, psum.beats, out.beats, prediction.cycles],
  ];
  return `${fields.join(' ')}\n`;
}

/** All files of a run; `prediction` must be `predict` of the same streams and stimulus. */
export function vectorFiles(streams: AnyStreams, stimulus: Stimulus, prediction: Prediction): VectorFiles {
  return {
    'act.txt': actText(streams.act),
    'weight.txt': weightText(streams.weight),
    'psum.txt': psumText(streams.psum),
    'expected.txt': expectedText(streams, prediction),
    'run.txt': runText(streams, stimulus, prediction),
  };
}
