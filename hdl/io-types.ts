// The TypeScript side of ports: records of directed types and their two views.

import type { Arrival } from './ir/nodes.ts';
import type { ClockType, HwType, ValueOf, VarOf } from './value-types.ts';

/** Marks a directed type, so that a record of ports may nest freely. */
export const portMarker: unique symbol = Symbol('port');

export interface Port<D extends 'input' | 'output', T extends HwType> {
  readonly [portMarker]: true;
  readonly direction: D;
  readonly type: T;
  /** For an input whose clock the user said. */
  readonly arrival?: Arrival;
}
export type AnyPort = Port<'input' | 'output', HwType>;
/** The ports of a module, or a group of them. */
export interface PortRecord {
  /** A port, a group, or a list of either (whose names are their numbers); undefined where an optional port is absent. */
  readonly [name: string]: AnyPort | PortRecord | PortList | undefined;
}
/** Ports or groups that go by number. */
export type PortList = readonly (AnyPort | PortRecord)[];

/** Whose an input is, for the check of clock crossings: of the clock input of that name, or of no clock of the design. */
export type InputOptions = { readonly domain: string } | { readonly asynchronous: true };

/** A port that the module reads. An asynchronous one may only reach synchronisers. */
export function input<T extends HwType>(type: T, options?: InputOptions): Port<'input', T> {
  const arrival = options && ('domain' in options ? { clock: options.domain } : { asynchronous: true as const });
  return { [portMarker]: true, direction: 'input', type, ...(arrival && { arrival }) };
}

/** Clocks come in and never go out. */
type NoClock<T> = T extends ClockType ? 'a clock cannot be an output' : unknown;

/** A port that the module drives. */
export function output<T extends HwType>(type: T & NoClock<T>): Port<'output', T> {
  return { [portMarker]: true, direction: 'output', type };
}

export type Flip<R> =
  R extends Port<'input', infer T>
    ? Port<'output', T>
    : R extends Port<'output', infer T>
      ? Port<'input', T>
      : { readonly [K in keyof R]: Flip<R[K]> };

/** The same record seen from the other side: inputs become outputs. */
export function flip<R extends PortRecord | AnyPort | PortList>(record: R): Flip<R> {
  if (Array.isArray(record)) return record.map((entry: AnyPort | PortRecord) => flip(entry)) as unknown as Flip<R>;
  if (portMarker in record) {
    const port = record as AnyPort;
    return (port.direction === 'input' ? output(port.type) : input(port.type)) as unknown as Flip<R>;
  }
  return Object.fromEntries(Object.entries(record).map(([name, entry]) => [name, entry && flip(entry as PortRecord)])) as Flip<R>;
}

/** What the module itself sees: outputs can be assigned. */
export type Inside<R> =
  R extends Port<'input', infer T> ? ValueOf<T> : R extends Port<'output', infer T> ? VarOf<T> : { readonly [K in keyof R]: Inside<R[K]> };

/** What the parent of an instance sees: inputs can be assigned. */
export type Outside<R> =
  R extends Port<'input', infer T> ? VarOf<T> : R extends Port<'output', infer T> ? ValueOf<T> : { readonly [K in keyof R]: Outside<R[K]> };

declare const specification: unique symbol;
/** The inside view that remembers the record it came from, so that `inst` can type the outside view. */
export type Io<R> = Inside<R> & { readonly [specification]?: R };
export type SpecOf<P> = P extends { readonly [specification]?: infer R } ? NonNullable<R> : never;

/** Names of the top-level ports of a direction. */
export type InputsOf<R> = { [K in keyof R]: NonNullable<R[K]> extends Port<'input', HwType> ? K : never }[keyof R] & string;
export type OutputsOf<R> = { [K in keyof R]: NonNullable<R[K]> extends Port<'output', HwType> ? K : never }[keyof R] & string;
/** The hardware type of a top-level port. */
export type PortType<R, K extends keyof R> = NonNullable<R[K]> extends Port<'input' | 'output', infer T> ? T : never;
