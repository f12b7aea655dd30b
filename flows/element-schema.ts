// A processing element in a file of ours, as the generators take it.
//
// Invariant: the types of `PeConfig`, kind by kind; that its numbers can be built is the element's to say. Refused: other kinds, keys and words.

import { z } from 'zod';
import { FLOAT_NAMES, INT_FORMS, MX_NAMES, type PeConfig } from '../generators/pe/index.ts';

const count = z.int().min(0);
const operand = z.strictObject({ width: count, signed: z.boolean() });
const float = z.enum(FLOAT_NAMES);
const blocks = z.enum(MX_NAMES);
/** What elements with sums of several cycles have in common. */
const slow = { productStages: count.exactOptional(), sumStages: count.exactOptional() };
/** What elements of integers have in common. */
const summed = { accumulator: count.exactOptional(), stages: count.exactOptional() };
const structure = z.literal('2:4').exactOptional();
const flag = z.boolean().exactOptional();

export const elementSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('int'),
    activation: operand,
    weight: operand,
    overflow: z.enum(['wrap', 'saturate']).exactOptional(),
    gated: flag,
    form: z.enum(INT_FORMS).exactOptional(),
    sparse: structure,
    ...summed,
  }),
  z.strictObject({
    kind: z.literal('float'),
    operand: float,
    accumulate: float.exactOptional(),
    sparse: structure,
    ...slow,
  }),
  z.strictObject({ kind: z.literal('xnor'), lanes: count, masked: flag, ...summed }),
  z.strictObject({ kind: z.literal('ternary'), lanes: count, ...summed }),
  z.strictObject({ kind: z.literal('fusible'), ...summed }),
  z.strictObject({ kind: z.literal('bit-serial'), lanes: count, ...summed }),
  z.strictObject({
    kind: z.literal('mx'),
    activation: blocks,
    weight: blocks.exactOptional(),
    block: count.exactOptional(),
    ...slow,
  }),
]) satisfies z.ZodType<PeConfig>;
