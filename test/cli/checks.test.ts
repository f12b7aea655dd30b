// The checks of scripts/ as commands: what they say of themselves, print for scripts and refuse.

import { describe, expect, it } from 'vitest';
import { main as arithmetic } from '../../scripts/check-arithmetic.ts';
import { main as blocks } from '../../scripts/check-blocks.ts';
import { main as elements } from '../../scripts/check-elements.ts';
import { main as floats } from '../../scripts/check-floats.ts';
import { main as testfloat } from '../../scripts/check-testfloat.ts';
import { main as operators } from '../../scripts/prove-operators.ts';
import { main as passes } from '../../scripts/prove-passes.ts';
import { runMain } from '../support/cli.ts';

const COMMANDS = {
  'check:arithmetic': arithmetic,
  'test:blocks': blocks,
  'test:elements': elements,
  'test:floats': floats,
  'test:testfloat': testfloat,
  'prove:operators': operators,
  'prove:passes': passes,
};
const run = (name: keyof typeof COMMANDS, ...argv: string[]) => runMain(COMMANDS[name], argv, { cwd: process.cwd(), env: process.env });

describe('the checks', () => {
  it.each(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])('%s says what it does, with examples and exit codes', async (name) => {
    const { code, out, err } = await run(name, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Usage: npm run ${name} -- \\[flags\\]\n`));
    expect(out).toMatch(/--json .*\n[\s\S]*Examples:\n {2}npm run [\s\S]*Exit codes: 0 /);
  });

  it.each([
    ['check:arithmetic', ['--every', '0'], 'bad-every', 'every is "0", which is below 1: it must be a whole number from 1 to 1000000'],
    ['check:arithmetic', ['--widths', '8,x'], 'bad-widths', 'widths is "x", which is text, not a number: it must be a whole number from 1 to 1024'],
    ['test:blocks', ['--size', '64'], 'bad-size', 'size is "64", which is above 32: it must be a whole number from 1 to 32'],
    ['test:floats', ['--engine', 'icarus'], 'bad-engine', 'engine "icarus" is none of wasm, js, verilator'],
    ['test:floats', ['--only', 'fp17'], 'no-cell', 'no cell has "fp17" in its name'],
    ['test:testfloat', [], 'missing-dir', 'no folder with vectors is named'],
    ['test:elements', ['--only', 'bf17'], 'no-element', 'no element has "bf17" in its name'],
    ['test:elements', ['bf16'], 'unexpected-argument', 'unexpected word "bf16": everything is said by flags'],
    ['prove:operators', ['--kind', 'uint,int'], 'bad-kind', 'kind "int" is none of uint, sint'],
    ['prove:operators', ['--first', '-1'], 'bad-first', 'first is "-1", which is below 0: it must be a whole number from 0 to 1024'],
    ['prove:passes', ['--by', 'z3'], 'bad-by', 'by "z3" is none of abc, sat'],
    [
      'prove:passes',
      ['--circuits', '1.5'],
      'bad-circuits',
      'circuits is "1.5", which has a fraction: it must be a whole number from 1 to 4294967295',
    ],
    ['prove:passes', ['--seeds', '1'], 'unknown-flag', expect.stringContaining('unknown flag --seeds')],
  ] as const)('%s refuses %j', async (name, argv, code, message) => {
    const result = await run(name, ...argv, '--json');
    expect(result.code).toBe(2);
    expect(result.err).toMatch(new RegExp(`^${name}: .+\n  help: .+\n$`));
    expect(JSON.parse(result.out)).toMatchObject({ ok: false, error: { code, message } });
  });

  it('answer scripts with one object', async () => {
    const { code, out } = await run('prove:operators', '--widths', '1,2', '--first', '2', '--kind', 'sint', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ ok: true, kinds: ['sint'], firsts: [2], widths: [1, 2], cases: 69, solved: expect.any(Number), differ: [] });
  });
});
