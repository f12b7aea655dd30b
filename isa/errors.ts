// Why a program ends early: the codes that the register STATUS, the golden model and the C header share.
//
// Invariant: codes are never reused. Units report `slaveError`, `decodeError` and `sums` as they are.

export const ERRORS = {
  none: 0,
  illegal: 1,
  slaveError: 2,
  decodeError: 3,
  sums: 4,
  begin: 5,
  overflow: 6,
  end: 7,
} as const;

export type ErrorName = keyof typeof ERRORS;

/** What each code means, and where the error address comes from. */
export const ERROR_DOCS: { readonly [E in ErrorName]: string } = {
  none: 'no error',
  illegal: 'the word is no instruction of this configuration, or a loop is not inside the one around it or nests too deep',
  slaveError: 'SLVERR at the error address, of a load, a store or a fetch',
  decodeError: 'DECERR at the error address, of a load, a store or a fetch',
  sums: 'more positions than there are rows of sums',
  begin: 'the first instruction is not `begin`, it carries the hash of another configuration, or `begin` stands elsewhere',
  overflow: 'a semaphore was signalled above 255',
  end: 'the program ended without `halt`',
};
