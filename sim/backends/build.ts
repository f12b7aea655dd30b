// Simulators of printed designs, built by the tools and found again by a hash of everything they are made of.
//
// Invariant: a build runs in a process of its own, which keeps to the rules of child processes (see sim/cosim/child-process.ts), while this one waits.
// Refused: a missing tool (SIM-E020), whatever a tool refuses (SIM-E021), both in the tool's words.

import { spawnSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cacheFolder, hashOf } from '../cosim/cache.ts';
import { SimulationError } from '../errors.ts';

export interface BuildRequest {
  readonly engine: 'verilator' | 'icarus';
  readonly top: string;
  /** The harness among them for Icarus, the configuration for Verilator. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** The main program for Verilator. */
  readonly main: string;
  /** `fast` builds in seconds, `optimised` runs several times as fast. */
  readonly profile: 'fast' | 'optimised';
  readonly timeoutMs: number;
}

/** What the builder answers: nothing more, or why not. */
export type BuildAnswer = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly message: string };

const PACKAGES = { verilator: 'verilator g++ make', icarus: 'iverilog' } as const;
const PROGRAMS = { verilator: ['verilator', '--version'], icarus: ['iverilog', '-V'] } as const;

const versions = new Map<string, string>();

/** The first line of what the tool says of itself, asked once for each PATH. */
function versionOf(engine: BuildRequest['engine']): string {
  const key = `${engine} ${process.env['PATH']}`;
  const known = versions.get(key);
  if (known !== undefined) return known;
  const [program, argument] = PROGRAMS[engine];
  const { error, stdout } = spawnSync(program, [argument], { encoding: 'utf8' });
  if (error) throw missing(engine, `there is no program \`${program}\` in PATH`);
  const version = stdout.split('\n')[0]?.trim() ?? '';
  versions.set(key, version);
  return version;
}

function missing(engine: BuildRequest['engine'], why: string): SimulationError {
  return new SimulationError('SIM-E020', `the engine '${engine}' is not installed: ${why}`, `install it: apt-get install ${PACKAGES[engine]}`);
}

/** The folder with the built simulator. Blocks until it is there. */
export function build(request: BuildRequest): string {
  const { engine, timeoutMs, ...made } = request;
  const folder = cacheFolder(process.env);
  const key = `sim-${engine}-${hashOf([versionOf(engine), JSON.stringify(made)])}`;
  const path = join(folder, key);
  if (existsSync(path)) {
    const now = new Date();
    utimesSync(path, now, now);
    return path;
  }
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const builder = fileURLToPath(new URL('./builder.ts', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(process.execPath, ['--import', loader, builder, key], {
    input: JSON.stringify({ ...made, engine, timeoutMs } satisfies BuildRequest),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    // Not those of a debugger or a test runner.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (error || status !== 0) throw new SimulationError('SIM-E021', `the build for '${engine}' broke off:\n${error?.message ?? stderr}`);
  const answer = JSON.parse(stdout) as BuildAnswer;
  if (answer.ok) return path;
  if (answer.code === 'missing-tool') throw missing(engine, answer.message);
  throw new SimulationError(
    'SIM-E021',
    `the build for '${engine}' failed: ${answer.message}`,
    'if the Verilog is the one that was generated, please report it; files of external modules must be in Verilog that the tool reads',
  );
}
