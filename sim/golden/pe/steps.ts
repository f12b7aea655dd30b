/**
 * Problems of any processing element in steps, as streams of beats and back, after the section "Tiling" of design note 0003.
 * Invariant: sums are folded in the unit's order, which floats tell (sums.ts). All steps of a tile of resident weights have one mode.
 * Refused: units and problems of impossible shape, operands of a wrong length, codes that are too wide; a K that does not fill the tiles of an element without padding.
 */
import { checkLength, checkShape, checkUnit, type MatrixUnit, type Shape } from '../shape.ts';
import { type CodeStreams, StreamBuilder } from './code-streams.ts';
import type { PeRecord } from './config.ts';
import { goldenPe } from './elements.ts';
import type { GoldenPe } from './pe.ts';
import { CUBE, type Step, TILE_SUMS, upwardsThenPartial } from './sums.ts';
import { cubeSteps, kTilesOf, operands, range, tileCube, tileResident, tileSums } from './tiles.ts';

/** `C = A·B + D` in codes, row-major: a m×k, b k×n, d m×n; k counts steps. */
export interface StepProblem extends Shape {
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly d?: readonly bigint[] | undefined;
  /** Of each step; all 0 when absent. */
  readonly mode?: readonly number[];
  /** Of a unit of both dataflows: that of each block of columns as wide as the array, in turn; `ws` and `os` in turn when absent. */
  readonly flows?: readonly ('ws' | 'os')[];
}

/** The element of a unit as a record: int8 unless it names one. */
export function recordOf({ pe }: Pick<MatrixUnit, 'pe'>): PeRecord {
  return pe ?? { kind: 'int', activation: { width: 8, signed: true }, weight: { width: 8, signed: true } };
}

/** The dataflow of a block of columns. */
export function flowOf({ dataflow }: Pick<MatrixUnit, 'dataflow'>, { flows = ['ws', 'os'] }: Pick<StepProblem, 'flows'>, nTile: number): 'ws' | 'os' {
  if (dataflow !== 'ws+os') return dataflow === 'os' || dataflow === 'cube' ? 'os' : 'ws';
  return flows[nTile % flows.length] as 'ws' | 'os';
}

function checkCodes(name: string, codes: readonly bigint[], width: number): void {
  const limit = 1n << BigInt(width);
  const at = codes.findIndex((code) => code < 0n || code >= limit);
  if (at >= 0) throw new RangeError(`${name}[${at}] is ${codes[at]}, which is no code of ${width} bits`);
}

/** Throws RangeError on a problem that is none for an element. */
function checkSteps(pe: GoldenPe, { m, k, n, a, b, d, mode, flows }: StepProblem): void {
  checkShape({ m, k, n });
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  if (d) checkLength('d', m * n, d.length);
  if (mode) checkLength('mode', k, mode.length);
  if (flows?.length === 0) throw new RangeError('flows must name a dataflow');
  checkCodes('a', a, pe.activationWidth);
  checkCodes('b', b, pe.weightWidth);
  if (d) checkCodes('d', d, pe.sumWidth);
  const odd = mode?.find((x) => !Number.isInteger(x) || x < 0 || x >= 2 ** pe.modeWidth);
  if (odd !== undefined) throw new RangeError(`${odd} is no mode of ${pe.modeWidth} bits`);
}

/** The beats that a unit is given for a problem in steps, and those it must answer with. Throws RangeError. */
export function stepStreams(unit: MatrixUnit, problem: StepProblem): CodeStreams {
  checkUnit(unit);
  const { rows, cols, dataflow } = unit;
  const { m, n } = problem;
  const into = new StreamBuilder(goldenPe(recordOf(unit)));
  checkSteps(into.pe, problem);
  const sumOf = TILE_SUMS[dataflow];
  const blocks = (length: number, of: number): number[] => range(0, Math.ceil(length / of)).map((i) => i * of);
  if (dataflow === 'is') for (const m0 of blocks(m, cols)) tileResident(into, unit, m0, problem, sumOf);
  else if (dataflow === 'cube') for (const m0 of blocks(m, rows)) for (const n0 of blocks(n, cols)) tileCube(into, { m0, n0 }, problem, sumOf);
  else if (dataflow === 'os')
    for (const m0 of blocks(m, rows)) for (const n0 of blocks(n, cols)) tileSums(into, rows, cols, { m0, n0 }, problem, sumOf);
  else
    for (const n0 of blocks(n, cols)) {
      if (flowOf(unit, problem, n0 / cols) === 'ws') tileResident(into, unit, n0, problem, sumOf);
      else for (const m0 of blocks(m, rows)) tileSums(into, rows, cols, { m0, n0 }, problem, upwardsThenPartial);
    }
  return into.finish(unit);
}

/** Where the elements of C are among the lanes of all out beats. */
function places(unit: MatrixUnit, { m, k, n, mode, flows }: Pick<StepProblem, 'm' | 'k' | 'n' | 'mode' | 'flows'>) {
  const { rows, cols, dataflow } = unit;
  const kTiles = kTilesOf(rows, dataflow === 'is' ? { k } : { k, ...(mode && { mode }) }).length;
  const [mTiles, nTiles] = [Math.ceil(m / rows), Math.ceil(n / cols)];
  if (dataflow === 'is') {
    const place = (row: number, col: number): number => (((Math.floor(row / cols) + 1) * kTiles - 1) * n + col) * cols + (row % cols);
    return { beats: Math.ceil(m / cols) * kTiles * n, place };
  }
  if (dataflow === 'cube') {
    const place = (row: number, col: number): number =>
      (Math.floor(row / CUBE) * nTiles + Math.floor(col / CUBE)) * CUBE ** 2 + (row % CUBE) * CUBE + (col % CUBE);
    return { beats: mTiles * nTiles, place };
  }
  if (dataflow === 'os') {
    const place = (row: number, col: number): number =>
      ((Math.floor(row / rows) * nTiles + Math.floor(col / cols)) * rows + (row % rows)) * cols + (col % cols);
    return { beats: mTiles * nTiles * rows, place };
  }
  const isOs = (nTile: number): boolean => flowOf(unit, flows ? { flows } : {}, nTile) === 'os';
  const begin = [0];
  for (let nTile = 0; nTile < nTiles; nTile++) begin.push((begin[nTile] as number) + (isOs(nTile) ? mTiles * rows : kTiles * m));
  const place = (row: number, col: number): number => {
    const nTile = Math.floor(col / cols);
    return ((begin[nTile] as number) + (isOs(nTile) ? row : (kTiles - 1) * m + row)) * cols + (col % cols);
  };
  return { beats: begin[nTiles] as number, place };
}

/** C out of the out beats of any engine, m×n codes; padding is dropped, and the sums of all K tiles but the last. Throws RangeError. */
export function collectSteps(unit: MatrixUnit, problem: Pick<StepProblem, 'm' | 'k' | 'n' | 'mode' | 'flows'>, outData: readonly bigint[]): bigint[] {
  const { beats, place } = places(unit, problem);
  checkLength('outData', beats * (unit.dataflow === 'cube' ? CUBE ** 2 : unit.cols), outData.length);
  return range(0, problem.m * problem.n).map((at) => outData[place(Math.floor(at / problem.n), at % problem.n)] as bigint);
}

/** C element by element, in the unit's order: the same product without beats. Throws RangeError. */
export function stepProduct(unit: MatrixUnit, problem: StepProblem): bigint[] {
  const pe = goldenPe(recordOf(unit));
  checkSteps(pe, problem);
  const { rows, cols, dataflow } = unit;
  const { m, n, k, d, mode } = problem;
  const at = operands(pe, problem);
  const sumOf = TILE_SUMS[dataflow];
  const steps = (row: number, col: number, from: number, to: number, most: number): Step[] =>
    range(from, from + most).map((i) => {
      const step = i < to ? i : k;
      return { activation: at.a(row, step), weight: at.b(step, col), mode: mode?.[step] ?? 0 };
    });
  return range(0, m * n).map((index) => {
    const [row, col] = [Math.floor(index / n), index % n];
    const start = d?.[index];
    if (dataflow === 'cube') return sumOf(pe, cubeSteps(pe, problem, row, col), start);
    if (flowOf(unit, problem, Math.floor(col / cols)) === 'os') return upwardsThenPartial(pe, steps(row, col, 0, k, k), start);
    const tiles = kTilesOf(rows, dataflow === 'is' ? { k } : problem);
    return tiles.reduce<bigint | undefined>((sum, { from, to }) => sumOf(pe, steps(row, col, from, to, rows), sum), start) as bigint;
  });
}
