// npm run bench:typecheck: how long the compiler takes for all examples and what they import, from nothing.
//
// One process of the compiler, no incremental state; its own diagnostics say how many files, and where the time goes.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache/typecheck-'));
try {
  const config = { extends: '../../tsconfig.json', compilerOptions: { incremental: false }, include: ['../../examples/**/*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--diagnostics'], {
    encoding: 'utf8',
  });
  console.log(stdout.trim());
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
