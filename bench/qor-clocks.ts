// Clock rates of elements on iCE40 HX8K beside those of elements written by hand, through the same harness.

import type { Progress } from '../cli/progress.ts';
import { subjectNamed } from '../estimate/catalogue.ts';
import { type ClockRate, clockRate } from '../estimate/clock-rate.ts';
import type { Subject } from '../estimate/measure.ts';
import type { Yosys } from '../estimate/yosys.ts';
import type { ChildOptions } from '../sim/cosim/child-process.ts';

interface ClockReference {
  readonly element: string;
  /** MHz of the element by hand under nextpnr-ice40 0.4, three seeds, between shift registers. */
  readonly mhz: number;
  /** The element by hand, where its text is the specification: measured here too, which shows that both harnesses say the same. */
  readonly text?: string;
  /** Names of `npm run area`, of which the fastest counts: as many registers behind the product as by hand. */
  readonly forms: readonly string[];
}

const byHand = (product: string, sum: string): string => `module by_hand (
  input wire clk,
  input wire load,
  input wire signed [7:0] activation,
  input wire signed [7:0] weight,
  input wire signed [31:0] sum,
  output reg signed [7:0] activation_out,
  output reg signed [7:0] weight_out,
  output reg signed [31:0] sum_out
);
${product}
  always @(posedge clk) begin
    activation_out <= activation;
    if (load) weight_out <= weight;
    sum_out <= sum + ${sum};
  end
endmodule
`;

const CLOCK_REFERENCES: readonly ClockReference[] = [
  {
    element: 'int8, weight-stationary, `p + a*w`',
    mhz: 76,
    text: byHand('', 'activation * weight_out'),
    forms: ['int8-ws', 'int8-fused-ws', 'int8-radix4-ws'],
  },
  {
    element: 'the same in two stages',
    mhz: 111,
    text: byHand('  reg signed [15:0] product;\n  always @(posedge clk) product <= activation * weight_out;', 'product'),
    forms: ['int8-p1-ws'],
  },
  { element: 'the same in radix 4', mhz: 141, forms: ['int8-radix4-p1-ws'] },
  { element: '4 × 4 of them in two stages', mhz: 97, forms: ['int8-p1-4x4-ws'] },
  { element: '4 × 4 of them in radix 4', mhz: 110, forms: ['int8-radix4-p1-4x4-ws'] },
];

/** A reference, and the fastest of the generators' forms. */
export interface ClockRow {
  readonly element: string;
  readonly reference: number;
  /** The reference's text through our harness. */
  readonly here?: ClockRate;
  readonly form: string;
  readonly ours: ClockRate;
  readonly met: boolean;
}

/** The rows whose element has the word. */
export async function clockRows(yosys: Yosys, word: string, progress: Progress, options: ChildOptions): Promise<ClockRow[]> {
  const rows: ClockRow[] = [];
  for (const { element, mhz: reference, text, forms } of CLOCK_REFERENCES.filter((one) => one.element.includes(word))) {
    const rate = (subject: Subject): Promise<ClockRate> => {
      progress.step(`${element}: clock rate of ${subject.name}`);
      return clockRate(yosys, subject, options);
    };
    const here = text === undefined ? undefined : await rate({ name: 'by hand', top: 'by_hand', files: [{ name: 'by_hand.v', text }] });
    const measured: { readonly form: string; readonly ours: ClockRate }[] = [];
    for (const form of forms) measured.push({ form, ours: await rate(subjectNamed(form)) });
    const best = measured.reduce((a, b) => (b.ours.mhz > a.ours.mhz ? b : a));
    rows.push({ element, reference, ...(here && { here }), ...best, met: best.ours.mhz >= reference });
  }
  return rows;
}

export function clocksAsMarkdown(rows: readonly ClockRow[], placer: string): string {
  const range = ({ seeds }: ClockRate): string => `${seeds[0]?.toFixed(0)} to ${seeds.at(-1)?.toFixed(0)}`;
  const lines = rows.map(
    ({ element, reference, here, form, ours, met }) =>
      `| ${element} | ${reference} | ${here ? here.mhz.toFixed(1) : ''} | ${ours.mhz.toFixed(1)} | ${range(ours)} | ${ours.cells} | ${form} | ${met ? 'yes' : 'no'} |`,
  );
  return [
    `Clock rates in MHz on iCE40 HX8K, ${placer}, the median of five seeds. At or above the reference: ${rows.filter(({ met }) => met).length} of ${rows.length}.`,
    '',
    '| element | by hand | by hand, measured here | ours | over the seeds | logic cells, with the harness | our form | at or above |',
    '|---|--:|--:|--:|--:|--:|---|---|',
    ...lines,
    '',
  ].join('\n');
}
