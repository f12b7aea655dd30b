// LD and ST of the golden accelerator: memory ↔ scratchpad.
//
// Invariant: a position whose bytes are not all in memory is a fault; it and those behind it are not copied. Hardware may have written what memory has of that position.

import type { Mnemonic } from '../../../isa/instructions.ts';
import { Settings } from './settings.ts';
import type { Fault, GoldenUnit, Memories, Touch, Work } from './unit.ts';
import type { Fields } from './walk.ts';

/** One run of bytes. `inside` false: the pad value. */
type Visit = (memory: number, local: number, run: number, inside: boolean) => void;

abstract class Mover implements GoldenUnit {
  protected readonly settings: Settings;
  protected readonly on: Memories;
  protected readonly work: Work;

  constructor(unit: 'ld' | 'st', on: Memories, work: Work) {
    this.settings = new Settings(unit);
    this.on = on;
    this.work = work;
  }

  clear(): void {
    this.settings.clear();
  }

  execute(name: Mnemonic, fields: Fields): Fault | undefined {
    return this.settings.set(name, fields) ? undefined : this.move(fields);
  }

  protected abstract move(fields: Fields): Fault | undefined;
  abstract footprint(name: Mnemonic, fields: Fields, touch: Touch): void;
  /** What is told of a run that memory ends before or in. */
  protected abstract faultAddress(address: number, run: number): number;

  /** All positions in order, up to the first that is not in memory. */
  protected positions(fields: Fields, visit: Visit): Fault | undefined {
    const { settings, on } = this;
    const { walk } = settings;
    const run = fields('run');
    const inside = walk.inside();
    const [inner, innerLocal, outer, outerLocal] = [walk.inner('stride'), walk.inner('local'), walk.outer('stride'), walk.outer('local')];
    const [base, local] = [settings.base(fields, 'memory'), settings.base(fields, 'local')];
    const mask = on.config.scratchpad - 1;
    for (let o = 0; o < outer.length; o++) {
      for (let i = 0; i < inner.length; i++) {
        const address = (base + (outer[o] as number) + (inner[i] as number)) >>> 0;
        const isInside = inside(o, i);
        if (isInside && address + run > on.memory.length) return { code: 'decodeError', address: this.faultAddress(address, run) };
        visit(address, (local + (outerLocal[o] as number) + (innerLocal[i] as number)) & mask, run, isInside);
      }
    }
    return undefined;
  }
}

export class LoadUnit extends Mover {
  constructor(on: Memories, work: Work) {
    super('ld', on, work);
  }

  footprint(name: Mnemonic, fields: Fields, touch: Touch): void {
    if (name !== 'ld.move') return;
    this.positions(fields, (memory, local, run, inside) => {
      if (inside) touch('memory', false, memory, run);
      touch('scratchpad', true, local, run);
    });
  }

  /** The first byte that is missing. */
  protected faultAddress(address: number): number {
    return Math.max(address, this.on.memory.length);
  }

  protected move(fields: Fields): Fault | undefined {
    const { memory, scratchpad } = this.on;
    const mask = scratchpad.length - 1;
    const flip = fields('convert') === 1 ? 0x80 : 0;
    const { pad } = this.settings.walk;
    return this.positions(fields, (from, to, run, inside) => {
      if (inside) this.work.bytesRead += run;
      if (to + run <= scratchpad.length && inside && flip === 0) scratchpad.set(memory.subarray(from, from + run), to);
      else for (let i = 0; i < run; i++) scratchpad[(to + i) & mask] = inside ? (memory[from + i] as number) ^ flip : pad;
    });
  }
}

export class StoreUnit extends Mover {
  constructor(on: Memories, work: Work) {
    super('st', on, work);
  }

  footprint(name: Mnemonic, fields: Fields, touch: Touch): void {
    if (name !== 'st.move') return;
    this.positions(fields, (memory, local, run) => {
      touch('scratchpad', false, local, run);
      touch('memory', true, memory, run);
    });
  }

  /** The first byte of the burst that it is missing from: bursts begin at beats, have a limit and stay within 4 KB. */
  protected faultAddress(address: number, run: number): number {
    const { memory, config } = this.on;
    const [beat, page] = [config.bus / 8, 4096];
    for (let first = address; ; ) {
      const aligned = first - (first % beat);
      const next = Math.min(aligned + config.burst * beat, first - (first % page) + page);
      if (Math.min(next, address + run) > memory.length) return first;
      first = next;
    }
  }

  protected move(fields: Fields): Fault | undefined {
    const { memory, scratchpad } = this.on;
    const mask = scratchpad.length - 1;
    return this.positions(fields, (to, from, run) => {
      this.work.bytesWritten += run;
      if (from + run <= scratchpad.length) memory.set(scratchpad.subarray(from, from + run), to);
      else for (let i = 0; i < run; i++) memory[to + i] = scratchpad[(from + i) & mask] as number;
    });
  }
}
