// All files of an accelerator's folder, in memory.
//
// Invariant: the same configuration and version give the same bytes.

import { fileURLToPath } from 'node:url';
import { elaborateAccelerator } from '../../generators/accelerator/accelerator.ts';
import { ACCELERATOR_REGISTERS, COUNTERS } from '../../generators/accelerator/registers.ts';
import { cHeader, registerMarkdown } from '../../hdl/std/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { acceleratorHash, instructionSetMarkdown, isaHeader } from '../../isa/index.ts';
import { renderTemplates, type TextFile } from '../render-templates.ts';
import { generatorVersion } from '../version.ts';
import { type AcceleratorRun, defaultAcceleratorRun, RUN_LATENCY } from './run.ts';
import type { NamedAccelerator } from './settings.ts';

const TEMPLATES = fileURLToPath(new URL('./templates/', import.meta.url));
/** Where a run's arguments are, from the folder of the testbench. */
const RUN = 'run/run.args';

/** What `manifest.json` of an accelerator says. */
export interface AcceleratorManifest {
  readonly format: 1;
  readonly generator: { readonly name: 'systole'; readonly version: string };
  readonly kind: 'accelerator';
  readonly top: string;
  readonly parameters: NamedAccelerator['config'];
  /** As `begin` and the registers HASH_LO and HASH_HI have it, hexadecimal. */
  readonly configHash: string;
  readonly peakMacsPerCycle: number;
  readonly files: { readonly rtl: readonly string[]; readonly other: readonly string[] };
}

export interface AcceleratorFolder {
  /** In the order of writing: `manifest.json`, which marks a folder as ours, is last. */
  readonly files: readonly TextFile[];
  readonly manifest: AcceleratorManifest;
}

export function makeAcceleratorFolder({ config, name }: NamedAccelerator): AcceleratorFolder {
  const version = generatorVersion();
  const rtl = emitVerilog(elaborateAccelerator(config, name)).map(({ name: file, extension, text }) => ({ path: `rtl/${file}.${extension}`, text }));
  const map = { ...ACCELERATOR_REGISTERS, name };
  const files = [
    ...rtl,
    { path: `include/${name}_isa.h`, text: isaHeader(config, name) },
    { path: `include/${name}_regs.h`, text: cHeader(map) },
    { path: 'docs/instruction-set.md', text: instructionSetMarkdown() },
    { path: 'docs/registers.md', text: registerMarkdown(map) },
    { path: 'accelerator.yaml', text: yamlOf({ config, name }) },
    ...renderTemplates(
      contextOf(
        { config, name },
        rtl.map(({ path }) => path.slice('rtl/'.length)),
        version,
      ),
      TEMPLATES,
    ),
    ...runFiles(defaultAcceleratorRun(config)),
  ];
  const manifest: AcceleratorManifest = {
    format: 1,
    generator: { name: 'systole', version },
    kind: 'accelerator',
    top: name,
    parameters: config,
    configHash: acceleratorHash(config).toString(16).padStart(16, '0'),
    peakMacsPerCycle: config.rows * config.cols,
    files: { rtl: rtl.map(({ path }) => path), other: files.slice(rtl.length).map(({ path }) => path) },
  };
  return { files: [...files, { path: 'manifest.json', text: `${JSON.stringify(manifest, null, 2)}\n` }], manifest };
}

/** What the templates can say. */
function contextOf({ config, name }: NamedAccelerator, rtl: readonly string[], version: string) {
  const { registers, addressWidth } = ACCELERATOR_REGISTERS;
  return {
    top: name,
    ...config,
    version,
    rtl,
    run: RUN,
    latency: RUN_LATENCY,
    id: 1,
    axi: 'bus',
    csr: 'registers',
    csrBits: addressWidth,
    irq: 'irq',
    registers: Object.fromEntries(Object.entries(registers).map(([register, { offset }]) => [register, offset])),
    counters: Object.entries(COUNTERS).map(([counter, { offset }]) => ({ name: counter, offset })),
  };
}

/** The request as `--config` reads it. */
function yamlOf({ config, name }: NamedAccelerator): string {
  const { modes, ...sizes } = config;
  return [...Object.entries(sizes).map(([key, value]) => `${key}: ${value}`), `modes: [${modes.join(', ')}]`, `name: ${name}`, ''].join('\n');
}

/** Memory as `$readmemh` reads it, a byte a line. */
function hexBytes(bytes: Uint8Array, at = 0): string {
  return `@${at.toString(16)}\n${Buffer.from(bytes).toString('hex').replace(/../g, '$&\n')}`;
}

function runFiles({ program, image, expected }: AcceleratorRun): TextFile[] {
  const folder = RUN.slice(0, RUN.lastIndexOf('/'));
  const args = {
    image: `${folder}/image.hex`,
    program: program.address,
    length: program.length,
    expect: `${folder}/expected.hex`,
    expect_from: expected.at,
    expect_bytes: expected.bytes.length,
    expect_cycles: expected.cycles,
  };
  return [
    {
      path: `tb/${RUN}`,
      text: `${Object.entries(args)
        .map(([key, value]) => `+${key}=${value}`)
        .join('\n')}\n`,
    },
    { path: `tb/${folder}/image.hex`, text: hexBytes(image) },
    { path: `tb/${folder}/expected.hex`, text: hexBytes(expected.bytes, expected.at) },
    { path: `tb/${folder}/program.txt`, text: program.text },
  ];
}
