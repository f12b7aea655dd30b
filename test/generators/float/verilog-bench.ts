// A Verilator program for one cell that reads cases and expected outputs from a file, compares, and prints what differs: for millions of cases.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUNDINGS } from '../../../generators/float/index.ts';
import type { SourceFile } from '../../support/verilog-tools.ts';
import type { Case, Cell } from './cases.ts';

/** Cases of one run; a shorter list is filled up with its last. */
export const BATCH = 100_000;

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

function benchOf(cell: Cell, top: string): string {
  const ports = (list: Cell['outputs']) => list.map(({ port, width }) => ({ name: snake(port), width }));
  const inputs = ports([...cell.operands, ...(cell.rounding === 'input' ? [{ port: 'rounding', width: 3 }] : [])]);
  const outputs = ports(cell.outputs);
  const sum = (list: typeof inputs): number => list.reduce((n, { width }) => n + width, 0);
  const [inWidth, outWidth] = [sum(inputs), sum(outputs)];
  const last = BATCH + cell.stages - 1;
  return `module bench;
  reg clk = 0;
  integer t;
  reg [${inWidth + outWidth - 1}:0] lines [0:${last}];
  reg [${inWidth + outWidth - 1}:0] line, due;
  ${inputs.map(({ name, width }) => `wire [${width - 1}:0] ${name};`).join(' ')}
  ${outputs.map(({ name, width }) => `wire [${width - 1}:0] ${name};`).join(' ')}
  assign {${inputs.map(({ name }) => name).join(', ')}} = line[${inWidth + outWidth - 1}:${outWidth}];
  wire [${outWidth - 1}:0] got = {${outputs.map(({ name }) => name).join(', ')}};
  ${top} dut (${[...(cell.stages > 0 ? ['clk'] : []), ...inputs.map(({ name }) => name), ...outputs.map(({ name }) => name)].map((name) => `.${name}(${name})`).join(', ')});
  initial begin
    $readmemh("cases.hex", lines);
    for (t = 0; t <= ${last}; t = t + 1) begin
      line = lines[t];
      #1;
      due = lines[t < ${cell.stages} ? 0 : t - ${cell.stages}];
      if (t >= ${cell.stages} && got !== due[${outWidth - 1}:0]) $display("wrong %0d %h", t - ${cell.stages}, got);
      #1 clk = 1; #1 clk = 0;
    end
    $display("compared");
  end
endmodule
`;
}

/** Builds once; each call runs its cases and gives the first few that differ, as text. */
export function verilogDisagreements(cell: Cell, files: readonly SourceFile[]): (cases: readonly Case[]) => string[] {
  const dir = mkdtempSync(join(tmpdir(), 'systole-float-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  const sources = [...files, { name: 'bench', text: benchOf(cell, (files.at(-1) as SourceFile).name) }];
  for (const { name, text } of sources) writeFileSync(join(dir, `${name}.v`), text);
  execFileSync(
    'verilator',
    ['--binary', '-O3', '-Wno-fatal', '-Wno-lint', '-Wno-style', '--top-module', 'bench', ...sources.map(({ name }) => `${name}.v`)],
    {
      cwd: dir,
      stdio: 'pipe',
    },
  );
  const word = (values: readonly number[], widths: readonly number[]): string =>
    values.reduce((sum, value, i) => (sum << BigInt(widths[i] as number)) | BigInt(value), 0n).toString(16);
  const inWidths = [...cell.operands.map(({ width }) => width), ...(cell.rounding === 'input' ? [3] : [])];
  const outWidths = cell.outputs.map(({ width }) => width);
  return (cases) => {
    if (cases.length > BATCH) throw new RangeError(`${cases.length} cases are more than ${BATCH}`);
    const lines = cases.map(({ operands, rounding }) => {
      const mode = cell.rounding === 'input' ? [ROUNDINGS.indexOf(rounding)] : [];
      return word([...operands, ...mode, ...cell.model(operands, rounding)], [...inWidths, ...outWidths]);
    });
    const filled = [...lines, ...Array<string>(BATCH + cell.stages - lines.length).fill(lines.at(-1) as string)];
    writeFileSync(join(dir, 'cases.hex'), `${filled.join('\n')}\n`);
    const text = execFileSync(join(dir, 'obj_dir', 'Vbench'), { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (!text.includes('compared\n')) throw new Error(`Verilator's program came to no end: ${text.slice(-200)}`);
    return [...text.matchAll(/^wrong (\d+) (\w+)$/gm)].slice(0, 5).map(([, i, got]) => `${filled[Number(i)]}: ${got}`);
  };
}
