rtl/systolic_16x16_ws_ws_pe.v
rtl/systolic_16x16_ws_pes_row.v
rtl/systolic_16x16_ws.v
