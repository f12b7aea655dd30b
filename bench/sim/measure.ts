// What is measured of a simulator, and how.
//
// Invariant: all times are CPU time, of this process or of children, so that a busy machine counts no one's waiting; on an idle machine they are those of a clock, or
// more where the machine of JavaScript compiles in the background. A speed is the best of three rounds, each of half a second at least.

/** Of one simulator on one design. */
export interface Result {
  readonly simulator: string;
  /** From the module's class, or for other simulators from the printed Verilog, to the end of the first cycle. */
  readonly firstCycleSeconds: number;
  readonly cyclesPerSecond: number;
  /** Of `sums` after the design's common cycles. */
  readonly checksum: number;
}

/** Cycles of reset in front of all others. */
export const RESET = 2;

export interface Effort {
  readonly rounds: number;
  /** Of a round, at least. */
  readonly seconds: number;
}
export const FULL: Effort = { rounds: 3, seconds: 0.5 };
export const QUICK: Effort = { rounds: 1, seconds: 0.1 };

/** The checksum of the words of `sums`. */
export const checksumOf = (words: ArrayLike<number>): number => Array.from(words).reduce((all, w) => (Math.imul(all, 31) + w) >>> 0, 0);

/** CPU seconds of this process. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Calls a second of `run(n)` per n. */
export function speedOf(run: (cycles: number) => void, { rounds, seconds }: Effort): number {
  let best = 0;
  for (let cycles = 16, round = 0; round < rounds; ) {
    const begin = cpuSeconds();
    run(cycles);
    const spent = cpuSeconds() - begin;
    if (spent < seconds) {
      cycles = Math.ceil(cycles * Math.min(8, (seconds * 1.3) / Math.max(spent, 0.001)));
      continue;
    }
    best = Math.max(best, cycles / spent);
    round++;
  }
  return best;
}
