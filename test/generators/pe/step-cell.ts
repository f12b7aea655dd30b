// One step of a processing element as a module of its own, and what comes out of it for many operands.

import { ArrayPe } from '../../../generators/array-pe.ts';
import { type ElementConfig, type PeConfig, processingElement, residentOf } from '../../../generators/pe/index.ts';
import { bool, type Design, elaborate, input, optional, output, uint } from '../../../hdl/index.ts';
import { goldenPe } from '../../../sim/golden/index.ts';
import { simulateDesign } from '../../../sim/index.ts';

/** `next` follows the operands by as many cycles as the element has product stages, and the sum by one less than its sum stages. */
class StepCell extends ArrayPe {
  readonly #pe = processingElement(this.cfg);
  readonly p = this.io({
    enable: input(bool),
    activation: input(this.#pe.activation),
    weight: input(this.#pe.weight),
    sum: input(this.#pe.sum),
    mode: optional(this.#pe.modeWidth > 0, input(uint(this.#pe.modeWidth))),
    next: output(this.#pe.sum),
  });
  constructor(cfg: ElementConfig) {
    super(cfg);
    const { enable, activation, weight, sum, mode } = this.p;
    this.p.next.set(this.#pe.step(this.host(enable), { activation, weight: residentOf(this.#pe, weight), sum, mode }));
  }
}

export function stepCell(pe: PeConfig, name = 'StepCell'): Design {
  return elaborate(StepCell, pe, { name });
}

/** A combination of operands; codes. */
export interface StepCase {
  readonly activation: number;
  readonly weight: number;
  readonly sum: number;
  readonly mode?: number;
}

/** The codes that the hardware gives, one case a cycle; of elements with codes below 53 bits. */
export function stepsOf(pe: PeConfig, cases: readonly StepCase[]): Float64Array {
  const { activation, weight, sum, productStages, sumStages, modeWidth } = processingElement(pe);
  const cycles = cases.length + productStages + sumStages - 1;
  const column = (type: { readonly kind: string; readonly width: number }, late: number, of: (c: StepCase) => number): Float64Array => {
    const values = new Float64Array(cycles);
    cases.forEach((c, i) => {
      const code = of(c);
      values[i + late] = (type.kind as string) === 'sint' && code >= 2 ** (type.width - 1) ? code - 2 ** type.width : code;
    });
    return values;
  };
  const simulation = simulateDesign(stepCell(pe), { engine: 'wasm' });
  const next = new Float64Array(cycles);
  simulation.run(
    cycles,
    {
      enable: new Float64Array(cycles).fill(1),
      activation: column(activation, 0, (c) => c.activation),
      weight: column(weight, 0, (c) => c.weight),
      sum: column(sum, productStages, (c) => c.sum),
      ...(modeWidth > 0 && { mode: column({ kind: 'uint', width: modeWidth }, 0, (c) => c.mode ?? 0) }),
    },
    { next },
  );
  simulation.close();
  return next.subarray(productStages + sumStages - 1).map((value) => (value < 0 ? value + 2 ** sum.width : value));
}

/** The first few cases in which hardware, model and a third opinion are not one. */
export function disagreements(pe: PeConfig, cases: readonly StepCase[], opinion?: (c: StepCase) => number): string[] {
  const golden = goldenPe(pe);
  const got = stepsOf(pe, cases);
  const found: string[] = [];
  for (const [i, c] of cases.entries()) {
    const { activation, weight, sum, mode = 0 } = c;
    const model = Number(golden.step(BigInt(activation), BigInt(weight), BigInt(sum), mode));
    const third = opinion?.(c) ?? model;
    if ((got[i] === model && model === third) || found.length >= 5) continue;
    found.push(`${activation} ${weight} ${sum} mode ${mode}: hardware ${got[i]}, model ${model}, opinion ${third}`);
  }
  return found;
}
