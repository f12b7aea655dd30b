// Verilated models, built fast.
//
// Verilator's own makefiles compile its runtime for each model and spend most of their time parsing headers. Here the runtime is compiled once for each
// version of the tools, with a precompiled header; a model and its testbench are one translation unit.
//
// Invariant: the harness is the main.cpp of the design folder, unchanged. Refused: whatever Verilator or the compiler refuse, in their words.

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder, type Entry, hashOf } from './cache.ts';
import { type ChildOptions, runTool } from './child-process.ts';
import { toolVersion, verilatorInclude } from './tools.ts';
import { BINARY, type Target } from './types.ts';

/** What is compiled: Verilog, configurations of Verilator among it, and a main program. */
type Model = Pick<Target, 'top' | 'rtl'> & { readonly harness: Pick<Target['harness'], 'verilator'> };

export interface BuildProfile {
  /** Of Verilator. */
  readonly verilate: '-O1' | '-O3';
  /** Of the compiler. */
  readonly compile: '-O0' | '-O2';
  /** Whether waves can be written. */
  readonly waves: boolean;
}

/** What main.cpp includes, so that it is parsed once. */
const HEADER = `#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include "verilated.h"
`;

/** The entry of the cache that holds the binary of a unit. */
export async function buildVerilator(target: Target, profile: BuildProfile, options: ChildOptions): Promise<Entry> {
  const versions = [await toolVersion('verilator', options), await toolVersion('g++', options)];
  const include = await verilatorInclude(options);
  const flags = compilerFlags(profile, include);
  const folder = cacheFolder(options.env);
  const sources = target.rtl.flatMap(({ name, text }) => [name, text]);
  const key = hashOf(['verilator', ...versions, ...flags, profile.verilate, target.top, target.harness.verilator, HEADER, ...sources]);
  return cached(folder, `verilator-${key}`, async (stage) => {
    await compileModel(stage, target, profile, options);
  });
}

/** Leaves the binary, and nothing else, in an empty folder. */
export async function compileModel(stage: string, model: Model, profile: BuildProfile, options: ChildOptions): Promise<void> {
  const versions = [await toolVersion('verilator', options), await toolVersion('g++', options)];
  const include = await verilatorInclude(options);
  const flags = compilerFlags(profile, include);
  const runtimeKey = hashOf(['runtime', ...versions, ...flags, HEADER]);
  const runtime = await cached(cacheFolder(options.env), `runtime-${runtimeKey}`, (at) => buildRuntime(at, include, flags, profile, options));
  await verilate(stage, model, profile, options);
  const main = await writeUnity(stage, model);
  const objects = (await readdir(runtime.path)).filter((name) => name.endsWith('.o')).map((name) => join(runtime.path, name));
  const args = [...flags, '-I.', `-I${runtime.path}`, main, ...objects, '-s', '-o', BINARY];
  await runTool('g++', args, { ...options, cwd: stage });
  await removeAllBut(stage, BINARY);
}

function compilerFlags({ compile, waves }: BuildProfile, include: string): string[] {
  const trace = waves ? 1 : 0;
  const defines = ['VERILATOR=1', 'VM_COVERAGE=0', 'VM_SC=0', `VM_TRACE=${trace}`, 'VM_TRACE_FST=0', `VM_TRACE_VCD=${trace}`];
  return ['-std=gnu++17', '-pthread', compile, ...defines.map((define) => `-D${define}`), `-I${include}`, `-I${include}/vltstd`];
}

/** Verilator's library as objects, and the header precompiled. */
async function buildRuntime(folder: string, include: string, flags: readonly string[], profile: BuildProfile, options: ChildOptions): Promise<void> {
  const sources = ['verilated', 'verilated_threads', ...(profile.waves ? ['verilated_vcd_c'] : [])];
  const inFolder = { ...options, cwd: folder };
  await writeFile(join(folder, 'runtime.h'), HEADER);
  await runTool('g++', [...flags, '-x', 'c++-header', 'runtime.h', '-o', 'runtime.h.gch'], inFolder);
  for (const source of sources) {
    // The library is optimised whatever the model is: it is compiled once.
    await runTool('g++', [...flags, '-O1', '-c', join(include, `${source}.cpp`), '-o', `${source}.o`], inFolder);
  }
}

async function verilate(folder: string, { top, rtl }: Model, profile: BuildProfile, options: ChildOptions): Promise<void> {
  for (const { name, text } of rtl) await writeFile(join(folder, name), text);
  const waves = profile.waves ? ['--trace'] : [];
  // Warnings are for `make lint`; a design that was edited by hand shall still run.
  const args = [
    '--cc',
    // Up to 5.026 the optimisation of trees of bit operators gives wrong values now and then (verilator #5186, #4059).
    '-fno-const-bit-op-tree',
    '-Wno-fatal',
    profile.verilate,
    ...waves,
    '--top-module',
    top,
    '--prefix',
    `V${top}`,
    '--Mdir',
    '.',
    ...rtl.map((f) => f.name),
  ];
  await runTool('verilator', args, { ...options, cwd: folder });
}

/** One translation unit for all. The precompiled header counts only where it comes first. */
async function writeUnity(folder: string, { top, harness }: Model): Promise<string> {
  await writeFile(join(folder, 'main.cpp'), harness.verilator);
  const generated = (await readdir(folder)).filter((name) => name.startsWith(`V${top}`) && name.endsWith('.cpp')).sort();
  const lines = ['runtime.h', ...generated, 'main.cpp'].map((name) => `#include "${name}"\n`);
  await writeFile(join(folder, 'unity.cpp'), lines.join(''));
  return 'unity.cpp';
}

async function removeAllBut(folder: string, kept: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== kept) await rm(join(folder, name), { recursive: true });
  }
}
