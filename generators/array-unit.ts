// What matrix units of all dataflows share.

import { type Bool, type BoolType, bool, lit, Module, mux, type UInt, type UIntType, uint, type VecValue, when, zeros } from '../hdl/index.ts';
import type { UIntVar } from '../hdl/value-types.ts';
import { peOf, type UnitConfig } from './array-config.ts';
import { type CodeType, type ProcessingElement, processingElement } from './pe/index.ts';
import { shiftIn, shiftWordIn, wavefront, wordWavefront } from './wavefront.ts';
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

  /** The lanes of a load, and the bookkeeping of `loadRows`: a swap lets the first row load, each load one row more. */
  protected loadLanes(loadRows: UIntVar, swap: Bool, load: Bool): UInt {
    const { rows } = this.cfg;
    const loadMask = mux(swap, lit(uint(rows), 1), loadRows).named('loadMask');
    when(load, () => loadRows.set(shiftIn(loadMask, lit(bool, true)))).elsewhen(swap, () => loadRows.set(1));
    return mux(load, loadMask, zeros(uint(rows)));
  }

  /** A bit as the rows see it, each `step` slots after the one before; its history is called `<name>History`. */
  protected front(bit: Bool, name: string, advance: Bool, step = 1): VecValue<BoolType> {
    const { rows } = this.cfg;
    const history = rows > 1 ? this.reg(uint((rows - 1) * step)).named(`${name}History`) : undefined;
    when(advance, () => history?.set(shiftIn(history, bit)));
    return wavefront(bit, history, step);
  }

  /** The mode that came with the last accepted beat; undefined for an element without modes. */
  protected modeFront(mode: UInt | undefined, accept: Bool): UInt | undefined {
    if (!mode) return undefined;
    const modeFront = this.reg(uint(this.pe.modeWidth));
    when(accept, () => modeFront.set(mode));
    return modeFront;
  }

  /** Modes as the rows see them, with their activations; undefined for an element without modes. */
  protected modes(mode: UInt | undefined, accept: Bool, advance: Bool): VecValue<UIntType> | undefined {
    const modeFront = this.modeFront(mode, accept);
    if (!modeFront) return undefined;
    const { rows } = this.cfg;
    const { modeWidth, sumStages } = this.pe;
    const modeHistory = rows > 1 ? this.reg(uint((rows - 1) * sumStages * modeWidth)) : undefined;
    when(advance, () => modeHistory?.set(shiftWordIn(modeHistory, modeFront)));
    return wordWavefront(modeFront, modeHistory, sumStages);
  }
}
