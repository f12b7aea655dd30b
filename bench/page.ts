// Pages whose figures a command writes.

import { readFileSync, writeFileSync } from 'node:fs';

/** Puts the text between the marks `<!-- figures: npm run COMMAND -->` and `<!-- end of figures -->` of a page. Throws when it has lost them. */
export function writeFigures(page: URL, command: string, text: string): void {
  const [begin, end] = [`<!-- figures: npm run ${command} -->`, '<!-- end of figures -->'];
  const whole = readFileSync(page, 'utf8');
  const [from, to] = [whole.indexOf(begin), whole.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page.pathname} has lost its marks`);
  writeFileSync(page, `${whole.slice(0, from + begin.length)}\n\n${text}\n${whole.slice(to)}`);
}
