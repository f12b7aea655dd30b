// The problems: what a solution must do.

import { combinational, type Specification, times } from './specification.ts';

export const accumulator: Specification<{ in: number; rst: number }, { out: number }> = {
  stimulus: (random) => [...times(300, () => ({ in: 1, rst: 0 })), ...times(100, () => ({ in: random.bits(1), rst: random.once(25) }))],
  start() {
    let total = 0;
    return (p) => {
      const out = total % 256;
      total = p.rst ? 0 : total + p.in;
      return { out };
    };
  },
};

export const adder = (width: number) =>
  combinational(
    (random) => times(100, () => ({ in0: random.bits(width), in1: random.bits(width) })),
    ({ in0, in1 }) => ({ out: (in0 + in1) % 2 ** width }),
  );

export const counter: Specification<{ inc: number; amt: number }, { tot: number }> = {
  stimulus: (random) => times(300, () => ({ inc: random.bits(1), amt: random.bits(4) })),
  start() {
    let count = 0;
    return ({ inc, amt }) => {
      const tot = count;
      if (inc) count = count + amt > 255 ? 0 : count + amt;
      return { tot };
    };
  },
};

type SearchInputs = { isWr: number; wrAddr: number; data: number; en: number };

export const search = (words: number, width: number): Specification<SearchInputs, { done: number | undefined; target: number | undefined }> => ({
  stimulus: (random) => [
    ...times(words, (wrAddr) => ({ isWr: 1, wrAddr, data: 0, en: 0 })),
    ...times(16, (k) => k).flatMap((k) => {
      const data = 1 + random.below(2 ** width - 1);
      const looked = k > 12 ? random.bits(width) : data;
      return [
        { isWr: 1, wrAddr: random.below(words - 1), data, en: 0 },
        { isWr: 0, wrAddr: 0, data: looked, en: 1 },
        ...times(words, () => ({ isWr: 0, wrAddr: 0, data: looked, en: 0 })),
      ];
    }),
  ],
  start() {
    const list = times<number | undefined>(words, () => undefined);
    /** Cycles since `en`; undefined where no search is on. */
    let since: number | undefined;
    return ({ isWr, wrAddr, data, en }) => {
      const first = list.indexOf(data);
      const place = first < 0 ? words - 1 : first;
      const searched = isWr ? undefined : since;
      const seen = {
        done: en ? 0 : searched === undefined ? undefined : searched >= place ? 1 : 0,
        target: searched === undefined ? undefined : Math.min(searched, place),
      };
      if (isWr) [list[wrAddr], since] = [data, undefined];
      else if (en) since = 0;
      else if (since !== undefined) since++;
      return seen;
    };
  },
});

export const lfsr16: Specification<{ inc: number }, { out: number }> = {
  stimulus: (random) => times(300, () => ({ inc: random.once(4) ? 0 : 1 })),
  start() {
    const bits = [1, ...times(15, () => 0)]; // Bit 0 first.
    return ({ inc }) => {
      const out = bits.reduce((sum, bit, i) => sum + bit * 2 ** i, 0);
      if (inc) {
        // Exponents 16, 14, 13 and 11 of the polynomial count from the top: 16 is bit 0.
        bits.push([16, 14, 13, 11].reduce((sum, exponent) => sum + (bits[16 - exponent] as number), 0) % 2);
        bits.shift();
      }
      return { out };
    };
  },
};

export const max2 = combinational(
  (random) => times(100, (i) => ({ in0: random.bits(8), in1: i < 10 ? 255 - i : random.bits(8) })),
  ({ in0, in1 }) => ({ out: Math.max(in0, in1) }),
);

export const maxN = (inputs: number, width: number) =>
  combinational(
    (random) => times(100, () => ({ ins: times(inputs, () => random.bits(width)) })),
    ({ ins }) => ({ out: Math.max(...ins) }),
  );

type MemoInputs = { wen: number; wrAddr: number; wrData: number; ren: number; rdAddr: number };

export const memo: Specification<MemoInputs, { rdData: number | undefined }> = {
  stimulus: (random) =>
    times(400, (i) => {
      const near = random.bits(4); // Few addresses, so that readings meet writings.
      return { wen: random.bits(1), wrAddr: i < 20 ? i : random.bits(4), wrData: random.bits(8), ren: random.bits(1), rdAddr: near };
    }),
  start() {
    const words = new Map<number, number>();
    return ({ wen, wrAddr, wrData, ren, rdAddr }) => {
      const rdData = ren ? words.get(rdAddr) : 0;
      if (wen) words.set(wrAddr, wrData);
      return { rdData };
    };
  },
};

export const mul = combinational(
  () => times(256, (i) => ({ x: i >> 4, y: i & 15 })),
  ({ x, y }) => ({ z: x * y }),
);

export const mux2 = combinational(
  () => times(8, (i) => ({ sel: i >> 2, in0: (i >> 1) & 1, in1: i & 1 })),
  ({ sel, in0, in1 }) => ({ out: sel ? in1 : in0 }),
);

export const mux4 = combinational(
  () => times(64, (i) => ({ in0: i & 1, in1: (i >> 1) & 1, in2: (i >> 2) & 1, in3: (i >> 3) & 1, sel: i >> 4 })),
  ({ in0, in1, in2, in3, sel }) => ({ out: [in0, in1, in2, in3][sel] as number }),
);

type GcdInputs = { in_valid: number; in_a: number; in_b: number };

export const realGcd: Specification<GcdInputs, { in_ready: number; out_valid: number; out_bits: number | undefined }> = {
  stimulus: (random) =>
    times(1500, () => ({
      in_valid: random.bits(1),
      in_a: 1 + random.below(random.once(2) ? 255 : 12),
      in_b: random.below(random.once(2) ? 255 : 12),
    })),
  start() {
    let pair: { divisor: number; left: number } | undefined;
    return (p) => {
      const valid = pair?.left === 0;
      const seen = { in_ready: pair ? 0 : 1, out_valid: valid ? 1 : 0, out_bits: valid ? pair?.divisor : undefined };
      if (!pair && p.in_valid) pair = { divisor: euclid(p.in_a, p.in_b), left: steps(p.in_a, p.in_b) };
      else if (valid) pair = undefined;
      else if (pair) pair.left--;
      return seen;
    };
  },
};

function euclid(a: number, b: number): number {
  return b === 0 ? a : euclid(b, a % b);
}

/** Exchanges and subtractions until the right number is zero. */
function steps(x: number, y: number): number {
  if (y === 0) return 0;
  return x > y ? 1 + steps(y, x) : Math.floor(y / x) + steps(x, y % x);
}

type Checked = { in_valid: number; in_bits: number };

export const singleEvenFilter: Specification<Checked, { out_valid: number; out_bits: number }> = combinational(
  (random) => [
    ...times(24, (in_bits) => ({ in_valid: 1, in_bits })),
    ...times(60, () => ({ in_valid: random.bits(1), in_bits: random.once(2) ? random.bits(16) : random.below(12) })),
  ],
  ({ in_valid, in_bits }) => ({ out_valid: in_valid && in_bits <= 9 && in_bits % 2 === 0 ? 1 : 0, out_bits: in_bits }),
);

export const vecShiftRegister: Specification<{ ins: readonly number[]; load: number; shift: number }, { out: number | undefined }> = {
  stimulus: (random) => times(150, () => ({ ins: times(4, () => random.bits(4)), load: random.once(6), shift: random.bits(1) })),
  start() {
    let delays: readonly (number | undefined)[] = times(4, () => undefined);
    return ({ ins, load, shift }) => {
      const out = delays[3];
      if (load) delays = ins;
      else if (shift) delays = [ins[0], ...delays.slice(0, 3)];
      return { out };
    };
  },
};

export const vecShift = (length: number, width: number): Specification<{ in: number }, { out: number }> => ({
  stimulus: (random) => times(60, () => ({ in: random.bits(width) })),
  start() {
    const past: number[] = [];
    return (p) => {
      const out = past.at(-length) ?? 0;
      past.push(p.in);
      return { out };
    };
  },
});

export const vendingMachine: Specification<{ nickel: number; dime: number }, { valid: number }> = {
  stimulus: (random) => times(400, () => ({ nickel: random.once(3), dime: random.once(3) })),
  start() {
    let cents = 0;
    return ({ nickel, dime }) => {
      const valid = cents >= 20;
      cents = valid ? 0 : cents + (dime ? 10 : nickel ? 5 : 0);
      return { valid: valid ? 1 : 0 };
    };
  },
};
