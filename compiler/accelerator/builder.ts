// A program in the making: instructions, semaphores, addresses in memory.
//
// Invariant: instructions are in an order in which they could be done one after the other, so that queues of any length end. Every semaphore has one queue that signals it and one
// that waits.

import { type AcceleratorConfig, acceleratorHash, rowBytes } from '../../isa/config.ts';
import { type FieldsOf, type Instruction, type Mnemonic, SEMAPHORES } from '../../isa/instructions.ts';

/** What an instruction waits for and signals. */
export interface Tokens {
  readonly wait?: readonly number[];
  readonly signal?: readonly number[];
}
/** A dimension of a move; y and x of loads only. */
export interface MoveDimension {
  readonly count: number;
  /** In memory. */
  readonly stride: number;
  readonly local: number;
  readonly y?: number;
  readonly x?: number;
}
/** A block of bytes between memory and scratchpad. */
export interface Move {
  readonly memory: number;
  readonly local: number;
  /** Innermost first, at most four. */
  readonly dimensions: readonly MoveDimension[];
  readonly run: number;
}
/** Coordinates of a walk's start, the picture's size, and what stands outside. */
export interface Box {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
  readonly pad: number;
}
/** Where a program's memory begins, and where operands are that stand there already. */
export interface Placement {
  readonly base?: number;
  readonly inputs?: readonly (number | undefined)[];
}
/** Bytes that stand in memory before the program begins. */
export interface Constant {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const MAX_RUN = 65535;
const MOVE_DIMENSIONS = 4;
/** Of addresses in memory: no smaller than any bus. */
const MEMORY_ALIGNMENT = 64;
export const NO_BOX: Box = { y: 0, x: 0, height: 0, width: 0, pad: 0 };

export class ProgramBuilder {
  readonly config: AcceleratorConfig;
  readonly program: Instruction[] = [];
  readonly constants: Constant[] = [];
  readonly #configured = new Map<string, string>();
  readonly #channels: Channel[] = [];
  #semaphores = 0;
  #memory = 0;

  readonly #inputs: (number | undefined)[];

  constructor(config: AcceleratorConfig, { base = 0, inputs = [] }: Placement = {}) {
    this.config = config;
    this.#memory = base;
    this.#inputs = [...inputs];
    this.emit('begin', { hash: acceleratorHash(config) });
  }

  emit<N extends Mnemonic>(name: N, fields: Partial<FieldsOf<N>>, { wait = [], signal = [] }: Tokens = {}): void {
    this.program.push({ name, fields: fields as Instruction['fields'], ...(wait.length > 0 && { wait }), ...(signal.length > 0 && { signal }) });
  }

  /** An instruction that sets something; left out when it stands so already. */
  configure<N extends Mnemonic>(name: N, fields: Partial<FieldsOf<N>>): void {
    const key = `${name} ${'index' in fields ? fields['index'] : 'which' in fields ? fields['which'] : ''}`;
    const text = Object.entries(fields).join(' ');
    if (this.#configured.get(key) === text) return;
    this.#configured.set(key, text);
    this.emit(name, fields);
  }

  /** Slots that a queue fills; `reused` whether again and again. */
  channel(from: FillingQueue, slots: number, reused = true): Channel {
    const channel = new Channel(from, slots, this.#semaphore(), reused ? this.#semaphore() : undefined);
    this.#channels.push(channel);
    return channel;
  }

  #semaphore(): number {
    if (this.#semaphores === SEMAPHORES)
      throw new RangeError(`a program needs more than ${SEMAPHORES} semaphores; give some of its buffers one slot`);
    return this.#semaphores++;
  }

  /** Reserves memory. */
  reserve(bytes: number): number {
    const address = this.#memory;
    this.#memory += Math.ceil(bytes / MEMORY_ALIGNMENT) * MEMORY_ALIGNMENT;
    if (this.#memory > 2 ** 32) throw new RangeError('a layer needs more memory than addresses reach; cut it in pieces');
    return address;
  }

  /** The address of the next operand: the one given, or a new one. */
  input(bytes: number): number {
    return this.#inputs.shift() ?? this.reserve(bytes);
  }

  /** Puts bytes into memory. */
  constant(bytes: Uint8Array): number {
    const address = this.reserve(bytes.length);
    this.constants.push({ address, bytes });
    return address;
  }

  load(move: Move, tokens: Tokens = {}, box: Box = NO_BOX): void {
    const { dimensions, run } = coalesced(move);
    for (let index = 0; index < MOVE_DIMENSIONS; index++) {
      const { count, stride, local, y = 0, x = 0 } = dimensions[index] ?? { count: 1, stride: 0, local: 0 };
      this.configure('ld.dim', { index, count, stride, local, y, x });
    }
    this.configure('ld.box', { ...box });
    this.emit('ld.move', { memory: move.memory, local: move.local, run }, tokens);
  }

  store(move: Move, tokens: Tokens = {}): void {
    const { dimensions, run } = coalesced(move);
    for (let index = 0; index < MOVE_DIMENSIONS; index++) {
      const { count, stride, local } = dimensions[index] ?? { count: 1, stride: 0, local: 0 };
      this.configure('st.dim', { index, count, stride, local });
    }
    this.emit('st.move', { memory: move.memory, local: move.local, run }, tokens);
  }

  /** Any number of contiguous bytes. */
  loadBytes(memory: number, local: number, bytes: number, tokens: Tokens = {}): void {
    let pieces = Math.ceil(bytes / MAX_RUN);
    while (bytes % pieces !== 0) pieces++;
    const run = bytes / pieces;
    this.load({ memory, local, dimensions: [{ count: pieces, stride: run, local: run }], run }, tokens);
  }

  /** Ends the program, with no token left; gives it and the bytes of memory that it uses. */
  end(): { readonly program: readonly Instruction[]; readonly bytes: number } {
    for (const { from, left } of this.#channels) {
      // Adds nothing to the offsets.
      for (const wait of left) this.emit(`${from}.offset`, { adds: 1 }, { wait: [wait] });
    }
    this.emit('halt', {});
    return { program: this.program, bytes: this.#memory };
  }
}

/** The same bytes with as long runs as there can be. */
function coalesced({ dimensions, run }: Move): Pick<Move, 'dimensions' | 'run'> {
  const rest = dimensions.filter(({ count }) => count > 1);
  let length = run;
  for (let [first] = rest; first && first.stride === length && first.local === length && !first.y && !first.x; [first] = rest) {
    if (length * first.count > MAX_RUN) break;
    length *= first.count;
    rest.shift();
  }
  if (length > MAX_RUN) throw new RangeError(`a run of ${length} bytes, but one has at most ${MAX_RUN}; cut the layer in pieces`);
  return { dimensions: rest, run: length };
}

type FillingQueue = 'ld' | 'mx' | 'vx';

/** Slots that one queue fills and another empties, in turn. Without a semaphore of free slots none is filled twice. */
class Channel {
  readonly from: FillingQueue;
  readonly slots: number;
  readonly #full: number;
  readonly #free: number | undefined;
  #fills = 0;

  constructor(from: FillingQueue, slots: number, full: number, free: number | undefined) {
    this.from = from;
    this.slots = slots;
    this.#full = full;
    this.#free = free;
  }

  /** The slot to fill next, with what its first filler waits for and its last one signals. */
  fill(): Required<Tokens> & { readonly slot: number } {
    const fill = this.#fills++;
    const wait = fill >= this.slots && this.#free !== undefined ? [this.#free] : [];
    return { slot: fill % this.slots, wait, signal: [this.#full] };
  }

  /** Tokens of free slots that nobody took. */
  get left(): readonly number[] {
    return this.#free === undefined ? [] : Array.from({ length: Math.min(this.#fills, this.slots) }, () => this.#free as number);
  }

  /** What the first reader of a slot waits for. */
  get taken(): readonly number[] {
    return [this.#full];
  }

  /** What its last reader signals. */
  get emptied(): readonly number[] {
    return this.#free === undefined ? [] : [this.#free];
  }
}

/** Places of regions in the scratchpad, each group in banks of its own where they are enough; undefined if they do not fit. */
export function place(config: AcceleratorConfig, groups: readonly (readonly number[])[]): number[] | undefined {
  const unit = rowBytes(config);
  for (const alignment of [config.scratchpad / config.banks, unit]) {
    let end = 0;
    const places = groups.flatMap((sizes) => {
      end = roundUp(end, alignment);
      return sizes.map((size) => {
        const start = end;
        end += roundUp(size, unit);
        return start;
      });
    });
    if (end <= config.scratchpad) return places;
  }
  return undefined;
}

/** `size` counted up to a multiple of `unit`. */
export function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}
