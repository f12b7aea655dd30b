// Breaks the project on purpose, one mistake at a time, in a copy, and checks that the tests notice.
//
//     npm run mutate                 all mutations of scripts/mutations
//     npm run mutate -- printer      those whose description contains a word

import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { MUTATIONS, type Mutation } from './mutations/index.ts';

const root = join(import.meta.dirname, '..');
const program = new Command('mutate')
  .description('Breaks the project on purpose, one mistake at a time, in a copy, and checks that the tests notice.')
  .argument('[word]', 'only mutations whose description contains it', '')
  .addHelpText('after', '\nExamples:\n  npm run mutate\n  npm run mutate -- printer')
  .parse();
const [wanted] = program.processedArgs as [string];
const mutations = MUTATIONS.filter((m) => m.what.includes(wanted));
if (mutations.length === 0) program.error(`error: no mutation is described with '${wanted}'; scripts/mutations lists all`);
const copy = await mkdtemp(join(tmpdir(), 'systole-mutate-'));

async function copyProject(): Promise<void> {
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of stdout.split('\n')) await cp(join(root, file), join(copy, file), { recursive: false }).catch(() => undefined);
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** The first test that fails, or undefined when all pass. */
async function firstFailure(tests: readonly string[]): Promise<string | undefined> {
  const { exitCode, all } = await execa('vitest', ['run', '--bail', '1', ...tests], {
    cwd: copy,
    localDir: root,
    preferLocal: true,
    reject: false,
    all: true,
    env: { SYSTOLE_CACHE: join(copy, '.cache'), NO_COLOR: '1' },
  });
  return exitCode === 0 ? undefined : (/FAIL\s+(.*)/.exec(all)?.[1] ?? all.slice(-500));
}

/** The test that noticed, or undefined. */
async function caught({ file, find, replace, tests }: Mutation): Promise<string | undefined> {
  const path = join(copy, file);
  const original = await readFile(path, 'utf8');
  if (original.split(find).length !== 2) throw new Error(`${file}: \`${find}\` stands ${original.split(find).length - 1} times, expected once`);
  await writeFile(
    path,
    original.replace(find, () => replace),
  );
  const by = await firstFailure(tests);
  await writeFile(path, original);
  return by;
}

let survivors = 0;
try {
  await copyProject();
  const before = await firstFailure([...new Set(mutations.flatMap((m) => m.tests))]);
  if (before) throw new Error(`the tests must pass before anything is broken: ${before}`);
  for (const mutation of mutations) {
    const by = await caught(mutation);
    if (!by) survivors++;
    console.log(`${by ? 'caught  ' : 'SURVIVED'}  ${mutation.what}  (${dirname(mutation.file)})${by ? `: ${by.slice(0, 110)}` : ''}`);
  }
} finally {
  await rm(copy, { recursive: true, force: true });
}
console.log(survivors === 0 ? 'every mutation was caught' : `${survivors} mutations survived`);
process.exitCode = survivors === 0 ? 0 : 1;
