// The targets of the in-process simulator: goal, the most that was hoped for, and what a run measured.

import type { Extras, Row } from './run.ts';

export interface Target {
  readonly what: string;
  readonly goal: string;
  readonly moonshot: string;
  /** Undefined when the run did not measure it. */
  readonly measured?: string;
  readonly met?: 'moonshot' | 'goal' | 'missed';
}

/** Of a number of which more is better, or with `less` less. */
function judged(what: string, value: number | undefined, goal: number, moonshot: number, unit: '×' | 'ms' | 's' | '× slower' | 'MB'): Target {
  const less = unit !== '×';
  const shown = (n: number): string =>
    unit === 'ms' || unit === 'MB'
      ? `${n.toFixed(n < 10 ? 1 : 0)} ${unit}`
      : unit === 's'
        ? `${n.toFixed(2)} s`
        : `${n.toFixed(n < 10 ? 2 : 0)}${unit}`;
  const bound = (n: number): string => `${less ? '≤' : '≥'} ${unit === '× slower' ? `${n}× slower` : unit === '×' ? `${n}×` : `${n} ${unit}`}`;
  const reaches = (limit: number): boolean => value !== undefined && (less ? value <= limit : value >= limit);
  return {
    what,
    goal: bound(goal),
    moonshot: bound(moonshot),
    ...(value !== undefined && { measured: shown(value), met: reaches(moonshot) ? 'moonshot' : reaches(goal) ? 'goal' : 'missed' }),
  };
}

/** The fastest engine of ours against one or the fastest of others. */
export function ratio(row: Row | undefined, others: RegExp): number | undefined {
  const speed = (all: readonly { readonly cyclesPerSecond: number }[]): number => Math.max(...all.map((r) => r.cyclesPerSecond));
  const theirs = row?.results.filter((r) => others.test(r.simulator)) ?? [];
  const ours = row?.results.filter((r) => !/verilator|icarus/.test(r.simulator)) ?? [];
  return theirs.length > 0 && ours.length > 0 ? speed(ours) / speed(theirs) : undefined;
}

export function targets(rows: readonly Row[], extras: Extras): Target[] {
  const row = (name: string): Row | undefined => rows.find((r) => r.name === name);
  const first = (name: string): number | undefined => {
    const result = row(name)?.results.find((r) => r.simulator === 'wasm');
    return result && result.firstCycleSeconds * 1000;
  };
  const irregular = ['riscv', 'dma', 'fifos'].map((name) =>
    judged(`${TITLES[name]} against Verilator -O3`, ratio(row(name), /verilator/), 0.5, 1, '×'),
  );
  return [
    judged('64×64 against the best Verilator coding', ratio(row('ws64'), /verilator/), 15, 50, '×'),
    judged('64×64 against structural Verilator -O3', ratio(row('ws64'), /structural/), 20, 75, '×'),
    judged('16×16 against Verilator -O3, the better coding', ratio(row('ws16'), /verilator/), 10, 40, '×'),
    judged('16×16, first cycle, elaboration included', first('ws16'), 50, 10, 'ms'),
    judged('64×64, first cycle, elaboration included', first('ws64'), 150, 20, 'ms'),
    judged('64×64, 100,000 cycles from the class on', extras.endToEndSeconds, 0.3, 0.1, 's'),
    judged('64×64, all registers recorded in every cycle', extras.trace?.ratio, 6, 3, '× slower'),
    ...irregular,
    judged('256×256, memory of the process', extras.megabytes, 200, 200, 'MB'),
  ];
}

export const TITLES: { readonly [name: string]: string } = {
  riscv: 'RISC-V core',
  dma: 'DMA-like state machine',
  fifos: '64 FIFOs',
};
