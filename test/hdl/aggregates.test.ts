// Ports in lists, vectors of bundles, words of memories that are bundles, and values split into parts.

import { describe, expect, it } from 'vitest';
import { bool, bundle, connect, elaborate, enumeration, fill, flip, input, Module, output, sint, uint, vec, vecOf, when } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { lint, type Run, runAllOnIcarus } from '../support/verilog-tools.ts';

const Beat = bundle({ last: bool, data: uint(8) });
const link = { beat: output(Beat), ready: input(bool) };

/** Passes four links on, in the other order. */
class Crossbar extends Module {
  readonly p = this.io({ in: [flip(link), flip(link), flip(link), flip(link)], out: Array.from({ length: 4 }, () => link) });
  constructor() {
    super();
    this.p.in.forEach((from, i) => {
      const to = this.p.out[3 - i] as (typeof this.p.out)[number];
      to.beat.set(from.beat);
      from.ready.set(to.ready);
    });
  }
}

class Twice extends Module {
  readonly p = this.io({ in: [flip(link), flip(link), flip(link), flip(link)], out: Array.from({ length: 4 }, () => link) });
  readonly first = this.inst(Crossbar);
  readonly second = this.inst(Crossbar);
  constructor() {
    super();
    connect(this.p.in, this.first.in);
    connect(this.first.out, this.second.in);
    connect(this.second.out, this.p.out);
  }
}

describe('lists of port groups', () => {
  const design = elaborate(Twice);

  it('are ports with numbers in their names, inside, outside and in connect()', () => {
    const simulation = simulateDesign(design);
    for (const i of [0, 1, 2, 3]) {
      simulation.poke(`in_${i}_beat_data`, 10 + i);
      simulation.poke(`in_${i}_beat_last`, i === 2);
      simulation.poke(`out_${i}_ready`, i === 1);
    }
    for (const i of [0, 1, 2, 3]) {
      expect(Number(simulation.peek(`out_${i}_beat_data`))).toBe(10 + i);
      expect(Number(simulation.peek(`first.out_${i}_beat_data`))).toBe(13 - i);
      expect(Number(simulation.peek(`out_${i}_beat_last`))).toBe(i === 2 ? 1 : 0);
      expect(Number(simulation.peek(`in_${i}_ready`))).toBe(i === 1 ? 1 : 0);
    }
    simulation.close();
  });

  it('print clean', () => expect(lint(emitVerilog(design), 'twice')).toBe(''));
});

const Colour = enumeration('Colour', ['red', 'green', 'blue']);
const Entry = bundle({ valid: bool, colour: Colour, tag: sint(5), lanes: vec(uint(3), 2) });

class Store extends Module {
  readonly p = this.io({
    we: input(bool),
    mask: input(vec(bool, 2)),
    address: input(uint(2)),
    entry: input(Entry),
    beats: input(vec(Beat, 2)),
    read: output(Entry),
    now: output(Entry),
    start: output(Entry),
    pair: output(vec(Beat, 2)),
    bytes: output(vec(uint(8), 3)),
    chosen: output(Beat),
    copies: output(vec(Beat, 3)),
    top: output(uint(4)),
  });
  readonly entries = this.memory(Entry, 4, { init: () => 0 });
  readonly start = this.memory(Entry, 4, { init: [0, 0b1_01_11111_110_001, 1, 2] });
  readonly pairs = this.memory(vec(Beat, 2), 4, { init: () => [0, 0] });

  constructor() {
    super();
    const { we, mask, address, entry, beats, read, now, start, pair, bytes, chosen, copies, top } = this.p;
    when(we, () => {
      this.entries.write(address, entry);
      this.pairs.write(address, beats, { mask });
    });
    read.set(this.entries.read(address));
    now.set(this.entries.readNow(address));
    start.set(this.start.readNow(address));
    pair.set(this.pairs.readNow(address));
    const word = beats.at(0).data.extend(24).add(1).trunc(24);
    bytes.set(word.split(8));
    chosen.set(vecOf(beats.at(1), beats.at(0)).at(address.bits(0, 0)));
    copies.set(fill(3, vecOf(beats.at(1), beats.at(0)).at(0)));
    top.set(word.split(4).at(1));
  }
}

describe('words and vectors of bundles', () => {
  const design = elaborate(Store);
  const fields = ['valid', 'colour', 'tag', 'lanes'];
  const names = [
    ...['read', 'now', 'start'].flatMap((n) => fields.map((f) => `${n}_${f}`)),
    'pair_last',
    'pair_data',
    'bytes',
    'chosen_last',
    'chosen_data',
    'copies_data',
    'top',
  ];
  const cycles = [
    { we: 1n, mask: 0b11n, address: 2n, valid: 1n, colour: 2n, tag: -3n, lanes: [5n, 6n], last: [1n, 0n], data: [0xffn, 0x12n] },
    { we: 1n, mask: 0b10n, address: 2n, valid: 0n, colour: 1n, tag: 7n, lanes: [1n, 2n], last: [0n, 1n], data: [0x55n, 0x34n] },
    { we: 0n, mask: 0b00n, address: 2n, valid: 0n, colour: 0n, tag: 0n, lanes: [0n, 0n], last: [0n, 0n], data: [0n, 0n] },
    { we: 0n, mask: 0b00n, address: 1n, valid: 0n, colour: 0n, tag: 0n, lanes: [0n, 0n], last: [1n, 0n], data: [3n, 4n] },
  ];
  type Seen = { readonly [name: string]: unknown };

  function inProcess(engine: 'js' | 'wasm'): Seen[] {
    const simulation = simulateDesign(design, { engine });
    const seen = cycles.map(({ we, mask, address, valid, colour, tag, lanes, last, data }) => {
      const inputs = { we, address, entry_valid: valid, entry_tag: tag, entry_colour: colour };
      for (const [name, value] of Object.entries(inputs)) simulation.poke(name, value);
      simulation.poke('mask', [mask & 1n, mask >> 1n]);
      simulation.poke('entry_lanes', lanes);
      simulation.poke('beats_last', last);
      simulation.poke('beats_data', data);
      const row = Object.fromEntries(names.map((name) => [name, plain(simulation.peek(name))]));
      simulation.step();
      return row;
    });
    simulation.close();
    return seen;
  }
  const plain = (value: unknown): unknown => (Array.isArray(value) ? value.map(Number) : typeof value === 'string' ? value : Number(value));

  it.each(['js', 'wasm'] as const)('hold each field: %s', (engine) => {
    const [, second, third, fourth] = inProcess(engine) as [Seen, Seen, Seen, Seen];
    expect(second).toMatchObject({ read_valid: 0, read_tag: 0, read_lanes: [0, 0], now_tag: -3, now_lanes: [5, 6] });
    expect(second).toMatchObject({ pair_last: [1, 0], pair_data: [0xff, 0x12], chosen_data: 0x34, chosen_last: 1, bytes: [0x56, 0, 0] });
    expect(third).toMatchObject({
      read_valid: 1,
      read_tag: -3,
      read_lanes: [5, 6],
      now_tag: 7,
      now_lanes: [1, 2],
      pair_last: [1, 1],
      pair_data: [0xff, 0x34],
    });
    expect(fourth).toMatchObject({ start_valid: 1, start_tag: -1, start_lanes: [1, 6], chosen_data: 3, copies_data: [4, 4, 4], top: 0 });
  });

  it('and on Icarus, without a warning', () => {
    const files = emitVerilog(design, {});
    expect(lint(files, 'store')).toBe('');
    const bits = (width: number) => ({ kind: 'uint', width }) as const;
    const inputs = [
      ['we', 1],
      ['mask', 2],
      ['address', 2],
      ['entry_valid', 1],
      ['entry_colour', 2],
      ['entry_tag', 5],
      ['entry_lanes', 6],
      ['beats_last', 2],
      ['beats_data', 16],
    ] as const;
    const outputs = [
      ['read_tag', 5],
      ['now_tag', 5],
      ['now_lanes', 6],
      ['start_tag', 5],
      ['start_colour', 2],
      ['pair_last', 2],
      ['pair_data', 16],
      ['bytes', 24],
    ] as const;
    const run: Run = {
      files,
      top: 'store',
      inputs: inputs.map(([name, width]) => ({ name, type: bits(width) })),
      outputs: outputs.map(([name, width]) => ({ name, type: bits(width) })),
      clock: true,
      reset: false,
      cycles: cycles.map((c) => ({
        values: [
          c.we,
          c.mask,
          c.address,
          c.valid,
          c.colour,
          BigInt.asUintN(5, c.tag),
          (c.lanes[0] as bigint) | ((c.lanes[1] as bigint) << 3n),
          (c.last[0] as bigint) | ((c.last[1] as bigint) << 1n),
          (c.data[0] as bigint) | ((c.data[1] as bigint) << 8n),
        ],
      })),
    };
    const [waves] = runAllOnIcarus([run]);
    expect(waves?.[1]).toMatchObject({ read_tag: '0', now_tag: '1d', now_lanes: '35', pair_last: '1', pair_data: '12ff', bytes: '56' });
    expect(waves?.[2]).toMatchObject({ read_tag: '1d', now_tag: '7', pair_last: '3', pair_data: '34ff' });
    expect(waves?.[3]).toMatchObject({ start_tag: '1f', start_colour: '1' });
  });
});

describe('reversed arrays', () => {
  it('an array of arrays and its only element are turned each by its own length', () => {
    class Turned extends Module {
      readonly p = this.io({
        x: input(vec(vec(bool, 3), 1)),
        y: input(vec(vec(uint(2), 2), 2)),
        outer: output(vec(vec(bool, 3), 1)),
        inner: output(vec(bool, 3)),
        rows: output(vec(vec(uint(2), 2), 2)),
        row: output(vec(uint(2), 2)),
      });
      constructor() {
        super();
        const { x, y, outer, inner, rows, row } = this.p;
        outer.set(x.reversed());
        inner.set(x.at(0).reversed());
        rows.set(y.reversed());
        row.set(y.at(1).reversed());
      }
    }
    const files = emitVerilog(elaborate(Turned));
    expect(lint(files, 'turned')).toBe('');
    const port = (name: string, width: number) => ({ name, type: { kind: 'uint' as const, width } });
    const [waves] = runAllOnIcarus([
      {
        files,
        top: 'turned',
        inputs: [port('x', 3), port('y', 8)],
        outputs: [port('outer', 3), port('inner', 3), port('rows', 8), port('row', 4)],
        clock: false,
        reset: false,
        cycles: [{ values: [0b110n, 0b11_10_01_00n] }],
      },
    ]);
    expect(waves).toEqual([{ outer: '6', inner: '3', rows: (0b01_00_11_10).toString(16), row: (0b10_11).toString(16) }]);
    const sim = simulateDesign(elaborate(Turned));
    sim.poke('x', [0, 1, 1]);
    sim.poke('y', [0, 1, 2, 3]);
    expect(['outer', 'inner', 'rows', 'row'].map((name) => sim.peek(name))).toEqual([
      [0, 1, 1],
      [1, 1, 0],
      [2, 3, 0, 1],
      [3, 2],
    ]);
  });
});
