// An accelerator with a memory, as software sees it: registers through AXI4-Lite, a program in memory, the interrupt.
//
// Contract: on every engine. Refused, as an Error that says what came instead: a register that answers with an error, an interrupt that stays.

import { type Lowered, loweredCycles, outputOf, systemImage } from '../../compiler/accelerator/index.ts';
import { Accelerator } from '../../generators/accelerator/accelerator.ts';
import { ACCELERATOR_REGISTERS, COUNTERS, type CounterName } from '../../generators/accelerator/registers.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import type { TimingCounters } from '../golden/accelerator/index.ts';
import { type AxiMemoryOptions, axiLiteMaster, axiMemory, type EngineName, type ProcessBody, type Simulation, simulate, until } from '../index.ts';

export interface SystemOptions extends AxiMemoryOptions {
  readonly engine?: EngineName;
  readonly seed?: number;
}

/** Cycles after which a program is taken to hang. */
const MOST_CYCLES = 20_000_000;
const REGISTERS = ACCELERATOR_REGISTERS.registers;

/** What software finds when a program has ended. */
export interface Outcome {
  readonly done: boolean;
  readonly error: { readonly code: number; readonly index: number; readonly word: bigint; readonly address: number };
  readonly counters: { readonly [N in CounterName]: number };
}

function mustBe(what: string, value: unknown, wanted: number): void {
  if (value !== wanted) throw new Error(`${what} is ${value}, but should be ${wanted}`);
}

export class AcceleratorSystem {
  readonly sim: Simulation;
  readonly #bus: ReturnType<typeof axiLiteMaster>;

  constructor(config: AcceleratorConfig, memory: Uint8Array, options: SystemOptions = {}) {
    const { engine = 'systole', seed = 1, ...behaviour } = options;
    this.sim = simulate(Accelerator, config, { engine, seed }) as Simulation;
    this.sim.reset();
    this.sim.fork(() => axiMemory(this.sim, 'bus', memory, behaviour), { name: 'memory' });
    this.#bus = axiLiteMaster(this.sim, 'registers', { stall: 0.3 });
  }

  *write(register: keyof typeof REGISTERS, value: number): ProcessBody<void> {
    mustBe(`the answer to a write of ${register}`, yield* this.#bus.write(REGISTERS[register].offset, value), 0);
  }

  *read(register: keyof typeof REGISTERS): ProcessBody<number> {
    const { data, response } = yield* this.#bus.read(REGISTERS[register].offset);
    mustBe(`the answer to a read of ${register}`, response, 0);
    return Number(data);
  }

  /** Runs the program of `length` words at an address of the memory, to its interrupt. */
  run(address: number, length: number, within = MOST_CYCLES): Outcome {
    return this.sim.join(
      this.sim.fork(() => this.#run(address, length, within), { name: 'software' }),
      { within: within + 2000 },
    );
  }

  *#run(address: number, length: number, within: number): ProcessBody<Outcome> {
    yield* this.write('programAddress', address);
    yield* this.write('programLength', length);
    yield* this.write('interruptEnable', 3);
    yield* this.write('control', 1);
    yield* until(() => this.sim.value('irq') === 1, { within, what: 'the interrupt' });
    const status = yield* this.read('status');
    const error = {
      code: (status >> 4) & 15,
      index: yield* this.read('errorIndex'),
      word: 0n,
      address: yield* this.read('errorAddress'),
    };
    for (const i of [3, 2, 1, 0] as const) error.word = (error.word << 32n) | BigInt(yield* this.read(`errorWord${i}`));
    const counters: { [name: string]: number } = {};
    for (const name of Object.keys(COUNTERS) as CounterName[]) counters[name] = yield* this.read(name);
    yield* this.write('interruptStatus', 3);
    mustBe('the interrupt status after it was cleared', (yield* this.read('interruptStatus')) & 3, 0);
    return { done: (status & 3) === 2, error, counters: counters as Outcome['counters'] };
  }
}

/** What a lowered program left. */
export interface LoweredRun extends Outcome {
  /** Counters that are not the timing model's, as text; undefined where all are, and where the memory does what the model does not know: stalls, another order. */
  readonly timingFault: string | undefined;
  readonly output: Int8Array;
  /** All of memory, the program behind the data. */
  readonly memory: Uint8Array;
}

/**
 * Runs a lowered layer on the hardware, from memory to memory.
 *
 * @throws RangeError when a tensor has another size than the layer takes; Error when the accelerator ends with an error
 */
export function runLowered(lowered: Lowered, tensors: readonly Int8Array[], config: AcceleratorConfig, options: SystemOptions = {}): LoweredRun {
  const { memory, program } = systemImage(lowered, tensors, config);
  const system = new AcceleratorSystem(config, memory, options);
  try {
    const outcome = system.run(program.address, program.length);
    const { code, index, address } = outcome.error;
    if (!outcome.done) throw new Error(`the accelerator ended with error ${code} in instruction ${index}, at address ${address}`);
    const timingFault = isTimed(options) ? differing(outcome.counters, loweredCycles(lowered, config, options).counters) : undefined;
    return { ...outcome, timingFault, output: outputOf(lowered, memory), memory };
  } finally {
    system.sim.close();
  }
}

/** Whether the memory behaves as the timing model knows it. */
function isTimed({ stall = 0, outOfOrder = false, addressAfterData = false }: SystemOptions): boolean {
  return stall === 0 && !outOfOrder && !addressAfterData;
}

function differing(counters: Outcome['counters'], model: TimingCounters): string | undefined {
  const names = (Object.keys(model) as (keyof TimingCounters)[]).filter((name) => model[name] !== counters[name]);
  return names.length === 0 ? undefined : names.map((name) => `${name} is ${counters[name]}, but ${model[name]} in the timing model`).join('; ');
}
