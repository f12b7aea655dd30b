// Testbench of systolic_16x16_ws, a 16 x 16 matrix unit (ws). Written by Systole 0.1.0.
//
//   vvp tb.vvp +vectors=DIR [+trace=FILE] [+vcd=FILE]
//
// DIR holds act.txt, weight.txt, psum.txt (one beat a line), run.txt (seeds, stalls and lengths) and expected.txt
// (every output in every cycle). +trace writes what the unit did in the format of expected.txt. The last line printed
// begins with PASS, FAIL (an output differs or is unknown) or ERROR (the vectors cannot be used).
//
// Inputs change on the falling edge of clk. Outputs are compared just before the rising edge, when all has settled.

// A valid/ready source that reads its beats from a file. A beat that has been offered stays until it is taken; between
// beats the payload is all ones, so that a unit that looks at it shows.
module systolic_16x16_ws_tb_source #(
  parameter BITS = 8,
  parameter FLAGS = 0  // whether each line ends with last and accumulate
) (
  output reg             valid,
  output reg  [BITS-1:0] data,
  output reg             last,
  output reg             accumulate
);
  localparam DIGITS = (BITS + 3) / 4;

  integer file;
  integer line;
  integer fields;
  reg [31:0] left;
  reg [31:0] state;
  reg [31:0] threshold;
  reg [8*DIGITS+7:0] digits;
  reg [8*1024-1:0] path;

  task open(input [8*1024-1:0] name, input [31:0] seed, input [31:0] limit, input [31:0] beats);
    begin
      path = name;
      state = seed;
      threshold = limit;
      left = beats;
      line = 0;
      rest;
      file = $fopen(path, "r");
      if (file == 0) begin
        $display("ERROR: %0s: cannot be opened", path);
        $finish;
      end
    end
  endtask

  task rest;
    begin
      valid = 1'b0;
      data = {BITS{1'b1}};
      last = 1'b1;
      accumulate = 1'b1;
    end
  endtask

  // Begins a cycle.
  task offer;
    begin
      state = xorshift32(state);
      if (!valid && left != 0 && state[31:24] >= threshold) begin
        valid = 1'b1;
        read;
      end
    end
  endtask

  // Ends a cycle.
  task finish(input ready);
    if (valid && ready) begin
      left = left - 1;
      rest;
    end
  endtask

  task read;
    begin
      line = line + 1;
      if (FLAGS != 0) fields = $fscanf(file, "%s %b %b", digits, last, accumulate);
      else fields = $fscanf(file, "%s", digits);
      // Exactly DIGITS characters: not one more, not one less.
      if (fields != (FLAGS != 0 ? 3 : 1) || digits[8*DIGITS +: 8] != 0 || digits[8*DIGITS-1 -: 8] == 0) begin
        $display("ERROR: %0s:%0d: a line with %0d hexadecimal digits expected%0s", path, line, DIGITS,
                 FLAGS != 0 ? ", then last and accumulate" : "");
        $finish;
      end
      fields = $sscanf(digits, "%h", data);
    end
  endtask

  function [31:0] xorshift32(input [31:0] x);
    begin
      xorshift32 = x ^ (x << 13);
      xorshift32 = xorshift32 ^ (xorshift32 >> 17);
      xorshift32 = xorshift32 ^ (xorshift32 << 5);
    end
  endfunction
endmodule

module systolic_16x16_ws_tb;
  localparam ACT_BITS = 128;
  localparam WEIGHT_BITS = 128;
  localparam SUM_BITS = 512;
  localparam LANE_BITS = 32;
  localparam RESET_CYCLES = 2;

  reg clk;
  reg rst;
  wire act_valid, act_ready;
  wire weight_valid, weight_ready;
  wire act_last, act_accumulate;
  wire psum_valid, psum_ready;
  wire out_valid, out_last;
  reg  out_ready;
  wire [ACT_BITS-1:0] act_data;
  wire [WEIGHT_BITS-1:0] weight_data;
  wire [SUM_BITS-1:0] psum_data;
  wire [SUM_BITS-1:0] out_data;

  systolic_16x16_ws unit (
    .clk           (clk),
    .rst           (rst),
    .act_valid     (act_valid),
    .act_ready     (act_ready),
    .act_data      (act_data),
    .act_last      (act_last),
    .act_accumulate(act_accumulate),
    .weight_valid  (weight_valid),
    .weight_ready  (weight_ready),
    .weight_data   (weight_data),
    .psum_valid    (psum_valid),
    .psum_ready    (psum_ready),
    .psum_data     (psum_data),
    .out_valid     (out_valid),
    .out_ready     (out_ready),
    .out_data      (out_data),
    .out_last      (out_last)
  );

  systolic_16x16_ws_tb_source #(.BITS(ACT_BITS), .FLAGS(1)) act (
    .valid(act_valid), .data(act_data), .last(act_last), .accumulate(act_accumulate)
  );
  systolic_16x16_ws_tb_source #(.BITS(WEIGHT_BITS)) weight (.valid(weight_valid), .data(weight_data), .last(), .accumulate());
  systolic_16x16_ws_tb_source #(.BITS(SUM_BITS)) psum (.valid(psum_valid), .data(psum_data), .last(), .accumulate());

  // run.txt
  reg [31:0] seed_act, seed_weight, seed_psum, seed_out;
  reg [31:0] limit_act, limit_weight, limit_psum, limit_out;
  reg [31:0] act_beats, weight_beats, psum_beats, out_beats;
  reg [31:0] cycles;

  reg [8*1000-1:0] vectors;
  reg [8*1024-1:0] path;
  integer file;
  integer expected;
  integer trace;
  integer fields;
  integer lane;
  reg [31:0] cycle;
  reg [31:0] taken;
  reg [4:0] flags;
  reg [4:0] wanted_flags;
  reg [SUM_BITS-1:0] wanted_data;
  reg signed [LANE_BITS-1:0] wanted_sum;
  reg signed [LANE_BITS-1:0] sum;
  reg failed;

  initial begin
    failed = 1'b0;
    clk = 1'b0;
    rst = 1'b1;
    out_ready = 1'b1;
    taken = 0;
    open_vectors;
    trace = 0;
    if ($value$plusargs("trace=%s", path)) begin
      trace = $fopen(path, "w");
      if (trace == 0) begin
        $display("ERROR: %0s: cannot be written", path);
        $finish;
      end
    end
    if ($value$plusargs("vcd=%s", path)) begin
      $dumpfile(path);
      $dumpvars(0, systolic_16x16_ws_tb);
    end

    repeat (RESET_CYCLES) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    rst = 1'b0;
    for (cycle = 0; cycle != cycles && !failed; cycle = cycle + 1) begin
      clk = 1'b0;
      act.offer;
      weight.offer;
      psum.offer;
      seed_out = act.xorshift32(seed_out);
      out_ready = seed_out[31:24] >= limit_out;
      #5 compare;
      clk = 1'b1;
      #5;
      act.finish(flags[0]);
      weight.finish(flags[1]);
      psum.finish(flags[2]);
    end

    if (!failed && taken != out_beats) begin
      $display("ERROR: %0s/run.txt: announces %0d output beats, expected.txt holds %0d", vectors, out_beats, taken);
    end else if (!failed) begin
      $display("PASS: %0d cycles, %0d output beats", cycles, taken);
    end
    $finish;
  end

  task open_vectors;
    begin
      if (!$value$plusargs("vectors=%s", vectors)) begin
        $display("ERROR: no vectors; give +vectors=DIR");
        $finish;
      end
      $sformat(path, "%0s/run.txt", vectors);
      file = $fopen(path, "r");
      if (file == 0) begin
        $display("ERROR: %0s: cannot be opened", path);
        $finish;
      end
      fields = $fscanf(file, "%d %d %d %d %d %d %d %d", seed_act, seed_weight, seed_psum, seed_out,
                       limit_act, limit_weight, limit_psum, limit_out);
      fields = fields + $fscanf(file, "%d %d %d %d %d", act_beats, weight_beats, psum_beats, out_beats, cycles);
      if (fields != 13) begin
        $display("ERROR: %0s: 13 numbers expected", path);
        $finish;
      end
      $fclose(file);

      $sformat(path, "%0s/act.txt", vectors);
      act.open(path, seed_act, limit_act, act_beats);
      $sformat(path, "%0s/weight.txt", vectors);
      weight.open(path, seed_weight, limit_weight, weight_beats);
      $sformat(path, "%0s/psum.txt", vectors);
      psum.open(path, seed_psum, limit_psum, psum_beats);
      $sformat(path, "%0s/expected.txt", vectors);
      expected = $fopen(path, "r");
      if (expected == 0) begin
        $display("ERROR: %0s: cannot be opened", path);
        $finish;
      end
    end
  endtask

  // Compares the outputs of a cycle; out_last and out_data only while out_valid is high.
  task compare;
    begin
      flags = {out_valid & out_last, out_valid, psum_ready, weight_ready, act_ready};
      if (trace != 0) begin
        if (out_valid !== 1'b0) $fdisplay(trace, "%h %h", {3'd0, flags}, out_data);
        else $fdisplay(trace, "%h 0", {3'd0, flags});
      end
      fields = $fscanf(expected, "%h %h", wanted_flags, wanted_data);
      if (fields != 2) begin
        $display("ERROR: %0s/expected.txt:%0d: two hexadecimal numbers expected", vectors, cycle + 1);
        $finish;
      end
      check_flag("act_ready", 0);
      check_flag("weight_ready", 1);
      check_flag("psum_ready", 2);
      check_flag("out_valid", 3);
      check_flag("out_last", 4);
      for (lane = 0; lane < SUM_BITS / LANE_BITS && wanted_flags[3] && !failed; lane = lane + 1) begin
        wanted_sum = wanted_data[LANE_BITS*lane +: LANE_BITS];
        sum = out_data[LANE_BITS*lane +: LANE_BITS];
        if (sum !== wanted_sum) begin
          $display("FAIL: cycle %0d, out_data[%0d:%0d]: expected %0d, actual %0d (%0s)", cycle,
                   LANE_BITS * lane + LANE_BITS - 1, LANE_BITS * lane, wanted_sum, sum, vectors);
          failed = 1'b1;
        end
      end
      if (out_valid && out_ready) taken = taken + 1;
    end
  endtask

  task check_flag(input [8*16-1:0] name, input integer flag);
    if (!failed && flags[flag] !== wanted_flags[flag]) begin
      $display("FAIL: cycle %0d, %0s: expected %b, actual %b (%0s)", cycle, name, wanted_flags[flag], flags[flag],
               vectors);
      failed = 1'b1;
    end
  endtask
endmodule
