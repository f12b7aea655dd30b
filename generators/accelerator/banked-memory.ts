// A memory of rows in banks, for several readers and writers (design note 0025).
//
// Contract: the bank is the highest bits of the row. One read and one write a bank and cycle: of several readers, or writers, that want a bank the one of the lowest index is served, the others
// wait. Readers and writers do not hinder each other; a read of a row in the cycle of its write gives what stood there before.
// Timing: a request is taken in the cycle in which it is served, its data stand one cycle later. `ready` depends on valid and row of the ports of lower index and on the port's own row.
// Refused: rows and banks that are no powers of two, a bank of one row, no reader, no writer.

import {
  type Bool,
  bool,
  cat,
  counterType,
  flip,
  input,
  Module,
  output,
  type UInt,
  type UIntType,
  uint,
  type VecValue,
  vec,
} from '../../hdl/index.ts';
import { fires, muxCase, muxLookup, popcount, type Source } from '../../hdl/std/index.ts';
import type { AnyValue } from '../../hdl/value-types.ts';
import { refuse } from '../refuse.ts';
import { type RowShape, readPort, writePort } from './ports.ts';

export interface BankedMemoryConfig extends RowShape {
  readonly banks: number;
  /** Number of read ports. */
  readonly reads: number;
  /** Number of write ports. */
  readonly writes: number;
}

type Request = Source & { readonly row: UInt };

export class BankedMemory extends Module<BankedMemoryConfig> {
  readonly p = this.io({
    /** In order of priority. */
    readers: Array.from({ length: checked(this.cfg).reads }, () => flip(readPort(this.cfg))),
    /** In order of priority. */
    writers: Array.from({ length: this.cfg.writes }, () => flip(writePort(this.cfg))),
    /** Requests that wait in this cycle. */
    conflicts: output(counterType(this.cfg.reads + this.cfg.writes)),
  });
  readonly banks = Array.from({ length: this.cfg.banks }, () => this.inst(Bank, { rows: this.cfg.rows / this.cfg.banks, width: this.cfg.width }));
  /** Bits of the row that choose the bank. */
  readonly #bankBits = Math.log2(this.cfg.banks);

  constructor(cfg: BankedMemoryConfig) {
    super(cfg);
    const { rows, width, banks } = cfg;
    this.describe(`${rows} rows of ${width} bytes in ${banks} ${banks === 1 ? 'bank' : 'banks'}, one read and one write a bank and cycle.`);
    const { readers, writers, conflicts } = this.p;
    for (const requests of [readers, writers]) this.#grant(requests);
    const [first, ...others] = this.banks.map((_, i) => this.#bank(i)) as [VecValue<UIntType>, ...VecValue<UIntType>[]];
    readers.forEach(({ row, data }, i) => {
      if (banks === 1) return data.set(first);
      const bank = this.reg(uint(this.#bankBits), { next: this.#bankOf(row) }).named(`read_bank_${i}`);
      const words = others.map((word, other) => [other + 1, word] as const);
      data.set(muxLookup(bank, first, words));
    });
    const waits = [...readers, ...writers].map(({ valid, ready }) => valid.and(ready.not()));
    conflicts.set(popcount(cat(...waits.reverse()).named('waits')));
  }

  /** Ready unless a port of lower index wants the same bank. */
  #grant(requests: readonly Request[]): void {
    requests.forEach(({ ready, row }, i) => {
      const ahead = requests.slice(0, i).map((other) => other.valid.and(this.#bankOf(other.row).eq(this.#bankOf(row))));
      ready.set(ahead.length === 0 ? true : ahead.reduce((any, one) => any.or(one)).not());
    });
  }

  /** A bank, its ports connected; gives what it has read. */
  #bank(index: number) {
    const bank = this.banks[index] as (typeof this.banks)[number];
    const reads = this.p.readers.map((port) => ({ port, serves: this.#serves(port, index) }));
    const writes = this.p.writers.map((port) => ({ port, serves: this.#serves(port, index) }));
    bank.read.set(anyOf(reads));
    bank.readRow.set(this.#inBank(chosen(reads, ({ row }) => row)));
    bank.write.set(anyOf(writes));
    bank.writeRow.set(this.#inBank(chosen(writes, ({ row }) => row)));
    bank.mask.set(chosen(writes, ({ mask }) => mask));
    bank.value.set(chosen(writes, ({ data }) => data));
    return bank.data;
  }

  #serves(port: Request, bank: number): Bool {
    return this.cfg.banks === 1 ? fires(port) : fires(port).and(this.#bankOf(port.row).eq(bank));
  }

  #bankOf(row: UInt): UInt {
    return row.shr(row.width - this.#bankBits);
  }

  #inBank(row: UInt): UInt {
    return row.trunc(row.width - this.#bankBits);
  }
}

/** One block RAM. */
class Bank extends Module<RowShape> {
  readonly p = this.io({
    read: input(bool),
    readRow: input(counterType(this.cfg.rows - 1)),
    data: output(vec(uint(8), this.cfg.width)),
    write: input(bool),
    writeRow: input(counterType(this.cfg.rows - 1)),
    mask: input(vec(bool, this.cfg.width)),
    value: input(vec(uint(8), this.cfg.width)),
  });
  readonly ram = this.memory(vec(uint(8), this.cfg.width), this.cfg.rows);

  constructor(cfg: RowShape) {
    super(cfg);
    this.describe(`${cfg.rows} rows of ${cfg.width} bytes.`);
    const { read, readRow, data, write, writeRow, mask, value } = this.p;
    data.set(this.ram.read(readRow, { enable: read }));
    this.ram.write(writeRow, value, { enable: write, mask });
  }
}

interface Served<P> {
  readonly port: P;
  /** At most one of a bank's. */
  readonly serves: Bool;
}

function anyOf(all: readonly Served<unknown>[]): Bool {
  return all.map(({ serves }) => serves).reduce((any, one) => any.or(one));
}

/** What the port that is served says, of the last one where none is. */
function chosen<P, V extends AnyValue>(all: readonly Served<P>[], of: (port: P) => V): V {
  const last = all.at(-1) as Served<P>;
  return muxCase(
    of(last.port),
    all.slice(0, -1).map(({ port, serves }) => [serves, of(port)] as const),
  );
}

function checked(cfg: BankedMemoryConfig): BankedMemoryConfig {
  const { rows, banks, reads, writes } = cfg;
  const isPower = (n: number): boolean => Number.isInteger(Math.log2(n)) && n >= 1;
  if (!isPower(rows) || !isPower(banks) || rows < 2 * banks)
    refuse(`a memory of ${rows} rows in ${banks} banks`, 'give powers of two, and two rows a bank at least');
  if (reads < 1 || writes < 1) refuse(`a memory with ${reads} readers and ${writes} writers`, 'give it one of each at least');
  return cfg;
}
