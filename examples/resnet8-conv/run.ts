// The first convolution of ResNet-8 as a matrix multiply on four engines, and what each of them made of it.
//
// Invariant: the references come from elsewhere: int32 sums of a direct convolution in Python, int8 output of TensorFlow Lite Micro.

import { lowerConv2d } from '../../compiler/conv-to-matmul.ts';
import type { ArrayConfig } from '../../generators/array-config.ts';
import { cosimulate, type EngineName, evenStall, outBeats, runOf, targetOfConfig } from '../../sim/cosim/index.ts';
import { collectResult } from '../../sim/golden/index.ts';
import { requantise } from '../../sim/golden/requantise.ts';
import { loadResnet8Conv } from './load.ts';

export interface LayerVerdict {
  readonly engine: EngineName;
  readonly cycles: number;
  readonly seconds: number;
  /** Sums that differ from the direct convolution, of 16,384. */
  readonly wrongSums: number;
  /** Output bytes that differ from TensorFlow Lite Micro's, of 16,384. */
  readonly wrongBytes: number;
  /** The first place where the engine left the predicted trace. */
  readonly difference: string | undefined;
}

/** Lowers the layer, runs it, and compares. @param stall probability that a stream stalls in a cycle */
export async function runLayer(unit: ArrayConfig, engines: readonly EngineName[], stall: number, signal: AbortSignal): Promise<LayerVerdict[]> {
  const example = loadResnet8Conv();
  const problem = lowerConv2d(example.layer);
  const run = runOf(unit, problem, { seed: 1, stall: evenStall(stall) });
  const reports = await cosimulate(targetOfConfig(unit, 'resnet8_unit'), [run], { engines, env: process.env, signal });
  return reports.map(({ engine, traces, runSeconds, difference }) => {
    const [trace] = traces;
    const found = difference && `cycle ${difference.cycle}: ${difference.signal} is ${difference.actual}, expected ${difference.expected}`;
    if (!trace)
      return { engine, cycles: 0, seconds: runSeconds, wrongSums: problem.m * problem.n, wrongBytes: problem.m * problem.n, difference: found };
    const sums = collectResult(unit, problem, outBeats(trace, run));
    const bytes = requantise(sums, example.requantisation);
    return {
      engine,
      cycles: trace.flags.length,
      seconds: runSeconds,
      difference: found,
      wrongSums: sums.filter((sum, i) => sum !== example.accumulators[i]).length,
      wrongBytes: bytes.filter((byte, i) => byte !== example.output[i]).length,
    };
  });
}
