// Sweeps: cosimulation over a grid of parameters, resumable.

export { caseCount, casesOf, type SweepCase, type SweepGrid } from './cases.ts';
export { type CaseResult, Journal } from './journal.ts';
export { csvOf, writeResults } from './results.ts';
export { runSweep, type SweepOptions } from './run-sweep.ts';
