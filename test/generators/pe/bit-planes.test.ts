// The parallel-to-serial converter: planes of every precision on every engine with stalls, at full rate; two of them in front of the bit-serial element.

import { describe, expect, it } from 'vitest';
import { ArrayPe } from '../../../generators/array-pe.ts';
import { BitPlanes, type BitPlanesConfig, bitSerialMode } from '../../../generators/pe/bit-planes.ts';
import { codeOf, sintOf } from '../../../generators/pe/contract.ts';
import { processingElement } from '../../../generators/pe/index.ts';
import { bool, elaborate, lit, mux, sint, when } from '../../../hdl/index.ts';
import { consumerOf, payloadTypes } from '../../../hdl/std/payload.ts';
import { feed, producer } from '../../../hdl/std/stream.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { bitPlanes, type PlaneBeat } from '../../../sim/golden/index.ts';
import { type EngineName, type Simulation, simulate, streamSink, streamSource } from '../../../sim/index.ts';
import { Rng } from '../../support/random.ts';
import { lint } from '../../support/verilog-tools.ts';

function drawBeat(rng: Rng, lanes: number, width: number): Required<PlaneBeat> {
  const precision = 1 + rng.below(width);
  const signed = rng.once(2);
  const values = Array.from({ length: lanes }, () => rng.below(2 ** precision) - (signed ? 2 ** (precision - 1) : 0));
  return { values, precision, signed, hold: rng.once(2) ? 1 : 1 + rng.below(4), rounds: rng.once(2) ? 1 : 1 + rng.below(16) };
}

/** As the port has it: negative numbers with all bits above the precision set, which must not matter. */
function poked({ values, precision, signed, hold, rounds }: Required<PlaneBeat>, width: number) {
  return { data: values.map((x) => (x + 2 ** width) % 2 ** width), top: precision - 1, signed: Number(signed), hold: hold - 1, rounds: rounds - 1 };
}

function through(cfg: BitPlanesConfig, engine: EngineName, beats: readonly Required<PlaneBeat>[], stalls: readonly [number, number]) {
  const sim = simulate(BitPlanes as never, cfg as never, { engine, seed: 5 }) as unknown as Simulation;
  sim.reset();
  const expected = beats.flatMap(bitPlanes);
  sim.fork(
    () =>
      streamSource(
        sim,
        'operands',
        beats.map((beat) => poked(beat, cfg.width ?? 16)),
        { stall: stalls[0] },
      ),
    { name: 'source' },
  );
  const taken = sim.join(sim.fork(() => streamSink(sim, 'planes', expected.length, { stall: stalls[1] }), { name: 'sink' }));
  sim.close();
  return { expected, taken: taken as { data: number | bigint; plane: number; negative: number; last: number }[] };
}

describe('planes', () => {
  it.each<[EngineName, number, number, number, readonly [number, number]]>([
    ['wasm', 8, 16, 150, [0, 0]],
    ['js', 3, 5, 60, [0.3, 0.3]],
    ['wasm', 1, 2, 60, [0.5, 0]],
    ['icarus', 5, 16, 40, [0.2, 0.4]],
    ['verilator', 32, 12, 150, [0.3, 0.2]],
  ])('on %s: %d lanes of %d bits, %d beats, stalls %j', (engine, lanes, width, count, stalls) => {
    const rng = new Rng(lanes);
    const beats = Array.from({ length: count }, () => drawBeat(rng, lanes, width));
    const { expected, taken } = through({ lanes, width }, engine, beats, stalls);
    expect(taken.map((t) => [BigInt(t.data), Number(t.plane), Boolean(t.negative), Boolean(t.last)])).toEqual(
      expected.map((e) => [e.data, e.plane, e.negative, e.last]),
    );
  });

  it('leave in every cycle, one after the operands came, of one bit too', () => {
    const sim = simulate(BitPlanes as never, { lanes: 2 } as never, { engine: 'js' }) as unknown as Simulation;
    sim.reset();
    sim.poke('planes_ready', 1);
    sim.poke('operands_valid', 1);
    for (const port of ['signed', 'hold', 'rounds']) sim.poke(`operands_${port}`, 0);
    const rng = new Rng(9);
    const due: bigint[] = [];
    for (let t = 0; t < 200; t++) {
      const top = t < 40 ? 0 : rng.below(16);
      const values = [rng.below(2 ** (top + 1)), rng.below(2 ** (top + 1))];
      sim.poke('operands_top', top);
      sim.poke('operands_data', values);
      expect(sim.value('planes_valid')).toBe(t > 0 ? 1 : 0);
      if (t > 0) expect(BigInt(sim.value('planes_data') as number)).toBe(due.shift());
      // Operands are wanted exactly when nothing of those before is left.
      expect(sim.value('operands_ready')).toBe(due.length === 0 ? 1 : 0);
      if (due.length === 0) due.push(...bitPlanes({ values, precision: top + 1, signed: false }).map(({ data }) => data));
      sim.step();
    }
    sim.close();
  });
});

const PE = { kind: 'bit-serial', lanes: 6, accumulator: 48 } as const;

/** Two converters, and an element that adds up what they give. */
class SerialDot extends ArrayPe {
  readonly activations = this.inst(BitPlanes, { lanes: PE.lanes });
  readonly weights = this.inst(BitPlanes, { lanes: PE.lanes });
  readonly p = this.io({
    activations: consumerOf(payloadTypes(this.activations.operands)),
    weights: consumerOf(payloadTypes(this.weights.operands)),
    out: producer({ sum: sint(PE.accumulator) }),
  });
  readonly sum = this.reg(sint(PE.accumulator), { reset: 0 });

  constructor(cfg: typeof PE) {
    super(cfg);
    const { activations, weights, p } = this;
    feed(activations.operands, p.activations);
    feed(weights.operands, p.weights);
    const [a, w] = [activations.planes, weights.planes];
    const enable = lit(bool, true);
    const mode = bitSerialMode(a, w);
    const next = processingElement(cfg).step(this.host(enable), { activation: a.data, weight: w.data, sum: codeOf(this.sum), mode });
    const both = a.valid.and(w.valid);
    const go = both.and(a.last.not().or(p.out.ready));
    a.ready.set(go);
    w.ready.set(go);
    p.out.valid.set(both.and(a.last));
    p.out.sum.set(sintOf(next));
    when(go, () => this.sum.set(mux(a.last, lit(sint(PE.accumulator), 0), sintOf(next))));
  }
}

it('two converters give the bit-serial element all pairs of planes, and it the dot product', () => {
  const rng = new Rng(11);
  const pairs = Array.from({ length: 40 }, () => [drawBeat(rng, PE.lanes, 16), drawBeat(rng, PE.lanes, 16)] as const);
  const sim = simulate(SerialDot as never, PE as never, { engine: 'js', seed: 5 }) as unknown as Simulation;
  sim.reset();
  const beats = (list: readonly Required<PlaneBeat>[]) => list.map((beat) => poked(beat, 16));
  const activations = pairs.map(([a, w]) => ({ ...a, hold: w.precision, rounds: 1 }));
  const weights = pairs.map(([a, w]) => ({ ...w, hold: 1, rounds: a.precision }));
  sim.fork(() => streamSource(sim, 'activations', beats(activations), { stall: 0.2 }), { name: 'activations' });
  sim.fork(() => streamSource(sim, 'weights', beats(weights), { stall: 0.3 }), { name: 'weights' });
  const taken = sim.join(sim.fork(() => streamSink(sim, 'out', pairs.length, { stall: 0.3 }), { name: 'sink' }));
  sim.close();
  const want = pairs.map(([a, w]) => a.values.reduce((total, x, lane) => total + x * (w.values[lane] as number), 0));
  expect((taken as unknown as (number | bigint)[]).map(Number)).toEqual(want);
});

it('warns no tool, and refuses what it cannot be', () => {
  for (const cfg of [{ lanes: 1, width: 2 }, { lanes: 32 }, { lanes: 7, width: 9 }])
    expect(lint(emitVerilog(elaborate(BitPlanes, cfg, { name: 'planes' })), 'planes')).toBe('');
  expect(() => elaborate(BitPlanes, { lanes: 0 })).toThrow('bit planes of 0 lanes');
  expect(() => elaborate(BitPlanes, { lanes: 4, width: 17 })).toThrow('give 2 to 16 bits');
  expect(() => bitPlanes({ values: [4], precision: 2, signed: false })).toThrow('4 in values is no unsigned number of 2 bits');
  expect(() => bitPlanes({ values: [0], precision: 17, signed: false })).toThrow('precision, hold and rounds are 1 to 16, and not 17');
});
