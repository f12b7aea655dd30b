// A program from start to end: fetch, decode, loops, control instructions, errors.
//
// Contract: `start` while idle begins a program afresh at `first` (its address divided by 16), `length` instructions long. Instructions are issued in order; `begin`, `loop`, `fence`, `interrupt`, `counters` and `halt` are executed
// here, in order, the others go to their queues. An error ends the program: nothing new begins, the units and bursts end what they do, queues and semaphores are emptied; the first error stays to be read until the next start.
// `softReset` does the same without an error, and when all is quiet, in the cycle of `softResetDone`, forgets what was to be read.
//
// Timing: an instruction takes two cycles, one to read and one to issue, and more where it waits: for memory, a full queue, or with fence and halt for everything before it.

import { type Bool, bool, connect, input, lit, Module, mux, output, type UInt, uint, vec, when } from '../../hdl/index.ts';
import { muxCase } from '../../hdl/std/index.ts';
import { type AcceleratorConfig, acceleratorHash } from '../../isa/config.ts';
import { ERRORS } from '../../isa/errors.ts';
import { type Mnemonic, PAYLOAD, type Queue } from '../../isa/instructions.ts';
import { ENTRIES } from '../../isa/rules.ts';
import { readChannels } from './axi-ports.ts';
import { decodeFields, isOpcode } from './decode.ts';
import { Dispatch, errorPorts, QUEUES, unitSides } from './dispatch.ts';
import { Fetch, INDEX_BITS, SLOT_BITS } from './fetch.ts';
import { isLegal } from './legal.ts';
import { Loops } from './loops.ts';

export class Control extends Module<AcceleratorConfig> {
  readonly p = this.io({
    axi: readChannels(this.cfg),
    units: unitSides(),
    /** To all units: a program begins. */
    clear: output(bool),
    start: input(bool),
    first: input(uint(SLOT_BITS - 1)),
    length: input(uint(INDEX_BITS)),
    softReset: input(bool),
    softResetDone: output(bool),
    busy: output(bool),
    /** The last program ended with `halt`. */
    done: output(bool),
    error: errorPorts(),
    /** One cycle each: a program ended with halt, ended with an error; `interrupt` was executed, with its code. */
    halted: output(bool),
    failed: output(bool),
    interrupts: output(bool),
    interruptCode: output(uint(32)),
    /** `counters` was executed. */
    clearCounters: output(bool),
    /** An instruction was issued or executed. */
    advances: output(bool),
    queueBusy: output(vec(bool, QUEUES.length)),
    queueWaiting: output(vec(bool, QUEUES.length)),
  });
  readonly pc = this.reg(uint(SLOT_BITS));
  readonly base = this.reg(uint(SLOT_BITS));
  readonly end = this.reg(uint(SLOT_BITS));
  readonly begun = this.reg(bool);
  readonly done = this.reg(bool, { reset: false });
  readonly code = this.reg(uint(3), { reset: ERRORS.none });
  readonly errorIndex = this.reg(uint(INDEX_BITS), { reset: 0 });
  readonly errorWord = this.reg(uint(128), { reset: 0 });
  readonly errorAddress = this.reg(uint(32), { reset: 0 });
  /** What ends is to be forgotten. */
  readonly resetting = this.reg(bool, { reset: false });
  readonly control = this.fsm(['idle', 'read', 'issue', 'stop']);
  readonly fetch = this.inst(Fetch, { bus: this.cfg.bus, burst: this.cfg.burst });
  readonly loops = this.inst(Loops);
  readonly dispatch = this.inst(Dispatch, { queue: this.cfg.queue });

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe('Program control: fetch, decode, loops, queues and errors.');
    const { p, control, fetch, dispatch } = this;
    connect(fetch.axi, p.axi);
    connect(dispatch.units, p.units);
    this.#begin();
    this.#issue();
    this.#end();
    p.busy.set(control.is('idle').not());
    p.done.set(this.done);
    p.error.code.set(this.code);
    p.error.index.set(this.errorIndex);
    p.error.word.set(this.errorWord);
    p.error.address.set(this.errorAddress);
    p.queueBusy.set(dispatch.busy);
    p.queueWaiting.set(dispatch.waiting);
  }

  /** Idle: a start, or a soft reset of what is to be read. */
  #begin(): void {
    const { p, control, fetch, pc, base, end } = this;
    const starts = control.is('idle').and(p.start).and(p.softReset.not()).named('starts');
    fetch.start.set(starts);
    fetch.first.set(p.first);
    fetch.length.set(p.length);
    when(starts, () => {
      pc.set(p.first);
      base.set(p.first);
      end.set(p.first.add(p.length).trunc(SLOT_BITS));
      this.begun.set(false);
      this.#forget();
      control.goto('read');
    });
  }

  #forget(): void {
    this.done.set(false);
    this.resetting.set(false);
    for (const register of [this.code, this.errorIndex, this.errorWord, this.errorAddress]) register.set(0);
  }

  /** The first error ends the program. */
  #fail(code: UInt | number, { index, word, address }: { readonly index?: UInt; readonly word?: UInt; readonly address?: UInt }): void {
    const { pc, base, control } = this;
    this.code.set(code as UInt);
    this.errorIndex.set(index ?? pc.subw(base).trunc(INDEX_BITS));
    this.errorWord.set(word ?? 0);
    this.errorAddress.set(address ?? 0);
    control.goto('stop');
  }

  /** Reads and issues one instruction after the other. */
  #issue(): void {
    const { p, control, fetch, loops, dispatch, pc, begun } = this;
    const { word } = fetch;
    fetch.at.set(pc);
    fetch.oldest.set(loops.oldest);
    const payload = word.bits(PAYLOAD.lsb + PAYLOAD.width - 1, PAYLOAD.lsb);
    const is = (name: Mnemonic): Bool => isOpcode(word.bits(7, 0), name);
    const [legal, empty] = [isLegal(word, this.cfg).named('legal'), dispatch.empty];
    const { times, length } = decodeFields('loop', payload);
    const fits = loops.full.or(loops.leaves).not();
    const right = is('begin').and(decodeFields('begin', payload).hash.eq(acceleratorHash(this.cfg)));
    const executes = control.is('issue').and(legal).and(begun).named('executes');
    const issuing = executes.and(QUEUES.map((queue) => this.#goesTo(queue, word)).reduce((any, one) => any.or(one))).named('issuing');

    const begins = control.is('issue').and(legal).and(begun.not()).and(right).named('begins');
    const enters = executes.and(is('loop')).and(fits).named('enters');
    const interrupts = executes.and(is('interrupt')).named('interrupts');
    const counters = executes.and(is('counters')).named('counters');
    const fences = executes.and(is('fence')).and(empty);
    const halting = executes.and(is('halt')).named('halting');
    const halts = halting.and(empty).and(fetch.idle).named('halts');
    const goesOn = begins.or(enters).or(interrupts).or(counters).or(fences).or(issuing.and(dispatch.in.ready)).named('goesOn');

    fetch.stop.set(halting.or(control.is('stop')));
    dispatch.in.valid.set(issuing);
    dispatch.in.queue.set(
      muxCase(
        lit(uint(2), 0),
        QUEUES.map((queue, i) => [this.#goesTo(queue, word), lit(uint(2), i)] as const),
      ),
    );
    dispatch.in.word.set(word);
    dispatch.in.index.set(pc.subw(this.base).trunc(INDEX_BITS));
    dispatch.clear.set(begins);
    dispatch.stop.set(control.is('stop'));
    loops.at.set(pc);
    loops.clear.set(begins);
    loops.advance.set(goesOn);
    loops.enter.set(enters);
    loops.times.set(times);
    loops.length.set(length);

    control.on({
      read: () =>
        when(pc.eq(this.end), () => this.#fail(ERRORS.end, {}))
          .elsewhen(fetch.ready, () => control.goto('issue'))
          .elsewhen(fetch.fault.ne(ERRORS.none), () => this.#fail(fetch.fault, { address: fetch.address })),
      issue: () =>
        when(legal.not().or(executes.and(is('loop')).and(fits.not())), () => this.#fail(ERRORS.illegal, { word }))
          .elsewhen(begun.eq(is('begin')).or(begun.not().and(right.not())), () => this.#fail(ERRORS.begin, { word }))
          .elsewhen(goesOn, () => {
            pc.set(loops.next);
            begun.set(true);
            control.goto('read');
          })
          .elsewhen(halts, () => {
            this.done.set(true);
            control.goto('idle');
          }),
    });
    p.clear.set(begins);
    p.halted.set(halts);
    p.interrupts.set(interrupts);
    p.interruptCode.set(decodeFields('interrupt', payload).code);
    p.clearCounters.set(counters);
    p.advances.set(goesOn.or(halts));
  }

  #goesTo(queue: Queue, word: UInt): Bool {
    return ENTRIES.filter(([, spec]) => spec.queue === queue)
      .map(([name]) => isOpcode(word.bits(7, 0), name))
      .reduce((any, one) => any.or(one));
  }

  /** Errors of units, soft resets, and what waits for all to be quiet. */
  #end(): void {
    const { p, control, fetch, dispatch, resetting } = this;
    const works = control.is('read', 'issue').named('works');
    const quiet = control.is('stop').and(dispatch.empty).and(fetch.idle).named('quiet');
    when(works.and(dispatch.error.code.ne(ERRORS.none)), () => this.#fail(dispatch.error.code, dispatch.error));
    when(works.or(control.is('stop')).and(p.softReset), () => {
      resetting.set(true);
      control.goto('stop');
    });
    const forgets = mux(control.is('idle'), p.softReset, quiet.and(resetting)).named('forgets');
    when(quiet.and(resetting.or(p.softReset.not())), () => control.goto('idle'));
    when(forgets, () => this.#forget());
    p.failed.set(quiet.and(resetting.not()).and(p.softReset.not()));
    p.softResetDone.set(forgets);
  }
}
