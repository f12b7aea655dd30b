// The queue of one unit, and the instruction that the unit is busy with.
//
// Contract: `wants` while the oldest instruction could begin, `waits` the semaphores that it takes then; it begins in the cycle in which `taken` is high. It is offered to the unit in the next one. In the cycle of `retires` its
// `word` and `index` stand there, with what the unit said. While `stop` is high nothing begins and what waits is thrown away.
//
// Timing: `wants` in the cycle after an instruction came at the earliest, and in the cycle of `retires` again.

import { bool, flip, input, Module, output, uint, when } from '../../hdl/index.ts';
import { consumer, fifo, fires } from '../../hdl/std/index.ts';
import { SEMAPHORE_LSB } from '../../isa/encode.ts';
import { PAYLOAD, SEMAPHORES, WORD_BYTES } from '../../isa/instructions.ts';
import { INDEX_BITS } from './fetch.ts';
import { commandPorts, FAULTS } from './ports.ts';

/** An instruction on its way. */
export const issued = { word: uint(8 * WORD_BYTES), index: uint(INDEX_BITS) };

/** A unit's control as the side that gives commands has it, without `clear`. */
export function unitSide() {
  const { cmd, done, fault, address } = flip(commandPorts());
  return { cmd, done, fault, address };
}

export interface IssueQueueConfig {
  readonly depth: number;
}

export class IssueQueue extends Module<IssueQueueConfig> {
  readonly p = this.io({
    in: consumer(issued),
    unit: unitSide(),
    /** Semaphores that are not 0. */
    positive: input(uint(SEMAPHORES)),
    stop: input(bool),
    wants: output(bool),
    waits: output(uint(SEMAPHORES)),
    taken: input(bool),
    retires: output(bool),
    fault: output(uint(3)),
    address: output(uint(32)),
    word: output(uint(8 * WORD_BYTES)),
    index: output(uint(INDEX_BITS)),
    /** An instruction waits for semaphores, or for its turn. */
    waiting: output(bool),
    /** The unit has something to do. */
    busy: output(bool),
    /** Nothing waits, and the unit has nothing to do. */
    empty: output(bool),
  });
  readonly word = this.reg(uint(8 * WORD_BYTES));
  readonly index = this.reg(uint(INDEX_BITS));
  readonly unit = this.fsm(['free', 'offer', 'work']);

  constructor(cfg: IssueQueueConfig) {
    super(cfg);
    this.describe(`A queue of ${cfg.depth} instructions in front of a unit.`);
    const { p, word, index, unit } = this;
    const { out: head, count } = fifo(p.in, { depth: cfg.depth });
    const retires = unit.is('work').and(p.unit.done).named('retires');
    // A poisoned instruction is the last one.
    const free = unit
      .is('free')
      .or(retires.and(p.unit.fault.eq(FAULTS.none)))
      .named('free');
    const waits = head.word.bits(SEMAPHORE_LSB.wait + SEMAPHORES - 1, SEMAPHORE_LSB.wait);
    const ready = head.valid.and(free).and(p.stop.not()).named('ready');
    p.wants.set(ready.and(waits.and(p.positive.not()).eq(0)));
    p.waits.set(waits);
    p.waiting.set(ready.and(p.taken.not()));
    head.ready.set(p.taken.or(p.stop));

    p.unit.cmd.valid.set(unit.is('offer'));
    p.unit.cmd.opcode.set(word.bits(7, 0));
    p.unit.cmd.payload.set(word.bits(PAYLOAD.lsb + PAYLOAD.width - 1, PAYLOAD.lsb));
    unit.on({
      offer: () => when(fires(p.unit.cmd), () => unit.goto('work')),
      work: () => when(p.unit.done, () => unit.goto('free')),
    });
    when(p.taken, () => {
      word.set(head.word);
      index.set(head.index);
      unit.goto('offer');
    });

    p.retires.set(retires);
    p.fault.set(p.unit.fault);
    p.address.set(p.unit.address);
    p.word.set(word);
    p.index.set(index);
    p.busy.set(unit.is('free').not());
    p.empty.set(unit.is('free').and(count.eq(0)));
  }
}
