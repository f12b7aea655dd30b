// npm run prove:operators: every operator at all pairs of the proven widths, both signs, against its meaning in plain Verilog.
//
//     npm run prove:operators                      all
//     npm run prove:operators -- --widths 0,1,33   these widths only
//     npm run prove:operators -- --kind sint --first 63,128   signed operands, the first of these widths, the second of all

import { parseArgs } from 'node:util';
import { inequivalent } from '../test/support/equivalence.ts';
import { BINARY, binaryApplications, operatorPair, otherApplications, PROVEN_WIDTHS } from '../test/support/operator-proof.ts';

const { values } = parseArgs({
  options: { widths: { type: 'string', default: PROVEN_WIDTHS.join() }, first: { type: 'string' }, kind: { type: 'string', default: 'uint,sint' } },
});
const widths = values.widths.split(',').map(Number);
const firsts = values.first?.split(',').map(Number) ?? widths;
const KINDS = ['uint', 'sint'] as const;
const kinds = KINDS.filter((k) => values.kind.split(',').includes(k));
if (kinds.length === 0) throw new Error('--kind: uint, sint or both');
const start = performance.now();
let [failures, total, solved] = [0, 0, 0];
for (const kind of kinds) {
  for (const width of firsts) {
    const lists = [binaryApplications(kind, BINARY, width, widths), otherApplications(kind, width)];
    const pairs = lists.map((list, i) => operatorPair(`${kind}${width}_${i}`, list));
    const found = inequivalent(pairs, {
      seconds: 300,
      onSolver: (outputs) => {
        solved += new Set(outputs.map((o) => o.replace(/#.*/, ''))).size;
      },
    });
    total += lists.flat().length;
    failures += found.length;
    for (const f of found) console.log(f);
    console.log(`${kind} ${width} with ${widths.length} widths: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
}
console.log(
  `${total} cases, ${solved} by the solver, the others equal as graphs: ${failures === 0 ? 'all proven equal' : `${failures} outputs differ`}`,
);
process.exitCode = failures === 0 ? 0 : 1;
