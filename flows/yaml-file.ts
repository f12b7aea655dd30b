// YAML files of the user's, with the place of every value.
//
// Invariant: a value of the top level is plain data and knows its `file:line:column`.
// Refused: files that cannot be read, malformed or empty YAML, more than one document, anything but a mapping at the top, unknown keys.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Setting } from './setting.ts';
import { suggest } from './suggest.ts';
import { UserError } from './user-error.ts';

export interface YamlRequest {
  /** As the user wrote it; messages repeat it. */
  readonly path: string;
  /** What relative paths start from. */
  readonly cwd: string;
  /** The keys that the top level may have. */
  readonly keys: readonly string[];
  /** The flag that named the file. */
  readonly flag: string;
}

/**
 * The settings of a file, by key.
 *
 * @throws UserError, with the line and column of what is wrong
 */
export function readYamlSettings(request: YamlRequest): Record<string, Setting> {
  const { path, keys } = request;
  const example = `write it as key: value, one a line; the keys are ${keys.join(', ')}`;
  const lines = new LineCounter();
  const document = onlyDocument(readText(request), path, lines, example);
  const placeOf = (node: unknown): string => {
    const { line, col } = lines.linePos((node as Node | null)?.range?.[0] ?? 0);
    return `${path}:${line}:${col}`;
  };
  const root = document.contents;
  if (!isMap(root)) {
    throw new UserError({ code: 'bad-yaml', message: 'the file is not a mapping of keys to values', place: placeOf(root), help: example });
  }
  const settings: Record<string, Setting> = {};
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    if (!keys.includes(name)) throw unknownKey(name, placeOf(key), keys);
    settings[name] = { value: plain(value, document, placeOf(value ?? key)), place: placeOf(value ?? key) };
  }
  return settings;
}

function readText({ path, cwd, flag }: YamlRequest): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new UserError({
      code: 'bad-config-file',
      message: `the file ${JSON.stringify(path)} ${why}`,
      place: flag,
      help: `give ${flag} the path of a YAML file that can be read`,
    });
  }
}

function onlyDocument(text: string, path: string, lines: LineCounter, example: string): Document {
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const list = Array.isArray(documents) ? documents : [];
  const problem = list.flatMap((d) => [...d.errors, ...d.warnings])[0];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UserError({
      code: 'bad-yaml',
      message: `malformed YAML: ${firstLine(problem.message)}`,
      place: `${path}:${line}:${col}`,
      help: example,
    });
  }
  const [first, second] = list;
  if (!first || first.contents === null || (isScalar(first.contents) && first.contents.value === null)) {
    throw new UserError({ code: 'empty-yaml', message: 'the file holds no settings', place: `${path}:1:1`, help: example });
  }
  if (second) {
    const { line, col } = lines.linePos(second.range[0]);
    throw new UserError({
      code: 'bad-yaml',
      message: 'the file holds more than one YAML document',
      place: `${path}:${line}:${col}`,
      help: 'keep one document a file',
    });
  }
  return first as Document;
}

function plain(node: unknown, document: Document, place: string): unknown {
  if (node === null || node === undefined) return null;
  try {
    return (node as Node).toJS(document);
  } catch (error) {
    throw new UserError({
      code: 'bad-yaml',
      message: `malformed YAML: ${firstLine((error as Error).message)}`,
      place,
      help: 'write the value without aliases',
    });
  }
}

function unknownKey(name: string, place: string, keys: readonly string[]): UserError {
  const near = suggest(name, keys);
  return new UserError({
    code: 'unknown-key',
    message: `unknown key ${JSON.stringify(name)}: the keys are ${keys.join(', ')}`,
    place,
    help: near ? `did you mean ${near}?` : 'remove it, or write one of those keys',
  });
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? text;
}
