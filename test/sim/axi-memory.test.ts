// The memory behind AXI4, driven through a module of wires: contents, timing, orders, errors, and the rules it holds a master to.

import { describe, expect, it } from 'vitest';
import { connect, flip, Module } from '../../hdl/index.ts';
import { axi4 } from '../../hdl/std/index.ts';
import { type AxiMemoryOptions, axiMemory, type ProcessBody, type Simulation, simulate, until, type Value } from '../../sim/index.ts';

const BUS = { addressWidth: 32, dataWidth: 32, idWidth: 2 } as const;
/** What the test pokes at `cpu` is the master at `bus`. */
class Wires extends Module {
  readonly p = this.io({ cpu: flip(axi4(BUS)), bus: axi4(BUS) });
  constructor() {
    super();
    connect(this.p.cpu, this.p.bus);
  }
}

function start(options: AxiMemoryOptions = {}, size = 8192): { readonly sim: Simulation; readonly memory: Uint8Array } {
  const sim = simulate(Wires, undefined, { seed: 5 });
  const memory = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 255);
  sim.fork(() => axiMemory(sim, 'bus', memory, options));
  return { sim, memory };
}

function poke(sim: Simulation, channel: string, values: { readonly [signal: string]: Value }): void {
  for (const [signal, value] of Object.entries(values)) sim.poke(`cpu_${channel}${signal}`, value);
}

/** Offers a beat until it is taken. */
function* offer(sim: Simulation, channel: string, values: { readonly [signal: string]: Value }): ProcessBody<void> {
  poke(sim, channel, { ...values, valid: 1 });
  yield* until(() => sim.value(`cpu_${channel}ready`) === 1);
  poke(sim, channel, { valid: 0 });
}

const burst = (address: number, beats: number, id = 0) => ({ addr: address, len: beats - 1, size: 2, burst: 1, id });

interface Answer {
  readonly cycle: number;
  readonly id: number;
  readonly data: number;
  readonly resp: number;
  readonly last: number;
}

/** Takes a number of beats of read data. */
function* beats(sim: Simulation, n: number): ProcessBody<Answer[]> {
  const taken: Answer[] = [];
  poke(sim, 'r', { ready: 1 });
  while (taken.length < n) {
    const [id, data, resp, last] = yield* until(
      () => sim.value('cpu_rvalid') === 1 && ['id', 'data', 'resp', 'last'].map((signal) => Number(sim.value(`cpu_r${signal}`))),
    );
    taken.push({ cycle: sim.cycle - 1, id, data, resp, last } as Answer);
  }
  return taken;
}

function read(options: AxiMemoryOptions, bursts: readonly ReturnType<typeof burst>[], size?: number) {
  const { sim, memory } = start(options, size);
  sim.fork(function* ask() {
    for (const one of bursts) yield* offer(sim, 'ar', one);
  });
  const all = sim.join(
    sim.fork(() =>
      beats(
        sim,
        bursts.reduce((n, { len }) => n + len + 1, 0),
      ),
    ),
  );
  const word = (at: number): number => new DataView(memory.buffer).getUint32(at, true);
  return { all, word };
}

function write(options: AxiMemoryOptions, bursts: readonly ReturnType<typeof burst>[], strobe = 15) {
  const { sim, memory } = start(options);
  sim.fork(function* addresses() {
    for (const one of bursts) yield* offer(sim, 'aw', one);
  });
  sim.fork(function* data() {
    for (const { len, addr } of bursts)
      for (let i = 0; i <= len; i++) yield* offer(sim, 'w', { data: addr * 1000 + i, strb: strobe, last: Number(i === len) });
  });
  const answers = sim.join(
    sim.fork(function* responses(): ProcessBody<number[]> {
      const cycles: number[] = [];
      poke(sim, 'b', { ready: 1 });
      while (cycles.length < bursts.length) {
        yield* until(() => sim.value('cpu_bvalid') === 1);
        cycles.push(sim.cycle - 1);
      }
      return cycles;
    }),
  );
  return { answers, memory };
}

describe('axiMemory', () => {
  it('answers reads in the cycle that latency and bandwidth say', () => {
    const { all, word } = read({ latency: 5, bandwidth: 0.5 }, [burst(64, 3), burst(4092, 1)]);
    expect(all.map(({ data }) => data)).toEqual([64, 68, 72, 4092].map(word));
    expect(all.map(({ cycle, last }) => [cycle, last])).toEqual([
      [5, 0],
      [7, 0],
      [9, 1],
      [11, 1],
    ]);
  });

  it('gives a beat a cycle without options, one cycle after the address', () => {
    const { all } = read({}, [burst(0, 4), burst(16, 4)]);
    expect(all.map(({ cycle }) => cycle)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keeps the order of an ID and no other', () => {
    const bursts = Array.from({ length: 24 }, (_, i) => burst(i * 64, 4, i % 3));
    const { all, word } = read({ latency: 30, outOfOrder: true, stall: 0.3 }, bursts);
    for (const id of [0, 1, 2]) {
      const wanted = bursts.filter((b) => b.id === id).flatMap(({ addr }) => [0, 4, 8, 12].map((at) => word(addr + at)));
      expect(all.filter((a) => a.id === id).map(({ data }) => data)).toEqual(wanted);
    }
    expect(all.map(({ id }) => id)).not.toEqual(bursts.flatMap(({ id }) => [id, id, id, id]));
  });

  it('answers errors by address, by beat and beyond its end', () => {
    const faults = [
      { response: 2, from: 70, to: 71, on: 'read' },
      { response: 3, beat: 0 },
    ] as const;
    const { all } = read({ faults }, [burst(60, 4), burst(8176, 3)], 8184);
    expect(all.map(({ resp }) => resp)).toEqual([3, 0, 2, 0, 0, 0, 3]);
  });

  it.each([{}, { stall: 0.4 }, { addressAfterData: true, stall: 0.2 }, { stall: { aw: 0.9 } }] as const)('writes what strobes say, %o', (options) => {
    const { memory } = write(options, [burst(128, 2), burst(1024, 5), burst(8000, 1)], 0b0101);
    const before = start().memory;
    const wanted = Uint8Array.from(before);
    for (const [at, n] of [
      [128, 2],
      [1024, 5],
      [8000, 1],
    ] as const)
      for (let i = 0; i < n; i++) for (const lane of [0, 2]) wanted[at + 4 * i + lane] = ((at * 1000 + i) >> (8 * lane)) & 255;
    expect(memory).toEqual(wanted);
  });

  it('answers a write when its last beat is as old as the latency says', () => {
    const { answers } = write({ latency: 10 }, [burst(0, 4)]);
    expect(answers).toEqual([13]);
  });

  it('keeps no more bursts waiting than it is told', () => {
    const { all } = read({ outstanding: 1, latency: 3 }, [burst(0, 2), burst(8, 1)]);
    expect(all.map(({ cycle }) => cycle)).toEqual([3, 4, 8]);
  });
});

describe('what a master must not do', () => {
  const broken =
    (drive: (sim: Simulation) => ProcessBody<void>, options: AxiMemoryOptions = {}) =>
    (): void => {
      const { sim } = start(options);
      sim.fork(() => drive(sim));
      sim.step(20);
    };
  it('takes an offer back', () => {
    expect(
      broken(
        function* (sim) {
          poke(sim, 'ar', { ...burst(0, 1), valid: 1 });
          yield 2;
          poke(sim, 'ar', { valid: 0 });
        },
        { stall: 1 },
      ),
    ).toThrow(/SIM-E036: bus_arvalid offered addr 0x0, len 0x0.* and took it back in cycle 2, without arready/);
  });
  it('changes an offer', () => {
    expect(
      broken(
        function* (sim) {
          poke(sim, 'w', { data: 5, strb: 15, last: 0, valid: 1 });
          yield;
          poke(sim, 'w', { data: 6 });
        },
        { stall: { w: 1 } },
      ),
    ).toThrow(/bus_wvalid offered data 0x5, .* changed it to data 0x6/);
  });
  it.each([
    ['crosses a page', { ...burst(0xff8, 3) }, /from 0xff8 of 4 bytes goes on to 0x1003/],
    ['is narrow', { ...burst(0, 1), size: 1 }, /arsize 1, which is 2 bytes/],
    ['does not increment', { ...burst(0, 2), burst: 0 }, /arburst 0/],
  ] as const)('makes a burst that %s', (_, values, text) => {
    expect(broken((sim) => offer(sim, 'ar', values))).toThrow(text);
  });
  it.each([
    ['too early', 1, /beat 1 of 2 of the burst to 0x10 has wlast 1/],
    ['never', 0, /beat 2 of 2 of the burst to 0x10 has wlast 0/],
  ] as const)('says WLAST %s', (_, last, text) => {
    expect(
      broken(function* (sim) {
        yield* offer(sim, 'aw', burst(16, 2));
        for (let i = 0; i < 2; i++) yield* offer(sim, 'w', { data: 1, strb: 15, last });
      }),
    ).toThrow(text);
  });
  it('writes below the address', () => {
    expect(
      broken(function* (sim) {
        yield* offer(sim, 'aw', burst(18, 1));
        yield* offer(sim, 'w', { data: 1, strb: 0b1110, last: 1 });
      }),
    ).toThrow(/wstrb 0xe\n.*bytes below/);
  });
});
