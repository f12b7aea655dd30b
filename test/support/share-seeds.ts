// Seeds shared out among processes of one program, batch by batch, so that a run stops and goes on at any seed.
//
// A process is sent a list of seeds and answers with what it found; it ends when it is disconnected.

import { type ChildProcess, fork } from 'node:child_process';

export interface Sharing<Found> {
  readonly first: number;
  /** Number of seeds; may be infinite. */
  readonly count: number;
  /** Seeds at a time. */
  readonly batch: number;
  readonly jobs: number;
  /** No batch is begun after this time (of `Date.now`). */
  readonly end?: number;
  readonly program: URL;
  readonly argument?: string;
  /** After each batch; every seed before `resume` is finished. */
  readonly report: (seeds: readonly number[], found: Found, resume: number) => void;
}

/** The first seed that is not finished. Rejects when a process fails. */
export async function shareSeeds<Found>({ first, count, batch, jobs, end, program, argument = '', report }: Sharing<Found>): Promise<number> {
  let next = first;
  const running = new Set<number>();
  const resume = (): number => Math.min(next, ...running);
  const take = (): number[] => {
    if (end !== undefined && Date.now() > end) return [];
    const seeds = [...Array(Math.max(0, Math.min(batch, first + count - next))).keys()].map((i) => next + i);
    next += seeds.length;
    return seeds;
  };
  const work = (): Promise<void> => {
    const child: ChildProcess = fork(program, [argument], { execArgv: process.execArgv });
    return new Promise((resolve, reject) => {
      let seeds: number[] = [];
      const send = (): void => {
        seeds = take();
        if (seeds.length === 0) {
          child.disconnect();
          resolve();
          return;
        }
        running.add(seeds[0] as number);
        child.send(seeds);
      };
      child.on('message', (found: Found) => {
        running.delete(seeds[0] as number);
        report(seeds, found, resume());
        send();
      });
      child.on('error', reject);
      child.on('exit', (code) => (code ? reject(new Error(`a worker ended with code ${code} in seeds ${seeds[0]} to ${seeds.at(-1)}`)) : undefined));
      send();
    });
  };
  await Promise.all([...Array(Math.max(1, jobs)).keys()].map(work));
  return resume();
}
