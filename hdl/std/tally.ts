// Counts of what is under way. It wraps around: who counts sees to the range.

import { when } from '../control.ts';
import type { Bool, UIntVar } from '../value-types.ts';

/** One more with `up`, one less with `down`, the same with both. */
export function tally(count: UIntVar, up: Bool, down: Bool): void {
  when(up.and(down.not()), () => count.set(count.addw(1))).elsewhen(down.and(up.not()), () => count.set(count.subw(1)));
}
