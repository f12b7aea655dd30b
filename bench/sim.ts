// npm run bench:sim [-- --json] [--sizes 4,16] [--no-verilator]: cycles a second of the engines and of Verilator on matrix units.
//
// Every simulator runs the same design, stimulus and checksum included (see sim-design.ts), for its own number of cycles after one run of a
// common number, after which all checksums must be equal; else the result is an error. Verilator gets its printed Verilog, -O3 for itself and
// for the compiler. Engines are measured one after the other in one process, each when its code has been optimised.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArrayConfig } from '../generators/array-config.ts';
import { elaborate } from '../hdl/index.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { type EngineName, simulateDesign } from '../sim/index.ts';
import { SimBench } from './sim-design.ts';

/** Cycles after which checksums are compared. */
const COMMON = 1000;
/** Seconds that a measurement takes at least. */
const LEAST = 0.5;
const ENGINES: readonly EngineName[] = ['js', 'wasm-scalar', 'wasm'];

interface Result {
  readonly simulator: string;
  /** From the module's class (for Verilator from its printed Verilog) to the end of the first cycle. */
  readonly firstCycleMs: number;
  readonly cyclesPerSecond: number;
  readonly checksum: number;
}

const hash = (words: ArrayLike<number>): number => Array.from(words).reduce((all, w) => (Math.imul(all, 31) + w) >>> 0, 0);

function measure(config: ArrayConfig, engine: EngineName): Result {
  const begin = performance.now();
  const sim = simulateDesign(elaborate(SimBench, config), { engine });
  sim.step(1);
  const firstCycleMs = performance.now() - begin;
  sim.restore(sim.snapshot());
  sim.reset(2);
  sim.step(COMMON);
  const checksum = hash(sim.peekArray('sums', new Uint32Array(config.cols)));
  // Twice, since the first round still runs code that has not been optimised.
  let best = 0;
  for (let cycles = 1000, round = 0; round < 3; ) {
    const start = performance.now();
    sim.step(cycles);
    const seconds = (performance.now() - start) / 1000;
    if (seconds < LEAST) {
      cycles = Math.ceil(cycles * Math.min(8, (LEAST * 1.2) / Math.max(seconds, 0.001)));
      continue;
    }
    best = Math.max(best, cycles / seconds);
    round++;
  }
  return { simulator: engine, firstCycleMs, cyclesPerSecond: best, checksum };
}

const DRIVER = `#include "Vtop.h"
#include "verilated.h"
#include <chrono>
#include <cstdio>
#include <cstdint>
static void edge(Vtop& t) { t.clk = 0; t.eval(); t.clk = 1; t.eval(); }
int main() {
  Vtop t;
  t.rst = 1; for (int i = 0; i < 2; i++) edge(t);
  t.rst = 0; for (int i = 0; i < COMMON; i++) edge(t);
  uint32_t all = 0;
  for (int i = 0; i < COLS; i++) all = all * 31 + t.sums.data()[i];
  double best = 0;
  for (long cycles = 100, round = 0; round < 3; ) {
    auto start = std::chrono::steady_clock::now();
    for (long i = 0; i < cycles; i++) edge(t);
    double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (s < 0.5) { cycles *= 4; continue; }
    if (cycles / s > best) best = cycles / s;
    round++;
  }
  std::printf("%u %.1f\\n", all, best);
}
`;

function measureVerilator(config: ArrayConfig): Result | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'systole-bench-'));
  try {
    const begin = performance.now();
    const files = emitVerilog(elaborate(SimBench, config, { name: 'top' }));
    for (const { name, text } of files) writeFileSync(join(folder, `${name}.v`), text);
    writeFileSync(join(folder, 'driver.cpp'), DRIVER.replaceAll('COMMON', String(COMMON)).replaceAll('COLS', String(config.cols)));
    const sources = files.map(({ name }) => `${name}.v`);
    const args = [
      '--cc',
      '--exe',
      '--build',
      '-O3',
      '-CFLAGS',
      '-O3',
      '-MAKEFLAGS',
      'OPT_FAST=-O3 OPT_SLOW=-O1 OPT_GLOBAL=-O3',
      '--x-assign',
      'fast',
      '--x-initial',
      'fast',
      '-Wno-fatal',
      '--top-module',
      'top',
      '--prefix',
      'Vtop',
      '-o',
      'sim',
    ];
    const built = spawnSync('verilator', [...args, ...sources, 'driver.cpp'], { cwd: folder, encoding: 'utf8' });
    if (built.error) return undefined;
    if (built.status !== 0) throw new Error(`verilator: ${built.stderr.slice(0, 2000)}`);
    const firstCycleMs = performance.now() - begin;
    const run = spawnSync(join(folder, 'obj_dir', 'sim'), { encoding: 'utf8' });
    const [checksum, cyclesPerSecond] = run.stdout.split(' ').map(Number) as [number, number];
    return { simulator: 'verilator', firstCycleMs, cyclesPerSecond, checksum };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const argument = (name: string): string | undefined => process.argv[process.argv.indexOf(name) + 1 || Number.POSITIVE_INFINITY];
const sizes = (argument('--sizes') ?? '4,16,64,128').split(',').map(Number);
const json = process.argv.includes('--json');
const rows: { readonly size: number; readonly dataflow: string; readonly results: readonly Result[] }[] = [];
measure({ rows: 4, cols: 4, dataflow: 'ws' }, 'wasm'); // loads the sources of the compiler
for (const size of sizes) {
  for (const dataflow of ['ws', 'os'] as const) {
    const config = { rows: size, cols: size, dataflow };
    const results = ENGINES.map((engine) => measure(config, engine));
    const verilator = process.argv.includes('--no-verilator') ? undefined : measureVerilator(config);
    if (verilator) results.push(verilator);
    const wrong = results.find((r) => r.checksum !== results[0]?.checksum);
    if (wrong) {
      process.stderr.write(`bench:sim: ${wrong.simulator} has another checksum at ${size}x${size} ${dataflow}\n`);
      process.exitCode = 1;
    }
    rows.push({ size, dataflow, results });
    if (json) continue;
    const base = verilator?.cyclesPerSecond;
    for (const r of results) {
      const ratio = base ? `${(r.cyclesPerSecond / base).toFixed(2).padStart(8)}x` : '';
      const kilo = `${(r.cyclesPerSecond / 1000).toFixed(1).padStart(10)} kHz`;
      process.stdout.write(
        `${`${size}x${size}`.padEnd(9)}${dataflow} ${r.simulator.padEnd(12)}${kilo}${ratio}  first cycle ${r.firstCycleMs.toFixed(1)} ms\n`,
      );
    }
  }
}
if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
