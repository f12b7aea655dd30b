// npm run bench:suite: the unit tests of the matrix unit as they were with the first in-process engine, beside those of today.
//
// Both are run by their own sources: the old ones in a working tree of their commit. The workload is that of the old test file (the present one has more): every
// output in every cycle of matrix units on six shapes, and a stream of 33 thousand cycles on 16×16. CPU time of the simulations alone, from elaborated designs on.

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The last commit before a second engine and memories. */
const FIRST = '5e58c87';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The old test's work in a tree of sources; prints its CPU seconds. */
const WORK = `
import { elaborateMatrixUnit } from './generators/matrix-unit.ts';
import { evenStall, makeRun, simulateRun } from './sim/cosim/index.ts';
const never = new AbortController().signal;
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const jobs = [];
const add = (unit, shape, seed, stall) => jobs.push([elaborateMatrixUnit(unit), makeRun(unit, { ...shape, stimulus: { seed, stall: evenStall(stall) } })]);
for (const dataflow of ['ws', 'os']) {
  for (const [rows, cols] of [[1, 1], [1, 4], [4, 1], [2, 3], [5, 3], [8, 8]])
    for (const [m, k, n] of [[1, 1, 1], [rows, rows, cols], [2 * rows + 1, 2 * rows + 1, 2 * cols + 1], [3, 7, 5]])
      for (const stall of [0, 0.35]) add({ rows, cols, dataflow }, { m, k, n, withD: (m + k) % 2 === 0 }, 17 * m + k, stall);
  add({ rows: 16, cols: 16, dataflow }, { m: 128, k: 256, n: 256, withD: false }, 1, 0);
}
const begin = cpu();
for (const [design, run] of jobs) await simulateRun(design, run, never);
console.log(cpu() - begin);
`;

const folder = mkdtempSync(join(tmpdir(), 'systole-suite-'));
const ROUNDS = 3;

/** The best of some runs with the sources of a tree. */
async function workIn(tree: string, engine?: string): Promise<number> {
  const file = join(folder, 'work.mts');
  writeFileSync(file, WORK.replaceAll("from './", `from '${tree}/`));
  const env = { NODE_OPTIONS: '', ...(engine !== undefined && { SYSTOLE_ENGINE: engine }) };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++)
    best = Math.min(best, Number((await execa(process.execPath, ['--import', 'tsx', file], { cwd: tree, env })).stdout));
  return best;
}

const old = join(folder, 'first');
await execa('git', ['worktree', 'add', '--detach', old, FIRST], { cwd: ROOT });
try {
  symlinkSync(join(ROOT, 'node_modules'), join(old, 'node_modules'));
  const first = await workIn(old);
  process.stdout.write(`first engine (${FIRST})  ${first.toFixed(2)} s of CPU time\n`);
  for (const engine of ['systole', 'js', 'wasm', 'wasm-scalar']) {
    const seconds = await workIn(ROOT, engine);
    process.stdout.write(`${engine.padEnd(22)}  ${seconds.toFixed(2)} s, ${(first / seconds).toFixed(2)} times as fast\n`);
  }
} finally {
  await execa('git', ['worktree', 'remove', '--force', old], { cwd: ROOT });
  rmSync(folder, { recursive: true, force: true });
}
