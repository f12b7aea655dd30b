/**
 * Random units, problems, stalls and streams for the tests of the golden model.
 * Invariant: small, so that a failing case can be followed by hand.
 */
import fc from 'fast-check';
import { type FillKind, type MatrixUnit, type Problem, randomProblem, type Stimulus, type Streams } from '../../sim/golden/index.ts';
import type { MixedStreams } from './register-model.ts';

export const anyUnit: fc.Arbitrary<MatrixUnit> = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  cols: fc.integer({ min: 1, max: 5 }),
  dataflow: fc.constantFrom('ws' as const, 'os' as const),
});

export const anyProblem: fc.Arbitrary<Problem> = fc
  .record({
    m: fc.integer({ min: 1, max: 11 }),
    k: fc.integer({ min: 1, max: 11 }),
    n: fc.integer({ min: 1, max: 11 }),
    seed: fc.integer(),
    withD: fc.boolean(),
    kind: fc.constantFrom<FillKind>('uniform', 'extreme'),
  })
  .map(({ m, k, n, seed, withD, kind }) => randomProblem({ m, k, n }, seed, { withD, kind }));

const anyStall = fc.constantFrom(0, 0, 0.1, 0.3, 0.5, 0.8, 0.95);

export const anyStimulus: fc.Arbitrary<Stimulus> = fc.record({
  seed: fc.integer(),
  stall: fc.record({ act: anyStall, weight: anyStall, psum: anyStall, out: anyStall }),
});

export const noStall: Stimulus = { seed: 1, stall: { act: 0, weight: 0, psum: 0, out: 0 } };

/** Streams of a unit of both dataflows: tiles of any length each, of either, `accumulate` at random on every beat. Data is zero. */
export function anyMixedStreams({ rows, cols }: MatrixUnit): fc.Arbitrary<MixedStreams> {
  const tile = fc.record({ os: fc.boolean(), beats: fc.array(fc.boolean(), { minLength: 1, maxLength: 2 * rows + 2 }) });
  return fc.array(tile, { minLength: 1, maxLength: 7 }).map((tiles) => {
    const beats = tiles.flatMap((t) => t.beats);
    const values = tiles.flatMap(({ os, beats: own }) => new Array<number>(os ? own.length : rows).fill(Number(os)));
    const adding = tiles.reduce((sum, { os, beats: own }) => sum + (os ? (own.at(-1) ? rows : 0) : own.filter(Boolean).length), 0);
    const out = tiles.reduce((sum, { os, beats: own }) => sum + (os ? rows : own.length), 0);
    const last = Uint8Array.from(tiles.flatMap(({ beats: own }) => own.map((_, i) => (i === own.length - 1 ? 1 : 0))));
    return {
      act: { beats: beats.length, lanes: rows, data: new Int8Array(beats.length * rows), last, accumulate: Uint8Array.from(beats, Number) },
      weight: { beats: values.length, lanes: cols, data: new Int8Array(values.length * cols), aside: { port: 'os', width: 1, values } },
      psum: { beats: adding, lanes: cols, data: new Int32Array(adding * cols) },
      out: { beats: out, lanes: cols, data: new Int32Array(out * cols), last: new Uint8Array(out) },
    };
  });
}

/** Streams that no tiling makes: tiles of any length each, `accumulate` at random on every beat. Data is zero. */
export function anyIrregularStreams(unit: MatrixUnit): fc.Arbitrary<Streams> {
  const tile = fc.array(fc.boolean(), { minLength: 1, maxLength: 2 * unit.rows + 2 });
  return fc.array(tile, { minLength: 1, maxLength: 5 }).map((tiles) => {
    const ws = unit.dataflow === 'ws';
    const act = tiles.flat().length;
    const adding = ws ? tiles.flat() : tiles.map((beats) => beats.at(-1) === true);
    const psum = adding.filter(Boolean).length * (ws ? 1 : unit.rows);
    const weight = ws ? tiles.length * unit.rows : act;
    const out = ws ? act : tiles.length * unit.rows;
    const last = Uint8Array.from(tiles.flatMap((beats) => beats.map((_, i) => (i === beats.length - 1 ? 1 : 0))));
    const accumulate = Uint8Array.from(tiles.flat(), Number);
    const { rows, cols } = unit;
    return {
      act: { beats: act, lanes: rows, data: new Int8Array(act * rows), last, accumulate },
      weight: { beats: weight, lanes: cols, data: new Int8Array(weight * cols) },
      psum: { beats: psum, lanes: cols, data: new Int32Array(psum * cols) },
      out: { beats: out, lanes: cols, data: new Int32Array(out * cols), last: new Uint8Array(out) },
    };
  });
}
