// Elements written by hand in Verilog, as Yosys 0.23 counted them: one element, 8 × 8 bits, a sum of 32 bits, unless said. The figures are what a designer gets who knows the
// synthesiser; their sources are not part of the project.

import type { Target } from '../estimate/targets.ts';

export interface Counts {
  readonly luts: number;
  /** CCU2C of ECP5, each as large as two look-up tables; 0 on other targets, whose carries stand beside the tables. */
  readonly carries: number;
  readonly dsps: number;
}

export interface Reference {
  readonly element: string;
  /** Names of `npm run area`, of which the best counts. */
  readonly forms: readonly string[];
  readonly targets: readonly { readonly target: Target; readonly counts: Counts }[];
}

function on(name: Target['name'], luts: number, { carries = 0, dsps = 0 }: { readonly carries?: number; readonly dsps?: number } = {}) {
  return { target: { name, dsp: dsps > 0 }, counts: { luts, carries, dsps } };
}

export const REFERENCES: readonly Reference[] = [
  {
    element: 'int8, weight-stationary',
    forms: ['int8-ws', 'int8-fused-ws', 'int8-radix4-ws', 'int8-radix4-p1-ws'],
    targets: [on('ice40', 110), on('ice40', 2, { dsps: 1 }), on('xilinx', 88), on('xilinx', 0, { dsps: 1 }), on('ecp5', 46, { carries: 32 })],
  },
  {
    element: 'int8, output-stationary',
    forms: ['int8-os', 'int8-fused-os', 'int8-radix4-os', 'int8-radix4-p1-os', 'int8-os-through', 'int8-fused-os-through'],
    targets: [on('ice40', 142), on('ice40', 1, { dsps: 1 }), on('xilinx', 120), on('xilinx', 0, { dsps: 1 }), on('ecp5', 78, { carries: 32 })],
  },
  {
    element: 'XNOR, 32 lanes, a sum of 16 bits',
    forms: ['xnor32-ws'],
    targets: [on('ice40', 91), on('xilinx', 52), on('ecp5', 127, { carries: 11 })],
  },
  { element: 'XNOR, 256 lanes, at 1.5 tables a lane', forms: ['xnor256-ws'], targets: [on('xilinx', 384)] },
  {
    element: 'fusible (Bit Fusion), products by tables',
    forms: ['fusible-ws'],
    targets: [on('ice40', 451), on('xilinx', 344), on('ecp5', 604, { carries: 53 })],
  },
  {
    element: 'bf16 · bf16 + fp32, 5 stages',
    forms: ['bf16-step'],
    targets: [
      ...[on('ice40', 801), on('ice40', 685, { dsps: 1 }), on('xilinx', 676), on('xilinx', 590, { dsps: 1 })],
      on('ecp5', 952, { carries: 83 }),
    ],
  },
];
