// The requantiser beside its golden model, in the form of the floating-point cells: what to build, what to put in, what must come out.

import { REQUANTISE_MODES, type RequantiseMode, type RequantiseOptions, Requantiser } from '../../../generators/requantise/index.ts';
import { elaborate, sint } from '../../../hdl/index.ts';
import { type Requantisation, requantise } from '../../../sim/golden/requantise.ts';
import type { Rng } from '../../support/random.ts';
import type { Case, Cell, Operand } from '../float/cases.ts';

const wrap = (value: number, width: number): number => (value < 0 ? value + 2 ** width : value);
const unwrap = (bits: number, width: number): number => (bits >= 2 ** (width - 1) ? bits - 2 ** width : bits);
const fp32 = (bits: number): number => new Float32Array(Uint32Array.of(bits).buffer)[0] as number;
const codeOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] as number;

/** Integers of few bits more often than chance would have it. */
function magnitude(rng: Rng, width: number): number {
  const bits = rng.below(width);
  return Math.floor((rng.word() / 2 ** 32) * 2 ** bits) + (rng.once(3) ? 2 ** bits - 1 : 0);
}

function accumulator(width: number): Operand {
  const [min, max] = [-(2 ** (width - 1)), 2 ** (width - 1) - 1];
  const near = [0, 1, -1, 2, 3, 5, -3, 255, -256, 2 ** 23, 2 ** 24 + 1, 2 ** 25 - 1, -(2 ** 24) - 3, min, min + 1, max, max - 1];
  const fits = (x: number): number => Math.min(Math.max(x, min), max);
  return {
    port: 'acc',
    width,
    signed: true,
    boundaries: near.map((x) => wrap(fits(x), width)),
    draw: (rng) => wrap(fits(magnitude(rng, width) * (rng.once(2) ? -1 : 1)), width),
  };
}

/** A factor that is good for both an int32 and, where the mode is `float`, a finite fp32. */
function multiplier(float: boolean, only: boolean): Operand {
  const integers = [0, 1, -1, 2 ** 30, 2 ** 30 + 1, 2 ** 31 - 1, -(2 ** 31), 0x7fff0000, 0x7ffeffff, 0x7fff8000, 32768, 32767].map((x) =>
    wrap(x, 32),
  );
  const floats = [
    0,
    1,
    0.5,
    2 ** -24,
    2 ** -25,
    2 ** -40,
    2 ** -126,
    2 ** -140,
    2 ** -7 * (1 + 2 ** -23),
    1.9999998807907104,
    3e38,
    -0.25,
    1 / 3,
  ].map(codeOf);
  const finite = (code: number): number => (float && (code & 0x7f800000) === 0x7f800000 ? code - 0x800000 : code);
  const small = (rng: Rng): number => codeOf(2 ** -rng.below(40) * (1 + rng.word() / 2 ** 32) * (rng.once(8) ? -1 : 1));
  return {
    port: 'multiplier',
    width: 32,
    signed: true,
    boundaries: [...(only ? [] : integers.map(finite)), ...(float ? floats : [])],
    draw: (rng) => {
      if (float && (only || rng.once(2))) return small(rng);
      // What a model has, and anything.
      return finite(rng.once(2) ? 2 ** 30 + Math.floor(rng.word() / 4) : rng.word());
    },
  };
}

/** The shifts that every one of the modes takes. */
function shift(modes: readonly RequantiseMode[]): Operand {
  const lowest = (mode: RequantiseMode): number => (mode === 'double' || mode === 'single' || mode === 'int16' ? -31 : -63);
  const highest = (mode: RequantiseMode): number => ({ double: 31, single: 30, int16: 7 })[mode as 'double'] ?? (mode === 'float' ? 31 : 0);
  const low = Math.max(...modes.map(lowest));
  const high = Math.min(...modes.map(highest));
  const all = Array.from({ length: high - low + 1 }, (_, i) => wrap(low + i, 7));
  return { port: 'shift', width: 7, signed: true, boundaries: all, draw: (rng) => rng.pick(all) };
}

/** Ends in their order: the smaller is the lower one. */
function code(port: string, { width, signed }: { readonly width: number; readonly signed: boolean }): Operand {
  const [low, high] = signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
  const middle = Math.floor((low + high) / 2);
  const near = port === 'min' ? [low, low + 1, middle] : port === 'max' ? [high, high - 1, middle + 1] : [low, high, 0, middle, 1];
  const draw = (rng: Rng): number => {
    if (port === 'min') return rng.once(2) ? low : low + rng.below(middle - low + 1);
    if (port === 'max') return rng.once(2) ? high : middle + 1 + rng.below(high - middle);
    return low + rng.below(high - low + 1);
  };
  return { port, width, signed, boundaries: near.map((x) => wrap(x, width)), draw: (rng) => wrap(draw(rng), width) };
}

export function requantiseCell(options: RequantiseOptions): Cell {
  const { modes, accumulator: bits = 32, output = sint(8), stages = 0 } = options;
  const type = { width: output.width, signed: output.kind === 'sint' };
  const floats = modes.includes('float');
  const factor = floats || modes.some((m) => m === 'double' || m === 'single' || m === 'int16');
  const operands: Operand[] = [
    accumulator(bits),
    ...(factor ? [multiplier(floats, modes.length === 1)] : []),
    ...(modes.length > 1 || !floats ? [shift(modes)] : []),
    code('zeroPoint', type),
    code('min', type),
    code('max', type),
    ...(modes.length > 1
      ? [
          {
            port: 'mode',
            width: 3,
            boundaries: modes.map((m) => REQUANTISE_MODES.indexOf(m)),
            draw: (rng: Rng) => REQUANTISE_MODES.indexOf(rng.pick(modes)),
          },
        ]
      : []),
  ];
  const model = (values: readonly number[]): readonly number[] => {
    const at = (port: string): number => values[operands.findIndex((o) => o.port === port)] as number;
    const mode = modes.length > 1 ? (REQUANTISE_MODES[at('mode')] as RequantiseMode) : modes[0];
    const integer = (port: string): number => (type.signed ? unwrap(at(port), type.width) : at(port));
    const parameters = {
      mode,
      output: type,
      scale: factor ? [fp32(at('multiplier'))] : [],
      multiplier: factor ? [unwrap(at('multiplier'), 32)] : [],
      shift: mode === 'float' ? [0] : [unwrap(at('shift'), 7)],
      zeroPoint: integer('zeroPoint'),
      min: integer('min'),
      max: integer('max'),
    };
    // Each mode has the parameters that it names; the powers of two must not have a multiplier.
    const { multiplier: _, ...others } = parameters;
    const own = mode === 'double' || mode === 'single' || mode === 'int16' ? parameters : others;
    return [wrap(requantise([unwrap(at('acc'), bits)], own as Requantisation)[0] as number, type.width)];
  };
  return {
    name: `${modes.join(', ')}: i${bits} to ${type.signed ? 'i' : 'u'}${type.width}, ${stages} stages`,
    stages,
    rounding: 'nearestEven',
    operands,
    outputs: [{ port: 'result', ...type }],
    elaborate: (name) => elaborate(Requantiser, options, name === undefined ? {} : { name }),
    model,
  };
}

/** Accumulators whose scaled value is a tie: for a multiplier of 2^30, and for scales whose product is one after, but not before, it is rounded to fp32. */
export function tieCases(cell: Cell, count: number, rng: Rng): Case[] {
  const { operands } = cell;
  const index = (port: string): number => operands.findIndex((o) => o.port === port);
  const [shiftAt, multiplierAt, modeAt] = [index('shift'), index('multiplier'), index('mode')];
  const width = (operands[0] as Operand).width;
  const fits = (x: number): number => wrap(Math.max(-(2 ** (width - 1)), Math.min(x, 2 ** (width - 1) - 1)), width);
  const float = REQUANTISE_MODES.indexOf('float');
  return Array.from({ length: count }, () => {
    const values = operands.map((o) => o.draw(rng));
    const half = rng.below(200) - 99.5;
    if (shiftAt < 0 || (modeAt >= 0 && values[modeAt] === float)) {
      const acc = unwrap(values[0] as number, width) || 3;
      values[multiplierAt] = codeOf(half / acc);
    } else {
      if (multiplierAt >= 0) values[multiplierAt] = 2 ** 30;
      const down = Math.max(0, Math.min(-unwrap(values[shiftAt] as number, 7), width - 9));
      values[0] = fits(2 * half * 2 ** down);
    }
    return { operands: values, rounding: 'nearestEven' };
  });
}
