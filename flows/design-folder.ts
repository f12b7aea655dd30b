// All files of a design folder, in memory.
//
// Invariant: the same configuration and version give the same bytes: nothing here looks at the clock, the environment or the working directory.

import { latency, peakMacs, peOf } from '../generators/array-config.ts';
import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { processingElement } from '../generators/pe/index.ts';
import { emitFirrtl } from '../hdl/firrtl/index.ts';
import { emitHierarchy } from '../hdl/hierarchy.ts';
import { count, type Design, ports } from '../hdl/ir/nodes.ts';
import { emitJson } from '../hdl/json/index.ts';
import { optimise } from '../hdl/passes/index.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { legalName } from '../hdl/verilog/names.ts';
import { type DefaultRun, defaultRun } from './default-run.ts';
import { configHash, type DesignConfig } from './design-config.ts';
import type { Manifest } from './manifest.ts';
import { DEFAULT_OUTPUTS, type Form, type Outputs } from './outputs.ts';
import { renderTemplates, type TextFile } from './render-templates.ts';
import { templateContext } from './template-context.ts';
import { generatorVersion } from './version.ts';

export interface DesignFolder {
  /** In the order of writing: `manifest.json`, which marks a folder as ours, is last. */
  readonly files: readonly TextFile[];
  readonly manifest: Manifest;
}

/** The hardware alone: `rtl/*.v` or `rtl/*.sv`, leaves first, the top last. */
function rtlFiles(design: Design, { locators, sv }: Outputs): TextFile[] {
  return emitVerilog(design, { locators, properties: sv ? 'sv' : 'none' }).map(({ name, extension, text }) => ({
    path: `rtl/${name}.${extension}`,
    text,
  }));
}

/** What a whole design is in one file. */
const WHOLE: {
  readonly [F in Exclude<Form, 'verilog'>]: (design: Design, locators: boolean) => { readonly extension: string; readonly text: string };
} = {
  firrtl: (design, locators) => ({ extension: 'fir', text: emitFirrtl(design, { locators }) }),
  json: (design, locators) => ({ extension: 'json', text: emitJson(design, { locators }) }),
  svg: (design) => ({ extension: 'svg', text: emitHierarchy(design) }),
};

export function makeDesignFolder(config: DesignConfig, outputs: Outputs = DEFAULT_OUTPUTS): DesignFolder {
  const { emit, locators, optimise: passes } = outputs;
  const design = optimise(elaborateMatrixUnit(config, config.name), { passes });
  const version = generatorVersion();
  const verilog = emit.includes('verilog');
  const rtl = verilog ? rtlFiles(design, outputs) : [];
  const whole = emit.flatMap((form) => {
    if (form === 'verilog') return [];
    const { extension, text } = WHOLE[form](design, locators);
    return [{ path: `circuit/${config.name}.${extension}`, text }];
  });
  const run = defaultRun(config);
  const vectors = verilog ? Object.entries(run.files).map(([name, text]) => ({ path: `tb/vectors/${name}`, text: text as string })) : [];
  const rtlNames = rtl.map((f) => f.path.slice('rtl/'.length));
  const templates = renderTemplates(templateContext(config, rtlNames, version, outputs)).filter((f) => verilog || f.path === 'design.yaml');
  const files = [...rtl, ...whole, ...templates, ...vectors];
  const manifest = makeManifest(config, outputs, design, run, version, [...files.map((f) => f.path), 'manifest.json']);
  return { files: [...files, { path: 'manifest.json', text: `${JSON.stringify(manifest, null, 2)}\n` }], manifest };
}

function makeManifest(
  config: DesignConfig,
  { emit, locators, sv, optimise: passes }: Outputs,
  design: Design,
  run: DefaultRun,
  version: string,
  paths: readonly string[],
): Manifest {
  const { rows, cols, dataflow, reset, name, pe, tile, drain } = config;
  const { m, k, n } = run.problem;
  const withD = run.problem.d !== undefined;
  const { activation, weight, sum } = processingElement(peOf(config));
  const below = (folder: string) => paths.filter((p) => p.startsWith(folder));
  return {
    format: 1,
    generator: { name: 'systole', version },
    top: name,
    parameters: {
      rows,
      cols,
      dataflow,
      reset,
      ...(tile && { tile }),
      ...(drain && { drain }),
      name,
      ...(pe && { pe }),
      operandWidth: activation.width,
      ...(weight.width !== activation.width && { weightWidth: weight.width }),
      sumWidth: sum.width,
    },
    ...(emit.join() !== DEFAULT_OUTPUTS.emit.join() && { emit: [...emit] }),
    ...(locators && { locators }),
    ...(sv && { sv }),
    ...(passes.length > 0 && { optimise: [...passes] }),
    configHash: configHash(config),
    latencyCycles: latency(config),
    peakMacsPerCycle: peakMacs(config),
    ports: portList(design),
    vectors: { m, k, n, withD, ...run.stimulus, stall: { ...run.stimulus.stall }, cycles: run.prediction.cycles },
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
