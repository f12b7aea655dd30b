// Tools that are missing, fail, crash or hang: what is said, and that nothing is left running.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { runChild, runIcarus, runVerilator, targetOfConfig } from '../../sim/cosim/index.ts';
import { fakeProgram, inFolder, options, someRun } from './helpers.ts';

const unit = targetOfConfig({ rows: 1, cols: 2, dataflow: 'os' }, 'failing_unit');
const runs = [someRun(unit)];

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition()).toBe(true);
}

describe('tools', () => {
  it('that are missing are named, with what to install', async () => {
    const nowhere = { ...options, env: { PATH: '/nonexistent' } };
    const missing = (program: string, packages: string) => ({
      code: 'missing-tool',
      exitCode: 1,
      message: expect.stringContaining(`${program} is not installed`),
      help: expect.stringContaining(`apt-get install ${packages}`),
    });
    await expect(runVerilator(unit, runs, nowhere)).rejects.toMatchObject(missing('verilator', 'verilator'));
    await expect(runIcarus(unit, runs, nowhere)).rejects.toMatchObject(missing('iverilog', 'iverilog'));
  });

  it('that fail are quoted', () =>
    inFolder(async (folder) => {
      fakeProgram(
        folder,
        'verilator',
        'case "$1" in --version) echo Verilator 0;; --getenv) echo /r;; *) echo "%Error: the moon is full" >&2; exit 3;; esac',
      );
      fakeProgram(folder, 'g++', 'exit 0');
      const fake = { ...options, env: { PATH: `${folder}:/usr/bin:/bin`, SYSTOLE_CACHE: join(folder, 'cache') } };
      await expect(runVerilator(unit, runs, fake)).rejects.toMatchObject({
        code: 'tool-failed',
        message: expect.stringMatching(/verilator exited with code 3:\n +%Error: the moon is full/),
      });
    }));

  it('that refuse the RTL are quoted', async () => {
    const broken = { ...unit, rtl: unit.rtl.map(({ name, text }) => ({ name, text: text.replace('endmodule', 'endmodul') })) };
    await expect(runVerilator(broken, runs, options)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('syntax error'),
    });
    await expect(runIcarus(broken, runs, options)).rejects.toMatchObject({ code: 'tool-failed', message: expect.stringContaining('syntax error') });
  });

  it('that take too long are stopped', async () => {
    const late = runChild('sleep', ['60'], { ...options, timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ code: 'tool-timeout', message: expect.stringContaining('sleep did not end within 0.1 s') });
  });
});

describe('simulations', () => {
  it('that crash are reported with their signal', async () => {
    const crashing = {
      ...unit,
      harness: { ...unit.harness, verilator: unit.harness.verilator.replace('int main(int argc, char** argv) {', '$&\n    std::abort();') },
    };
    await expect(runVerilator(crashing, runs, options)).rejects.toMatchObject({
      code: 'testbench-crashed',
      message: expect.stringContaining('was ended by SIGABRT'),
    });
  });

  it('that end without a verdict are no pass', async () => {
    const silent = { ...unit, harness: { ...unit.harness, icarus: unit.harness.icarus.replace(/\$display\("PASS[^;]*;/, '') } };
    await expect(runIcarus(silent, runs, options)).rejects.toMatchObject({ code: 'testbench-crashed' });
  });
});

describe('child processes', () => {
  it('end with their own children when the work is aborted', () =>
    inFolder(async (folder) => {
      const controller = new AbortController();
      const pidFile = join(folder, 'pid');
      const child = runChild('sh', ['-c', `sleep 300 & echo $! > ${pidFile}; wait`], { ...options, signal: controller.signal });
      const ended = expect(child).rejects.toThrow('enough');
      await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
      controller.abort(new Error('enough'));
      await ended;
      await until(() => !alive(Number(readFileSync(pidFile, 'utf8'))));
    }));

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`end with their own children when the command gets ${signal}`, () =>
      inFolder(async (folder) => {
        const pidFile = join(folder, 'pid');
        fakeProgram(
          folder,
          'verilator',
          `case "$1" in --version) echo Verilator 0;; --getenv) echo /r;; *) sleep 300 & echo $! > ${pidFile}; wait;; esac`,
        );
        fakeProgram(folder, 'g++', 'exit 0');
        const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, SYSTOLE_CACHE: join(folder, 'cache') };
        const args = ['--import', 'tsx', 'cli/cosim.ts', '--rows', '1', '--cols', '1', '--engines', 'verilator'];
        const command = execa(process.execPath, args, { env, reject: false });
        await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
        command.kill(signal);
        const { exitCode } = await command;
        expect(exitCode).toBe(code);
        await until(() => !alive(Number(readFileSync(pidFile, 'utf8'))));
      }));
  }
});
