// What a person reads after `npm run gen`.

import { tileText } from '../flows/tile.ts';
import { DATAFLOW_WORDS } from '../generators/array-config.ts';
import { processingElement } from '../generators/pe/index.ts';
import { quoted } from './folder.ts';
import type { GenReport } from './gen.ts';
import { peakText } from './peak.ts';

export function describeDesign({ out, files, bytes, verilogLines, manifest }: GenReport): string {
  const { top, parameters, latencyCycles, vectors } = manifest;
  const { rows, cols, dataflow, pe, tile, drain } = parameters;
  const flow = DATAFLOW_WORDS[dataflow].form;
  const folder = quoted(out);
  const has = (folder: string): readonly string[] =>
    Object.values(manifest.files)
      .flat()
      .filter((f) => f.startsWith(folder));
  const verilog = manifest.files.rtl.length > 0;
  const contents = [
    ...(verilog
      ? [
          `rtl/         ${manifest.files.rtl.length} modules, ${verilogLines} lines of Verilog; filelist.f lists them`,
          `tb/          testbenches for Verilator and Icarus Verilog; vectors of ${vectors.m} x ${vectors.k} x ${vectors.n}, ${vectors.cycles} cycles`,
          'synth/       a Yosys script',
        ]
      : []),
    ...(has('circuit/').length > 0
      ? [
          `circuit/     ${has('circuit/')
            .map((f) => f.slice('circuit/'.length))
            .join(', ')}`,
        ]
      : []),
    `in all       ${files} files, ${Math.ceil(bytes / 1000)} kB; manifest.json describes them, design.yaml repeats them`,
  ];
  const next = `
Next:
  make -C ${folder}/tb/verilator run
  npm run cosim -- --design ${folder}
  (cd ${folder}/synth && yosys -s synth.ys)
`;
  const element = `${pe ? `, ${processingElement(pe).name}` : ''}${tile ? `, tiles of ${tileText(tile)}` : ''}${drain ? ', drained through the accumulators' : ''}`;
  return `${top}: ${rows} x ${cols} ${flow}${element}, written to ${out}

  ${contents.join('\n  ')}

  latency      ${latencyCycles} cycles
  peak         ${peakText({ rows, cols, dataflow, pe })}
${verilog ? next : ''}`;
}
