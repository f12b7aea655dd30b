// The four queues and the semaphores that order them.
//
// Contract: a queue's oldest instruction is taken when its unit is free and all semaphores that it waits for are positive; it takes one of each at once. Of several that wait for semaphores one is taken in a
// cycle, in the order of `QUEUES`; the others go freely. When an instruction retires it gives one to each semaphore that it signals; those of all units in a cycle add up.
// While `stop` is high nothing is taken, what waits is thrown away and semaphores are 0; the units end what they do.
// Errors: a unit's fault, or a semaphore above 255; of several in a cycle the first unit's.
//
// Timing: an instruction is taken in the cycle after it came at the earliest, offered to its unit in the next one, and its successor is taken in the cycle of `done` at the earliest. A signal counts
// from the cycle behind `done` on.

import { bool, input, lit, Module, output, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { consumer, muxCase } from '../../hdl/std/index.ts';
import { SEMAPHORE_LSB } from '../../isa/encode.ts';
import { ERRORS } from '../../isa/errors.ts';
import { type Queue, SEMAPHORES } from '../../isa/instructions.ts';
import { IssueQueue, issued, unitSide } from './issue-queue.ts';

/** In the order in which they win. */
export const QUEUES = ['ld', 'mx', 'vx', 'st'] as const satisfies readonly Queue[];

/** Bits of a semaphore. */
const COUNT = 8;

/** What went wrong first; `code` 0 is nothing. */
export const errorPorts = () => ({
  code: output(uint(3)),
  index: output(issued.index),
  word: output(issued.word),
  address: output(uint(32)),
});

/** The units, as the side that gives commands has them. */
export const unitSides = () => ({ ld: unitSide(), mx: unitSide(), vx: unitSide(), st: unitSide() });

export interface DispatchConfig {
  /** Instructions that wait in a queue. */
  readonly queue: number;
}

export class Dispatch extends Module<DispatchConfig> {
  readonly p = this.io({
    in: consumer({ queue: uint(2), ...issued }),
    units: unitSides(),
    /** A program begins: semaphores are 0. */
    clear: input(bool),
    stop: input(bool),
    /** Nothing waits, and no unit works. */
    empty: output(bool),
    /** By queue: its unit has something to do; its oldest instruction waits for a semaphore or for its turn. */
    busy: output(vec(bool, QUEUES.length)),
    waiting: output(vec(bool, QUEUES.length)),
    error: errorPorts(),
  });
  readonly semaphores = this.reg(vec(uint(COUNT), SEMAPHORES), { reset: 0 });
  readonly queues = QUEUES.map(() => this.inst(IssueQueue, { depth: this.cfg.queue }));

  constructor(cfg: DispatchConfig) {
    super(cfg);
    this.describe(`Queues of ${cfg.queue} instructions and ${SEMAPHORES} semaphores.`);
    const { p, queues } = this;
    queues.forEach((queue, i) => {
      const unit = p.units[QUEUES[i] as (typeof QUEUES)[number]];
      queue.in.valid.set(p.in.valid.and(p.in.queue.eq(i)));
      queue.in.word.set(p.in.word);
      queue.in.index.set(p.in.index);
      unit.cmd.valid.set(queue.unit.cmd.valid);
      unit.cmd.opcode.set(queue.unit.cmd.opcode);
      unit.cmd.payload.set(queue.unit.cmd.payload);
      queue.unit.cmd.ready.set(unit.cmd.ready);
      queue.unit.done.set(unit.done);
      queue.unit.fault.set(unit.fault);
      queue.unit.address.set(unit.address);
      queue.stop.set(p.stop);
      p.busy.at(i).set(queue.busy);
      p.waiting.at(i).set(queue.waiting);
    });
    p.in.ready.set(
      muxCase(
        lit(bool, false),
        queues.map((queue, i) => [p.in.queue.eq(i), queue.in.ready] as const),
      ),
    );
    p.empty.set(queues.map((queue) => queue.empty).reduce((all, one) => all.and(one)));
    this.#semaphores();
  }

  #semaphores(): void {
    const { p, semaphores, queues } = this;
    const all = <T>(of: (s: number) => T): T[] => Array.from({ length: SEMAPHORES }, (_, s) => of(s));
    const positive = this.wire(uint(SEMAPHORES));
    all((s) => positive.bit(s).set(semaphores.at(s).orR()));

    let contested = lit(bool, false);
    const takes = queues.map((queue, i) => {
      const waits = queue.waits.orR();
      const taken = queue.wants.and(waits.not().or(contested.not())).named(`takes_${QUEUES[i]}`);
      contested = contested.or(queue.wants.and(waits));
      queue.positive.set(positive);
      queue.taken.set(taken);
      return taken;
    });
    const signals = queues.map(({ word }) => word.bits(SEMAPHORE_LSB.signal + SEMAPHORES - 1, SEMAPHORE_LSB.signal));
    const over = this.wire(uint(SEMAPHORES));
    all((s) => {
      const given = queues
        .map(({ retires }, i) => retires.and((signals[i] as UInt).bit(s)).asUInt())
        .reduce<UInt>((sum, one) => sum.add(one), lit(uint(1), 0));
      const took = queues.map(({ waits }, i) => (takes[i] as typeof contested).and(waits.bit(s))).reduce((any, one) => any.or(one));
      const next = semaphores.at(s).add(given).subw(took.asUInt());
      over.bit(s).set(next.shr(COUNT).orR());
      semaphores.at(s).set(next.trunc(COUNT));
    });
    when(p.stop.or(p.clear), () => all((s) => semaphores.at(s).set(0)));

    const codes = queues.map(({ fault }) => fault);
    const failing = queues.map(({ retires, fault }) => retires.and(fault.ne(ERRORS.none)));
    const overflowing = queues.map(({ retires }, i) => retires.and((signals[i] as UInt).and(over).orR()));
    const causes = [...failing, ...overflowing];
    const first = (of: (i: number) => UInt): UInt =>
      muxCase(
        of(0),
        causes.map((cause, i) => [cause, of(i % QUEUES.length)] as const),
      );
    const fault = (i: number): UInt => (queues[i] as (typeof queues)[0]).address;
    p.error.code.set(
      muxCase(
        lit(uint(3), ERRORS.none),
        causes.map((cause, i) => [cause, codes[i] ?? lit(uint(3), ERRORS.overflow)] as const),
      ),
    );
    p.error.index.set(first((i) => (queues[i] as (typeof queues)[0]).index));
    p.error.word.set(first((i) => (queues[i] as (typeof queues)[0]).word));
    p.error.address.set(
      muxCase(
        lit(uint(32), 0),
        failing.map((cause, i) => [cause, fault(i)] as const),
      ),
    );
  }
}
