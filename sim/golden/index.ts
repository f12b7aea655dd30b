/**
 * The golden model of the matrix unit (design note 0003): what it computes and in which cycle.
 * Invariant: imports nothing from hdl/, generators/ or the rest of sim/, so that no error can be shared with the hardware.
 * Refused: as each file says.
 */
export * from './closed-form.ts';
export * from './cycle-model.ts';
export { flagBits } from './cycle-rules.ts';
export * from './matmul.ts';
export { blockCode, blockOf, mxSteps } from './pe/blocks.ts';
export type { Aside, CodeStream, CodeStreams, OperandStream } from './pe/code-streams.ts';
export { lanesOf } from './pe/code-streams.ts';
export * from './pe/config.ts';
export { goldenPe } from './pe/elements.ts';
export { bitSerialSteps, fusibleSteps, type WholeProblem } from './pe/modal.ts';
export type { CodePair, GoldenPe } from './pe/pe.ts';
export { bitPlanes, type Plane, type PlaneBeat } from './pe/planes.ts';
export { randomSteps, randomUnitSteps } from './pe/random.ts';
export { sparseSteps, workOf } from './pe/sparse.ts';
export * from './pe/steps.ts';
export * from './pe/whole.ts';
export * from './prng.ts';
export * from './random-problem.ts';
export * from './requantise.ts';
export type { Dataflow, MatrixUnit, Problem, Shape } from './shape.ts';
export { type ActFlags, type AnyStreams, areCodes, leadFlags } from './streams.ts';
export * from './tiling.ts';
export * from './trace.ts';
export * from './vectors.ts';
