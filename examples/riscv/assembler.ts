// A small assembler for RV32I: text to words.
//
// Labels end with a colon; `#` begins a comment; registers go by number or by the names of the calling convention; numbers are decimal or 0x….
// Directives: `.word`, `.half`, `.byte`, `.align` (to 2^n bytes), `.space`. Pseudo-instructions: nop, li, la, mv, not, neg, seqz, snez, j, jr, call, ret,
// beqz, bnez, blez, bgez, bltz, bgtz, bgt, ble, bgtu, bleu.
// Throws an Error with the line for whatever it does not understand or what is out of range.

type Encoder = (operands: readonly string[], at: Place) => number;

interface Place {
  /** Address of the instruction. */
  readonly pc: number;
  /** The value of a number or a label. */
  readonly value: (text: string) => number;
}

const NAMES = 'zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6'.split(' ');

function register(text: string | undefined): number {
  const number = /^x(\d+)$/.exec(text ?? '')?.[1];
  const index = number === undefined ? NAMES.indexOf(text === 'fp' ? 's0' : (text ?? '')) : Number(number);
  if (index < 0 || index > 31) throw new Error(`${text ?? 'nothing'} is no register`);
  return index;
}

function ranged(value: number, low: number, high: number, step = 1): number {
  if (value >= low && value <= high && value % step === 0) return value;
  throw new Error(`${value} is not ${step === 1 ? 'a whole number' : `a multiple of ${step}`} from ${low} to ${high}`);
}

/** Of a field of so many bits, signed or unsigned. */
const ofBits = (value: number, width: number): number => ranged(value, -(2 ** (width - 1)), 2 ** width - 1);

const bits = (value: number, high: number, low: number): number => (value >>> low) & (2 ** (high - low + 1) - 1);
const twelve = (value: number): number => ranged(value, -2048, 2047) << 20;

/** `offset(register)`. */
function memory(text: string | undefined, { value }: Place): { readonly base: number; readonly offset: number } {
  const [, offset, base] = /^(.*)\((\w+)\)$/.exec(text ?? '') ?? [];
  if (base === undefined) throw new Error(`${text ?? 'nothing'} is no address; write 8(sp)`);
  return { base: register(base), offset: offset === '' ? 0 : value(offset as string) };
}

const registers =
  (funct3: number, funct7 = 0): Encoder =>
  ([rd, rs1, rs2]) =>
    (funct7 << 25) | (register(rs2) << 20) | (register(rs1) << 15) | (funct3 << 12) | (register(rd) << 7) | 0x33;
const immediate =
  (funct3: number): Encoder =>
  ([rd, rs1, number = ''], { value }) =>
    twelve(value(number)) | (register(rs1) << 15) | (funct3 << 12) | (register(rd) << 7) | 0x13;
const shift =
  (funct3: number, funct7 = 0): Encoder =>
  ([rd, rs1, number = ''], { value }) =>
    (funct7 << 25) | (ranged(value(number), 0, 31) << 20) | (register(rs1) << 15) | (funct3 << 12) | (register(rd) << 7) | 0x13;
const load =
  (funct3: number): Encoder =>
  ([rd, address], place) => {
    const { base, offset } = memory(address, place);
    return twelve(offset) | (base << 15) | (funct3 << 12) | (register(rd) << 7) | 0x03;
  };
const store =
  (funct3: number): Encoder =>
  ([rs2, address], place) => {
    const { base, offset } = memory(address, place);
    ranged(offset, -2048, 2047);
    return (bits(offset, 11, 5) << 25) | (register(rs2) << 20) | (base << 15) | (funct3 << 12) | (bits(offset, 4, 0) << 7) | 0x23;
  };
const branch =
  (funct3: number): Encoder =>
  ([rs1, rs2, target = ''], { pc, value }) => {
    const by = ranged(value(target) - pc, -4096, 4094, 2);
    const places = (bits(by, 12, 12) << 31) | (bits(by, 10, 5) << 25) | (bits(by, 4, 1) << 8) | (bits(by, 11, 11) << 7);
    return places | (register(rs2) << 20) | (register(rs1) << 15) | (funct3 << 12) | 0x63;
  };
const upper =
  (opcode: number): Encoder =>
  ([rd, number = ''], { value }) =>
    (ranged(value(number), 0, 0xfffff) << 12) | (register(rd) << 7) | opcode;

const ENCODERS: { readonly [name: string]: Encoder } = {
  ...{ add: registers(0), sub: registers(0, 32), sll: registers(1), slt: registers(2), sltu: registers(3), xor: registers(4) },
  ...{ srl: registers(5), sra: registers(5, 32), or: registers(6), and: registers(7) },
  ...{ addi: immediate(0), slti: immediate(2), sltiu: immediate(3), xori: immediate(4), ori: immediate(6), andi: immediate(7) },
  ...{ slli: shift(1), srli: shift(5), srai: shift(5, 32) },
  ...{ lb: load(0), lh: load(1), lw: load(2), lbu: load(4), lhu: load(5), sb: store(0), sh: store(1), sw: store(2) },
  ...{ beq: branch(0), bne: branch(1), blt: branch(4), bge: branch(5), bltu: branch(6), bgeu: branch(7) },
  ...{ lui: upper(0x37), auipc: upper(0x17) },
  jal: ([rd, target = ''], { pc, value }) => {
    const by = ranged(value(target) - pc, -(2 ** 20), 2 ** 20 - 2, 2);
    return (bits(by, 20, 20) << 31) | (bits(by, 10, 1) << 21) | (bits(by, 11, 11) << 20) | (bits(by, 19, 12) << 12) | (register(rd) << 7) | 0x6f;
  },
  jalr: ([rd, address], place) => {
    const { base, offset } = memory(address, place);
    return twelve(offset) | (base << 15) | (register(rd) << 7) | 0x67;
  },
  fence: () => 0x0ff0000f,
  'fence.i': () => 0x0000100f,
  ecall: () => 0x00000073,
  ebreak: () => 0x00100073,
};

function operandsOf(name: string): number {
  if (/^(fence.i|ecall|ebreak)$/.test(name)) return 0;
  return /^(l[bhw]u?|s[bhw]|lui|auipc|jalr?)$/.test(name) ? 2 : 3;
}

/** What stands for other instructions; each takes always the same room. */
const PSEUDO: { readonly [name: string]: (operands: readonly string[]) => readonly string[] } = {
  nop: () => ['addi x0, x0, 0'],
  li: ([rd, number]) => [`lui ${rd}, %hi(${number})`, `addi ${rd}, ${rd}, %lo(${number})`],
  la: ([rd, label]) => [`lui ${rd}, %hi(${label})`, `addi ${rd}, ${rd}, %lo(${label})`],
  mv: ([rd, rs]) => [`addi ${rd}, ${rs}, 0`],
  not: ([rd, rs]) => [`xori ${rd}, ${rs}, -1`],
  neg: ([rd, rs]) => [`sub ${rd}, x0, ${rs}`],
  seqz: ([rd, rs]) => [`sltiu ${rd}, ${rs}, 1`],
  snez: ([rd, rs]) => [`sltu ${rd}, x0, ${rs}`],
  j: ([target]) => [`jal x0, ${target}`],
  jr: ([rs]) => [`jalr x0, (${rs})`],
  call: ([target]) => [`jal ra, ${target}`],
  ret: () => ['jalr x0, (ra)'],
  beqz: ([rs, target]) => [`beq ${rs}, x0, ${target}`],
  bnez: ([rs, target]) => [`bne ${rs}, x0, ${target}`],
  bltz: ([rs, target]) => [`blt ${rs}, x0, ${target}`],
  bgez: ([rs, target]) => [`bge ${rs}, x0, ${target}`],
  bgtz: ([rs, target]) => [`blt x0, ${rs}, ${target}`],
  blez: ([rs, target]) => [`bge x0, ${rs}, ${target}`],
  bgt: ([a, b, target]) => [`blt ${b}, ${a}, ${target}`],
  ble: ([a, b, target]) => [`bge ${b}, ${a}, ${target}`],
  bgtu: ([a, b, target]) => [`bltu ${b}, ${a}, ${target}`],
  bleu: ([a, b, target]) => [`bgeu ${b}, ${a}, ${target}`],
};

const SIZES: { readonly [directive: string]: number } = { '.word': 4, '.half': 2, '.byte': 1 };

/** Something at an address: an instruction of four bytes, or data. */
interface Item {
  readonly line: number;
  readonly pc: number;
  readonly name: string;
  readonly operands: readonly string[];
}

/** The words of a program that begins at address 0. */
export function assemble(text: string): Uint32Array<ArrayBuffer> {
  const labels = new Map<string, number>();
  const items: Item[] = [];
  let end = 0;
  for (const [index, source] of text.split('\n').entries()) {
    let [rest = ''] = source.split('#');
    for (let label = /^\s*([\w.$]+):/.exec(rest); label; label = /^\s*([\w.$]+):/.exec(rest)) {
      if (labels.has(label[1] as string)) throw new Error(`line ${index + 1}: label ${label[1]} is there twice`);
      labels.set(label[1] as string, end);
      rest = rest.slice(label[0].length);
    }
    rest = rest.trim();
    if (rest === '') continue;
    for (const [name, operands] of expanded(rest)) {
      const at = { line: index + 1, pc: end, name, operands };
      if (name === '.align') end = Math.ceil(end / 2 ** room(at, 12)) * 2 ** room(at, 12);
      else if (name === '.space') end += room(at, 2 ** 20);
      else {
        items.push(at);
        end += (SIZES[name] ?? 4) * (name in SIZES ? operands.length : 1);
      }
    }
  }
  const bytes = new DataView(new ArrayBuffer(Math.ceil(end / 4) * 4));
  for (const item of items) place(bytes, item, labels);
  return Uint32Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.getUint32(4 * i, true));
}

/** The one operand of `.align` and `.space`. */
function room({ line, name, operands }: Item, most: number): number {
  const [text = ''] = operands;
  if (operands.length === 1 && /^(0x[\da-f]+|\d+)$/i.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`line ${line}: ${name} ${operands.join(', ')}: it takes a whole number from 0 to ${most}`);
}

function expanded(text: string): (readonly [name: string, operands: readonly string[]])[] {
  const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
  const operands = rest === '' ? [] : rest.split(',').map((operand) => operand.trim());
  const pseudo = PSEUDO[name];
  return pseudo ? pseudo(operands).flatMap(expanded) : [[name, operands]];
}

function place(bytes: DataView, { line, pc, name, operands }: Item, labels: ReadonlyMap<string, number>): void {
  const value = (text: string): number => {
    const part = /^%(hi|lo)\((.*)\)$/.exec(text);
    if (part) {
      const whole = ofBits(value(part[2] as string), 32) | 0;
      const low = (whole << 20) >> 20;
      return part[1] === 'lo' ? low : ((whole - low) >>> 12) & 0xfffff;
    }
    const [, first = text, sign, second] = /^([\w.$]+)\s*([+-])\s*(\w+)$/.exec(text) ?? [];
    const known = labels.get(first) ?? Number(first);
    if (first === '' || Number.isNaN(known)) throw new Error(`${text === '' ? 'nothing' : text} is neither a number nor a label`);
    return second === undefined ? known : known + (sign === '-' ? -1 : 1) * value(second);
  };
  try {
    const size = SIZES[name];
    if (size !== undefined) {
      for (const [i, operand] of operands.entries())
        for (let byte = 0, word = ofBits(value(operand), 8 * size); byte < size; byte++)
          bytes.setUint8(pc + i * size + byte, (word >> (8 * byte)) & 255);
      return;
    }
    const encode = ENCODERS[name];
    if (!encode) throw new Error(`there is no instruction ${name}`);
    const count = operandsOf(name);
    // `fence` may name what it orders.
    if (operands.length !== count && name !== 'fence') throw new Error(`it takes ${count} operands, not ${operands.length}`);
    bytes.setUint32(pc, encode(operands, { pc, value }) >>> 0, true);
  } catch (error) {
    throw new Error(`line ${line}: ${name} ${operands.join(', ')}: ${(error as Error).message}`);
  }
}
