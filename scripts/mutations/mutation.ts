// A mistake made on purpose, and the tests that must notice it.

export interface Mutation {
  /** What is broken, in the words of whoever would have done it. */
  readonly what: string;
  readonly file: string;
  /** Stands exactly once in the file, so that a mutation which no longer applies fails loudly instead of passing quietly. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail. */
  readonly tests: readonly string[];
}
