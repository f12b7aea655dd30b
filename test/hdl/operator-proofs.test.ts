// Every operator as printed, proven equal to its meaning in plain Verilog, at some of the widths of `npm run prove:operators`.

import { describe, expect, it } from 'vitest';
import { inequivalent } from '../support/equivalence.ts';
import { BINARY, binaryApplications, operatorPair, otherApplications } from '../support/operator-proof.ts';
import { differsBySat } from '../support/sat.ts';

const WIDTHS = [0, 1, 2, 3, 9, 33];

describe.each(['uint', 'sint'] as const)('%s', (kind) => {
  it('two operands at all pairs of widths, one operand, shifts by a signal', () => {
    const pairs = WIDTHS.flatMap((w) => [
      operatorPair(`two_${kind}${w}`, binaryApplications(kind, BINARY, w, WIDTHS)),
      operatorPair(`one_${kind}${w}`, otherApplications(kind, w)),
    ]);
    expect(inequivalent(pairs)).toEqual([]);
  });

  it('by the solver of Yosys, at a small width', () => {
    const narrow = [
      operatorPair(`two_${kind}`, binaryApplications(kind, BINARY, 3, [2, 4])),
      operatorPair(`one_${kind}`, otherApplications(kind, 3)),
    ];
    expect(differsBySat(narrow)).toBeUndefined();
  });
});

it('the proof refuses what Verilog would make of a careless print', () => {
  const [sint, uint] = (['sint', 'uint'] as const).map((kind) => operatorPair(kind, binaryApplications(kind, ['lt', 'add', 'div'], 5, [5])));
  const { before, after } = sint as NonNullable<typeof sint>;
  const edits = [
    // The order of numbers without signs; an operand extended by zeros; the quotient of patterns.
    [/ signed /g, ' '],
    [/\{a5\[4\], a5\}/g, "{1'b0, a5}"],
    [/\$signed/g, '$unsigned'],
  ] as const;
  for (const [find, replacement] of edits) {
    const files = after.files.map((f) => ({ ...f, text: f.text.replaceAll(find, replacement) }));
    const pair = { name: 'careless', before, after: { ...after, files } };
    expect(files).not.toEqual(after.files);
    expect(inequivalent([pair])).not.toEqual([]);
    expect(differsBySat([pair])).toContain('careless');
  }
  expect(inequivalent([uint as NonNullable<typeof uint>])).toEqual([]);
});
