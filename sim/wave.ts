// Waveforms as text: for terminals, for snapshots in tests, and for WaveDrom.
//
//     cycle    0   1   2   3
//     go     ▁▁▁▁╱▔▔▔▔▔▔▔╲▁▁▁
//     count  │00     │01 │02
//
// Invariant: one column a cycle, all of one width; a value stands where it begins and is cut off with … where it is too long for its cycles.

import type { GroundType } from '../hdl/ir/nodes.ts';
import { SimulationError } from './errors.ts';
import { type RecordedSignal, type Trace, traceHash } from './recorder.ts';
import type { Value } from './values.ts';

/** Which signals and cycles a drawing shows. */
export interface WaveOptions {
  /** Names of recorded signals, in their order; of an array all elements. All when absent. */
  readonly signals?: readonly string[];
  /** Cycles, both included; the last 32 when absent. */
  readonly from?: number;
  readonly to?: number;
  /** Of unsigned values; enumerations show their names and signed values are decimal. */
  readonly radix?: 'hex' | 'dec' | 'bin';
}

/** A line of a waveform: texts by column, of which `0` and `1` of a bit are drawn as levels. */
export interface WaveRow {
  readonly name: string;
  readonly bit: boolean;
  readonly texts: readonly string[];
}

const DEFAULT_CYCLES = 32;
const WIDEST_COLUMN = 12;
const NARROWEST_COLUMN = 4;

/** A value as a waveform shows it. */
export function shownValue(value: Value, { kind, width, enumeration }: GroundType, radix: WaveOptions['radix'] = 'hex'): string {
  if (kind === 'enum') return [...(enumeration?.members ?? [])].find(([, code]) => code === BigInt(value))?.[0] ?? `${value}?`;
  if (kind === 'sint' || radix === 'dec') return String(value);
  return radix === 'bin' ? value.toString(2).padStart(width, '0') : value.toString(16).padStart(Math.ceil(width / 4), '0');
}

/** The waveform of a trace, with a last line that stands for all of it. */
export function waveText(trace: Trace, options: WaveOptions = {}): string {
  const { columns, signals } = selected(trace, options);
  const rows = signals.map(({ name, type, values }): WaveRow => {
    const bit = type.width === 1 && type.kind !== 'enum';
    return {
      name,
      bit,
      texts: columns.map((c) => (bit ? String(BigInt.asUintN(1, BigInt(values[c] as Value))) : shownValue(values[c] as Value, type, options.radix))),
    };
  });
  const cycles = columns.map((c) => trace.cycles[c] as number);
  return `${drawRows(cycles, rows)}\n# ${trace.cycles.length} cycles of ${trace.signals.length} signals: ${traceHash(trace)}`;
}

/** Lines for rows of texts. */
export function drawRows(cycles: readonly number[], rows: readonly WaveRow[]): string {
  const longest = Math.max(
    ...rows.flatMap((r) => (r.bit ? [] : r.texts.map((t) => t.length + 1))),
    ...cycles.map((c) => String(c).length + 1),
    NARROWEST_COLUMN,
  );
  const width = Math.min(longest, WIDEST_COLUMN);
  const margin = Math.max(...rows.map((r) => r.name.length), 'cycle'.length) + 2;
  const head = `${'cycle'.padEnd(margin)}${cycles.map((c) => ` ${c}`.padEnd(width)).join('')}`;
  return [head, ...rows.map((r) => `${r.name.padEnd(margin)}${r.bit ? levels(r.texts, width) : boxes(r.texts, width)}`)]
    .map((line) => line.trimEnd())
    .join('\n');
}

function levels(texts: readonly string[], width: number): string {
  return texts
    .map((text, i) => {
      const line = (text === '1' ? '▔' : text === '0' ? '▁' : text).repeat(width);
      const before = texts[i - 1] ?? text;
      return before === text ? line : `${text === '1' ? '╱' : text === '0' ? '╲' : '│'}${line.slice(1)}`;
    })
    .join('');
}

function boxes(texts: readonly string[], width: number): string {
  let line = '';
  for (let i = 0; i < texts.length; ) {
    let end = i + 1;
    while (end < texts.length && texts[end] === texts[i]) end++;
    const room = (end - i) * width - 1;
    const text = texts[i] as string;
    line += `│${text.length <= room ? text.padEnd(room) : `${text.slice(0, room - 1)}…`}`;
    i = end;
  }
  return line;
}

/** The trace for https://wavedrom.com, as an object to be printed by `JSON.stringify`. */
export interface WaveDrom {
  readonly signal: readonly { readonly name: string; readonly wave: string; readonly data?: readonly string[] }[];
  readonly head: { readonly tick: number };
}

export function waveDrom(trace: Trace, options: WaveOptions = {}): WaveDrom {
  const { columns, signals } = selected(trace, options);
  const clocks = options.signals ? [] : trace.clocks.map((name) => ({ name, wave: `p${'.'.repeat(Math.max(columns.length - 1, 0))}` }));
  return {
    signal: [
      ...clocks,
      ...signals.map(({ name, type, values }) => {
        const own = columns.map((c) => values[c] as Value);
        const changed = own.map((value, i) => i === 0 || value !== own[i - 1]);
        if (type.width === 1 && type.kind !== 'enum')
          return { name, wave: own.map((value, i) => (changed[i] ? String(BigInt.asUintN(1, BigInt(value))) : '.')).join('') };
        return {
          name,
          wave: changed.map((c) => (c ? '=' : '.')).join(''),
          data: own.filter((_, i) => changed[i]).map((value) => shownValue(value, type, options.radix)),
        };
      }),
    ],
    head: { tick: trace.cycles[columns[0] ?? 0] ?? 0 },
  };
}

function selected(
  trace: Trace,
  { signals, from, to }: WaveOptions,
): { readonly columns: readonly number[]; readonly signals: readonly RecordedSignal[] } {
  const last = to ?? trace.cycles.at(-1) ?? 0;
  const first = from ?? Math.max(last - DEFAULT_CYCLES + 1, trace.cycles[0] ?? 0);
  const columns = [...trace.cycles.keys()].filter((c) => (trace.cycles[c] as number) >= first && (trace.cycles[c] as number) <= last);
  if (columns.length === 0)
    throw new SimulationError(
      'SIM-E029',
      `nothing was recorded from cycle ${first} to ${last}`,
      `there are the cycles ${trace.cycles[0]} to ${trace.cycles.at(-1)}`,
    );
  const chosen = signals?.flatMap((name) => {
    const found = trace.signals.filter((s) => s.name === name || s.name.startsWith(`${name}[`));
    if (found.length > 0) return found;
    const some = trace.signals.slice(0, 8).map((s) => s.name);
    throw new SimulationError(
      'SIM-E029',
      `\`${name}\` was not recorded`,
      `name it in \`trace\`; there are ${some.join(', ')}${trace.signals.length > 8 ? ', …' : ''}`,
    );
  });
  return { columns, signals: chosen ?? trace.signals };
}
