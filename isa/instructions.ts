// The instruction set as data. Encoder, decoder hardware, golden model, assembler, C header and documents are made of this table.
//
// A word has 128 bits: 7:0 opcode, 23:8 semaphores to wait for, 39:24 semaphores to signal, 127:40 payload. Unused payload bits are 0; a word with others, with an unknown opcode or with
// a field against its rule is illegal, and so is a control instruction with semaphores: these are executed in order, before any queue.

export const WORD_BYTES = 16;
export const SEMAPHORES = 16;
/** Bits of the payload, and where it begins. */
export const PAYLOAD = { lsb: 40, width: 88 } as const;

export type Queue = 'control' | 'ld' | 'mx' | 'vx' | 'st';
/** What a scratchpad address or stride must be a multiple of: bytes of an activation beat (rows), of a vector (cols). */
export type Alignment = 'rows' | 'cols';

export interface FieldSpec {
  /** Lowest bit, counted in the payload. */
  readonly lsb: number;
  readonly width: number;
  /** Two's complement. */
  readonly signed?: true;
  /** Smallest and largest legal value; all of the width when absent. */
  readonly least?: number;
  readonly most?: number;
  /** Its value is a multiple of the array's rows or columns. */
  readonly multipleOf?: Alignment;
  /** Its value is a position in this list of the configuration. */
  readonly positionIn?: 'modes';
  /** Names of the values from 0 on; others are illegal. */
  readonly names?: readonly string[];
  readonly doc: string;
}
export interface InstructionSpec {
  readonly opcode: number;
  readonly queue: Queue;
  readonly fields: { readonly [name: string]: FieldSpec };
  readonly doc: string;
}

type Part = Omit<FieldSpec, 'lsb'>;
type SignedPart = Part & { readonly signed: true };
/** Fields one behind the other, from bit 0 of the payload on. */
function layout<const F extends { readonly [name: string]: Part }>(fields: F): { readonly [K in keyof F]: F[K] & { readonly lsb: number } } {
  let lsb = 0;
  const placed = Object.entries(fields).map(([name, part]) => {
    const field = { ...part, lsb };
    lsb += part.width;
    return [name, field] as const;
  });
  return Object.fromEntries(placed) as never;
}

const local = (doc: string, multipleOf?: Alignment): Part => ({ width: 24, doc, ...(multipleOf && { multipleOf }) });
const stride = (doc: string, multipleOf?: Alignment): SignedPart => ({ width: 24, signed: true, doc, ...(multipleOf && { multipleOf }) });
const memory = (doc: string): Part => ({ width: 32, doc });
const index = (least: number, most: number): Part => ({ width: 3, least, most, doc: 'dimension, 0 is the innermost' });
const count: Part = { width: 16, least: 1, doc: 'positions' };
const row: Part = { width: 16, least: 1, most: 4095, doc: 'bytes of a row' };
const step = (axis: string): SignedPart => ({ width: 6, signed: true, doc: `how far ${axis} moves with the dimension` });
const run: Part = { width: 16, least: 1, doc: 'bytes copied at each position' };
const adds: Part = { width: 1, doc: '0: set, 1: add' };
const box = layout({
  y: { width: 16, signed: true, doc: 'y at the start of a walk' },
  x: { width: 16, signed: true, doc: 'x at the start of a walk' },
  height: { width: 16, doc: 'inside is 0 ≤ y < height' },
  width: { width: 16, doc: 'and 0 ≤ x < width; with both 0 there is no box and everything is inside' },
  pad: { width: 8, signed: true, doc: 'the value outside' },
});

/** Operations of `vx.run`, by code. */
export const VX_OPERATIONS = ['copy', 'requantise', 'depthwise', 'average', 'maximum', 'add', 'multiply', 'prelu'] as const;
export type VxOperation = (typeof VX_OPERATIONS)[number];

export const INSTRUCTIONS = {
  begin: {
    opcode: 0x01,
    queue: 'control',
    fields: layout({ hash: { width: 64, doc: 'hash of the configuration' } }),
    doc: 'The first instruction of every program.',
  },
  halt: { opcode: 0x02, queue: 'control', fields: {}, doc: 'Ends the program when all queues are empty.' },
  fence: { opcode: 0x03, queue: 'control', fields: {}, doc: 'Waits until all queues are empty.' },
  interrupt: {
    opcode: 0x04,
    queue: 'control',
    fields: layout({ code: { width: 32, doc: 'what the register INTERRUPT_CODE reads' } }),
    doc: 'Raises the interrupt; the program goes on.',
  },
  counters: { opcode: 0x05, queue: 'control', fields: {}, doc: 'Clears the performance counters.' },
  loop: {
    opcode: 0x06,
    queue: 'control',
    fields: layout({
      times: { width: 24, least: 1, doc: 'how often' },
      length: { width: 8, least: 1, most: 64, doc: 'instructions of the body, those behind this one' },
    }),
    doc: 'Repeats the instructions behind it. Loops nest up to four deep; an inner body lies within the outer one.',
  },

  'ld.dim': {
    opcode: 0x10,
    queue: 'ld',
    fields: layout({
      index: index(0, 3),
      count,
      stride: { width: 32, signed: true, doc: 'bytes in memory' },
      local: stride('bytes in the scratchpad'),
      y: step('y'),
      x: step('x'),
    }),
    doc: 'A dimension of loads.',
  },
  'ld.box': { opcode: 0x11, queue: 'ld', fields: box, doc: 'Where loads read memory, and what stands elsewhere.' },
  'ld.offset': {
    opcode: 0x12,
    queue: 'ld',
    fields: layout({
      adds,
      memory: { width: 32, signed: true, doc: 'bytes, added to addresses of loads' },
      local: stride('bytes, added to scratchpad addresses'),
    }),
    doc: 'Moves the base addresses of loads.',
  },
  'ld.move': {
    opcode: 0x13,
    queue: 'ld',
    fields: layout({
      memory: memory('address'),
      local: local('address in the scratchpad'),
      run,
      convert: { width: 2, names: ['none', 'flip'], doc: 'flip inverts bit 7: uint8 to int8' },
    }),
    doc: 'Copies memory to the scratchpad.',
  },

  'st.dim': {
    opcode: 0x20,
    queue: 'st',
    fields: layout({
      index: index(0, 3),
      count,
      stride: { width: 32, signed: true, doc: 'bytes in memory' },
      local: stride('bytes in the scratchpad'),
    }),
    doc: 'A dimension of stores.',
  },
  'st.offset': {
    opcode: 0x22,
    queue: 'st',
    fields: layout({
      adds,
      memory: { width: 32, signed: true, doc: 'bytes, added to addresses of stores' },
      local: stride('bytes, added to scratchpad addresses'),
    }),
    doc: 'Moves the base addresses of stores.',
  },
  'st.move': {
    opcode: 0x23,
    queue: 'st',
    fields: layout({ memory: memory('address'), local: local('address in the scratchpad'), run }),
    doc: 'Copies the scratchpad to memory.',
  },

  'mx.dim': {
    opcode: 0x30,
    queue: 'mx',
    fields: layout({ index: index(0, 4), count, local: stride('bytes in the scratchpad', 'rows'), y: step('y'), x: step('x') }),
    doc: 'A dimension of activations: 0 and 1 are positions, 2 to 4 steps of k.',
  },
  'mx.box': { opcode: 0x31, queue: 'mx', fields: box, doc: 'Where activations are, and what stands elsewhere.' },
  'mx.offset': {
    opcode: 0x32,
    queue: 'mx',
    fields: layout({
      adds,
      activation: stride('bytes', 'rows'),
      weight: stride('bytes', 'cols'),
      sums: { width: 16, signed: true, doc: 'rows' },
    }),
    doc: 'Moves the base addresses of multiplies.',
  },
  'mx.multiply': {
    opcode: 0x33,
    queue: 'mx',
    fields: layout({
      activation: local('address of the first beat', 'rows'),
      weight: local('address of the first row', 'cols'),
      sums: { width: 16, doc: 'first row of sums' },
      accumulate: { width: 1, doc: '1: the first step of k adds to the sums, too' },
    }),
    doc: 'Sums of products of a walk of activations with rows of weights.',
  },

  'vx.dim': {
    opcode: 0x40,
    queue: 'vx',
    fields: layout({
      index: index(0, 4),
      count,
      a: stride('bytes (rows of sums for requantise)'),
      b: stride('bytes', 'cols'),
      y: step('y'),
      x: step('x'),
    }),
    doc: 'A dimension of vectors: 0 and 1 are a window, 2 to 4 outputs.',
  },
  'vx.box': { opcode: 0x41, queue: 'vx', fields: box, doc: 'Where vectors are; pad is not used.' },
  'vx.offset': {
    opcode: 0x42,
    queue: 'vx',
    fields: layout({ adds, a: stride('bytes (rows of sums for requantise)'), b: stride('bytes', 'cols'), out: stride('bytes', 'cols') }),
    doc: 'Moves the base addresses of vectors.',
  },
  'vx.place': {
    opcode: 0x43,
    queue: 'vx',
    fields: layout({ index: index(2, 4), out: stride('bytes in the scratchpad', 'cols') }),
    doc: 'A dimension of results.',
  },
  'vx.params': {
    opcode: 0x44,
    queue: 'vx',
    fields: layout({ local: local('address of 9·C bytes', 'cols') }),
    doc: 'Reads bias, multiplier and shift of each lane.',
  },
  'vx.scale': {
    opcode: 0x45,
    queue: 'vx',
    fields: layout({
      which: { width: 2, names: ['a', 'b', 'out'], doc: 'out: of all lanes, and their bias is 0' },
      multiplier: { width: 32, signed: true, doc: 'int32' },
      shift: { width: 7, signed: true, least: -31, most: 30, doc: 'positive to the left' },
    }),
    doc: 'A multiplier and a shift for all lanes.',
  },
  'vx.range': {
    opcode: 0x46,
    queue: 'vx',
    fields: layout({
      aZero: { width: 8, signed: true, doc: 'zero point of a' },
      bZero: { width: 8, signed: true, doc: 'zero point of b' },
      zero: { width: 8, signed: true, doc: 'zero point of the result' },
      min: { width: 8, signed: true, doc: 'smallest result' },
      max: { width: 8, signed: true, doc: 'largest result' },
      left: { width: 5, doc: 'left shift of both operands of add' },
      mode: { width: 3, positionIn: 'modes', doc: 'position in the list of modes of the configuration' },
    }),
    doc: 'Zero points, clamp and arithmetic.',
  },
  'vx.table': {
    opcode: 0x47,
    queue: 'vx',
    fields: layout({ local: local('address of 256 bytes', 'cols') }),
    doc: 'Reads the table of an activation function.',
  },
  'vx.run': {
    opcode: 0x48,
    queue: 'vx',
    fields: layout({
      operation: { width: 4, names: VX_OPERATIONS, doc: 'what is done' },
      a: local('address of the first operand (row of sums for requantise)'),
      b: local('address of the second operand', 'cols'),
      out: local('address of the result', 'cols'),
      table: { width: 1, doc: '1: results go through the table' },
    }),
    doc: 'A walk of vectors.',
  },
  'vx.exponents': {
    opcode: 0x49,
    queue: 'vx',
    fields: layout({ local: local('address of 256 × int32', 'cols') }),
    doc: 'Reads the exponentials of a softmax, by how far a code is below the largest.',
  },
  'vx.softmax': {
    opcode: 0x4a,
    queue: 'vx',
    fields: layout({ a: local('address of the first row'), out: local('address of the first result'), length: row, rows: count }),
    doc: 'Softmax of rows of bytes, one behind the other.',
  },
  'vx.normalise': {
    opcode: 0x4b,
    queue: 'vx',
    fields: layout({
      a: local('address of the first row'),
      out: local('address of the first result'),
      length: row,
      rows: count,
      fraction: { width: 3, doc: 'results are multiples of 2^−fraction' },
      epsilon: { width: 5, doc: '2^epsilon is added to the variance times length²' },
    }),
    doc: 'Rows of bytes, one behind the other, less their mean and divided by the root of their variance.',
  },
} as const satisfies { readonly [name: string]: InstructionSpec };

export type Mnemonic = keyof typeof INSTRUCTIONS;
/** Values of the fields of an instruction, by name. */
export type FieldsOf<N extends Mnemonic> = { readonly [K in keyof (typeof INSTRUCTIONS)[N]['fields']]: number | bigint };

/** An instruction before it is encoded; semaphores by number. */
export interface Instruction<N extends Mnemonic = Mnemonic> {
  readonly name: N;
  readonly fields: { readonly [field: string]: number | bigint };
  readonly wait?: readonly number[];
  readonly signal?: readonly number[];
}
