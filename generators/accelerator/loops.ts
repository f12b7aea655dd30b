// Hardware loops: where the program goes on behind each instruction.
//
// Contract: `next` is the slot behind `at`, or the start of the innermost body that ends at `at` and is to be repeated; `advance` in a cycle makes it count. `enter` begins a loop whose body stands
// behind `at`, `times` times. Only legal loops may be entered: `full` says that four are open, `leaves` that the body would not end within the one around it.

import { type Bool, bool, bundle, cat, input, Module, mux, output, type UInt, uint, when } from '../../hdl/index.ts';
import { INSTRUCTIONS } from '../../isa/instructions.ts';
import { SLOT_BITS } from './fetch.ts';

/** Loops that may be open at a time. */
export const LOOP_DEPTH = 4;
const TIMES = INSTRUCTIONS.loop.fields.times.width;

const Open = bundle({ start: uint(SLOT_BITS), end: uint(SLOT_BITS), left: uint(TIMES) });

export class Loops extends Module {
  readonly p = this.io({
    clear: input(bool),
    at: input(uint(SLOT_BITS)),
    advance: input(bool),
    enter: input(bool),
    times: input(uint(TIMES)),
    length: input(uint(INSTRUCTIONS.loop.fields.length.width)),
    next: output(uint(SLOT_BITS)),
    /** The first slot that may be executed again. */
    oldest: output(uint(SLOT_BITS)),
    full: output(bool),
    leaves: output(bool),
  });
  /** Open loops, the innermost first. */
  readonly open = Array.from({ length: LOOP_DEPTH }, () => this.reg(Open));
  readonly used = this.reg(uint(LOOP_DEPTH), { reset: 0 });

  constructor() {
    super();
    this.describe(`Hardware loops, ${LOOP_DEPTH} deep.`);
    const { p, open, used } = this;
    const [innermost] = open as [(typeof open)[0], ...typeof open];
    const levels = open.map(({ start, end, left }, i) => ({ start, end, left, open: used.bit(i) }));
    const following = p.at.addw(1);
    const end = p.at.addw(p.length).named('end');

    // The innermost loops that end here and have run often enough are left; the next one, if it ends here too, jumps.
    const leaving: Bool[] = [];
    const jumping: Bool[] = [];
    levels.forEach((level, i) => {
      const inner = leaving[i - 1];
      const ends = level.open.and(level.end.eq(p.at)).and(inner ?? true);
      leaving.push(ends.and(level.left.eq(0)).named(`leaves_${i}`));
      jumping.push(ends.and(level.left.ne(0)).named(`jumps_${i}`));
    });
    const jumps = jumping.reduce((any, one) => any.or(one));
    p.next.set(levels.reduceRight<UInt>((rest, level, i) => mux(jumping[i] as Bool, level.start, rest), following));
    p.oldest.set(levels.reduce<UInt>((rest, level) => mux(level.open, level.start, rest), p.at));
    p.full.set(used.andR());
    p.leaves.set(used.bit(0).and(end.gt(innermost.end)));

    when(p.clear, () => used.set(0))
      .elsewhen(p.enter, () => {
        used.set(cat(used.bits(LOOP_DEPTH - 2, 0), p.enter));
        open.slice(1).forEach((level, i) => level.set(open[i] as never));
        innermost.start.set(following);
        innermost.end.set(end);
        innermost.left.set(p.times.subw(1));
      })
      .elsewhen(p.advance, () => {
        // Left from the innermost on: as many places down.
        for (let pops = 1; pops <= LOOP_DEPTH; pops++)
          when(leaving[pops - 1] as Bool, () => {
            used.set(used.shr(pops));
            open.slice(pops).forEach((level, i) => open[i]?.set(level as never));
          });
        when(jumps, () => {
          const left = levels.reduceRight<UInt>((rest, level, i) => mux(jumping[i] as Bool, level.left, rest), innermost.left);
          innermost.left.set(left.subw(1));
        });
      });
  }
}
