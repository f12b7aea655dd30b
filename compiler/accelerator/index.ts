// Lowers layers to programs of the accelerator (design note 0025).

export { type SoftmaxScaling, softmaxScaling } from '../../sim/golden/accelerator/softmax.ts';
export type { Conv2d, Layer, OutputRange, Scaling } from './layers.ts';
export { macsPerOutput } from './layers.ts';
export { lowerLayer } from './lower.ts';
export { type Lowered, loweredCycles, memoryImage, outputOf, type SystemImage, systemImage } from './lowered.ts';
export { lowerNetwork } from './network.ts';
export { ACTIVATIONS, activationTable, leakyReluTable, outputBetween, type Quantisation, rescaleTable } from './tables.ts';
