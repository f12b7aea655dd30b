// LD and ST between a memory behind AXI4 and a scratchpad of bytes, and what their instructions mean, in a few lines.

import { LoadUnit } from '../../../generators/accelerator/load-unit.ts';
import { StoreUnit } from '../../../generators/accelerator/store-unit.ts';
import { type AcceleratorConfig, DEFAULT_ACCELERATOR, rowBytes } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Mnemonic } from '../../../isa/instructions.ts';
import { type AxiMemoryOptions, axiMemory, type EngineName, type ProcessBody, type Simulation, simulate, until } from '../../../sim/index.ts';
import { randomWords } from '../../../sim/random.ts';

export const SMALL: AcceleratorConfig = { ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 32, scratchpad: 1024, banks: 1, burst: 4, outstanding: 4 };

export interface Dimension {
  readonly count: number;
  readonly stride: number;
  readonly local: number;
  readonly y?: number;
  readonly x?: number;
}
export interface Move {
  readonly memory: number;
  readonly local: number;
  readonly run: number;
  readonly dims: readonly Dimension[];
  readonly convert?: number;
  readonly box?: { readonly y: number; readonly x: number; readonly height: number; readonly width: number; readonly pad: number };
  readonly offsets?: readonly { readonly adds: number; readonly memory: number; readonly local: number }[];
}

/** Every position: where it reads or writes, and whether it is inside. */
export function positions({
  memory,
  local,
  dims,
  box,
  offsets = [],
}: Move): { readonly memory: number; readonly local: number; readonly inside: boolean }[] {
  const moved = offsets.reduce((at, o) => (o.adds ? { memory: at.memory + o.memory, local: at.local + o.local } : o), { memory: 0, local: 0 });
  let all = [{ memory: memory + moved.memory, local: local + moved.local, y: box?.y ?? 0, x: box?.x ?? 0 }];
  // The innermost dimension changes fastest.
  for (const { count, stride, local: by, y = 0, x = 0 } of [...dims].reverse())
    all = all.flatMap((p) =>
      Array.from({ length: count }, (_, i) => ({ memory: p.memory + i * stride, local: p.local + i * by, y: p.y + i * y, x: p.x + i * x })),
    );
  const isInside = (y: number, x: number): boolean =>
    !box || (box.height === 0 && box.width === 0) || (y >= 0 && y < box.height && x >= 0 && x < box.width);
  return all.map((p) => ({ memory: p.memory, local: p.local, inside: isInside(p.y, p.x) }));
}

export function load(move: Move, memory: Uint8Array, scratchpad: Uint8Array): void {
  for (const at of positions(move))
    for (let i = 0; i < move.run; i++)
      scratchpad[(at.local + i) & (scratchpad.length - 1)] = at.inside
        ? (memory[at.memory + i] as number) ^ (move.convert ? 128 : 0)
        : (move.box?.pad ?? 0);
}

export function store(move: Move, memory: Uint8Array, scratchpad: Uint8Array): void {
  for (const at of positions(move))
    for (let i = 0; i < move.run; i++) memory[at.memory + i] = scratchpad[(at.local + i) & (scratchpad.length - 1)] as number;
}

export interface Retired {
  readonly fault: number;
  readonly address: number;
  /** Cycles from the taking of the instruction to `done`. */
  readonly cycles: number;
}

/** A unit, its memory and its scratchpad. */
export class MoveBench {
  readonly sim: Simulation;
  readonly memory: Uint8Array;
  readonly scratchpad: Uint8Array;
  readonly #unit: 'ld' | 'st';
  readonly #width: number;
  /** Of the scratchpad, by unit. */
  readonly #stall: number;

  constructor(unit: 'ld' | 'st', cfg: AcceleratorConfig, options: AxiMemoryOptions & { readonly seed?: number; readonly engine?: EngineName } = {}) {
    const { seed = 1, engine, ...bus } = options;
    this.#unit = unit;
    this.#width = rowBytes(cfg);
    this.#stall = typeof bus.stall === 'number' ? bus.stall : 0;
    this.sim = simulate((unit === 'ld' ? LoadUnit : StoreUnit) as typeof LoadUnit, cfg, { seed, ...(engine && { engine }) }) as Simulation;
    const words = randomWords(seed, 'contents');
    this.memory = Uint8Array.from({ length: 16384 }, () => words());
    this.scratchpad = Uint8Array.from({ length: cfg.scratchpad }, () => words());
    const { sim } = this;
    for (const port of ['cmd_valid', 'clear']) sim.poke(port, 0);
    sim.fork(() => axiMemory(sim, 'axi', this.memory, bus), { name: 'memory' });
    sim.fork(() => (unit === 'ld' ? this.#writes() : this.#reads()), { name: 'scratchpad' });
    sim.reset();
  }

  /** Sets up the walk and moves; gives how the move retired. */
  run({ memory, local, run, dims, convert = 0, box, offsets = [] }: Move, within = 20_000): Retired {
    const unit = this.#unit;
    const give = (name: string, fields: object): Retired => this.give(`${unit}.${name}` as Mnemonic, fields as never, within);
    this.sim.poke('clear', 1);
    this.sim.step();
    this.sim.poke('clear', 0);
    dims.forEach(({ count, stride, local: by, y = 0, x = 0 }, index) =>
      give('dim', { index, count, stride, local: by, ...(unit === 'ld' && { y, x }) }),
    );
    if (box) give('box', box);
    for (const offset of offsets) give('offset', offset);
    return give('move', { memory, local, run, ...(unit === 'ld' && { convert }) });
  }

  /** Gives an instruction and waits until it has retired. */
  give(name: Mnemonic, fields: { readonly [field: string]: number }, within = 20_000): Retired {
    const { sim } = this;
    const { opcode, fields: specs } = INSTRUCTIONS[name] as { opcode: number; fields: { [field: string]: { lsb: number; width: number } } };
    const payload = Object.entries(specs).reduce(
      (all, [field, { lsb, width }]) => all | (BigInt.asUintN(width, BigInt(fields[field] as number)) << BigInt(lsb)),
      0n,
    );
    const ask = sim.fork(function* instruction(): ProcessBody<Retired> {
      for (const [port, value] of Object.entries({ opcode, payload, valid: 1 })) sim.poke(`cmd_${port}`, value);
      const start = yield* until(() => sim.value('cmd_ready') === 1 && { cycle: sim.cycle });
      sim.poke('cmd_valid', 0);
      return yield* until(
        () =>
          sim.value('done') === 1 && { fault: Number(sim.value('fault')), address: Number(sim.value('address')), cycles: sim.cycle - start.cycle },
      );
    });
    return sim.join(ask, { within });
  }

  /** Takes what LD writes. */
  *#writes(): ProcessBody<never> {
    const { sim, scratchpad } = this;
    const words = randomWords(sim.seed, 'scratchpad');
    for (;;) {
      const open = words() >= this.#stall * 2 ** 32;
      sim.poke('scratchpad_ready', open);
      const beat = yield* until(() => ({
        valid: open && sim.value('scratchpad_valid') === 1,
        row: Number(sim.value('scratchpad_row')),
        mask: sim.peekArray('scratchpad_mask'),
        data: sim.peekArray('scratchpad_data'),
      }));
      if (beat.valid) beat.mask.forEach((on, i) => on && (scratchpad[beat.row * this.#width + i] = Number(beat.data[i])));
    }
  }

  /** Answers what ST reads: data one cycle later, and anything in all others. */
  *#reads(): ProcessBody<never> {
    const { sim, scratchpad } = this;
    const words = randomWords(sim.seed, 'scratchpad');
    let row: number | undefined;
    for (;;) {
      const open = words() >= this.#stall * 2 ** 32;
      sim.poke('scratchpad_ready', open);
      const at = row;
      sim.pokeArray(
        'scratchpad_data',
        Array.from({ length: this.#width }, (_, i) => (at === undefined ? words() & 255 : (scratchpad[at * this.#width + i] as number))),
      );
      const asked = yield* until(() => ({ row: sim.value('scratchpad_valid') === 1 ? Number(sim.value('scratchpad_row')) : undefined }));
      row = open ? asked.row : undefined;
    }
  }
}
