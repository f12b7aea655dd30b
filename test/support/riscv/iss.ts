// RV32I, instruction by instruction, written from the ISA manual (volume I, version 20191213) and from nothing of the core.
//
// Invariant: integers of JavaScript with 32 bits; registers are kept signed. Memory is `words` words, which repeat below 2^31; a word stored above that is
// given to the host. What is loaded from there is not modelled: it throws.

/** What one instruction did; `rd` is 0 where no register was written. */
export interface Retired {
  readonly pc: number;
  readonly rd: number;
  /** Unsigned; 0 where rd is 0. */
  readonly value: number;
}

export type Halt = 'stopped' | 'illegal' | 'misaligned';

export class Iss {
  readonly registers = new Int32Array(32);
  readonly host: number[] = [];
  readonly #memory: DataView;
  pc = 0;

  constructor(program: Uint32Array, words: number) {
    this.#memory = new DataView(new ArrayBuffer(4 * words));
    for (const [i, word] of program.entries()) this.#memory.setUint32(4 * i, word, true);
  }

  /** Executes one instruction; text when it halts in front of it. */
  step(): Retired | Halt {
    const { pc, registers } = this;
    const word = this.#memory.getInt32(pc % this.#memory.byteLength, true);
    const field = (low: number, width: number): number => (word >>> low) & ((1 << width) - 1);
    const [rd, funct3, funct7] = [field(7, 5), field(12, 3), field(25, 7)];
    const [a, b] = [registers[field(15, 5)] as number, registers[field(20, 5)] as number];
    const immediate = word >> 20;
    const to = (value: number): Retired => {
      this.pc = (pc + 4) >>> 0;
      return this.#write(rd, value, pc);
    };
    switch (field(0, 7)) {
      case 0b0110111:
        return to(word & 0xfffff000);
      case 0b0010111:
        return to(pc + (word & 0xfffff000));
      case 0b1101111: {
        const by = ((word >> 31) << 20) | (field(12, 8) << 12) | (field(20, 1) << 11) | (field(21, 10) << 1);
        return this.#jump(pc + by, rd);
      }
      case 0b1100111:
        return funct3 === 0 ? this.#jump((a + immediate) & ~1, rd) : 'illegal';
      case 0b1100011: {
        const taken = branchTaken(funct3, a, b);
        if (taken === undefined) return 'illegal';
        const by = ((word >> 31) << 12) | (field(7, 1) << 11) | (field(25, 6) << 5) | (field(8, 4) << 1);
        return this.#jump(taken ? pc + by : pc + 4, 0);
      }
      case 0b0000011: {
        const bytes = [1, 2, 4, undefined, 1, 2][funct3];
        return bytes === undefined ? 'illegal' : this.#load(a + immediate, bytes, funct3 < 4, to);
      }
      case 0b0100011: {
        const bytes = [1, 2, 4][funct3];
        return bytes === undefined ? 'illegal' : this.#store(a + (((word >> 25) << 5) | rd), bytes, b);
      }
      case 0b0010011: {
        if (funct3 === 1 && funct7 !== 0) return 'illegal';
        if (funct3 === 5 && funct7 !== 0 && funct7 !== 32) return 'illegal';
        const value = compute(funct3, funct3 === 5 && funct7 === 32, a, funct3 === 1 || funct3 === 5 ? field(20, 5) : immediate);
        return to(value);
      }
      case 0b0110011: {
        if (funct7 !== 0 && !(funct7 === 32 && (funct3 === 0 || funct3 === 5))) return 'illegal';
        return to(compute(funct3, funct7 === 32, a, b));
      }
      case 0b0001111:
        if (funct3 > 1) return 'illegal';
        this.pc = (pc + 4) >>> 0;
        return { pc, rd: 0, value: 0 };
      case 0b1110011:
        return word === 0x73 || word === 0x100073 ? 'stopped' : 'illegal';
      default:
        return 'illegal';
    }
  }

  /** Runs to the halt. Throws when there is none within `limit` instructions. */
  run(limit: number): { readonly halt: Halt; readonly retired: Retired[] } {
    const retired: Retired[] = [];
    while (retired.length < limit) {
      const done = this.step();
      if (typeof done === 'string') return { halt: done, retired };
      retired.push(done);
    }
    throw new Error(`the program runs for more than ${limit} instructions`);
  }

  #write(rd: number, value: number, pc: number): Retired {
    if (rd !== 0) this.registers[rd] = value;
    return { pc, rd, value: rd === 0 ? 0 : value >>> 0 };
  }

  #jump(target: number, rd: number): Retired | Halt {
    if (target % 4 !== 0) return 'misaligned';
    const { pc } = this;
    this.pc = target >>> 0;
    return this.#write(rd, pc + 4, pc);
  }

  #load(address: number, bytes: number, isSigned: boolean, to: (value: number) => Retired): Retired | Halt {
    const at = address >>> 0;
    if (at % bytes !== 0) return 'misaligned';
    if (at >= 2 ** 31) throw new Error(`a load from the host at ${at.toString(16)}`);
    let value = 0;
    for (let i = 0; i < bytes; i++) value |= this.#memory.getUint8((at + i) % this.#memory.byteLength) << (8 * i);
    const unused = 32 - 8 * bytes;
    return to(isSigned ? (value << unused) >> unused : value);
  }

  #store(address: number, bytes: number, value: number): Retired | Halt {
    const { pc } = this;
    const at = address >>> 0;
    if (at % bytes !== 0) return 'misaligned';
    if (at >= 2 ** 31) this.host.push(value >>> 0);
    else for (let i = 0; i < bytes; i++) this.#memory.setUint8((at + i) % this.#memory.byteLength, (value >> (8 * i)) & 255);
    this.pc = (pc + 4) >>> 0;
    return { pc, rd: 0, value: 0 };
  }
}

function branchTaken(funct3: number, a: number, b: number): boolean | undefined {
  return [a === b, a !== b, undefined, undefined, a < b, a >= b, a >>> 0 < b >>> 0, a >>> 0 >= b >>> 0][funct3];
}

function compute(funct3: number, alternative: boolean, a: number, b: number): number {
  switch (funct3) {
    case 0:
      return alternative ? a - b : a + b;
    case 1:
      return a << (b & 31);
    case 2:
      return a < b ? 1 : 0;
    case 3:
      return a >>> 0 < b >>> 0 ? 1 : 0;
    case 4:
      return a ^ b;
    case 5:
      return alternative ? a >> (b & 31) : a >>> (b & 31);
    case 6:
      return a | b;
    default:
      return a & b;
  }
}
