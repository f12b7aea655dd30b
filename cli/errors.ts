// How every command ends: exit code, text on stderr, and with --json an object on stdout.
//
// Invariants: text about an error goes to stderr, always; with --json stdout is one JSON object, `ok` telling which kind. Exit codes: 0, 1 the request
// failed, 2 the request is wrong, 130 SIGINT, 143 SIGTERM. Faults of the tools show a stack only with SYSTOLE_DEBUG=1.

import { EXIT_CODES, Interrupted, UserError } from '../flows/user-error.ts';
import type { Io } from './io.ts';

export { Interrupted, UserError };

/** The object of `--json` when a command failed. */
export interface ErrorReport {
  readonly ok: false;
  readonly error: { readonly code: string; readonly message: string; readonly place?: string; readonly help?: string };
}

/** How `--json` prints an object: over several lines, or on one where each line is an object. */
export type JsonForm = 'pretty' | 'line';

/** Runs a command's body and turns whatever it throws into output and an exit code. */
export async function guarded(
  command: string,
  argv: readonly string[],
  io: Io,
  body: () => Promise<number>,
  form: JsonForm = 'pretty',
): Promise<number> {
  try {
    return await body();
  } catch (error) {
    return reportError(command, error, io, argv.includes('--json') && form);
  }
}

/** Writes an error and returns the exit code. */
export function reportError(command: string, error: unknown, io: Io, json: JsonForm | false): number {
  const { exitCode, text, report } = explain(command, error, io.env['SYSTOLE_DEBUG'] === '1');
  io.err(text);
  if (json) io.out(`${JSON.stringify(report, null, json === 'line' ? 0 : 2)}\n`);
  return exitCode;
}

function explain(command: string, error: unknown, debug: boolean): { exitCode: number; text: string; report: ErrorReport } {
  if (error instanceof UserError) {
    const { code, message, place, help, exitCode } = error;
    const text = `${command}: ${place ? `${place}: ` : ''}${message}\n  help: ${help}\n`;
    return { exitCode, text, report: { ok: false, error: { code, message, ...(place ? { place } : {}), help } } };
  }
  if (error instanceof Interrupted) {
    return {
      exitCode: error.signal === 'SIGINT' ? 130 : 143,
      text: `${command}: ${error.message}; nothing was left behind\n`,
      report: { ok: false, error: { code: 'interrupted', message: error.message } },
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error && error.stack ? `${error.stack}\n` : '';
  const help = debug
    ? 'please report it with the command and this text'
    : 'this is a fault of Systole, please report it with the command; SYSTOLE_DEBUG=1 shows where it happened';
  return {
    exitCode: EXIT_CODES.failure,
    text: `${command}: internal error: ${message}\n  help: ${help}\n${stack}`,
    report: { ok: false, error: { code: 'internal', message, help } },
  };
}
