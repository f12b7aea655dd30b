// Number of set lanes, for lanes that are functions of two bits each.
//
// Contract: combinational. Three lanes become a one and a two, in as many tables of six inputs. A carry chain then adds up to five ones (or twos) at once, since a count of five bits shares the
// tables of the addition, and one more bit rides on its carry-in: n tables take up to n + 3 bits away. Design note 0018 has the counts.
// Refused: no lanes.

import { attribute, cat, counterType, lit, type UInt, uint } from '../../hdl/index.ts';

/** A number with its largest value, as wide as that takes. */
interface Count {
  readonly value: UInt;
  readonly most: number;
}

/** Lanes that are counted one chain after the other; more are halved. */
const BLOCK = 31;
/** Bits that a table of six inputs counts beside one of the sum. */
const AT_ONCE = 5;

/** 0 to the number of lanes, as wide as that takes. */
export function laneCount(lanes: UInt): UInt {
  return countOf([...lanes.split(1)]).value;
}

function countOf(lanes: readonly UInt[]): Count {
  if (lanes.length <= BLOCK) return block(lanes);
  const [carry, ...rest] = lanes as [UInt, ...UInt[]];
  const middle = Math.ceil(rest.length / 2);
  return add(countOf(rest.slice(0, middle)), countOf(rest.slice(middle)), carry);
}

function block(lanes: readonly UInt[]): Count {
  const whole = lanes.length - (lanes.length % 3);
  const ones = lanes.slice(whole);
  const twos: UInt[] = [];
  for (let i = 0; i < whole; i += 3) {
    const [a, b, c] = lanes.slice(i, i + 3) as [UInt, UInt, UInt];
    const { one, two } = full(a, b, c);
    // Else synthesisers take these tables apart again.
    for (const bit of [one, two]) attribute(bit, 'keep', true);
    ones.push(one);
    twos.push(two);
  }
  const two = twos.shift();
  let sum: Count = two ? { value: cat(two, ones.shift() as UInt), most: 3 } : few(ones.splice(0));
  while (ones.length + twos.length > 0) {
    if (twos.length === 0 || ones.length > AT_ONCE) {
      const addend = few(ones.splice(0, AT_ONCE));
      sum = add(sum, addend, ones.shift());
    } else {
      const { value, most } = few(twos.splice(0, AT_ONCE));
      sum = add(sum, { value: cat(value, ones.shift() ?? zero()), most: 2 * most + 1 }, ones.shift());
    }
  }
  return sum;
}

/** Up to five bits. */
function few(bits: readonly UInt[]): Count {
  const [a, b, c, d, e] = bits as [UInt, UInt?, UInt?, UInt?, UInt?];
  if (!b) return { value: a, most: 1 };
  if (!c) return { value: cat(a.and(b), a.xor(b)), most: 2 };
  const low = full(a, b, c);
  if (!d) return { value: cat(low.two, low.one), most: 3 };
  const high = full(low.one, d, e ?? zero());
  return { value: cat(low.two.and(high.two), low.two.xor(high.two), high.one), most: e ? 5 : 4 };
}

function full(a: UInt, b: UInt, c: UInt): { readonly one: UInt; readonly two: UInt } {
  return {
    one: a.xor(b).xor(c).named('one'),
    two: a
      .and(b)
      .or(c.and(a.or(b)))
      .named('two'),
  };
}

function zero(): UInt {
  return lit(uint(1), 0);
}

/** x − ~y − 1 + carry: of a difference the first operand is the plain input of the carry chain, while the other shares tables with it; the carry comes in by a place below, as a bit plus itself. */
function add(x: Count, y: Count, carry: UInt | undefined): Count {
  const most = x.most + y.most + (carry ? 1 : 0);
  const { width } = counterType(most);
  const [wide, other] = [x.value.extend(width), y.value.extend(width)];
  const value = carry ? cat(wide, carry).subw(cat(other, carry).not()).shr(1) : wide.addw(other);
  return { value: value.named('count'), most };
}
