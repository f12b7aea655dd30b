// Checks a program before it runs: freedom from deadlock, by playing its tokens, and from hazards, by a shadow scoreboard.
//
// Invariant: a program without a fault gives the same bytes whatever the queues' relative speed. For that a token must tell who gave it: a semaphore has one queue that signals and one
// that waits, up to a fence. Not seen: what another bus master does to memory.

import type { AcceleratorConfig } from '../../../isa/config.ts';
import type { Instruction } from '../../../isa/instructions.ts';
import { programOf } from './accelerator.ts';
import { Scoreboard } from './scoreboard.ts';
import { type Issued, type PlayError, play } from './tokens.ts';

/** `hazard`: two instructions touch the same bytes in no order. `shared`: several queues signal a semaphore, or wait for it. Others as errors of a run. */
interface ProgramFault {
  readonly code: 'hazard' | 'shared' | PlayError['code'];
  /** Positions in the program: of the instruction, and of the other one. */
  readonly index: number;
  readonly other?: number;
  readonly message: string;
}

/** Faults that are listed at most. */
const MOST_FAULTS = 20;

/**
 * What may go wrong with a program, whatever the speed of its queues; nothing when all is well.
 *
 * @param memoryBytes size of the memory from address 0 on; accesses beyond it are errors of a run and not looked at
 * @throws RangeError as `GoldenAccelerator.run`
 */
export function checkProgram(source: readonly Instruction[] | Uint8Array, config: AcceleratorConfig, memoryBytes: number): ProgramFault[] {
  const program = programOf(source, config);
  const scoreboard = new Scoreboard(config, memoryBytes);
  const faults = new Map<string, ProgramFault>();
  const add = (key: string, fault: ProgramFault): void => {
    if (faults.size < MOST_FAULTS && !faults.has(key)) faults.set(key, fault);
  };
  const users = { wait: new Map<number, Issued>(), signal: new Map<number, Issued>() };
  const name = (index: number): string => `${(program[index] as Instruction).name} at ${index}`;

  const uses = (issued: Issued, which: 'wait' | 'signal'): void => {
    for (const semaphore of issued.instruction[which] ?? []) {
      const first = users[which].get(semaphore) ?? issued;
      users[which].set(semaphore, first);
      if (first.queue === issued.queue) continue;
      const verb = which === 'wait' ? 'wait for' : 'signal';
      const message = `${name(first.index)} and ${name(issued.index)}, of different queues, ${verb} semaphore ${semaphore}: who comes first is not known`;
      add(`${which} ${semaphore}`, { code: 'shared', index: issued.index, other: first.index, message });
    }
  };
  /** Behind a fence a semaphore without tokens is anyone's. */
  const fence = (): void => {
    scoreboard.fence();
    for (const of of [users.wait, users.signal]) for (const semaphore of of.keys()) if (scoreboard.tokens(semaphore) === 0) of.delete(semaphore);
  };
  const { error } = play<never>(program, config, (issued) => {
    const { instruction, index, queue } = issued;
    if (queue === 'control') {
      if (instruction.name === 'fence') fence();
      return;
    }
    uses(issued, 'wait');
    uses(issued, 'signal');
    scoreboard.issue(issued, ({ other, wrote, space, write, address }) => {
      const does = `${write ? 'writes' : 'reads'} ${space === 'sums' ? 'row' : 'byte'} ${address} of the ${space}`;
      const why =
        other === index ? 'it wrote that itself before' : `${name(other)} ${wrote ? 'writes' : 'reads'} it, and no semaphore orders the two`;
      add(`${index} ${other} ${space}`, { code: 'hazard', index, other, message: `${name(index)} ${does}: ${why}` });
    });
  });
  return [...faults.values(), ...(error ? [error] : [])];
}
