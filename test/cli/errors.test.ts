// Endings of commands: exit codes, texts, progress.

import { describe, expect, it } from 'vitest';
import { guarded, Interrupted, UserError } from '../../cli/errors.ts';
import { createProgress } from '../../cli/progress.ts';
import { runMain } from '../support/cli.ts';

function ending(error: unknown, argv: readonly string[] = [], env: Record<string, string> = {}) {
  const main = (args: readonly string[], io: Parameters<Parameters<typeof runMain>[0]>[1]) => guarded('tool', args, io, () => Promise.reject(error));
  return runMain(main, argv, { cwd: '/', env });
}

describe('a command that throws', () => {
  it('reports a wrong request with 2, a failure with 1', async () => {
    const wrong = new UserError({ code: 'bad-x', message: 'x is 3', place: 'f.yaml:1:2', help: 'write 4' });
    expect(await ending(wrong)).toEqual({ code: 2, out: '', err: 'tool: f.yaml:1:2: x is 3\n  help: write 4\n' });
    const failed = new UserError({ code: 'no-tool', message: 'no tool', help: 'install it', kind: 'failure' });
    expect(await ending(failed, ['--json'])).toEqual({
      code: 1,
      out: `${JSON.stringify({ ok: false, error: { code: 'no-tool', message: 'no tool', help: 'install it' } }, null, 2)}\n`,
      err: 'tool: no tool\n  help: install it\n',
    });
  });

  it('asks to report its own faults, with a stack only on demand', async () => {
    const quiet = await ending(new TypeError('x of undefined'));
    expect(quiet).toMatchObject({ code: 1, err: expect.stringMatching(/internal error: x of undefined\n.*please report/) });
    expect(quiet.err).not.toContain('    at ');
    expect((await ending(new TypeError('x of undefined'), [], { SYSTOLE_DEBUG: '1' })).err).toContain('    at ');
    expect(JSON.parse((await ending('text', ['--json'])).out)).toMatchObject({ ok: false, error: { code: 'internal', message: 'text' } });
  });

  it('ends with 130 and 143 when stopped', async () => {
    expect((await ending(new Interrupted('SIGINT'))).code).toBe(130);
    expect((await ending(new Interrupted('SIGTERM'))).code).toBe(143);
  });
});

describe('progress', () => {
  function record(errIsTerminal: boolean): string[] {
    const lines: string[] = [];
    let time = 0;
    const progress = createProgress('tool', { err: (text) => lines.push(text), errIsTerminal }, () => time);
    progress.step('working');
    for (let i = 1; i <= 5; i++) {
      time += 1000;
      progress.count(i, 5);
    }
    progress.done();
    return lines;
  }

  it('rewrites one line of a terminal and clears it', () => {
    const lines = record(true);
    expect(lines).toContain('\r\u001b[Kworking … 3 of 5');
    expect(lines.at(-1)).toBe('\r\u001b[K');
    expect(lines.join('')).not.toContain('\n');
  });

  it('writes few plain lines into a log', () => {
    expect(record(false)).toEqual(['tool: working …\n', 'tool: working … 2 of 5\n', 'tool: working … 4 of 5\n']);
  });
});
