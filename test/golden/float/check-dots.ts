// The model of block dot products beside the oracle.

import { blockDot } from '../../../sim/golden/float/index.ts';
import type { DotCase } from './block-operands.ts';
import { oracleDot } from './block-oracle.ts';

const hex = (code: number): string => code.toString(16).padStart(8, '0');

/** The first few cases in which they differ, as text. */
export function wrongDots(cases: Iterable<DotCase>): string[] {
  const found: string[] = [];
  for (const { a, b, c } of cases) {
    const plain = ({ format: { name }, scale, elements }: DotCase['a']) => ({ name, scale, elements: Array.from(elements) });
    const [model, oracle] = [blockDot(a, b, c).bits, oracleDot(plain(a), plain(b), c)];
    if (model === oracle) continue;
    found.push(`${JSON.stringify([plain(a), plain(b)])} + ${hex(c)}: model ${hex(model)}, oracle ${hex(oracle)}`);
    if (found.length === 5) break;
  }
  return found;
}
