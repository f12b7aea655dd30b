// Optional ports and the rules by which ports become names and bits.

import { describe, expect, it } from 'vitest';
import { bool, bundle, connect, elaborate, flip, input, Module, optional, output, uint, vec } from '../../hdl/index.ts';
import { ports } from '../../hdl/ir/nodes.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { lint, runIcarus, runVerilator } from '../support/verilog-tools.ts';

interface Choice {
  readonly debug: boolean;
  readonly wide: boolean;
}
const link = ({ debug, wide }: Choice) => ({
  beat: output(bundle({ valid: bool, data: optional(wide, uint(8)), tag: uint(2) })),
  ready: optional(debug, input(bool)),
  side: optional(debug, { x: output(uint(4)), y: input(uint(4)) }),
});

class Source extends Module<Choice> {
  readonly p = this.io({ a: input(uint(8)), link: link(this.cfg), debug: optional(this.cfg.debug, output(uint(8))) });
  constructor(cfg: Choice) {
    super(cfg);
    const { a, link, debug } = this.p;
    link.beat.valid.set(link.ready ?? a.bit(0));
    link.beat.data?.set(a);
    link.beat.tag.set(a.bits(3, 2));
    link.side?.x.set(link.side.y);
    debug?.set(a.not());
  }
}

/** The source's link as its own, by one connect. */
class Outer extends Module<Choice> {
  readonly p = this.io({ a: input(uint(8)), link: link(this.cfg), debug: optional(this.cfg.debug, output(uint(8))) });
  readonly source = this.inst(Source, this.cfg);
  constructor(cfg: Choice) {
    super(cfg);
    this.source.a.set(this.p.a);
    connect(this.p.link, this.source.link);
    if (this.p.debug && this.source.debug) this.p.debug.set(this.source.debug);
  }
}

const names = (design: ReturnType<typeof elaborate>): string[] => ports(design.top).map((p) => p.name);

describe('optional ports', () => {
  it.each([
    [{ debug: false, wide: false }, ['a', 'link_beat_valid', 'link_beat_tag']],
    [{ debug: false, wide: true }, ['a', 'link_beat_valid', 'link_beat_data', 'link_beat_tag']],
    [{ debug: true, wide: true }, ['a', 'link_beat_valid', 'link_beat_data', 'link_beat_tag', 'link_ready', 'link_side_x', 'link_side_y', 'debug']],
  ])('%o', (choice, want) => {
    const design = elaborate(Outer, choice);
    expect(names(design)).toEqual(want);
    const files = emitVerilog(design);
    for (const name of want) expect(files.at(-1)?.text).toContain(` ${name}`);
    expect(lint(files, 'outer')).toBe('');
    const sim = simulateDesign(design);
    sim.poke('a', 0x5d);
    if (choice.debug) sim.poke('link_ready', true);
    expect([sim.peek('link_beat_tag'), sim.peek('link_beat_valid')].map(Number)).toEqual([3, 1]);
    if (choice.wide) expect(Number(sim.peek('link_beat_data'))).toBe(0x5d);
    if (choice.debug) expect(Number(sim.peek('debug'))).toBe(0xa2);
    sim.close();
  });

  it('flip with their record', () => {
    expect(Object.keys(flip(link({ debug: true, wide: false }))).sort()).toEqual(['beat', 'ready', 'side']);
    expect(flip(link({ debug: false, wide: false })).side).toBeUndefined();
  });

  it('are typed by the condition', () => {
    const present = optional(true, input(bool));
    const absent = optional(false, input(bool));
    expect(present.direction).toBe('input');
    const nothing: undefined = absent;
    expect(nothing).toBeUndefined();
  });

  it('distinguish definitions', () => {
    class Two extends Module {
      readonly p = this.io({ a: input(uint(8)), q: output(uint(8)) });
      constructor() {
        super();
        const [x, y] = [this.inst(Source, { debug: false, wide: true }), this.inst(Source, { debug: false, wide: false })];
        x.a.set(this.p.a);
        y.a.set(this.p.a);
        this.p.q.set(x.link.beat.data ?? 0);
      }
    }
    expect(elaborate(Two).definitions.map((d) => d.name)).toEqual(['source', 'source_1', 'two']);
  });
});

class Flattened extends Module {
  readonly p = this.io({
    lanes: input(vec(uint(3), 3)),
    grid: input(vec(vec(uint(2), 2), 3)),
    beats: input(vec(bundle({ valid: bool, data: uint(3) }), 2)),
    lane1: output(uint(3)),
    one: output(uint(2)),
    row: output(vec(uint(2), 2)),
    data1: output(uint(3)),
    valid0: output(bool),
    built: output(vec(vec(uint(2), 2), 3)),
  });
  constructor() {
    super();
    const { lanes, grid, beats, lane1, one, row, data1, valid0, built } = this.p;
    lane1.set(lanes.at(1));
    one.set(grid.at(2).at(0));
    row.set(grid.at(1));
    data1.set(beats.at(1).data);
    valid0.set(beats.at(0).valid);
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 2; c++)
        built
          .at(r)
          .at(c)
          .set(c === 0 ? r : 3);
  }
}

describe('flattening', () => {
  const design = elaborate(Flattened);
  const files = emitVerilog(design);
  const word = (width: number) => ({ kind: 'uint' as const, width });

  it('packs element 0 into the lowest bits, the last index fastest', () => {
    const run = {
      files,
      top: 'flattened',
      inputs: [
        { name: 'lanes', type: word(9) },
        { name: 'grid', type: word(12) },
        { name: 'beats_valid', type: word(2) },
        { name: 'beats_data', type: word(6) },
      ],
      outputs: [3, 2, 4, 3, 1, 12].map((width, i) => ({
        name: ['lane1', 'one', 'row', 'data1', 'valid0', 'built'][i] as string,
        type: word(width),
      })),
      clock: false,
      reset: false,
      cycles: [{ values: [0b101_011_110n, 0b11_01_10_11_00_10n, 0b01n, 0b110_010n] }],
    };
    const want = [{ lane1: '3', one: '1', row: 'b', data1: '6', valid0: '1', built: 'edc' }];
    expect(runIcarus(run)).toEqual(want);
    expect(runVerilator(run)).toEqual(want);
  });

  it('names a vector of bundles by its fields', () => {
    expect(names(design)).toEqual(['lanes', 'grid', 'beats_valid', 'beats_data', 'lane1', 'one', 'row', 'data1', 'valid0', 'built']);
  });
});
