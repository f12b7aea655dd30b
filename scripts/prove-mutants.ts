// npm run prove:mutants: how many mistakes in the standard cells their properties notice.
//
//     npm run prove:mutants -- fifo skid-buffer

import { PROPERTIES } from '../flows/properties/index.ts';
import { prove } from '../flows/prove/index.ts';
import { CELLS } from '../test/support/cells.ts';
import { mutants } from '../test/support/mutants.ts';

const wanted = process.argv.slice(2);
let [all, noticed] = [0, 0];
for (const [name, cell] of Object.entries(CELLS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const missed: string[] = [];
  const list = mutants((PROPERTIES[name] as () => never)(), cell);
  for (const { what, design } of list) {
    const verdicts = await prove(design, { seconds: 20 }).catch((error: Error) => error);
    const isNoticed = !(verdicts instanceof Error) && verdicts.some((v) => v.outcome === 'refuted' || v.outcome === 'unreachable');
    if (!isNoticed) missed.push(verdicts instanceof Error ? `${what} (${verdicts.message.slice(0, 80)})` : what);
  }
  all += list.length;
  noticed += list.length - missed.length;
  console.log(`${name}: ${list.length - missed.length} of ${list.length}${missed.length > 0 ? `; not ${missed.join('; ')}` : ''}`);
}
console.log(`${noticed} of ${all} mistakes are noticed`);
