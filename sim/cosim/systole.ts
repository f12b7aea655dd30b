// The in-process engine: the design in the simulator of this package, driven cycle by cycle as the testbenches drive the Verilog.
//
// Invariant: shares the stimulus with the Verilog testbenches, and no code with the Verilog printer.

import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import type { Design } from '../../hdl/index.ts';
import { ports } from '../../hdl/ir/nodes.ts';
import { areCodes, flagBits, noCodes, type OperandStream, stallGates, type Trace, xorshift32 } from '../golden/index.ts';
import { type Simulation, simulateDesign } from '../index.ts';
import type { AnyRun, EngineOptions, EngineReport, Target } from './types.ts';
import { judgeTraces } from './verdict.ts';

const RESET_CYCLES = 2;
/** Cycles between two looks at the signal that stops us. */
const BREATH = 4096;

/** Elaborates the configuration of the target and runs it. @throws the reason of the abort */
export async function runSystole(target: Target, runs: readonly AnyRun[], options: EngineOptions): Promise<EngineReport> {
  const begin = performance.now();
  const { rows, cols, dataflow, reset, pe, tile, drain, top } = target;
  const design = elaborateMatrixUnit({ rows, cols, dataflow, reset, ...(pe && { pe }), tile, drain }, top);
  const built = performance.now();
  const traces: Trace[] = [];
  for (const [index, run] of runs.entries()) {
    const vcd = index === 0 ? options.vcd : undefined;
    traces.push(await simulateRun(design, run, options.signal, vcd));
  }
  const end = performance.now();
  return {
    ...{ engine: 'systole', cached: false, buildSeconds: (built - begin) / 1000, runSeconds: (end - built) / 1000 },
    ...judgeTraces(runs, traces),
  };
}

/** Runs a design of the unit's ports for as many cycles as are predicted, whatever it does. */
export async function simulateRun(design: Design, run: AnyRun, signal: AbortSignal, vcd?: string): Promise<Trace> {
  const sim = simulateDesign(design, { seed: run.stimulus.seed, ...(vcd === undefined ? {} : { vcd }) });
  try {
    const signed = new Set(
      ports(design.top)
        .filter(({ type }) => type.kind === 'sint')
        .map(({ name }) => name),
    );
    return await drive(sim, run, signed, signal);
  } finally {
    sim.close();
  }
}

/** `signed`: the ports of which values, not codes, are given and read. */
async function drive(sim: Simulation, run: AnyRun, signed: ReadonlySet<string>, signal: AbortSignal): Promise<Trace> {
  const { streams, prediction } = run;
  const gates = stallGates(run.stimulus).map(({ state, threshold }) => makeGate(state, threshold));
  const [actGate, weightGate, psumGate, outGate] = gates as [Gate, Gate, Gate, Gate];
  const beatsOf = (name: 'act' | 'weight' | 'psum'): Beats => {
    const stream = streams[name];
    if (!('width' in stream)) return { ...stream, junk: -1 };
    const { beats, lanes, width, data } = stream;
    return signed.has(`${name}_data`)
      ? { beats, lanes, data: data.map((code) => BigInt.asIntN(width, code)), junk: -1 }
      : { beats, lanes, data, junk: (1n << BigInt(width)) - 1n };
  };
  const actSource = new Source(sim, 'act', beatsOf('act'), actGate, asides(streams.act));
  const weightSource = new Source(sim, 'weight', beatsOf('weight'), weightGate, asides(streams.weight));
  const psumSource = new Source(sim, 'psum', beatsOf('psum'), psumGate, {});
  const cols = streams.out.lanes;
  const flags = new Uint8Array(prediction.cycles);
  const sums = areCodes(streams) ? undefined : new Int32Array(prediction.cycles * cols);
  const codes = areCodes(streams) ? noCodes(prediction.cycles * cols) : [];
  const codeWidth = areCodes(streams) ? streams.out.width : 0;
  const row = new Int32Array(cols);

  sim.poke('out_ready', 1);
  sim.reset(RESET_CYCLES);
  for (let cycle = 0; cycle < prediction.cycles; cycle++) {
    if (cycle % BREATH === 0) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
    actSource.offer();
    weightSource.offer();
    psumSource.offer();
    sim.poke('out_ready', outGate() ? 1 : 0);

    const actReady = sim.value('act_ready') !== 0;
    const weightReady = sim.value('weight_ready') !== 0;
    const psumReady = sim.value('psum_ready') !== 0;
    let byte = (actReady ? flagBits.actReady : 0) | (weightReady ? flagBits.weightReady : 0) | (psumReady ? flagBits.psumReady : 0);
    if (sim.value('out_valid') !== 0) {
      byte |= flagBits.outValid | (sim.value('out_last') !== 0 ? flagBits.outLast : 0);
      if (sums) sums.set(sim.peekArray('out_data', row), cycle * cols);
      else for (const [lane, value] of sim.peekArray('out_data').entries()) codes[cycle * cols + lane] = BigInt.asUintN(codeWidth, BigInt(value));
    }
    flags[cycle] = byte;

    actSource.finish(actReady);
    weightSource.finish(weightReady);
    psumSource.finish(psumReady);
    sim.step();
  }
  return { cols, flags, outData: sums ?? codes };
}

type Gate = () => boolean;

function makeGate(seed: number, threshold: number): Gate {
  let state = seed;
  return () => {
    state = xorshift32(state);
    return state >>> 24 >= threshold;
  };
}

interface Beats {
  readonly beats: number;
  readonly lanes: number;
  readonly data: Int8Array | Int32Array | readonly bigint[];
  /** All ones, as the port has it. */
  readonly junk: number | bigint;
}

/** Values of a port beside the data, and what it shows between beats. */
interface Aside {
  readonly values: ArrayLike<number>;
  readonly junk: number;
}

/** What an operand stream has beside its lanes, by port. */
function asides(stream: Pick<OperandStream, 'last' | 'accumulate' | 'aside'> | object): { readonly [port: string]: Aside } {
  const { last, accumulate, aside } = stream as OperandStream;
  return {
    ...(last && accumulate && { last: { values: last, junk: 1 }, accumulate: { values: accumulate, junk: 1 } }),
    ...(aside && { [aside.port]: { values: aside.values, junk: 2 ** aside.width - 1 } }),
  };
}

/** Typed arrays are not copied. */
function partOf(data: Beats['data'], at: number, length: number): Beats['data'] {
  return 'subarray' in data ? data.subarray(at, at + length) : data.slice(at, at + length);
}

/** A valid/ready source: an offered beat stays until it is taken, and between beats the payload is all ones. */
class Source {
  readonly #sim: Simulation;
  readonly #ports: { readonly valid: string; readonly data: string };
  readonly #stream: Beats;
  readonly #gate: Gate;
  readonly #bits: readonly (readonly [string, Aside])[];
  readonly #junk: ArrayLike<number | bigint>;
  #beat = 0;
  #valid = false;
  #fresh = true;

  constructor(sim: Simulation, name: string, stream: Beats, gate: Gate, bits: Readonly<Record<string, Aside>>) {
    this.#sim = sim;
    this.#ports = { valid: `${name}_valid`, data: `${name}_data` };
    this.#stream = stream;
    this.#gate = gate;
    this.#bits = Object.entries(bits).map(([bit, values]) => [`${name}_${bit}`, values] as const);
    this.#junk = new Array<number | bigint>(stream.lanes).fill(stream.junk);
    this.#drive();
  }

  /** Begins a cycle. */
  offer(): void {
    const open = this.#gate();
    if (!this.#valid && open && this.#beat < this.#stream.beats) {
      this.#valid = true;
      this.#fresh = true;
    }
    if (this.#fresh) this.#drive();
  }

  /** Ends a cycle; the pins follow with the next offer, after the clock edge. */
  finish(ready: boolean): void {
    if (!this.#valid || !ready) return;
    this.#beat++;
    this.#valid = false;
    this.#fresh = true;
  }

  #drive(): void {
    const { lanes, data } = this.#stream;
    const at = this.#beat * lanes;
    this.#sim.poke(this.#ports.valid, this.#valid ? 1 : 0);
    this.#sim.pokeArray(this.#ports.data, this.#valid ? partOf(data, at, lanes) : this.#junk);
    for (const [port, { values, junk }] of this.#bits) this.#sim.poke(port, this.#valid ? (values[this.#beat] ?? 0) : junk);
    this.#fresh = false;
  }
}
