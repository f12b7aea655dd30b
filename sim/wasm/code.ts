// A function body in WebAssembly: pieces of stack code with a type, locals, blocks.
//
// Invariant: a `W` is side-effect free code that leaves one value; whatever must happen at a place is a statement of `Code`. Values that are
// used twice go through `let`. Only the instructions that the compiler needs are known here.

export type Type = 'i32' | 'i64' | 'v128';

/** A value on the stack. `known` is the constant that it is, `local` says that reading it again costs nothing. */
export interface W {
  readonly t: Type;
  readonly code: readonly number[];
  readonly known?: bigint;
  readonly local?: boolean;
}

export const TYPE_CODE: { readonly [type in Type]: number } = { i32: 0x7f, i64: 0x7e, v128: 0x7b };

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 127n);
    if ((rest >> 7n === 0n && byte < 64) || (rest >> 7n === -1n && byte >= 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

export function int(t: 'i32' | 'i64', value: bigint | number): W {
  const known = BigInt.asIntN(t === 'i32' ? 32 : 64, BigInt(value));
  return { t, code: [t === 'i32' ? 0x41 : 0x42, ...signed(known)], known };
}
export const i32 = (value: bigint | number): W => int('i32', value);
export const i64 = (value: bigint | number): W => int('i64', value);

const I32 = {
  eq: 0x46,
  ne: 0x47,
  lt_s: 0x48,
  lt_u: 0x49,
  gt_s: 0x4a,
  gt_u: 0x4b,
  le_s: 0x4c,
  le_u: 0x4d,
  ge_s: 0x4e,
  ge_u: 0x4f,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shr_s: 0x75,
  shr_u: 0x76,
  div_s: 0x6d,
  div_u: 0x6e,
  rem_s: 0x6f,
  rem_u: 0x70,
};
const I64 = {
  eq: 0x51,
  ne: 0x52,
  lt_s: 0x53,
  lt_u: 0x54,
  gt_s: 0x55,
  gt_u: 0x56,
  le_s: 0x57,
  le_u: 0x58,
  ge_s: 0x59,
  ge_u: 0x5a,
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shr_s: 0x87,
  shr_u: 0x88,
  div_s: 0x7f,
  div_u: 0x80,
  rem_s: 0x81,
  rem_u: 0x82,
};
export type IntOp = keyof typeof I32;

const isCompare = (op: IntOp): boolean => I32[op] < 0x50;

/** An integer operator with two operands of one type; comparisons give i32. */
export function bin(op: IntOp, a: W, b: W): W {
  const folded = fold(op, a, b);
  if (folded) return folded;
  return { t: isCompare(op) ? 'i32' : a.t, code: [...a.code, ...b.code, a.t === 'i32' ? I32[op] : I64[op]] };
}

function fold(op: IntOp, a: W, b: W): W | undefined {
  const t = a.t as 'i32' | 'i64';
  const zero = b.known === 0n;
  if (zero && ['add', 'sub', 'or', 'xor', 'shl', 'shr_s', 'shr_u'].includes(op)) return a;
  if (a.known === 0n && ['add', 'or', 'xor'].includes(op)) return b;
  if ((zero || a.known === 0n) && ['and', 'mul'].includes(op)) return int(t, 0);
  if (op === 'and' && b.known === -1n) return a;
  if (a.known === undefined || b.known === undefined) return undefined;
  switch (op) {
    case 'add':
      return int(t, a.known + b.known);
    case 'sub':
      return int(t, a.known - b.known);
    case 'mul':
      return int(t, a.known * b.known);
    case 'and':
      return int(t, a.known & b.known);
    case 'or':
      return int(t, a.known | b.known);
    case 'xor':
      return int(t, a.known ^ b.known);
    default:
      return undefined;
  }
}

const UNARY = {
  'i32.eqz': [0x45, 'i32'],
  'i64.eqz': [0x50, 'i32'],
  'i32.popcnt': [0x69, 'i32'],
  'i64.popcnt': [0x7b, 'i64'],
  wrap: [0xa7, 'i32'],
  extend_s: [0xac, 'i64'],
  extend_u: [0xad, 'i64'],
  'i32.extend8_s': [0xc0, 'i32'],
  'i32.extend16_s': [0xc1, 'i32'],
} as const;

export function un(op: keyof typeof UNARY, a: W): W {
  if (a.known !== undefined) {
    if (op === 'wrap') return i32(a.known);
    if (op === 'extend_s') return i64(a.known);
    if (op === 'extend_u') return i64(BigInt.asUintN(32, a.known));
  }
  const [code, t] = UNARY[op];
  return { t, code: [...a.code, code] };
}

export function isZero(a: W): W {
  return un(a.t === 'i32' ? 'i32.eqz' : 'i64.eqz', a);
}

/** `a` when the condition is not zero, else `b`; both are computed. */
export function select(cond: W, a: W, b: W): W {
  if (cond.known !== undefined) return cond.known !== 0n ? a : b;
  const typed = a.t === 'v128' ? [0x1c, 1, TYPE_CODE.v128] : [0x1b];
  return { t: a.t, code: [...a.code, ...b.code, ...cond.code, ...typed] };
}

/** A vector instruction. */
export function vec(op: number, ...args: readonly W[]): W {
  return { t: 'v128', code: [...args.flatMap((a) => a.code), 0xfd, ...unsigned(op)] };
}

/** The bytes of a vector constant. */
export function vecConst(bytes: readonly number[]): W {
  return { t: 'v128', code: [0xfd, 12, ...bytes] };
}

export function shuffle(a: W, b: W, lanes: readonly number[]): W {
  return { t: 'v128', code: [...a.code, ...b.code, 0xfd, 13, ...lanes] };
}

/** Bytes at `address + offset`; narrow ones come zero-extended, since sign-extending loads between stores of bytes are slow. */
export function load(size: number, address: W, offset: number): W {
  const code = size === 1 ? 0x2d : size === 2 ? 0x2f : size === 4 ? 0x28 : 0x29;
  return { t: size === 8 ? 'i64' : 'i32', code: [...address.code, code, 0, ...unsigned(offset)] };
}

export function vecLoad(address: W, offset: number): W {
  return { t: 'v128', code: [...address.code, 0xfd, 0, 0, ...unsigned(offset)] };
}

export class Code {
  readonly locals: Type[] = [];
  readonly parameters: number;
  #out: number[] = [];

  constructor(parameters = 0) {
    this.parameters = parameters;
  }

  get size(): number {
    return this.#out.length;
  }

  get body(): readonly number[] {
    return this.#out;
  }

  push(code: readonly number[]): void {
    for (const byte of code) this.#out.push(byte);
  }

  local(t: Type): number {
    this.locals.push(t);
    return this.parameters + this.locals.length - 1;
  }

  parameter(index: number): W {
    return { t: 'i32', code: [0x20, ...unsigned(index)], local: true };
  }

  get(index: number): W {
    return { t: this.locals[index - this.parameters] as Type, code: [0x20, ...unsigned(index)], local: true };
  }

  set(index: number, value: W): void {
    this.push(value.code);
    this.push([0x21, ...unsigned(index)]);
  }

  /** The value under a name, so that it is computed once and here. */
  let(value: W): W {
    if (value.known !== undefined || value.local) return value;
    const index = this.local(value.t);
    this.set(index, value);
    return this.get(index);
  }

  store(size: number, address: W, offset: number, value: W): void {
    const code = size === 1 ? 0x3a : size === 2 ? 0x3b : size === 4 ? 0x36 : 0x37;
    this.push([...address.code, ...value.code, code, 0, ...unsigned(offset)]);
  }

  vecStore(address: W, offset: number, value: W): void {
    this.push([...address.code, ...value.code, 0xfd, 11, 0, ...unsigned(offset)]);
  }

  call(index: number): void {
    this.push([0x10, ...unsigned(index)]);
  }

  /** Emits into a buffer of its own. */
  buffered(emit: () => void): number[] {
    const outer = this.#out;
    this.#out = [];
    emit();
    const inner = this.#out;
    this.#out = outer;
    return inner;
  }

  if(cond: W, yes: () => void, no?: () => void): void {
    if (cond.known !== undefined) {
      if (cond.known !== 0n) yes();
      else no?.();
      return;
    }
    this.push([...cond.code, 0x04, 0x40]);
    yes();
    const other = no && this.buffered(no);
    if (other && other.length > 0) this.push([0x05, ...other]);
    this.push([0x0b]);
  }

  /** Repeats while the body's result is not zero. */
  repeat(body: () => W): void {
    this.push([0x03, 0x40]);
    const again = body();
    this.push([...again.code, 0x0d, 0, 0x0b]);
  }

  /** Runs the body `n` times; nothing is counted for once. */
  times(n: number, body: () => void): void {
    if (n <= 0) return;
    if (n === 1) return body();
    const counter = this.local('i32');
    this.set(counter, i32(n));
    this.repeat(() => {
      body();
      this.set(counter, bin('sub', this.get(counter), i32(1)));
      return this.get(counter);
    });
  }
}
