// The golden model of the accelerator (design note 0025).

export * from './accelerator.ts';
export { checkProgram } from './check.ts';
export { RANDOM_ORDERS, type RandomOrder, randomProgram } from './random-program.ts';
export * from './timing/index.ts';
export { play } from './tokens.ts';
