// What a circuit has of the language, counted: so that nothing counts as tried that was never drawn.

import type { Ground } from '../reference.ts';
import type { Circuit, ResetKind } from './data.ts';

export type Counts = { [feature: string]: number };

const resetName = ({ async = false, activeLow = false }: ResetKind = {}): string =>
  `${async ? 'asynchronous' : 'synchronous'}, active ${activeLow ? 'low' : 'high'}`;

/** Adds what a circuit has, each expression, statement, type and item once. */
export function countFeatures(circuit: Circuit, counts: Counts): void {
  const add = (feature: string): void => {
    counts[feature] = (counts[feature] ?? 0) + 1;
  };
  const seen = new Set<object>();
  const visit = (x: unknown): void => {
    if (typeof x !== 'object' || x === null || seen.has(x)) return;
    seen.add(x);
    for (const feature of featuresOf(x as Node)) add(feature);
    for (const inner of Object.values(x)) visit(inner);
  };
  visit(circuit);
  add(`reset of the top: ${resetName(circuit.reset)}`);
  for (const { reset, enable } of circuit.domains ?? [])
    for (const f of [`reset of a domain: ${resetName(reset)}`, ...(enable ? ['clock enable'] : [])]) add(f);
  add(`clocks: ${new Set(['clk', ...(circuit.domains ?? []).map((d) => d.clock)]).size}`);
}

/** By name. */
export function sortedFeatures(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).sort(([x], [y]) => x.localeCompare(y)));
}

/** A line a feature, for people. */
export function featureLines(counts: Counts): string[] {
  return Object.entries(sortedFeatures(counts)).map(([feature, count]) => `${String(count).padStart(8)}  ${feature}`);
}

interface Node {
  readonly [key: string]: unknown;
  readonly kind?: string;
  readonly op?: string;
  readonly width?: number;
}

function featuresOf(x: Node): string[] {
  if (x.op === 'prim' || x.op === 'with') return [`operator ${x['fn']}${x.op === 'with' ? ' literal' : ''}`];
  if (x.op !== undefined) return [`expression ${x.op}`];
  if (Array.isArray(x['registers']))
    return (x['registers'] as { reset?: unknown }[]).map((r) => `register ${r.reset === undefined ? 'without' : 'with'} reset`);
  switch (x.kind) {
    case undefined:
      if (Array.isArray(x['path'])) return x['part'] ? ['assignment to bits that a signal chooses'] : x['bits'] ? ['assignment to bits'] : [];
      return typeof x['underWrite'] === 'string' ? [`read under write: ${x['underWrite']}`] : [];
    case 'bool':
    case 'uint':
    case 'sint': {
      const { dress, width } = x as unknown as Ground;
      return [`type ${dress ? (dress.as === 'float' ? dress.format : dress.as) : x.kind}`, ...(width === 0 ? ['type of no bits'] : [])];
    }
    case 'vec':
    case 'bundle':
      return [`type ${x.kind}`];
    case 'property':
      return [`${x['property']}`];
    case 'memory':
      return [
        'memory',
        `memory style ${x['style']}`,
        `memory ${x['init'] ? 'with' : 'without'} contents`,
        ...(x['reads'] as { registered?: unknown }[]).map((r) => `memory read ${r.registered ? 'at the edge' : 'at once'}`),
      ];
    case 'write':
      return [`memory write${x['mask'] ? ' with mask' : ''}`];
    case 'mesh':
      return [`mesh of ${(x['shape'] as unknown[]).length} axes`];
    case 'shift':
    case 'feed':
    case 'collect':
      return [`mesh ${x.kind}`];
    default:
      return [`statement or item ${x.kind}`];
  }
}
