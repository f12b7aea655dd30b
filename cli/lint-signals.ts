// npm run lint:signals, npx systole-lint: refuses TypeScript's own operators on hardware values.

import { relative } from 'node:path';
import { Command } from 'commander';
import { guarded } from './errors.ts';
import type { Io } from './io.ts';
import { type Finding, findings } from './lint/rules.ts';
import { readSources } from './lint/sources.ts';
import { parseFlags } from './options.ts';

interface LintFlags {
  readonly json?: true;
}

const HELP = `
What it refuses (what may be absent may be asked whether it is there):
  LINT-S001  if (go) …, go ? a : b, while (go) …     write when(go, () => …), mux(go, a, b)
  LINT-S002  a && b, a || b, !a                      write a.and(b), a.or(b), a.not()
  LINT-S003  a === b, a !== b, switch (a) …          write a.eq(b), a.ne(b), switchOn(a, { … })
  LINT-S004  a + b, a < b, -a, a << 1                write a.add(b), a.lt(b), a.neg(), a.shl(1)
  LINT-S005  \`\${a}\`, String(a), Number(a)            show sim.peek(path) in a simulation

Examples:
  npm run lint:signals
  npm run lint:signals -- src test/fifo.test.ts

Exit codes: 0 nothing found, 1 found, 2 the request is wrong.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('lint:signals', argv, io, async () => {
    const paths = argv.filter((a) => !a.startsWith('-'));
    const flags = parseFlags<LintFlags>(
      command(),
      argv.filter((a) => a.startsWith('-')),
      io,
    );
    if (!flags) return 0;
    const sources = readSources(paths.length > 0 ? paths : ['.'], io.cwd);
    const found = sources
      .flatMap(({ checker, files }) => files.flatMap((file) => findings(file, checker)))
      .map((f) => ({ ...f, file: relative(io.cwd, f.file) }));
    const files = sources.reduce((n, s) => n + s.files.length, 0);
    if (flags.json) io.out(`${JSON.stringify({ ok: found.length === 0, files, findings: found }, null, 2)}\n`);
    else {
      for (const finding of found) io.out(findingText(finding));
      io.out(`${files} ${files === 1 ? 'source' : 'sources'}, ${found.length === 0 ? 'nothing' : found.length} found\n`);
    }
    return found.length === 0 ? 0 : 1;
  });
}

/** As diagnostics of the language are shown. */
export function findingText({ code, file, line, column, message, help }: Finding): string {
  return `${code}: ${message}\n  at ${file}:${line}:${column}\n  help: ${help}\n`;
}

function command(): Command {
  return new Command('lint:signals')
    .usage('[paths]')
    .description("Refuses TypeScript's own operators on hardware values, by their types. Without paths it reads all sources below this folder.")
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', HELP);
}
