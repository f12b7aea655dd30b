// Products of an integer and a recoded one: weights as digits to the base of 4, recoded once at the edge of an array and not in every element.
//
// Contract: w = Σ 4^i·dᵢ, dᵢ one of −1, 0, 1, 2, but the top one of −2 to 2. A digit's code is (dᵢ − 1) mod 4, so that its high bit says that what it chooses of the other operand (a, 2a,
// ~a, ~0) is one too low; that one rides on the carry-in of the addition. So a low digit costs one look-up table of four inputs a bit. The top digit has three bits:
// negative, double, single. Digit 0 is lowest.

import { type Bool, bool, cat, lit, mux, type SInt, type UInt, uint, zeros } from '../../hdl/index.ts';
import type { IntOperand } from './config.ts';
import { type Code, sintOf } from './contract.ts';
import { addCarry } from './sum.ts';

/** Digits of an operand; unsigned ones of an even width need one more, for the carry. */
function digitsOf({ width, signed }: IntOperand): number {
  return Math.ceil((width + (signed ? 0 : 1)) / 2);
}

/** Bits of a recoded operand: three of the top digit, two of each other. */
export function recodedWidth(operand: IntOperand): number {
  return 2 * digitsOf(operand) + 1;
}

/** The code of a zero. */
export function recodedZero(operand: IntOperand): number {
  return 4 ** (digitsOf(operand) - 1) - 1;
}

/** An operand as digits. */
export function recode(code: Code, operand: IntOperand): UInt {
  const n = digitsOf(operand);
  const wide: UInt = operand.signed
    ? sintOf(code)
        .extend(2 * n)
        .asUInt()
    : code.extend(2 * n);
  const low: UInt[] = [];
  let carry: Bool = lit(bool, false);
  for (let i = 0; i < n - 1; i++) {
    const pair = wide.bits(2 * i + 1, 2 * i);
    low.unshift(pair.subw(carry.not().asUInt()).named(`digit_${i}`));
    carry = pair.bit(1).and(pair.bit(0).or(carry)).named(`carry_${i}`);
  }
  const sign = wide.bit(2 * n - 1);
  const bit = wide.bit(2 * n - 2);
  // −2 + bit + carry below zero, bit + carry above.
  const odd = bit.xor(carry);
  const even = mux(sign, bit.or(carry).not(), bit.and(carry));
  return cat(sign.and(bit.and(carry).not()), even, odd, ...low);
}

/** What a digit chooses of the other operand, and the one that it is short of. */
interface Multiple {
  readonly value: SInt;
  readonly carry: Bool;
}

/**
 * The multiples of x. Each is three signals, sign, middle and low bit: Yosys gives the operand of fewer pieces to the plain input of a carry chain, and only what is on the other one shares the
 * look-up tables of the addition. A sum has three pieces with its sign bits, a multiple so has four.
 */
function multiples(x: SInt, recoded: UInt, n: number): readonly Multiple[] {
  const top = x.width - 1;
  const zero = lit(uint(1), 0);
  return Array.from({ length: n }, (_, i) => {
    const [a, b] = [recoded.bit(2 * i), recoded.bit(2 * i + 1)];
    const negative = i === n - 1 ? recoded.bit(2 * i + 2) : b;
    const choose = (once: UInt, twice: UInt): UInt => {
      const none = zeros(uint(once.width));
      if (i < n - 1) return mux(b, mux(a, none, once).not(), mux(a, twice, once));
      const size = mux(a, once, mux(b, twice, none));
      return mux(negative, size.not(), size);
    };
    const sign = choose(x.bits(top, top), x.bits(top, top)).named(`sign_${i}`);
    const middle = choose(x.bits(top, 1), x.bits(top - 1, 0)).named(`multiple_${i}`);
    const odd = choose(x.bits(0, 0), zero).named(`odd_${i}`);
    return { value: cat(sign, middle, odd).asSInt(), carry: negative };
  });
}

/** Lowest and highest value of something. */
type Range = readonly [low: number, high: number];

/** Bits of the narrowest sint. */
function widthOf([low, high]: Range): number {
  let width = 1;
  while (low < -(2 ** (width - 1)) || high >= 2 ** (width - 1)) width++;
  return width;
}

function rangeOf({ width, signed }: IntOperand): Range {
  return signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
}

/** Of a · d and at most `below` more, d being the weight's digits from `from` to in front of `to` as a number. */
function rangeOfDigits(from: number, to: number, activation: IntOperand, weight: IntOperand, below = 0): Range {
  // −1 and 2 in every digit.
  const free = (n: number): Range => [-(4 ** n - 1) / 3, (2 * (4 ** n - 1)) / 3];
  const [[low, high], [least, most]] = [rangeOf(weight), free(from)];
  const digits = to < digitsOf(weight) ? free(to - from) : [Math.ceil((low - most) / 4 ** from), Math.floor((high - least) / 4 ** from)];
  const products = rangeOf(activation).flatMap((a) => digits.map((d) => a * d));
  return [Math.min(...products), Math.max(...products) + below];
}

/** Bits of what a range is without its lowest digits. */
function widthAbove(digits: number, [low, high]: Range): number {
  return widthOf([Math.floor(low / 4 ** digits), Math.floor(high / 4 ** digits)]);
}

/**
 * start + Σ 4^i·multiple_i from the lowest digit upwards: two bits of every sum are final. Gives the final bits below the last sum, lowest last, and
 * that sum.
 */
function chain(start: SInt, all: readonly Multiple[], activation: IntOperand, weight: IntOperand, below: number) {
  const low: UInt[] = [];
  let sum = start;
  all.forEach(({ value, carry }, i) => {
    if (i > 0) {
      low.push(sum.bits(1, 0));
      sum = sum.shr(2);
    }
    sum = addCarry(sum, value, carry, widthAbove(i, rangeOfDigits(0, i + 1, activation, weight, below))).named(`up_to_${i}`);
  });
  return { sum, low: low.reverse() };
}

/** Σ 4^(i − from)·multiple_i of the digits from `from` to in front of `to`, but for the carry of the lowest: halves first, since their sums are made at the same time. */
function tree(from: number, to: number, all: readonly Multiple[], activation: IntOperand, weight: IntOperand): OpenProduct {
  if (to - from === 1) return all[from] as Multiple;
  const middle = from + 2 ** Math.floor(Math.log2(to - from - 1));
  const [low, high] = [tree(from, middle, all, activation, weight), tree(middle, to, all, activation, weight)];
  const [least, most] = rangeOfDigits(from, to, activation, weight);
  const digits = middle - from;
  const sum = addCarry(low.value.shr(2 * digits), high.value, high.carry, widthAbove(digits, [least - 1, most])).named(`sum_${from}_to_${to - 1}`);
  return { value: cat(sum, low.value.bits(2 * digits - 1, 0)).asSInt(), carry: low.carry };
}

/** An operand with a sign. */
export function operandOf(a: Code, { signed }: IntOperand): SInt {
  return signed ? sintOf(a) : a.extend(a.width + 1).asSInt();
}

/** A product but for its last carry: the product is `value` + `carry`. */
export interface OpenProduct {
  /** As wide as both operands together, and a bit more where neither is signed. */
  readonly value: SInt;
  readonly carry: Bool;
}

/** a · w of a recoded w. */
export function recodedProduct(a: Code, activation: IntOperand, recoded: Code, weight: IntOperand): OpenProduct {
  const all = multiples(operandOf(a, activation), recoded, digitsOf(weight));
  return tree(0, all.length, all, activation, weight);
}

/** sum + a · w of a recoded w. The low bits of the sum pass through the additions of the digits, so that its own is that much shorter. */
export function recodedSum(sum: SInt, a: Code, activation: IntOperand, recoded: Code, weight: IntOperand): SInt {
  const n = digitsOf(weight);
  const passing = 2 * n;
  if (sum.width <= passing) {
    const { value, carry } = recodedProduct(a, activation, recoded, weight);
    return addCarry(sum, value, carry, sum.width);
  }
  const all = multiples(operandOf(a, activation), recoded, n);
  const start = sum
    .bits(passing - 1, 0)
    .extend(passing + 1)
    .asSInt();
  const { sum: last, low } = chain(start, all, activation, weight, 2 ** passing - 1);
  const rest = sum.bits(sum.width - 1, passing).asSInt();
  const high = last.shr(2);
  const top = rest.addw(high.width < rest.width ? high.extend(rest.width) : high.trunc(rest.width));
  return cat(top.asUInt(), last.bits(1, 0), ...low).asSInt();
}
