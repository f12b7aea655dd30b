// Templates: every file below `templates/` becomes a file of the design folder at the same path, without `.hbs`.
//
// Invariants: files come in alphabetical order of their paths, whatever the file system says; text is neither escaped nor re-indented; LF line ends.
// Refused: a template that names something its context lacks.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import handlebars from 'handlebars';
import type { TemplateContext } from './template-context.ts';

const ROOT = fileURLToPath(new URL('./templates/', import.meta.url));
const SUFFIX = '.hbs';

export interface TextFile {
  /** Within the design folder, `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

/** @param root the templates' folder, absolute, ending in a slash */
export function renderTemplates<Context extends object = TemplateContext>(context: Context, root: string = ROOT): TextFile[] {
  return listFiles(root).map((file) => {
    const source = readFileSync(`${root}${file}`, 'utf8').replaceAll('\r\n', '\n');
    if (!file.endsWith(SUFFIX)) return { path: file, text: source };
    const template = handlebars.compile<Context>(source, { noEscape: true, strict: true });
    return { path: file.slice(0, -SUFFIX.length), text: template(context) };
  });
}

function listFiles(root: string, folder = ''): string[] {
  const entries = readdirSync(`${root}${folder}`, { withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isDirectory() ? listFiles(root, `${folder}${entry.name}/`) : [`${folder}${entry.name}`]))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
