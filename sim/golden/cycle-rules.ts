/**
 * What the cycle models of the two dataflows have in common.
 * Invariant: a rule object sees one call a cycle, and only facts that are pins of the unit.
 * Refused: nothing; the streams are checked by `predict`.
 */

/** Bits of the flags byte of a cycle; a bit that is not listed is 0. */
export const flagBits = { actReady: 1, weightReady: 2, psumReady: 4, outValid: 8, outLast: 16 } as const;

/** Bits of the offer of a cycle: the valid of each source and the ready of the sink, at the bit of its answer in `flagBits`. */
export const offerBits = { actValid: 1, weightValid: 2, psumValid: 4, outReady: 8 } as const;

/** The state of a unit between two cycles. */
export interface CycleRules {
  /**
   * Evaluates a cycle and moves on to the next one.
   *
   * @param offer `offerBits` of this cycle
   * @returns `flagBits` of this cycle
   */
  cycle(offer: number): number;

  /** Whether a slot passed in the last cycle with something in flight: time alone will then change the outputs. */
  readonly ripening: boolean;
}
