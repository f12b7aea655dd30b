// The peak of an array in words.

import { type ArrayConfig, peakRates } from '../generators/array-config.ts';

/** `256 multiply-accumulates a cycle`, or `256 in 8x8, 1024 in 4x4 …`. */
export function peakText(config: ArrayConfig): string {
  const [first, ...rest] = peakRates(config).map(({ macs, precision }) => (precision === '' ? [`${macs}`, ''] : [`${macs}`, ` in ${precision}`]));
  return [`${first?.[0]} multiply-accumulates a cycle${first?.[1]}`, ...rest.map((words) => words.join(''))].join(', ');
}
