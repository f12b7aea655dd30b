/**
 * Problems in steps cut into tiles, after the section "Tiling" of design note 0003.
 * Invariant: codes outside of the problem are the element's padding.
 * Refused: a K that does not fill the tiles of an element without padding.
 */
import type { MatrixUnit } from '../shape.ts';
import type { StreamBuilder } from './code-streams.ts';
import type { CodePair, GoldenPe } from './pe.ts';
import type { StepProblem } from './steps.ts';
import { CUBE, type Step, type TileSum } from './sums.ts';

/** From a step to the one behind the last of a tile of resident operands, or of a cube's slot. */
export interface KTile {
  readonly from: number;
  readonly to: number;
  readonly mode: number;
}

/** Steps of one mode, at most `rows` of them a tile. */
export function kTilesOf(rows: number, { k, mode }: Pick<StepProblem, 'k' | 'mode'>): KTile[] {
  const tiles: KTile[] = [];
  for (let from = 0; from < k; ) {
    let to = from + 1;
    while (to < k && to - from < rows && mode?.[to] === mode?.[from]) to++;
    tiles.push({ from, to, mode: mode?.[from] ?? 0 });
    from = to;
  }
  return tiles;
}

/** Throws RangeError where a tile is left partly empty and nothing fills the rest. */
export function checkFilled(pe: GoldenPe, rows: number, k: number, tiles: readonly KTile[]): void {
  const odd = tiles.find(({ from, to }) => to - from < rows);
  if (odd && !pe.padding)
    throw new RangeError(`k of ${k} steps leaves a tile of ${odd.to - odd.from} of ${rows} rows, and this element has no code to fill the rest with`);
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function paddingOf(pe: GoldenPe): CodePair {
  return pe.padding ?? { activation: 0n, weight: 0n };
}

/** An operand of a problem, or its padding. */
export function operands(pe: GoldenPe, { m, k, n, a, b }: StepProblem) {
  const idle = paddingOf(pe);
  return {
    a: (row: number, step: number): bigint => (row < m && step < k ? (a[row * k + step] as bigint) : idle.activation),
    b: (step: number, col: number): bigint => (step < k && col < n ? (b[step * n + col] as bigint) : idle.weight),
  };
}

/**
 * A block of columns of a product whose weights stay, K tile by K tile, for all M rows; of an input-stationary unit a block of rows whose activations stay, each with its
 * mode, for all N columns.
 */
export function tileResident(into: StreamBuilder, { rows, cols, dataflow }: MatrixUnit, first: number, problem: StepProblem, sumOf: TileSum): void {
  const { m, n, d, k } = problem;
  const { pe } = into;
  const at = operands(pe, problem);
  const inputs = dataflow === 'is';
  const [beats, extent] = inputs ? [n, m] : [m, n];
  const lanes = range(first, first + cols);
  const moving = (beat: number, step: number): bigint => (inputs ? at.b(step, beat) : at.a(beat, step));
  const resident = (step: number, lane: number): bigint => (inputs ? at.a(lane, step) : at.b(step, lane));
  const given = (beat: number) => d && lanes.map((lane) => (lane < extent ? (d[inputs ? lane * n + beat : beat * n + lane] as bigint) : 0n));
  const kTiles = kTilesOf(rows, inputs ? { k } : problem);
  checkFilled(pe, rows, k, kTiles);
  let before: bigint[] | undefined;
  for (const { from, to, mode } of kTiles) {
    const steps = range(from, from + rows).map((step) => (step < to ? step : k));
    const modes = steps.map((step) => (inputs ? (problem.mode?.[step] ?? 0) : mode));
    const stay = steps.map((step) => lanes.map((lane) => resident(step, lane)));
    for (const beat of stay) (inputs ? into.act : into.weight).push(...beat);
    into.os.push(...stay.map(() => false));
    if (inputs) into.mode.push(...modes);
    const sums: bigint[] = [];
    for (let beat = 0; beat < beats; beat++) {
      const move = steps.map((step) => moving(beat, step));
      const partial = before?.slice(beat * cols, (beat + 1) * cols) ?? given(beat);
      for (const code of move) (inputs ? into.weight : into.act).push(code);
      if (partial) into.psum.push(...partial);
      if (!inputs) into.mode.push(mode);
      into.last.push(beat === beats - 1);
      into.outLast.push(beat === beats - 1);
      into.accumulate.push(partial !== undefined);
      for (let lane = 0; lane < cols; lane++) {
        const met = move.map((code, i): Step => {
          const still = stay[i]?.[lane] as bigint;
          return { activation: inputs ? still : code, weight: inputs ? code : still, mode: modes[i] as number };
        });
        sums.push(sumOf(pe, met, partial?.[lane]));
      }
    }
    for (const sum of sums) into.out.push(sum);
    before = sums;
  }
}

/** Sums that stay: a tile of C from a pair of beats a step. */
export function tileSums(
  into: StreamBuilder,
  rows: number,
  cols: number,
  { m0, n0 }: { readonly m0: number; readonly n0: number },
  problem: StepProblem,
  sumOf: TileSum,
): void {
  const { m, n, d, k, mode } = problem;
  const { pe } = into;
  const at = operands(pe, problem);
  for (let step = 0; step < k; step++) {
    for (let row = m0; row < m0 + rows; row++) into.act.push(at.a(row, step));
    for (let col = n0; col < n0 + cols; col++) into.weight.push(at.b(step, col));
    into.os.push(true);
    into.mode.push(mode?.[step] ?? 0);
    into.last.push(step === k - 1);
    into.accumulate.push(step === k - 1 && d !== undefined);
  }
  for (let row = m0; row < m0 + rows; row++) {
    for (let col = n0; col < n0 + cols; col++) {
      const partial = d && (row < m && col < n ? (d[row * n + col] as bigint) : 0n);
      if (partial !== undefined) into.psum.push(partial);
      const steps = range(0, k).map((step): Step => ({ activation: at.a(row, step), weight: at.b(step, col), mode: mode?.[step] ?? 0 }));
      into.out.push(sumOf(pe, steps, partial));
    }
    into.outLast.push(row === m0 + rows - 1);
  }
}

/** The steps of an element of C as a cube takes them: four a slot, all of one mode, filled up with padding. */
export function cubeSteps(pe: GoldenPe, problem: StepProblem, row: number, col: number): Step[] {
  const at = operands(pe, problem);
  return kTilesOf(CUBE, problem).flatMap(({ from, to, mode }) =>
    range(from, from + CUBE).map((i): Step => {
      const step = i < to ? i : problem.k;
      return { activation: at.a(row, step), weight: at.b(step, col), mode };
    }),
  );
}

/** A tile of C of a cube, from a pair of beats of four steps each. */
export function tileCube(into: StreamBuilder, { m0, n0 }: { readonly m0: number; readonly n0: number }, problem: StepProblem, sumOf: TileSum): void {
  const { m, n, d, k } = problem;
  const { pe } = into;
  const slots = kTilesOf(CUBE, problem);
  checkFilled(pe, CUBE, k, slots);
  const [rows, cols] = [range(m0, m0 + CUBE), range(n0, n0 + CUBE)];
  const stepsOf = rows.map((row) => cols.map((col) => cubeSteps(pe, problem, row, col)));
  slots.forEach(({ mode }, slot) => {
    const last = slot === slots.length - 1;
    for (const row of stepsOf) for (let i = 0; i < CUBE; i++) into.act.push(((row[0] as Step[])[slot * CUBE + i] as Step).activation);
    for (let i = 0; i < CUBE; i++) for (const steps of stepsOf[0] as Step[][]) into.weight.push((steps[slot * CUBE + i] as Step).weight);
    into.mode.push(mode);
    into.last.push(last);
    into.accumulate.push(last && d !== undefined);
  });
  rows.forEach((row, i) => {
    cols.forEach((col, j) => {
      const partial = d && (row < m && col < n ? (d[row * n + col] as bigint) : 0n);
      if (partial !== undefined) into.psum.push(partial);
      into.out.push(sumOf(pe, stepsOf[i]?.[j] as Step[], partial));
    });
  });
  into.outLast.push(true);
}
