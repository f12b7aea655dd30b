// The cell of block dot products at full size as Verilog: no tool has a warning, and Verilator gives what the model says. Small blocks: suite.ts.

import { describe, expect, it } from 'vitest';
import { type BlockFormatName, blockWidth, FloatBlockDot } from '../../../generators/float/index.ts';
import { elaborate } from '../../../hdl/index.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { blockDot } from '../../../sim/golden/float/index.ts';
import { blockCode } from '../../../sim/golden/index.ts';
import { boundaryDots, randomDot, tieDots } from '../../golden/float/block-operands.ts';
import { Rng } from '../../support/random.ts';
import { lint, type Run, runAllOnVerilator } from '../../support/verilog-tools.ts';
import { blockFormat } from './block-cases.ts';

const SHAPES: readonly (readonly [a: BlockFormatName, b: BlockFormatName, size: number, productStages: number, stages: number])[] = [
  ['mxint8', 'mxint8', 32, 0, 0],
  ['mxfp8e4m3', 'mxfp8e4m3', 32, 3, 2],
  ['mxfp8e5m2', 'mxfp8e5m2', 4, 1, 0],
  ['mxfp6e3m2', 'mxfp6e3m2', 8, 0, 1],
  ['mxfp6e2m3', 'mxfp6e2m3', 8, 2, 5],
  ['mxfp4e2m1', 'mxfp4e2m1', 32, 7, 0],
  ['mxfp8e5m2', 'mxfp4e2m1', 4, 0, 0],
];

describe('blocks of all sizes', () => {
  const items = SHAPES.map(([a, b, size, productStages, stages], i) => {
    const [aFormat, bFormat] = [blockFormat(a, size), blockFormat(b, size)];
    const rng = new Rng(i);
    const cases = [
      ...(a === b ? tieDots(aFormat) : []),
      ...boundaryDots(aFormat, bFormat).filter((_, at) => at % 7 === 0),
      ...Array.from({ length: 350 }, () => randomDot(aFormat, bFormat, rng)),
    ];
    const top = `dot_${i}`;
    const design = elaborate(FloatBlockDot, { a, b, size, productStages, stages }, { name: top });
    return { name: `${a} ${b}`, cases, top, files: emitVerilog(design), widths: [blockWidth(a, size), blockWidth(b, size)], productStages, stages };
  });

  it('as Verilog warn no tool', () => {
    for (const { files, top } of items) expect(lint(files, top)).toBe('');
  });

  it('give the results of the model on Verilator', () => {
    const runs = items.map(({ cases, top, files, widths, productStages, stages }): Run => {
      const cycles = cases.length + productStages + stages;
      const port = (name: string, width: number) => ({ name, type: { kind: 'uint', width } as const });
      return {
        ...{ files, top, clock: productStages + stages > 0, reset: false },
        inputs: [port('a', widths[0] as number), port('b', widths[1] as number), port('c', 32)],
        outputs: [port('result', 32), port('flags', 5)],
        cycles: Array.from({ length: cycles }, (_, t) => {
          const [operands, sum] = [cases[t], cases[t - productStages]];
          const code = (x: 'a' | 'b'): bigint => (operands ? blockCode(operands[x].format, operands[x]) : 0n);
          return { values: [code('a'), code('b'), BigInt(sum?.c ?? 0)] };
        }),
      };
    });
    for (const [i, waves] of runAllOnVerilator(runs).entries()) {
      const { cases, name, productStages, stages } = items[i] as (typeof items)[0];
      const wrong = cases.flatMap(({ a, b, c }, t) => {
        const { bits, flags } = blockDot(a, b, c);
        const got = waves[t + productStages + stages];
        return got?.['result'] === bits.toString(16) && got['flags'] === flags.toString(16)
          ? []
          : [`${t}: ${JSON.stringify(got)}, not ${bits.toString(16)} ${flags}`];
      });
      expect(wrong.slice(0, 5), name).toEqual([]);
    }
  });
});
