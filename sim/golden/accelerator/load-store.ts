// LD and ST of the golden accelerator: memory ↔ scratchpad.
//
// Invariant: a position whose bytes are not all in memory is a fault; it and those behind it are not copied.

import type { Mnemonic } from '../../../isa/instructions.ts';
import type { Fault, GoldenUnit, Memories, Touch, Work } from './unit.ts';
import { type Fields, Offsets, Walk } from './walk.ts';

/** One run of bytes. `inside` false: the pad value. */
type Visit = (memory: number, local: number, run: number, inside: boolean) => void;

abstract class Mover implements GoldenUnit {
  protected readonly walk = new Walk(['stride', 'local']);
  protected readonly offsets = new Offsets(['memory', 'local']);
  protected readonly on: Memories;
  protected readonly work: Work;

  constructor(on: Memories, work: Work) {
    this.on = on;
    this.work = work;
  }

  clear(): void {
    this.walk.clear();
    this.offsets.clear();
  }

  abstract execute(name: Mnemonic, fields: Fields): Fault | undefined;
  abstract footprint(name: Mnemonic, fields: Fields, touch: Touch): void;

  /** All positions in order, up to the first that is not in memory. */
  protected positions(fields: Fields, visit: Visit): Fault | undefined {
    const { walk, offsets, on } = this;
    const run = fields('run');
    const inside = walk.inside();
    const [inner, innerLocal, outer, outerLocal] = [walk.inner('stride'), walk.inner('local'), walk.outer('stride'), walk.outer('local')];
    const base = fields('memory') + offsets.of('memory');
    const local = fields('local') + offsets.of('local');
    const mask = on.config.scratchpad - 1;
    for (let o = 0; o < outer.length; o++) {
      for (let i = 0; i < inner.length; i++) {
        const address = (base + (outer[o] as number) + (inner[i] as number)) >>> 0;
        const isInside = inside(o, i);
        if (isInside && address + run > on.memory.length) return { code: 'decodeError', address: Math.max(address, on.memory.length) };
        visit(address, (local + (outerLocal[o] as number) + (innerLocal[i] as number)) & mask, run, isInside);
      }
    }
    return undefined;
  }
}

export class LoadUnit extends Mover {
  execute(name: Mnemonic, fields: Fields): Fault | undefined {
    if (name === 'ld.dim') this.walk.setDimension(fields, ['stride', 'local', 'y', 'x']);
    else if (name === 'ld.box') this.walk.setBox(fields);
    else if (name === 'ld.offset') this.offsets.set(fields);
    else return this.#move(fields);
    return undefined;
  }

  footprint(name: Mnemonic, fields: Fields, touch: Touch): void {
    if (name !== 'ld.move') return;
    this.positions(fields, (memory, local, run, inside) => {
      if (inside) touch('memory', false, memory, run);
      touch('scratchpad', true, local, run);
    });
  }

  #move(fields: Fields): Fault | undefined {
    const { memory, scratchpad } = this.on;
    const mask = scratchpad.length - 1;
    const flip = fields('convert') === 1 ? 0x80 : 0;
    const pad = this.walk.pad;
    return this.positions(fields, (from, to, run, inside) => {
      if (inside) this.work.bytesRead += run;
      if (to + run <= scratchpad.length && inside && flip === 0) scratchpad.set(memory.subarray(from, from + run), to);
      else for (let i = 0; i < run; i++) scratchpad[(to + i) & mask] = inside ? (memory[from + i] as number) ^ flip : pad;
    });
  }
}

export class StoreUnit extends Mover {
  execute(name: Mnemonic, fields: Fields): Fault | undefined {
    if (name === 'st.dim') this.walk.setDimension(fields, ['stride', 'local']);
    else if (name === 'st.offset') this.offsets.set(fields);
    else return this.#move(fields);
    return undefined;
  }

  footprint(name: Mnemonic, fields: Fields, touch: Touch): void {
    if (name !== 'st.move') return;
    this.positions(fields, (memory, local, run) => {
      touch('scratchpad', false, local, run);
      touch('memory', true, memory, run);
    });
  }

  #move(fields: Fields): Fault | undefined {
    const { memory, scratchpad } = this.on;
    const mask = scratchpad.length - 1;
    return this.positions(fields, (to, from, run) => {
      this.work.bytesWritten += run;
      if (from + run <= scratchpad.length) memory.set(scratchpad.subarray(from, from + run), to);
      else for (let i = 0; i < run; i++) memory[to + i] = scratchpad[(from + i) & mask] as number;
    });
  }
}
