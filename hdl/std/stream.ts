// Valid/ready streams.
//
// Contract: a beat moves in a cycle in which both are high. The producer keeps `valid` and the payload until the beat is taken; `ready` may
// depend on `valid` and on the payload, never the other way round.

import { flip, input, output } from '../io-types.ts';
import { bool } from '../types.ts';
import type { Bool, HwType } from '../value-types.ts';

/** Ports of the side that offers beats; `payload` names the fields that travel with `valid`. */
export function producer<F extends { readonly [name: string]: HwType }>(payload: F) {
  const fields = Object.fromEntries(Object.entries(payload).map(([name, type]) => [name, output(type)])) as { readonly [K in keyof F]: ReturnType<typeof output<F[K]>> };
  return { valid: output(bool), ready: input(bool), ...fields };
}

/** Ports of the side that takes beats. */
export function consumer<F extends { readonly [name: string]: HwType }>(payload: F) {
  return flip(producer(payload));
}

/** True in the cycle in which a beat moves. */
export function fires(stream: { readonly valid: Bool; readonly ready: Bool }): Bool {
  return stream.valid.and(stream.ready);
}
