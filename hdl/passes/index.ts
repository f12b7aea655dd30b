// The passes and their order.
//
// Share first, as equal modules then are optimised once. Inlining opens what propagation sees: constants at a child's pins. Folding follows it, as it
// makes expressions equal that common subexpressions then finds once. Dead code comes last, since all others leave some behind, and shares again
// what has become equal.

import type { Design } from '../ir/nodes.ts';
import { cse } from './cse.ts';
import { dce } from './dce.ts';
import { fold } from './fold.ts';
import { inline } from './inline.ts';
import type { PassOptions } from './options.ts';
import { propagate } from './propagate.ts';
import { share } from './share.ts';

/** A function of a design: pure, deterministic, equal in behaviour at the top's ports. */
export type Pass = (design: Design, options?: PassOptions) => Design;

export const PASSES = { share, inline, propagate, fold, cse, dce } as const satisfies { readonly [name: string]: Pass };
/** The passes that `optimise` knows. */
export type PassName = keyof typeof PASSES;

/** All of them, in the order that `optimise` takes when none is given. */
export const ALL_PASSES: readonly PassName[] = ['share', 'inline', 'propagate', 'fold', 'cse', 'dce', 'share'];

/** Which passes run, and how far they go. */
export interface OptimiseOptions extends PassOptions {
  /** Which passes, in which order; `ALL_PASSES` when absent. */
  readonly passes?: readonly PassName[];
}

/** A design of the same behaviour at the top's ports, after some passes. The argument stays as it is. */
export function optimise(design: Design, { passes = ALL_PASSES, ...options }: OptimiseOptions = {}): Design {
  return passes.reduce<Design>((current, name) => (PASSES[name] as Pass)(current, options), design);
}
