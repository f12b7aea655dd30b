// The cache of builds.

import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cached, cacheFolder, hashOf, runVerilator, targetOfConfig } from '../../sim/cosim/index.ts';
import { inFolder, options, someRun } from './helpers.ts';

describe('hashOf', () => {
  it('depends on every part and on where parts end', () => {
    const hashes = [['ab', 'c'], ['a', 'bc'], ['abc'], ['ab', 'd']].map(hashOf);
    expect(new Set(hashes).size).toBe(4);
  });
});

describe('cached', () => {
  it('makes an entry once, also when asked twice at a time', () =>
    inFolder(async (folder) => {
      let made = 0;
      const make = async (stage: string) => {
        made++;
        await new Promise((resolve) => setTimeout(resolve, 20));
        writeFileSync(join(stage, 'x'), 'y');
      };
      const entries = await Promise.all([cached(folder, 'k', make), cached(folder, 'k', make)]);
      expect(entries.map((entry) => entry.path)).toEqual([join(folder, 'k'), join(folder, 'k')]);
      expect(await cached(folder, 'k', make)).toEqual({ path: join(folder, 'k'), cached: true });
      expect(made).toBe(1);
    }));

  it('keeps nothing of an entry that failed', () =>
    inFolder(async (folder) => {
      const fails = async (stage: string) => {
        writeFileSync(join(stage, 'half'), '');
        throw new Error('no');
      };
      await expect(cached(folder, 'k', fails)).rejects.toThrow('no');
      expect(readdirSync(folder)).toEqual([]);
    }));

  it('forgets what nobody used for a month', () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, 'old'));
      utimesSync(join(folder, 'old'), new Date(0), new Date(0));
      await cached(folder, 'new', async () => undefined);
      expect(existsSync(join(folder, 'old'))).toBe(false);
    }));
});

describe('cacheFolder', () => {
  it('is where SYSTOLE_CACHE says', () =>
    inFolder((folder) => expect(cacheFolder({ SYSTOLE_CACHE: join(folder, 'a', 'b') })).toBe(join(folder, 'a', 'b'))));
});

describe('builds', () => {
  it('are found again for the same text and made anew for another', () =>
    inFolder(async (folder) => {
      const here = { ...options, env: { ...process.env, SYSTOLE_CACHE: folder } };
      const unit = targetOfConfig({ rows: 1, cols: 1, dataflow: 'ws' }, 'cached_unit');
      const runs = [someRun(unit)];
      const build = async (target: typeof unit) => (await runVerilator(target, runs, here)).cached;
      expect(await build(unit)).toBe(false);
      expect(await build(unit)).toBe(true);
      const harness = { ...unit.harness, verilator: `${unit.harness.verilator}// changed\n` };
      expect(await build({ ...unit, harness })).toBe(false);
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    }));
});
