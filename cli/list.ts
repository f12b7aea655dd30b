// npm run gen -- --list: the presets, each with a sentence and its figures.

import { resolveDesign } from '../flows/design-config.ts';
import { PRESETS } from '../flows/presets.ts';
import { latency, peakMacs } from '../generators/array-config.ts';
import { cyclesWithoutStalls } from '../sim/golden/index.ts';

/** The product at which utilisation is told: M, K and N in elements. */
const SHAPE = { m: 128, k: 256, n: 256 };

/** The table as text. */
export function describePresets(): string {
  const lines = Object.entries(PRESETS).map(([name, { sentence }]) => {
    const config = resolveDesign({ preset: { value: name, place: '--preset' } });
    const { rows, cols, dataflow } = config;
    const peak = peakMacs(config);
    const cycles = cyclesWithoutStalls(config, { ...SHAPE, k: Math.ceil((SHAPE.k * rows * cols) / peak), withD: false });
    const share = ((100 * SHAPE.m * SHAPE.k * SHAPE.n) / (cycles * peak)).toFixed(1);
    return `  ${name.padEnd(14)} ${sentence}
  ${''.padEnd(14)} ${config.name}: ${rows} x ${cols} ${dataflow}, ${peak} multiply-accumulates a cycle, latency ${latency(config)};
  ${''.padEnd(14)} ${SHAPE.m} x ${SHAPE.k} x ${SHAPE.n} in ${cycles} cycles, ${share} % of peak
`;
  });
  return `Presets of npm run gen -- --preset NAME; other flags change them:\n\n${lines.join('\n')}`;
}
