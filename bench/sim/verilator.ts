// The designs on Verilator: its -O3, and the compiler's; models are kept between runs, by a hash of everything that they are made of.
//
// Refused: what Verilator or the compiler refuse, in their words.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder, hashOf } from '../../sim/cosim/cache.ts';
import type { BenchDesign } from './designs.ts';
import { type Coding, codedAs } from './loop-coding.ts';
import { type Effort, RESET, type Result } from './measure.ts';
import { timed, versionOf } from './tools.ts';

/** Rows of a structural array from which the compiler takes minutes, and above which it takes many more at -O3. */
const [LARGE, LARGEST_O3] = [64, 64];

const DEFINES = ['VERILATOR=1', 'VM_COVERAGE=0', 'VM_SC=0', 'VM_TRACE=0', 'VM_TRACE_FST=0', 'VM_TRACE_VCD=0'].map((define) => `-D${define}`);
/** Of Verilator itself, compiled once for all models. */
const RUNTIME = ['verilated', 'verilated_threads'];

const DRIVER = `#include "Vtop.h"
#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
static void edge(Vtop& t) { t.clk = 0; t.eval(); t.clk = 1; t.eval(); }
static double seconds() { timespec s; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &s); return s.tv_sec + s.tv_nsec * 1e-9; }
template <typename T> static uint32_t word(const T& sums, int i) { return sums.data()[i]; }
static uint32_t word(const IData& sums, int) { return sums; }
int main(int, char** argv) {
  Vtop t;
  t.rst = 1; for (int i = 0; i < RESET; i++) edge(t);
  t.rst = 0; for (int i = 0; i < COMMON; i++) edge(t);
  uint32_t all = 0;
  for (int i = 0; i < SUMS; i++) all = all * 31 + word(t.sums, i);
  double best = 0;
  long rounds = atol(argv[1]);
  double least = atof(argv[2]);
  for (long cycles = 16, round = 0; round < rounds; ) {
    double start = seconds();
    for (long i = 0; i < cycles; i++) edge(t);
    double s = seconds() - start;
    if (s < least) { cycles *= s < least / 8 ? 8 : 2; continue; }
    if (cycles / s > best) best = cycles / s;
    round++;
  }
  std::printf("%u %.1f\\n", all, best);
}
`;

export interface VerilatorRequest {
  readonly design: BenchDesign;
  readonly coding: Coding;
  readonly effort: Effort;
  /** Whether a model that is not there is built however long it takes; else the large ones are left out. */
  readonly large: boolean;
}

/** Undefined when Verilator is not installed, or the model is a large one that is not there. */
export async function onVerilator({ design, coding, effort, large }: VerilatorRequest): Promise<Result | undefined> {
  const version = await versionOf('verilator');
  if (version === undefined) return undefined;
  const sources = codedAs(coding, design);
  const driver = DRIVER.replaceAll('RESET', String(RESET)).replaceAll('COMMON', String(design.common)).replaceAll('SUMS', String(design.sums));
  const rows = coding === 'structural' ? (design.array?.rows ?? 0) : 0;
  const level = rows > LARGEST_O3 ? '-O1' : '-O3';
  const verilate = [
    '--cc',
    level,
    '--x-assign',
    'fast',
    '--x-initial',
    'fast',
    '-Wno-fatal',
    '-Wno-lint',
    '--top-module',
    'top',
    '--prefix',
    'Vtop',
    '--Mdir',
    '.',
  ];
  const include = `${(await timed('verilator', ['--getenv', 'VERILATOR_ROOT'], '.')).stdout.trim()}/include`;
  const compile = ['-std=gnu++17', '-pthread', ...DEFINES, `-I${include}`, `-I${include}/vltstd`];
  const key = hashOf(['bench', version, driver, level, ...verilate, ...sources.flatMap(({ name, text }) => [name, text])]);
  let refused = false;
  const { path } = await cached(cacheFolder(process.env), `bench-verilator-${key}`, async (stage) => {
    if (rows >= LARGE && !large) {
      refused = true;
      throw new Error('not built');
    }
    for (const { name, text } of sources) await writeFile(join(stage, `${name}.v`), text);
    await writeFile(join(stage, 'driver.cpp'), driver);
    const runtime = await cached(cacheFolder(process.env), `bench-runtime-${hashOf([version, ...compile])}`, async (at) => {
      for (const name of RUNTIME) await timed('g++', [...compile, '-O3', '-c', join(include, `${name}.cpp`), '-o', `${name}.o`], at);
    });
    const verilated = await timed('verilator', [...verilate, ...sources.map(({ name }) => `${name}.v`)], stage);
    // All of the model in one unit, so that the compiler sees all of it.
    const units = (await readdir(stage)).filter((name) => name.startsWith('Vtop') && name.endsWith('.cpp')).sort();
    await writeFile(join(stage, 'unity.cpp'), [...units, 'driver.cpp'].map((name) => `#include "${name}"\n`).join(''));
    const objects = RUNTIME.map((name) => join(runtime.path, `${name}.o`));
    const compiled = await timed('g++', [...compile, level, '-I.', 'unity.cpp', ...objects, '-s', '-o', 'sim'], stage);
    const seconds = verilated.seconds + compiled.seconds;
    for (const name of await readdir(stage)) if (name !== 'sim') await rm(join(stage, name), { recursive: true });
    await writeFile(join(stage, 'seconds'), String(seconds));
  }).catch((error: unknown) => {
    if (refused) return { path: undefined };
    throw error;
  });
  if (path === undefined) return undefined;
  const { stdout } = await timed(join(path, 'sim'), [String(effort.rounds), String(effort.seconds)], path);
  const [checksum, cyclesPerSecond] = stdout.split(' ').map(Number) as [number, number];
  const built = Number(await readFile(join(path, 'seconds'), 'utf8'));
  const simulator = design.array ? `verilator ${coding}` : 'verilator';
  return { simulator, firstCycleSeconds: built + 1 / cyclesPerSecond, cyclesPerSecond, checksum };
}
