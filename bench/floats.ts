// Hardware cost of the floating-point cells, by Yosys: `npm run bench:floats [-- WORD]` prints a table in Markdown of those whose name contains the word.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FloatAdd, FloatCompare, FloatFma, FloatMul, FloatToFloat, FloatToInt, IntToFloat } from '../generators/float/index.ts';
import { bf16, type Design, elaborate, fp8e4m3, fp8e5m2, fp16, fp32, sint } from '../hdl/index.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';

const CELLS: readonly (readonly [name: string, () => Design])[] = [
  ['bf16 · bf16 + fp32, 5 stages', () => elaborate(FloatFma, { operand: bf16, accumulate: fp32, stages: 5 })],
  ['fp16 · fp16 + fp32, 5 stages', () => elaborate(FloatFma, { operand: fp16, accumulate: fp32, stages: 5 })],
  ['fp8e4m3 · fp8e4m3 + fp32, 5 stages', () => elaborate(FloatFma, { operand: fp8e4m3, accumulate: fp32, stages: 5 })],
  ['fp8e5m2 · fp8e5m2 + fp16, 5 stages', () => elaborate(FloatFma, { operand: fp8e5m2, accumulate: fp16, stages: 5 })],
  ['fp8e4m3 multiply-add', () => elaborate(FloatFma, { operand: fp8e4m3 })],
  ['bf16 multiply-add', () => elaborate(FloatFma, { operand: bf16 })],
  ['fp16 multiply-add', () => elaborate(FloatFma, { operand: fp16 })],
  ['fp32 multiply-add, 5 stages', () => elaborate(FloatFma, { operand: fp32, stages: 5 })],
  ['fp32 multiply-add, rounding by a port', () => elaborate(FloatFma, { operand: fp32, rounding: 'input' })],
  ['bf16 add', () => elaborate(FloatAdd, { type: bf16 })],
  ['fp32 add', () => elaborate(FloatAdd, { type: fp32 })],
  ['bf16 multiply', () => elaborate(FloatMul, { operand: bf16 })],
  ['fp32 multiply', () => elaborate(FloatMul, { operand: fp32 })],
  ['fp32 compare', () => elaborate(FloatCompare, { type: fp32 })],
  ['fp32 to bf16', () => elaborate(FloatToFloat, { from: fp32, to: bf16 })],
  ['fp32 to fp8e4m3', () => elaborate(FloatToFloat, { from: fp32, to: fp8e4m3 })],
  ['fp8e4m3 to fp32', () => elaborate(FloatToFloat, { from: fp8e4m3, to: fp32 })],
  ['fp32 to i32', () => elaborate(FloatToInt, { from: fp32, to: sint(32) })],
  ['i32 to fp32', () => elaborate(IntToFloat, { from: sint(32), to: fp32 })],
];

/** Cells of a kind in a `stat` of Yosys. */
function count(stat: string, kind: RegExp): number {
  return [...stat.matchAll(/^\s+(\S+)\s+(\d+)$/gm)].reduce((sum, [, name, n]) => (kind.test(name as string) ? sum + Number(n) : sum), 0);
}

function cost(design: Design): string {
  const dir = mkdtempSync(join(tmpdir(), 'systole-cost-'));
  try {
    const files = emitVerilog(design);
    for (const { name, text } of files) writeFileSync(join(dir, `${name}.v`), text);
    const top = files.at(-1)?.name;
    const run = (script: string): string => {
      const sources = files.map(({ name }) => `${name}.v`).join(' ');
      execFileSync('yosys', ['-q', '-p', `read_verilog ${sources}; ${script}; tee -q -o stat.txt stat`], { cwd: dir, stdio: 'pipe' });
      return readFileSync(join(dir, 'stat.txt'), 'utf8');
    };
    const generic = run(`synth -flatten -top ${top}; abc -g AND,XOR,MUX`);
    const ice40 = run(`synth_ice40 -top ${top}`);
    const xc7 = run(`synth_xilinx -nodsp -flatten -top ${top}`);
    const figures = [
      count(generic, /^\$_(AND|XOR|MUX|NOT)_$/),
      `${count(ice40, /^SB_LUT4$/)}/${count(ice40, /^SB_CARRY$/)}/${count(ice40, /^SB_DFF/)}`,
      `${count(xc7, /^LUT[1-6]$/)}/${count(xc7, /^CARRY4$/)}/${count(xc7, /^FD/)}`,
    ];
    return figures.join(' | ');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

console.log('| cell | gates (AND, XOR, MUX, NOT) | iCE40 LUT4/carry/FF | Xilinx 7 LUT/CARRY4/FF, no DSP |\n|---|---|---|---|');
for (const [name, build] of CELLS.filter(([name]) => name.includes(process.argv[2] ?? ''))) console.log(`| ${name} | ${cost(build())} |`);
