// Sweeps: cosimulation over a grid of parameters, resumable.

export { casesOf, type SweepGrid } from './cases.ts';
export { type CaseResult, Journal } from './journal.ts';
export { writeResults } from './results.ts';
export { runSweep } from './run-sweep.ts';
