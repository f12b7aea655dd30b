// npm run test:testfloat: whole files of TestFloat vectors, results and flags, against the golden model or the cells.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded, UserError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { disagreements } from '../test/generators/float/run-cell.ts';
import { cellOf, linesOf } from '../test/generators/float/vectors.ts';
import { differences } from '../test/golden/float/check-vectors.ts';
import { vectorFiles } from '../test/golden/float/testfloat.ts';

interface TestfloatFlags {
  readonly dir?: string;
  readonly cells?: true;
  readonly json?: true;
}

/** Differences that are shown of a file. */
const SHOWN = 5;

const EXAMPLES = `
Examples:
  npm run test:testfloat -- --dir DIR              a line for each file
  npm run test:testfloat -- --dir DIR --cells      the hardware, simulated in-process

Exit codes: 0 no difference, 1 differences, 2 the request is wrong.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:testfloat', argv, io, async () => {
    const flags = parseFlags<TestfloatFlags>(command(), argv, io);
    if (!flags) return 0;
    if (flags.dir === undefined)
      throw new UserError({
        code: 'missing-dir',
        message: 'no folder with vectors is named',
        place: '--dir',
        help: 'npm run test:testfloat -- --dir DIR',
      });
    const files: { readonly file: string; readonly cases: number; readonly differences: readonly string[] }[] = [];
    for (const file of vectorFiles(flags.dir)) {
      const cell = cellOf(file.operation, { rounding: file.rounding });
      const lines = linesOf(file, cell);
      const found = flags.cells ? disagreements(cell, lines.cases, lines) : differences(file);
      files.push({ file: file.file, cases: file.cases.length, differences: found });
      if (flags.json) continue;
      io.out(`${file.file}: ${file.cases.length} cases, ${found.length === 0 ? 'no difference' : 'DIFFERENT'}\n`);
      for (const text of found.slice(0, SHOWN)) io.out(`  ${text}\n`);
    }
    const cases = files.reduce((sum, file) => sum + file.cases, 0);
    const ok = files.every((file) => file.differences.length === 0);
    io.out(flags.json ? `${JSON.stringify({ ok, cases, files }, null, 2)}\n` : `${cases} cases, ${ok ? 'no difference' : 'DIFFERENT'}\n`);
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('test:testfloat')
    .usage('-- [flags]')
    .description('Whole files of TestFloat vectors, results and flags, against the golden model or the cells.')
    .option('--dir <DIR>', 'the folder with the vectors')
    .option('--cells', 'the hardware, simulated in-process, in place of the golden model')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
