// The external module of random circuits: each output is the sum of the inputs and of a multiple of a parameter, of now or of the cycle before.

import { ExternalModule, input, output, uint } from '../../../hdl/index.ts';

export interface ForeignCfg {
  /** Name in Verilog. */
  readonly verilog: string;
  /** Widths of `a0`, `a1`, … and `y0`, `y1`, … */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly parameter: number;
  /** The sum is that before the last edge of `clk`, zero before the first. */
  readonly registered: boolean;
}
type Values = { readonly [port: string]: number };

export class Foreign extends ExternalModule<ForeignCfg> {
  readonly verilog = {
    name: this.cfg.verilog,
    parameters: { P: this.cfg.parameter },
    ...(this.cfg.registered && { clock: 'clk', registered: this.cfg.outputs.map((_, i) => `y${i}`) }),
  };
  readonly p = this.io(
    Object.fromEntries([
      ...this.cfg.inputs.map((width, i) => [`a${i}`, input(uint(width))] as const),
      ...this.cfg.outputs.map((width, i) => [`y${i}`, output(uint(width))] as const),
    ]),
  );

  override model() {
    const { inputs, outputs, parameter, registered } = this.cfg;
    const sum = (values: Values): number => inputs.reduce((total, _, i) => total + Number(values[`a${i}`]), 0);
    return {
      state: () => 0,
      outputs: (values: Values, state: number) =>
        Object.fromEntries(outputs.map((w, i) => [`y${i}`, ((registered ? state : sum(values)) + parameter * i) % 2 ** w])),
      edge: (values: Values) => sum(values),
    };
  }
}
