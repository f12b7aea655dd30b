// What npm run prove is asked to prove: a name of the standard library's properties, or modules of a TypeScript file.
//
// Refused: files that are not there or export no module, names that nobody has, parameters that are no JSON.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { show } from '../flows/setting.ts';
import { suggest } from '../flows/suggest.ts';
import { type Design, elaborate, HdlError, Module } from '../hdl/index.ts';
import type { ModuleClass } from '../hdl/module.ts';
import { UserError } from './errors.ts';

/** A design to prove; elaborated only when its turn has come. */
export interface ProveTarget {
  readonly name: string;
  readonly design: () => Design;
}

/** The examples that say something of themselves, from the root of the package. */
const EXAMPLES = ['examples/traffic-light/main.ts'];

type AnyModule = ModuleClass<Module<unknown>>;

/**
 * @param word a name of `known`, `path/to/file.ts` for all modules that it exports, or `path/to/file.ts:Name` for one; all of `known` and the examples when absent
 * @param params JSON, the configuration of the modules of a file
 * @throws UserError
 */
export async function proveTargets(
  word: string | undefined,
  params: string | undefined,
  known: { readonly [name: string]: () => Design },
  cwd: string,
): Promise<ProveTarget[]> {
  const cfg = params === undefined ? undefined : parseParams(params);
  const isFile = word !== undefined && /\.[cm]?[jt]s(:\w+)?$/.test(word);
  if (params !== undefined && !isFile)
    throw new UserError({
      code: 'params-without-file',
      message: 'parameters belong to a module of a file, and no file is given',
      place: '--params',
      help: 'write npm run prove -- path/to/file.ts:Module --params JSON',
    });
  if (isFile) return modulesOf(word, cfg, cwd);
  if (word === undefined) {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const examples = await Promise.all(EXAMPLES.map((file) => modulesOf(file, undefined, root)));
    return [...Object.entries(known).map(([name, design]) => ({ name, design })), ...examples.flat()];
  }
  const design = Object.hasOwn(known, word) ? known[word] : undefined;
  if (design) return [{ name: word, design }];
  const near = suggest(word, Object.keys(known));
  throw new UserError({
    code: 'unknown-module',
    message: `${show(word)} is neither a file nor one of ${Object.keys(known).join(', ')}`,
    help: near ? `did you mean ${near}?` : 'name one of them, or a file such as src/my-module.ts:MyModule',
  });
}

function parseParams(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError({
      code: 'bad-params',
      message: `parameters are ${show(text)}, which is no JSON: ${(error as Error).message}`,
      place: '--params',
      help: `write for instance --params '{"depth":4}'`,
    });
  }
}

async function modulesOf(word: string, cfg: unknown, cwd: string): Promise<ProveTarget[]> {
  const [, file = word, wanted] = /^(.*\.[cm]?[jt]s)(?::(\w+))?$/.exec(word) ?? [];
  const path = resolve(cwd, file);
  if (!existsSync(path))
    throw new UserError({ code: 'no-file', message: `there is no file ${file}`, help: 'paths start from the working directory' });
  const exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const modules = Object.entries(exported).filter((entry): entry is [string, AnyModule] => isModule(entry[1]));
  const chosen = modules.filter(([name]) => wanted === undefined || name === wanted);
  if (chosen.length === 0) {
    const names = modules.map(([name]) => name);
    const near = wanted === undefined ? undefined : suggest(wanted, names);
    throw new UserError({
      code: 'no-module',
      message: `${file} exports no module${wanted === undefined ? '' : ` ${wanted}`}; it exports ${names.join(', ') || 'none at all'}`,
      help: near ? `did you mean ${file}:${near}?` : 'write export in front of a class that extends Module',
    });
  }
  return chosen.map(([name, cls]) => ({ name, design: () => elaborated(name, cls, cfg) }));
}

function isModule(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof Module;
}

/** What a constructor throws is the user's to mend; without a configuration it is mostly that. */
function elaborated(name: string, cls: AnyModule, cfg: unknown): Design {
  try {
    return elaborate(cls, cfg);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const help =
      error instanceof HdlError ? 'mend the design first' : cfg === undefined ? 'pass its configuration with --params JSON' : 'check --params';
    throw new UserError({ code: 'no-design', message: `${name} could not be elaborated: ${what}`, help });
  }
}
