// Plays a program as the control of the accelerator does: in order into queues, semaphores, loops, fences. What instructions do is the visitor's.
//
// Invariant: an instruction is visited when its queue has come to it and its semaphores allow it; of those, in a fixed order. A queue takes no more than its length, so what
// ends here ends in the hardware, whose queues are as long.
// Refused: see `PlayError`.

import type { AcceleratorConfig } from '../../../isa/config.ts';
import type { Illegal } from '../../../isa/encode.ts';
import type { ErrorName } from '../../../isa/errors.ts';
import { INSTRUCTIONS, type Instruction, type Queue, SEMAPHORES } from '../../../isa/instructions.ts';

/** The units, in the order in which they are asked. */
export const UNITS = ['ld', 'mx', 'vx', 'st'] as const satisfies readonly Queue[];
export type UnitName = (typeof UNITS)[number];
const MAX_NESTING = 4;
export const MAX_TOKENS = 255;

/** An instruction on its way. */
export interface Issued {
  readonly instruction: Instruction;
  /** Its position in the program. */
  readonly index: number;
  readonly queue: Queue;
}
/** Does an instruction, completely. What it returns ends the program. */
export type Visitor<E> = (issued: Issued) => E | undefined;

/**
 * `deadlock`: nothing can go on. `illegal`: a word that is no instruction, or a loop nested too deep or with a body that leaves the outer one. `end`: no halt.
 * `overflow`: a semaphore above 255.
 */
export interface PlayError {
  readonly code: 'deadlock' | Extract<ErrorName, 'illegal' | 'overflow' | 'end'>;
  readonly index: number;
  readonly message: string;
}
export type Played<E> = { readonly error?: PlayError | E; readonly instructions: number };

/** A program as control meets it; what is illegal is so when control comes to it. */
export type Program = readonly (Instruction | Illegal)[];

export function play<E>(program: Program, config: Pick<AcceleratorConfig, 'queue'>, visit: Visitor<E>): Played<E> {
  const semaphores = new Int32Array(SEMAPHORES);
  const queues: { readonly [U in UnitName]: Issued[] } = { ld: [], mx: [], vx: [], st: [] };
  const counter = new ProgramCounter(program);
  let instructions = 0;
  let halted = false;

  const missing = ({ wait = [] }: Instruction): number | undefined => wait.find((s) => (semaphores[s] as number) === 0);
  const retire = (issued: Issued): E | PlayError | undefined => {
    const { instruction, index } = issued;
    for (const s of instruction.wait ?? []) (semaphores[s] as number)--;
    instructions++;
    const error = visit(issued);
    if (error !== undefined) return error;
    for (const s of instruction.signal ?? []) {
      if (semaphores[s] === MAX_TOKENS)
        return { code: 'overflow', index, message: `${instruction.name} at ${index} signals semaphore ${s} above ${MAX_TOKENS}` };
      (semaphores[s] as number)++;
    }
    return undefined;
  };
  const empty = (): boolean => UNITS.every((unit) => queues[unit].length === 0);

  while (!halted || !empty()) {
    let moved = false;
    // Control: as far as it comes.
    while (!halted) {
      if (counter.problem) return { error: counter.problem, instructions };
      const index = counter.index;
      const instruction = program[index] as Instruction;
      const { queue } = INSTRUCTIONS[instruction.name];
      if (queue === 'control') {
        if ((instruction.name === 'fence' || instruction.name === 'halt') && !empty()) break;
        const error = retire({ instruction, index, queue });
        if (error !== undefined) return { error, instructions };
        halted = instruction.name === 'halt';
      } else {
        if (queues[queue].length >= config.queue) break;
        queues[queue].push({ instruction, index, queue });
      }
      counter.step();
      moved = true;
    }
    for (const unit of UNITS) {
      for (let head = queues[unit][0]; head && missing(head.instruction) === undefined; head = queues[unit][0]) {
        queues[unit].shift();
        const error = retire(head);
        if (error !== undefined) return { error, instructions };
        moved = true;
      }
    }
    if (!moved) return { error: deadlock(), instructions };
  }
  return { instructions };

  function deadlock(): PlayError {
    const waiting = UNITS.flatMap((unit) => queues[unit].slice(0, 1));
    const heads = waiting.map(({ instruction, index }) => `${instruction.name} at ${index} waits for semaphore ${missing(instruction)}`);
    const full = halted ? '' : `; ${(program[counter.index] as Instruction).name} at ${counter.index} is the next that cannot be taken`;
    return { code: 'deadlock', index: waiting[0]?.index ?? counter.index, message: `the program stands still: ${heads.join(', ')}${full}` };
  }
}

/** Positions in the order in which control takes them: loops. */
class ProgramCounter {
  readonly #program: Program;
  readonly #loops: { readonly first: number; readonly end: number; left: number }[] = [];
  index = 0;
  problem: PlayError | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.#check();
  }

  step(): void {
    this.index++;
    for (let loop = this.#loops.at(-1); loop && loop.end === this.index; loop = this.#loops.at(-1)) {
      if (loop.left > 0) {
        loop.left--;
        this.index = loop.first;
        break;
      }
      this.#loops.pop();
    }
    this.#check();
  }

  /** Looks at the instruction that is next; a loop begins here, before it is counted. */
  #check(): void {
    const { index } = this;
    const next = this.#program[index];
    if (!next) this.problem = { code: 'end', index, message: `the program ends at ${index} without halt` };
    else if ('illegal' in next) this.#refuse(next.illegal);
    else if (next.name === 'loop') this.#begin(next);
  }

  #begin({ fields }: Instruction): void {
    const first = this.index + 1;
    const end = first + Number(fields['length']);
    const outer = this.#loops.at(-1);
    if (this.#loops.length === MAX_NESTING) this.#refuse(`loops nest more than ${MAX_NESTING} deep`);
    else if (outer && end > outer.end) this.#refuse('the body of the loop leaves that of the outer one');
    this.#loops.push({ first, end, left: Number(fields['times']) - 1 });
  }

  #refuse(why: string): void {
    this.problem = { code: 'illegal', index: this.index, message: `instruction ${this.index}: ${why}` };
  }
}
