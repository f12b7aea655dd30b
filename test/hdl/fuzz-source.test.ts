// A failure becomes a small program of its own: a mistake is put into the model, so that an engine seems wrong, and the program that is saved shows it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shrinkFailure } from '../fuzz/explain.ts';
import { circuitOf, Fuzzer } from '../fuzz/run.ts';
import { sourceOf } from '../fuzz/source.ts';
import type { Circuit } from '../support/circuit/data.ts';
import { OPERATORS } from '../support/reference.ts';

// Within the package, so that its name resolves.
const root = join(import.meta.dirname, '../../fuzz-failures');
let dir: string;
beforeAll(() => {
  mkdirSync(root, { recursive: true });
  dir = mkdtempSync(join(root, 'test-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function run(circuit: Circuit, seed: number, engine: string, passes = false) {
  const text = sourceOf(circuit, { seed, engine, what: 'a mistake', passes });
  const file = join(dir, `${engine}-${seed}${passes ? '-passes' : ''}.ts`);
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], { encoding: 'utf8' });
  return { text, status, said: `${stdout}${stderr}` };
}

describe('a failure as a program', () => {
  it('shows a mistake, in few lines', () => {
    const operators = OPERATORS as { [op: string]: (typeof OPERATORS)[string] };
    const { xor } = operators as { xor: (typeof OPERATORS)[string] };
    const fuzzer = new Fuzzer(['js'], false);
    try {
      operators['xor'] = [xor[0], operators['or']?.[1] as never];
      const seed = [...Array(40).keys()].map((i) => i * 5).find((s) => fuzzer.check([s]).length > 0) as number;
      const small = shrinkFailure(circuitOf(seed), seed, fuzzer, 20_000, false);
      const wrong = run(small, seed, 'js');
      expect([wrong.status, wrong.said]).toEqual([1, expect.stringMatching(/^cycle \d+: \w+ is 0x[0-9a-f]+, expected 0x[0-9a-f]+\n/)]);
      // Classes and nothing else above the steps.
      const [classes] = wrong.text.split('let design') as [string];
      expect(classes).toMatch(/^\/\/ Seed \d+, js: a mistake\n\/\/ @ts-nocheck\nimport \{.*\} from 'systole';\n/);
      expect(classes).toContain('.xor(');
      expect(classes.split('\n').length).toBeLessThan(60);
      expect(run(small, seed, 'icarus').said).toMatch(/^wrong top/m);
      operators['xor'] = xor;
      expect(run(small, seed, 'js')).toMatchObject({ status: 0, said: '' });
    } finally {
      operators['xor'] = xor;
      fuzzer.close();
    }
  });

  it.each([
    [3, 'js', false],
    [4, 'wasm', true],
    [5, 'icarus', false],
  ] as const)('whole circuits mean as programs what they mean as data: seed %i, %s', (seed, engine, passes) => {
    expect(run(circuitOf(seed), seed, engine, passes)).toMatchObject({ status: 0, said: '' });
  });
});
