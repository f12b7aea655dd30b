// The producer's side of the handshake, as a property.

import { type Bool, past, type UInt } from '../../hdl/index.ts';

/** Those signals of a stream that its contract is about. */
export interface Offer {
  readonly valid: Bool;
  readonly ready: Bool;
  readonly data: UInt;
}

/** True unless a beat that was offered and not taken is gone or changed. */
export function keepsOffer({ valid, ready, data }: Offer): Bool {
  const stalled = past(valid.and(ready.not()));
  return stalled.not().or(valid.and(data.eq(past(data))));
}
