// What holds an accelerator back before it is built.
//
// Contract: a sentence for each memory or bus that cannot feed the array at its full rate, with the numbers and the remedy; none when all can.

import type { AcceleratorConfig } from './config.ts';

/** Beats of latency that a system's memory is expected to have. */
const LATENCY = 100;
/** Beats in MX outside the array: a row of sums comes back so many cycles later than R + C. */
const PIPELINE = 32;

/** Warnings; an empty list when bus and memories feed the array. */
export function adviseAccelerator(config: AcceleratorConfig): string[] {
  const { rows, cols, bus, scratchpad, banks, sums, burst, outstanding } = config;
  const bytes = bus / 8;
  const block = sums / 2;
  const tile = rows * cols;
  const weights = tile / block;
  const bits = (n: number): number => 8 * 2 ** Math.ceil(Math.log2(n));
  return [
    bytes < weights &&
      `the bus brings ${bytes} bytes a cycle, but half of ${sums} rows of sums take a new tile of ${tile} weights every ${block} cycles, ${weights} bytes a cycle; give a bus of ${bits(weights)} bits or ${(2 * tile) / bytes} sums`,
    bytes < rows &&
      `the bus brings ${bytes} bytes a cycle, but the array takes ${rows} activations a cycle; layers of fewer than ${(cols * rows) / bytes} outputs wait for memory; give a bus of ${bits(rows)} bits`,
    banks < 2 && 'the scratchpad has one bank, from which activations and weights come in turn; give 4 banks',
    banks === 2 && 'the scratchpad has two banks: while MX reads activations from one and weights from the other, VX and ST wait; give 4 banks',
    scratchpad < 8 * tile &&
      `the scratchpad has ${scratchpad} bytes, but two tiles of weights and as much of activations and results are ${8 * tile} bytes; give ${2 ** Math.ceil(Math.log2(8 * tile))}`,
    block < rows + cols + PIPELINE &&
      `half of ${sums} rows of sums are ${block} positions, but a row of sums comes back after about ${rows + cols + PIPELINE} cycles; give ${2 * 2 ** Math.ceil(Math.log2(rows + cols + PIPELINE))} sums`,
    burst * outstanding < LATENCY &&
      `${outstanding} bursts of ${burst} beats are ${burst * outstanding} beats on their way, but memory with a latency of ${LATENCY} cycles needs as many; give longer bursts or more of them`,
  ].filter((line) => line !== false);
}
