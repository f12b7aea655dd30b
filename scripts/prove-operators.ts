// npm run prove:operators: every operator at all pairs of the proven widths, both signs, against its meaning in plain Verilog.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { oneOf, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { inequivalent } from '../test/support/equivalence.ts';
import { BINARY, binaryApplications, operatorPair, otherApplications, PROVEN_WIDTHS } from '../test/support/operator-proof.ts';
import { elapsed, integersFlag } from './flags.ts';

interface OperatorsFlags {
  readonly widths: string;
  readonly first?: string;
  readonly kind: string;
  readonly json?: true;
}

const KINDS = ['uint', 'sint'] as const;
const MAX_WIDTH = 1024;

const EXAMPLES = `
Examples:
  npm run prove:operators                                    all
  npm run prove:operators -- --widths 0,1,33                 these widths only
  npm run prove:operators -- --kind sint --first 63,128      signed operands, the first of these widths, the second of all

Exit codes: 0 all proven equal, 1 an output differs, 2 the request is wrong.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('prove:operators', argv, io, async () => {
    const flags = parseFlags<OperatorsFlags>(command(), argv, io);
    if (!flags) return 0;
    const widths = integersFlag('widths', flags.widths, 0, MAX_WIDTH);
    const firsts = flags.first === undefined ? widths : integersFlag('first', flags.first, 0, MAX_WIDTH);
    const named = flags.kind.split(',').map((k) => oneOf('kind', k.trim(), KINDS));
    const kinds = KINDS.filter((k) => named.includes(k));
    const say = (text: string): void => (flags.json ? undefined : io.out(`${text}\n`));
    const start = performance.now();
    let [cases, solved] = [0, 0];
    const differ: string[] = [];
    for (const kind of kinds)
      for (const width of firsts) {
        const lists = [binaryApplications(kind, BINARY, width, widths), otherApplications(kind, width)];
        const found = inequivalent(
          lists.map((list, i) => operatorPair(`${kind}${width}_${i}`, list)),
          {
            seconds: 300,
            onSolver: (outputs) => {
              solved += new Set(outputs.map((o) => o.replace(/#.*/, ''))).size;
            },
          },
        );
        cases += lists.flat().length;
        differ.push(...found);
        found.forEach(say);
        say(`${kind} ${width} with ${widths.length} widths: ${elapsed(start)}`);
      }
    const ok = differ.length === 0;
    if (flags.json) io.out(`${JSON.stringify({ ok, kinds, firsts, widths, cases, solved, differ }, null, 2)}\n`);
    say(`${cases} cases, ${solved} by the solver, the others equal as graphs: ${ok ? 'all proven equal' : `${differ.length} outputs differ`}`);
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('prove:operators')
    .usage('-- [flags]')
    .description('Proves every operator, as printed, equal to its meaning in plain Verilog.')
    .option('--widths <LIST>', `widths of the operands in bits, 0 to ${MAX_WIDTH}`, PROVEN_WIDTHS.join())
    .option('--first <LIST>', 'widths of the first operand, where they are others')
    .option('--kind <LIST>', `${KINDS.join(', ')} or both`, KINDS.join())
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
