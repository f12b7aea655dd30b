// Small layers as programs, with their data in a memory.

import { assemble } from '../../../isa/assemble.ts';
import type { AcceleratorConfig } from '../../../isa/config.ts';
import type { Instruction } from '../../../isa/instructions.ts';
import { randomWords } from '../../../sim/random.ts';

export interface Layer {
  readonly program: readonly Instruction[];
  readonly memory: Uint8Array;
  /** Where its result stands. */
  readonly out: { readonly address: number; readonly bytes: number };
}

const SIZE = 16384;
const [IN, WEIGHTS, PARAMS, OUT] = [0x105, 0x1003, 0x1801, 0x2002];

/** Random data, with parameters of C lanes that bring sums of some hundreds to int8. */
function filled(config: AcceleratorConfig, seed: number): Uint8Array {
  const words = randomWords(seed, 'layer');
  const memory = Uint8Array.from({ length: SIZE }, () => words() & 255);
  const view = new DataView(memory.buffer);
  for (let c = 0; c < config.cols; c++) {
    view.setInt32(PARAMS + 4 * c, (words() & 0xffff) - 0x8000, true);
    view.setInt32(PARAMS + 4 * (config.cols + c), 0x40000000 + (words() & 0x3fffffff), true);
    view.setInt8(PARAMS + 8 * config.cols + c, -8 - (words() & 3));
  }
  return memory;
}

/** (M × K)·(K × C): K in steps of R, then requantised. */
export function matmul(
  config: AcceleratorConfig,
  { m, steps, seed = 1 }: { readonly m: number; readonly steps: number; readonly seed?: number },
): Layer {
  const { rows, cols } = config;
  const k = rows * steps;
  const program = assemble(
    `
begin hash=config
ld.move memory=${IN} local=0 run=${m * k}
ld.move memory=${WEIGHTS} local=0x400 run=${k * cols} signal=0
ld.move memory=${PARAMS} local=0x800 run=${9 * cols} signal=1
mx.dim index=0 count=${m} local=${k}
mx.dim index=2 count=${steps} local=${rows}
mx.multiply activation=0 weight=0x400 sums=3 wait=0 signal=2
vx.params local=0x800 wait=1
vx.range zero=-3 min=-128 max=127 mode=0
vx.dim index=2 count=${m} a=1
vx.place index=2 out=${cols}
vx.run operation=requantise a=3 out=0xa00 wait=2 signal=3
st.move memory=${OUT} local=0xa00 run=${m * cols} wait=3
halt
`,
    config,
  );
  return { program, memory: filled(config, seed), out: { address: OUT, bytes: m * cols } };
}

/** 3 × 3 with padding 1 on H × W × R, one tile of C channels; stored row by row by a loop. */
export function convolution(
  config: AcceleratorConfig,
  { height, width, stride = 1, seed = 1 }: { readonly height: number; readonly width: number; readonly stride?: number; readonly seed?: number },
): Layer {
  const { rows, cols } = config;
  const line = width * rows;
  const [h, w] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const base = 0x100;
  const program = assemble(
    `
begin hash=config
ld.dim index=0 count=${height} stride=${line} local=${line}
ld.move memory=${IN} local=${base} run=${line}
ld.dim index=0 count=1
ld.move memory=${WEIGHTS} local=0x800 run=${9 * rows * cols} signal=0
ld.move memory=${PARAMS} local=0x700 run=${9 * cols} signal=1
mx.box y=-1 x=-1 height=${height} width=${width} pad=-7
mx.dim index=0 count=${w} local=${stride * rows} x=${stride}
mx.dim index=1 count=${h} local=${stride * line} y=${stride}
mx.dim index=2 count=3 local=${rows} x=1
mx.dim index=3 count=3 local=${line} y=1
mx.multiply activation=${base - line - rows} weight=0x800 sums=0 wait=0 signal=2
vx.params local=0x700 wait=1
vx.range zero=5 min=-120 max=119 mode=1
vx.dim index=2 count=${h * w} a=1
vx.place index=2 out=${cols}
vx.run operation=requantise a=0 out=0x400 wait=2 signal=3
fence
loop times=${h} length=2
st.move memory=${OUT} local=0x400 run=${w * cols}
st.offset adds=1 memory=${w * cols + 5} local=${w * cols}
halt
`,
    config,
  );
  return { program, memory: filled(config, seed), out: { address: OUT, bytes: h * (w * cols + 5) } };
}
