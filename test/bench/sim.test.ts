// The benchmark of simulators: its designs are equal everywhere, its targets are judged, and the command refuses what it does not know.

import { describe, expect, it } from 'vitest';
import { designNamed } from '../../bench/sim/designs.ts';
import { onIcarus } from '../../bench/sim/icarus.ts';
import { asMarkdown } from '../../bench/sim/report.ts';
import { ENGINES, onSystole } from '../../bench/sim/systole.ts';
import { targets } from '../../bench/sim/targets.ts';
import { main } from '../../bench/sim.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

const BRIEF = { rounds: 1, seconds: 0.001 };

describe('designs of the benchmark', () => {
  it.each(['ws4', 'os4', 'fifos', 'dma', 'riscv'])('%s has one checksum on every simulator, and one that moves', async (name) => {
    const design = designNamed(name);
    const ours = ENGINES.map((engine) => onSystole(design, engine, BRIEF).checksum);
    const printed = await onIcarus(design);
    expect(new Set([...ours, printed?.checksum]).size).toBe(1);
    expect(ours[0]).not.toBe(0);
    if (design.array) expect((await onIcarus(design, 'loop'))?.checksum).toBe(printed?.checksum);
  });
});

describe('targets', () => {
  const result = (simulator: string, cyclesPerSecond: number) => ({ simulator, cyclesPerSecond, firstCycleSeconds: 0.012, checksum: 1 });
  const rows = [
    { name: 'ws64', results: [result('wasm', 2e6), result('verilator structural', 5e4), result('verilator loop', 1e5), result('icarus', 100)] },
  ];

  it('are judged by the fastest of ours against the fastest of theirs', () => {
    const all = targets(rows, { coldMilliseconds: {}, megabytes: 250 });
    const by = (text: string) => all.find((t) => t.what.includes(text));
    expect(by('best Verilator')).toMatchObject({ measured: '20×', met: 'goal' });
    expect(by('structural')).toMatchObject({ measured: '40×', met: 'goal' });
    expect(by('64×64, first cycle')).toMatchObject({ measured: '12 ms', met: 'moonshot' });
    expect(by('memory')).toMatchObject({ measured: '250 MB', met: 'missed' });
    expect(by('RISC-V')?.met).toBeUndefined();
  });

  it('are a table of the page', () => {
    const machine = { processor: 'a processor', threads: 2, gigabytes: 8, node: 'v20', tools: ['a tool'], date: '2026-01-01', load: 0.5 };
    const page = asMarkdown({
      machine,
      command: 'npm run bench:sim',
      targets: targets(rows, { coldMilliseconds: {} }),
      rows,
      extras: { coldMilliseconds: {} },
    });
    expect(page).toContain('| 64×64 against the best Verilator coding | ≥ 15× | ≥ 50× | 20× | goal |');
    expect(page).toContain('| 64×64, weight-stationary | 2.00 M | 50.0 k | 100 k | 100 | 20.00× | 12 ms | 12 ms |');
  });
});

describe('npm run bench:sim', () => {
  const run = (...argv: string[]) => runMain(main, argv, { cwd: temporaryFolder() });

  it('has help, and refuses what it does not know', async () => {
    expect((await run('--help')).out).toContain('npm run bench:sim -- --only ws64,riscv');
    expect(await run('--only', 'ws64,risc')).toMatchObject({ code: 2, err: expect.stringMatching(/^bench:sim: --only: there is no design risc; /) });
    expect((await run('--sizes', '4,x')).err).toMatch(/^bench:sim: --sizes: sizes are "4,x"\n {2}help: /);
    expect((await run('--quik')).err).toMatch(/help: did you mean --quick\?/);
  });
});
