// Every design of the tutorial beside its specification.

import { type Design, elaborate } from 'systole';
import { Adder } from '../examples/adder.ts';
import { Adder4 } from '../examples/adder4.ts';
import { ByteSelector } from '../examples/byte-selector.ts';
import { Combinational } from '../examples/combinational.ts';
import { Darken } from '../examples/darken.ts';
import { EnableShiftRegister } from '../examples/enable-shift-register.ts';
import { FullAdder } from '../examples/full-adder.ts';
import { Functionality } from '../examples/functionality.ts';
import { Gcd } from '../examples/gcd.ts';
import { HiLoMultiplier } from '../examples/hi-lo-multiplier.ts';
import { Life } from '../examples/life.ts';
import { LogShifter } from '../examples/log-shifter.ts';
import { Parity } from '../examples/parity.ts';
import { ResetShiftRegister } from '../examples/reset-shift-register.ts';
import { Risc } from '../examples/risc.ts';
import { Router } from '../examples/router.ts';
import { ShiftRegister } from '../examples/shift-register.ts';
import { BasicAlu, SimpleAlu } from '../examples/simple-alu.ts';
import { Stack } from '../examples/stack.ts';
import { Tbl } from '../examples/tbl.ts';
import { VecSearch } from '../examples/vec-search.ts';
import * as exercises from './exercises.ts';
import * as logic from './logic.ts';
import * as memories from './memories.ts';
import { Random, type Specification, times, type Values } from './specification.ts';
import * as state from './state.ts';

export interface Subject {
  /** Its file's name. */
  readonly name: string;
  readonly design: Design;
  readonly specification: Specification<Values, Values>;
}

type AnyModule = new (cfg: never) => unknown;

function subject(name: string, cls: AnyModule, specification: unknown, cfg?: unknown, top?: string): Subject {
  return {
    name,
    design: elaborate(cls as never, cfg as never, (top ? { name: top } : {}) as never),
    specification: specification as Specification<Values, Values>,
  };
}

const identity = times(256, (i) => i);

export const examples = (): readonly Subject[] => [
  subject('adder', Adder, logic.adder(8), { width: 8 }),
  subject('adder4', Adder4, logic.adder(4)),
  subject('byte-selector', ByteSelector, logic.byteSelector),
  subject('combinational', Combinational, logic.sum16),
  subject('darken', Darken, logic.darken),
  subject('enable-shift-register', EnableShiftRegister, state.enabledShiftRegister),
  subject('full-adder', FullAdder, logic.fullAdder),
  subject('functionality', Functionality, logic.functionality),
  subject('gcd', Gcd, state.gcd),
  subject('hi-lo-multiplier', HiLoMultiplier, logic.hiLoMultiplier),
  subject('life', Life, state.life(12, 10), { rows: 12, cols: 10 }),
  subject('log-shifter', LogShifter, state.logShifter),
  subject('parity', Parity, state.parity),
  subject('reset-shift-register', ResetShiftRegister, state.enabledShiftRegister),
  subject('risc', Risc, memories.risc),
  subject('router', Router, memories.router({ outputs: 4, entries: 15 }), { outputs: 4, entries: 15 }),
  subject('shift-register', ShiftRegister, state.shiftRegister),
  subject('simple-alu', SimpleAlu, logic.simpleAlu),
  subject('simple-alu/basic', BasicAlu, logic.basicAlu),
  subject('stack', Stack, memories.stack(8), { depth: 8 }),
  subject('tbl', Tbl, logic.table(identity), { contents: identity }),
  subject('vec-search', VecSearch, state.vecSearch),
];

/** What each exercise asks for: class, specification, configuration. The file's name is the key. */
const EXERCISES: { readonly [name: string]: readonly [cls: string, specification: unknown, cfg?: unknown] } = {
  accumulator: ['Accumulator', exercises.accumulator],
  adder: ['Adder', exercises.adder(8), { width: 8 }],
  counter: ['Counter', exercises.counter],
  'dynamic-memory-search': ['DynamicMemorySearch', exercises.search(8, 4), { words: 8, width: 4 }],
  lfsr16: ['Lfsr16', exercises.lfsr16],
  'max-n': ['MaxN', exercises.maxN(8, 16), { inputs: 8, width: 16 }],
  max2: ['Max2', exercises.max2],
  memo: ['Memo', exercises.memo],
  mul: ['Mul', exercises.mul],
  mux2: ['Mux2', exercises.mux2],
  mux4: ['Mux4', exercises.mux4],
  'real-gcd': ['RealGcd', exercises.realGcd],
  'single-even-filter': ['SingleEvenFilter', exercises.singleEvenFilter, { width: 16 }],
  'vec-shift-register': ['VecShiftRegister', exercises.vecShiftRegister],
  'vec-shift-register-param': ['VecShiftRegisterParam', exercises.vecShift(8, 4), { length: 8, width: 4 }],
  'vec-shift-register-simple': ['VecShiftRegisterSimple', exercises.vecShift(4, 8)],
  'vending-machine': ['VendingMachine', exercises.vendingMachine],
  'vending-machine-switch': ['VendingMachineSwitch', exercises.vendingMachine],
};

export const EXERCISE_NAMES: readonly string[] = Object.keys(EXERCISES);

/** A problem as it stands, or its solution. Throws `HdlError` where it is no circuit yet. */
export async function exercise(name: string, folder: 'problems' | 'solutions'): Promise<Subject> {
  const [cls, specification, cfg] = EXERCISES[name] as (typeof EXERCISES)[string];
  const module = (await import(`../${folder}/${name}.ts`)) as { readonly [cls: string]: AnyModule };
  return subject(`${folder}/${name}`, module[cls] as AnyModule, specification, cfg, `${folder}_${name.replaceAll('-', '_')}`);
}

/** The cycles of a subject: what goes in, and what must come out. Cycle 0 is a reset in which nothing is looked at. */
export function cyclesOf(
  { specification }: Subject,
  seed = 1,
): { readonly inputs: Values; readonly outputs: { readonly [port: string]: unknown } }[] {
  const step = specification.start();
  const stimulus = specification.stimulus(new Random(seed));
  return stimulus.map((inputs) => ({ inputs, outputs: step(inputs) }));
}
