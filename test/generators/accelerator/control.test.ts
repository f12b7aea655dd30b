// The control block: random programs against a model of loops, queues and semaphores; every way to end.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { assemble } from '../../../isa/assemble.ts';
import { type AcceleratorConfig, acceleratorHash } from '../../../isa/config.ts';
import { decode, encode } from '../../../isa/encode.ts';
import { ERRORS } from '../../../isa/errors.ts';
import { type FieldSpec, INSTRUCTIONS, type Instruction, type Mnemonic, PAYLOAD } from '../../../isa/instructions.ts';
import { randomWords } from '../../../sim/random.ts';
import { instructionOf } from '../../isa/arbitraries.ts';
import { type BenchOptions, ControlBench, type Ran, SMALL, UNITS } from './control-bench.ts';
import { queueOf, randomProgram } from './random-program.ts';

const words = (program: readonly Instruction[], config: AcceleratorConfig = SMALL): bigint[] => program.map((i) => encode(i, config));
const text = (lines: string, config = SMALL): bigint[] => words(assemble(lines, config), config);
const told = (word: bigint): string => `${word & 255n} ${word >> BigInt(PAYLOAD.lsb)}`;

/** What each unit got is the beginning of what the program has for it; all of it when it ran to its end. Tokens were there whenever an instruction began. */
function follows(bench: ControlBench, ran: readonly Ran[], program: readonly bigint[], run: readonly number[], whole: boolean): void {
  const instructions = run.map((i) => ({ word: program[i] as bigint, instruction: decode(program[i] as bigint, bench.config) as Instruction }));
  const events: { at: number; order: number; change: (tokens: number[]) => void }[] = [];
  for (const unit of UNITS) {
    const due = instructions.filter(({ instruction }) => queueOf(instruction.name) === unit);
    const got = ran.filter((r) => r.unit === unit);
    const wanted = whole ? due : due.slice(0, got.length);
    expect(got.map(({ opcode, payload }) => `${opcode} ${payload}`)).toEqual(wanted.map(({ word }) => told(word)));
    got.forEach(({ began, ended }, n) => {
      const { wait = [], signal = [] } = (due[n] as { readonly instruction: Instruction }).instruction;
      // Taken in the cycle before it is offered; a signal counts from the cycle behind `done` on.
      events.push({ at: began - 1, order: 1, change: (tokens) => wait.forEach((s) => (tokens[s] as number)--) });
      if (ended !== undefined) events.push({ at: ended + 1, order: 0, change: (tokens) => signal.forEach((s) => (tokens[s] as number)++) });
    });
  }
  const tokens = new Array<number>(16).fill(0);
  for (const { change } of events.sort((a, b) => a.at - b.at || a.order - b.order)) {
    change(tokens);
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(0);
  }
}

function randomRun(seed: number, options: BenchOptions, programs: number): void {
  const random = randomWords(seed, 'programs');
  const below = (n: number): number => random() % n;
  const bench = new ControlBench({ seed, ...options });
  for (let n = 0; n < programs; n++) {
    const { program, run } = randomProgram(below, bench.config);
    const [first, advances] = [bench.ran.length, bench.ends.advances];
    bench.interrupts.length = 0;
    const loops = program.filter(({ name }) => name === 'loop').length;
    bench.start(words(program, bench.config), { base: 16 * below(2 ** 10) });
    expect(bench.finish(), `program ${n} of seed ${seed} ends`).toBe(true);
    expect(bench.error).toEqual({ code: 0, index: 0, word: 0n, address: 0 });
    expect(bench.sim.peek('done')).toBe(1);
    follows(bench, bench.ran.slice(first), words(program, bench.config), run, true);
    expect(bench.interrupts).toEqual(
      run
        .map((i) => program[i] as Instruction)
        .filter(({ name }) => name === 'interrupt')
        .map(({ fields }) => fields['code']),
    );
    if (loops === 0) expect(bench.ends.advances - advances).toBe(run.length + 2);
  }
  bench.sim.close();
}

describe('random programs run as loops, queues and semaphores say', () => {
  test.each([32, 64, 128, 256, 512])('on a bus of %d bits', (bus) => randomRun(bus, { config: { ...SMALL, bus } }, 5));
  test.each([1, 2, 256])('with bursts of %d', (burst) => randomRun(burst, { config: { ...SMALL, burst, bus: 32 } }, 3));
  test('with queues of 1 and units that answer at once', () => randomRun(7, { config: { ...SMALL, queue: 1 }, slow: 1 }, 6));
  test('with slow units', () => randomRun(8, { slow: 100 }, 3));
  test('in Verilog', () => randomRun(9, { engine: 'all' }, 3));
});

describe('programs with a wrong word', () => {
  it('end with an error that names it, after a beginning of what they should do', () => {
    const random = randomWords(3, 'wrong words');
    const below = (n: number): number => random() % n;
    const bench = new ControlBench({ seed: 3 });
    for (let n = 0; n < 24; n++) {
      const { program, run } = randomProgram(below, SMALL);
      const at = run[below(run.length)] as number;
      const code = words(program);
      // One wrong bit, or anything at all.
      let wrong = code[at] as bigint;
      for (let t = 0; !('illegal' in decode(wrong, SMALL)); t++)
        wrong =
          t < 8
            ? (code[at] as bigint) ^ (1n << BigInt(below(128)))
            : Array.from({ length: 8 }, () => BigInt(below(65536))).reduce((all, part) => (all << 16n) | part, 0n);
      code[at] = wrong;
      const first = bench.ran.length;
      bench.start(code);
      expect(bench.finish()).toBe(true);
      expect(bench.error).toEqual({ code: ERRORS.illegal, index: at, word: wrong, address: 0 });
      expect(bench.sim.peek('done')).toBe(0);
      follows(bench, bench.ran.slice(first), words(program), run.slice(0, run.indexOf(at)), false);
    }
    expect(bench.ends).toMatchObject({ halted: 0, failed: 24 });
  });

  it('are judged by decoder and hardware alike', () => {
    const random = randomWords(4, 'judge');
    const below = (n: number): number => random() % n;
    const bench = new ControlBench({ seed: 4, slow: 1 });
    const begin = encode({ name: 'begin', fields: { hash: acceleratorHash(SMALL) } }, SMALL);
    const names = Object.keys(INSTRUCTIONS) as Mnemonic[];
    const seen = { legal: 0, illegal: 0 };
    for (let n = 0; n < 300; n++) {
      // A legal instruction, one field of which is anything, edges above all.
      const name = names[n % names.length] as Mnemonic;
      const [instruction] = fc.sample(instructionOf(name, SMALL), { numRuns: 1, seed: n }) as [Instruction];
      const parts = Object.values<FieldSpec>(INSTRUCTIONS[name].fields);
      const part = parts[below(parts.length)];
      if (!part || name === 'loop' || name === 'begin') continue;
      const [lsb, all] = [BigInt(PAYLOAD.lsb + part.lsb), (1n << BigInt(part.width)) - 1n];
      const limit = BigInt([part.least, part.most, part.names?.length, SMALL.modes.length, 0][below(5)] ?? below(2 ** 32));
      const value = (limit + BigInt(below(3)) - 1n) & all;
      const word = (encode({ name, fields: instruction.fields }, SMALL) & ~(all << lsb)) | (value << lsb);
      const found = decode(word, SMALL);
      seen['illegal' in found ? 'illegal' : 'legal']++;
      bench.start([begin, word, 2n]);
      expect(bench.finish()).toBe(true);
      expect([bench.error.code, word.toString(16)]).toEqual(['illegal' in found ? ERRORS.illegal : 0, word.toString(16)]);
    }
    expect(Math.min(seen.legal, seen.illegal)).toBeGreaterThan(40);
  });
});

describe('ends', () => {
  const end = (code: readonly bigint[], options: BenchOptions = {}, place: { base?: number; length?: number } = {}): ControlBench => {
    const bench = new ControlBench(options);
    bench.start(code, place);
    expect(bench.finish(), 'the program ends').toBe(true);
    return bench;
  };
  const BEGIN = 'begin hash=config\n';
  const move = (n: number): string => `ld.move memory=${n} run=1\n`;

  test.each<[string, bigint[], { length?: number }, object]>([
    ['no begin', text(move(1)), {}, { code: ERRORS.begin, index: 0, word: text(move(1))[0] }],
    ['a hash of another configuration', text('begin hash=1\nhalt'), {}, { code: ERRORS.begin, index: 0 }],
    ['a second begin', text(`${BEGIN}${BEGIN}halt`), {}, { code: ERRORS.begin, index: 1 }],
    ['no halt', text(BEGIN + move(1)), {}, { code: ERRORS.end, index: 2, word: 0n }],
    ['nothing', [], { length: 0 }, { code: ERRORS.end, index: 0 }],
    ['a loop beyond the end', text(`${BEGIN}loop times=1 length=9\n${move(1)}`), {}, { code: ERRORS.end, index: 3 }],
    [
      'five loops',
      text(`${BEGIN}${[9, 8, 7, 6, 5].map((n) => `loop times=1 length=${n}\n`).join('')}${move(1).repeat(6)}halt`),
      {},
      { code: ERRORS.illegal, index: 5 },
    ],
    [
      'a loop that leaves the one around it',
      text(`${BEGIN}loop times=2 length=2\nloop times=1 length=2\n${move(1).repeat(2)}halt`),
      {},
      { code: ERRORS.illegal, index: 2 },
    ],
  ])('%s', (_, code, place, error) => {
    expect(end(code, {}, place).error).toMatchObject(error);
  });

  it('a fault of a unit: its instruction and address, and nothing behind it', () => {
    const code = text(`${BEGIN}${[1, 2, 3, 4].map(move).join('')}st.move memory=5 run=1 wait=3\nfence\nhalt`);
    for (const fault of [ERRORS.slaveError, ERRORS.decodeError, ERRORS.sums]) {
      const bench = end(code, { fault: (unit, n) => (unit === 'ld' && n === 1 ? fault : 0) });
      expect(bench.error).toEqual({ code: fault, index: 2, word: code[2], address: 0x1001 });
      expect(bench.ran.map(({ payload }) => payload & 255n)).toEqual([1n, 2n]);
      expect(bench.ends).toMatchObject({ halted: 0, failed: 1 });
      // The next program finds nothing left of it.
      bench.start(text(`${BEGIN}${move(9)}halt`));
      expect(bench.finish()).toBe(true);
      expect([bench.error.code, bench.sim.peek('done'), bench.ran.length]).toEqual([0, 1, 3]);
    }
  });

  it('a semaphore above 255', () => {
    const code = text(`${BEGIN}loop times=255 length=1\nmx.multiply signal=5\nvx.run operation=add signal=5\nhalt`);
    const bench = end(code, { slow: 1 });
    expect(bench.error.code).toBe(ERRORS.overflow);
    expect([2, 3]).toContain(bench.error.index);
    const fine = end(text(`${BEGIN}loop times=255 length=1\nmx.multiply signal=5\nfence\nvx.run operation=add wait=5 signal=5\nhalt`), { slow: 1 });
    expect(fine.error.code).toBe(0);
  });

  test.each([32, 512])('an error response of a fetch, on a bus of %d bits: where the program wants it', (bus) => {
    const config = { ...SMALL, bus };
    for (const [response, code] of [
      [2, ERRORS.slaveError],
      [3, ERRORS.decodeError],
    ] as const) {
      const bad = 0x1230 + 16 * 22;
      const bench = end(text(BEGIN + move(1).repeat(30), config), {
        config,
        response: (address) => (address <= bad && address + bus / 8 > bad ? response : 0),
      });
      const beat = bad - (bad % (bus / 8));
      const index = Math.ceil((beat - 0x1230) / 16);
      expect(bench.error).toEqual({ code, index, word: 0n, address: beat });
      expect(bench.ran.length).toBeLessThanOrEqual(index - 1);
      const early = end(text(`${BEGIN}halt\n${move(1).repeat(30)}`, config), { config, response: (address) => (address >= bad ? response : 0) });
      expect(early.error.code, 'what is not wanted does not matter').toBe(0);
    }
  });

  it('a soft reset: what is on its way ends, nothing else begins, nothing is left', () => {
    for (let at = 1; at < 90; at += 11) {
      const bench = new ControlBench({ seed: at, slow: 40 });
      bench.start(text(`${BEGIN}${move(1)}mx.multiply wait=1\nloop times=9 length=2\n${move(2)}st.move memory=1 run=1\nhalt`));
      for (let n = 0; n < at; n++) bench.step();
      bench.sim.poke('softReset', 1);
      for (let n = 0; n < 200 && bench.sim.peek('softResetDone') === 0; n++) bench.step();
      expect(bench.sim.peek('softResetDone')).toBe(1);
      expect(bench.ran.every(({ ended }) => ended !== undefined)).toBe(true);
      bench.step();
      bench.sim.poke('softReset', 0);
      expect([bench.sim.peek('busy'), bench.sim.peek('done'), bench.error.code]).toEqual([0, 0, 0]);
      bench.start(text(`${BEGIN}${move(9)}halt`));
      expect(bench.finish()).toBe(true);
      expect(bench.ran.at(-1)?.payload).toBe((text(move(9))[0] as bigint) >> 40n);
      bench.sim.close();
    }
  });
});

it('gives a token to one queue only, in their order', () => {
  const bench = new ControlBench();
  const wait = (unit: string): string => `${unit} wait=0\n`;
  bench.start(
    text(
      `begin hash=config\n${wait('st.move memory=0 run=1')}${wait('vx.run operation=add')}${wait('mx.multiply')}ld.move memory=0 run=1 signal=0\nhalt`,
    ),
  );
  expect(bench.finish(1000)).toBe(false);
  expect(bench.ran.map(({ unit }) => unit)).toEqual(['ld', 'mx']);
  expect(bench.sim.peek('queueWaiting')).toEqual([0, 0, 1, 1]);
});

it('ends only when nothing of it is on its way', () => {
  const bench = new ControlBench();
  for (let n = 0; n < 12; n++) {
    const code = text(`begin hash=config\nld.move memory=${n} run=1\nhalt\n${'ld.move memory=99 run=1\n'.repeat(40)}`);
    bench.start(code, { base: 0x400 * n });
    expect(bench.finish()).toBe(true);
    expect(bench.error.code).toBe(0);
    expect(bench.ran.map(({ payload }) => payload & 0xffn)).toEqual(Array.from({ length: n + 1 }, (_, i) => BigInt(i)));
  }
});

it('reads loops once, and nothing behind the program', () => {
  const bench = new ControlBench({ slow: 1 });
  const body = Array.from({ length: 63 }, (_, i) => `ld.move memory=${i} run=1\n`).join('');
  const code = text(`begin hash=config\nloop times=3 length=64\nloop times=2 length=62\n${body}${body}${body}halt`);
  bench.start(code);
  expect(bench.finish(100_000)).toBe(true);
  expect(bench.error.code).toBe(0);
  expect(bench.ran).toHaveLength(3 * (2 * 62 + 1) + 2 * 63);
  expect(new Set(bench.read).size).toBe(bench.read.length);
  expect([Math.min(...bench.read), Math.max(...bench.read)]).toEqual([0x1230, 0x1230 + 16 * code.length - 8]);
});
