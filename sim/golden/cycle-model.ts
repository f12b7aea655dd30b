/**
 * Predicts every cycle of a run: the handshakes of design note 0003 under the stall policy of the testbenches.
 * Invariant: the outputs of a cycle depend on the payload of a stream only while the stream is valid.
 * Refused: stalls above 0.95 or below 0, streams that do not fit the unit or each other, streams that can never complete.
 */
import { MixedRules } from './cycle-mixed.ts';
import { OsRules } from './cycle-os.ts';
import { type CycleRules, flagBits, offerBits } from './cycle-rules.ts';
import { IsRules, WsRules } from './cycle-ws.ts';
import { lanesOf } from './pe/code-streams.ts';
import { rowLatency } from './pe/timing.ts';
import { type StreamNumber, streamSeed, xorshift32 } from './prng.ts';
import { checkLength, checkUnit, type MatrixUnit } from './shape.ts';
import { type ActFlags, type AnyStreams, leadFlags } from './streams.ts';

/** The order of the stall generators, and of their bits in masks of beats that move. */
export const streamNames = ['act', 'weight', 'psum', 'out'] as const;

/** How often each stream pauses: 0 never, 0.95 at most. The seed is taken modulo 2^32. */
export interface Stimulus {
  readonly seed: number;
  readonly stall: { readonly act: number; readonly weight: number; readonly psum: number; readonly out: number };
}

/** A run from the first cycle after reset until and including the one in which the last out beat moves. */
export interface Prediction {
  readonly cycles: number;
  /** `flagBits` of each cycle. */
  readonly flags: Uint8Array;
  /** The cycle in which each out beat moved. */
  readonly outCycle: Int32Array;
  /** How many beats of each stream moved; all of them, unless the streams hold more than the unit needs. */
  readonly moved: { readonly act: number; readonly weight: number; readonly psum: number; readonly out: number };
}

/** The initial state of a stall generator, uint32, and the value 0..255 below which its gate is closed. */
export interface Gate {
  readonly state: number;
  readonly threshold: number;
}

/**
 * The four stall generators (act, weight, psum, out) of a run. Each is stepped at the beginning of every cycle; its gate
 * is open in that cycle iff the top byte of the new state is at least `threshold = round(256 * stall)`.
 *
 * @throws RangeError when a stall is not in 0..0.95: at 1 a gate would never open
 */
export function stallGates(stimulus: Stimulus): readonly Gate[] {
  return streamNames.map((name, stream) => {
    const stall = stimulus.stall[name];
    if (!(stall >= 0 && stall <= 0.95)) {
      throw new RangeError(`stall.${name} must be in 0..0.95, got ${stall}`);
    }
    return {
      state: streamSeed(stimulus.seed, stream as StreamNumber),
      threshold: Math.round(stall * 256),
    };
  });
}

function checkStreams(unit: MatrixUnit, streams: AnyStreams): void {
  const { act, weight, psum, out } = streams;
  checkUnit(unit);
  const lanes = lanesOf(unit);
  checkLength('an act beat', lanes.act, act.lanes);
  checkLength('a weight beat', lanes.weight, weight.lanes);
  checkLength('a psum beat', lanes.out, psum.lanes);
  checkLength('an out beat', lanes.out, out.lanes);
  const lead = leadFlags(streams);
  const name = lead === act ? 'act' : 'weight';
  checkLength(`${name}.last`, lead.beats, lead.last.length);
  checkLength(`${name}.accumulate`, lead.beats, lead.accumulate.length);
  const outBeats = outBeatsOf(unit, lead, pairsOf(streams));
  if (outBeats === 0 || outBeats !== out.beats) {
    throw new RangeError(`out must have as many beats as act makes (${outBeats}, at least 1), got ${out.beats}`);
  }
}

/** Of each weight beat of a unit of both dataflows, whether it belongs to an output-stationary tile. */
function pairsOf({ weight }: AnyStreams): readonly number[] {
  return 'aside' in weight && weight.aside?.port === 'os' ? weight.aside.values : [];
}

/** The out beats that the beats of the leading stream make. */
function outBeatsOf({ rows, dataflow }: MatrixUnit, lead: ActFlags, pairs: readonly number[]): number {
  const tiles = lead.last.reduce((sum, bit) => sum + bit, 0);
  if (dataflow === 'cube') return tiles;
  if (dataflow === 'os') return tiles * rows;
  let beats = lead.beats;
  if (dataflow !== 'ws+os') return beats;
  // A tile begins with its first weight beat: R of them, or as many as it has beats.
  let weight = 0;
  for (let begin = 0; begin < lead.beats; ) {
    const end = lead.last.indexOf(1, begin) + 1 || lead.beats;
    const os = pairs[weight] === 1;
    weight += os ? end - begin : rows;
    if (os) beats += rows - (end - begin);
    begin = end;
  }
  return beats;
}

function rulesOf(unit: MatrixUnit, streams: AnyStreams): CycleRules {
  const lead = leadFlags(streams);
  switch (unit.dataflow) {
    case 'ws':
      return new WsRules(unit, lead);
    case 'is':
      return new IsRules(unit, lead);
    case 'os':
      return new OsRules(unit.rows, rowLatency(unit), lead, unit.drain === 'through');
    case 'cube':
      return new OsRules(1, rowLatency(unit), lead);
    default:
      return new MixedRules(unit.rows, rowLatency(unit), lead, pairsOf(streams));
  }
}

/**
 * The run of a unit over its streams.
 *
 * A source presents a beat as valid when it has one left and either presented this beat in the cycle before or its gate
 * is open; `out.ready` is the gate of out. With stalls of 0 everything is always valid and ready.
 *
 * A deadlock is proved, not timed out: if in some cycle all beats that are left are offered and out is ready, nothing
 * moves and nothing in flight comes nearer to the end, then all further cycles equal this one. That state is reached
 * after finitely many cycles, because offers stay and every gate opens within a period of its generator.
 *
 * @throws RangeError on stalls out of range or streams that do not fit; Error on streams which can never complete
 */
export function predict(unit: MatrixUnit, streams: AnyStreams, stimulus: Stimulus): Prediction {
  checkStreams(unit, streams);
  const gates = stallGates(stimulus);
  const state = Float64Array.from(gates, (gate) => gate.state);
  const threshold = Uint8Array.from(gates, (gate) => gate.threshold);
  const total = Int32Array.from(streamNames, (name) => streams[name].beats);
  const count = new Int32Array(4);
  const outCycle = new Int32Array(streams.out.beats);
  const rules = rulesOf(unit, streams);
  let flags = new Uint8Array(2 * (streams.act.beats + streams.out.beats) + 64);
  let remaining = 0;
  for (let stream = 0; stream < 4; stream++) if ((total[stream] ?? 0) > 0) remaining |= 1 << stream;

  let cycle = 0;
  let held = 0;
  for (; (remaining & flagBits.outValid) !== 0; cycle++) {
    let open = 0;
    for (let stream = 0; stream < 4; stream++) {
      const x = xorshift32(state[stream] ?? 0);
      state[stream] = x;
      if (x >>> 24 >= (threshold[stream] ?? 0)) open |= 1 << stream;
    }
    const offer = (held | open) & remaining;
    const answer = rules.cycle(offer);
    if (cycle === flags.length) {
      const longer = new Uint8Array(2 * cycle);
      longer.set(flags);
      flags = longer;
    }
    flags[cycle] = answer;

    const moves = offer & answer;
    if (moves === 0 && offer === remaining && !rules.ripening) {
      const progress = streamNames.map((name, i) => `${name} ${count[i]}/${total[i]}`).join(', ');
      throw new Error(`deadlock in cycle ${cycle}: no further beat can move (${progress})`);
    }
    for (let stream = 0; stream < 4; stream++) {
      if ((moves & (1 << stream)) === 0) continue;
      const beat = count[stream] ?? 0;
      if (stream === 3) outCycle[beat] = cycle;
      count[stream] = beat + 1;
      if (beat + 1 === total[stream]) remaining &= ~(1 << stream);
    }
    // Valid stays until taken; a sink that was ready owes nothing.
    held = offer & ~moves & ~offerBits.outReady;
  }
  const [act = 0, weight = 0, psum = 0, out = 0] = count;
  return { cycles: cycle, flags: flags.slice(0, cycle), outCycle, moved: { act, weight, psum, out } };
}
