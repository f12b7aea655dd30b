// Banked memories against an array of rows: who is served, what is read, what waits.

import { describe, expect, it } from 'vitest';
import { BankedMemory, type BankedMemoryConfig } from '../../../generators/accelerator/banked-memory.ts';
import { elaborate } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { type EngineName, simulate } from '../../../sim/index.ts';
import { randomWords } from '../../../sim/random.ts';
import { lint } from '../../support/verilog-tools.ts';

interface Request {
  readonly valid: boolean;
  readonly row: number;
}

/** Those requests that are served: of each bank the first. */
function served(requests: readonly Request[], bankOf: (row: number) => number): boolean[] {
  return requests.map(({ valid, row }, i) => valid && !requests.slice(0, i).some((other) => other.valid && bankOf(other.row) === bankOf(row)));
}

function run(cfg: BankedMemoryConfig, cycles: number, engine?: EngineName): void {
  const { rows, width, banks, reads, writes } = cfg;
  const words = randomWords(7, 'banked memory');
  const below = (n: number): number => words() % n;
  using sim = simulate(BankedMemory, cfg, engine ? { engine } : {});
  const model = Array.from({ length: rows }, () => Array.from({ length: width }, () => 0));
  const bankOf = (row: number): number => Math.floor(row / (rows / banks));
  const request = (): Request => ({ valid: below(3) > 0, row: below(2) === 0 ? below(rows) : below(Math.min(rows, 3)) });
  const poke = (port: string, values: object): void => {
    for (const [name, value] of Object.entries(values)) sim.poke(`${port}_${name}`, value);
  };
  // All rows get known contents through the first port.
  for (let row = 0; row < rows; row++) {
    const data = Array.from({ length: width }, () => below(256));
    poke('writers_0', { valid: 1, row, mask: Array.from({ length: width }, () => 1), data });
    sim.step();
    model[row] = data;
  }
  let expected: (readonly number[] | undefined)[] = [];
  for (let t = 0; t < cycles; t++) {
    const reading = Array.from({ length: reads }, request);
    const writing = Array.from({ length: writes }, () => ({
      ...request(),
      mask: Array.from({ length: width }, () => below(2)),
      data: Array.from({ length: width }, () => below(256)),
    }));
    reading.forEach((r, i) => poke(`readers_${i}`, r));
    writing.forEach((w, i) => poke(`writers_${i}`, w));
    expected.forEach((data, i) => {
      if (data) expect(sim.peek(`readers_${i}_data`), `reader ${i} in cycle ${t}`).toEqual(data);
    });
    const [gotten, taken] = [served(reading, bankOf), served(writing, bankOf)];
    const ready = (side: string, i: number): boolean => sim.value(`${side}_${i}_ready`) === 1;
    expect(reading.map(({ valid }, i) => valid && ready('readers', i))).toEqual(gotten);
    expect(writing.map(({ valid }, i) => valid && ready('writers', i))).toEqual(taken);
    expect(sim.value('conflicts')).toBe([...reading, ...writing].filter(({ valid }, i) => valid && ![...gotten, ...taken][i]).length);
    expected = reading.map(({ row }, i) => (gotten[i] ? [...(model[row] as number[])] : undefined));
    writing.forEach(({ row, mask, data }, i) => {
      if (taken[i]) mask.forEach((on, lane) => on && ((model[row] as number[])[lane] = data[lane] as number));
    });
    sim.step();
  }
}

describe('BankedMemory', () => {
  it.each([
    { rows: 16, width: 4, banks: 4, reads: 4, writes: 3 },
    { rows: 8, width: 2, banks: 1, reads: 3, writes: 2 },
    { rows: 8, width: 3, banks: 4, reads: 1, writes: 1 },
    { rows: 64, width: 16, banks: 2, reads: 2, writes: 2 },
  ])('$rows rows of $width bytes in $banks banks, $reads readers, $writes writers', (cfg) => run(cfg, 300));
  it('is the same on all engines, and its Verilog is clean', () => {
    const cfg = { rows: 16, width: 4, banks: 2, reads: 3, writes: 2 };
    run(cfg, 60, 'all');
    const design = elaborate(BankedMemory, cfg);
    expect(lint(emitVerilog(design), design.top.name)).toBe('');
  });
  it('refuses what no banks can be made of', () => {
    const make = (cfg: Partial<BankedMemoryConfig>) => () => elaborate(BankedMemory, { rows: 16, width: 4, banks: 2, reads: 1, writes: 1, ...cfg });
    expect(make({ rows: 12 })).toThrow('a memory of 12 rows in 2 banks');
    expect(make({ banks: 16 })).toThrow('two rows a bank');
    expect(make({ reads: 0 })).toThrow('0 readers and 1 writers');
  });
});
