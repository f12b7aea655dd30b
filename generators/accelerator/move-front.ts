// What LD and ST have in common: it takes their instructions, walks, and ends a move when all that came of it is over.
//
// Contract: `runs` gives the positions of a move. `quiet` says that nothing of those given is under way. With the first `error` `drop` rises and stays until the instruction has retired; from then on
// no position is given. After a fault dimensions, box and offsets are as after `clear`.
// Timing: every other instruction is done one cycle after it was taken. The first position of a move is there one cycle after it was taken, one a cycle follows; done is the cycle behind the first
// in which the walk has ended and `quiet` is high.

import { type Bool, bool, connect, input, lit, Module, optional, output, type UInt, uint, when } from '../../hdl/index.ts';
import type { Inside, Outside } from '../../hdl/io-types.ts';
import { fires, producer } from '../../hdl/std/stream.ts';
import type { AcceleratorConfig } from '../../isa/config.ts';
import { ADDRESS_BITS } from './axi-ports.ts';
import { decodeFields, isOpcode } from './decode.ts';
import { commandPorts } from './ports.ts';
import { RUN_BITS } from './realigner.ts';
import { moveOffset, setBox, setDimension, setStride } from './walk-settings.ts';
import { Walker } from './walker.ts';

export interface MoveFrontConfig extends Pick<AcceleratorConfig, 'scratchpad'> {
  readonly unit: 'ld' | 'st';
}

const DIMS = 4;

export class MoveFront extends Module<MoveFrontConfig> {
  readonly p = this.io({
    ...commandPorts(),
    /** `outside` only for LD, else false. */
    runs: producer({ memory: uint(ADDRESS_BITS), local: uint(localBits(this.cfg)), length: uint(RUN_BITS), outside: bool }),
    quiet: input(bool),
    /** An error response, 2 or 3, and the address of the first byte that it is about. */
    error: { valid: input(bool), response: input(uint(2)), at: input(uint(ADDRESS_BITS)) },
    drop: output(bool),
    /** Of LD: the value outside, and whether bytes of memory are flipped. */
    load: optional(this.cfg.unit === 'ld', { pad: output(uint(8)), flip: output(bool) }),
  });
  readonly walk = this.inst(Walker, { dims: DIMS, addresses: [ADDRESS_BITS, localBits(this.cfg)], box: this.cfg.unit === 'ld' });
  readonly running = this.reg(bool, { reset: false });
  readonly done = this.reg(bool, { reset: false });
  readonly fault = this.reg(uint(3), { reset: 0 });
  readonly address = this.reg(uint(ADDRESS_BITS));
  readonly length = this.reg(uint(RUN_BITS));
  readonly memoryOffset = this.reg(uint(ADDRESS_BITS), { reset: 0 });
  readonly localOffset = this.reg(uint(localBits(this.cfg)), { reset: 0 });

  constructor(cfg: MoveFrontConfig) {
    super(cfg);
    this.describe(`Takes the instructions of ${cfg.unit.toUpperCase()} and walks.`);
    const { p, walk, running, done, fault } = this;
    const taken = fires(p.cmd).named('taken');
    const drop = fault.ne(0).named('drop');
    const clears = p.clear.or(drop).named('clears');
    p.cmd.ready.set(running.not().and(done.not()));
    done.set(taken);
    when(done, () => fault.set(0));
    walk.clear.set(clears);
    this.#dimension(taken);
    this.#offset(taken, clears);
    if (cfg.unit === 'ld') this.#box(taken, clears);
    this.#move(taken);

    p.runs.valid.set(walk.active.and(drop.not()));
    p.runs.memory.set(walk.addresses[0] as UInt);
    p.runs.local.set(walk.addresses[1] as UInt);
    p.runs.length.set(this.length);
    p.runs.outside.set(cfg.unit === 'ld' ? walk.inside.not() : lit(bool, false));
    walk.step.set(fires(p.runs));
    when(p.error.valid.and(drop.not()), () => {
      fault.set(p.error.response);
      this.address.set(p.error.at);
    });
    when(running.and(walk.active.not()).and(p.quiet), () => {
      running.set(false);
      done.set(true);
    });
    p.drop.set(drop);
    p.done.set(done);
    p.fault.set(fault);
    p.address.set(this.address);
  }

  #is(taken: Bool, name: 'dim' | 'offset' | 'move'): Bool {
    return taken.and(isOpcode(this.p.cmd.opcode, `${this.cfg.unit}.${name}`));
  }

  #dimension(taken: Bool): void {
    const sets = this.#is(taken, 'dim').named('sets_dim');
    const { payload } = this.p.cmd;
    const dim = this.cfg.unit === 'ld' ? decodeFields('ld.dim', payload) : decodeFields('st.dim', payload);
    setDimension(this.walk, sets, dim);
    setStride(this.walk, 0, sets, dim.stride);
    setStride(this.walk, 1, sets, dim.local.trunc(localBits(this.cfg)));
  }

  #offset(taken: Bool, clears: Bool): void {
    const { payload } = this.p.cmd;
    const offset = this.cfg.unit === 'ld' ? decodeFields('ld.offset', payload) : decodeFields('st.offset', payload);
    when(this.#is(taken, 'offset'), () => {
      moveOffset(this.memoryOffset, offset.adds, offset.memory);
      moveOffset(this.localOffset, offset.adds, offset.local);
    });
    when(clears, () => {
      this.memoryOffset.set(0);
      this.localOffset.set(0);
    });
  }

  #box(taken: Bool, clears: Bool): void {
    const { walk, p } = this;
    const box = decodeFields('ld.box', p.cmd.payload);
    const sets = taken.and(isOpcode(p.cmd.opcode, 'ld.box')).named('sets_box');
    const pad = this.reg(uint(8), { reset: 0 }).named('pad');
    const flip = this.reg(bool).named('flip');
    setBox(walk, sets, box);
    when(clears, () => pad.set(0)).elsewhen(sets, () => pad.set(box.pad.asUInt()));
    when(taken, () => flip.set(decodeFields('ld.move', p.cmd.payload).convert.eq(1)));
    p.load?.pad.set(pad);
    p.load?.flip.set(flip);
  }

  #move(taken: Bool): void {
    const { payload } = this.p.cmd;
    const move = this.cfg.unit === 'ld' ? decodeFields('ld.move', payload) : decodeFields('st.move', payload);
    const starts = this.#is(taken, 'move').named('starts');
    this.walk.start.set(starts);
    this.walk.bases[0]?.set(move.memory.addw(this.memoryOffset));
    this.walk.bases[1]?.set(move.local.trunc(localBits(this.cfg)).addw(this.localOffset));
    when(starts, () => {
      this.running.set(true);
      this.done.set(false);
      this.length.set(move.run);
    });
  }
}

/** Bits of a byte address of the scratchpad. */
export function localBits({ scratchpad }: Pick<AcceleratorConfig, 'scratchpad'>): number {
  return Math.log2(scratchpad);
}

type Commands = ReturnType<typeof commandPorts>;
/** The unit's control is the front's. */
export function connectCommands(unit: Inside<Commands>, front: Outside<Commands>): void {
  for (const port of ['cmd', 'clear', 'done', 'fault', 'address'] as const) connect(unit[port], front[port]);
}
