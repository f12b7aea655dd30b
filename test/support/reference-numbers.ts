// What operators on fixed-point and floating values mean: exact integers, as in `reference.ts` and as independent.

import type { Dress, Ground, Meaning, Rule } from './reference.ts';

const BOOL: Ground = { kind: 'bool', width: 1 };
const yes = (b: boolean): bigint => (b ? 1n : 0n);
const pow = (n: number): bigint => 2n ** BigInt(n);

// Fixed point: an integer times 2^−fraction.

const point = (t: Ground): number => (t.dress as Dress & { readonly as: 'fixed' }).fraction;
const fixedT = (kind: Ground['kind'], width: number, fraction: number): Ground => ({ kind, width, dress: { as: 'fixed', fraction } });
/** Both integers with as many bits behind the point as the one that has more. */
const align = (a: bigint, b: bigint, ta: Ground, tb: Ground): readonly [bigint, bigint] => {
  const most = Math.max(point(ta), point(tb));
  return [a * pow(most - point(ta)), b * pow(most - point(tb))];
};
const aligned = (t: Ground, u: Ground): number => t.width + Math.max(point(t), point(u)) - point(t);
const sum =
  (kind?: Ground['kind']): Rule =>
  (a, b) =>
    fixedT(kind ?? a.kind, Math.max(aligned(a, b), aligned(b, a)) + 1, Math.max(point(a), point(b)));
const compare = (holds: (a: bigint, b: bigint) => boolean): readonly [Rule, Meaning] => [
  () => BOOL,
  (a, b, _n, _m, ta, tb) => {
    const [x, y] = align(a, b, ta, tb);
    return yes(holds(x, y));
  },
];

const floorDiv = (a: bigint, b: bigint): bigint => (a % b < 0n ? a / b - 1n : a / b);

/** The integer nearest to `value` / `unit` by a rule of rounding. */
function rounded(value: bigint, unit: bigint, how: string): bigint {
  const floor = floorDiv(value, unit);
  const rest = value - floor * unit;
  if (rest === 0n) return floor;
  const half = 2n * rest - unit;
  switch (how) {
    case 'halfUp':
      return half >= 0n ? floor + 1n : floor;
    case 'halfEven':
      return half > 0n || (half === 0n && floor % 2n !== 0n) ? floor + 1n : floor;
    case 'halfAwayFromZero':
      return half > 0n || (half === 0n && value > 0n) ? floor + 1n : floor;
    case 'up':
      return floor + 1n;
    case 'towardsZero':
      return value < 0n ? floor + 1n : floor;
    default:
      return floor;
  }
}

export const ROUNDINGS = ['truncate', 'halfUp', 'halfEven', 'halfAwayFromZero', 'up', 'towardsZero'] as const;
export const OVERFLOWS = ['wrap', 'saturate'] as const;

const narrowings = ROUNDINGS.flatMap((how) =>
  OVERFLOWS.map((over): [string, readonly [Rule, Meaning]] => [
    `toFixed.${how}.${over}`,
    [
      (a, _b, n, m) => fixedT(a.kind, n, m),
      (a, _b, n, m, ta) => {
        const drop = point(ta) - Number(m);
        const value = drop <= 0 ? a * pow(-drop) : rounded(a, pow(drop), how);
        if (over === 'wrap') return value;
        const span = 2n ** n;
        const [low, high] = n === 0n ? [0n, 0n] : ta.kind === 'sint' ? [-span / 2n, span / 2n - 1n] : [0n, span - 1n];
        return value < low ? low : value > high ? high : value;
      },
    ],
  ]),
);

// Floats.

export interface Format {
  readonly exponent: number;
  readonly mantissa: number;
  readonly nans: 'ieee' | 'all-ones' | 'none';
}
/** By the names that the language gives them. */
export const FORMATS: { readonly [name: string]: Format } = {
  fp16: { exponent: 5, mantissa: 10, nans: 'ieee' },
  bf16: { exponent: 8, mantissa: 7, nans: 'ieee' },
  fp8e4m3: { exponent: 4, mantissa: 3, nans: 'all-ones' },
  fp8e5m2: { exponent: 5, mantissa: 2, nans: 'ieee' },
  fp6e3m2: { exponent: 3, mantissa: 2, nans: 'none' },
  fp4e2m1: { exponent: 2, mantissa: 1, nans: 'none' },
};

interface Taken {
  readonly negative: boolean;
  readonly exponent: bigint;
  readonly mantissa: bigint;
  /** Grows with the magnitude; equal for equal ones. */
  readonly size: bigint;
  readonly nan: boolean;
  readonly inf: boolean;
}

function take(bits: bigint, t: Ground): Taken {
  const f = FORMATS[(t.dress as Dress & { readonly as: 'float' }).format] as Format;
  const mantissa = bits % pow(f.mantissa);
  const exponent = (bits / pow(f.mantissa)) % pow(f.exponent);
  const top = exponent === pow(f.exponent) - 1n;
  return {
    negative: bits / pow(f.mantissa + f.exponent) === 1n,
    exponent,
    mantissa,
    // Without scale: a normal value is (2^m + mantissa) · 2^(exponent − 1), a subnormal one mantissa · 2^0.
    size: exponent === 0n ? mantissa : (pow(f.mantissa) + mantissa) * 2n ** (exponent - 1n),
    nan: top && (f.nans === 'ieee' ? mantissa !== 0n : f.nans === 'all-ones' && mantissa === pow(f.mantissa) - 1n),
    inf: top && f.nans === 'ieee' && mantissa === 0n,
  };
}
const number = ({ negative, size }: Taken): bigint => (negative ? -size : size);
const ask = (test: (x: Taken) => boolean): readonly [Rule, Meaning] => [() => BOOL, (a, _b, _n, _m, t) => yes(test(take(a, t)))];
const order = (holds: (a: bigint, b: bigint) => boolean): readonly [Rule, Meaning] => [
  () => BOOL,
  (a, b, _n, _m, ta, tb) => {
    const [x, y] = [take(a, ta), take(b, tb)];
    return yes(!x.nan && !y.nan && holds(number(x), number(y)));
  },
];
/** −NaN lowest, −0 below 0, NaN highest: negative codes downwards, then the others upwards. */
const rank = (bits: bigint, t: Ground): bigint => (bits >= pow(t.width - 1) ? -(bits - pow(t.width - 1)) - 1n : bits);

export const NUMBER_OPERATORS: { readonly [op: string]: readonly [Rule, Meaning] } = {
  'fixed.add': [
    sum(),
    (a, b, _n, _m, ta, tb) => {
      const [x, y] = align(a, b, ta, tb);
      return x + y;
    },
  ],
  'fixed.sub': [
    sum('sint'),
    (a, b, _n, _m, ta, tb) => {
      const [x, y] = align(a, b, ta, tb);
      return x - y;
    },
  ],
  'fixed.mul': [(a, b) => fixedT(a.kind, a.width + b.width, point(a) + point(b)), (a, b) => a * b],
  'fixed.neg': [(a) => fixedT('sint', a.width + 1, point(a)), (a) => -a],
  'fixed.abs': [(a) => fixedT('uint', a.width, point(a)), (a) => (a < 0n ? -a : a)],
  'fixed.toSigned': [(a) => fixedT('sint', a.width + 1, point(a)), (a) => a],
  'fixed.scale': [(a, _b, n) => fixedT(a.kind, a.width, point(a) - n), (a) => a],
  'fixed.eq': compare((a, b) => a === b),
  'fixed.ne': compare((a, b) => a !== b),
  'fixed.lt': compare((a, b) => a < b),
  'fixed.le': compare((a, b) => a <= b),
  'fixed.gt': compare((a, b) => a > b),
  'fixed.ge': compare((a, b) => a >= b),
  'fixed.asBits': [(a) => ({ kind: 'uint', width: a.width }), (a) => a],
  'fixed.asSInt': [(a) => ({ kind: 'sint', width: a.width }), (a) => a],
  asFixed: [(a, _b, n) => fixedT(a.kind, a.width, n), (a) => a],
  ...Object.fromEntries(narrowings),
  ...Object.fromEntries(
    Object.entries(FORMATS).map(([format, { exponent, mantissa }]): [string, readonly [Rule, Meaning]] => [
      `asFloat.${format}`,
      [() => ({ kind: 'uint', width: 1 + exponent + mantissa, dress: { as: 'float', format } }), (a) => a],
    ]),
  ),
  'float.isNaN': ask((x) => x.nan),
  'float.isInf': ask((x) => x.inf),
  'float.isZero': ask((x) => x.size === 0n),
  'float.isSubnormal': ask((x) => x.exponent === 0n && x.mantissa !== 0n),
  'float.neg': [(a) => a, (a, _b, _n, _m, t) => a + pow(t.width - 1)],
  'float.abs': [(a) => a, (a, _b, _n, _m, t) => a % pow(t.width - 1)],
  'float.eq': order((a, b) => a === b),
  'float.ne': [() => BOOL, (a, b, n, m, ta, tb) => 1n - order((x, y) => x === y)[1](a, b, n, m, ta, tb)],
  'float.lt': order((a, b) => a < b),
  'float.le': order((a, b) => a <= b),
  'float.gt': order((a, b) => a > b),
  'float.ge': order((a, b) => a >= b),
  'float.totalLe': [() => BOOL, (a, b, _n, _m, ta, tb) => yes(rank(a, ta) <= rank(b, tb))],
  'float.asBits': [(a) => ({ kind: 'uint', width: a.width }), (a) => a],
};
