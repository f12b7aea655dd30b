// The results of npm run prove as text and as JSON.

import type { Trace, Verdict } from '../flows/prove/index.ts';

/** The object of `--json` when all designs were looked at. */
export interface ProveReport {
  /** No assertion is refuted, and each cover may be reached. */
  readonly ok: boolean;
  readonly designs: readonly DesignReport[];
}
export interface DesignReport {
  readonly name: string;
  readonly seconds: number;
  /** Traces without the text of their waves, but with the file that holds it. */
  readonly properties: readonly (Omit<Verdict, 'trace'> & { readonly trace?: Omit<Trace, 'vcd'>; readonly vcd?: string })[];
}

type PropertyReport = DesignReport['properties'][number];

/** Most columns of a table of waves; of longer traces the last cycles are shown. */
const COLUMNS = 16;

export function isBad({ outcome }: Pick<Verdict, 'outcome'>): boolean {
  return outcome === 'refuted' || outcome === 'unreachable';
}

export function describeProofs({ designs }: ProveReport): string {
  const all = designs.flatMap((d) => d.properties);
  const counts = [...new Set(all.map((p) => p.outcome))].map((outcome) => `${all.filter((p) => p.outcome === outcome).length} ${outcome}`);
  return `${designs.map(describeDesign).join('\n')}\n${counts.join(', ')}\n`;
}

function describeDesign({ name, seconds, properties }: DesignReport): string {
  const rows = properties.map((p) => [`  ${outcomeText(p)}`, `${p.kind} "${p.message}"${p.path === '' ? '' : ` of ${p.path}`}`, p.at] as const);
  const width = Math.max(...rows.map(([outcome]) => outcome.length));
  const lines = properties.flatMap((p, i) => {
    const [outcome, what, at] = rows[i] as (typeof rows)[number];
    return [`${outcome.padEnd(width)}  ${what} (${at})`, ...(p.outcome === 'refuted' && p.trace ? describeTrace(p.trace, p.vcd) : [])];
  });
  return `${name} (${seconds.toFixed(1)} s)\n${lines.join('\n')}\n`;
}

function outcomeText({ outcome, depth, trace }: PropertyReport): string {
  switch (outcome) {
    case 'bounded':
      return depth === 0 ? 'unknown' : `holds for ${depth} cycles`;
    case 'unreached':
      return `not in ${depth} cycles`;
    case 'reached':
    case 'refuted':
      return `${outcome} in cycle ${trace?.cycle}`;
    default:
      return outcome;
  }
}

function describeTrace({ cycle, rows, confirmed }: PropertyReport['trace'] & object, vcd: string | undefined): string[] {
  const first = Math.max(0, cycle + 1 - COLUMNS);
  const table = [{ name: 'cycle', values: Array.from({ length: cycle + 1 }, (_, t) => String(t)) }, ...rows];
  const columns = table.map(({ name, values }) => [name, ...values.slice(first)]);
  const widths = (columns[0] as string[]).map((_, c) => Math.max(...columns.map((row) => (row[c] as string).length)));
  return [
    ...columns.map(
      (row) => `      ${row.map((text, c) => (c === 0 ? text.padEnd(widths[0] as number) : text.padStart(widths[c] as number))).join(' ')}`,
    ),
    confirmed ? '      seen by the simulator too' : '      not seen by the simulator: the run depends on state that cannot be set there',
    ...(vcd === undefined ? [] : [`      waves: ${vcd}`]),
  ];
}
