// npm run bench:gen: what generating costs, and how little of it depends on the size of the array.
//
// Each run is a process of its own, as a user starts it: wall time includes the start of Node (but not of npm). Exits with 1 when 256x256 breaks its
// budget of 2 s, 500 MB or 500 lines of Verilog.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GenReport } from '../cli/gen.ts';
import { median } from './median.ts';

const SIZES = [4, 16, 64, 256] as const;
const RUNS = 5;
const BUDGET = { size: 256, seconds: 2, megabytes: 500, lines: 500 } as const;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
  readonly report: GenReport;
}

interface Row {
  readonly size: number;
  /** Median wall time. */
  readonly seconds: number;
  /** Peak resident memory, the highest of all runs. */
  readonly megabytes: number;
  readonly verilogLines: number;
  readonly verilogBytes: number;
}

function summarise(size: number, samples: readonly Sample[]): Row {
  const { verilogLines, verilogBytes } = (samples[0] as Sample).report;
  return {
    size,
    seconds: median(samples.map((s) => s.seconds)),
    megabytes: Math.max(...samples.map((s) => s.megabytes)),
    verilogLines,
    verilogBytes,
  };
}

function runOnce(size: number, folder: string): Promise<Sample> {
  const args = ['--import', 'tsx', '--import', './bench/rss-hook.ts', 'cli/gen.ts', '--json'];
  const design = ['--rows', String(size), '--cols', String(size), '--out', join(folder, String(size))];
  const start = performance.now();
  const child = spawn(process.execPath, [...args, ...design], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const read = (fd: number): string[] => {
    const chunks: string[] = [];
    child.stdio[fd]?.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
    return chunks;
  };
  const [out, err, rss] = [read(1), read(2), read(3)];
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000;
      if (code !== 0) return reject(new Error(`gen ${size}x${size} ended with ${code}: ${err.join('')}`));
      resolve({ seconds, megabytes: Number(rss.join('')) / 1000, report: JSON.parse(out.join('')) as GenReport });
    });
  });
}

function table(rows: readonly Row[], ratio: number): string {
  const line = (cells: readonly string[]) => `${cells.map((c) => c.padStart(10)).join('')}\n`;
  const body = rows.map((r) =>
    line([`${r.size}x${r.size}`, r.seconds.toFixed(2), r.megabytes.toFixed(0), String(r.verilogLines), String(r.verilogBytes)]),
  );
  return `${line(['array', 'wall s', 'peak MB', 'lines', 'bytes'])}${body.join('')}\nwall time 256x256 / 4x4: ${ratio.toFixed(2)} (median of ${RUNS} processes)\n`;
}

const folder = mkdtempSync(join(tmpdir(), 'systole-bench-'));
try {
  await runOnce(4, folder); // fills the cache of compiled sources
  const samples = new Map<number, Sample[]>(SIZES.map((size) => [size, []]));
  // Sizes take turns, so that other load on the machine meets all alike.
  for (let run = 0; run < RUNS; run++) {
    for (const [size, taken] of samples) taken.push(await runOnce(size, folder));
  }
  const rows = [...samples].map(([size, taken]) => summarise(size, taken));
  const [first, last] = [rows[0] as Row, rows.at(-1) as Row];
  const ratio = last.seconds / first.seconds;
  const ok = last.seconds <= BUDGET.seconds && last.megabytes <= BUDGET.megabytes && last.verilogLines < BUDGET.lines;
  process.stdout.write(
    process.argv.includes('--json') ? `${JSON.stringify({ ok, budget: BUDGET, runs: RUNS, rows, ratio }, null, 2)}\n` : table(rows, ratio),
  );
  if (!ok)
    process.stderr.write(
      `bench:gen: ${BUDGET.size}x${BUDGET.size} is over its budget of ${BUDGET.seconds} s, ${BUDGET.megabytes} MB, ${BUDGET.lines} lines\n`,
    );
  process.exitCode = ok ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
