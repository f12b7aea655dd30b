// The registers of a map as an AXI4-Lite slave.
//
// Contract: one write and one read a cycle, both at once. Outputs are registers, no path from input to output: a read answers 2 cycles after it was
// taken, a write takes effect and answers 2 cycles after the later of address and data. WSTRB is respected byte by byte. Addresses without
// a register answer SLVERR and change nothing; the low address bits are ignored; a write to ro is OKAY and changes nothing.
// Towards the hardware each field has ports `<register>_<field>`:
//   ro   input                                    rw   output
//   wo   output, with `…_written` high for one cycle when the new value is there
//   w1c  output, and input `…_set` that sets bits; a set wins over a clear in the same cycle
//   w1s  output, and input `…_clear` that clears bits; a set by software wins
// Back-pressure: two transfers wait in each channel. Refused: what `checkRegisterMap` refuses, a register called `bus`.

import { when } from '../control.ts';
import { cat, fill, lit, mux, zeros } from '../functions.ts';
import { connect, Module } from '../module.ts';
import { bool, uint } from '../types.ts';
import type { Bool, BoolVar, UInt, UIntVar } from '../value-types.ts';
import { AXI_RESP, channel } from './axi.ts';
import { place } from './payload.ts';
import { PipelineStage } from './pipeline-stage.ts';
import { type CheckedMap, checkRegisterMap, type Field, type Register, type RegisterMap } from './register-map.ts';
import { type BankView, bankPorts } from './register-ports.ts';
import { SkidBuffer } from './skid-buffer.ts';
import { feed, fires, join, map, type Source } from './stream.ts';

type Any<V> = { readonly [name: string]: V };
/** Ports of a register, by name: what hardware reads and what it drives. */
type HardwarePorts = Any<Any<BoolVar & UIntVar>>;

/** The registers of a map as an AXI4-Lite slave: a read answers 2 cycles after it was taken, a write takes effect and answers 2 cycles after the later of address and data. Throws HDL-C001 on what `checkRegisterMap` refuses. */
export class RegisterBank extends Module<RegisterMap> {
  readonly #map: CheckedMap = checkRegisterMap(this.cfg);
  readonly p = this.io(bankPorts(this.#map));
  readonly writeAddress = this.inst(SkidBuffer, { payload: { addr: uint(this.#map.addressWidth) } });
  readonly writeData = this.inst(SkidBuffer, { payload: { data: uint(this.#map.dataWidth), strb: uint(this.#map.dataWidth / 8) } });
  readonly readAddress = this.inst(SkidBuffer, { payload: { addr: uint(this.#map.addressWidth) } });
  readonly writeAnswer = this.inst(PipelineStage, { payload: { resp: uint(2) } });
  readonly readAnswer = this.inst(PipelineStage, { payload: { resp: uint(2), data: uint(this.#map.dataWidth) } });
  /** What the registers hold, as the bus reads it. */
  readonly #read = new Map<Register, UInt>();

  constructor(cfg: RegisterMap) {
    super(cfg);
    this.describe(`Registers of ${this.#map.name} behind AXI4-Lite.`);
    const { bus } = this.p;
    const { aw, w, ar } = { aw: channel(bus, 'aw'), w: channel(bus, 'w'), ar: channel(bus, 'ar') };
    feed(this.writeAddress.in, { valid: aw.valid, ready: aw.ready, addr: aw.addr } as Source);
    feed(this.writeData.in, w);
    feed(this.readAddress.in, { valid: ar.valid, ready: ar.ready, addr: ar.addr } as Source);
    connect(this.writeAnswer.out, channel(bus, 'b'));
    connect(this.readAnswer.out, channel(bus, 'r'));
    this.#writes();
    this.#reads();
  }

  #writes(): void {
    const address = this.writeAddress.out as Source & { readonly addr: UInt };
    const data = this.writeData.out as Source & { readonly data: UInt; readonly strb: UInt };
    const write = join({ address, data });
    const taken = fires(write).named('write');
    const hits = this.#map.registers.map((register) => this.#hit(register, address.addr).named(`write_at_${register.name}`));
    feed(
      this.writeAnswer.in,
      map(write, () => ({ resp: response(hits) })),
    );
    const bytes = Array.from({ length: data.strb.width }, (_, b) => fill(8, data.strb.bit(b)).asUInt());
    const bitSet = this.#map.registers.some(({ fields }) => fields.some(({ access }) => access === 'w1c' || access === 'w1s'));
    // Ones that software writes, where it writes; only where fields want them.
    const ones = bitSet ? data.data.and(cat(...bytes.reverse())).named('ones') : data.data;
    this.#map.registers.forEach((register, i) => {
      const selected = register.fields.some(({ access }) => access !== 'ro') ? taken.and(hits[i] as Bool).named(`write_${register.name}`) : taken;
      this.#read.set(
        register,
        readValue(
          register.fields.map((field) => [field, this.#field(register, field, { selected, ...data, ones })]),
          this.#map.dataWidth,
        ),
      );
    });
  }

  /** The storage of one field; gives what the bus reads. */
  #field(
    { name: register }: Register,
    field: Field,
    { selected, data, strb, ones }: { readonly selected: Bool; readonly data: UInt; readonly strb: UInt; readonly ones: UInt },
  ): UInt {
    const { name, access, lsb, width, flag } = field;
    const ports = (this.p as unknown as HardwarePorts)[register] as Any<BoolVar & UIntVar>;
    const port = (suffix = '') => ports[name + suffix] as BoolVar & UIntVar;
    const bitsOf = (value: Bool & UInt): UInt => (flag ? (value as Bool).asUInt() : value);
    if (access === 'ro') return bitsOf(port());
    const value = this.reg(uint(width), { reset: field.reset }).named(`${register}_${name}_value`);
    const top = lsb + width - 1;
    if (access === 'rw' || access === 'wo') {
      when(selected, () => {
        for (let byte = lsb >> 3; byte <= top >> 3; byte++) {
          const [hi, lo] = [Math.min(top, byte * 8 + 7), Math.max(lsb, byte * 8)];
          const whole = hi - lo + 1 === width;
          when(strb.bit(byte), () => (whole ? value.set(data.bits(hi, lo)) : value.bits(hi - lsb, lo - lsb).set(data.bits(hi, lo))));
        }
      });
    } else {
      const written = mux(selected, ones.bits(top, lsb), zeros(uint(width)));
      if (access === 'w1c') value.set(value.and(written.not()).or(bitsOf(port('_set'))));
      else value.set(value.and(bitsOf(port('_clear')).not()).or(written));
    }
    (port() as { set(v: unknown): void }).set(flag ? value.bit(0) : value);
    if (access !== 'wo') return value;
    const written = this.reg(bool, { reset: false }).named(`${register}_${name}_pulse`);
    written.set(selected.and(strb.bits(top >> 3, lsb >> 3).orR()));
    (port('_written') as BoolVar).set(written);
    return zeros(uint(width));
  }

  #reads(): void {
    const address = this.readAddress.out as Source & { readonly addr: UInt };
    const { registers, dataWidth } = this.#map;
    const hits = registers.map((register) => this.#hit(register, address.addr).named(`read_at_${register.name}`));
    const data = registers.reduceRight(
      (rest, register, i) => mux(hits[i] as Bool, this.#read.get(register) as UInt, rest),
      zeros(uint(dataWidth)) as UInt,
    );
    feed(
      this.readAnswer.in,
      map(address, () => ({ resp: response(hits), data: data.named('read_data') })),
    );
  }

  #hit({ offset }: Register, address: UInt): Bool {
    const low = Math.log2(this.#map.dataWidth / 8);
    return address.width === low ? lit(bool, true) : address.shr(low).eq(offset >> low);
  }
}

function response(hits: readonly Bool[]): UInt {
  const hit = hits.slice(1).reduce((any, one) => any.or(one), hits[0] as Bool);
  return mux(hit, lit(uint(2), AXI_RESP.okay), lit(uint(2), AXI_RESP.slverr));
}

/** The word that software reads: fields in their places, zeros between. */
function readValue(fields: readonly (readonly [Field, UInt])[], dataWidth: number): UInt {
  const parts: UInt[] = [];
  let next = 0;
  for (const [{ lsb, width }, value] of fields) {
    if (lsb > next) parts.unshift(zeros(uint(lsb - next)));
    parts.unshift(value);
    next = lsb + width;
  }
  if (next < dataWidth) parts.unshift(zeros(uint(dataWidth - next)));
  return cat(...parts);
}

/** A bank behind `bus`, the slave side of `axiLite` of the map's widths (`checkRegisterMap(map)` tells them); gives the fields. */
export function registerBank<const M extends RegisterMap>(bus: object, description: M): BankView<M> {
  const cell = place(RegisterBank, description);
  connect(cell.bus, bus);
  return cell as unknown as BankView<M>;
}
