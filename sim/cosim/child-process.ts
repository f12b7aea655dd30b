// Child processes that never outlive us.
//
// Invariant: each child leads a process group of its own, and its group is killed on abort, on time-out, when this process exits and when a signal ends
// it: `verilator` is a script and `g++` a driver, whose own children a plain kill would leave behind.
// Refused: a program that is not there (UserError `missing-tool`), one that takes too long (`tool-timeout`).

import { execa } from 'execa';
import { UserError } from '../../flows/user-error.ts';
import { enter, isRunning, killGroup, leave } from './process-groups.ts';

export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export interface Finished {
  /** Undefined when a signal ended the child. */
  readonly exitCode: number | undefined;
  readonly killedBy: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Debian package of each simulator, which a run can do without, and of each other tool. */
const SIMULATORS: Readonly<Record<string, string>> = { verilator: 'verilator', 'g++': 'g++', iverilog: 'iverilog', vvp: 'iverilog' };
const TOOLS: Readonly<Record<string, string>> = { yosys: 'yosys', 'yosys-abc': 'yosys', 'yosys-smtbmc': 'yosys', z3: 'z3' };
const DEFAULT_TIMEOUT_MS = 600_000;
const GRACE_MS = 1000;

/**
 * Runs a program to its end, whatever its exit code.
 *
 * @throws UserError, or the reason of the abort
 */
export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<Finished> {
  const { env, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  signal.throwIfAborted();
  const begin = performance.now();
  const child = execa(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...{ env: env as Record<string, string>, extendEnv: false, reject: false, stdin: 'ignore', detached: true, cleanup: false },
  });
  const { pid } = child;
  if (pid !== undefined) enter(pid);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(pid, 'SIGKILL');
  }, timeoutMs);
  const stop = () => {
    killGroup(pid, 'SIGTERM');
    setTimeout(() => pid !== undefined && isRunning(pid) && killGroup(pid, 'SIGKILL'), GRACE_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await child;
    signal.throwIfAborted();
    if (late) throw timeout(program, timeoutMs);
    if (result.code === 'ENOENT' || result.code === 'EACCES') throw missingTool(program);
    if (result.exitCode === undefined && result.signal === undefined) throw result;
    const seconds = (performance.now() - begin) / 1000;
    return { exitCode: result.exitCode, killedBy: result.signal, stdout: result.stdout, stderr: result.stderr, seconds };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    if (pid !== undefined) leave(pid);
  }
}

/**
 * Runs a tool that must succeed.
 *
 * @throws UserError `tool-failed` with the end of what the tool said
 */
export async function runTool(program: string, args: readonly string[], options: ChildOptions): Promise<Finished> {
  const finished = await runChild(program, args, options);
  if (finished.exitCode === 0) return finished;
  throw toolFailed(program, endOf(finished), `${finished.stderr}\n${finished.stdout}`);
}

/** What a tool that failed is reported as. @param how it ended */
export function toolFailed(program: string, how: string, said: string): UserError {
  return new UserError({
    code: 'tool-failed',
    message: `${program} ${how}:\n${lastLines(said)}`,
    help: `mend what ${program} complains about; if the files are as generated, please report it`,
    kind: 'failure',
  });
}

/** `exited with code 1`, `was ended by SIGSEGV` */
export function endOf({ exitCode, killedBy }: Finished): string {
  return killedBy ? `was ended by ${killedBy}` : `exited with code ${exitCode}`;
}

/** The end of a tool's output, which is where it says why. */
export function lastLines(text: string, most = 20): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0
    ? '  (it printed nothing)'
    : lines
        .slice(-most)
        .map((line) => `  ${line}`)
        .join('\n');
}

function missingTool(program: string): UserError {
  const packages = SIMULATORS[program] ?? TOOLS[program] ?? program;
  const otherwise = program in SIMULATORS ? ', or leave out the engine with --engines' : '';
  return new UserError({
    code: 'missing-tool',
    message: `${program} is not installed: there is no such program in PATH`,
    help: `install it, on Debian or Ubuntu with apt-get install ${packages}${otherwise}`,
    kind: 'failure',
  });
}

function timeout(program: string, ms: number): UserError {
  return new UserError({
    code: 'tool-timeout',
    message: `${program} did not end within ${ms / 1000} s and was stopped`,
    help: 'choose a smaller unit or a shorter run',
    kind: 'failure',
  });
}
