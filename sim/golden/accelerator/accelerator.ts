// The accelerator, instruction by instruction: the bytes that every implementation leaves behind (design note 0025).
//
// Invariant: bit-exact; the order between queues is played by tokens, so that a program whose hazards semaphores cover gives the same bytes here and in hardware.
// Refused: a wrong configuration, as `checkAccelerator` does it.

import { type AcceleratorConfig, acceleratorHash, checkAccelerator } from '../../../isa/config.ts';
import { bytesToWords, decode, encode } from '../../../isa/encode.ts';
import { INSTRUCTIONS, type Instruction, type Mnemonic } from '../../../isa/instructions.ts';
import { LoadUnit, StoreUnit } from './load-store.ts';
import { MultiplyUnit } from './multiply.ts';
import { type Issued, type PlayError, type Played, type Program, play, type UnitName, type Visitor } from './tokens.ts';
import type { Fault, FaultCode, GoldenUnit, Memories, Work } from './unit.ts';
import { VectorUnit } from './vector.ts';
import type { Fields } from './walk.ts';

/** What ended a program before its halt. */
export interface GoldenError {
  readonly code: FaultCode | PlayError['code'] | 'begin';
  /** Position of the instruction in the program. */
  readonly index: number;
  /** In memory, where the code is about one. */
  readonly address?: number;
  readonly message: string;
}

export interface GoldenResult {
  readonly error?: GoldenError;
  /** Codes of `interrupt`, in order. */
  readonly interrupts: readonly number[];
  readonly counters: Counters;
}
export interface Counters {
  /** Retired, configuration and control included. */
  readonly instructions: number;
  /** Multiply-accumulates of MX: positions × steps × R × C. */
  readonly macs: number;
  /** Those of them at places outside of the box: with padding. */
  readonly macsSkipped: number;
  /** By loads; by stores. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** Fields of an instruction as numbers. */
export function fieldsOf({ fields }: Instruction): Fields {
  return (field) => Number(fields[field] ?? 0);
}

/** A program to play; words that are no instructions stay in it. */
export function programOf(source: readonly Instruction[] | Uint8Array, config: AcceleratorConfig): Program {
  if (source instanceof Uint8Array) return bytesToWords(source).map((word) => decode(word, config));
  for (const instruction of source) encode(instruction, config);
  return source;
}

/** The units on memories, each with its own state. */
export function goldenUnits(on: Memories, work: Work): { readonly [U in UnitName]: GoldenUnit } {
  return { ld: new LoadUnit(on, work), mx: new MultiplyUnit(on, work), vx: new VectorUnit(on), st: new StoreUnit(on, work) };
}

/**
 * The golden model of an accelerator on a memory that begins at address 0.
 *
 * ```ts
 * import { DEFAULT_ACCELERATOR, acceleratorHash } from './isa/config.ts';
 * import { GoldenAccelerator } from './sim/golden/accelerator/index.ts';
 * const memory = Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0);
 * const { error } = new GoldenAccelerator(DEFAULT_ACCELERATOR, memory).run([
 *   { name: 'begin', fields: { hash: acceleratorHash(DEFAULT_ACCELERATOR) } },
 *   { name: 'ld.move', fields: { memory: 0, local: 0, run: 4, convert: 0 }, signal: [0] },
 *   { name: 'st.move', fields: { memory: 4, local: 0, run: 4 }, wait: [0] },
 *   { name: 'halt', fields: {} },
 * ]);
 * if (error || memory[7] !== 4) throw new Error('not copied');
 * ```
 */
export class GoldenAccelerator {
  readonly config: AcceleratorConfig;
  readonly memory: Uint8Array;
  readonly scratchpad: Uint8Array;
  /** Rows of `cols` × int32. */
  readonly sums: Int32Array;
  readonly #work: Work = { macs: 0, macsSkipped: 0, bytesRead: 0, bytesWritten: 0 };
  readonly #units: { readonly [U in UnitName]: GoldenUnit };

  /** @throws RangeError for a configuration that cannot be built. */
  constructor(config: AcceleratorConfig, memory: Uint8Array) {
    checkAccelerator(config);
    this.config = config;
    this.memory = memory;
    this.scratchpad = new Uint8Array(config.scratchpad);
    this.sums = new Int32Array(config.sums * config.cols);
    this.#units = goldenUnits(this, this.#work);
  }

  /**
   * Runs a program, as instructions or as bytes, to its halt or its first error. Memories keep what they hold.
   *
   * @throws RangeError for an instruction that has no word, or bytes that are no whole words.
   */
  run(source: readonly Instruction[] | Uint8Array): GoldenResult {
    const program = programOf(source, this.config);
    const interrupts: number[] = [];
    let before = 0;
    let visited = 0;
    const clear = (): void => {
      Object.assign(this.#work, { macs: 0, macsSkipped: 0, bytesRead: 0, bytesWritten: 0 });
      before = visited;
    };
    clear();
    const played = playBegun(program, this.config, (issued) => {
      visited++;
      if (issued.queue !== 'control') return this.#execute(issued);
      if (issued.instruction.name === 'interrupt') interrupts.push(fieldsOf(issued.instruction)('code'));
      if (issued.instruction.name === 'counters') clear();
      if (issued.instruction.name === 'begin') for (const unit of Object.values(this.#units)) unit.clear();
      return undefined;
    });
    return { ...(played.error && { error: played.error }), interrupts, counters: { instructions: played.instructions - before, ...this.#work } };
  }

  #execute({ instruction, index, queue }: Issued): GoldenError | undefined {
    const fault: Fault | undefined = this.#units[queue as UnitName].execute(instruction.name, fieldsOf(instruction));
    if (!fault) return undefined;
    const where = fault.code === 'decodeError' ? `address ${fault.address} is beyond the memory` : 'more positions than rows of sums';
    return { ...fault, index, message: `${instruction.name} at ${index}: ${where}` };
  }
}

function notBegun(first: Mnemonic): GoldenError {
  return { code: 'begin', index: 0, message: `the program begins with ${first} in place of begin (${INSTRUCTIONS.begin.doc})` };
}

/** Plays a program as `play`; refuses a `begin` that is missing, of another configuration, or at another place. */
export function playBegun(program: Program, config: AcceleratorConfig, visit: Visitor<GoldenError>): Played<GoldenError> {
  const [first] = program;
  if (first && 'name' in first && first.name !== 'begin') return { error: notBegun(first.name), instructions: 0 };
  return play<GoldenError>(program, config, (issued) => {
    const { instruction, index } = issued;
    if (instruction.name !== 'begin') return visit(issued);
    if (index > 0) return { code: 'begin', index, message: `begin at ${index}: only the first instruction can be one` };
    if (BigInt(instruction.fields['hash'] ?? 0) !== acceleratorHash(config))
      return { code: 'begin', index, message: `begin at ${index}: the program was made for another configuration` };
    return visit(issued);
  });
}
