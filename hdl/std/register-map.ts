// The description of a register map and its rules.
//
// Contract: one description gives the hardware (`register-bank.ts`), a C header and Markdown (`register-docs.ts`). Offsets are in bytes. Access, as
// software sees it:
//   ro   the value comes from hardware                rw   software writes and reads it back
//   wo   software writes, reads zero                  w1c  hardware sets bits, software clears those it writes 1 to
//   w1s  software sets those it writes 1 to, hardware clears bits
// Refused: misaligned, repeated or unreachable offsets; fields that overlap or leave their register; reset values that do not fit or that a ro
// field cannot have; names that are no identifiers or that become equal in C.

import { refuse, wholeNumber } from './refuse.ts';

/** What software may do to a field. */
export type Access = 'ro' | 'rw' | 'wo' | 'w1c' | 'w1s';
/** A field of a register. */
export interface FieldDescription {
  readonly access: Access;
  /** Position of the lowest bit. */
  readonly lsb: number;
  /** Bits; absent for a flag, which is a bool in hardware. */
  readonly width?: number;
  /** 0 when absent. */
  readonly reset?: number | bigint;
  readonly doc?: string;
}
/** A register at an offset. */
export interface RegisterDescription {
  /** Bytes from the base, a multiple of the data width's. */
  readonly offset: number;
  readonly doc?: string;
  readonly fields: { readonly [name: string]: FieldDescription };
}
/** A peripheral's registers: the one source of hardware, C header and documentation. */
export interface RegisterMap {
  readonly name: string;
  readonly doc?: string;
  /** 32 or 64; 32 when absent. */
  readonly dataWidth?: 32 | 64;
  /** Bits of a byte address; just enough for the last register when absent. */
  readonly addressWidth?: number;
  readonly registers: { readonly [name: string]: RegisterDescription };
}

export interface Field {
  readonly name: string;
  readonly access: Access;
  readonly lsb: number;
  readonly width: number;
  readonly flag: boolean;
  readonly reset: bigint;
  readonly doc: string;
}
export interface Register {
  readonly name: string;
  readonly offset: number;
  readonly doc: string;
  readonly fields: readonly Field[];
}
/** A map without a gap in its description: defaults filled in, registers by offset, fields by position. */
export interface CheckedMap {
  readonly name: string;
  readonly doc: string;
  readonly dataWidth: number;
  readonly addressWidth: number;
  readonly registers: readonly Register[];
}

const ACCESS: readonly Access[] = ['ro', 'rw', 'wo', 'w1c', 'w1s'];

/** Throws HDL-C001 at the first rule broken. */
export function checkRegisterMap(map: RegisterMap): CheckedMap {
  const { name, doc = '', dataWidth = 32 } = map;
  if (dataWidth !== 32 && dataWidth !== 64) refuse(`data width of register map \`${name}\` is ${String(dataWidth)}`, 'AXI4-Lite has 32 or 64 bits');
  const bytes = dataWidth / 8;
  checkNames('register map', [name]);
  checkNames(`register of \`${name}\``, Object.keys(map.registers));
  const registers = Object.entries(map.registers)
    .map(([register, description]) => checkRegister(register, description, dataWidth))
    .sort((a, b) => a.offset - b.offset);
  const last = registers[registers.length - 1] ?? refuse(`register map \`${name}\` has no register`, 'describe at least one');
  registers.forEach((register, i) => {
    const before = registers[i - 1];
    if (before?.offset === register.offset)
      refuse(
        `registers \`${before.name}\` and \`${register.name}\` are both at offset ${hex(register.offset)}`,
        `move one of them; registers are ${bytes} bytes apart`,
      );
  });
  const { addressWidth = Math.ceil(Math.log2(last.offset + bytes)) } = map;
  wholeNumber(`address width of register map \`${name}\``, addressWidth, Math.log2(bytes), 64);
  if (last.offset + bytes > 2 ** addressWidth)
    refuse(
      `register \`${last.name}\` at offset ${hex(last.offset)} is out of reach of ${addressWidth} address bits`,
      'widen addressWidth or leave it out',
    );
  return { name, doc, dataWidth, addressWidth, registers };
}

function checkRegister(name: string, { offset, doc = '', fields }: RegisterDescription, dataWidth: number): Register {
  const bytes = dataWidth / 8;
  wholeNumber(`offset of register \`${name}\``, offset, 0);
  if (offset % bytes !== 0)
    refuse(
      `register \`${name}\` at offset ${hex(offset)} is misaligned`,
      `offsets are multiples of ${bytes} bytes, for instance ${hex(offset - (offset % bytes))}`,
    );
  checkNames(`field of \`${name}\``, Object.keys(fields));
  const checked = Object.entries(fields)
    .map(([field, description]) => checkField(`${name}.${field}`, field, description, dataWidth))
    .sort((a, b) => a.lsb - b.lsb);
  if (checked.length === 0) refuse(`register \`${name}\` has no field`, 'describe at least one');
  checked.forEach((field, i) => {
    const below = checked[i - 1];
    if (below && below.lsb + below.width > field.lsb)
      refuse(
        `fields \`${below.name}\` (bits ${range(below)}) and \`${field.name}\` (bits ${range(field)}) of register \`${name}\` overlap`,
        'move one of them',
      );
  });
  return { name, offset, doc, fields: checked };
}

function checkField(path: string, name: string, { access, lsb, width, reset = 0, doc = '' }: FieldDescription, dataWidth: number): Field {
  if (!ACCESS.includes(access)) refuse(`access of field \`${path}\` is ${String(access)}`, `it is one of ${ACCESS.join(', ')}`);
  const bits = width ?? 1;
  wholeNumber(`width of field \`${path}\``, bits, 1, dataWidth);
  wholeNumber(`lsb of field \`${path}\``, lsb, 0, dataWidth - 1);
  if (lsb + bits > dataWidth)
    refuse(`field \`${path}\` (bits ${range({ lsb, width: bits })}) leaves its register of ${dataWidth} bits`, 'lower its lsb or its width');
  const whole = typeof reset === 'bigint' || Number.isSafeInteger(reset);
  if (!whole || BigInt(reset) < 0n || BigInt(reset) >= 1n << BigInt(bits))
    refuse(`reset value ${String(reset)} of field \`${path}\` does not fit ${bits} bits`, `pass 0 to 2^${bits} - 1`);
  if (access === 'ro' && BigInt(reset) !== 0n)
    refuse(`field \`${path}\` is ro and has a reset value`, 'its value comes from hardware; leave reset out');
  return { name, access, lsb, width: bits, flag: width === undefined, reset: BigInt(reset), doc };
}

/** Names are identifiers, and stay different as `UPPER_CASE`. */
function checkNames(what: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) refuse(`\`${name}\` is no name for a ${what}`, 'begin with a letter; use letters, digits and _');
    const first = seen.get(upperCase(name));
    if (first !== undefined) refuse(`\`${first}\` and \`${name}\` both become ${upperCase(name)}, as a ${what}`, 'rename one of them');
    seen.set(upperCase(name), name);
  }
}

/** `rowCount` → `ROW_COUNT`. */
export function upperCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** `7:4`, or `3` for one bit. */
export function range({ lsb, width }: { readonly lsb: number; readonly width: number }): string {
  return width === 1 ? `${lsb}` : `${lsb + width - 1}:${lsb}`;
}
