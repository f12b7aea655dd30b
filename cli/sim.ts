// npm run sim: simulates a module of a file, at once with a waveform, or interactively.
//
// Invariant: a script ends at its first command that is refused, with exit code 1; a person at a terminal goes on.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { show } from '../flows/setting.ts';
import { EXIT_CODES } from '../flows/user-error.ts';
import type { Design } from '../hdl/index.ts';
import { ENGINES, SimulationError } from '../sim/index.ts';
import { guarded, UserError } from './errors.ts';
import type { Io } from './io.ts';
import { integerFlag, oneOf, parseFlags } from './options.ts';
import { proveTargets } from './prove-target.ts';
import { runAsProcess } from './run.ts';
import { type Answer, isQuit, Session } from './sim/session.ts';

interface SimFlags {
  readonly interactive?: true;
  readonly commands?: string;
  readonly params?: string;
  readonly poke: readonly string[];
  readonly cycles: string;
  readonly reset: boolean;
  readonly signals?: string;
  readonly engine?: string;
  readonly seed?: string;
  readonly vcd?: string;
  readonly json?: true;
}

const MAX_CYCLES = 1_000_000_000;

const EXAMPLES = `
Examples:
  npm run sim -- src/counter.ts --poke enable=1          resets, runs 16 cycles and draws the ports
  npm run sim -- src/fifo.ts:Fifo --params '{"depth":4}' --cycles 30 --signals in_valid,count
  npm run sim -- src/counter.ts --interactive            step, poke, peek, why …; help tells all commands
  npm run sim -- src/counter.ts --commands script.txt    the same from a file, one command a line
  npm run sim -- src/counter.ts --interactive < script.txt

Exit codes: 0 done, 1 a command failed (expect among them), 2 the request is wrong, 130 and 143 interrupted.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io, input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin): Promise<number> {
  return commanded(argv, io, async () => {
    const word = argv[0]?.startsWith('-') ? undefined : argv[0];
    const flags = parseFlags<SimFlags>(command(), word === undefined ? argv : argv.slice(1), io);
    if (!flags) return 0;
    const options = {
      cwd: io.cwd,
      ...(flags.engine !== undefined && { engine: oneOf('engine', flags.engine, ENGINES) }),
      ...(flags.seed !== undefined && { seed: integerFlag('seed', flags.seed, 0, 2 ** 32 - 1) }),
      ...(flags.signals !== undefined && { signals: flags.signals.split(',') }),
      ...(flags.vcd !== undefined && { vcd: resolve(io.cwd, flags.vcd) }),
    };
    const cycles = integerFlag('cycles', flags.cycles, 0, MAX_CYCLES);
    const design = await target(word, flags.params, io.cwd);
    const session = asUser(() => new Session(design, options));
    try {
      asUser(() => {
        if (flags.reset && session.hasReset) session.execute('reset');
        for (const poke of flags.poke) session.execute(`poke ${poke.replaceAll(',', ' ')}`);
      });
      if (flags.commands !== undefined) return await follow(session, readCommands(flags.commands, io.cwd), flags, io);
      if (flags.interactive) return await interactive(session, flags, io, input);
      asUser(() => {
        session.execute(`step ${cycles}`);
        print(session.execute('wave') as Answer, 'wave', session, flags, io);
      });
      return 0;
    } finally {
      session.sim.close();
    }
  });
}

/** Each line of `--json` is an object, an error's, too. */
function commanded(argv: readonly string[], io: Io, body: () => Promise<number>): Promise<number> {
  return guarded('sim', argv, io, body, 'line');
}

function command(): Command {
  return new Command('sim')
    .usage('-- FILE[:MODULE] [flags]')
    .description('Simulates a module of a TypeScript file: some cycles with a waveform, or interactively.')
    .option('-i, --interactive', 'read commands from the terminal, or from stdin')
    .option('--commands <FILE>', 'read commands from a file')
    .option('--params <JSON>', 'the configuration of the module')
    .option(
      '--poke <PORT=VALUE>',
      'an input, held from the reset on; may be given several times',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--cycles <N>', 'cycles behind the reset', '16')
    .option('--no-reset', 'leave out the cycle of reset at the start')
    .option('--signals <PATHS>', 'what waveforms show, with commas (default: the ports)')
    .option('--engine <ENGINE>', `one of ${ENGINES.join(', ')} (default: systole)`)
    .option('--seed <N>', 'of start values (default: SYSTOLE_SEED, or 1)')
    .option('--vcd <FILE>', 'write a waveform file, too; with the ending .fst for GTKWave and Surfer')
    .option('--json', 'print one JSON object on stdout, of commands one a line')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

async function target(word: string | undefined, params: string | undefined, cwd: string): Promise<Design> {
  if (word === undefined || !/\.[cm]?[jt]s(:\w+)?$/.test(word))
    throw new UserError({
      code: 'no-target',
      message: word === undefined ? 'no module is named' : `${show(word)} is no TypeScript file`,
      help: 'write npm run sim -- src/my-module.ts, or src/my-module.ts:MyModule',
    });
  const [first, ...others] = await proveTargets(word, params, {}, cwd);
  if (others.length > 0)
    throw new UserError({
      code: 'several-modules',
      message: `${word} exports several modules: ${[first, ...others].map((t) => t?.name).join(', ')}`,
      help: `name one, such as ${word}:${first?.name}`,
    });
  return first?.design() as Design;
}

/** What the simulation refuses, with its help apart. */
function asUser<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const [message = '', help = 'see npm run sim -- --help'] = error.message.split('\n  help: ');
    throw new UserError({ code: error.code, message, help, kind: 'failure' });
  }
}

function print(answer: Answer, name: string, session: Session, { json }: SimFlags, io: Io): void {
  io.out(json ? `${JSON.stringify({ ok: true, command: name, cycle: session.sim.cycle, ...answer.data })}\n` : `${answer.text}\n`);
}

/** Carries a line out; false for `quit`. */
function carryOut(line: string, session: Session, flags: SimFlags, io: Io): boolean {
  if (isQuit(line)) return false;
  const answer = session.execute(line);
  if (answer) print(answer, line.trim().split(/[\s=]/)[0] as string, session, flags, io);
  return true;
}

/** A script: ends at the first command that is refused. */
async function follow(session: Session, lines: Iterable<string> | AsyncIterable<string>, flags: SimFlags, io: Io): Promise<number> {
  let number = 0;
  for await (const line of lines) {
    io.signal.throwIfAborted();
    number++;
    try {
      if (!asUser(() => carryOut(line, session, flags, io))) return 0;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, message, help } = error;
      throw new UserError({ code, message, help, place: `line ${number}: ${line.trim()}`, kind: 'failure' });
    }
  }
  return 0;
}

async function interactive(session: Session, flags: SimFlags, io: Io, input: NodeJS.ReadableStream & { readonly isTTY?: boolean }): Promise<number> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  io.signal.addEventListener('abort', () => lines.close(), { once: true });
  if (!input.isTTY) return follow(session, lines, flags, io);
  const ask = (): void => io.err(`cycle ${session.sim.cycle} > `);
  io.err('help tells the commands, quit ends\n');
  ask();
  for await (const line of lines) {
    // A person sees what was wrong and goes on.
    const code = await commanded(flags.json ? ['--json'] : [], io, async () => {
      if (!asUser(() => carryOut(line, session, flags, io))) lines.close();
      return 0;
    });
    if (code === EXIT_CODES.failure || !isQuit(line)) ask();
  }
  return 0;
}

function readCommands(file: string, cwd: string): string[] {
  try {
    return readFileSync(resolve(cwd, file), 'utf8').split('\n');
  } catch {
    throw new UserError({
      code: 'no-file',
      message: `there is no file ${file}`,
      place: '--commands',
      help: 'paths start from the working directory',
    });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
