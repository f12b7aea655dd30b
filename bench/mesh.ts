// npm run bench:mesh: what a mesh costs at each size, by the form that it is printed in.
//
//     npm run bench:mesh                 elaboration and printing in this process, median of 5, and the size of what comes out
//     npm run bench:mesh -- --lint 64    CPU seconds of `verilator --lint-only -Wall` beside a form written by hand

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Design, elaborate, input, Module, output, sint, vec, zeros } from '../hdl/index.ts';
import { ownExprs, visitExprs, visitStmts } from '../hdl/ir/visit.ts';
import { reduceMesh } from '../hdl/std/index.ts';
import { emitVerilog } from '../hdl/verilog/index.ts';
import { median } from './median.ts';

const SIZES = [4, 64, 256];
const RUNS = 5;

class Pe extends Module {
  readonly p = this.io({ a: input(sint(8)), sum: input(sint(24)), aOut: output(sint(8)), sumOut: output(sint(24)) });
  readonly held = this.reg(sint(8), { reset: 0, next: this.p.a });
  readonly total = this.reg(sint(24), { reset: 0, next: this.p.sum.addw(this.p.a) });
  constructor() {
    super();
    this.p.aOut.set(this.held);
    this.p.sumOut.set(this.total);
  }
}

interface MeshConfig {
  readonly n: number;
  /** `rows`: eastwards and southwards; `diagonal`: eastwards and to the south-east, which takes nested loops; `reduced`: rows, and a sum of all. */
  readonly form: 'rows' | 'diagonal' | 'reduced';
}

class Plain extends Module<MeshConfig> {
  readonly p = this.io({ a: input(vec(sint(8), this.cfg.n)), sum: output(vec(sint(24), this.cfg.n)), total: output(sint(40)) });
  constructor(cfg: MeshConfig) {
    super(cfg);
    const { n, form } = cfg;
    const pes = this.mesh(Pe, [n, n]);
    pes.shift([0, 1], { from: 'aOut', to: 'a', enter: this.p.a });
    if (form === 'diagonal') {
      pes.shift([1, 1], { from: 'sumOut', to: 'sum', enter: zeros(sint(24)) });
      this.p.sum.set(pes.collect('sumOut').at(n - 1));
    } else pes.shift([1, 0], { from: 'sumOut', to: 'sum', enter: zeros(vec(sint(24), n)), leave: this.p.sum });
    this.p.total.set(form === 'reduced' ? reduceMesh(pes, 'sumOut', 'add') : zeros(sint(40)));
  }
}

function irNodes({ definitions }: Design): number {
  let nodes = 0;
  const seen = new Set<never>();
  for (const { signals, instances, meshes, delays, memories, body } of definitions) {
    nodes += signals.length + instances.length + delays.length + memories.length + meshes.reduce((sum, m) => sum + 1 + m.links.length, 0);
    visitStmts(body, (stmt) => {
      nodes++;
      visitExprs(ownExprs(stmt), () => nodes++, seen);
    });
  }
  return nodes;
}

function generating(): void {
  const line = (cells: readonly unknown[]): void => void process.stdout.write(`${cells.map((c) => String(c).padStart(12)).join('')}\n`);
  line(['form', 'size', 'elaborate ms', 'print ms', 'IR nodes', 'lines']);
  for (const form of ['rows', 'diagonal', 'reduced'] as const)
    for (const n of SIZES) {
      const samples = Array.from({ length: RUNS }, () => {
        const start = performance.now();
        const design = elaborate(Plain, { n, form });
        const middle = performance.now();
        const files = emitVerilog(design);
        return { elaborate: middle - start, print: performance.now() - middle, design, files };
      });
      const { design, files } = samples[0] as (typeof samples)[0];
      const lines = files.reduce((sum, f) => sum + f.text.split('\n').length - 1, 0);
      const times = [median(samples.map((s) => s.elaborate)), median(samples.map((s) => s.print))].map((t) => t.toFixed(1));
      line([form, `${n}x${n}`, ...times, irNodes(design), lines]);
    }
}

/** Rows of packed vectors, chained through an array of rows: the form that the printed one has to match. */
function byHand(n: number, pe: string, peName: string): string {
  const [a, s] = [8, 24];
  return `${pe}
module hand_row (input wire clk, input wire rst, input wire [7:0] a, input wire [${s * n - 1}:0] sum, output wire [${s * n - 1}:0] sum_out);
  wire [${a * (n + 1) - 1}:0] chain;
  assign chain[7:0] = a;
  genvar i;
  generate
    for (i = 0; i < ${n}; i = i + 1) begin : pes
      ${peName} pe (.clk(clk), .rst(rst), .a(chain[8*i +: 8]), .sum(sum[24*i +: 24]), .a_out(chain[8*(i+1) +: 8]), .sum_out(sum_out[24*i +: 24]));
    end
  endgenerate
  wire _unused_ok = &{1'b0, chain[${a * (n + 1) - 1}:${a * n}]};
endmodule
module hand (input wire clk, input wire rst, input wire [${a * n - 1}:0] a, output wire [${s * n - 1}:0] sum);
  wire [${s * n - 1}:0] rows [0:${n}];
  assign rows[0] = ${s * n}'d0;
  assign sum = rows[${n}];
  genvar i;
  generate
    for (i = 0; i < ${n}; i = i + 1) begin : pes_rows
      hand_row row (.clk(clk), .rst(rst), .a(a[8*i +: 8]), .sum(rows[i]), .sum_out(rows[i+1]));
    end
  endgenerate
endmodule
`;
}

function linting(n: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'systole-bench-'));
  try {
    const lint = (form: string, top: string, text: string): void => {
      const path = join(folder, `${top}.v`);
      writeFileSync(path, text);
      const command = `TIMEFORMAT=%U; time verilator --lint-only -Wall -Wno-DECLFILENAME --top-module ${top} ${path}`;
      const { stderr, status } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
      process.stdout.write(`${form.padEnd(10)} ${n}x${n}  ${status === 0 ? `${stderr.trim()} s of CPU time` : `exit ${status}: ${stderr}`}\n`);
    };
    for (const form of ['rows', 'diagonal'] as const) {
      const files = emitVerilog(elaborate(Plain, { n, form }));
      lint(form, 'plain', files.map((f) => f.text).join('\n'));
      const pe = files[0]?.text as string;
      if (form === 'rows') lint('by hand', 'hand', byHand(n, pe, /module (\w+)/.exec(pe)?.[1] as string));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const size = process.argv.indexOf('--lint');
if (size < 0) generating();
else linting(Number(process.argv[size + 1]));
