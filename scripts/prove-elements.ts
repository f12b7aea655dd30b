// npm run prove:elements: elements of integers, as printed, against their specifications of one line of Verilog.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import type { IntOperand, PeConfig } from '../generators/pe/index.ts';
import { specified } from '../test/generators/pe/specification.ts';
import { compare, type Pair } from '../test/support/equivalence.ts';
import { elapsed } from './flags.ts';

interface ElementsFlags {
  readonly only: string;
  readonly seconds: string;
  readonly json?: true;
}

const WIDTHS = [2, 3, 4, 5, 6, 7, 8];
const SIGNS = [true, false];
const PRECISIONS = ['8x8', '4x4', '8x2', '2x2'];

/** Elements that are proven together: a line of the table. */
interface Group {
  readonly name: string;
  readonly pairs: readonly Pair[];
}

const both = <T>(list: readonly T[]): (readonly [T, T])[] => list.flatMap((a) => list.map((b) => [a, b] as const));
const text = ({ width, signed }: IntOperand): string => `${signed ? 's' : 'u'}${width}`;

function* groups(): Generator<Group> {
  const ints = (name: string, widths: readonly (readonly [number, number])[], extras: object): Group => ({
    name,
    pairs: both(SIGNS).flatMap(([a, w]) =>
      widths.map(([x, y]) => {
        const [activation, weight] = [
          { width: x, signed: a },
          { width: y, signed: w },
        ];
        return specified({ kind: 'int', activation, weight, ...extras }, `${name.replace(/\W/g, '_')}_${text(activation)}_${text(weight)}`);
      }),
    ),
  });
  for (const width of WIDTHS)
    yield ints(
      `int ${width} x 2 to 8`,
      WIDTHS.map((other) => [width, other]),
      {},
    );
  yield ints('int 8 x 8, fused', [[8, 8]], { form: 'fused' });
  yield ints('int 4 x 4, fused', [[4, 4]], { form: 'fused' });
  yield ints('int 8 x 8, 20 bits, saturating', [[8, 8]], { accumulator: 20, overflow: 'saturate' });
  yield ints('int 4 x 4, 8 bits, saturating', [[4, 4]], { accumulator: 8, overflow: 'saturate' });
  yield ints('int 8 x 8 of 2:4', [[8, 8]], { sparse: '2:4' });
  yield ints('int 4 x 4 of 2:4', [[4, 4]], { sparse: '2:4', accumulator: 16 });
  const one = (name: string, pe: PeConfig): Group => ({ name, pairs: [specified(pe, name.replace(/\W/g, '_'))] });
  for (const lanes of [1, 5, 16, 32]) yield one(`xnor of ${lanes}`, { kind: 'xnor', lanes });
  yield one('xnor of 16 masked', { kind: 'xnor', lanes: 16, masked: true });
  for (const lanes of [3, 8, 16]) yield one(`ternary of ${lanes}`, { kind: 'ternary', lanes });
  for (const lanes of [4, 8, 16]) yield one(`bit-serial of ${lanes}`, { kind: 'bit-serial', lanes });
  for (const [precision, name] of PRECISIONS.entries())
    yield {
      name: `fusible ${name}`,
      pairs: [0, 1, 2, 3].flatMap((signs) =>
        [0, 1, 2, 3].map((bytes) => {
          const mode = precision + 4 * signs + 16 * bytes;
          return specified({ kind: 'fusible' }, `fusible_${mode}`, mode);
        }),
      ),
    };
}

const EXAMPLES = `
Examples:
  npm run prove:elements                        all
  npm run prove:elements -- --only fusible      those whose name contains a word
  npm run prove:elements -- --seconds 600       as long for each question to the solver

Exit codes: 0 nothing differs, 1 an element differs, 2 the request is wrong. What the solver did not decide in its time is said.
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('prove:elements', argv, io, async () => {
    const flags = parseFlags<ElementsFlags>(command(), argv, io);
    if (!flags) return 0;
    const seconds = integerFlag('seconds', flags.seconds, 1, 86_400);
    const say = (line: string): void => (flags.json ? undefined : io.out(`${line}\n`));
    const rows: { readonly name: string; readonly steps: number; readonly differ: readonly string[]; readonly undecided: readonly string[] }[] = [];
    for (const { name, pairs } of groups()) {
      if (!name.includes(flags.only)) continue;
      const start = performance.now();
      const { differ, undecided } = compare(pairs, { seconds });
      rows.push({ name, steps: pairs.length, differ, undecided });
      const found = differ.length > 0 ? `DIFFERS: ${differ[0]}` : undecided.length > 0 ? `not decided: ${undecided[0]}` : 'proven';
      say(`${name.padEnd(34)} ${String(pairs.length).padStart(3)} ${pairs.length === 1 ? 'step ' : 'steps'} ${found}, ${elapsed(start)}`);
    }
    const ok = rows.every(({ differ }) => differ.length === 0);
    if (flags.json) io.out(`${JSON.stringify({ ok, seconds, rows }, null, 2)}\n`);
    return ok ? 0 : 1;
  });
}

function command(): Command {
  return new Command('prove:elements')
    .usage('-- [flags]')
    .description('Proves the steps of integer elements, as printed, equal to their specifications in plain Verilog, by Yosys and ABC.')
    .option('--only <WORD>', 'elements whose name contains it', '')
    .option('--seconds <S>', 'for each question to the solver', '120')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
