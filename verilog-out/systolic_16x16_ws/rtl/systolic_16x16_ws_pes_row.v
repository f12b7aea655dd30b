// One row of pes: 16 elements.
module systolic_16x16_ws_pes_row (
  input  wire clk,
  input  wire enable,
  input  wire signed [7:0] activation,
  input  wire load,
  input  wire swap,
  input  wire [127:0] weight,
  output wire [127:0] weight_out,
  input  wire [511:0] sum,
  output wire [511:0] sum_out
);
  genvar i;

  generate
    for (i = 0; i < 16; i = i + 1) begin : pes
      wire signed [7:0] activation_1;
      wire signed [7:0] activation_out;
      wire load_1;
      wire load_out;
      wire swap_1;
      wire swap_out;
      if (i == 0) begin : enter
        assign activation_1 = activation;
        assign load_1 = load;
        assign swap_1 = swap;
      end else begin : enter
        assign activation_1 = pes[i-1].activation_out;
        assign load_1 = pes[i-1].load_out;
        assign swap_1 = pes[i-1].swap_out;
      end
      if (i == 15) begin : leave
        wire _unused_pes = &{1'b0, activation_out, load_out, swap_out};
      end
      systolic_16x16_ws_ws_pe ws_pe (
        .clk            (clk),
        .enable         (enable),
        .activation     (activation_1),
        .load           (load_1),
        .swap           (swap_1),
        .weight         (weight[8*i +: 8]),
        .sum            (sum[32*i +: 32]),
        .activation_out (activation_out),
        .load_out       (load_out),
        .swap_out       (swap_out),
        .weight_out     (weight_out[8*i +: 8]),
        .sum_out        (sum_out[32*i +: 32])
      );
    end
  endgenerate
endmodule
