// Many circuits in one simulation: each has a bench of its own that reads its stimulus and the expected outputs from memory files and says where
// the circuit differs. One Icarus compile and one Verilator build serve all of them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cycle, clocksOf, resetLevels, type Subject } from '../support/check-circuit.ts';
import type { Tally } from '../support/circuit/model.ts';
import type { Value } from '../support/reference.ts';
import { flatPorts, packPorts, type SourceFile, verilogName } from '../support/verilog-tools.ts';

export interface Case {
  /** Unique in the batch; a Verilog identifier. */
  readonly id: string;
  readonly subject: Subject;
  readonly cycles: readonly Cycle[];
  /** Outputs in each cycle, as the model gives them. */
  readonly expected: readonly (readonly Value[])[];
  /** What the properties say in all cycles. */
  readonly tally: Tally;
  /** Cycles before this one do not count. */
  readonly from: number;
}

/** The top of all benches; `clk` comes from outside. */
const TOP = 'fuzz_benches';

export interface Batch {
  /** The circuits' files. */
  readonly files: readonly string[];
  readonly bench: string;
  readonly top: string;
  /** Drives the top's clock, for a simulator without a main program. */
  readonly clock: string;
}

/** Writes the Verilog, the memory files and what drives the clock. */
export function writeBatch(dir: string, cases: readonly Case[]): Batch {
  mkdirSync(dir, { recursive: true });
  const files = cases.flatMap(({ subject }) => subject.files.map((f) => write(dir, f)));
  const benches = cases.map((c) => benchOf(dir, c));
  const last = Math.max(...cases.map((c) => c.cycles.length));
  const text = [...benches, `module ${TOP} (input wire clk);`, ...cases.map(({ id }) => `  bench_${id} ${id} (.clk(clk));`), 'endmodule', ''].join(
    '\n',
  );
  const clock = `module fuzz_clock;\n  reg clk;\n  ${TOP} all (.clk(clk));\n  initial begin\n    clk = 1'b0;\n    repeat (${last + 1}) begin #1 clk = 1'b1; #1 clk = 1'b0; end\n    $finish;\n  end\nendmodule\n`;
  writeFileSync(join(dir, 'main.cpp'), mainOf(last + 1));
  return { files, bench: write(dir, { name: TOP, text }), top: TOP, clock: write(dir, { name: 'fuzz_clock', text: clock }) };
}

function write(dir: string, { name, text }: SourceFile): string {
  writeFileSync(join(dir, `${name}.v`), text);
  return `${name}.v`;
}

function benchOf(dir: string, { id, subject, cycles, expected, from }: Case): string {
  const { circuit, top, design } = subject;
  const [ins, outs] = [flatPorts(circuit.inputs), flatPorts(circuit.outputs)];
  const clocks = clocksOf(design);
  // Each of several clocks has its edge or not, as the stimulus says; they are simultaneous.
  const gates = clocks.length > 1 || (cycles[0]?.edges?.length ?? 1) > 1 ? clocks : [];
  const resets = [...resetLevels(subject, cycles[0] as Cycle).keys()];
  const controls = (cycle: Cycle): bigint => {
    const levels = resetLevels(subject, cycle);
    const bits = [...gates.map((c) => cycle.edges?.includes(c) ?? true), ...resets.map((r) => levels.get(r) ?? false)];
    return bits.reduce((sum, bit) => sum * 2n + (bit ? 1n : 0n), 0n);
  };
  const width = ins.reduce((sum, p) => sum + p.width, gates.length + resets.length + 1);
  const outWidth = outs.reduce((sum, p) => sum + p.width, 1);
  const hex = (words: readonly bigint[]): string => `${words.map((w) => w.toString(16)).join('\n')}\n`;
  writeFileSync(join(dir, `${id}.in`), hex(cycles.map((c) => packPorts(circuit.inputs, c.values, controls(c)))));
  writeFileSync(join(dir, `${id}.out`), hex(expected.map((values) => packPorts(circuit.outputs, values, 0n))));
  const connect = (ports: readonly { readonly name: string; readonly width: number }[], net: string, all: number): string[] => {
    let at = all - 1;
    return ports.map((p) => {
      at -= p.width;
      return `.${p.name}(${net}[${at} +: ${p.width}])`;
    });
  };
  const bits = (names: readonly string[]): { readonly name: string; readonly width: number }[] =>
    names.map((name) => ({ name: verilogName(name), width: 1 }));
  const connections = [
    ...(gates.length > 0 ? gates.map((c) => `.${verilogName(c)}(edge_${c})`) : clocks.map((c) => `.${verilogName(c)}(clk)`)),
    ...connect([...bits(gates), ...bits(resets), ...ins], 'now', width).slice(gates.length),
    ...connect(outs, 'out', outWidth),
  ];
  const last = cycles.length - 1;
  return `module bench_${id} (input wire clk);
  reg [${width - 1}:0] stimulus [0:${last}];
  reg [${outWidth - 1}:0] expected [0:${last}];
  reg [15:0] t;
  reg going, wrong;
  initial begin
    $readmemh("${id}.in", stimulus);
    $readmemh("${id}.out", expected);
    t = 16'd0; going = 1'b0; wrong = 1'b0;
  end
  wire [${width - 1}:0] now = stimulus[t];
  wire [${outWidth - 1}:0] out;
  assign out[${outWidth - 1}] = 1'b0;
${gates
  .map(
    (c, i) => `  wire edge_${c} = clk & now[${width - 2 - i}];
`,
  )
  .join('')}  ${top} dut (${connections.join(', ')});
  always @(negedge clk) if (going && t <= 16'd${last}) t <= t + 16'd1;
  always @(posedge clk) begin
    going <= 1'b1;
    if (t >= 16'd${from} && t <= 16'd${last} && !wrong && out !== expected[t]) begin
      wrong <= 1'b1;
      $display("wrong ${id} %0d %h", t, out);
    end
    if (t == 16'd${last}) $display("done ${id}");
  end
endmodule
`;
}

/** State that nothing has set starts at random in Verilator: what counts must not depend on it. */
function mainOf(cycles: number): string {
  return `#include "V${TOP}.h"
int main() {
  Verilated::randReset(2);
  Verilated::randSeed(20261);
  V${TOP} top;
  top.clk = 0;
  top.eval();
  for (int i = 0; i < ${cycles}; i++) {
    top.clk = 1;
    top.eval();
    top.clk = 0;
    top.eval();
  }
  top.final();
  return 0;
}
double sc_time_stamp() { return 0; }
`;
}

/** Cases that a simulation did not finish or got wrong, with what it said. */
export function readVerdict(text: string, cases: readonly Case[]): Map<string, string> {
  const done = new Set([...text.matchAll(/^done (\w+)$/gm)].map((m) => m[1]));
  const wrong = new Map([...text.matchAll(/^wrong (\w+) +(\d+) (\w+)$/gm)].map((m) => [m[1] as string, `cycle ${m[2]}: outputs are ${m[3]}`]));
  return new Map(
    cases.flatMap(({ id }): [string, string][] => {
      const said = wrong.get(id) ?? (done.has(id) ? undefined : 'did not run to its end');
      return said ? [[id, said]] : [];
    }),
  );
}
