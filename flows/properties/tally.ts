// Counts of what is under way.

import { type Bool, type UIntVar, when } from '../../hdl/index.ts';

/** One more with `up`, one less with `down`. */
export function tally(count: UIntVar, up: Bool, down: Bool): void {
  when(up.and(down.not()), () => count.set(count.addw(1))).elsewhen(down.and(up.not()), () => count.set(count.subw(1)));
}
