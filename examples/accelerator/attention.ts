// One attention head over a sequence of tokens, as a network of layers: softmax(Q · Kᵀ / √size) · V.
//
// Invariant: all codes have scale 1/32 and zero point 0 but the input's (zero point 4) and the probabilities' (scale 1/256, zero point −128).

import { type Layer, type lowerNetwork, type Scaling, softmaxScaling } from '../../compiler/accelerator/index.ts';
import { randomInt8 } from '../../sim/golden/prng.ts';
import { quantiseMultiplier } from '../../sim/golden/requantise.ts';

const SCALE = 1 / 32;
/** Spread of random int8, the weights and the input. */
const SPREAD = 74;

/** @param size of a query, a key and a value */
export function attentionHead(tokens: number, embedding: number, size: number): Parameters<typeof lowerNetwork>[0] {
  const output = { zeroPoint: 0, min: -128, max: 127 };
  const times = (factor: number): Scaling => {
    const { multiplier, shift } = quantiseMultiplier(factor);
    return { multiplier: [multiplier], shift: [shift], rounding: 'double' };
  };
  const project = (seed: number): Layer => ({
    kind: 'fullyConnected',
    input: { shape: [tokens, embedding], zeroPoint: 4 },
    weights: { shape: [size, embedding], data: randomInt8(seed, size * embedding) },
    bias: Int32Array.from(randomInt8(seed, size), (x) => 100 * x),
    scaling: times(1 / (2 * SPREAD * Math.sqrt(embedding))),
    output,
  });
  const scores: Layer = {
    kind: 'matmul',
    a: { shape: [tokens, size], zeroPoint: 0 },
    b: { shape: [size, tokens], transposed: false },
    scaling: times(SCALE / Math.sqrt(size)),
    output,
  };
  const values: Layer = {
    kind: 'matmul',
    a: { shape: [tokens, tokens], zeroPoint: -128 },
    b: { shape: [tokens, size], transposed: false },
    scaling: times(1 / 256),
    output,
  };
  return [
    { layer: project(1), operands: ['input'] },
    { layer: project(2), operands: ['input'] },
    { layer: project(3), operands: ['input'] },
    { layer: { kind: 'transpose', shape: [tokens, size], permutation: [1, 0] }, operands: [1] },
    { layer: scores, operands: [0, 3] },
    { layer: { kind: 'softmax', rows: tokens, length: tokens, scaling: softmaxScaling(1, SCALE) }, operands: [4] },
    { layer: values, operands: [5, 2] },
  ];
}
