/**
 * Design note 0003 once more, register by register: what the cycle model is compared with.
 * Invariant: shares no code with sim/golden (types only); slow and literal, every stage of a pipeline is an array entry
 * that moves one place a slot, and sums are computed from the beats that moved, not from the expected ones.
 * Refused: runs longer than 200,000 cycles.
 */
import type { Aside, MatrixUnit, Stimulus, Streams } from '../../sim/golden/index.ts';

export interface RegisterRun {
  readonly flags: number[];
  /** The lanes of out in every cycle, 0 without out.valid. */
  readonly pinData: number[];
  readonly outCycle: number[];
  readonly outData: number[];
}

interface Inputs {
  act: { valid: boolean; data: number[]; last: boolean; accumulate: boolean };
  weight: { valid: boolean; data: number[]; os: boolean };
  psum: { valid: boolean; data: number[] };
  outReady: boolean;
}

interface Outputs {
  actReady: boolean;
  weightReady: boolean;
  psumReady: boolean;
  out: { valid: boolean; last: boolean; data: number[] };
}

interface Row {
  data: number[];
  last: boolean;
  accumulate: boolean;
}

type Unit = (inputs: Inputs) => Outputs;

const nothing: { valid: false; last: false; data: number[] } = { valid: false, last: false, data: [] };

/** Registers of the element: P and S of design note 0018, taken from its record by hand. */
interface Registers {
  product: number;
  sum: number;
}

function registersOf({ pe }: MatrixUnit): Registers {
  if (pe === undefined) return { product: 0, sum: 1 };
  return pe.kind === 'float' || pe.kind === 'mx' ? { product: pe.productStages ?? 0, sum: pe.sumStages ?? 1 } : { product: pe.stages ?? 0, sum: 1 };
}

function wsUnit(rows: number, cols: number, { product, sum: perRow }: Registers): Unit {
  const stages = rows * perRow + cols + product;
  // Slots until the next weight beat of a tile may move.
  let wait = 0;
  let start = true;
  let waiting: number[][] = [];
  let active: number[][] = [];
  const pipeline: (Row | null)[] = Array.from({ length: stages }, () => null);
  return ({ act, weight, psum, outReady }) => {
    const lastStage = pipeline[stages - 1] ?? null;
    const loaded = waiting.length;
    const advance = lastStage === null || outReady;
    const go = act.valid && (!act.accumulate || psum.valid) && (!start || loaded === rows);
    const swap = advance && go && start;
    const outputs: Outputs = {
      actReady: advance && go,
      weightReady: advance && ((loaded < rows && wait === 0) || swap),
      psumReady: advance && go && act.accumulate,
      out: lastStage === null ? nothing : { valid: true, last: lastStage.last, data: lastStage.data },
    };
    if (!advance) return outputs;
    if (swap) {
      active = waiting;
      waiting = [];
    }
    let entering: Row | null = null;
    if (outputs.actReady) {
      const data = Array.from({ length: cols }, (_, col) =>
        act.data.reduce((sum, a, r) => (sum + a * (active[r]?.[col] ?? Number.NaN)) | 0, act.accumulate ? (psum.data[col] ?? Number.NaN) : 0),
      );
      entering = { data, last: act.last, accumulate: act.accumulate };
      start = act.last;
    }
    if (outputs.weightReady && weight.valid) {
      waiting.push(weight.data);
      wait = perRow - 1;
    } else if (swap) wait = 0;
    else if (wait > 0) wait -= 1;
    pipeline.pop();
    pipeline.unshift(entering);
    return outputs;
  };
}

function osUnit(rows: number, cols: number, { product }: Registers): Unit {
  const stages = rows + cols + product;
  let drainLeft = 0;
  let sums: number[][] = [];
  let draining: Row[] = [];
  let out: Outputs['out'] = nothing;
  const pipeline: (Row | null)[] = Array.from({ length: stages }, () => null);
  return ({ act, weight, psum, outReady }) => {
    const row = pipeline[stages - 1] ?? null;
    const outFree = !out.valid || outReady;
    const advance = outFree && !(row?.accumulate === true && !psum.valid);
    const fire = advance && act.valid && weight.valid && (!act.last || drainLeft === 0);
    const outputs: Outputs = {
      actReady: fire,
      weightReady: fire,
      psumReady: outFree && row?.accumulate === true,
      out,
    };
    if (outFree) {
      out =
        row !== null && (!row.accumulate || psum.valid)
          ? {
              valid: true,
              last: row.last,
              data: row.data.map((sum, col) => (sum + (row.accumulate ? (psum.data[col] ?? Number.NaN) : 0)) | 0),
            }
          : nothing;
    }
    if (!advance) return outputs;
    if (fire) {
      sums = act.data.map((a, r) => weight.data.map((b, col) => ((sums[r]?.[col] ?? 0) + a * b) | 0));
    }
    if (fire && act.last) {
      drainLeft = rows - 1;
      if (draining.length > 0) throw new Error('two tiles drain at once');
      draining = sums.map((data, i) => ({ data, last: i === rows - 1, accumulate: act.accumulate }));
      sums = [];
    } else if (drainLeft > 0) {
      drainLeft -= 1;
    }
    pipeline.pop();
    pipeline.unshift(draining.shift() ?? null);
    return outputs;
  };
}

/** Weights that wait, weights that work, sums that stay, rows that drain: both dataflows of design note 0022. */
function mixedUnit(rows: number, cols: number, { product }: Registers): Unit {
  const stages = rows + cols + product;
  let [start, tileOs, paired, drainLeft] = [true, false, false, 0];
  let waiting: number[][] = [];
  let active: number[][] = [];
  let sums: number[][] = [];
  let draining: Row[] = [];
  let out: Outputs['out'] = nothing;
  const pipeline: (Row | null)[] = Array.from({ length: stages }, () => null);
  return ({ act, weight, psum, outReady }) => {
    const row = pipeline[stages - 1] ?? null;
    const outFree = !out.valid || outReady;
    const advance = outFree && !(row?.accumulate === true && !psum.valid);
    const pair = weight.valid && weight.os;
    const os = start ? waiting.length === 0 && pair : tileOs;
    const fireOs = advance && os && act.valid && pair && !(act.last && drainLeft > 0);
    const fireWs = advance && !os && act.valid && drainLeft === 0 && (!start || waiting.length === rows);
    const swap = fireWs && start;
    const room = advance && !paired && !(!start && tileOs) && (waiting.length < rows || swap);
    const outputs: Outputs = {
      actReady: fireOs || fireWs,
      weightReady: pair ? fireOs : room,
      psumReady: outFree && row?.accumulate === true,
      out,
    };
    if (outFree) {
      const complete = row !== null && (!row.accumulate || psum.valid);
      const added = (r: Row): number[] => r.data.map((sum, col) => (sum + (r.accumulate ? (psum.data[col] ?? Number.NaN) : 0)) | 0);
      out = complete ? { valid: true, last: row.last, data: added(row) } : nothing;
    }
    if (!advance) return outputs;
    paired = fireOs;
    if (drainLeft > 0) drainLeft -= 1;
    if (swap) [active, waiting] = [waiting, []];
    if (weight.valid && outputs.weightReady && !pair) waiting.push(weight.data);
    let entering: Row | null = null;
    if (fireWs) {
      const data = Array.from({ length: cols }, (_, col) => act.data.reduce((sum, a, r) => (sum + a * (active[r]?.[col] ?? Number.NaN)) | 0, 0));
      entering = { data, last: act.last, accumulate: act.accumulate };
    }
    if (fireOs) sums = act.data.map((a, r) => weight.data.map((b, col) => ((sums[r]?.[col] ?? 0) + a * b) | 0));
    if (fireOs && act.last) {
      if (draining.length > 0) throw new Error('two tiles drain at once');
      draining = sums.map((data, i) => ({ data, last: i === rows - 1, accumulate: act.accumulate }));
      [sums, drainLeft] = [[], rows - 1];
    }
    if (outputs.actReady) [start, tileOs] = [act.last, os];
    if (entering && draining.length > 0) throw new Error('rows of two tiles at once');
    pipeline.pop();
    pipeline.unshift(entering ?? draining.shift() ?? null);
    return outputs;
  };
}

/** Marsaglia's generator in exact arithmetic; each call is a step, the result tells whether the gate is open. */
function gate(seed: number, stream: number, stall: number): () => boolean {
  const mod = (x: bigint): bigint => BigInt.asUintN(32, x);
  let state = mod(BigInt(seed) * 0x9e3779b9n + BigInt(stream + 1) * 0x85ebca6bn);
  if (state === 0n) state = 1n;
  return () => {
    state = mod(state ^ (state << 13n));
    state ^= state >> 17n;
    state = mod(state ^ (state << 5n));
    return Number(state >> 24n) >= Math.round(stall * 256);
  };
}

function beat(data: ArrayLike<number>, lanes: number, index: number, junk: number): number[] {
  return Array.from({ length: lanes }, (_, lane) => (index < 0 ? junk : (data[index * lanes + lane] ?? Number.NaN)));
}

/** Streams of a unit of both dataflows. */
export type MixedStreams = Omit<Streams, 'weight'> & { readonly weight: Streams['weight'] & { readonly aside: Aside } };

/** Runs the testbench policy over a unit until as many out beats have moved as `streams.out` has. */
export function runRegisters(unit: MatrixUnit, streams: Streams | MixedStreams, stimulus: Stimulus): RegisterRun {
  const { rows, cols } = unit;
  const make = unit.dataflow === 'ws' ? wsUnit : unit.dataflow === 'os' ? osUnit : mixedUnit;
  const step = make(rows, cols, registersOf(unit));
  const { stall, seed } = stimulus;
  const gates = [stall.act, stall.weight, stall.psum, stall.out].map((value, i) => gate(seed, i, value));
  const beats = [streams.act.beats, streams.weight.beats, streams.psum.beats];
  const next = [0, 0, 0];
  const valid = [false, false, false];
  const run: RegisterRun = { flags: [], pinData: [], outCycle: [], outData: [] };
  for (let cycle = 0; run.outCycle.length < streams.out.beats; cycle++) {
    if (cycle > 200_000) throw new Error('the register model does not finish');
    const open = gates.map((isOpen) => isOpen());
    for (let i = 0; i < 3; i++) valid[i] = (next[i] ?? 0) < (beats[i] ?? 0) && (valid[i] === true || open[i] === true);
    const [a, w, p] = [0, 1, 2].map((i) => (valid[i] === true ? (next[i] ?? 0) : -1)) as [number, number, number];
    const { act, weight, psum } = streams;
    const outReady = open[3] === true;
    const seen = step({
      act: {
        valid: a >= 0,
        data: beat(act.data, rows, a, -1),
        last: a < 0 || act.last[a] === 1,
        accumulate: a < 0 || act.accumulate[a] === 1,
      },
      weight: { valid: w >= 0, data: beat(weight.data, cols, w, -1), os: w < 0 || ('aside' in weight && weight.aside.values[w] === 1) },
      psum: { valid: p >= 0, data: beat(psum.data, cols, p, -1) },
      outReady,
    });
    const ready = [seen.actReady, seen.weightReady, seen.psumReady];
    run.flags.push([...ready, seen.out.valid, seen.out.last].reduce((byte, bit, i) => byte + (bit ? 2 ** i : 0), 0));
    run.pinData.push(...(seen.out.valid ? seen.out.data : new Array<number>(cols).fill(0)));
    if (seen.out.valid && outReady) {
      run.outCycle.push(cycle);
      run.outData.push(...seen.out.data);
    }
    for (let i = 0; i < 3; i++) {
      if (valid[i] !== true || ready[i] !== true) continue;
      next[i] = (next[i] ?? 0) + 1;
      valid[i] = false;
    }
  }
  return run;
}
