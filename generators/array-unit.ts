// What matrix units of all dataflows share.

import { type Bool, Module, mux, type UInt, type UIntType, uint, type VecValue, when, zeros } from '../hdl/index.ts';
import type { UIntVar } from '../hdl/value-types.ts';
import { peOf, type UnitConfig } from './array-config.ts';
import { type CodeType, type ProcessingElement, processingElement } from './pe/index.ts';
import { shiftWordIn, wordWavefront } from './wavefront.ts';
import { WeightRecoder } from './weight-recoder.ts';

export abstract class ArrayUnit extends Module<UnitConfig> {
  readonly #pe = processingElement(peOf(this.cfg));

  protected get pe(): ProcessingElement {
    return this.#pe;
  }

  /** Weights as the elements take them. */
  protected resident(weights: VecValue<CodeType>): VecValue<CodeType> {
    if (!this.pe.recoded) return weights;
    const recoders = this.mesh(WeightRecoder, [weights.length], peOf(this.cfg));
    recoders.feed('weight', [0], weights);
    return recoders.collect('recoded');
  }

  /** Counts weight beats that wait: a swap takes all, a load adds one. */
  protected countLoads(loaded: UIntVar, swap: Bool, load: Bool): void {
    const kept = mux(swap, zeros(uint(loaded.width)), loaded).named('kept');
    loaded.set(mux(load, kept.addw(1), kept));
  }

  /** Modes as the rows see them, with their activations; undefined for an element without modes. */
  protected modes(mode: UInt | undefined, accept: Bool, advance: Bool): VecValue<UIntType> | undefined {
    if (!mode) return undefined;
    const { rows } = this.cfg;
    const { modeWidth, sumStages } = this.pe;
    const modeFront = this.reg(uint(modeWidth));
    const modeHistory = rows > 1 ? this.reg(uint((rows - 1) * sumStages * modeWidth)) : undefined;
    when(accept, () => modeFront.set(mode));
    when(advance, () => modeHistory?.set(shiftWordIn(modeHistory, modeFront)));
    return wordWavefront(modeFront, modeHistory, sumStages);
  }
}
