// The cell of block dot products beside its golden model, in the form of the other floating-point cells: a block is one operand, small enough for a double.

import { type BlockFormatName, FloatBlockDot } from '../../../generators/float/index.ts';
import { elaborate } from '../../../hdl/index.ts';
import { BLOCK_FORMATS, type BlockFormat, blockDot, FP32 } from '../../../sim/golden/float/index.ts';
import { blockCode, blockOf } from '../../../sim/golden/index.ts';
import { boundaryElements, drawBlock } from '../../golden/float/block-operands.ts';
import { type Cell, floatOperand, type Operand, RESULT } from './cases.ts';

export function blockFormat(name: BlockFormatName, size: number): BlockFormat {
  return { ...(BLOCK_FORMATS.find((f) => f.name === name) as BlockFormat), size };
}

function operand(port: string, format: BlockFormat): Operand {
  const { size = 32, element } = format;
  const width = size * (element === 'int8' ? 8 : 1 + element.exponent + element.mantissa) + 8;
  const boundaries = boundaryElements(format).flatMap((code) =>
    [0, 127, 128, 254, 255].map((scale) =>
      Number(blockCode(format, { scale, elements: Array.from({ length: size }, (_, i) => (i === 1 ? 0 : code)) })),
    ),
  );
  return { port, width, boundaries, draw: (rng) => Number(blockCode(format, drawBlock(format, rng))) };
}

/** Blocks of 45 bits of elements at most. */
export function blockCell(a: BlockFormatName, b: BlockFormatName, size: number, stages = 0): Cell {
  const [aFormat, bFormat] = [blockFormat(a, size), blockFormat(b, size)];
  return {
    name: `${a} dot ${b} of ${size}${stages > 0 ? `, ${stages} stages` : ''}`,
    stages,
    rounding: 'nearestEven',
    operands: [operand('a', aFormat), operand('b', bFormat), floatOperand('c', FP32)],
    outputs: RESULT(32),
    elaborate: (top) => elaborate(FloatBlockDot, { a, b, size, stages }, top === undefined ? {} : { name: top }),
    model: ([x, y, c]) => {
      const { bits, flags } = blockDot(blockOf(aFormat, BigInt(x as number)), blockOf(bFormat, BigInt(y as number)), c as number);
      return [bits, flags];
    },
  };
}

export const BLOCK_CELLS: readonly Cell[] = [
  blockCell('mxint8', 'mxint8', 4),
  blockCell('mxfp8e4m3', 'mxfp8e4m3', 4),
  blockCell('mxfp8e5m2', 'mxfp8e5m2', 4),
  blockCell('mxfp6e3m2', 'mxfp6e3m2', 4),
  blockCell('mxfp6e2m3', 'mxfp6e2m3', 4, 3),
  blockCell('mxfp4e2m1', 'mxfp4e2m1', 8),
  blockCell('mxfp8e5m2', 'mxint8', 2),
  blockCell('mxfp4e2m1', 'mxfp8e4m3', 4, 5),
];
