// Seeded start values of state without reset.
//
// Invariant: a value depends on the seed, the state's hierarchical name and the element only, so that every engine starts the same.

/** A stream of 32-bit words for a name. */
export function randomWords(seed: number, name: string): () => number {
  let state = (seed ^ 0x9e3779b9) | 0;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
}

/** A bit pattern of `width` bits, the first word lowest. */
export function randomBits(next: () => number, width: number): bigint {
  let value = 0n;
  for (let at = 0; at < width; at += 32) value |= BigInt(next()) << BigInt(at);
  return BigInt.asUintN(width, value);
}
