// The designs on Icarus Verilog.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchDesign } from './designs.ts';
import { type Coding, codedAs } from './loop-coding.ts';
import { checksumOf, RESET, type Result } from './measure.ts';
import { timed, versionOf } from './tools.ts';

/** Runs as many cycles as it is told and prints `sums`. */
const bench = (sums: number): string => `module bench;
  reg clk = 0, rst = 1;
  wire [${32 * sums - 1}:0] sums;
  integer i, cycles;
  top dut (.clk(clk), .rst(rst), .sums(sums));
  initial begin
    if (!$value$plusargs("cycles=%d", cycles)) cycles = 0;
    for (i = 0; i < ${RESET}; i = i + 1) begin #1 clk = 1; #1 clk = 0; end
    rst = 0;
    for (i = 0; i < cycles; i = i + 1) begin #1 clk = 1; #1 clk = 0; end
    $display("%h", sums);
    $finish;
  end
endmodule
`;

/** Undefined when it is not installed. */
export async function onIcarus(design: BenchDesign, coding: Coding = 'structural'): Promise<Result | undefined> {
  if ((await versionOf('iverilog')) === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'systole-bench-'));
  try {
    const files = codedAs(coding, design);
    for (const { name, text } of files) await writeFile(join(folder, `${name}.v`), text);
    await writeFile(join(folder, 'bench.v'), bench(design.sums));
    const compiled = await timed('iverilog', ['-g2005', '-s', 'bench', '-o', 'bench.vvp', 'bench.v', ...files.map((f) => `${f.name}.v`)], folder);
    const run = (cycles: number) => timed('vvp', ['-n', 'bench.vvp', `+cycles=${cycles}`], folder);
    const [start, common] = [await run(0), await run(design.common)];
    const hex = (/^([0-9a-f]+)$/m.exec(common.stdout)?.[1] ?? '').padStart(8 * design.sums, '0');
    const words = Array.from({ length: design.sums }, (_, i) => Number.parseInt(hex.slice(hex.length - 8 * (i + 1), hex.length - 8 * i), 16));
    const cyclesPerSecond = design.common / Math.max(common.seconds - start.seconds, 0.005);
    return { simulator: 'icarus', firstCycleSeconds: compiled.seconds + start.seconds, cyclesPerSecond, checksum: checksumOf(words) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
