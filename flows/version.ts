// The version of the generator: that of the package.

import { readFileSync } from 'node:fs';

export function generatorVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
