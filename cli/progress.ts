// Progress of long work on stderr: one line that is rewritten on a terminal, a plain line for each step in a log.
//
// Invariant: on a terminal nothing is left behind after `done`; logs get no escape codes, and counts at most every two seconds.

import type { Io } from './io.ts';

export interface Progress {
  /** Begins a step. */
  step(text: string): void;
  /** Counts within the step: `finished` of `total` units of work. */
  count(finished: number, total: number): void;
  /** Ends the last step. Call it before other text is written. */
  done(): void;
}

const CLEAR_LINE = '\r\u001b[K';
const LOG_INTERVAL_MS = 2000;
const TERMINAL_INTERVAL_MS = 50;

/** @param command the name that plain lines begin with */
export function createProgress(command: string, io: Pick<Io, 'err' | 'errIsTerminal'>, now: () => number = Date.now): Progress {
  const interval = io.errIsTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
  let current = '';
  let shownAt = 0;
  const show = (text: string): void => {
    shownAt = now();
    io.err(io.errIsTerminal ? `${CLEAR_LINE}${text}` : `${command}: ${text}\n`);
  };
  return {
    step(text) {
      current = text;
      show(`${text} …`);
    },
    count(finished, total) {
      if (now() - shownAt >= interval) show(`${current} … ${finished} of ${total}`);
    },
    done() {
      if (io.errIsTerminal && current !== '') io.err(CLEAR_LINE);
      current = '';
    },
  };
}
