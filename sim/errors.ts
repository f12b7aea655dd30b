// Errors of the simulator.

import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('.', import.meta.url));

/** A misuse or a failed expectation: what is wrong, the rule and the remedy in one message. */
export class SimulationError extends Error {
  readonly code: string;

  constructor(code: string, problem: string, remedy?: string) {
    super(`${code}: ${problem}${remedy ? `\n  help: ${remedy}` : ''}`);
    this.name = 'SimulationError';
    this.code = code;
    // The first frame that a test runner shows is the user's.
    this.stack = (this.stack ?? '')
      .split('\n')
      .filter((line) => !/^\s+at /.test(line) || !line.includes(OWN))
      .join('\n');
  }
}

/** The known names that are closest to a mistyped one. */
export function similar(name: string, known: Iterable<string>): string[] {
  const scored = [...known].map((k) => ({ k, d: distance(name.toLowerCase(), k.toLowerCase()) }));
  const limit = Math.max(1, Math.floor(name.length / 3));
  return scored
    .filter(({ k, d }) => d <= limit || (name.length > 2 && k.includes(name)))
    .sort((a, b) => a.d - b.d)
    .slice(0, 3)
    .map(({ k }) => k);
}

/** Insertions, deletions and replacements between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/**
 * The clocks that have an edge: those that are asked for, else the design's only one.
 * @throws SimulationError `SIM-E008` for a clock that the design does not have, `SIM-E015` for none of several
 */
export function chosenClocks(asked: string | readonly string[] | undefined, own: readonly string[]): readonly string[] {
  if (asked === undefined) {
    if (own.length <= 1) return own;
    throw new SimulationError(
      'SIM-E015',
      `step() of a design with the clocks ${own.map((c) => `\`${c}\``).join(', ')}`,
      `name the one that has an edge, step(1, '${own[0]}'), or several in an array`,
    );
  }
  const names = typeof asked === 'string' ? [asked] : asked;
  const unknown = names.find((name) => !own.includes(name));
  if (unknown === undefined) return names;
  const clocks = own.length === 1 ? `the clock is \`${own[0]}\`` : `the clocks are ${own.map((c) => `\`${c}\``).join(', ')}`;
  throw new SimulationError('SIM-E008', `no clock \`${unknown}\``, own.length > 0 ? clocks : 'the design has no clock input');
}
