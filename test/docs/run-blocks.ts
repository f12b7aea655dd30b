// Runs programs one after the other in one process: `run-blocks.ts RESULT FILE…`. The result is a JSON list: what each threw (or null), and what it printed.

import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Outcome {
  readonly thrown: string | null;
  readonly printed: string;
}

const [result, ...files] = process.argv.slice(2) as [string, ...string[]];
const outcomes: Outcome[] = [];
const environment = { ...process.env };
for (const file of files) {
  // Diagnostics give paths relative to the working directory.
  process.chdir(dirname(file));
  const printed: string[] = [];
  console.log = (...values: unknown[]) => void printed.push(values.map(String).join(' '));
  let thrown: string | null = null;
  try {
    await import(file);
  } catch (error) {
    thrown = error instanceof Error ? (/^(Hdl|Simulation)Error$/.test(error.name) ? error.message : (error.stack ?? error.message)) : String(error);
  }
  outcomes.push({ thrown, printed: printed.join('\n') });
  process.env = { ...environment };
}
writeFileSync(result, JSON.stringify(outcomes));
