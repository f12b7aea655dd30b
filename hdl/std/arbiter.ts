// Arbiters: several streams onto one.
//
// Contract: in every cycle at most one input is granted; its beat is the output's, in the same cycle. `priority` grants the lowest index,
// `roundRobin` the lowest index above the one that moved last, so that no input waits for more than inputs − 1 beats of others.
// With `lock` (the default) a stream once offered stays granted until its beat is taken, so `out` keeps valid and payload; without it an input
// may push in while `out` stalls, which breaks the contract of streams towards the consumer.
// No latency, a beat a cycle. An input's `ready` depends on the `valid` of all. Refused: no input.

import { when } from '../control.ts';
import { counterType, lit, mux } from '../functions.ts';
import { input, output } from '../io-types.ts';
import { fieldTypes } from '../leaves.ts';
import { Module } from '../module.ts';
import { bool, uint, vec } from '../types.ts';
import type { AnyValue, Fields, HwType, UInt, VecValue } from '../value-types.ts';
import { mux1H, oneHotToBinary } from './one-hot.ts';
import { asBundle, checkPayload, fieldsOf, payloadOf, payloadTypes, place, producerOf } from './payload.ts';
import { isolateLowest } from './priority-encoder.ts';
import { refuse, wholeNumber } from './refuse.ts';
import { fires, type PayloadOf, type Source, type StreamOf } from './stream.ts';

/** Who goes first: always the lowest number, or each in turn. */
export type Policy = 'priority' | 'roundRobin';
/** Of `arbitrate`. */
export interface ArbiterOptions {
  readonly policy: Policy;
  /** True when absent. */
  readonly lock?: boolean;
}
/** Of `StreamArbiter`. */
export interface ArbiterConfig extends ArbiterOptions {
  readonly payload: Fields;
  /** At least 1. */
  readonly inputs: number;
}
type ArrayPorts = { readonly valid: ReturnType<typeof input<typeof bools>>; readonly ready: ReturnType<typeof output<typeof bools>> };
const bools = vec(bool, 1);

/** Several streams onto one: at most one input is granted in a cycle, and its beat is the output's in the same cycle. No latency, a beat a cycle; an input's `ready` depends on the `valid` of all. Throws HDL-C001 without inputs. */
export class StreamArbiter extends Module<ArbiterConfig> {
  /** `in` has one element an input; `chosen` is the index of the beat on `out`. */
  readonly p = this.io({ in: consumers(this.cfg), out: producerOf(this.cfg.payload), chosen: output(counterType(this.cfg.inputs - 1)) });
  readonly grant = this.wire(uint(this.cfg.inputs));

  constructor(cfg: ArbiterConfig) {
    super(cfg);
    const { inputs, policy, lock = true } = cfg;
    this.describe(
      `${policy === 'priority' ? 'Fixed-priority' : 'Round-robin'} arbiter of ${inputs} streams${lock ? ', keeping a grant until its beat is taken' : ''}.`,
    );
    const { p, grant } = this;
    const valid = p.in.valid.asUInt();
    const fresh = policy === 'priority' ? isolateLowest(valid) : this.#roundRobin(valid);
    grant.set(lock ? this.#locked(fresh) : fresh);
    p.out.valid.set(valid.orR());
    p.in.ready.set(mux(p.out.ready, grant, lit(uint(inputs), 0)).asBools());
    const lanes = Object.values(fieldsOf(p.in)) as unknown as VecValue<HwType>[];
    const names = Object.keys(cfg.payload);
    const beats = Array.from({ length: inputs }, (_, i) =>
      asBundle(Object.fromEntries(names.map((name, f) => [name, (lanes[f] as VecValue<HwType>).at(i) as AnyValue]))),
    );
    payloadOf(p.out).set(mux1H(grant, beats));
    p.chosen.set(inputs === 1 ? 0 : oneHotToBinary(grant));
  }

  /** The lowest of the inputs above the last, or of all when there is none. */
  #roundRobin(valid: UInt): UInt {
    const { inputs } = this.cfg;
    const above = this.reg(uint(inputs), { reset: 0 }).named('above');
    const next = valid.and(above).named('next');
    when(fires(this.p.out), () => above.set(this.grant.or(this.grant.subw(1)).not()));
    return isolateLowest(mux(next.orR(), next, valid));
  }

  #locked(fresh: UInt): UInt {
    const { inputs } = this.cfg;
    const held = this.reg(uint(inputs), { reset: 0 }).named('held');
    when(this.p.out.ready, () => held.set(0)).otherwise(() => held.set(this.grant));
    return mux(held.orR(), held, fresh);
  }
}

function consumers({ payload, inputs }: ArbiterConfig): ArrayPorts {
  wholeNumber('inputs of StreamArbiter', inputs, 1);
  checkPayload(payload);
  const fields = Object.fromEntries(fieldTypes(payload).map(([name, type]) => [name, input(vec(type, inputs))]));
  return { valid: input(vec(bool, inputs)), ready: output(vec(bool, inputs)), ...fields };
}

/** Merges streams of one payload type; `chosen` is the index of the stream whose beat is on `out`. Options as `ArbiterOptions`. */
export function arbitrate<S extends Source>(
  streams: readonly S[],
  options: ArbiterOptions,
): { readonly out: StreamOf<PayloadOf<S>>; readonly chosen: UInt } {
  const [first] = streams;
  if (!first) return refuse('arbitrate() of no stream', 'give at least one');
  const { policy, lock = true } = options;
  const cell = place(StreamArbiter, { payload: payloadTypes(first), inputs: streams.length, policy, lock });
  const lanes = fieldsOf(cell.in) as unknown as { readonly [name: string]: { at(i: number): { set(value: unknown): void } } };
  streams.forEach((stream, i) => {
    cell.in.valid.at(i).set(stream.valid);
    stream.ready.set(cell.in.ready.at(i));
    for (const [name, value] of Object.entries(fieldsOf(stream))) lanes[name]?.at(i).set(value);
  });
  return { out: cell.out as unknown as StreamOf<PayloadOf<S>>, chosen: cell.chosen };
}
