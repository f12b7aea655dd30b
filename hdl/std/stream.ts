// Valid/ready streams.
//
// Contract: a beat moves in a cycle in which both are high. The producer keeps `valid` and the payload until the beat is taken; `ready` may
// depend on `valid` and on the payload, never the other way round. The functions here add no cycle: `map` and `connectStream` are wiring,
// `join` is one AND a stream; `fork` holds a bit an output. All keep the contract when what they connect keeps it.
// Refused: payload fields called `valid` or `ready`, streams of different fields, a join or fork of nothing.

import { currentBuilder } from '../builder.ts';
import { declareValue } from '../io.ts';
import { flip, input, output } from '../io-types.ts';
import { bool } from '../types.ts';
import type { AnyValue, Bool, BoolVar, HwType, SInt, UInt } from '../value-types.ts';
import type { HwValue } from '../values.ts';
import { StreamFork } from './fork.ts';
import { asBundle, checkPayload, fieldsOf, place } from './payload.ts';
import { refuse, wholeNumber } from './refuse.ts';

/** Ports of the side that offers beats; `payload` names the fields that travel with `valid`. Throws HDL-C001 on a field `valid` or `ready`. */
export function producer<F extends { readonly [name: string]: HwType }>(payload: F) {
  checkPayload(payload);
  const fields = Object.fromEntries(Object.entries(payload).map(([name, type]) => [name, output(type)])) as {
    readonly [K in keyof F]: ReturnType<typeof output<F[K]>>;
  };
  return { valid: output(bool), ready: input(bool), ...fields };
}

/** Ports of the side that takes beats. */
export function consumer<F extends { readonly [name: string]: HwType }>(payload: F) {
  return flip(producer(payload));
}

/** A stream to take beats from: a `consumer` port inside its module, a `producer` port of a child. */
export interface Source {
  readonly valid: Bool;
  readonly ready: BoolVar;
}
/** A stream to give beats to: a `producer` port inside its module, a `consumer` port of a child. */
export interface Sink {
  readonly valid: BoolVar;
  readonly ready: Bool;
}
/** The fields that travel with `valid`. */
export type PayloadOf<S> = { readonly [K in Exclude<keyof S, 'valid' | 'ready'>]: S[K] };
/** A source with a given payload. */
export type StreamOf<P> = Source & P;
/** What can be assigned to `V`; widths are checked by elaboration. */
type Assignable<V> = V extends Bool ? Bool : V extends UInt ? UInt : V extends SInt ? SInt : V extends { set(value: infer A): void } ? A : V;
/** A source whose payload fits the sink `S`. */
export type SourceFor<S> = Source & { readonly [K in Exclude<keyof S, 'valid' | 'ready'>]: Assignable<S[K]> };

/** True in the cycle in which a beat moves. */
export function fires(stream: { readonly valid: Bool; readonly ready: Bool }): Bool {
  return stream.valid.and(stream.ready);
}

/** Gives the beats of `from` to `to`. Throws HDL-C001 when their payload fields differ; a field too wide is HDL-W003. */
export function connectStream<S extends Sink>(to: S, from: SourceFor<S>): void {
  const [targets, values] = [Object.entries(fieldsOf(to)), fieldsOf(from)];
  const names = Object.keys(values);
  if (targets.length !== names.length || targets.some(([name]) => !(name in values))) {
    refuse(
      `connectStream() of different payloads: ${targets.map(([name]) => name).join(', ') || 'none'} from ${names.join(', ') || 'none'}`,
      'give both the same fields, for instance with map()',
    );
  }
  to.valid.set(from.valid);
  for (const [name, target] of targets) (target as unknown as HwValue).set(values[name]);
  from.ready.set(to.ready);
}

/** The same beats with another payload, computed in the same cycle; `ready` is that of `stream`. */
export function map<S extends Source, const P extends { readonly [name: string]: AnyValue }>(
  stream: S,
  change: (payload: PayloadOf<S>) => P,
): StreamOf<P> {
  const changed = change(fieldsOf(stream) as PayloadOf<S>);
  checkPayload(changed as never);
  return { valid: stream.valid, ready: stream.ready, ...changed };
}

/**
 * One beat when all streams have one: `join({ a, b })` has the fields `a` and `b`, bundles of the payloads. All are taken together, so the
 * `ready` of each waits for the `valid` of all.
 */
export function join<R extends { readonly [name: string]: Source }>(
  streams: R,
): StreamOf<{ readonly [K in keyof R]: PayloadOf<R[K]> & { readonly kind: 'bundle' } }> {
  const all = Object.values(streams);
  if (all.length === 0) refuse('join() of no stream', 'give at least one, join({ a, b })');
  const { value } = declareValue(currentBuilder('join()'), bool, 'wire', [`${Object.keys(streams).join('_')}_ready`], { assignable: true });
  const ready = value as unknown as BoolVar;
  const valid = all.slice(1).reduce((every, { valid: one }) => every.and(one), (all[0] as Source).valid);
  for (const stream of all) stream.ready.set(ready.and(valid));
  checkPayload(streams as never);
  const payload = Object.fromEntries(Object.entries(streams).map(([name, stream]) => [name, asBundle(fieldsOf(stream))]));
  return { valid, ready, ...payload } as never;
}

/**
 * The same beats on `outputs` streams. Each output takes a beat once, when it likes; the input's beat is taken with the last of them. An output's
 * `valid` depends on no `ready`. One beat a cycle when all outputs are ready.
 */
export function fork<S extends Source>(stream: S, outputs: number): readonly StreamOf<PayloadOf<S>>[] {
  wholeNumber('fork() outputs', outputs, 1);
  const cell = place(StreamFork, { outputs });
  cell.in.valid.set(stream.valid);
  stream.ready.set(cell.in.ready);
  return Array.from({ length: outputs }, (_, i) => ({
    valid: cell.out.valid.at(i),
    ready: cell.out.ready.at(i),
    ...(fieldsOf(stream) as PayloadOf<S>),
  }));
}

/** The sink side of a cell's ports as TypeScript sees `from`. */
export function feed(to: Sink, from: Source): void {
  connectStream(to as Sink & Record<string, never>, from as never);
}
