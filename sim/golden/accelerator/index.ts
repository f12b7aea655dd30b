// The golden model of the accelerator (design note 0025).

export * from './accelerator.ts';
export { play } from './tokens.ts';
