// What each test of a published list expects of an RV32I core: operands and results, branches taken and not, bytes loaded and stored.
//
// Origin: the list rv32ui of riscv-tests (https://github.com/riscv-software-src/riscv-tests), Copyright (c) 2012-2015, The Regents of the University of
// California (Regents), licensed under BSD-3-Clause. Transcribed are facts alone, values of 64 bits cut to 32; isa-programs.ts makes programs of them.

export type Triple = readonly [left: number, right: number, result: number];

/** Of an instruction with two source registers. */
export interface RegisterFacts {
  readonly results: readonly Triple[];
  /** The destination is the left source, the right one, and both (the right operand is the left one then). */
  readonly overwriting: readonly [Triple, Triple, Triple];
  /** Taken in turn, with 0 to 2 instructions between results and their uses. */
  readonly bypassed: readonly Triple[];
  /** x0 is the left source, the right one, and both. */
  readonly fromZero: readonly [Triple, Triple, Triple];
  /** Operands of an instruction whose destination is x0. */
  readonly toZero: readonly [left: number, right: number];
}

const [LEAST, MOST, ONES, LOW16] = [0x80000000, 0x7fffffff, 0xffffffff, 0xffff8000] as const;

/** Left operand, and the results with each of some right operands. */
type Row = readonly [left: number, ...results: number[]];
const rows = (rights: readonly number[], ...all: readonly Row[]): Triple[] =>
  all.flatMap(([left, ...results]) => results.map((result, i): Triple => [left, rights[i] as number, result]));

const AMOUNTS = [0, 1, 7, 14, 31];
/** Of these the low five bits count. */
const LONG_AMOUNTS = [0xffffffc0, 0xffffffc1, 0xffffffc7, 0xffffffce, ONES];
// biome-ignore format: a table
const SHIFTS = {
  sll: rows(
    AMOUNTS,
    [1, 1, 2, 0x80, 0x4000, LEAST], [ONES, ONES, 0xfffffffe, 0xffffff80, 0xffffc000, LEAST],
    [0x21212121, 0x21212121, 0x42424242, 0x90909080, 0x48484000, LEAST],
  ),
  srl: [
    ...rows(
      AMOUNTS,
      [LEAST, LEAST, 0x40000000, 0x01000000, 0x00020000], [ONES, ONES, MOST, 0x01ffffff, 0x0003ffff, 1],
      [0x21212121, 0x21212121, 0x10909090, 0x00424242, 0x00008484, 0],
    ),
    [LEAST + 1, 31, 1] as Triple,
  ],
  sra: [
    ...rows(
      AMOUNTS,
      [LEAST, LEAST, 0xc0000000, 0xff000000, 0xfffe0000], [MOST, MOST, 0x3fffffff, 0x00ffffff, 0x0001ffff, 0],
      [0x81818181, 0x81818181, 0xc0c0c0c0, 0xff030303, 0xfffe0606, ONES],
    ),
    [LEAST + 1, 31, ONES] as Triple,
  ],
};

// biome-ignore format: a table
const ORDER: readonly (readonly [left: number, right: number, less: number, lessUnsigned: number])[] = [
  [0, 0, 0, 0], [1, 1, 0, 0], [3, 7, 1, 1], [7, 3, 0, 0], [0, LOW16, 0, 1], [LEAST, 0, 1, 0], [LEAST, LOW16, 1, 1], [0, 0x7fff, 1, 1],
  [MOST, 0, 0, 0], [MOST, 0x7fff, 0, 0], [LEAST, 0x7fff, 1, 0], [MOST, LOW16, 0, 1], [0, ONES, 0, 1], [ONES, 1, 1, 0], [ONES, ONES, 0, 0],
];
// biome-ignore format: a table
const ORDER_BYPASSED: readonly Triple[] = [
  [11, 13, 1], [14, 13, 0], [12, 13, 1],
  [14, 13, 0], [11, 13, 1], [15, 13, 0], [10, 13, 1], [16, 13, 0], [9, 13, 1],
  [17, 13, 0], [8, 13, 1], [18, 13, 0], [7, 13, 1], [19, 13, 0], [6, 13, 1],
];
// biome-ignore format: a table
const LOGIC: readonly (readonly [left: number, right: number, and: number, or: number, xor: number])[] = [
  [0xff00ff00, 0x0f0f0f0f, 0x0f000f00, 0xff0fff0f, 0xf00ff00f], [0x0ff00ff0, 0xf0f0f0f0, 0x00f000f0, 0xfff0fff0, 0xff00ff00],
  [0x00ff00ff, 0x0f0f0f0f, 0x000f000f, 0x0fff0fff, 0x0ff00ff0], [0xf00ff00f, 0xf0f0f0f0, 0xf000f000, 0xf0fff0ff, 0x00ff00ff],
];
const logic = (column: 2 | 3 | 4): Triple[] => LOGIC.map((row) => [row[0], row[1], row[column]]);

// biome-ignore format: a table
export const REGISTER_FACTS: { readonly [instruction: string]: RegisterFacts } = {
  add: {
    results: [
      [0, 0, 0], [1, 1, 2], [3, 7, 10], [0, LOW16, LOW16], [LEAST, 0, LEAST], [LEAST, LOW16, 0x7fff8000], [0, 0x7fff, 0x7fff],
      [MOST, 0, MOST], [MOST, 0x7fff, 0x80007ffe], [LEAST, 0x7fff, 0x80007fff], [MOST, LOW16, 0x7fff7fff], [0, ONES, ONES],
      [ONES, 1, 0], [ONES, ONES, 0xfffffffe], [1, MOST, LEAST],
    ],
    overwriting: [[13, 11, 24], [14, 11, 25], [13, 13, 26]],
    bypassed: [[13, 11, 24], [14, 11, 25], [15, 11, 26]],
    fromZero: [[0, 15, 15], [32, 0, 32], [0, 0, 0]],
    toZero: [16, 30],
  },
  sub: {
    results: [
      [0, 0, 0], [1, 1, 0], [3, 7, 0xfffffffc], [0, LOW16, 0x8000], [LEAST, 0, LEAST], [LEAST, LOW16, 0x80008000],
      [0, 0x7fff, 0xffff8001], [MOST, 0, MOST], [MOST, 0x7fff, 0x7fff8000], [LEAST, 0x7fff, 0x7fff8001], [MOST, LOW16, 0x80007fff],
      [0, ONES, 1], [ONES, 1, 0xfffffffe], [ONES, ONES, 0],
    ],
    overwriting: [[13, 11, 2], [14, 11, 3], [13, 13, 0]],
    bypassed: [[13, 11, 2], [14, 11, 3], [15, 11, 4]],
    fromZero: [[0, -15, 15], [32, 0, 32], [0, 0, 0]],
    toZero: [16, 30],
  },
  slt: {
    results: ORDER.map(([left, right, less]) => [left, right, less]),
    overwriting: [[14, 13, 0], [11, 13, 1], [13, 13, 0]],
    bypassed: ORDER_BYPASSED,
    fromZero: [[0, -1, 0], [-1, 0, 1], [0, 0, 0]],
    toZero: [16, 30],
  },
  sltu: {
    results: ORDER.map(([left, right, , less]) => [left, right, less]),
    overwriting: [[14, 13, 0], [11, 13, 1], [13, 13, 0]],
    bypassed: ORDER_BYPASSED,
    fromZero: [[0, -1, 1], [-1, 0, 0], [0, 0, 0]],
    toZero: [16, 30],
  },
  and: {
    results: logic(2),
    overwriting: [[0xff00ff00, 0x0f0f0f0f, 0x0f000f00], [0x0ff00ff0, 0xf0f0f0f0, 0x00f000f0], [0xff00ff00, 0xff00ff00, 0xff00ff00]],
    bypassed: logic(2).slice(0, 3),
    fromZero: [[0, 0xff00ff00, 0], [0x00ff00ff, 0, 0], [0, 0, 0]],
    toZero: [0x11111111, 0x22222222],
  },
  or: {
    results: logic(3),
    overwriting: [[0xff00ff00, 0x0f0f0f0f, 0xff0fff0f], [0xff00ff00, 0x0f0f0f0f, 0xff0fff0f], [0xff00ff00, 0xff00ff00, 0xff00ff00]],
    bypassed: logic(3).slice(0, 3),
    fromZero: [[0, 0xff00ff00, 0xff00ff00], [0x00ff00ff, 0, 0x00ff00ff], [0, 0, 0]],
    toZero: [0x11111111, 0x22222222],
  },
  xor: {
    results: logic(4),
    overwriting: [[0xff00ff00, 0x0f0f0f0f, 0xf00ff00f], [0xff00ff00, 0x0f0f0f0f, 0xf00ff00f], [0xff00ff00, 0xff00ff00, 0]],
    bypassed: logic(4).slice(0, 3),
    fromZero: [[0, 0xff00ff00, 0xff00ff00], [0x00ff00ff, 0, 0x00ff00ff], [0, 0, 0]],
    toZero: [0x11111111, 0x22222222],
  },
  sll: {
    results: [...SHIFTS.sll, ...rows(LONG_AMOUNTS, [0x21212121, 0x21212121, 0x42424242, 0x90909080, 0x48484000, LEAST])],
    overwriting: [[1, 7, 0x80], [1, 14, 0x4000], [3, 3, 24]],
    bypassed: [[1, 7, 0x80], [1, 14, 0x4000], [1, 31, LEAST]],
    fromZero: [[0, 15, 0], [32, 0, 32], [0, 0, 0]],
    toZero: [1024, 2048],
  },
  srl: {
    results: [...SHIFTS.srl, ...rows(LONG_AMOUNTS, [0x21212121, 0x21212121, 0x10909090, 0x00424242, 0x00008484, 0])],
    overwriting: [[LEAST, 7, 0x01000000], [LEAST, 14, 0x00020000], [7, 7, 0]],
    bypassed: [[LEAST, 7, 0x01000000], [LEAST, 14, 0x00020000], [LEAST, 31, 1]],
    fromZero: [[0, 15, 0], [32, 0, 32], [0, 0, 0]],
    toZero: [1024, 2048],
  },
  sra: {
    results: [...SHIFTS.sra, ...rows(LONG_AMOUNTS, [0x81818181, 0x81818181, 0xc0c0c0c0, 0xff030303, 0xfffe0606, ONES])],
    overwriting: [[LEAST, 7, 0xff000000], [LEAST, 14, 0xfffe0000], [7, 7, 0]],
    bypassed: [[LEAST, 7, 0xff000000], [LEAST, 14, 0xfffe0000], [LEAST, 31, ONES]],
    fromZero: [[0, 15, 0], [32, 0, 32], [0, 0, 0]],
    toZero: [1024, 2048],
  },
};

/** Of an instruction with an immediate, which stands right. */
export interface ImmediateFacts {
  readonly results: readonly Triple[];
  /** The destination is the source. */
  readonly overwriting: Triple;
  /** The instruction of that fact, where it is another one. */
  readonly overwritingWith?: string;
  /** The first three with 0 to 2 instructions behind, the others with 0 to 2 in front. */
  readonly bypassed: readonly [Triple, Triple, Triple, Triple, Triple, Triple];
  readonly fromZero: Triple;
  readonly toZero: readonly [left: number, right: number];
}

const ORDER_IMMEDIATE = ORDER.map(
  ([left, right, less, lessUnsigned]) => [left, right === LOW16 ? -2048 : right === 0x7fff ? 0x7ff : right | 0, less, lessUnsigned] as const,
);
// biome-ignore format: a table
const ORDER_IMMEDIATE_BYPASSED = [
  [15, 10, 0], [10, 16, 1], [16, 9, 0], [11, 15, 1], [17, 8, 0], [12, 14, 1],
] as const;
const twice = (a: Triple, b: Triple, c: Triple) => [a, b, c, a, b, c] as const;

// biome-ignore format: a table
export const IMMEDIATE_FACTS: { readonly [instruction: string]: ImmediateFacts } = {
  addi: {
    results: [
      [0, 0, 0], [1, 1, 2], [3, 7, 10], [0, -2048, 0xfffff800], [LEAST, 0, LEAST], [LEAST, -2048, 0x7ffff800], [0, 0x7ff, 0x7ff],
      [MOST, 0, MOST], [MOST, 0x7ff, 0x800007fe], [LEAST, 0x7ff, 0x800007ff], [MOST, -2048, 0x7ffff7ff], [0, -1, ONES],
      [ONES, 1, 0], [ONES, -1, 0xfffffffe], [MOST, 1, LEAST],
    ],
    overwriting: [13, 11, 24],
    bypassed: twice([13, 11, 24], [13, 10, 23], [13, 9, 22]),
    fromZero: [0, 32, 32],
    toZero: [33, 50],
  },
  slti: {
    results: ORDER_IMMEDIATE.map(([left, right, less]) => [left, right, less]),
    overwriting: [11, 13, 1],
    overwritingWith: 'sltiu',
    bypassed: ORDER_IMMEDIATE_BYPASSED,
    fromZero: [0, -1, 0],
    toZero: [0x00ff00ff, -1],
  },
  sltiu: {
    results: ORDER_IMMEDIATE.map(([left, right, , less]) => [left, right, less]),
    overwriting: [11, 13, 1],
    bypassed: ORDER_IMMEDIATE_BYPASSED,
    fromZero: [0, -1, 1],
    toZero: [0x00ff00ff, -1],
  },
  andi: {
    results: [[0xff00ff00, -0xf1, 0xff00ff00], [0x0ff00ff0, 0xf0, 0xf0], [0x00ff00ff, 0x70f, 0xf], [0xf00ff00f, 0xf0, 0]],
    overwriting: [0xff00ff00, 0xf0, 0],
    bypassed: [
      [0x0ff00ff0, 0x70f, 0x700], [0x00ff00ff, 0xf0, 0xf0], [0xf00ff00f, -0xf1, 0xf00ff00f],
      [0x0ff00ff0, 0x70f, 0x700], [0x00ff00ff, 0xf0, 0xf0], [0xf00ff00f, 0x70f, 0xf],
    ],
    fromZero: [0, 0xf0, 0],
    toZero: [0x00ff00ff, 0x70f],
  },
  ori: {
    results: [[0xff00ff00, -0xf1, 0xffffff0f], [0x0ff00ff0, 0xf0, 0x0ff00ff0], [0x00ff00ff, 0x70f, 0x00ff07ff], [0xf00ff00f, 0xf0, 0xf00ff0ff]],
    overwriting: [0xff00ff00, 0xf0, 0xff00fff0],
    bypassed: [
      [0x0ff00ff0, 0xf0, 0x0ff00ff0], [0x00ff00ff, 0x70f, 0x00ff07ff], [0xf00ff00f, 0xf0, 0xf00ff0ff],
      [0x0ff00ff0, 0xf0, 0x0ff00ff0], [0x00ff00ff, -0xf1, ONES], [0xf00ff00f, 0xf0, 0xf00ff0ff],
    ],
    fromZero: [0, 0xf0, 0xf0],
    toZero: [0x00ff00ff, 0x70f],
  },
  xori: {
    results: [[0x00ff0f00, -0xf1, 0xff00f00f], [0x0ff00ff0, 0xf0, 0x0ff00f00], [0x00ff08ff, 0x70f, 0x00ff0ff0], [0xf00ff00f, 0xf0, 0xf00ff0ff]],
    overwriting: [0xff00f700, 0x70f, 0xff00f00f],
    bypassed: [
      [0x0ff00ff0, 0xf0, 0x0ff00f00], [0x00ff08ff, 0x70f, 0x00ff0ff0], [0xf00ff00f, 0xf0, 0xf00ff0ff],
      [0x0ff00ff0, 0xf0, 0x0ff00f00], [0x00ff0fff, 0xf, 0x00ff0ff0], [0xf00ff00f, 0xf0, 0xf00ff0ff],
    ],
    fromZero: [0, 0xf0, 0xf0],
    toZero: [0x00ff00ff, 0x70f],
  },
  slli: {
    results: SHIFTS.sll,
    overwriting: [1, 7, 0x80],
    bypassed: twice([1, 7, 0x80], [1, 14, 0x4000], [1, 31, LEAST]),
    fromZero: [0, 31, 0],
    toZero: [33, 20],
  },
  srli: {
    results: SHIFTS.srl,
    overwriting: [LEAST, 7, 0x01000000],
    bypassed: twice([LEAST, 7, 0x01000000], [LEAST, 14, 0x00020000], [LEAST + 1, 31, 1]),
    fromZero: [0, 31, 0],
    toZero: [33, 20],
  },
  srai: {
    // The first value of the list has more than 32 bits.
    results: SHIFTS.sra,
    overwriting: [LEAST, 7, 0xff000000],
    bypassed: twice([LEAST, 7, 0xff000000], [LEAST, 14, 0xfffe0000], [LEAST + 1, 31, ONES]),
    fromZero: [0, 31, 0],
    toZero: [33, 20],
  },
};

/** Upper immediate, arithmetic shift to the right behind it, result. */
export const LUI_FACTS: readonly (readonly [upper: number, shift: number, result: number])[] = [
  [0, 0, 0],
  [0xfffff, 1, 0xfffff800],
  [0x7ffff, 20, 0x7ff],
  [0x80000, 20, 0xfffff800],
];
/** Upper immediate, and how far the address of the instruction two further on is from what auipc gives. */
export const AUIPC_FACTS: readonly (readonly [upper: number, distance: number])[] = [
  [0x00001, -4096 + 8],
  [0xfffff, 4096 + 8],
];

type Pair = readonly [left: number, right: number];
export interface BranchFacts {
  readonly taken: readonly Pair[];
  readonly notTaken: readonly Pair[];
  /** Not taken, with 0 to 2 instructions between operands and branch. */
  readonly bypassed: Pair;
  /** Taken, of x1 = 1 and x0, over instructions that must not be executed. */
  readonly skipping: readonly ['x1' | 'x0', 'x1' | 'x0'];
}
// biome-ignore format: a table
export const BRANCH_FACTS: { readonly [instruction: string]: BranchFacts } = {
  beq: {
    taken: [[0, 0], [1, 1], [-1, -1]],
    notTaken: [[0, 1], [1, 0], [-1, 1], [1, -1]],
    bypassed: [0, -1],
    skipping: ['x0', 'x0'],
  },
  bne: {
    taken: [[0, 1], [1, 0], [-1, 1], [1, -1]],
    notTaken: [[0, 0], [1, 1], [-1, -1]],
    bypassed: [0, 0],
    skipping: ['x1', 'x0'],
  },
  blt: {
    taken: [[0, 1], [-1, 1], [-2, -1]],
    notTaken: [[1, 0], [1, -1], [-1, -2], [1, -2]],
    bypassed: [0, -1],
    skipping: ['x0', 'x1'],
  },
  bge: {
    taken: [[0, 0], [1, 1], [-1, -1], [1, 0], [1, -1], [-1, -2]],
    notTaken: [[0, 1], [-1, 1], [-2, -1], [-2, 1]],
    bypassed: [-1, 0],
    skipping: ['x1', 'x0'],
  },
  bltu: {
    taken: [[0, 1], [-2, -1], [0, -1]],
    notTaken: [[1, 0], [-1, -2], [-1, 0], [LEAST, MOST]],
    bypassed: [0xf0000000, 0xefffffff],
    skipping: ['x0', 'x1'],
  },
  bgeu: {
    taken: [[0, 0], [1, 1], [-1, -1], [1, 0], [-1, -2], [-1, 0]],
    notTaken: [[0, 1], [-2, -1], [0, -1], [MOST, LEAST]],
    bypassed: [0xefffffff, 0xf0000000],
    skipping: ['x1', 'x0'],
  },
};

/** What a load gives of each of four values that stand side by side, and of which base less what is loaded at which offset. */
export interface LoadFacts {
  readonly directive: '.byte' | '.half' | '.word';
  readonly data: readonly [number, number, number, number];
  readonly results: readonly [number, number, number, number];
  /** The base is that much below the first value and the offset makes up for it; the result is that of the second value. */
  readonly unaligned: readonly [below: number, offset: number];
}
// biome-ignore format: a table
export const LOAD_FACTS: { readonly [instruction: string]: LoadFacts } = {
  lb: { directive: '.byte', data: [0xff, 0x00, 0xf0, 0x0f], results: [ONES, 0, 0xfffffff0, 0xf], unaligned: [6, 7] },
  lbu: { directive: '.byte', data: [0xff, 0x00, 0xf0, 0x0f], results: [0xff, 0, 0xf0, 0xf], unaligned: [6, 7] },
  lh: { directive: '.half', data: [0x00ff, 0xff00, 0x0ff0, 0xf00f], results: [0xff, 0xffffff00, 0x0ff0, 0xfffff00f], unaligned: [5, 7] },
  lhu: { directive: '.half', data: [0x00ff, 0xff00, 0x0ff0, 0xf00f], results: [0xff, 0xff00, 0x0ff0, 0xf00f], unaligned: [5, 7] },
  lw: {
    directive: '.word',
    data: [0x00ff00ff, 0xff00ff00, 0x0ff00ff0, 0xf00ff00f],
    results: [0x00ff00ff, 0xff00ff00, 0x0ff00ff0, 0xf00ff00f],
    unaligned: [3, 7],
  },
};

/** Value stored at an element of ten, and what a load gives there. */
export interface StoreFacts {
  readonly directive: '.byte' | '.half' | '.word';
  readonly background: number;
  readonly load: string;
  readonly results: readonly (readonly [value: number, element: number, load: string, loaded: number])[];
  /** A value stored in element 8 at an offset of 32, and one in element 9 at an offset of 7 from an unaligned base. */
  readonly based: readonly [stored: number, loaded: number];
  readonly unaligned: readonly [stored: number, loaded: number, below: number];
  /** Stored in elements 0 to 5 with 0 to 2 instructions between, and loaded again: the first six after value and address, the others the other way round. */
  readonly bypassed: readonly number[];
}
// biome-ignore format: a table
export const STORE_FACTS: { readonly [instruction: string]: StoreFacts } = {
  sb: {
    directive: '.byte',
    background: 0xef,
    load: 'lb',
    results: [[0xffffffaa, 0, 'lb', 0xffffffaa], [0, 1, 'lb', 0], [0xffffefa0, 2, 'lh', 0xffffefa0], [0xa, 3, 'lb', 0xa]],
    based: [0x12345678, 0x78],
    unaligned: [0x3098, 0xffffff98, 6],
    bypassed: [0xffffffdd, 0xffffffcd, 0xffffffcc, 0xffffffbc, 0xffffffbb, 0xffffffab, 0x33, 0x23, 0x22, 0x12, 0x11, 0x01],
  },
  sh: {
    directive: '.half',
    background: 0xbeef,
    load: 'lh',
    results: [[0xaa, 0, 'lh', 0xaa], [0xffffaa00, 1, 'lh', 0xffffaa00], [0xbeef0aa0, 2, 'lw', 0xbeef0aa0], [0xffffa00a, 3, 'lh', 0xffffa00a]],
    based: [0x12345678, 0x5678],
    unaligned: [0x3098, 0x3098, 5],
    bypassed: [0xffffccdd, 0xffffbccd, 0xffffbbcc, 0xffffabbc, 0xffffaabb, 0xffffdaab, 0x2233, 0x1223, 0x1122, 0x0112, 0x0011, 0x3001],
  },
  sw: {
    directive: '.word',
    background: 0xdeadbeef,
    load: 'lw',
    results: [[0x00aa00aa, 0, 'lw', 0x00aa00aa], [0xaa00aa00, 1, 'lw', 0xaa00aa00], [0x0aa00aa0, 2, 'lw', 0x0aa00aa0], [0xa00aa00a, 3, 'lw', 0xa00aa00a]],
    based: [0x12345678, 0x12345678],
    unaligned: [0x58213098, 0x58213098, 3],
    bypassed: [
      ...[0xaabbccdd, 0xdaabbccd, 0xddaabbcc, 0xcddaabbc, 0xccddaabb, 0xbccddaab],
      ...[0x00112233, 0x30011223, 0x33001122, 0x23300112, 0x22330011, 0x12233001],
    ],
  },
};
