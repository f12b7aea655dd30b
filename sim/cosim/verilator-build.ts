// Verilated models, built fast.
//
// Verilator's own makefiles compile its runtime for each model and spend most of their time parsing headers. Here the runtime is compiled once for each
// version of the tools, with a precompiled header; a model and its testbench are one translation unit.
// Modules that a design has hundreds of can be blocks: verilated and compiled once, as libraries, and called by the model of the rest.
//
// Invariant: the harness is the main.cpp of the design folder, unchanged. Refused: whatever Verilator or the compiler refuse, in their words.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  /** Modules that are libraries, each in a file of its own. None when absent; waves do not show what is in them. */
  readonly blocks?: readonly string[];
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
  const { key } = await toolchain(profile, options);
  const { blocks = [], verilate } = profile;
  const sources = target.rtl.flatMap(({ name, text }) => [name, text]);
  const own = hashOf(['verilator', key, verilate, ...blocks, target.top, target.harness.verilator, ...sources]);
  return cached(cacheFolder(options.env), `verilator-${own}`, async (stage) => {
    await compileModel(stage, target, profile, options);
  });
}

/** Leaves the binary, and nothing else, in an empty folder. */
export async function compileModel(stage: string, model: Model, profile: BuildProfile, options: ChildOptions): Promise<void> {
  const { flags, key } = await toolchain(profile, options);
  const include = await verilatorInclude(options);
  const runtime = await cached(cacheFolder(options.env), `runtime-${key}`, (at) => buildRuntime(at, include, flags, profile, options));
  const blocks = await Promise.all((profile.blocks ?? []).map((block) => buildBlock(block, model, runtime, profile, options)));
  const inner = blocks.map(({ block }) => block);
  const rtl = [...model.rtl.filter(({ name }) => !inner.some((block) => name.replace(/\.s?v$/, '') === block)), ...blocks.map((b) => b.wrapper)];
  await verilate(stage, model.top, rtl, profile, [], options);
  await writeFile(join(stage, 'main.cpp'), model.harness.verilator);
  await writeUnity(stage, (name) => name.startsWith(`V${model.top}`), ['main.cpp']);
  const objects = (await readdir(runtime.path)).filter((name) => name.endsWith('.o')).map((name) => join(runtime.path, name));
  const args = [...flags, '-I.', `-I${runtime.path}`, UNITY, ...blocks.map((b) => b.object), ...objects, '-s', '-o', BINARY];
  await runTool('g++', args, { ...options, cwd: stage });
  await removeAllBut(stage, [BINARY]);
}

/** Flags of the compiler, and a hash of all that compiled code depends on besides its source. */
async function toolchain(profile: BuildProfile, options: ChildOptions): Promise<{ readonly flags: readonly string[]; readonly key: string }> {
  const versions = [await toolVersion('verilator', options), await toolVersion('g++', options)];
  const flags = compilerFlags(profile, await verilatorInclude(options));
  return { flags, key: hashOf(['runtime', ...versions, ...flags, ...RUNTIME, HEADER]) };
}

interface Block {
  readonly block: string;
  /** What stands for the module. */
  readonly wrapper: { readonly name: string; readonly text: string };
  /** Absolute. */
  readonly object: string;
}

/** A module as a library. It is found again in every design that has it. */
async function buildBlock(block: string, { rtl }: Model, runtime: Entry, profile: BuildProfile, options: ChildOptions): Promise<Block> {
  const { flags, key } = await toolchain(profile, options);
  const used = filesOf(block, rtl);
  const entry = await cached(
    cacheFolder(options.env),
    `block-${hashOf([key, profile.verilate, block, ...used.flatMap(({ name, text }) => [name, text])])}`,
    async (stage) => {
      await verilate(stage, block, used, profile, ['--lib-create', block], options);
      await writeUnity(stage, (name) => name.startsWith(`V${block}`), [`${block}.cpp`]);
      await runTool('g++', [...flags, '-I.', `-I${runtime.path}`, '-c', UNITY, '-o', `${block}.o`], { ...options, cwd: stage });
      await removeAllBut(stage, [`${block}.o`, `${block}.sv`]);
    },
  );
  const name = `${block}.sv`;
  // Of signed ports Verilator 5.006 writes what it does not read.
  const text = (await readFile(join(entry.path, name), 'utf8')).replaceAll('signed logic', 'logic signed');
  return { block, wrapper: { name, text }, object: join(entry.path, `${block}.o`) };
}

/** The files of a module and of what it instantiates. */
export function filesOf(top: string, rtl: Model['rtl']): Model['rtl'] {
  const used = new Set<string>([top]);
  for (const module of used)
    for (const { name } of rtl) {
      const other = name.replace(/\.s?v$/, '');
      const text = rtl.find((file) => file.name.replace(/\.s?v$/, '') === module)?.text ?? '';
      if (new RegExp(`^\\s*${other}\\b`, 'm').test(text)) used.add(other);
    }
  return rtl.filter(({ name }) => used.has(name.replace(/\.s?v$/, '')));
}

function compilerFlags({ compile, waves }: BuildProfile, include: string): string[] {
  const trace = waves ? 1 : 0;
  const defines = ['VERILATOR=1', 'VM_COVERAGE=0', 'VM_SC=0', `VM_TRACE=${trace}`, 'VM_TRACE_FST=0', `VM_TRACE_VCD=${trace}`];
  return ['-std=gnu++17', '-pthread', compile, ...defines.map((define) => `-D${define}`), `-I${include}`, `-I${include}/vltstd`];
}

/** Of Verilator's library. */
const RUNTIME = ['verilated', 'verilated_threads', 'verilated_dpi'];
const UNITY = 'unity.cpp';

/** Verilator's library as objects, and the header precompiled. */
async function buildRuntime(folder: string, include: string, flags: readonly string[], profile: BuildProfile, options: ChildOptions): Promise<void> {
  const sources = [...RUNTIME, ...(profile.waves ? ['verilated_vcd_c'] : [])];
  const inFolder = { ...options, cwd: folder };
  await writeFile(join(folder, 'runtime.h'), HEADER);
  await runTool('g++', [...flags, '-x', 'c++-header', 'runtime.h', '-o', 'runtime.h.gch'], inFolder);
  for (const source of sources) {
    // The library is optimised whatever the model is: it is compiled once.
    await runTool('g++', [...flags, '-O1', '-c', join(include, `${source}.cpp`), '-o', `${source}.o`], inFolder);
  }
}

async function verilate(
  folder: string,
  top: string,
  rtl: Model['rtl'],
  profile: BuildProfile,
  more: readonly string[],
  options: ChildOptions,
): Promise<void> {
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
    ...more,
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
async function writeUnity(folder: string, generated: (name: string) => boolean, last: readonly string[]): Promise<void> {
  const found = (await readdir(folder)).filter((name) => generated(name) && name.endsWith('.cpp')).sort();
  const lines = ['runtime.h', ...found, ...last].map((name) => `#include "${name}"\n`);
  await writeFile(join(folder, UNITY), lines.join(''));
}

async function removeAllBut(folder: string, kept: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true });
  }
}
