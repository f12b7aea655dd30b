// What a person reads after `npm run gen`.

import type { GenReport } from './gen.ts';

export function describeDesign({ out, files, bytes, verilogLines, manifest }: GenReport): string {
  const { top, parameters, latencyCycles, peakMacsPerCycle, vectors } = manifest;
  const { rows, cols, dataflow } = parameters;
  const flow = dataflow === 'ws' ? 'weight-stationary' : 'output-stationary';
  const folder = quoted(out);
  return `${top}: ${rows} x ${cols} ${flow}, written to ${out}

  rtl/         ${manifest.files.rtl.length} modules, ${verilogLines} lines of Verilog; filelist.f lists them
  tb/          testbenches for Verilator and Icarus Verilog; vectors of ${vectors.m} x ${vectors.k} x ${vectors.n}, ${vectors.cycles} cycles
  synth/       a Yosys script
  in all       ${files} files, ${Math.ceil(bytes / 1000)} kB; manifest.json describes them, design.yaml repeats them

  latency      ${latencyCycles} cycles
  peak         ${peakMacsPerCycle} multiply-accumulates a cycle

Next:
  make -C ${folder}/tb/verilator run
  npm run cosim -- --design ${folder}
  (cd ${folder}/synth && yosys -s synth.ys)
`;
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w./@%+,:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
