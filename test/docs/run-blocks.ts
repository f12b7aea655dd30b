// Runs programs one after the other in one process: `run-blocks.ts RESULT FILE…`. The result is a JSON list: null for a program that ran, else what it threw.

import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [result, ...files] = process.argv.slice(2) as [string, ...string[]];
const thrown: (string | null)[] = [];
for (const file of files) {
  // Diagnostics give paths relative to the working directory.
  process.chdir(dirname(file));
  try {
    await import(file);
    thrown.push(null);
  } catch (error) {
    thrown.push(error instanceof Error ? (error.name === 'HdlError' ? error.message : (error.stack ?? error.message)) : String(error));
  }
}
writeFileSync(result, JSON.stringify(thrown));
