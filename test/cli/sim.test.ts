// npm run sim: waveforms at once, scripts of commands, and what they refuse.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Session } from '../../cli/sim/session.ts';
import { main } from '../../cli/sim.ts';
import { elaborate } from '../../hdl/index.ts';
import { BelowFive } from '../support/below-five.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

const hdl = join(import.meta.dirname, '..', '..', 'hdl', 'index.ts');

/** A folder with a counter, and a part of it whose register has no reset. */
function folderWithModules(): string {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'modules.ts'),
    `import { bool, enumeration, input, Module, mux, output, uint, vec, when } from ${JSON.stringify(hdl)};
const Mode = enumeration('Mode', ['off', 'up', 'down']);
class Stage extends Module {
  p = this.io({ load: input(bool), d: input(uint(8)), q: output(uint(8)) });
  held = this.reg(uint(8));
  constructor() {
    super();
    when(this.p.load, () => this.held.set(this.p.d));
    this.p.q.set(this.held);
  }
}
export class Counter extends Module {
  p = this.io({ mode: input(Mode), load: input(bool), lanes: input(vec(uint(4), 2)), value: output(uint(8)), sum: output(uint(9)) });
  count = this.reg(uint(8), { reset: 0 });
  stage = this.inst(Stage);
  constructor() {
    super();
    const { p, count, stage } = this;
    when(p.mode.eq('up'), () => count.set(count.addw(1)));
    when(p.mode.eq('down'), () => count.set(count.subw(1)));
    stage.load.set(p.load);
    stage.d.set(count);
    p.value.set(mux(p.mode.eq('off'), p.lanes.at(1), count));
    p.sum.set(stage.q.add(count));
  }
}
export class Plain extends Module {
  p = this.io({ a: input(uint(4)), q: output(uint(4)) });
  constructor() {
    super();
    this.p.q.set(this.p.a);
  }
}
`,
  );
  return folder;
}

const run = (argv: readonly string[], cwd = folderWithModules(), lines?: string) =>
  runMain((args, io) => main(args, io, Readable.from(lines === undefined ? [] : [lines])), argv, { cwd, env: process.env });

/** Runs commands from a file; places in the test's own file lose their folder. */
async function follow(...commands: string[]) {
  const cwd = folderWithModules();
  writeFileSync(join(cwd, 'script.txt'), `${commands.join('\n')}\n`);
  const { out, ...rest } = await run(['modules.ts:Counter', '--commands', 'script.txt'], cwd);
  return { ...rest, out: out.replace(/\([^()\s]*modules\.ts:(\d+)\)/g, '(line $1)') };
}

describe('npm run sim', () => {
  it('resets, pokes, steps and draws', async () => {
    const { code, out } = await run([
      'modules.ts:Counter',
      '--poke',
      'mode=up',
      '--poke',
      'lanes=3,4',
      '--cycles',
      '4',
      '--signals',
      'mode,value,count',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^cycle +0 +1 +2 +3 +4 +5?/);
    expect(out).toMatch(/^mode +│off│up$/m);
    expect(out).toMatch(/^count .*│00 *│01 *│02 *│03 *│04/m);
    expect(out).toMatch(/^# 6 cycles of 3 signals: [0-9a-f]{16}$/m);
  });

  it('follows a script', async () => {
    const { code, out } = await follow(
      '# a comment, and an empty line',
      '',
      'poke mode up',
      'step 3',
      'snapshot',
      'peek count value',
      'run',
      'expect count 4',
      'restore',
      'expect count 0x3',
      'poke lanes=1 9',
      'peek lanes',
      'signals cou',
      'hierarchy',
      'quit',
      'this is never read',
    );
    expect(out).toMatch(
      /^mode = up\ncycle 4\ncycle 4 is kept as last\ncount = 3\nvalue = 3\ncycle 5\nvalue = 4\nsum = \d+\ncount = 4, as expected\ncycle 4\ncount = 3, as expected\nlanes = \[1, 9\]\nlanes = \[1, 9\]\ncount: u8\ncounter\n {2}stage: stage\n$/,
    );
    expect(code).toBe(0);
  });

  it('traces a value to what drives it now', async () => {
    const { out } = await follow('poke mode up', 'step 2', 'why value');
    expect(out.split('\n').slice(2).join('\n')).toBe(`value = 2  mux(eq(mode, 0), extend(lanes[1], 8), count) (line 23)
  mode = up  input of the top (line 13)
  count = 2  register, reset by rst; takes addw(count, 1) when eq(mode, 1) at the next edge (line 14)
    mode = up  input of the top (line 13)
`);
  });

  it('traces an X to the state that started at random, and no longer when it was loaded', async () => {
    const before = await follow('why sum', 'why stage.held 0');
    expect(before.out.replaceAll(/= \d+/g, '= N')).toBe(`sum = N X  add(stage_q, count) (line 24)
  stage_q = N X  output of stage (line 15)
    stage.q = N X  held (line 9)
      stage.held = N X  register without reset: it starts at random; holds at the next edge (line 5)
stage.held = N X  register without reset: it starts at random; holds at the next edge (line 5)
`);
    const after = await follow('poke load 1', 'step', 'why sum 1');
    expect(after.out).toMatch(/^sum = 0 {2}add/m);
    expect(after.out).not.toContain(' X ');
  });

  it('reads stdin, and says all in JSON', async () => {
    const { code, out } = await run(['modules.ts:Counter', '-i', '--json'], undefined, 'poke mode down\nstep 2\npeek count\nwhy value\n');
    expect(code).toBe(0);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map((a) => [a.ok, a.command, a.cycle])).toEqual([
      [true, 'poke', 1],
      [true, 'step', 3],
      [true, 'peek', 3],
      [true, 'why', 3],
    ]);
    expect(answers[2].values).toEqual({ count: '254' });
    expect(answers[3].reason).toMatchObject({ path: 'value', unknown: false, drivers: [{ path: 'mode' }, { path: 'count' }] });
  });

  it('ends a script at the first command that is refused', async () => {
    const said = async (...commands: string[]) => (await follow(...commands)).err;
    expect(await said('step', 'expect count 1', 'step')).toBe(
      'sim: line 2: expect count 1: SIM-E006: `count` in cycle 2: expected 0x01 (1), actual 0x00 (0)\n  help: SYSTOLE_SEED=1 repeats the run\n',
    );
    expect(await said('pok mode up')).toMatch(/^sim: line 1: pok mode up: there is no command pok; .*\n {2}help: did you mean poke\?\n$/);
    expect(await said('poke mode left')).toBe('sim: line 1: poke mode left: "left" is no value\n  help: write one of off, up, down\n');
    expect(await said('poke value 3')).toMatch(/SIM-E003: `value` is an output and cannot be poked\n {2}help: /);
    expect(await said('poke lanes 1 16')).toMatch(/SIM-E004/);
    expect(await said('peek coun')).toMatch(/SIM-E001: no signal `coun` in the top module counter\n {2}help: did you mean count\?/);
    expect(await said('step two')).toBe('sim: line 1: step two: "two" is no whole number\n  help: write step [N] [CLOCK]\n');
    expect(await said('poke mode')).toBe('sim: line 1: poke mode: poke with 1 words behind it\n  help: write poke PORT VALUE …\n');
    expect(await said('restore')).toBe('sim: line 1: restore: there is no snapshot last; there are none\n  help: write snapshot first\n');
    expect((await follow('expect count 1')).code).toBe(1);
  });

  it('refuses what it does not know', async () => {
    const said = async (...argv: string[]) => (await run(argv)).err;
    expect(await said()).toBe('sim: no module is named\n  help: write npm run sim -- src/my-module.ts, or src/my-module.ts:MyModule\n');
    expect(await said('modules')).toMatch(/^sim: "modules" is no TypeScript file\n/);
    expect(await said('modules.ts')).toBe('sim: modules.ts exports several modules: Counter, Plain\n  help: name one, such as modules.ts:Counter\n');
    expect(await said('modules.ts:Countr')).toMatch(/help: did you mean modules\.ts:Counter\?\n$/);
    expect(await said('modules.ts:Plain', '--engine', 'verilate')).toMatch(/^sim: --engine: .*\n {2}help: did you mean verilator\?\n$/);
    expect(await said('modules.ts:Plain', '--poke', 'b=1')).toMatch(/^sim: SIM-E001: no signal `b` in the top module plain\n/);
    expect(await said('modules.ts:Plain', '--commands', 'none.txt')).toBe(
      'sim: --commands: there is no file none.txt\n  help: paths start from the working directory\n',
    );
    expect(await said('modules.ts:Plain', '--cycles', '-1')).toMatch(/^sim: --cycles: /);
    expect((await run(['modules.ts'])).code).toBe(2);
    const { out } = await run(['--help']);
    expect(out).toContain('npm run sim -- FILE[:MODULE] [flags]');
  });

  it('prints errors on one line of JSON, as answers', async () => {
    const cwd = folderWithModules();
    const { code, out } = await run(['modules.ts:Counter', '--interactive', '--json'], cwd, 'peek value\nexpect value 9\npeek value\n');
    expect(code).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).ok)).toEqual([true, false]);
    expect(JSON.parse(lines[1] as string).error.code).toBe('SIM-E006');
  });

  it('remembers the cycles before a step that an assertion stops', () => {
    const session = new Session(elaborate(BelowFive), { cwd: '.' });
    session.execute('reset');
    expect(() => session.execute('step 10')).toThrow(/SIM-E011/);
    expect(session.execute('why count 1')?.text).toMatch(/^count = 5\b/);
    // The count is known in all runs, whatever they started from.
    expect(session.execute('why count 1')?.text).not.toMatch(/X/);
    expect(session.execute('wave n')?.text).toContain('│05');
  });
});
