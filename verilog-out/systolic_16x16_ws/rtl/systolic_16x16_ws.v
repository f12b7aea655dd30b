// Weight-stationary int8 matrix unit, 16 rows by 16 columns.
module systolic_16x16_ws (
  input  wire clk,
  input  wire rst,
  input  wire act_valid,
  output wire act_ready,
  input  wire [127:0] act_data,
  input  wire act_last,
  input  wire act_accumulate,
  input  wire weight_valid,
  output wire weight_ready,
  input  wire [127:0] weight_data,
  input  wire psum_valid,
  output wire psum_ready,
  input  wire [511:0] psum_data,
  output wire out_valid,
  input  wire out_ready,
  output wire [511:0] out_data,
  output wire out_last
);
  wire advance;
  reg  start;
  reg  [4:0] loaded;
  reg  [15:0] load_rows;
  reg  [127:0] activation_front;
  reg  [511:0] sum_front;
  wire swap;
  wire accept;
  wire load;
  wire full;
  wire [4:0] kept;
  reg  [14:0] swap_history;
  wire [15:0] load_mask;
  wire [127:0] activations;
  wire [127:0] weights;
  wire [511:0] sums;
  wire [511:0] bottom;
  reg  [31:0] out_valid_stages;
  reg  [31:0] out_last_stages;
  wire [127:0] act_data_reversed;
  genvar i;

  assign act_ready = accept;
  assign weight_ready = advance & (!full | swap);
  assign psum_ready = accept & act_accumulate;
  assign advance = !out_valid | out_ready;
  assign swap = accept & start;
  assign accept = advance & (act_valid & (!act_accumulate | psum_valid) & (!start | full));
  assign load = weight_valid & weight_ready;
  assign full = loaded == 5'd16;
  assign kept = swap ? 5'd0 : loaded;
  assign load_mask = swap ? 16'd1 : load_rows;
  wire [15:0] pes_load_lanes = load ? load_mask : 16'd0;
  wire [15:0] pes_swap_lanes = {swap_history, swap};

  generate
    for (i = 0; i < 16; i = i + 1) begin : pes_rows
      wire [127:0] weight;
      wire [127:0] weight_out;
      wire [511:0] sum;
      wire [511:0] sum_out;
      if (i == 0) begin : enter
        assign weight = weights;
        assign sum = sums;
      end else begin : enter
        assign weight = pes_rows[i-1].weight_out;
        assign sum = pes_rows[i-1].sum_out;
      end
      if (i == 15) begin : leave
        assign bottom = sum_out;
        wire _unused_pes_rows = &{1'b0, weight_out};
      end
      systolic_16x16_ws_pes_row row (
        .clk        (clk),
        .enable     (advance),
        .activation (activations[8*i +: 8]),
        .load       (pes_load_lanes[i]),
        .swap       (pes_swap_lanes[i]),
        .weight     (weight),
        .weight_out (weight_out),
        .sum        (sum),
        .sum_out    (sum_out)
      );
    end
  endgenerate

  // Lane i is delayed by i cycles.
  generate
    for (i = 0; i < 16; i = i + 1) begin : activations_lane
      if (i == 0) begin : direct
        assign activations[8*i +: 8] = activation_front[8*i +: 8];
      end else begin : line
        reg  [8*i-1:0] stages;
        wire [8*i+7:0] next = {stages, activation_front[8*i +: 8]};
        always @(posedge clk) begin
          if (advance) stages <= next[8*i-1:0];
        end
        assign activations[8*i +: 8] = next[8*i +: 8];
      end
    end
  endgenerate

  // Lane i is delayed by i cycles.
  generate
    for (i = 0; i < 16; i = i + 1) begin : weights_lane
      if (i == 0) begin : direct
        assign weights[8*i +: 8] = weight_data[8*i +: 8];
      end else begin : line
        reg  [8*i-1:0] stages;
        wire [8*i+7:0] next = {stages, weight_data[8*i +: 8]};
        always @(posedge clk) begin
          if (advance) stages <= next[8*i-1:0];
        end
        assign weights[8*i +: 8] = next[8*i +: 8];
      end
    end
  endgenerate

  // Lane i is delayed by i cycles.
  generate
    for (i = 0; i < 16; i = i + 1) begin : sums_lane
      if (i == 0) begin : direct
        assign sums[32*i +: 32] = sum_front[32*i +: 32];
      end else begin : line
        reg  [32*i-1:0] stages;
        wire [32*i+31:0] next = {stages, sum_front[32*i +: 32]};
        always @(posedge clk) begin
          if (advance) stages <= next[32*i-1:0];
        end
        assign sums[32*i +: 32] = next[32*i +: 32];
      end
    end
  endgenerate

  always @(posedge clk) begin
    if (rst) begin
      out_valid_stages <= 32'd0;
    end else if (advance) begin
      out_valid_stages <= {out_valid_stages[30:0], accept};
    end
  end

  assign out_valid = out_valid_stages[31];

  always @(posedge clk) begin
    if (advance) begin
      out_last_stages <= {out_last_stages[30:0], act_last};
    end
  end

  assign out_last = out_last_stages[31];

  // Lane i is delayed by 15-i cycles.
  generate
    for (i = 0; i < 16; i = i + 1) begin : out_data_lane
      if (i == 15) begin : direct
        assign out_data[32*i +: 32] = bottom[32*i +: 32];
      end else begin : line
        reg  [32*(15-i)-1:0] stages;
        wire [32*(15-i)+31:0] next = {stages, bottom[32*i +: 32]};
        always @(posedge clk) begin
          if (advance) stages <= next[32*(15-i)-1:0];
        end
        assign out_data[32*i +: 32] = next[32*(15-i) +: 32];
      end
    end
  endgenerate

  always @(posedge clk) begin
    if (rst) begin
      start <= 1'b1;
      loaded <= 5'd0;
      load_rows <= 16'd1;
    end else begin
      if (accept) begin
        start <= act_last;
      end
      loaded <= load ? (kept + 5'd1) : kept;
      if (load) begin
        load_rows <= {load_mask[14:0], 1'b1};
      end else if (swap) begin
        load_rows <= 16'd1;
      end
    end
  end

  generate
    for (i = 0; i < 16; i = i + 1) begin : act_data_reverse
      assign act_data_reversed[8*i +: 8] = act_data[8*(15-i) +: 8];
    end
  endgenerate

  always @(posedge clk) begin
    if (accept) begin
      activation_front <= act_data_reversed;
      sum_front <= act_accumulate ? psum_data : 512'd0;
    end
    if (advance) begin
      swap_history <= {swap_history[13:0], swap};
    end
  end
endmodule
