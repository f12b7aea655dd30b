// The report of `npm run area`, as text.

import type { Area } from '../estimate/measure.ts';
import { targetText } from '../estimate/targets.ts';

export interface AreaSubject {
  readonly name: string;
  readonly what: string;
  readonly areas: readonly Area[];
}
/** The object of `--json`. */
export interface AreaReport {
  readonly ok: true;
  /** Of Yosys: counts differ between versions. */
  readonly tool: string;
  readonly subjects: readonly AreaSubject[];
}

const COLUMNS = [
  ['LUTs', 'luts'],
  ['carries', 'carries'],
  ['registers', 'registers'],
  ['DSPs', 'dsps'],
  ['block RAMs', 'blockRams'],
  ['LUT RAMs', 'lutRams'],
  ['depth', 'depth'],
] as const;

export function describeAreas({ tool, subjects }: AreaReport): string {
  return `${subjects.map(describe).join('\n')}\n${tool}; LUTs of the target generic are gates, depth is the longest path in cells.\n`;
}

function describe({ name, what, areas }: AreaSubject): string {
  const head = ['target', ...COLUMNS.map(([title]) => title), 'other cells'];
  const rows = areas.map((area) => [
    targetText(area.target),
    ...COLUMNS.map(([, key]) => String(area[key])),
    Object.entries(area.others)
      .map(([cell, n]) => `${cell} ${n}`)
      .join(', '),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => (i === 0 || i === head.length - 1 ? text.padEnd(widths[i] as number) : text.padStart(widths[i] as number)))
      .join('  ')
      .trimEnd();
  return `${name}: ${what}\n${[head, ...rows].map((row) => `  ${line(row)}\n`).join('')}`;
}
