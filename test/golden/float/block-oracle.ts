// Dot products of MX blocks by rational arithmetic, after the tables of OCP Microscaling v1.0 and nothing else: elements by their fields, sums as whole numbers of 2^−300, the
// nearest fp32 value by search. Shares no line with the models.

/** A block as the oracle takes it: the name of its format, and codes. */
export interface PlainBlock {
  readonly name: string;
  readonly scale: number;
  readonly elements: readonly number[];
}

/** Values are whole numbers of 2^−UNIT. */
const UNIT = 300;
const NAN = 0x7fc00000;
const [PLUS, MINUS] = [0x7f800000, 0xff800000];

/** Exponent and mantissa bits and bias of an element format. */
const FIELDS: { readonly [name: string]: readonly [e: number, m: number, bias: number] } = {
  mxfp8e4m3: [4, 3, 7],
  mxfp8e5m2: [5, 2, 15],
  mxfp6e3m2: [3, 2, 3],
  mxfp6e2m3: [2, 3, 1],
  mxfp4e2m1: [2, 1, 1],
};

/** The value of an element in units of 2^−16, which all of them are whole numbers of; or what it is instead. */
function element(name: string, code: number): bigint | 'nan' | 'plus' | 'minus' {
  // 2^−6 a step.
  if (name === 'mxint8') return BigInt(code < 128 ? code : code - 256) * 2n ** 10n;
  const [e, m, bias] = FIELDS[name] as readonly [number, number, number];
  const [sign, exponent, mantissa] = [code >> (e + m), (code >> m) % 2 ** e, code % 2 ** m];
  if (name === 'mxfp8e4m3' && exponent === 15 && mantissa === 7) return 'nan';
  if (name === 'mxfp8e5m2' && exponent === 31) return mantissa !== 0 ? 'nan' : sign === 1 ? 'minus' : 'plus';
  const significand = exponent === 0 ? mantissa : 2 ** m + mantissa;
  const size = BigInt(significand) * 2n ** BigInt(Math.max(exponent, 1) - bias - m + 16);
  return sign === 1 ? -size : size;
}

/** The value of a positive fp32 code, finite or the first one beyond, which stands where infinity does. */
function single(code: number): bigint {
  const [exponent, mantissa] = [Math.floor(code / 2 ** 23), code % 2 ** 23];
  return exponent === 0 ? BigInt(mantissa) << BigInt(UNIT - 149) : BigInt(2 ** 23 + mantissa) << BigInt(UNIT - 150 + exponent);
}

/** The code nearest to a positive value, of two equally near the even one. */
function nearest(value: bigint): number {
  let [low, high] = [0, PLUS];
  if (value >= single(PLUS)) return PLUS;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (single(middle) <= value) low = middle;
    else high = middle;
  }
  const [below, above] = [value - single(low), single(high) - value];
  return below < above || (below === above && low % 2 === 0) ? low : high;
}

/** c + 2^(sa + sb − 254) · Σ aᵢ·bᵢ as an fp32 code. */
export function oracleDot(a: PlainBlock, b: PlainBlock, c: number): number {
  let sum = 0n;
  const seen = { nan: a.scale === 255 || b.scale === 255, plus: false, minus: false };
  for (const [i, code] of a.elements.entries()) {
    const [x, y] = [element(a.name, code), element(b.name, b.elements[i] as number)];
    if (typeof x === 'bigint' && typeof y === 'bigint') {
      sum += x * y;
      continue;
    }
    // An infinity or NaN: of the sign of the product, or NaN.
    const sign = (v: typeof x): number => (v === 'plus' ? 1 : v === 'minus' ? -1 : v === 'nan' ? 0 : v > 0n ? 1 : v < 0n ? -1 : 0);
    const product = sign(x) * sign(y);
    seen[product === 0 ? 'nan' : product > 0 ? 'plus' : 'minus'] = true;
  }
  const size = c % 2 ** 31;
  const negative = c >= 2 ** 31;
  if (size > PLUS) seen.nan = true;
  if (size === PLUS) seen[negative ? 'minus' : 'plus'] = true;
  if (seen.nan || (seen.plus && seen.minus)) return NAN;
  if (seen.plus || seen.minus) return seen.plus ? PLUS : MINUS;
  // Of units 2^−32 to 2^−UNIT, which the least scales reach.
  const scaled = sum << BigInt(UNIT - 32 - 254 + a.scale + b.scale);
  if (scaled === 0n) return c;
  const total = scaled + (negative ? -single(size) : single(size));
  if (total === 0n) return 0;
  return total < 0n ? nearest(-total) + 2 ** 31 : nearest(total);
}
