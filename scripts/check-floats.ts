// npm run test:floats: the floating-point cells on many random operands against the BigInt model, in-process and on Verilator.

import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { guarded, UserError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { integerFlag, oneOf, parseFlags } from '../cli/options.ts';
import { runAsProcess } from '../cli/run.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { boundaryCases, type Case, type Cell, randomCases } from '../test/generators/float/cases.ts';
import { disagreements } from '../test/generators/float/run-cell.ts';
import { HEAVY_CELLS } from '../test/generators/float/suite.ts';
import { BATCH, verilogDisagreements } from '../test/generators/float/verilog-bench.ts';
import { Rng } from '../test/support/random.ts';

interface FloatFlags {
  readonly cases: string;
  readonly seed: string;
  readonly only: string;
  readonly engine: string;
  readonly json?: true;
}

const ENGINES = ['wasm', 'js', 'verilator'] as const;

const EXAMPLES = `
Examples:
  npm run test:floats                                 30,000 for each cell, on WebAssembly
  npm run test:floats -- --cases 1000000 --seed 7 --only 'bf16 fma'
  npm run test:floats -- --engine verilator           the emitted Verilog

Exit codes: 0 no difference, 1 differences, 2 the request is wrong.
`;

/** Boundaries first, then random operands, in batches. */
function* batches(cell: Cell, count: number, rng: Rng): Generator<readonly Case[]> {
  yield boundaryCases(cell, BATCH / 2);
  for (let left = count; left > 0; left -= BATCH) yield randomCases(cell, Math.min(left, BATCH), rng);
}

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('test:floats', argv, io, async () => {
    const flags = parseFlags<FloatFlags>(command(), argv, io);
    if (!flags) return 0;
    const count = integerFlag('cases', flags.cases, 1, 2 ** 32);
    const seed = integerFlag('seed', flags.seed, 0, 2 ** 32 - 1);
    const engine = oneOf('engine', flags.engine, ENGINES);
    const chosen = HEAVY_CELLS.filter(({ name }) => name.includes(flags.only));
    if (chosen.length === 0)
      throw new UserError({
        code: 'no-cell',
        message: `no cell has ${JSON.stringify(flags.only)} in its name`,
        place: '--only',
        help: `there are ${HEAVY_CELLS.map(({ name }) => name).join(', ')}`,
      });
    const cells: { readonly name: string; readonly cases: number; readonly differences: readonly string[] }[] = [];
    for (const cell of chosen) {
      const found: string[] = [];
      let cases = 0;
      const check =
        engine === 'verilator'
          ? verilogDisagreements(cell, emitVerilog(cell.elaborate()))
          : (batch: readonly Case[]) => disagreements(cell, batch, { engine });
      for (const batch of batches(cell, count, new Rng(seed))) {
        cases += batch.length;
        found.push(...check(batch));
        if (found.length > 0) break;
      }
      cells.push({ name: cell.name, cases, differences: found });
      if (flags.json) continue;
      io.out(`${cell.name}: ${cases} cases, ${found.length === 0 ? 'no difference' : 'DIFFERENT'}\n`);
      for (const text of found) io.out(`  ${text}\n`);
    }
    const total = cells.reduce((sum, cell) => sum + cell.cases, 0);
    const wrong = cells.reduce((sum, cell) => sum + cell.differences.length, 0);
    io.out(
      flags.json
        ? `${JSON.stringify({ ok: wrong === 0, seed, engine, cases: total, cells }, null, 2)}\n`
        : `${total} cases, ${wrong} differences (seed ${seed}, ${engine})\n`,
    );
    return wrong === 0 ? 0 : 1;
  });
}

function command(): Command {
  return new Command('test:floats')
    .usage('-- [flags]')
    .description('The floating-point cells on many random operands against the BigInt model, in-process and on Verilator.')
    .option('--cases <N>', 'random operands of each cell', '30000')
    .option('--seed <N>', 'of the random operands', '1')
    .option('--only <WORD>', 'cells whose name has the word', '')
    .option('--engine <NAME>', 'wasm, js or verilator', 'wasm')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
