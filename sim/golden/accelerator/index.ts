// The golden model of the accelerator (design note 0025).

export * from './accelerator.ts';
export { type PlayError, play } from './tokens.ts';
