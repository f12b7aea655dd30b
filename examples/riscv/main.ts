// npm run example:riscv [-- ENGINE]: programs on the RV32I core, in process or with `verilator` or `icarus`.

import { type EngineName, simulate } from '../../sim/index.ts';
import { assemble } from './assembler.ts';
import { PRIMES, SORT } from './programs.ts';
import { runProgram } from './run.ts';
import { RiscvSystem } from './system.ts';

// An engine that there is not is refused by `simulate`, with the names of those that there are.
const engine = (process.argv[2] ?? 'systole') as EngineName;
using sim = simulate(RiscvSystem, { words: 256 }, { engine });
sim.reset();
for (const [name, text] of Object.entries({ 'primes below 200': PRIMES, 'twelve numbers in order': SORT })) {
  const begin = performance.now();
  const { status, cycles, host, retired } = runProgram(sim, assemble(text));
  const milliseconds = (performance.now() - begin).toFixed(0);
  console.log(`${name}: ${host.map((word) => word | 0).join(' ')}`);
  console.log(`  ${status} after ${cycles} cycles, ${retired.length} instructions, ${milliseconds} ms on ${engine}`);
  if (status !== 'stopped') process.exitCode = 1;
}
