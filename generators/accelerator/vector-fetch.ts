// Operands of VX: positions of a walk in, vectors out (design note 0025).
//
// Contract: a position is taken when all the reads that it needs were taken, each port at its own time. Operands leave in order, with the position's tag; without refusals a vector a cycle, 3 cycles after
// its position. There is room for the rows of every position that is taken, so a stall behind loses none. `extra` reads for the settings, on port a, while no walk is active: its bytes stand
// on `bytes` one cycle after it was taken.

import {
  type Bool,
  bool,
  bundle,
  cat,
  input,
  lit,
  Module,
  mux,
  output,
  type SInt,
  type SIntType,
  sint,
  type UInt,
  type UIntType,
  uint,
  type VarOf,
  type VecValue,
  vec,
  vecOf,
  when,
} from '../../hdl/index.ts';
import { Fifo } from '../../hdl/std/fifo.ts';
import type { BoolVar, Fields } from '../../hdl/value-types.ts';
import { consumer, fires, producer } from '../../hdl/std/stream.ts';
import { type AcceleratorConfig, rowBytes } from '../../isa/config.ts';
import { type RowShape, readPort } from './ports.ts';

const ADDRESS = 24;
/** Positions between the walk and the lanes: enough for one a cycle. */
const DEPTH = 3;

export function scratchpadShape(cfg: AcceleratorConfig): RowShape {
  const width = rowBytes(cfg);
  return { rows: cfg.scratchpad / width, width };
}
export function sumsShape({ sums, cols }: AcceleratorConfig): RowShape {
  return { rows: sums, width: 4 * cols };
}
/** The row of a byte address, and which of the row's vectors it is in. */
export function placeOf(cfg: AcceleratorConfig, address: UInt): { readonly row: UInt; readonly vector: UInt | undefined } {
  const { rows, width } = scratchpadShape(cfg);
  const [row, byte, lane] = [Math.log2(rows), Math.log2(width), Math.log2(cfg.cols)];
  return { row: address.bits(row + byte - 1, byte), vector: byte > lane ? address.bits(byte - 1, lane) : undefined };
}
/** What goes with a position: its part in the window, and where the result goes. */
export const vectorTag = bundle({ first: bool, last: bool, inside: bool, final: bool, out: uint(ADDRESS) });

export class VectorFetch extends Module<AcceleratorConfig> {
  readonly p = this.io({
    /** Which operands the operation has: a row of sums in place of vector a, a vector b. */
    fromSums: input(bool),
    hasB: input(bool),
    position: consumer({ a: uint(ADDRESS), b: uint(ADDRESS), tag: vectorTag }),
    extra: consumer({ address: uint(ADDRESS) }),
    bytes: output(vec(uint(8), this.cfg.cols)),
    a: readPort(scratchpadShape(this.cfg)),
    b: readPort(scratchpadShape(this.cfg)),
    sums: readPort(sumsShape(this.cfg)),
    operands: producer({ x: vec(sint(32), this.cfg.cols), b: vec(sint(8), this.cfg.cols), tag: vectorTag }),
  });
  readonly room = this.wire(bool);
  readonly moves = this.wire(bool);

  constructor(cfg: AcceleratorConfig) {
    super(cfg);
    this.describe(`Operands of ${cfg.cols} vector lanes.`);
    const { p, room, moves } = this;
    const wants = p.position.valid.and(room);
    const takes = { a: p.fromSums.not(), b: p.hasB, sums: p.fromSums };
    const a = this.#request('a', wants, takes.a);
    const b = this.#request('b', wants, takes.b);
    const sums = this.#request('sums', wants, takes.sums);
    moves.set(wants.and(a.done).and(b.done).and(sums.done));
    p.position.ready.set(moves);

    const atA = placeOf(cfg, mux(p.extra.valid, p.extra.address, p.position.a));
    const atB = placeOf(cfg, p.position.b);
    p.a.valid.set(a.valid.or(p.extra.valid));
    p.a.row.set(atA.row);
    p.extra.ready.set(p.a.ready);
    p.b.valid.set(b.valid);
    p.b.row.set(atB.row);
    p.sums.valid.set(sums.valid);
    p.sums.row.set(p.position.a.trunc(p.sums.row.width));

    const bytesA = this.#vectorOf(p.a.data, atA.vector);
    const bytesB = this.#vectorOf(p.b.data, atB.vector);
    p.bytes.set(bytesA);
    const each = Array.from({ length: cfg.cols }, (_, lane) => lane);
    const x = each.map((lane) => {
      const sum = cat(...[3, 2, 1, 0].map((byte) => p.sums.data.at(4 * lane + byte))).asSInt();
      return mux(p.fromSums, sum, bytesA.at(lane).asSInt());
    });
    const rowsX = this.#buffer({ x: vec(sint(32), cfg.cols) }, a.arrives.or(sums.arrives), { x: vectorOf(x) });
    const rowsB = this.#buffer({ b: vec(sint(8), cfg.cols) }, b.arrives, { b: vectorOf(each.map((lane) => bytesB.at(lane).asSInt())) });
    const tags = this.#buffer({ tag: vectorTag }, moves, { tag: p.position.tag });
    room.set(tags.in.ready);
    p.operands.valid.set(tags.out.valid.and(rowsX.out.valid).and(p.hasB.not().or(rowsB.out.valid)));
    p.operands.x.set(rowsX.out.x);
    p.operands.b.set(rowsB.out.b);
    p.operands.tag.set(tags.out.tag);
    for (const { out } of [rowsX, rowsB, tags]) out.ready.set(fires(p.operands));
  }

  /** A read of the present position at one port. */
  #request(port: 'a' | 'b' | 'sums', wants: Bool, needed: Bool): { readonly valid: Bool; readonly done: Bool; readonly arrives: Bool } {
    const taken = this.reg(bool, { reset: false }).named(`${port}_taken`);
    const valid = wants.and(needed).and(taken.not()).named(`${port}_wanted`);
    const takes = valid.and(this.p[port].ready).named(`${port}_takes`);
    when(this.moves, () => taken.set(false)).elsewhen(takes, () => taken.set(true));
    return { valid, done: needed.not().or(taken).or(takes), arrives: this.delay(takes, 1, { reset: true }) };
  }

  /** The vector of a row that arrives, by where it was when it was asked for. */
  #vectorOf(row: VecValue<UIntType>, vector: UInt | undefined): VecValue<UIntType> {
    const { cols } = this.cfg;
    const asked = vector && this.delay(vector, 1);
    const lanes = Array.from({ length: cols }, (_, lane) => row.at(asked ? cat(asked, lit(uint(Math.log2(cols)), lane)) : lane));
    return vecOf(...(lanes as [UInt, ...UInt[]]));
  }

  /** A buffer that has room whenever something comes. */
  #buffer<F extends Fields>(payload: F, valid: Bool, values: { readonly [K in keyof F]: unknown }) {
    const buffer = this.inst(Fifo, { payload, depth: DEPTH });
    const ports = buffer as unknown as {
      readonly in: { readonly valid: BoolVar; readonly ready: Bool } & VarsOf<F>;
      readonly out: { readonly valid: Bool; readonly ready: BoolVar } & VarsOf<F>;
    };
    ports.in.valid.set(valid);
    for (const [name, value] of Object.entries(values)) (ports.in[name as keyof F] as { set(value: unknown): void }).set(value);
    return ports;
  }
}

type VarsOf<F extends Fields> = { readonly [K in keyof F]: VarOf<F[K]> };

function vectorOf(values: readonly SInt[]): VecValue<SIntType> {
  return vecOf(...(values as [SInt, ...SInt[]]));
}
