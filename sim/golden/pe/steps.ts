/**
 * Problems of any processing element in steps, as streams of beats and back, after the section "Tiling" of design note 0003.
 * Invariant: sums are folded in the array's order, which floats tell: in ws K tile by K tile, in a tile from its last step to its first, on top of the partial sum; in os from
 * the first step to the last, the partial sum added at the end. All steps of a ws tile have one mode.
 * Refused: units and problems of impossible shape, operands of a wrong length, codes that are too wide; a K that does not fill ws tiles of an element without padding.
 */
import { checkLength, checkShape, checkUnit, type MatrixUnit, type Shape } from '../shape.ts';
import { goldenPe } from './elements.ts';
import type { GoldenPe } from './pe.ts';

/** `C = A·B + D` in codes, row-major: a m×k, b k×n, d m×n; k counts steps. */
export interface StepProblem extends Shape {
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly d?: readonly bigint[] | undefined;
  /** Of each step; all 0 when absent. */
  readonly mode?: readonly number[];
}

/** Beats of codes: beat i of lanes L is `data[i*L .. i*L+L-1]`, each of `width` bits. */
export interface CodeStream {
  readonly beats: number;
  readonly lanes: number;
  readonly width: number;
  readonly data: bigint[];
}

/** All beats that enter and leave a unit for one problem; `last` and `accumulate` as in `Streams`. */
export interface CodeStreams {
  readonly act: CodeStream & { readonly last: Uint8Array; readonly accumulate: Uint8Array; readonly mode: number[]; readonly modeWidth: number };
  readonly weight: CodeStream;
  readonly psum: CodeStream;
  readonly out: CodeStream & { readonly last: Uint8Array };
}

/** The element of a unit. Throws RangeError without one. */
export function peOfUnit(unit: MatrixUnit): GoldenPe {
  if (!unit.pe) throw new RangeError('the unit names no processing element');
  return goldenPe(unit.pe);
}

/** From a step to the one behind the last of a ws tile. */
interface KTile {
  readonly from: number;
  readonly to: number;
  readonly mode: number;
}

/** Steps of one mode, at most `rows` of them a tile. */
function kTilesOf(rows: number, { k, mode }: Pick<StepProblem, 'k' | 'mode'>): KTile[] {
  const tiles: KTile[] = [];
  for (let from = 0; from < k; ) {
    let to = from + 1;
    while (to < k && to - from < rows && mode?.[to] === mode?.[from]) to++;
    tiles.push({ from, to, mode: mode?.[from] ?? 0 });
    from = to;
  }
  return tiles;
}

class Builder {
  readonly streams: CodeStreams;
  readonly pe: GoldenPe;

  constructor(unit: MatrixUnit) {
    this.pe = peOfUnit(unit);
    const { activationWidth, weightWidth, sumWidth, modeWidth } = this.pe;
    const empty = (lanes: number, width: number): CodeStream => ({ beats: 0, lanes, width, data: [] });
    const noFlags = new Uint8Array(0);
    this.streams = {
      act: { ...empty(unit.rows, activationWidth), last: noFlags, accumulate: noFlags, mode: [], modeWidth },
      weight: empty(unit.cols, weightWidth),
      psum: empty(unit.cols, sumWidth),
      out: { ...empty(unit.cols, sumWidth), last: noFlags },
    };
  }

  /** Beats are counted, and flags set, when all data is there. */
  finish(last: readonly boolean[], accumulate: readonly boolean[], outLast: readonly boolean[]): CodeStreams {
    const { act, weight, psum, out } = this.streams;
    const counted = <S extends CodeStream>(s: S): S => ({ ...s, beats: s.data.length / s.lanes });
    return {
      act: { ...counted(act), last: Uint8Array.from(last, Number), accumulate: Uint8Array.from(accumulate, Number) },
      weight: counted(weight),
      psum: counted(psum),
      out: { ...counted(out), last: Uint8Array.from(outLast, Number) },
    };
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function tileWs(unit: MatrixUnit, problem: StepProblem): CodeStreams {
  const { rows, cols } = unit;
  const { m, n, a, b, d, k } = problem;
  const builder = new Builder(unit);
  const { pe, streams } = builder;
  const { act, weight, psum, out } = streams;
  const kTiles = kTilesOf(rows, problem);
  const odd = kTiles.find(({ from, to }) => to - from < rows);
  if (odd && !pe.padding)
    throw new RangeError(`k of ${k} steps leaves a tile of ${odd.to - odd.from} of ${rows} rows, and this element has no code to fill the rest with`);
  const { activation: idleA, weight: idleW } = pe.padding ?? { activation: 0n, weight: 0n };
  const flags: { last: boolean[]; accumulate: boolean[] } = { last: [], accumulate: [] };
  for (let n0 = 0; n0 < n; n0 += cols) {
    let before: bigint[] | undefined;
    for (const { from, to, mode } of kTiles) {
      const weights = range(from, from + rows).map((step) =>
        range(n0, n0 + cols).map((col) => (step < to && col < n ? (b[step * n + col] as bigint) : idleW)),
      );
      weight.data.push(...weights.flat());
      const sums: bigint[] = [];
      for (let row = 0; row < m; row++) {
        const lanes = range(from, from + rows).map((step) => (step < to ? (a[row * k + step] as bigint) : idleA));
        const partial =
          before?.slice(row * cols, (row + 1) * cols) ?? (d && range(n0, n0 + cols).map((col) => (col < n ? (d[row * n + col] as bigint) : 0n)));
        for (const lane of lanes) act.data.push(lane);
        if (partial) psum.data.push(...partial);
        act.mode.push(mode);
        flags.last.push(row === m - 1);
        flags.accumulate.push(partial !== undefined);
        for (let col = 0; col < cols; col++) {
          let sum = partial?.[col] ?? 0n;
          for (let step = rows - 1; step >= 0; step--) sum = pe.step(lanes[step] as bigint, weights[step]?.[col] as bigint, sum, mode);
          sums.push(sum);
        }
      }
      for (const sum of sums) out.data.push(sum);
      before = sums;
    }
  }
  return builder.finish(flags.last, flags.accumulate, flags.last);
}

function tileOs(unit: MatrixUnit, problem: StepProblem): CodeStreams {
  const { rows, cols } = unit;
  const { m, n, a, b, d, k } = problem;
  const builder = new Builder(unit);
  const { pe, streams } = builder;
  const { act, weight, psum, out } = streams;
  const { activation: idleA, weight: idleW } = pe.padding ?? { activation: 0n, weight: 0n };
  const flags: { last: boolean[]; accumulate: boolean[]; out: boolean[] } = { last: [], accumulate: [], out: [] };
  for (let m0 = 0; m0 < m; m0 += rows)
    for (let n0 = 0; n0 < n; n0 += cols) {
      const activations = range(0, k).map((step) => range(m0, m0 + rows).map((row) => (row < m ? (a[row * k + step] as bigint) : idleA)));
      const weights = range(0, k).map((step) => range(n0, n0 + cols).map((col) => (col < n ? (b[step * n + col] as bigint) : idleW)));
      for (let step = 0; step < k; step++) {
        act.data.push(...(activations[step] as bigint[]));
        weight.data.push(...(weights[step] as bigint[]));
        act.mode.push(problem.mode?.[step] ?? 0);
        flags.last.push(step === k - 1);
        flags.accumulate.push(step === k - 1 && d !== undefined);
      }
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          let sum = 0n;
          for (let step = 0; step < k; step++)
            sum = pe.step(activations[step]?.[row] as bigint, weights[step]?.[col] as bigint, sum, problem.mode?.[step] ?? 0);
          if (d) {
            const partial = m0 + row < m && n0 + col < n ? (d[(m0 + row) * n + n0 + col] as bigint) : 0n;
            psum.data.push(partial);
            sum = pe.add(sum, partial);
          }
          out.data.push(sum);
        }
        flags.out.push(row === rows - 1);
      }
    }
  return builder.finish(flags.last, flags.accumulate, flags.out);
}

function checkCodes(name: string, codes: readonly bigint[], width: number): void {
  const limit = 1n << BigInt(width);
  const at = codes.findIndex((code) => code < 0n || code >= limit);
  if (at >= 0) throw new RangeError(`${name}[${at}] is ${codes[at]}, which is no code of ${width} bits`);
}

/** Throws RangeError on a problem that is none for an element. */
function checkSteps(pe: GoldenPe, { m, k, n, a, b, d, mode }: StepProblem): void {
  checkShape({ m, k, n });
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  if (d) checkLength('d', m * n, d.length);
  if (mode) checkLength('mode', k, mode.length);
  checkCodes('a', a, pe.activationWidth);
  checkCodes('b', b, pe.weightWidth);
  if (d) checkCodes('d', d, pe.sumWidth);
  const odd = mode?.find((x) => !Number.isInteger(x) || x < 0 || x >= 2 ** pe.modeWidth);
  if (odd !== undefined) throw new RangeError(`${odd} is no mode of ${pe.modeWidth} bits`);
}

/** The beats that a unit is given for a problem in steps, and those it must answer with. Throws RangeError. */
export function stepStreams(unit: MatrixUnit, problem: StepProblem): CodeStreams {
  checkUnit(unit);
  checkSteps(peOfUnit(unit), problem);
  return unit.dataflow === 'ws' ? tileWs(unit, problem) : tileOs(unit, problem);
}

/** C out of the out beats of any engine, m×n codes; padding is dropped, and in ws the sums of all K tiles but the last. Throws RangeError. */
export function collectSteps(unit: MatrixUnit, problem: Pick<StepProblem, 'm' | 'k' | 'n' | 'mode'>, outData: readonly bigint[]): bigint[] {
  const { rows, cols, dataflow } = unit;
  const { m, n } = problem;
  const kTiles = kTilesOf(rows, problem).length;
  const nTiles = Math.ceil(n / cols);
  checkLength('outData', (dataflow === 'ws' ? nTiles * kTiles * m : Math.ceil(m / rows) * nTiles * rows) * cols, outData.length);
  return range(0, m * n).map((at) => {
    const [row, col] = [Math.floor(at / n), at % n];
    const nTile = Math.floor(col / cols);
    const beat = dataflow === 'ws' ? ((nTile + 1) * kTiles - 1) * m + row : (Math.floor(row / rows) * nTiles + nTile) * rows + (row % rows);
    return outData[beat * cols + (col % cols)] as bigint;
  });
}

/** C element by element, in the array's order: the same product without tiles and beats. Throws RangeError. */
export function stepProduct(unit: MatrixUnit, problem: StepProblem): bigint[] {
  const pe = peOfUnit(unit);
  checkSteps(pe, problem);
  const { m, n, k, a, b, d, mode } = problem;
  const tiles = unit.dataflow === 'ws' ? kTilesOf(unit.rows, problem).map(({ from, to }) => range(from, to).reverse()) : [range(0, k)];
  const order = tiles.flat();
  return range(0, m * n).map((at) => {
    const [row, col] = [Math.floor(at / n), at % n];
    const start = d?.[at] ?? 0n;
    const fold = (sum: bigint, step: number): bigint => pe.step(a[row * k + step] as bigint, b[step * n + col] as bigint, sum, mode?.[step] ?? 0);
    if (unit.dataflow === 'ws') return order.reduce(fold, start);
    const sum = order.reduce(fold, 0n);
    return d ? pe.add(sum, start) : sum;
  });
}
