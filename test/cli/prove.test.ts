// npm run prove: what it prints, writes and refuses.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/prove.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

const run = (argv: readonly string[], cwd = temporaryFolder()) => runMain(main, argv, { cwd, env: process.env });
const hdl = join(import.meta.dirname, '..', '..', 'hdl', 'index.ts');

/** A file with one module: counts to `most`, and says that it stays below `bound`. */
function counterFile(folder: string): void {
  writeFileSync(
    join(folder, 'counter.ts'),
    `import { assert, cover, Module, output, uint, when } from ${JSON.stringify(hdl)};
export class Upto extends Module {
  p = this.io({ q: output(uint(3)) });
  q = this.reg(uint(3), { reset: 0 });
  constructor(cfg) {
    super(cfg);
    when(this.q.lt(cfg.most), () => this.q.set(this.q.addw(1)));
    this.p.q.set(this.q);
    assert(this.q.lt(4), 'below four');
    cover(this.q.eq(2), 'two');
  }
}
export const nothing = 1;
`,
  );
}

describe('npm run prove', () => {
  it('shows a run that breaks an assertion, writes its waves and fails', async () => {
    const folder = temporaryFolder();
    counterFile(folder);
    const { code, out } = await run(['counter.ts:Upto', '--params', '{"most":5}'], folder);
    expect(out.replace(/\(\d+\.\d s\)/, '(TIME)').replace(/\([^()]*counter\.ts:\d+\)/g, '(PLACE)')).toBe(`Upto (TIME)
  refuted in cycle 5  assert "below four" (PLACE)
      cycle 0 1 2 3 4 5
      rst   1 0 0 0 0 0
      q     ${out.match(/^ {6}q +(\d)/m)?.[1]} 0 1 2 3 4
      seen by the simulator too
      waves: build/prove/upto-below-four.vcd
  reached in cycle 3  cover "two" (PLACE)

1 refuted, 1 reached
`);
    expect(code).toBe(1);
    expect(readFileSync(join(folder, 'build/prove/upto-below-four.vcd'), 'utf8')).toMatch(/^\$version Systole \$end/);
  });

  it('says so in JSON when all is well, and writes nothing', async () => {
    const folder = temporaryFolder();
    counterFile(folder);
    const { code, out } = await run(['counter.ts', '--params', '{"most":3}', '--json', '--depth', '8', '--induction'], folder);
    expect(JSON.parse(out)).toMatchObject({ ok: true, designs: [{ name: 'Upto', properties: [{ outcome: 'proved' }, { outcome: 'reached' }] }] });
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });

  it('refuses what it does not know', async () => {
    const folder = temporaryFolder();
    counterFile(folder);
    const said = async (...argv: string[]) => (await run(argv, folder)).err;
    expect(await said('fifi')).toMatch(/^prove: "fifi" is neither a file nor one of fifo, .*\n {2}help: did you mean fifo\?\n$/);
    expect(await said('count.ts')).toBe('prove: there is no file count.ts\n  help: paths start from the working directory\n');
    expect(await said('counter.ts:Uptoo')).toBe(
      'prove: counter.ts exports no module Uptoo; it exports Upto\n  help: did you mean counter.ts:Upto?\n',
    );
    expect(await said('counter.ts')).toMatch(/^prove: Upto could not be elaborated: .*\n {2}help: pass its configuration with --params JSON\n$/);
    expect(await said('counter.ts', '--params', '{most:3}')).toMatch(/^prove: --params: parameters are "\{most:3\}", which is no JSON: /);
    expect(await said('fifo', '--params', '{}')).toMatch(/^prove: --params: parameters belong to a module of a file/);
    expect(await said('fifo', '--engine', 'pdf')).toBe('prove: --engine: engine "pdf" is none of pdr, bmc, induction\n  help: did you mean pdr?\n');
    expect(await said('fifo', '--engine', 'bmc', '--induction')).toMatch(/^prove: --engine: --induction and --engine bmc are two engines/);
    expect(await said('fifo', '--depth', '0')).toMatch(/^prove: --depth: depth is "0", which is below 1/);
    expect((await run(['fifi'])).code).toBe(2);
  });

  it('says the one command that installs what is missing', async () => {
    const { code, err } = await runMain(main, ['gray'], { cwd: temporaryFolder(), env: { PATH: '/nowhere' } });
    expect(err).toContain(
      'prove: yosys is not installed: there is no such program in PATH\n  help: install it, on Debian or Ubuntu with apt-get install yosys\n',
    );
    expect(code).toBe(1);
  });
});
