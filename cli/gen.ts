// npm run gen: writes the folder of a design.
//
// Invariant: the request is checked as a whole before anything is elaborated or written; slow parts are loaded only then.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { type DesignConfig, resolveDesign } from '../flows/design-config.ts';
import type { Manifest } from '../flows/manifest.ts';
import { OUTPUT_KEYS, type Outputs, resolveOutputs } from '../flows/outputs.ts';
import { checkTarget, writeFolder } from '../flows/write-folder.ts';
import { guarded } from './errors.ts';
import { byteLength, outFolder } from './folder.ts';
import type { Io } from './io.ts';
import { addDesignFlags, type DesignFlags, designSettings, parseFlags } from './options.ts';
import { createProgress } from './progress.ts';
import { runAsProcess } from './run.ts';
import { describeDesign } from './summary.ts';

interface GenFlags extends DesignFlags {
  readonly emit?: string;
  readonly locators?: true;
  readonly sv?: true;
  readonly optimise?: string | true;
  readonly out?: string;
  readonly json?: true;
  readonly list?: true;
}

/** The object of `--json` when a design was written. */
export interface GenReport {
  readonly ok: true;
  /** As `--out` was given, or the default. */
  readonly out: string;
  readonly files: number;
  readonly bytes: number;
  readonly verilogLines: number;
  readonly verilogBytes: number;
  readonly manifest: Manifest;
}

const EXAMPLES = `
Examples:
  npm run gen -- --rows 16 --cols 16
  npm run gen -- --rows 8 --cols 32 --dataflow os --name my_array --out build/my_array
  npm run gen -- --rows 4 --cols 4 --reset async-low
  npm run gen -- --rows 16 --cols 16 --precision bf16 --accumulate fp32 --pipeline 1,3
  npm run gen -- --preset bnn --rows 8 --cols 8
  npm run gen -- --unit dot --lanes 64 --outputs 16
  npm run gen -- --unit cube --precision fp16 --accumulate fp32
  npm run gen -- --rows 4 --cols 4 --emit verilog,firrtl,json,svg --locators
  npm run gen -- --config design.yaml --rows 64

The YAML file has the keys rows, cols, unit, outputs, dataflow, tile, drain, reset, name, preset, pe, precision, accumulate, overflow, pipeline, lanes, masked, gated, form, block, sparse, emit, locators, sv,
optimise and out, as the flags; flags win:
  rows: 16
  cols: 16
  dataflow: ws
  emit: [verilog, json]

Forms of --emit: verilog (with testbenches and scripts), and the whole circuit in one file as firrtl (for CIRCT's firtool), json (docs/json-netlist.md)
and svg (a drawing of the hierarchy), in circuit/.

Exit codes: 0 written, 1 failed, 2 the request is wrong, 130 and 143 interrupted (nothing is left half-written).
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('gen', argv, io, async () => {
    const flags = parseFlags<GenFlags>(command(), argv, io);
    if (!flags) return 0;
    if (flags.list) {
      io.out((await import('./list.ts')).describePresets());
      return 0;
    }
    const settings = await designSettings(flags, io, ['out', ...OUTPUT_KEYS]);
    const config = resolveDesign(settings);
    const outputs = resolveOutputs(settings);
    const out = outFolder(settings, join('verilog-out', config.name));
    const report = await generate(config, outputs, out, io);
    io.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describeDesign(report));
    return 0;
  });
}

function command(): Command {
  return addDesignFlags(new Command('gen'))
    .usage('--rows R --cols C [flags]')
    .description(
      'Writes a systolic matrix unit: Verilog, testbenches with vectors, a synthesis script and a manifest; on request FIRRTL, JSON and a drawing.',
    )
    .option('--emit <FORMS>', 'what to write, with commas between: verilog, firrtl, json, svg (default: verilog)')
    .option('--locators', 'say at each line where in the generator it comes from')
    .option('--sv', 'write SystemVerilog: assertions that simulators check, enumerations as types (default: Verilog-2005)')
    .option(
      '--optimise [PASSES]',
      'passes over the design first, with commas between: share, inline, propagate, fold, cse, dce (without a list: all)',
    )
    .option('--out <DIR>', 'the folder of the design, replaced as a whole (default: verilog-out/<name>)')
    .option('--list', 'print the presets and what they do')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

async function generate(config: DesignConfig, outputs: Outputs, out: string, io: Io): Promise<GenReport> {
  const target = resolve(io.cwd, out);
  checkTarget(target, out);
  const progress = createProgress('gen', io);
  try {
    progress.step(`generating ${config.name}`);
    const { makeDesignFolder } = await import('../flows/design-folder.ts');
    const { files, manifest } = makeDesignFolder(config, outputs);
    progress.step(`writing ${files.length} files`);
    await writeFolder({ target, shown: out, files, signal: io.signal, onFile: (index) => progress.count(index, files.length) });
    const verilog = files.filter((f) => f.path.startsWith('rtl/')).map((f) => f.text);
    return {
      ok: true,
      out,
      files: files.length,
      bytes: byteLength(files.map((f) => f.text)),
      verilogLines: verilog.reduce((n, text) => n + text.split('\n').length - 1, 0),
      verilogBytes: byteLength(verilog),
      manifest,
    };
  } finally {
    progress.done();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
