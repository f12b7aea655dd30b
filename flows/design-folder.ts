// All files of a design folder, in memory.
//
// Invariant: the same configuration and version give the same bytes: nothing here looks at the clock, the environment or the working directory.

import { latency, OPERAND_WIDTH, peakMacs, SUM_WIDTH } from '../generators/array-config.ts';
import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { count, type Design, ports } from '../hdl/ir/nodes.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { legalName } from '../hdl/verilog/names.ts';
import { type DefaultRun, defaultRun } from './default-run.ts';
import { configHash, type DesignConfig } from './design-config.ts';
import type { Manifest } from './manifest.ts';
import { renderTemplates, type TextFile } from './render-templates.ts';
import { templateContext } from './template-context.ts';
import { generatorVersion } from './version.ts';

export interface DesignFolder {
  /** In the order of writing: `manifest.json`, which marks a folder as ours, is last. */
  readonly files: readonly TextFile[];
  readonly manifest: Manifest;
}

/** The hardware alone: `rtl/*.v`, leaves first, the top last. */
export function rtlFiles(design: Design): TextFile[] {
  return emitVerilog(design).map(({ name, text }) => ({ path: `rtl/${name}.v`, text }));
}

export function makeDesignFolder(config: DesignConfig): DesignFolder {
  const design = elaborateMatrixUnit(config, config.name);
  const version = generatorVersion();
  const rtl = rtlFiles(design);
  const run = defaultRun(config);
  const vectors = Object.entries(run.files).map(([name, text]) => ({ path: `tb/vectors/${name}`, text: text as string }));
  const rtlNames = rtl.map((f) => f.path.slice('rtl/'.length));
  const files = [...rtl, ...renderTemplates(templateContext(config, rtlNames, version)), ...vectors];
  const manifest = makeManifest(config, design, run, version, [...files.map((f) => f.path), 'manifest.json']);
  return { files: [...files, { path: 'manifest.json', text: `${JSON.stringify(manifest, null, 2)}\n` }], manifest };
}

function makeManifest(config: DesignConfig, design: Design, run: DefaultRun, version: string, paths: readonly string[]): Manifest {
  const { rows, cols, dataflow, reset, name } = config;
  const { m, k, n, d } = run.problem;
  const below = (folder: string) => paths.filter((p) => p.startsWith(folder));
  return {
    format: 1,
    generator: { name: 'systole', version },
    top: name,
    parameters: { rows, cols, dataflow, reset, name, operandWidth: OPERAND_WIDTH, sumWidth: SUM_WIDTH },
    configHash: configHash(config),
    latencyCycles: latency(config),
    peakMacsPerCycle: peakMacs(config),
    ports: portList(design),
    vectors: { m, k, n, withD: d !== undefined, ...run.stimulus, stall: { ...run.stimulus.stall }, cycles: run.prediction.cycles },
    files: {
      rtl: below('rtl/'),
      tb: below('tb/'),
      synth: below('synth/'),
      other: paths.filter((p) => !/^(rtl|tb|synth)\//.test(p)),
    },
  };
}

/** The ports as the Verilog has them: arrays packed, element 0 in the low bits. */
function portList(design: Design): Manifest['ports'] {
  return ports(design.top).map(({ name, role, type, dims }) => ({
    name: legalName(name),
    direction: role === 'input' ? 'input' : 'output',
    width: type.width * count(dims),
  }));
}
