// What a command touches of the process, so that tests can run commands in their own process.

/** Writes text as it is; nothing is added. */
export type Write = (text: string) => void;

export interface Io {
  /** Results. */
  readonly out: Write;
  /** Progress and errors. */
  readonly err: Write;
  /** Whether `err` is a terminal whose last line may be rewritten. */
  readonly errIsTerminal: boolean;
  /** What relative paths start from; absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted, with an `Interrupted` as the reason, when the user stops the command. */
  readonly signal: AbortSignal;
}

/** The process itself. */
export function processIo(signal: AbortSignal): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTerminal: process.stderr.isTTY === true,
    cwd: process.cwd(),
    env: process.env,
    signal,
  };
}
