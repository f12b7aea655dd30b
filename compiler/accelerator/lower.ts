// One layer as a program.

import type { AcceleratorConfig } from '../../isa/config.ts';
import type { Placement } from './builder.ts';
import { lowerConv2d, lowerMatmul } from './conv.ts';
import { lowerConcatenate, lowerLookup, lowerReshape, lowerResize, lowerTranspose } from './copies.ts';
import { lowerElementwise } from './elementwise.ts';
import type { FullyConnected, Layer } from './layers.ts';
import type { Lowered } from './lowered.ts';
import { lowerNormalise, lowerSoftmax } from './rows.ts';
import { lowerDepthwise, lowerPool, lowerPrelu } from './windows.ts';

/**
 * A layer as a program of its own: from its operands in memory to its result in memory, byte for byte what TFLite's reference kernels give.
 *
 * @throws RangeError when the layer's shapes disagree, the accelerator lacks its rounding, or the scratchpad cannot hold its smallest tile.
 */
export function lowerLayer(layer: Layer, config: AcceleratorConfig, placement?: Placement): Lowered {
  switch (layer.kind) {
    case 'conv2d':
      return lowerConv2d(layer, config, placement);
    case 'fullyConnected':
      return lowerConv2d(asConv2d(layer), config, placement);
    case 'depthwise':
      return lowerDepthwise(layer, config, placement);
    case 'average':
    case 'maximum':
      return lowerPool(layer, config, placement);
    case 'add':
    case 'multiply':
      return lowerElementwise(layer, config, placement);
    case 'softmax':
      return lowerSoftmax(layer, config, placement);
    case 'normalise':
      return lowerNormalise(layer, config, placement);
    case 'reshape':
      return lowerReshape(layer, config, placement);
    case 'concatenate':
      return lowerConcatenate(layer, config, placement);
    case 'resize':
      return lowerResize(layer, config, placement);
    case 'transpose':
      return lowerTranspose(layer, config, placement);
    case 'lookup':
      return lowerLookup(layer, config, placement);
    case 'prelu':
      return lowerPrelu(layer, config, placement);
    case 'matmul':
      return lowerMatmul(layer, config, placement);
  }
}

/** Batches are pixels of one row, under a kernel of one place. */
function asConv2d({ input, weights, ...rest }: FullyConnected): Parameters<typeof lowerConv2d>[0] {
  const [batch, inputs] = input.shape;
  return {
    ...rest,
    kind: 'conv2d',
    input: { ...input, shape: [1, 1, batch, inputs] },
    weights: { ...weights, shape: [weights.shape[0], 1, 1, inputs] },
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'VALID',
  };
}
