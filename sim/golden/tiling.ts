/**
 * Problems as streams of beats and back, after the section "Tiling" of design note 0003.
 * Invariant: lane 0 comes first, beats follow each other without gaps, and everything outside the problem is zero.
 * Refused: units and problems of impossible shape, operands and results of a wrong length.
 */
import { matmul } from './matmul.ts';
import { checkLength, checkShape, checkUnit, type MatrixUnit, type Problem, type Shape } from './shape.ts';

/** The activations: rows int8 lanes a beat; `last` and `accumulate` hold 0 or 1 for each beat. */
export interface ActStream {
  readonly beats: number;
  readonly lanes: number;
  readonly data: Int8Array;
  readonly last: Uint8Array;
  readonly accumulate: Uint8Array;
}

/** The weights: cols int8 lanes a beat. */
export interface WeightStream {
  readonly beats: number;
  readonly lanes: number;
  readonly data: Int8Array;
}

/** The partial sums: cols int32 lanes a beat. */
export interface PsumStream {
  readonly beats: number;
  readonly lanes: number;
  readonly data: Int32Array;
}

/** The expected outputs: cols int32 lanes a beat; `last` holds 0 or 1 for each beat. */
export interface OutStream {
  readonly beats: number;
  readonly lanes: number;
  readonly data: Int32Array;
  readonly last: Uint8Array;
}

/** All beats that enter and leave a unit for one problem, in order; beat i of lanes L is `data[i*L .. i*L+L-1]`. */
export interface Streams {
  readonly act: ActStream;
  readonly weight: WeightStream;
  readonly psum: PsumStream;
  readonly out: OutStream;
}

function allocate(unit: MatrixUnit, act: number, weight: number, psum: number, out: number): Streams {
  const { rows, cols } = unit;
  const flags = { last: new Uint8Array(act), accumulate: new Uint8Array(act) };
  return {
    act: { beats: act, lanes: rows, data: new Int8Array(act * rows), ...flags },
    weight: { beats: weight, lanes: cols, data: new Int8Array(weight * cols) },
    psum: { beats: psum, lanes: cols, data: new Int32Array(psum * cols) },
    out: { beats: out, lanes: cols, data: new Int32Array(out * cols), last: new Uint8Array(out) },
  };
}

function tileWs(unit: MatrixUnit, problem: Problem): Streams {
  const { rows, cols } = unit;
  const { m, k, n, a, b, d } = problem;
  const kTiles = Math.ceil(k / rows);
  const nTiles = Math.ceil(n / cols);
  const tiles = kTiles * nTiles;
  const psumBeats = m * nTiles * (d === undefined ? kTiles - 1 : kTiles);
  const { act, weight, psum, out } = allocate(unit, tiles * m, tiles * rows, psumBeats, tiles * m);
  let psumBeat = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const n0 = Math.floor(tile / kTiles) * cols;
    const k0 = (tile % kTiles) * rows;
    const nEnd = Math.min(n0 + cols, n);
    const kEnd = Math.min(k0 + rows, k);
    const firstBeat = tile * m;
    for (let inner = k0; inner < kEnd; inner++) {
      weight.data.set(b.subarray(inner * n + n0, inner * n + nEnd), (tile * rows + inner - k0) * cols);
    }
    for (let row = 0; row < m; row++) {
      act.data.set(a.subarray(row * k + k0, row * k + kEnd), (firstBeat + row) * rows);
    }
    act.last[firstBeat + m - 1] = 1;
    out.last[firstBeat + m - 1] = 1;

    let partial: Int32Array | undefined;
    if (k0 > 0 || d !== undefined) {
      act.accumulate.fill(1, firstBeat, firstBeat + m);
      partial = psum.data.subarray(psumBeat * cols, (psumBeat + m) * cols);
      psumBeat += m;
      if (k0 > 0) {
        partial.set(out.data.subarray((firstBeat - m) * cols, firstBeat * cols));
      } else if (d !== undefined) {
        for (let row = 0; row < m; row++) partial.set(d.subarray(row * n + n0, row * n + nEnd), row * cols);
      }
    }
    // The beats of a tile are, in memory, the padded operands of an m × rows × cols product.
    const actTile = act.data.subarray(firstBeat * rows, (firstBeat + m) * rows);
    const weightTile = weight.data.subarray(tile * rows * cols, (tile + 1) * rows * cols);
    out.data.set(matmul({ m, k: rows, n: cols }, actTile, weightTile, partial), firstBeat * cols);
  }
  return { act, weight, psum, out };
}

function tileOs(unit: MatrixUnit, problem: Problem): Streams {
  const { rows, cols } = unit;
  const { m, k, n, a, b, d } = problem;
  const nTiles = Math.ceil(n / cols);
  const tiles = Math.ceil(m / rows) * nTiles;
  const psumBeats = d === undefined ? 0 : tiles * rows;
  const { act, weight, psum, out } = allocate(unit, tiles * k, tiles * k, psumBeats, tiles * rows);
  const product = matmul(problem, a, b, d);
  for (let tile = 0; tile < tiles; tile++) {
    const m0 = Math.floor(tile / nTiles) * rows;
    const n0 = (tile % nTiles) * cols;
    const mEnd = Math.min(m0 + rows, m);
    const nEnd = Math.min(n0 + cols, n);
    for (let inner = 0; inner < k; inner++) {
      const beat = tile * k + inner;
      for (let row = m0; row < mEnd; row++) act.data[beat * rows + row - m0] = a[row * k + inner] ?? 0;
      weight.data.set(b.subarray(inner * n + n0, inner * n + nEnd), beat * cols);
    }
    act.last[tile * k + k - 1] = 1;
    act.accumulate[tile * k + k - 1] = d === undefined ? 0 : 1;

    for (let row = m0; row < mEnd; row++) {
      const at = (tile * rows + row - m0) * cols;
      out.data.set(product.subarray(row * n + n0, row * n + nEnd), at);
      if (d !== undefined) psum.data.set(d.subarray(row * n + n0, row * n + nEnd), at);
    }
    out.last[tile * rows + rows - 1] = 1;
  }
  return { act, weight, psum, out };
}

/** Throws RangeError on units whose streams are those of `stepStreams` alone. */
function checkInt8({ dataflow }: MatrixUnit): void {
  if (dataflow !== 'ws' && dataflow !== 'os') throw new RangeError(`the streams of a unit of ${dataflow} are those of stepStreams`);
}

/**
 * The beats a unit is given for a problem, and those it must answer with.
 * In ws the psum beats of a K tile after the first are the expected out beats of the K tile before it.
 *
 * @throws RangeError on an impossible unit or shape, or an operand of a wrong length
 */
export function tileStreams(unit: MatrixUnit, problem: Problem): Streams {
  checkUnit(unit);
  checkShape(problem);
  const { m, k, n, a, b, d } = problem;
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  if (d !== undefined) checkLength('d', m * n, d.length);
  checkInt8(unit);
  return unit.dataflow === 'ws' ? tileWs(unit, problem) : tileOs(unit, problem);
}

/**
 * C out of the out beats of any engine; padding is dropped, and in ws the sums of all K tiles but the last.
 *
 * @param outData beats × cols int32, all out beats of the problem in order
 * @returns C, m×n int32, row-major
 * @throws RangeError on an impossible unit or shape, or when `outData` has not as many elements as the problem has out lanes
 */
export function collectResult(unit: MatrixUnit, shape: Shape, outData: Int32Array): Int32Array {
  checkUnit(unit);
  checkShape(shape);
  checkInt8(unit);
  const { rows, cols, dataflow } = unit;
  const { m, k, n } = shape;
  const nTiles = Math.ceil(n / cols);
  const kTiles = Math.ceil(k / rows);
  const beats = dataflow === 'ws' ? nTiles * kTiles * m : Math.ceil(m / rows) * nTiles * rows;
  checkLength('outData', beats * cols, outData.length);
  const c = new Int32Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let nTile = 0; nTile < nTiles; nTile++) {
      const beat = dataflow === 'ws' ? ((nTile + 1) * kTiles - 1) * m + row : (Math.floor(row / rows) * nTiles + nTile) * rows + (row % rows);
      const n0 = nTile * cols;
      const width = Math.min(cols, n - n0);
      c.set(outData.subarray(beat * cols, beat * cols + width), row * n + n0);
    }
  }
  return c;
}
