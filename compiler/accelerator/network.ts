// Layers one behind the other in one program.
//
// Invariant: a layer begins when the one before has ended and all is as after `begin`; results stay in memory, where the next layers find them.

import type { AcceleratorConfig } from '../../isa/config.ts';
import type { Instruction } from '../../isa/instructions.ts';
import type { Constant } from './builder.ts';
import type { Layer } from './layers.ts';
import { lowerLayer } from './lower.ts';
import type { Lowered, Region } from './lowered.ts';

/** A layer and what it computes with: the network's input, or the result of an earlier layer. */
export interface NetworkLayer {
  readonly layer: Layer;
  readonly operands: readonly ('input' | number)[];
}

/** All dimensions and boxes as after `begin`. */
function reset(): Instruction[] {
  const dims = (
    [
      ['ld', 4],
      ['st', 4],
      ['mx', 5],
      ['vx', 5],
    ] as const
  ).flatMap(([unit, count]) => Array.from({ length: count }, (_, index): Instruction => ({ name: `${unit}.dim`, fields: { index, count: 1 } })));
  const boxes = (['ld', 'mx', 'vx'] as const).map((unit): Instruction => ({ name: `${unit}.box`, fields: {} }));
  return [...dims, ...boxes];
}

/** Nothing to do: the result is where the operand is. */
function same(region: Region, bytes: number): Lowered {
  return { program: [], inputs: [region], output: region, constants: [], bytes };
}

/**
 * A network of one input as one program; its output is that of the last layer.
 *
 * @throws RangeError as `lowerLayer`, or for an operand that is no earlier layer or has another size
 */
export function lowerNetwork(layers: readonly NetworkLayer[], config: AcceleratorConfig): Lowered {
  const program: Instruction[] = [];
  const constants: Constant[] = [];
  const outputs: Region[] = [];
  let input: Region | undefined;
  let bytes = 0;
  layers.forEach(({ layer, operands }, i) => {
    const wrong = operands.find((operand) => operand !== 'input' && !outputs[operand]);
    if (wrong !== undefined) throw new RangeError(`layer ${i} computes with the result of layer ${wrong}, but only earlier ones have one`);
    const inputs = operands.map((operand) => (operand === 'input' ? input?.address : outputs[operand]?.address));
    const [first] = inputs;
    // The same bytes in the same place.
    let lowered: Lowered =
      layer.kind === 'reshape' && first !== undefined
        ? same({ address: first, bytes: layer.elements }, bytes)
        : lowerLayer(layer, config, { base: bytes, inputs });
    const own = operands.indexOf('input');
    if (own >= 0 && !input) {
      input = lowered.inputs[own] as Region;
      // One region serves where the layer takes the input twice; all else begins where it had made the second.
      const { address: place } = input;
      const second = operands.indexOf('input', own + 1);
      const again = second < 0 ? undefined : lowered.inputs[second];
      if (again)
        lowered = lowerLayer(layer, config, {
          base: again.address,
          inputs: operands.map((operand, at) => (operand === 'input' ? place : inputs[at])),
        });
    }
    operands.forEach((operand, at) => {
      const has = operand === 'input' ? input : outputs[operand];
      if (has?.bytes !== lowered.inputs[at]?.bytes)
        throw new RangeError(
          `layer ${i} takes ${lowered.inputs[at]?.bytes ?? 'no'} bytes as operand ${at}, but gets ${has?.bytes} of ${operand === 'input' ? 'the input' : `layer ${operand}`}`,
        );
    });
    const [begin, ...rest] = lowered.program;
    if (i === 0) program.push(begin as Instruction);
    else if (rest.length > 0) program.push({ name: 'fence', fields: {} }, ...reset());
    program.push(...rest.slice(0, -1));
    constants.push(...lowered.constants);
    outputs.push(lowered.output);
    bytes = lowered.bytes;
  });
  program.push({ name: 'halt', fields: {} });
  const output = outputs.at(-1);
  if (!output) throw new RangeError('a network has at least one layer');
  return { program, inputs: input ? [input] : [], output, constants, bytes };
}
