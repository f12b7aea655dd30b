// The process around a command: signals, exit code, a reader that goes away.

import { Interrupted } from '../flows/user-error.ts';
import { type Io, processIo } from './io.ts';

export type Main = (argv: readonly string[], io: Io) => Promise<number>;

/**
 * Runs a command as this process. The first SIGINT or SIGTERM asks it to stop, which it does between two steps, leaving nothing half-written; a second
 * one ends it at once.
 */
export async function runAsProcess(main: Main): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Interrupted(signal)));
  }
  // `gen | head -1` is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await main(process.argv.slice(2), processIo(controller.signal));
}
