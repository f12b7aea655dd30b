// The arrays as somebody would write them in Verilog who knows how Verilator works: no generate loop of modules, but one loop over arrays of registers.
//
// The printed Verilog is taken but for the array and its triangles of delays, in whose place an instance of a module written by hand stands. Registers are updated
// by blocking assignments in reverse order of dependency, since Verilator cannot take others to arrays in loops that it does not unroll.
// Refused: printed Verilog in which those parts are not found.

import type { ArrayConfig } from '../../generators/array-config.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import type { BenchDesign } from './designs.ts';

/** `structural`: as it is printed. `loop`: an array by hand. */
export type Coding = 'structural' | 'loop';

interface File {
  readonly name: string;
  readonly text: string;
}

/** The files of a design. */
export function codedAs(coding: Coding, { array, elaborate }: BenchDesign): readonly File[] {
  const files = emitVerilog(elaborate());
  return coding === 'loop' && array ? asLoops(files, array) : files;
}

/** The printed files of a design with its array written as a loop. */
function asLoops(files: readonly File[], { rows, cols, dataflow }: ArrayConfig): File[] {
  const unit = `${dataflow}_unit`;
  const hand = dataflow === 'ws' ? weightStationary(rows, cols) : outputStationary(rows, cols);
  const kept = files.filter(({ name }) => !name.endsWith('_pes_row') && !name.endsWith('_pe'));
  const changed = kept.map(({ name, text }) => (name.endsWith(unit) ? { name, text: withoutGenerate(text, hand.instance) } : { name, text }));
  if (changed.every(({ text }, i) => text === kept[i]?.text)) throw new Error(`the Verilog of the design has no module ${unit}`);
  return [...changed, { name: 'array_loop', text: hand.module }, { name: 'triangle_loop', text: TRIANGLE }];
}

/** The generate loop of rows becomes `instance`, and each of delays an instance of `triangle_loop`. */
function withoutGenerate(text: string, instance: string): string {
  const array = / {2}generate\n {4}for \(i = 0; i < \d+; i = i \+ 1\) begin : pes_rows\n[\s\S]*?\n {2}endgenerate\n/;
  if (!array.test(text)) throw new Error('the printed unit has no loop of rows');
  const triangle =
    / {2}generate\n {4}for \(i = 0; i < (\d+); i = i \+ 1\) begin : (\w+)_lane\n {6}if \(i == (\d+)\) begin : direct\n {8}assign \w+\[(\d+)\*i [^\n]* = (\w+)\[[\s\S]*?\n {2}endgenerate\n/g;
  return text.replace(array, instance).replace(triangle, (_, lanes, output, direct, width, source) => {
    const ports = `.clk(clk), .enable(advance), .in(${source}), .out(${output})`;
    return `  triangle_loop #(.LANES(${lanes}), .WIDTH(${width}), .RISING(${direct === '0' ? 1 : 0})) ${output}_triangle (${ports});\n`;
  });
}

/** Lane i is delayed by i edges, or where it falls by LANES - 1 - i. */
const TRIANGLE = `module triangle_loop #(parameter LANES = 1, parameter WIDTH = 1, parameter RISING = 1) (
  input wire clk,
  input wire enable,
  input wire [LANES*WIDTH-1:0] in,
  output wire [LANES*WIDTH-1:0] out
);
  reg [WIDTH-1:0] stages [0:LANES*LANES-1];
  reg [LANES*WIDTH-1:0] last;
  integer lane, stage;
  // Stage 0 of each lane is the one that comes out next.
  always @(posedge clk) if (enable) begin
    for (lane = 0; lane < LANES; lane = lane + 1) begin
      for (stage = 0; stage < (RISING ? lane : LANES - 1 - lane) - 1; stage = stage + 1)
        stages[lane*LANES + stage] = stages[lane*LANES + stage + 1];
      if ((RISING ? lane : LANES - 1 - lane) > 0) stages[lane*LANES + (RISING ? lane : LANES - 1 - lane) - 1] = in[lane*WIDTH +: WIDTH];
      last[lane*WIDTH +: WIDTH] <= stages[lane*LANES];
    end
  end
  genvar i;
  generate
    for (i = 0; i < LANES; i = i + 1) begin : lanes
      if (i == (RISING ? 0 : LANES - 1)) assign out[i*WIDTH +: WIDTH] = in[i*WIDTH +: WIDTH];
      else assign out[i*WIDTH +: WIDTH] = last[i*WIDTH +: WIDTH];
    end
  endgenerate
endmodule
`;

interface Hand {
  readonly module: string;
  readonly instance: string;
}

function weightStationary(rows: number, cols: number): Hand {
  return {
    instance: `  array_loop pes (.clk(clk), .enable(advance), .activations(activations), .load(pes_load_lanes), .swap(pes_swap_lanes), .weights(weights), .sums(sums), .bottom(bottom));\n`,
    module: `module array_loop (
  input wire clk,
  input wire enable,
  input wire [${8 * rows - 1}:0] activations,
  input wire [${rows - 1}:0] load,
  input wire [${rows - 1}:0] swap,
  input wire [${8 * cols - 1}:0] weights,
  input wire [${32 * cols - 1}:0] sums,
  output reg [${32 * cols - 1}:0] bottom
);
  reg signed [7:0] activation [0:${rows * cols - 1}];
  reg loading [0:${rows * cols - 1}];
  reg swapping [0:${rows * cols - 1}];
  reg signed [7:0] shadow [0:${rows * cols - 1}];
  reg signed [7:0] active [0:${rows * cols - 1}];
  reg signed [31:0] sum [0:${rows * cols - 1}];
  reg signed [7:0] a;
  reg l, s;
  integer r, c;
  always @(posedge clk) if (enable) begin
    for (r = ${rows - 1}; r >= 0; r = r - 1) begin
      for (c = ${cols - 1}; c >= 0; c = c - 1) begin
        a = c == 0 ? activations[8*r +: 8] : activation[r*${cols} + c - 1];
        l = c == 0 ? load[r] : loading[r*${cols} + c - 1];
        s = c == 0 ? swap[r] : swapping[r*${cols} + c - 1];
        sum[r*${cols} + c] = (r == 0 ? $signed(sums[32*c +: 32]) : sum[r*${cols} + c - ${cols}]) + a * active[r*${cols} + c];
        if (s) active[r*${cols} + c] = shadow[r*${cols} + c];
        if (l) shadow[r*${cols} + c] = r == 0 ? weights[8*c +: 8] : shadow[r*${cols} + c - ${cols}];
        activation[r*${cols} + c] = a;
        loading[r*${cols} + c] = l;
        swapping[r*${cols} + c] = s;
      end
    end
    for (c = 0; c < ${cols}; c = c + 1) bottom[32*c +: 32] <= sum[${(rows - 1) * cols} + c];
  end
endmodule
`,
  };
}

function outputStationary(rows: number, cols: number): Hand {
  return {
    instance: `  array_loop pes (.clk(clk), .enable(advance), .activations(activations), .keep(pes_keep_lanes), .last(pes_last_lanes), .shift(shift_rows), .weights(weights), .bottom(bottom));\n`,
    module: `module array_loop (
  input wire clk,
  input wire enable,
  input wire [${8 * rows - 1}:0] activations,
  input wire [${rows - 1}:0] keep,
  input wire [${rows - 1}:0] last,
  input wire [${rows - 1}:0] shift,
  input wire [${8 * cols - 1}:0] weights,
  output reg [${32 * cols - 1}:0] bottom
);
  reg signed [7:0] activation [0:${rows * cols - 1}];
  reg keeps [0:${rows * cols - 1}];
  reg lasts [0:${rows * cols - 1}];
  reg shifts [0:${rows * cols - 1}];
  reg signed [7:0] weight [0:${rows * cols - 1}];
  reg signed [31:0] sum [0:${rows * cols - 1}];
  reg signed [31:0] drain [0:${rows * cols - 1}];
  reg signed [7:0] a, w;
  reg signed [31:0] next;
  reg k, l, s;
  integer r, c;
  always @(posedge clk) if (enable) begin
    for (r = ${rows - 1}; r >= 0; r = r - 1) begin
      for (c = ${cols - 1}; c >= 0; c = c - 1) begin
        a = c == 0 ? activations[8*r +: 8] : activation[r*${cols} + c - 1];
        k = c == 0 ? keep[r] : keeps[r*${cols} + c - 1];
        l = c == 0 ? last[r] : lasts[r*${cols} + c - 1];
        s = c == 0 ? shift[r] : shifts[r*${cols} + c - 1];
        w = r == 0 ? weights[8*c +: 8] : weight[r*${cols} + c - ${cols}];
        next = sum[r*${cols} + c] + a * w;
        sum[r*${cols} + c] = k ? next : 32'sd0;
        if (l) drain[r*${cols} + c] = next;
        else if (s) drain[r*${cols} + c] = r == 0 ? 32'sd0 : drain[r*${cols} + c - ${cols}];
        activation[r*${cols} + c] = a;
        keeps[r*${cols} + c] = k;
        lasts[r*${cols} + c] = l;
        shifts[r*${cols} + c] = s;
        weight[r*${cols} + c] = w;
      end
    end
    for (c = 0; c < ${cols}; c = c + 1) bottom[32*c +: 32] <= drain[${(rows - 1) * cols} + c];
  end
endmodule
`,
  };
}
