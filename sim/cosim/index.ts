// Cosimulation: one set of vectors on the golden model, the in-process simulator, Verilator and Icarus Verilog.

export { cached, cacheFolder, hashOf } from './cache.ts';
export { runChild } from './child-process.ts';
export { cosimulate } from './cosimulate.ts';
export { buildIcarus, runIcarus } from './icarus.ts';
export { outBeats } from './product.ts';
export { evenStall, makeRun, makeStepRun, runOf } from './run.ts';
export { simulateRun } from './systole.ts';
export { targetOfConfig, targetOfFolder } from './target.ts';
export {
  type AnyRun,
  type Difference,
  ENGINES,
  type EngineName,
  type EngineOptions,
  type EngineReport,
  type Run,
  type RunRequest,
  type Target,
} from './types.ts';
export { checkVectors, writeVectors } from './vector-folder.ts';
export { runVerilator } from './verilator.ts';
