// npm run gen -- --list: the presets, each with a sentence and its figures.

import { resolveDesign } from '../flows/design-config.ts';
import { PRESETS } from '../flows/presets.ts';
import { type ArrayConfig, elementCount, latency, peakRates } from '../generators/array-config.ts';
import { cyclesWithoutStalls } from '../sim/golden/index.ts';
import { peakText } from './peak.ts';

/** The product at which utilisation is told: M, K and N in elements. */
const SHAPE = { m: 128, k: 256, n: 256 };

/** The table as text. */
export function describePresets(): string {
  const lines = Object.entries(PRESETS).map(([name, { sentence }]) => {
    const config = resolveDesign({ preset: { value: name, place: '--preset' } });
    const { rows, cols, dataflow } = config;
    const text = [
      sentence,
      `${config.name}: ${rows} x ${cols} ${dataflow}, ${peakText(config)}, latency ${latency(config)};`,
      ...peakRates(config).map((rate) => runText(config, rate)),
    ];
    return text.map((line, i) => `  ${(i === 0 ? name : '').padEnd(14)} ${line}\n`).join('');
  });
  return `Presets of npm run gen -- --preset NAME; other flags change them:\n\n${lines.join('\n')}`;
}

/** The run of SHAPE in a precision; each step takes as many numbers of K as an element multiplies. */
function runText(config: ArrayConfig, { precision, macs }: { readonly precision: string; readonly macs: number }): string {
  const { m, k, n } = SHAPE;
  const cycles = cyclesWithoutStalls(config, { m, k: Math.ceil((k * elementCount(config)) / macs), n, withD: false });
  const share = ((100 * m * k * n) / (cycles * macs)).toFixed(1);
  return `${m} x ${k} x ${n}${precision === '' ? '' : ` of ${precision} bits`} in ${cycles} cycles, ${share} % of peak`;
}
