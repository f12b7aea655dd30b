// npm run accelerator: writes the folder of an accelerator.
//
// Invariant: the request is checked as a whole before anything is elaborated or written; slow parts are loaded only then.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import type { AcceleratorManifest } from '../flows/accelerator/folder.ts';
import { ACCELERATOR_KEYS, type NamedAccelerator, resolveAccelerator } from '../flows/accelerator/settings.ts';
import type { Settings } from '../flows/setting.ts';
import { checkTarget, writeFolder } from '../flows/write-folder.ts';
import { guarded } from './errors.ts';
import { byteLength, outFolder, quoted } from './folder.ts';
import type { Io } from './io.ts';
import { parseFlags, settingsOf } from './options.ts';
import { createProgress } from './progress.ts';
import { runAsProcess } from './run.ts';

type Flags = { readonly [K in (typeof ACCELERATOR_KEYS)[number]]?: string } & {
  readonly out?: string;
  readonly config?: string;
  readonly json?: true;
};

/** The object of `--json`. */
interface AcceleratorReport {
  readonly ok: true;
  readonly out: string;
  readonly files: number;
  readonly bytes: number;
  readonly verilogLines: number;
  /** What slows it down, a sentence each. */
  readonly advice: readonly string[];
  readonly manifest: AcceleratorManifest;
}

const EXAMPLES = `
Examples:
  npm run accelerator
  npm run accelerator -- --rows 8 --cols 8 --bus 64 --scratchpad 64K --sums 512
  npm run accelerator -- --rows 32 --cols 8 --modes double --name my_npu --out build/my_npu
  npm run accelerator -- --config npu.yaml

The folder has Verilog (rtl/), C headers of instructions and registers (include/), pages of both (docs/), and a testbench that loads a program and data from files (tb/).
All sizes are powers of two. Exit codes: 0 written, 1 failed, 2 the request is wrong, 130 and 143 interrupted (nothing is left half-written).
`;

/** @returns the exit code */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return guarded('accelerator', argv, io, async () => {
    const flags = parseFlags<Flags>(command(), argv, io);
    if (!flags) return 0;
    const settings = await settingsOf(flags, io, [...ACCELERATOR_KEYS, 'out']);
    const named = resolveAccelerator(settings);
    const report = await generate(named, settings, io);
    io.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
    return 0;
  });
}

function command(): Command {
  return new Command('accelerator')
    .usage('[flags]')
    .description('Writes an accelerator: Verilog of scratchpad, DMA, matrix unit, post-processing and control, with headers, pages and a testbench.')
    .option('--rows <R>', 'rows of the array, 2 to 64 (default: 16)')
    .option('--cols <C>', 'columns of the array and lanes of the vector unit, 2 to 64 (default: 16)')
    .option('--bus <BITS>', 'data bits of the AXI4 bus, 32 to 512 (default: 128)')
    .option('--scratchpad <BYTES>', 'bytes of the scratchpad, 1K to 8M (default: 256K)')
    .option('--banks <N>', 'banks of the scratchpad, 1 to 16 (default: 4)')
    .option('--sums <ROWS>', 'rows of sums, 16 to 65536 (default: 1024)')
    .option('--burst <BEATS>', 'longest burst, 1 to 256 (default: 64)')
    .option('--outstanding <N>', 'bursts on their way, 1 to 32 (default: 8)')
    .option('--queue <N>', 'instructions that wait in a queue, 1 to 64 (default: 8)')
    .option(
      '--modes <LIST>',
      'how sums become int8: some of double, single, floor, halfUp, halfEven, halfAway, with commas between (default: double,single)',
    )
    .option('--name <NAME>', 'name of the top module (default: accelerator_<rows>x<cols>)')
    .option('--config <FILE>', 'a YAML file with keys named as these flags; flags win over it')
    .option('--out <DIR>', 'the folder, replaced as a whole (default: verilog-out/<name>)')
    .option('--json', 'print one JSON object on stdout')
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', EXAMPLES);
}

async function generate(named: NamedAccelerator, settings: Settings, io: Io): Promise<AcceleratorReport> {
  const out = outFolder(settings, join('verilog-out', named.name));
  const target = resolve(io.cwd, out);
  checkTarget(target, out);
  const progress = createProgress('accelerator', io);
  try {
    progress.step(`generating ${named.name}`);
    const { makeAcceleratorFolder } = await import('../flows/accelerator/folder.ts');
    const { adviseAccelerator } = await import('../isa/index.ts');
    const { files, manifest } = makeAcceleratorFolder(named);
    progress.step(`writing ${files.length} files`);
    await writeFolder({ target, shown: out, files, signal: io.signal, onFile: (index) => progress.count(index, files.length) });
    const verilog = files.filter((f) => f.path.startsWith('rtl/'));
    return {
      ok: true,
      out,
      files: files.length,
      bytes: byteLength(files.map((f) => f.text)),
      verilogLines: verilog.reduce((n, { text }) => n + text.split('\n').length - 1, 0),
      advice: adviseAccelerator(named.config),
      manifest,
    };
  } finally {
    progress.done();
  }
}

function describe({ out, files, bytes, verilogLines, advice, manifest }: AcceleratorReport): string {
  const { top, parameters, peakMacsPerCycle, configHash } = manifest;
  const { rows, cols, bus, scratchpad, sums } = parameters;
  const notes = advice.map((note) => `  note         ${note}\n`).join('');
  const folder = quoted(out);
  return `${top}: ${rows} x ${cols} array, bus of ${bus} bits, ${scratchpad} bytes of scratchpad, ${sums} rows of sums, written to ${out}

  rtl/         ${manifest.files.rtl.length} modules, ${verilogLines} lines of Verilog; filelist.f lists them
  include/     C headers of instructions and registers
  docs/        instructions and registers
  tb/          a testbench that loads program and data from files, with one run
  in all       ${files} files, ${Math.ceil(bytes / 1000)} kB

  peak         ${peakMacsPerCycle} MACs a cycle
  hash         ${configHash}
${notes}
Next:
  make -C ${folder}/tb verilator
  make -C ${folder}/tb icarus
`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runAsProcess(main);
