// What design note 0025 says of VX, written as loops over places and lanes with the golden requantisation: a model for tests, slow and plain.

import type { AcceleratorConfig, AcceleratorMode } from '../../../isa/config.ts';
import type { VxOperation } from '../../../isa/instructions.ts';
import { type Requantisation, requantise } from '../../../sim/golden/requantise.ts';

export interface VectorDimension {
  readonly count: number;
  readonly a: number;
  readonly b: number;
  readonly out: number;
  readonly y: number;
  readonly x: number;
}
export interface Scaling {
  readonly multiplier: number;
  readonly shift: number;
}
/** All that instructions before `vx.run` set. */
export interface VectorState {
  readonly dims: readonly VectorDimension[];
  readonly box: { readonly y: number; readonly x: number; readonly height: number; readonly width: number };
  readonly lanes: readonly (Scaling & { readonly bias: number })[];
  readonly scaleA: Scaling;
  readonly scaleB: Scaling;
  readonly aZero: number;
  readonly bZero: number;
  readonly zero: number;
  readonly min: number;
  readonly max: number;
  readonly left: number;
  readonly mode: AcceleratorMode;
  /** Codes by code + 128. */
  readonly table: Int8Array | undefined;
}
export interface VectorRun {
  readonly operation: VxOperation;
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

const INT32 = { output: { width: 32, signed: true }, zeroPoint: 0, min: -(2 ** 31), max: 2 ** 31 - 1 };

function scale(x: number, mode: AcceleratorMode, { multiplier, shift }: Scaling): number {
  const near = Math.max(Math.min(shift, 30), -31);
  const factors = mode === 'double' || mode === 'single' ? { multiplier: [multiplier], shift: [near] } : { shift: [Math.min(near, 0)] };
  return requantise([x], { ...INT32, mode, ...factors } as Requantisation)[0] as number;
}

/** Every place of counts, dimension 0 fastest. */
function* places(counts: readonly number[]): Generator<readonly number[]> {
  const total = counts.reduce((all, n) => all * n, 1);
  for (let i = 0; i < total; i++) {
    let rest = i;
    yield counts.map((n) => {
      const place = rest % n;
      rest = Math.floor(rest / n);
      return place;
    });
  }
}

/** Results by byte address of the scratchpad. */
export function runVectors(cfg: AcceleratorConfig, bytes: Int8Array, sums: Int32Array, state: VectorState, run: VectorRun): Map<number, number> {
  const { cols } = cfg;
  const { dims, box, mode } = state;
  const results = new Map<number, number>();
  const counts = dims.map(({ count }) => count);
  for (const outer of places(counts.slice(2))) {
    for (let lane = 0; lane < cols; lane++) {
      const own = state.lanes[lane] as Scaling & { readonly bias: number };
      let sum = run.operation === 'depthwise' ? own.bias : 0;
      let greatest = -128;
      let [a, b, row] = [0, 0, 0];
      for (const inner of places(counts.slice(0, 2))) {
        const at = [...inner, ...outer];
        const along = (of: (d: VectorDimension) => number): number => dims.reduce((all, d, i) => all + of(d) * (at[i] as number), 0);
        const [y, x] = [box.y + along((d) => d.y), box.x + along((d) => d.x)];
        const inside = (box.height === 0 && box.width === 0) || (y >= 0 && y < box.height && x >= 0 && x < box.width);
        const byte = (base: number, step: number): number => bytes[((base + step) & (cfg.scratchpad - 1) & -cols) + lane] as number;
        a = byte(
          run.a,
          along((d) => d.a),
        );
        b = byte(
          run.b,
          along((d) => d.b),
        );
        row = sums[((run.a + along((d) => d.a)) & (cfg.sums - 1)) * cols + lane] as number;
        if (!inside) continue;
        greatest = Math.max(greatest, a);
        sum = (sum + (run.operation === 'depthwise' ? (a - state.aZero) * b : a)) | 0;
      }
      const [da, db] = [a - state.aZero, b - state.bZero];
      const scaled = (value: number): number => scale(value, mode, own);
      const scaledA = (value: number): number => scale(value, mode, state.scaleA);
      const of: { readonly [O in VxOperation]: () => number } = {
        copy: () => a,
        requantise: () => scaled((row + own.bias) | 0),
        depthwise: () => scaled(sum),
        average: () => Math.sign(sum) * scaled(Math.abs(sum)),
        maximum: () => greatest,
        add: () => scaled((scaledA(da << state.left) + scale(db << state.left, mode, state.scaleB)) | 0),
        multiply: () => scaled(da * db),
        prelu: () => (da >= 0 ? scaledA(da) : scaled(da * db)),
      };
      const value = of[run.operation]();
      const code = run.operation === 'copy' ? value : Math.min(Math.max(value + state.zero, state.min), state.max);
      const to =
        ((run.out + dims.reduce((all, d, i) => all + (i < 2 ? 0 : d.out * (outer[i - 2] as number)), 0)) & (cfg.scratchpad - 1) & -cols) + lane;
      results.set(to, state.table ? (state.table[code + 128] as number) : code);
    }
  }
  return results;
}
