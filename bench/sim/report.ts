// A run as text for a terminal and as a page.

import type { Machine } from './machine.ts';
import type { Extras, Row } from './run.ts';
import { ratio, type Target, TITLES } from './targets.ts';

export interface Report {
  readonly machine: Machine;
  readonly command: string;
  readonly targets: readonly Target[];
  readonly rows: readonly Row[];
  readonly extras: Extras;
}

/** Cycles a second with three digits. */
export function speed(perSecond: number): string {
  const [value, unit] = perSecond >= 1e6 ? [perSecond / 1e6, 'M'] : perSecond >= 1e3 ? [perSecond / 1e3, 'k'] : [perSecond, ''];
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)}${unit === '' ? '' : ` ${unit}`}`;
}

function duration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(1)} s`;
}

export function title(name: string): string {
  const [, dataflow, size] = /^(ws|os)(\d+)$/.exec(name) ?? [];
  if (dataflow) return `${size}×${size}, ${dataflow === 'ws' ? 'weight' : 'output'}-stationary`;
  return TITLES[name] ?? name;
}

const COLUMNS = ['js', 'wasm-scalar', 'wasm', 'verilator structural', 'verilator loop', 'icarus'] as const;

/** A line of cells for each design. The one Verilog of what is no array counts as structural. */
function table(rows: readonly Row[]): string[][] {
  const used = COLUMNS.filter((column) => rows.some((r) => cell(r, column) !== ''));
  const head = ['cycles a second', ...used, 'best ÷ best Verilator', 'first cycle: wasm', 'Verilator'];
  return [
    head,
    ...rows.map((row) => {
      const times = ratio(row, /verilator/);
      const first = (names: RegExp): string => {
        const all = row.results.filter((r) => names.test(r.simulator)).map((r) => r.firstCycleSeconds);
        return all.length > 0 ? duration(Math.min(...all)) : '';
      };
      return [
        title(row.name),
        ...used.map((column) => cell(row, column)),
        times === undefined ? '' : `${times.toFixed(2)}×`,
        first(/^wasm$/),
        first(/verilator/),
      ];
    }),
  ];
}

function cell({ results }: Row, column: string): string {
  const found = results.find((r) => r.simulator === column || (column === 'verilator structural' && r.simulator === 'verilator'));
  return found ? speed(found.cyclesPerSecond) : '';
}

const targetTable = (targets: readonly Target[]): string[][] => [
  ['target', 'goal', 'moonshot', 'measured', 'met'],
  ...targets.map((t) => [t.what, t.goal, t.moonshot, t.measured ?? '–', t.met ?? 'not measured']),
];

function aligned(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((line) => (line[i] as string).length))) ?? [];
  return cells
    .map((line) => line.map((text, i) => (i === 0 ? text.padEnd(widths[i] as number) : text.padStart(widths[i] as number))).join('  '))
    .join('\n');
}

function markdown(cells: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = cells;
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rest].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** For a terminal. */
export function asText({ targets, rows, machine }: Report): string {
  const where = `${machine.processor}, ${machine.threads} threads, Node ${machine.node}, ${machine.tools.join(', ')}, load ${machine.load}`;
  return `${aligned(table(rows))}\n\n${aligned(targetTable(targets))}\n\n${where}\n`;
}

/** What stands between the marks of the page. */
export function asMarkdown({ targets, rows, machine, extras, command }: Report): string {
  const cold = Object.entries(extras.coldMilliseconds).map(([name, ms]) => `${title(name)}: ${ms.toFixed(0)} ms`);
  return `Written by \`${command}\` on ${machine.date}: ${machine.processor}, ${machine.threads} threads, ${machine.gigabytes} GB, Node ${machine.node}, ${machine.tools.join(', ')}. In the
minute before, ${machine.load} processes wanted to run.

### Targets

${markdown(targetTable(targets))}

### All designs

${markdown(table(rows))}
${extras.trace ? `\nReading what was recorded, all registers of 64×64 in each cycle: ${extras.trace.readMilliseconds.toFixed(2)} ms a cycle.\n` : ''}${cold.length > 0 ? `\nFirst cycles in a process that has simulated nothing, whose compilers are themselves not yet optimised: ${cold.join('; ')}.\n` : ''}`;
}
