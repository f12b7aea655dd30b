// Weight-stationary processing element: sum_out = sum + activation * weight.
module systolic_16x16_ws_ws_pe (
  input  wire clk,
  input  wire enable,
  input  wire signed [7:0] activation,
  input  wire load,
  input  wire swap,
  input  wire signed [7:0] weight,
  input  wire signed [31:0] sum,
  output wire signed [7:0] activation_out,
  output wire load_out,
  output wire swap_out,
  output wire signed [7:0] weight_out,
  output wire signed [31:0] sum_out
);
  reg  signed [7:0] activation_reg;
  reg  load_reg;
  reg  swap_reg;
  reg  signed [7:0] weight_shadow;
  reg  signed [7:0] weight_active;
  reg  signed [31:0] sum_reg;

  assign activation_out = activation_reg;
  assign load_out = load_reg;
  assign swap_out = swap_reg;
  assign weight_out = weight_shadow;
  assign sum_out = sum_reg;
  wire signed [15:0] sum_reg_product = activation * weight_active;

  always @(posedge clk) begin
    if (enable) begin
      activation_reg <= activation;
      load_reg <= load;
      swap_reg <= swap;
      sum_reg <= sum + {{16{sum_reg_product[15]}}, sum_reg_product};
      if (load) begin
        weight_shadow <= weight;
      end
      if (swap) begin
        weight_active <= weight_shadow;
      end
    end
  end
endmodule
