/**
 * The element of OCP MX blocks (design note 0023), and how numbers become its operands.
 * Invariant: a code has the block's elements, the first one lowest, and its scale on top.
 * Refused: formats that do not exist, values of a wrong length.
 */
import { floatAdd } from '../float/arithmetic.ts';
import { BLOCK_FORMATS, BLOCK_SIZE, type Block, type BlockFormat, blockDot, quantiseBlock, SCALE_WIDTH, type TypedBlock } from '../float/block.ts';
import { FP32, widthOf } from '../float/format.ts';
import { checkLength, checkShape, type Shape } from '../shape.ts';
import type { MxName, MxPe } from './config.ts';
import type { GoldenPe } from './pe.ts';
import type { StepProblem } from './steps.ts';

/** The formats of an element's operands, of its block size. Throws RangeError on a name that does not exist. */
export function blockFormats({ activation, weight = activation, block = BLOCK_SIZE }: MxPe): { readonly a: BlockFormat; readonly b: BlockFormat } {
  const named = (name: MxName): BlockFormat => {
    const format = BLOCK_FORMATS.find((f) => f.name === name);
    if (!format) throw new RangeError(`there is no block format ${name}`);
    return { ...format, size: block };
  };
  return { a: named(activation), b: named(weight) };
}

const elementWidth = ({ element }: BlockFormat): number => (element === 'int8' ? 8 : widthOf(element));
const codeWidth = (format: BlockFormat): number => (format.size ?? BLOCK_SIZE) * elementWidth(format) + SCALE_WIDTH;

/** A block as a code. */
export function blockCode(format: BlockFormat, { scale, elements }: Block): bigint {
  const width = BigInt(elementWidth(format));
  return Array.from(elements).reduceRight((code, element) => (code << width) | BigInt(element), BigInt(scale));
}

/** A code as a block. */
export function blockOf(format: BlockFormat, code: bigint): TypedBlock {
  const { size = BLOCK_SIZE } = format;
  const width = elementWidth(format);
  const part = (low: number, bits: number): number => Number(BigInt.asUintN(bits, code >> BigInt(low)));
  return { format, scale: part(size * width, SCALE_WIDTH), elements: Array.from({ length: size }, (_, i) => part(i * width, width)) };
}

/** The model of an element of blocks. Throws RangeError on a format that does not exist. */
export function mxPe(record: MxPe): GoldenPe {
  const { a, b } = blockFormats(record);
  const { block = BLOCK_SIZE, productStages = 0, sumStages = 1 } = record;
  return {
    ...{ activationWidth: codeWidth(a), weightWidth: codeWidth(b), sumWidth: widthOf(FP32), modeWidth: 0, productStages, sumStages },
    padding: { activation: 0n, weight: 0n },
    macs: [block],
    step: (x, w, sum) => BigInt(blockDot(blockOf(a, x), blockOf(b, w), Number(sum)).bits),
    add: (x, y) => BigInt(floatAdd(FP32, Number(x), Number(y)).bits),
  };
}

/** A product of numbers as the steps of an element of blocks: each operand quantised along K, the last block filled with zeros. Throws RangeError. */
export function mxSteps(record: MxPe, { m, k, n, a, b }: Shape & { readonly a: ArrayLike<number>; readonly b: ArrayLike<number> }): StepProblem {
  checkShape({ m, k, n });
  checkLength('a', m * k, a.length);
  checkLength('b', k * n, b.length);
  const { block = BLOCK_SIZE } = record;
  const formats = blockFormats(record);
  const steps = Math.ceil(k / block);
  const code = (format: BlockFormat, step: number, at: (index: number) => number | undefined): bigint => {
    const values = Array.from({ length: block }, (_, i) => (step * block + i < k ? (at(step * block + i) as number) : 0));
    return blockCode(format, quantiseBlock(format, values));
  };
  return {
    ...{ m, k: steps, n },
    a: Array.from({ length: m * steps }, (_, at) => code(formats.a, at % steps, (i) => a[Math.floor(at / steps) * k + i])),
    b: Array.from({ length: steps * n }, (_, at) => code(formats.b, Math.floor(at / n), (i) => b[i * n + (at % n)])),
  };
}
