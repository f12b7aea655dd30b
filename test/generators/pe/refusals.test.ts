// What elements and arrays of them refuse, at the user's line and with what is possible.

import { describe, expect, it } from 'vitest';
import { elaborateMatrixUnit } from '../../../generators/matrix-unit.ts';
import { type PeConfig, processingElement } from '../../../generators/pe/index.ts';
import { cyclesWithoutStalls, goldenPe, predict, stepStreams } from '../../../sim/golden/index.ts';
import { int } from './elements.ts';

const int8 = { kind: 'int', activation: int(8), weight: int(8) } as const;

describe('an element refuses', () => {
  it.each<readonly [PeConfig, string, string]>([
    [{ ...int8, activation: int(1) }, 'an int element with an activation of 1 bits', 'give 2 to 16 bits; for 1 bit there is the xnor element'],
    [{ ...int8, weight: int(17) }, 'an int element with a weight of 17 bits', 'give 2 to 16 bits'],
    [{ ...int8, accumulator: 300 }, 'an int element with an accumulator of 300 bits', 'give 2 to 256 bits'],
    [{ ...int8, accumulator: 1.5 }, 'an int element with an accumulator of 1.5 bits', 'give 2 to 256 bits'],
    [{ ...int8, stages: -1 }, 'an int element with -1 stages', 'give a whole number of registers from 0 to 16'],
    [{ ...int8, form: 'radix4', sparse: '2:4' }, 'structured weights in radix 4', 'leave the form out'],
    [{ ...int8, form: 'booth' as 'radix4' }, "an int element of the form 'booth'", 'give multiply, fused, radix4'],
    [{ ...int8, gated: true }, 'a gated int element without a stage', 'give `stages` of 1 or more'],
    [{ ...int8, overflow: 'clip' as 'wrap' }, "an int element with overflow 'clip'", "give 'wrap' or 'saturate'"],
    [{ kind: 'float', operand: 'fp64' as 'fp32' }, 'a float element of fp64', 'give one of fp32, fp16, bf16, fp8e4m3, fp8e5m2'],
    [{ kind: 'float', operand: 'fp32', accumulate: 'fp16' }, 'adds products of fp32 up in fp16', 'give fp32 to accumulate in'],
    [{ kind: 'float', operand: 'bf16', accumulate: 'fp16' }, 'adds products of bf16 up in fp16', 'give fp32 or bf16 to accumulate in'],
    [{ kind: 'float', operand: 'fp16', sumStages: 0 }, 'a float element with 0 stages', 'give a whole number of registers from 1 to 16'],
    [{ kind: 'xnor', lanes: 0 }, 'an xnor element of 0 lanes', 'give 1 to 256 lanes'],
    [{ kind: 'xnor', lanes: 8, accumulator: 1 }, 'an xnor element with an accumulator of 1 bits', 'give 2 to 256 bits'],
    [{ kind: 'ternary', lanes: 129 }, 'a ternary element of 129 lanes', 'give 1 to 128 lanes'],
    [{ kind: 'mx', activation: 'mxfp4' as 'mxfp4e2m1' }, 'an mx element of mxfp4', 'give one of mxint8, mxfp8e4m3, mxfp8e5m2'],
    [
      { kind: 'mx', activation: 'mxint8', block: 12 },
      'an mx element of blocks of 12',
      'give 32 as the standard has it, or a divisor: 16, 8, 4, 2 or 1',
    ],
    [{ kind: 'mx', activation: 'mxint8', sumStages: 0 }, 'an mx element with 0 stages', 'give a whole number of registers from 1 to 16'],
    [{ kind: 'posit' } as never, "an element of kind 'posit'", 'give int, float, xnor'],
  ])('%o', (pe, problem, help) => {
    const build = (): unknown => processingElement(pe);
    for (const text of ['HDL-C001', problem, help, 'refusals.test.ts']) expect(build).toThrow(text);
  });
});

it('an output-stationary array refuses sums that take several cycles', () => {
  const pe = { kind: 'float', operand: 'bf16', accumulate: 'fp32', sumStages: 3 } as const;
  const build = (): unknown => elaborateMatrixUnit({ rows: 2, cols: 2, dataflow: 'os', pe });
  for (const text of ['an output-stationary array of bf16_fp32_s3, whose sums take 3 cycles', 'give sumStages of 1', 'refusals.test.ts'])
    expect(build).toThrow(text);
});

it('cycle models refuse the same', () => {
  const pe = { kind: 'float', operand: 'bf16', sumStages: 2 } as const;
  const unit = { rows: 2, cols: 2, dataflow: 'os', pe } as const;
  const says =
    'needs each sum in the next cycle, and those of this element take 2: give sumStages of 1 and the rest as productStages, or dataflow "ws"';
  expect(() => cyclesWithoutStalls(unit, { m: 2, k: 3, n: 2, withD: false })).toThrow(says);
  const streams = stepStreams({ ...unit, pe: { ...pe, sumStages: 1 } }, { m: 2, k: 1, n: 2, a: [0n, 0n], b: [0n, 0n] });
  expect(() => predict(unit, streams, { seed: 1, stall: { act: 0, weight: 0, psum: 0, out: 0 } })).toThrow(says);
});

it('the golden model refuses what is no problem of an element', () => {
  const unit = { rows: 2, cols: 2, dataflow: 'ws', pe: { kind: 'xnor', lanes: 4 } } as const;
  const problem = (k: number, code = 1n) => ({ m: 1, k, n: 1, a: new Array<bigint>(k).fill(code), b: new Array<bigint>(k).fill(0n) });
  expect(() => stepStreams(unit, problem(3))).toThrow(
    'k of 3 steps leaves a tile of 1 of 2 rows, and this element has no code to fill the rest with',
  );
  expect(() => stepStreams(unit, problem(2, 16n))).toThrow('a[0] is 16, which is no code of 4 bits');
  expect(() => stepStreams(unit, { ...problem(2), mode: [0, 1] })).toThrow('1 is no mode of 0 bits');
  expect(() => goldenPe({ kind: 'posit' } as never)).toThrow('there is no processing element of kind posit');
});
