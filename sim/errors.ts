// Errors of the simulator.

/** A misuse or a failed expectation: what is wrong, the rule and the remedy in one message. */
export class SimulationError extends Error {
  readonly code: string;

  constructor(code: string, problem: string, remedy?: string) {
    super(`${code}: ${problem}${remedy ? `\n  help: ${remedy}` : ''}`);
    this.name = 'SimulationError';
    this.code = code;
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

/** Refuses a step of a clock that the design does not have. @throws SimulationError `SIM-E008` */
export function checkClock(asked: string | undefined, own: string | undefined): void {
  if (asked === undefined || asked === own) return;
  throw new SimulationError('SIM-E008', `no clock \`${asked}\``, own ? `the clock is \`${own}\`` : 'the design has no clock input');
}
