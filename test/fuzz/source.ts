// A failing circuit as a program that runs the failure again: the circuit as data, its seed and the engines.

import type { Circuit } from '../support/circuit/data.ts';

/** Text of a program to run with `npx tsx`; it ends with code 1 while the circuit fails. */
export function sourceOf(circuit: Circuit, failure: { readonly seed: number; readonly engine: string; readonly what: string }): string {
  const run = new URL('./run.ts', import.meta.url).pathname;
  const about = failure.what.split('\n')[0];
  return `// Seed ${failure.seed}, ${failure.engine}: ${about}
import { casesOf, Fuzzer } from ${JSON.stringify(run)};

const circuit = ${literal(circuit)};
const fuzzer = new Fuzzer();
const findings = fuzzer.checkCases([...casesOf(circuit as never, ${failure.seed})]);
fuzzer.close();
for (const { engine, what } of findings) console.log(\`\${engine}: \${what}\`);
process.exitCode = findings.length > 0 ? 1 : 0;
`;
}

/** Data as source text, big integers included. */
function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  return `{ ${Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .map(([key, v]) => `${JSON.stringify(key)}: ${literal(v)}`)
    .join(', ')} }`;
}
