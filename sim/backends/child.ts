// A simulator as a child process that is talked to synchronously, through named pipes.
//
// Invariants: one message is under way at a time, no longer than a pipe holds, so that neither side waits for the other to read. The child ends with
// its input, with `close` and with this process. Replies are lines that start with `=`; anything else it says is kept for error messages.
// Refused: a child that ended (SIM-E022), one that does not answer in time (SIM-E023).

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enter, killGroup, leave } from '../cosim/process-groups.ts';
import { SimulationError } from '../errors.ts';

/** A pipe holds 64 KiB; longer messages would wait for a child that waits for us. */
export const LONGEST_MESSAGE = 32_768;
/** Reads without a pause before the first one, then milliseconds of a pause. */
const SPINS = 30;
const SHORTEST_PAUSE_MS = 0.05;
const LONGEST_PAUSE_MS = 2;
/** Lines of the child's words that are shown. */
const SHOWN_LINES = 20;

const END = '=.\n';

export class Child {
  readonly #tool: string;
  readonly #timeoutMs: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #input: number;
  readonly #output: number;
  readonly #buffer = Buffer.alloc(65_536);
  #said = '';
  #closed = false;

  /** `cwd` is where the program runs. */
  constructor(tool: string, program: string, args: readonly string[], cwd: string, timeoutMs: number) {
    this.#tool = tool;
    this.#timeoutMs = timeoutMs;
    this.#folder = mkdtempSync(join(tmpdir(), 'systole-sim-'));
    const [input, output] = ['in', 'out'].map((name) => join(this.#folder, name)) as [string, string];
    const made = spawnSync('mkfifo', [input, output], { encoding: 'utf8' });
    if (made.status !== 0) throw new SimulationError('SIM-E022', `no pipe to ${tool} could be made: ${made.error?.message ?? made.stderr}`);
    // Held open for both directions, so that opening one end does not wait for the other.
    const both = [openSync(input, constants.O_RDWR), openSync(output, constants.O_RDWR)];
    const theirs = [openSync(input, constants.O_RDONLY), openSync(output, constants.O_WRONLY), openSync(join(this.#folder, 'err'), 'w')];
    this.#input = openSync(input, constants.O_WRONLY);
    this.#output = openSync(output, constants.O_RDONLY | constants.O_NONBLOCK);
    for (const fd of both) closeSync(fd);
    // The shell says how the program ended, which this process would learn only after it has returned to its event loop.
    const script = '"$0" "$@"; code=$?; [ $code = 0 ] || echo "exit code $code" >&2';
    this.#process = spawn('sh', ['-c', script, program, ...args], { cwd, stdio: theirs, detached: true });
    for (const fd of theirs) closeSync(fd);
    const { pid } = this.#process;
    if (pid !== undefined) {
      enter(pid);
      this.#process.once('exit', () => leave(pid));
    }
    this.#process.on('error', () => {});
    this.#process.unref();
  }

  /** Sends commands and waits for what they reply, without the `=`. */
  ask(commands: string): string[] {
    const message = `${commands}q\n`;
    try {
      writeSync(this.#input, message);
    } catch {
      throw this.#ended();
    }
    const reply = this.#read();
    return reply.split('\n').flatMap((line) => (line.startsWith('=') ? [line.slice(1)] : this.#keep(line)));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#input);
    closeSync(this.#output);
    killGroup(this.#process.pid, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The process group, for tests that end it. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  #read(): string {
    const parts: Buffer[] = [];
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const begin = performance.now();
    let tail = '\n';
    for (let idle = 0; ; ) {
      const n = this.#available();
      if (n === 0) {
        for (const line of Buffer.concat(parts).toString('latin1').split('\n')) if (!line.startsWith('=')) this.#keep(line);
        throw this.#ended();
      }
      if (n > 0) {
        idle = 0;
        parts.push(Buffer.from(this.#buffer.subarray(0, n)));
        tail = `${tail}${parts
          .at(-1)
          ?.toString('latin1')
          .slice(-END.length - 1)}`.slice(-END.length - 1);
        if (tail === `\n${END}`) return Buffer.concat(parts).toString('latin1').slice(0, -END.length);
        continue;
      }
      if (++idle <= SPINS) continue;
      const waited = performance.now() - begin;
      if (waited > this.#timeoutMs) throw this.#late();
      Atomics.wait(pause, 0, 0, Math.min(SHORTEST_PAUSE_MS * (1 + waited / 2), LONGEST_PAUSE_MS));
    }
  }

  /** Bytes read: 0 at the end of the child's output, −1 when there is nothing yet. */
  #available(): number {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return readSync(this.#output, this.#buffer, 0, this.#buffer.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return -1;
      throw error;
    } finally {
      Error.stackTraceLimit = limit;
    }
  }

  #keep(line: string): string[] {
    if (line !== '') this.#said = `${this.#said}${line}\n`.slice(-10_000);
    return [];
  }

  #words(): string {
    const lines = `${this.#said}${readFileSync(join(this.#folder, 'err'), 'utf8')}`.split('\n').filter((line) => line !== '');
    return lines.length === 0
      ? '  (it said nothing)'
      : lines
          .slice(-SHOWN_LINES)
          .map((line) => `  ${line}`)
          .join('\n');
  }

  #ended(): SimulationError {
    return new SimulationError(
      'SIM-E022',
      `${this.#tool} ended during the simulation; its last words:\n${this.#closed ? '' : this.#words()}`,
      'a $finish or $fatal in the Verilog ends it too; make a new simulation with simulate()',
    );
  }

  #late(): SimulationError {
    const said = this.#words();
    this.close();
    return new SimulationError(
      'SIM-E023',
      `${this.#tool} did not answer within ${this.#timeoutMs / 1000} s and was stopped; its last words:\n${said}`,
      'give a longer `timeoutMs`, or look for logic that never settles',
    );
  }
}
