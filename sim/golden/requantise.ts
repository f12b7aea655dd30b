/**
 * Requantisation: wide accumulators to small integers, in every arithmetic that a model may have been trained or converted for.
 *
 * Invariant: bit-exact with what each mode names, and defined where that is not: the left shift of `double` wraps modulo 2^32 (undefined in C++),
 * the zero point is added without overflow. Imports no hardware.
 * Refused: parameters of different lengths or out of range, accumulators that are not whole pixels or that the mode does not take.
 * Not a hot path: products are BigInts.
 */

/**
 * How an accumulator is scaled; all of them then add the zero point and clamp.
 *
 * - `double`: TensorFlow Lite's reference, rounded twice (MultiplyByQuantizedMultiplier, gemmlowp's fixedpoint.h): int32 accumulators.
 * - `single`: its build with TFLITE_SINGLE_ROUNDING, ties towards +∞.
 * - `int16`: its kernels of int16 activations, accumulators of up to 48 bits, the multiplier reduced to 16 bits, ties towards +∞.
 * - `float`: ONNX Runtime's QLinear operators: the int32 accumulator in fp32 times a scale in fp32, rounded to nearest even.
 * - `floor`, `halfUp`, `halfEven`, `halfAway`: a power of two; where a tie goes.
 */
export const REQUANTISE_MODES = ['double', 'single', 'int16', 'float', 'floor', 'halfUp', 'halfEven', 'halfAway'] as const;
/** One of them. */
export type RequantiseMode = (typeof REQUANTISE_MODES)[number];
type PowerOfTwo = 'floor' | 'halfUp' | 'halfEven' | 'halfAway';

/** Codes that come out: two's complement where signed. */
export interface RequantisedType {
  /** 1 to 32. */
  readonly width: number;
  readonly signed: boolean;
}

/** y = clamp(scale(acc) + zeroPoint). */
interface Range {
  /** int8 when absent. */
  readonly output?: RequantisedType;
  /** Of the output. */
  readonly zeroPoint: number;
  /** The activation's smallest and largest output, within the output's type. */
  readonly min: number;
  readonly max: number;
}
/** One element for each channel, or one for all of them. */
export type Requantisation = Range &
  (
    | {
        /** `double` when absent. scale(acc) ≈ acc · multiplier · 2^(shift − 31). */
        readonly mode?: 'double' | 'single' | 'int16';
        /** int32; TFLite's are 0 or 2^30 to 2^31 − 1. */
        readonly multiplier: ArrayLike<number>;
        /** −31 to 31 (`single`: to 30, `int16`: to 7). */
        readonly shift: ArrayLike<number>;
      }
    | {
        readonly mode: 'float';
        /** Finite; as fp32 has it. */
        readonly scale: ArrayLike<number>;
      }
    | {
        readonly mode: PowerOfTwo;
        /** −63 to 0: scale(acc) = acc · 2^shift, rounded. */
        readonly shift: ArrayLike<number>;
      }
  );

const int32Min = -(2 ** 31);
const int32Max = 2 ** 31 - 1;
const INT8: RequantisedType = { width: 8, signed: true };
/** TFLite's kernels of int16 activations assert accumulators of 48 bits. */
const INT16_MODE_BITS = 48;
/** The largest shift that TFLite's kernels take. */
const MAX_SHIFT = { double: 31, single: 30, int16: 7 };

/**
 * The range of codes that an activation leaves (TFLite CalculateActivationRangeQuantized).
 *
 * @param zeroPoint of the output; real zero, the floor of RELU, is this value.
 */
export function activationRange(activation: 'NONE' | 'RELU', zeroPoint: number, output: RequantisedType = INT8): { min: number; max: number } {
  const [min, max] = limits(output);
  return { min: activation === 'RELU' ? Math.max(min, zeroPoint) : min, max };
}

/**
 * A real factor as an int32 fraction of 2^31 and a shift (TFLite QuantizeMultiplier): factor ≈ multiplier · 2^(shift − 31), the multiplier 0 or 2^30 to 2^31 − 1.
 * A factor below 2^-32 becomes 0.
 *
 * @throws RangeError if the factor is negative, not finite, or 2^31 or more.
 */
export function quantiseMultiplier(factor: number): { readonly multiplier: number; readonly shift: number } {
  if (!Number.isFinite(factor) || factor < 0) {
    throw new RangeError(`factor: must be finite and not negative, got ${factor}. It is input scale · weight scale / output scale.`);
  }
  if (factor === 0) return { multiplier: 0, shift: 0 };
  // frexp: factor = fraction · 2^exponent with 1/2 ≤ fraction < 1; the logarithm may be off by one next to a power of two.
  let exponent = Math.floor(Math.log2(factor)) + 1;
  if (factor / 2 ** exponent >= 1) exponent++;
  if (factor / 2 ** exponent < 0.5) exponent--;
  const rounded = Math.round((factor / 2 ** exponent) * 2 ** 31);
  const [multiplier, shift] = rounded === 2 ** 31 ? [2 ** 30, exponent + 1] : [rounded, exponent];
  if (shift < -31) return { multiplier: 0, shift: 0 };
  if (shift > 31)
    throw new RangeError(`factor: must be below 2^31, got ${factor}. A scale this large leaves no output but the two ends of the range.`);
  return { multiplier, shift };
}

/**
 * gemmlowp's SaturatingRoundingDoublingHighMul of two int32: x·m / 2^31 to nearest, ties towards +∞, saturating in the
 * one case that overflows (both −2^31).
 *
 * gemmlowp adds 2^30 or, to a negative product, 1 − 2^30, and truncates; that is floor((x·m + 2^30) / 2^31) for either sign.
 */
export function saturatingRoundingDoublingHighMul(x: number, m: number): number {
  if (x === int32Min && m === int32Min) return int32Max;
  return Number((BigInt(x) * BigInt(m) + (1n << 30n)) >> 31n);
}

/** gemmlowp's RoundingDivideByPOT: the int32 x / 2^exponent (0 to 31) to nearest, ties away from zero. */
export function roundingDivideByPowerOfTwo(x: number, exponent: number): number {
  const mask = 2 ** exponent - 1;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/**
 * Requantises accumulators, channels innermost (`[pixels, channels]`), in the same order.
 *
 * @param accumulators whole numbers: int32; of 48 bits in `int16`, of 54 in `single` and the powers of two.
 * @throws RangeError naming the parameter, the rule and the remedy.
 */
export function requantise(accumulators: ArrayLike<number>, parameters: Requantisation): Int32Array {
  const channels = check(accumulators, parameters);
  const { zeroPoint, min, max } = parameters;
  const scale = scaling(parameters);
  return Int32Array.from(accumulators, (accumulator, i) => {
    const scaled = scale(accumulator, i % channels) + zeroPoint;
    return Math.min(Math.max(scaled, min), max);
  });
}

/** The arithmetic of a mode: an accumulator of a channel to a whole number of any size. */
function scaling(parameters: Requantisation): (accumulator: number, channel: number) => number {
  switch (parameters.mode) {
    case 'float': {
      const scale = Float32Array.from(parameters.scale);
      return (x, c) => nearestEven(Math.fround(Math.fround(x) * (scale[c] as number)));
    }
    case 'single':
    case 'int16': {
      const { multiplier, shift, mode } = parameters;
      return (x, c) => {
        const m = multiplier[c] as number;
        const s = shift[c] as number;
        return mode === 'single'
          ? multiplyRounding(x, m, 31 - s)
          : multiplyRounding(x, m >= 0x7fff0000 ? 0x7fff : Math.floor((m + 2 ** 15) / 2 ** 16), 15 - s);
      };
    }
    case undefined:
    case 'double': {
      const { multiplier, shift } = parameters;
      return (x, c) => {
        const s = shift[c] as number;
        const high = saturatingRoundingDoublingHighMul(x << Math.max(s, 0), multiplier[c] as number);
        return roundingDivideByPowerOfTwo(high, Math.max(-s, 0));
      };
    }
    default: {
      const { shift, mode } = parameters;
      return (x, c) => divide(x, -(shift[c] as number), mode);
    }
  }
}

/** x·m / 2^bits to nearest, ties towards +∞. */
function multiplyRounding(x: number, m: number, bits: number): number {
  return Number((BigInt(x) * BigInt(m) + (1n << BigInt(bits - 1))) >> BigInt(bits));
}

/** x / 2^bits to a whole number. */
function divide(x: number, bits: number, mode: PowerOfTwo): number {
  const unit = 1n << BigInt(bits);
  const floor = BigInt(x) >> BigInt(bits);
  // Twice the part that is left, so that half a unit is one unit.
  const twice = 2n * (BigInt(x) - floor * unit);
  const atTie = { floor: false, halfUp: true, halfEven: floor % 2n !== 0n, halfAway: floor >= 0n };
  const up = mode !== 'floor' && (twice > unit || (twice === unit && atTie[mode]));
  return Number(floor + (up ? 1n : 0n));
}

/** A finite number to the nearest whole one, ties to even. */
function nearestEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function limits({ width, signed }: RequantisedType): [number, number] {
  return signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
}

/** The number of channels. */
function check(accumulators: ArrayLike<number>, parameters: Requantisation): number {
  const { mode = 'double', output = INT8, zeroPoint, min, max } = parameters;
  if (!REQUANTISE_MODES.includes(mode)) {
    throw new RangeError(
      `mode: must be one of ${REQUANTISE_MODES.join(', ')}, got ${JSON.stringify(mode)}. Name the arithmetic that made the model.`,
    );
  }
  const channels = checkScales(parameters);
  if (accumulators.length % channels !== 0) {
    throw new RangeError(
      `accumulators: their number must be a multiple of the ${channels} channels, got ${accumulators.length}. Pass whole pixels, channels innermost.`,
    );
  }
  integerWithin('output width', output.width, 1, 32, 'Give the width of the code, 8 for int8.');
  const [low, high] = limits(output);
  const type = `${output.signed ? 'int' : 'uint'}${output.width}`;
  integerWithin('zero point', zeroPoint, low, high, `Pass the zero point of the ${type} output.`);
  integerWithin('max', max, low, high, `Clamp the activation range to ${type}.`);
  integerWithin('min', min, low, max, `Clamp the activation range to ${type}, smallest first.`);
  const bits = mode === 'double' || mode === 'float' ? 32 : mode === 'int16' ? INT16_MODE_BITS : 54;
  const bound = 2 ** (bits - 1);
  const outside = Array.prototype.findIndex.call(accumulators, (x: number) => !Number.isInteger(x) || x < -bound || x >= bound);
  if (outside >= 0)
    integerWithin(
      `accumulators[${outside}]`,
      accumulators[outside],
      -bound,
      bound - 1,
      `'${mode}' takes accumulators of ${bits} bits; choose another mode.`,
    );
  return channels;
}

function checkScales(parameters: Requantisation): number {
  if (parameters.mode === 'float') {
    const { scale } = parameters;
    if (scale.length === 0) throw new RangeError('scale: must have at least one element, got 0. Repeat nothing: one stands for all channels.');
    const wrong = Array.from(scale).findIndex((x) => !Number.isFinite(Math.fround(x)));
    if (wrong >= 0)
      throw new RangeError(`scale[${wrong}]: must be finite in fp32, got ${scale[wrong]}. It is input scale · weight scale / output scale.`);
    return scale.length;
  }
  const { shift } = parameters;
  const multiplier = 'multiplier' in parameters ? parameters.multiplier : undefined;
  const channels = shift.length;
  if (channels === 0 || (multiplier && multiplier.length !== channels)) {
    throw new RangeError(
      `shift: must have one element for each multiplier, at least one, got ${channels} for ${multiplier?.length ?? 'none'}. One pair stands for all channels.`,
    );
  }
  for (let c = 0; c < channels; c++) {
    if (multiplier) integerWithin(`multiplier[${c}]`, multiplier[c], int32Min, int32Max, 'Encode the real factor with quantiseMultiplier().');
    const [low, high] = multiplier ? [-31, MAX_SHIFT[(parameters.mode ?? 'double') as keyof typeof MAX_SHIFT]] : [-63, 0];
    integerWithin(`shift[${c}]`, shift[c], low, high, multiplier ? 'Encode a smaller factor as multiplier 0.' : 'A power of two only divides here.');
  }
  return channels;
}

function integerWithin(name: string, value: number | undefined, low: number, high: number, remedy: string): void {
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
    throw new RangeError(`${name}: must be an integer from ${low} to ${high}, got ${value}. ${remedy}`);
  }
}
