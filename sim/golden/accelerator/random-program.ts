// Random legal programs, to compare implementations of the accelerator with one another.
//
// Invariant: the same arguments give the same program for ever. It is free of hazards by construction: where an instruction would touch what another queue touched, that queue gives a token
// first, and each pair of queues has a semaphore of its own; or, where queues stand `apart`, the instruction is left out, or stands behind a fence. So `checkProgram` finds nothing. Everything that is
// read was written before. All of the scratchpad and a sum of every row stand in memory in the end.

import { type AcceleratorConfig, acceleratorHash } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Instruction, type Mnemonic, VX_OPERATIONS } from '../../../isa/instructions.ts';
import { streamSeed, xorshift32 } from '../prng.ts';
import { Scoreboard } from './scoreboard.ts';
import { UNITS, type UnitName } from './tokens.ts';

/** How instructions of different queues that would clash are kept in order. */
export const RANDOM_ORDERS = ['tokens', 'apart'] as const;
export type RandomOrder = (typeof RANDOM_ORDERS)[number];

/** A program and the memory before it, both ends included. */
interface RandomProgram {
  readonly program: readonly Instruction[];
  readonly memory: Uint8Array;
}

/** Bytes that loads and stores in the middle of a program know. */
const DATA = 4096;
/** Parameters in the scratchpad, which nobody overwrites. */
const PARAMETER_SETS = 4;
const PARAMETER_BYTES = 9;
const MAX_RUN = 32768;

/** Where a move begins, its offset included. */
interface Base {
  readonly memory: number;
  readonly local: number;
  readonly run: number;
  readonly offset: { readonly memory: number; readonly local: number };
}
type FieldValues = { [field: string]: number | bigint };

class RandomProgramMaker {
  readonly #config: AcceleratorConfig;
  readonly #scoreboard: Scoreboard;
  readonly #program: Instruction[] = [];
  readonly memory: Uint8Array;
  /** First byte of the parameters in the scratchpad. */
  readonly #parameters: number;
  #order: RandomOrder;
  #state: number;

  constructor(seed: number, config: AcceleratorConfig, order: RandomOrder) {
    this.#config = config;
    this.#order = order;
    this.#state = streamSeed(seed, 0);
    this.memory = new Uint8Array(DATA + 2 * config.scratchpad + config.sums * config.cols);
    this.#scoreboard = new Scoreboard(config, this.memory.length);
    // In the middle, so that what is written goes round the end.
    this.#parameters = config.scratchpad / 2;
    this.#fillMemory();
  }

  below(n: number): number {
    this.#state = xorshift32(this.#state);
    return this.#state % n;
  }
  /** From −most to most. */
  around(most: number): number {
    return this.below(2 * most + 1) - most;
  }
  #chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  #fillMemory(): void {
    const { cols, scratchpad } = this.#config;
    for (let i = 0; i < DATA + scratchpad; i++) this.memory[i] = this.below(256);
    // Parameters whose shifts are legal.
    const view = new DataView(this.memory.buffer);
    for (let set = 0; set < PARAMETER_SETS; set++) {
      const at = DATA + this.#parameters + set * PARAMETER_BYTES * cols;
      for (let c = 0; c < cols; c++) {
        view.setInt32(at + 4 * c, this.around(20000), true);
        view.setInt32(at + 4 * (cols + c), this.#multiplier(), true);
        view.setInt8(at + 8 * cols + c, this.#shift());
      }
    }
  }
  #multiplier(): number {
    if (this.#chance(8)) return [-(2 ** 31), 2 ** 31 - 1, 0, -1][this.below(4)] as number;
    return 2 ** 30 + this.below(2 ** 30);
  }
  #shift(): number {
    return this.#chance(4) ? this.below(62) - 31 : -2 - this.below(10);
  }

  #emit(instruction: Instruction): void {
    const { queue } = INSTRUCTIONS[instruction.name];
    this.#program.push(instruction);
    if (instruction.name === 'fence') this.#scoreboard.fence();
    if (queue !== 'control') this.#scoreboard.issue({ instruction, index: this.#program.length - 1, queue }, () => undefined);
  }
  set(name: Mnemonic, fields: FieldValues = {}): void {
    this.#emit({ name, fields });
  }

  /** An instruction that works, in order with all whom it would clash with; false when it cannot be, or is left out. */
  work(name: Mnemonic, fields: FieldValues): boolean {
    const queue = INSTRUCTIONS[name].queue as UnitName;
    const conflicts = this.#scoreboard.conflicts({ name, fields }, queue);
    if (!conflicts) return false;
    const isApart = conflicts.size > 0 && this.#order === 'apart';
    if (isApart && !this.#chance(4)) return false;
    if (isApart) this.set('fence');
    const wait = (isApart ? [] : [...conflicts]).map((giver) => {
      const semaphore = semaphoreOf(giver, queue);
      // Adds nothing to the offsets.
      this.#emit({ name: `${giver}.offset`, fields: { adds: 1 }, signal: [semaphore] });
      return semaphore;
    });
    this.#emit({ name, fields, ...(wait.length > 0 && { wait }) });
    return true;
  }

  /** Bytes `from` in memory ↔ all of the scratchpad. */
  #all(name: 'ld' | 'st', memory: number): void {
    const { scratchpad } = this.#config;
    const run = Math.min(scratchpad, MAX_RUN);
    this.#plain(name);
    this.set(`${name}.dim`, { index: 0, count: scratchpad / run, stride: run, local: run });
    this.work(`${name}.move`, { memory, local: 0, run });
  }
  /** A unit without dimensions, offsets and box. */
  #plain(unit: UnitName): void {
    for (let index = 0; index < (unit === 'ld' || unit === 'st' ? 4 : 5); index++) this.set(`${unit}.dim`, { index, count: 1 });
    this.set(`${unit}.offset`);
    if (unit !== 'st') this.set(`${unit}.box`);
  }

  make(length: number): RandomProgram {
    const config = this.#config;
    this.set('begin', { hash: acceleratorHash(config) });
    this.#all('ld', DATA);
    // Zeros to all sums: a walk that is outside.
    this.set('mx.box', { height: 1 });
    this.set('mx.dim', { index: 0, count: config.sums });
    this.set('fence');
    this.work('mx.multiply', { activation: 0, weight: 0, sums: 0 });
    for (const unit of UNITS) this.#plain(unit);
    for (let i = 0; i < length; i++) this.#some();
    this.#order = 'tokens';
    this.#dump();
    this.set('halt');
    return { program: this.#program, memory: this.memory };
  }

  #some(): void {
    const ways = [
      () => this.#load(),
      () => this.#store(),
      () => this.#multiply(),
      () => this.#multiply(),
      () => this.#vector(),
      () => this.#vector(),
      () => this.#rows(),
    ];
    if (this.#chance(40)) this.set('fence');
    if (this.#chance(40)) this.set('interrupt', { code: this.below(2 ** 16) });
    (ways[this.below(ways.length)] as () => void)();
  }

  /** A signed multiple of `unit`. */
  #by(most: number, unit = 1): number {
    return this.around(most) * unit;
  }
  #offset(unit: UnitName, fields: FieldValues): void {
    if (this.#chance(4)) this.set(`${unit}.offset`, { adds: this.below(2), ...fields });
  }
  #box(unit: 'ld' | 'mx' | 'vx'): void {
    if (this.#chance(3))
      this.set(`${unit}.box`, { y: this.around(3), x: this.around(3), height: this.below(6), width: this.below(6), pad: this.around(127) });
  }

  #load(): void {
    const { span, base } = this.#moveSettings('ld', (index) => ({ local: this.#by(90), y: index < 2 ? 0 : this.around(2), x: this.around(2) }));
    this.#box('ld');
    if (this.#isFree(base.local + span.local[0], span.local[1] - span.local[0] + base.run))
      this.work('ld.move', { ...this.#moveFields(base), convert: this.below(2) });
  }
  #store(): void {
    this.work('st.move', this.#moveFields(this.#moveSettings('st', () => ({ local: this.#by(90) })).base));
  }
  /** Sets all dimensions and offsets; how far they go, down and up, and where a run begins with the offset. */
  #moveSettings(unit: 'ld' | 'st', rest: (index: number) => FieldValues) {
    const stride: [number, number] = [0, 0];
    const local: [number, number] = [0, 0];
    for (let index = 0; index < 4; index++) {
      const fields = { index, count: 1 + this.below(3), stride: this.#by(70), ...rest(index) };
      this.set(`${unit}.dim`, fields);
      for (const [reach, by] of [
        [stride, fields.stride],
        [local, Number((fields as FieldValues)['local'])],
      ] as const)
        reach[by < 0 ? 0 : 1] += by * (fields.count - 1);
    }
    const offset = this.#chance(2) ? { memory: 0, local: 0 } : { memory: this.#by(300), local: this.#by(300) };
    this.set(`${unit}.offset`);
    this.set(`${unit}.offset`, { adds: this.below(2), ...offset });
    const run = 1 + this.below(70);
    const first = -stride[0] + this.below(DATA - (stride[1] - stride[0]) - run);
    return { span: { stride, local }, base: { memory: first, local: this.below(this.#config.scratchpad), run, offset } };
  }
  /** What a move says, so that with its offset it begins where it should. */
  #moveFields({ memory, local, run, offset }: Base): FieldValues {
    return { memory: (memory - offset.memory) >>> 0, local: (local - offset.local) & (this.#config.scratchpad - 1), run };
  }
  /** Bytes of the scratchpad that are no parameters; those behind them go round the end. */
  get #freeBytes(): number {
    const { cols, scratchpad } = this.#config;
    return scratchpad - PARAMETER_SETS * PARAMETER_BYTES * cols;
  }
  #isFree(from: number, bytes: number): boolean {
    const { scratchpad } = this.#config;
    const behind = (from - this.#parameters + this.#freeBytes) & (scratchpad - 1);
    return behind + bytes <= this.#freeBytes;
  }
  /** The first of some bytes that are free, a multiple of `unit` behind the parameters. */
  #free(bytes: number, unit = 1): number {
    const { scratchpad } = this.#config;
    const behind = this.below(Math.floor((this.#freeBytes - bytes) / unit)) * unit;
    return (this.#parameters - this.#freeBytes + behind) & (scratchpad - 1);
  }

  #multiply(): void {
    const { rows, cols, scratchpad, sums } = this.#config;
    for (let index = 0; index < 5; index++) {
      if (this.#chance(2))
        this.set('mx.dim', { index, count: 1 + this.below(index < 2 ? 4 : 3), local: this.#by(9, rows), y: this.around(2), x: this.around(2) });
    }
    this.#box('mx');
    this.#offset('mx', { activation: this.#by(9, rows), weight: this.#by(9, cols), sums: this.around(9) });
    const fields = { activation: this.below(scratchpad / rows) * rows, weight: this.below(scratchpad / cols) * cols };
    // Of two dimensions with four places at most: 16 rows of sums, which all configurations have.
    this.work('mx.multiply', { ...fields, sums: this.below(sums), accumulate: this.below(2) });
  }

  #vector(): void {
    const { cols, scratchpad, sums, modes } = this.#config;
    const operation = this.below(VX_OPERATIONS.length);
    const ofSums = VX_OPERATIONS[operation] === 'requantise';
    // Now and then of any bytes, beyond the range of shifts.
    if (this.#chance(8)) this.work('vx.params', { local: this.below(scratchpad / cols - PARAMETER_BYTES) * cols });
    else if (this.#chance(2)) this.work('vx.params', { local: this.#parameters + this.below(PARAMETER_SETS) * PARAMETER_BYTES * cols });
    if (this.#chance(4)) this.set('vx.scale', { which: this.below(3), multiplier: this.#multiplier(), shift: this.#shift() });
    const [p, q] = [this.around(127), this.around(127)];
    if (this.#chance(2))
      this.set('vx.range', {
        aZero: this.around(127),
        bZero: this.around(127),
        zero: this.around(60),
        min: Math.min(p, q),
        max: Math.max(p, q),
        left: this.below(24),
        mode: this.below(modes.length),
      });
    for (let index = 0; index < 5; index++) {
      if (this.#chance(2))
        this.set('vx.dim', {
          index,
          count: 1 + this.below(3),
          a: ofSums ? this.around(5) : this.#by(3 * cols),
          b: this.#by(3, cols),
          y: this.around(2),
          x: this.around(2),
        });
      if (index >= 2 && this.#chance(2)) this.set('vx.place', { index, out: this.#by(4, cols) });
    }
    this.#box('vx');
    this.#offset('vx', { adds: 0, a: this.around(30), b: this.#by(3, cols), out: this.#by(3, cols) });
    // All strides and the offset together move a result by less than 30 vectors.
    const margin = 30 * cols;
    if (this.#freeBytes < 3 * margin) return;
    const out = (this.#free(2 * margin, cols) + margin) & (scratchpad - 1);
    const table = this.#chance(4) ? 1 : 0;
    if (table) this.work('vx.table', { local: this.below(scratchpad / cols) * cols });
    this.work('vx.run', { operation, a: this.below(ofSums ? sums : scratchpad), b: this.below(scratchpad / cols) * cols, out, table });
  }

  /** Rows in place: elsewhere they must not overlap. */
  #rows(): void {
    const { cols, scratchpad } = this.#config;
    const [length, rows] = [1 + this.below(20), 1 + this.below(3)];
    const a = this.#free(length * rows);
    if (this.#chance(2)) {
      this.work('vx.normalise', { a, out: a, length, rows, fraction: this.below(8), epsilon: this.below(32) });
      return;
    }
    if (this.#chance(2)) this.work('vx.exponents', { local: this.below(scratchpad / cols) * cols });
    this.work('vx.softmax', { a, out: a, length, rows });
  }

  /** The scratchpad to memory, and then, through it, sums as codes. */
  #dump(): void {
    const { cols, sums, scratchpad, modes } = this.#config;
    this.#all('st', DATA + scratchpad);
    this.#plain('vx');
    this.set('vx.range', { zero: 0, min: -128, max: 127, mode: this.below(modes.length) });
    this.set('vx.scale', { which: 2, multiplier: 2 ** 30, shift: -7 });
    // As many rows at once as the scratchpad holds.
    const rows = Math.min(sums, scratchpad / cols);
    this.set('vx.dim', { index: 2, count: rows, a: 1 });
    this.set('vx.place', { index: 2, out: cols });
    this.#plain('st');
    const run = Math.min(rows * cols, MAX_RUN);
    this.set('st.dim', { index: 0, count: (rows * cols) / run, stride: run, local: run });
    for (let first = 0; first < sums; first += rows) {
      this.work('vx.run', { operation: VX_OPERATIONS.indexOf('requantise'), a: first, out: 0 });
      this.work('st.move', { memory: DATA + 2 * scratchpad + first * cols, local: 0, run });
    }
  }
}

/** The semaphore by which a queue tells another. */
function semaphoreOf(from: UnitName, to: UnitName): number {
  const others = UNITS.filter((unit) => unit !== from);
  return UNITS.indexOf(from) * others.length + others.indexOf(to as never);
}

/**
 * A random program that ends without error, whatever the implementation.
 *
 * @param seed uint32
 * @param length instructions that work, or are left out; others stand between them
 */
export function randomProgram(seed: number, config: AcceleratorConfig, length = 40, order: RandomOrder = 'tokens'): RandomProgram {
  return new RandomProgramMaker(seed, config, order).make(length);
}
