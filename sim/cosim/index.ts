// Cosimulation: one set of vectors on the golden model, the in-process simulator, Verilator and Icarus Verilog.

export { cacheFolder, cached, hashOf } from './cache.ts';
export { type ChildOptions, type Finished, runChild, runTool } from './child-process.ts';
export { type CosimOptions, cosimulate } from './cosimulate.ts';
export { buildIcarus, runIcarus } from './icarus.ts';
export { checkProduct, outBeats } from './product.ts';
export { evenStall, makeRun, runOf } from './run.ts';
export { runSystole, simulateRun } from './systole.ts';
export { targetOfConfig, targetOfFolder } from './target.ts';
export { type Difference, type EngineName, type EngineOptions, type EngineReport, ENGINES, type RtlFile, type Run, type RunRequest, type Target } from './types.ts';
export { checkVectors, withVectors, writeVectors } from './vector-folder.ts';
export { runVerilator } from './verilator.ts';
