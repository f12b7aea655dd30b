// From paths on a command line to type-checked sources.
//
// Invariant: a file is read with the options of the nearest tsconfig.json above it. Refused: paths that do not exist, and such without a TypeScript source.

import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { UserError } from '../errors.ts';

export interface Sources {
  readonly checker: ts.TypeChecker;
  readonly files: readonly ts.SourceFile[];
}

/** One program for each tsconfig.json. @throws UserError */
export function readSources(paths: readonly string[], cwd: string): Sources[] {
  const byConfig = new Map<string | undefined, Set<string>>();
  for (const path of paths)
    for (const file of sourcesIn(path, cwd)) {
      const config = ts.findConfigFile(dirname(file), ts.sys.fileExists);
      byConfig.set(config, (byConfig.get(config) ?? new Set()).add(file));
    }
  return [...byConfig].map(([config, files]) => {
    const program = ts.createProgram([...files], { ...optionsOf(config), noEmit: true, incremental: false });
    return { checker: program.getTypeChecker(), files: program.getSourceFiles().filter((f) => files.has(f.fileName)) };
  });
}

function sourcesIn(path: string, cwd: string): string[] {
  const absolute = resolve(cwd, path);
  if (!existsSync(absolute))
    throw new UserError({
      code: 'bad-path',
      message: `${JSON.stringify(path)} does not exist`,
      help: 'name files or folders with TypeScript sources',
    });
  const files = statSync(absolute).isDirectory()
    ? ts.sys.readDirectory(absolute, ['.ts', '.tsx', '.mts'], ['**/node_modules', '**/.*/']).filter((f) => !f.endsWith('.d.ts'))
    : /\.(ts|tsx|mts)$/.test(absolute)
      ? [absolute]
      : [];
  if (files.length === 0)
    throw new UserError({
      code: 'no-sources',
      message: `there is no TypeScript source in ${JSON.stringify(path)}`,
      help: 'name files or folders with .ts sources',
    });
  return files;
}

function optionsOf(config: string | undefined): ts.CompilerOptions {
  if (config === undefined) return { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, allowImportingTsExtensions: true };
  const { config: json, error } = ts.readConfigFile(config, ts.sys.readFile);
  if (error)
    throw new UserError({
      code: 'bad-tsconfig',
      message: ts.flattenDiagnosticMessageText(error.messageText, ' '),
      place: config,
      help: 'tsc reports the same; correct the file',
    });
  return ts.parseJsonConfigFileContent(json, ts.sys, dirname(config)).options;
}
