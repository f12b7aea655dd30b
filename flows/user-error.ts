// The one error that a user of the tools can act on.
//
// Invariant: `message` names the value and the rule it breaks, `place` where the value was written, `help` what to do. Everything else that is
// thrown counts as a fault of the tools (see `cli/errors.ts`).

/** Exit codes: `failure` when a good request could not be carried out, `usage` when the request itself is wrong. */
export const EXIT_CODES = { failure: 1, usage: 2 } as const;

export interface UserErrorOptions {
  /** Kebab case, stable: scripts compare it. */
  readonly code: string;
  readonly message: string;
  /** A remedy, as an imperative sentence without a full stop. */
  readonly help: string;
  /** A flag (`--rows`) or `file:line:column`, 1-based. */
  readonly place?: string | undefined;
  /** `usage` unless given. */
  readonly kind?: keyof typeof EXIT_CODES;
}

/** A request that cannot be carried out, and why. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly help: string;
  readonly place: string | undefined;
  readonly exitCode: number;

  constructor({ code, message, help, place, kind = 'usage' }: UserErrorOptions) {
    super(message);
    this.code = code;
    this.help = help;
    this.place = place;
    this.exitCode = EXIT_CODES[kind];
  }
}

/** Thrown where a signal is noticed between two steps; nothing that was begun is left behind. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}
