// Elements of integers as one writes them in Verilog, beside what is printed of ours: for proofs.

import type { IntOperand, PeConfig } from '../../../generators/pe/index.ts';
import { processingElement } from '../../../generators/pe/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import type { Pair } from '../../support/equivalence.ts';
import { stepCell } from './step-cell.ts';

type Sign = Pick<IntOperand, 'signed'>;
/** A name as a signed value. */
const wide = ({ signed }: Sign, name: string): string => (signed ? name : `$signed({1'b0, ${name}})`);
const port = (which: string, { width, signed }: IntOperand): string => `input wire ${signed ? 'signed ' : ''}[${width - 1}:0] ${which}`;
const unsigned = (width: number): IntOperand => ({ width, signed: false });

/** What the step of an element is. The body sets `next` of `bits` bits from activation, weight, sum and mode. */
interface Specification {
  readonly activation: IntOperand;
  readonly weight: IntOperand;
  readonly bits: number;
  readonly body: string;
}

const loop = (bits: number, lanes: number, term: string): string => `integer i; reg signed [${bits - 1}:0] total;
  always @* begin
    total = sum;
    for (i = 0; i < ${lanes}; i = i + 1) total = total + (${term});
  end
  assign next = total;`;

function specificationOf(pe: PeConfig, mode: number): Specification {
  switch (pe.kind) {
    case 'int': {
      const { activation: a, weight: w, accumulator: bits = 32 } = pe;
      if (pe.sparse) {
        const value = (i: number): string => `${w.signed ? '$signed' : ''}(weight[${(i + 1) * w.width - 1}:${i * w.width}])`;
        const chosen = (i: number): string => `activation[weight[${2 * w.width + 2 * i} +: 2]*${a.width} +: ${a.width}]`;
        const lines = [0, 1].map(
          (i) =>
            `wire ${a.signed ? 'signed ' : ''}[${a.width - 1}:0] a${i} = ${chosen(i)}; wire ${w.signed ? 'signed ' : ''}[${w.width - 1}:0] w${i} = ${value(i)};`,
        );
        const product = (i: number): string => `${wide(a, `a${i}`)} * ${wide(w, `w${i}`)}`;
        const body = `${lines.join('\n  ')}\n  assign next = sum + ${product(0)} + ${product(1)};`;
        return { activation: unsigned(4 * a.width), weight: unsigned(2 * w.width + 4), bits, body };
      }
      const product = `${wide(a, 'activation')} * ${wide(w, 'weight')}`;
      if (pe.overflow !== 'saturate') return { activation: a, weight: w, bits, body: `assign next = sum + ${product};` };
      const room = Math.max(bits, a.width + w.width + 2) + 1;
      const end = `$signed({${room - bits + 1}'d0, {${bits - 1}{1'b1}}})`;
      const body = `wire signed [${room - 1}:0] exact = sum + ${product};
  assign next = exact > ${end} ? {1'b0, {${bits - 1}{1'b1}}} : exact < ~${end} ? {1'b1, ${bits - 1}'d0} : exact[${bits - 1}:0];`;
      return { activation: a, weight: w, bits, body };
    }
    case 'xnor': {
      const { lanes, accumulator: bits = 16 } = pe;
      const same = 'activation[i] == weight[i] ? 1 : -1';
      const body = loop(bits, lanes, pe.masked ? `weight[${lanes}+i] ? (${same}) : 0` : same);
      return { activation: unsigned(lanes), weight: unsigned(pe.masked ? 2 * lanes : lanes), bits, body };
    }
    case 'ternary': {
      const { lanes, accumulator: bits = 16 } = pe;
      const body = loop(bits, lanes, `!(activation[${lanes}+i] & weight[${lanes}+i]) ? 0 : activation[i] == weight[i] ? 1 : -1`);
      return { activation: unsigned(2 * lanes), weight: unsigned(2 * lanes), bits, body };
    }
    case 'bit-serial': {
      const { lanes, accumulator: bits = 32 } = pe;
      const body = loop(bits, lanes, `!(activation[i] & weight[i]) ? 0 : mode[5] ? -(${bits}'sd1 <<< mode[4:0]) : (${bits}'sd1 <<< mode[4:0])`);
      return { activation: unsigned(lanes), weight: unsigned(lanes), bits, body };
    }
    case 'fusible': {
      const { accumulator: bits = 32 } = pe;
      const [a, w, lanes] = [
        [8, 8, 1],
        [4, 4, 4],
        [8, 2, 4],
        [2, 2, 16],
      ][mode % 4] as [number, number, number];
      const [signedA, signedW] = [(mode >> 2) % 2 === 1, (mode >> 3) % 2 === 1];
      const lane = (name: string, i: number, width: number, signed: boolean): string =>
        wide({ signed: false }, `${name}[${(i + 1) * width - 1}:${i * width}]`).replace("1'b0", signed ? `${name}[${(i + 1) * width - 1}]` : "1'b0");
      const terms = Array.from({ length: lanes }, (_, i) => `${lane('activation', i, a, signedA)} * ${lane('weight', i, w, signedW)}`);
      const body = `wire signed [31:0] value = ${terms.join(' + ')};\n  assign next = sum + (value <<< ${8 * (mode >> 4)});`;
      return { activation: unsigned(32), weight: unsigned(32), bits, body };
    }
    default:
      throw new RangeError(`there is no specification of ${pe.kind}`);
  }
}

/** The step of an element without registers and its specification; of a fusible element in one mode. */
export function specified(pe: PeConfig, name: string, mode = 0): Pair {
  const { activation, weight, bits, body } = specificationOf(pe, mode);
  const { modeWidth } = processingElement(pe);
  const fixed = pe.kind === 'fusible';
  const ports = [
    'input wire enable',
    port('activation', activation),
    port('weight', weight),
    port('sum', { width: bits, signed: true }),
    ...(modeWidth > 0 && !fixed ? [`input wire [${modeWidth - 1}:0] mode`] : []),
    `output wire signed [${bits - 1}:0] next`,
  ];
  const plain = `module plain_${name} (${ports.join(', ')});\n  ${body}\nendmodule\n`;
  const files = emitVerilog(stepCell(pe, fixed ? `step_${name}` : `ours_${name}`));
  const wrapper = `module ours_${name} (${ports.join(', ')});
  step_${name} step (.enable(enable), .activation(activation), .weight(weight), .sum(sum), .mode(6'd${mode}), .next(next));
endmodule\n`;
  return {
    name,
    before: { top: `plain_${name}`, files: [{ name: `plain_${name}`, text: plain }] },
    after: { top: `ours_${name}`, files: fixed ? [...files, { name: `ours_${name}`, text: wrapper }] : files },
  };
}
