// What matrix units of all dataflows share.

import {
  type Bool,
  type BoolType,
  bool,
  lit,
  Module,
  mux,
  type UInt,
  type UIntType,
  uint,
  type VecType,
  type VecValue,
  vec,
  when,
  zeros,
} from '../hdl/index.ts';
import type { MeshHandle } from '../hdl/mesh.ts';
import type { ModuleClass, SpecOfModule } from '../hdl/module.ts';
import type { UIntVar, VecVar } from '../hdl/value-types.ts';
import { drainProblem, peOf, tileOf, tileProblem, tilesIn, type UnitConfig } from './array-config.ts';
import { listOf } from './list-of.ts';
import { type CodeType, type ElementConfig, type ProcessingElement, processingElement } from './pe/index.ts';
import { refuse } from './refuse.ts';
import { shiftIn, shiftWordIn, wavefront, wordWavefront } from './wavefront.ts';
import { WeightRecoder } from './weight-recoder.ts';
import type { TileConfig } from './ws-tile.ts';

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

  /** Lanes by tile, so many lanes each; where tiles are single elements the lanes themselves. */
  protected byTile<T extends UIntType | BoolType>(lanes: VecValue<T>, each: number): VecValue<T> {
    const { rows, cols } = tileOf(this.cfg);
    if (rows * cols === 1) return lanes;
    return listOf(lanes.length / each, (tile) => listOf(each, (lane) => lanes.at(tile * each + lane)));
  }

  /** The array: a mesh of elements, or of tiles of them, whose ports are called the same. */
  protected elements<M extends Module<ElementConfig>>(Element: ModuleClass<M>, Tile: ModuleClass<Module<TileConfig>>): MeshHandle<SpecOfModule<M>> {
    const tiles = tilesIn(this.cfg);
    const tile = tileOf(this.cfg);
    const pe = peOf(this.cfg);
    const shape = [tiles.rows, tiles.cols];
    const pes = tile.rows * tile.cols === 1 ? this.mesh(Element, shape, ...([pe] as never)) : this.mesh(Tile, shape, { pe, ...tile });
    return pes as never;
  }

  /** What leaves the array southwards, in the form of `byTile`. */
  protected bottom(): VecVar<CodeType> {
    const tile = tileOf(this.cfg);
    const bottom = this.wire(
      tile.rows * tile.cols === 1 ? vec(this.pe.sum, this.cfg.cols) : (vec(vec(this.pe.sum, tile.cols), this.cfg.cols / tile.cols) as never),
    );
    return bottom;
  }

  /** The inverse of `byTile`. */
  protected inLanes<T extends UIntType>(tiles: VecValue<T>, each: number): VecValue<T> {
    const { rows, cols } = tileOf(this.cfg);
    if (rows * cols === 1) return tiles;
    const nested = tiles as unknown as VecValue<VecType<T>>;
    return listOf(tiles.length * each, (lane) => nested.at(Math.floor(lane / each)).at(lane % each));
  }

  /** Refuses tiles that an array cannot have; where nothing else refuses, this is a program's mistake. */
  protected checkTile(): void {
    const { rows, cols, dataflow } = this.cfg;
    const tile = tileOf(this.cfg);
    const problem = tileProblem({ rows, cols, dataflow, tile }, this.pe.sumStages);
    if (problem) refuse(problem.problem, problem.help);
  }

  /** Refuses drains that an array cannot have; where nothing else refuses, this is a program's mistake. */
  protected checkDrain(): void {
    if (this.cfg.drain === undefined) return;
    const problem = drainProblem(this.cfg);
    if (problem) refuse(problem.problem, problem.help);
  }

  /** Options of registers whose value counts before the first beat: where empty slots run through accumulators that nothing else clears, zero times an unknown is one in Verilog. */
  protected get known(): { readonly reset?: 0 } {
    return this.cfg.drain === 'through' ? { reset: 0 } : {};
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

  /** A bit as the rows of tiles see it, each `step` slots after the one before; its history is called `<name>History`. */
  protected front(bit: Bool, name: string, advance: Bool, step = 1): VecValue<BoolType> {
    const { rows } = tilesIn(this.cfg);
    const history = rows > 1 ? this.reg(uint((rows - 1) * step)).named(`${name}History`) : undefined;
    when(advance, () => history?.set(shiftIn(history, bit)));
    return wavefront(bit, history, step);
  }

  /** The mode that came with the last accepted beat; undefined for an element without modes. */
  protected modeFront(mode: UInt | undefined, accept: Bool): UInt | undefined {
    if (!mode) return undefined;
    const modeFront = this.reg(uint(this.pe.modeWidth), this.known);
    when(accept, () => modeFront.set(mode));
    return modeFront;
  }

  /** Modes as the rows of tiles see them, with their activations; undefined for an element without modes. */
  protected modes(mode: UInt | undefined, accept: Bool, advance: Bool): VecValue<UIntType> | undefined {
    const modeFront = this.modeFront(mode, accept);
    if (!modeFront) return undefined;
    const { rows } = tilesIn(this.cfg);
    const { modeWidth, sumStages } = this.pe;
    const modeHistory = rows > 1 ? this.reg(uint((rows - 1) * sumStages * modeWidth)) : undefined;
    when(advance, () => modeHistory?.set(shiftWordIn(modeHistory, modeFront)));
    return wordWavefront(modeFront, modeHistory, sumStages);
  }
}
