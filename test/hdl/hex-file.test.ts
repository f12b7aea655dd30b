// Memory contents from a file: as the file says, on every engine, inline or read by the tools themselves.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elaborate, hexFile, input, Module, output, sint, uint, vec } from '../../hdl/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import { simulateDesign } from '../../sim/simulator.ts';
import { lint, runIcarus, runVerilator } from '../support/verilog-tools.ts';

class Rom extends Module {
  readonly p = this.io({ i: input(uint(3)), word: output(uint(8)), lane: output(uint(4)), number: output(sint(8)), later: output(uint(8)) });
  readonly words = this.memory(uint(8), 8, { init: hexFile('contents/words.hex') });
  readonly lanes = this.memory(vec(uint(4), 2), 8, { init: hexFile('contents/words.hex') });
  readonly numbers = this.memory(sint(8), 8, { init: hexFile('./contents/words.hex') });
  constructor() {
    super();
    const { p, words, lanes, numbers } = this;
    p.word.set(words.readNow(p.i));
    p.lane.set(lanes.readNow(p.i).at(1));
    p.number.set(numbers.readNow(p.i));
    p.later.set(words.read(p.i));
  }
}

/** The file as a person reads it. */
const WORDS = [0x01, 0xf2, 0, 0, 0xab, 0, 0, 0];

const design = elaborate(Rom);
const inline = emitVerilog(design);
const files = emitVerilog(design, { contents: 'files' });
const run = {
  top: 'rom',
  inputs: [{ name: 'i', type: { kind: 'uint' as const, width: 3 } }],
  outputs: [
    { name: 'word', type: { kind: 'uint' as const, width: 8 } },
    { name: 'lane', type: { kind: 'uint' as const, width: 4 } },
    { name: 'number', type: { kind: 'uint' as const, width: 8 } },
  ],
  clock: true,
  reset: false,
  cycles: WORDS.map((_, i) => ({ values: [BigInt(i)] })),
};
const want = WORDS.map((w) => ({ word: w.toString(16), lane: (w >> 4).toString(16), number: w.toString(16) }));

describe('contents from a file', () => {
  it.each(['js', 'wasm'] as const)('on the %s engine', (engine) => {
    const sim = simulateDesign(design, { engine });
    for (const [i, word] of WORDS.entries()) {
      sim.poke('i', i);
      expect([Number(sim.peek('word')), Number(sim.peek('lane')), Number(sim.peek('number'))]).toEqual([word, word >> 4, (word << 24) >> 24]);
      sim.step();
      expect(Number(sim.peek('later'))).toBe(word);
    }
    sim.close();
  });

  it('inline on Icarus', () => expect(runIcarus({ ...run, files: inline })).toEqual(want));
  it('from files on Icarus', () => expect(runIcarus({ ...run, files })).toEqual(want));
  it('from files on Verilator', () => expect(runVerilator({ ...run, files })).toEqual(want));
  it('no tool complains', () => expect(lint(inline, 'rom') + lint(files, 'rom')).toBe(''));

  it('are one file a memory, with every word', () => {
    expect(files[0]?.contents?.map((c) => c.file)).toEqual(['rom_words.hex', 'rom_lanes.hex', 'rom_numbers.hex']);
    expect(files[0]?.contents?.[0]?.text).toBe(WORDS.map((w) => `${w.toString(16).padStart(2, '0')}\n`).join(''));
    expect(files[0]?.text).toContain('initial $readmemh("rom_words.hex", words);');
    expect(inline[0]?.contents).toBeUndefined();
    expect(inline[0]?.text).not.toContain('readmemh');
  });

  it('are found beside the source, wherever the process stands', () => {
    const before = process.cwd();
    process.chdir('/');
    try {
      expect(emitVerilog(elaborate(Rom))).toEqual(inline);
    } finally {
      process.chdir(before);
    }
    expect(readFileSync(new URL('contents/words.hex', import.meta.url), 'utf8')).toContain('@4');
  });
});
