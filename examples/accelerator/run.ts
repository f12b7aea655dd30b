// Runs a lowered layer on the accelerator's hardware, in process or in a Verilog simulator, with a memory behind its bus.

import type { Lowered } from '../../compiler/accelerator/index.ts';
import { memoryImage } from '../../compiler/accelerator/index.ts';
import { Accelerator } from '../../generators/accelerator/accelerator.ts';
import { ACCELERATOR_REGISTERS, COUNTERS, type CounterName } from '../../generators/accelerator/registers.ts';
import { type AcceleratorConfig, encodeProgram } from '../../isa/index.ts';
import { axiLiteMaster, axiMemory, type EngineName, type ProcessBody, type Simulation, simulate, until } from '../../sim/index.ts';

const REGISTERS = ACCELERATOR_REGISTERS.registers;
const PAGE = 4096;
/** Bits of STATUS: the error's code. */
const ERROR = { lsb: 4, mask: 15 };

export interface HardwareRun {
  readonly output: Int8Array;
  /** 0: none. */
  readonly error: number;
  readonly counters: { readonly [N in CounterName]: number };
}

/** @param latency cycles of the memory from an address to its first beat */
export function runOnHardware(
  lowered: Lowered,
  tensors: readonly Int8Array[],
  config: AcceleratorConfig,
  { engine = 'systole' as EngineName, latency = 100, within = 2_000_000 } = {},
): HardwareRun {
  const image = memoryImage(lowered, tensors);
  const words = encodeProgram(lowered.program, config);
  const base = Math.ceil(image.length / PAGE) * PAGE;
  const memory = new Uint8Array(base + words.length);
  memory.set(image);
  memory.set(words, base);
  using sim = simulate(Accelerator, config, { engine }) as Simulation;
  sim.reset();
  sim.fork(() => axiMemory(sim, 'bus', memory, { latency }), { name: 'memory' });
  const bus = axiLiteMaster(sim, 'registers');
  function* software(): ProcessBody<Pick<HardwareRun, 'error' | 'counters'>> {
    for (const [register, value] of Object.entries({ programAddress: base, programLength: lowered.program.length, interruptEnable: 3, control: 1 }))
      yield* bus.write(REGISTERS[register as keyof typeof REGISTERS].offset, value);
    yield* until(() => sim.value('irq') === 1, { within, what: 'the interrupt' });
    const read = function* (register: keyof typeof REGISTERS): ProcessBody<number> {
      return Number((yield* bus.read(REGISTERS[register].offset)).data);
    };
    const error = ((yield* read('status')) >> ERROR.lsb) & ERROR.mask;
    const counters: { [name: string]: number } = {};
    for (const name of Object.keys(COUNTERS) as CounterName[]) counters[name] = yield* read(name);
    return { error, counters: counters as HardwareRun['counters'] };
  }
  const ended = sim.join(sim.fork(software, { name: 'software' }), { within: within + 2000 });
  return { ...ended, output: new Int8Array(memory.buffer, lowered.output.address, lowered.output.bytes) };
}
