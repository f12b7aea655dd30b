// The manifest of a design folder: what scripts need to know without reading Verilog.
//
// Invariant: depends on the configuration and the generator's version alone; no times, no paths but those within the folder.

import { z } from 'zod';
import { DATAFLOWS, RESET_KINDS } from '../generators/array-config.ts';
import { PASSES, type PassName } from '../hdl/passes/index.ts';
import { elementSchema } from './element-schema.ts';
import { FORMS } from './outputs.ts';

const path = z.string().regex(/^[^/].*$/, 'a path within the folder');
const count = z.int().min(0);

/** `manifest.json`. Scripts should check `format` first; it grows when a field changes its meaning. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  generator: z.strictObject({ name: z.literal('systole'), version: z.string() }),
  top: z.string(),
  parameters: z.strictObject({
    rows: z.int().min(1),
    cols: z.int().min(1),
    dataflow: z.enum(DATAFLOWS),
    /** Absent in folders of older generators. */
    reset: z.enum(RESET_KINDS).default('sync'),
    /** Elements that share a slot; absent where each has its own. */
    tile: z.strictObject({ rows: z.int().min(1), cols: z.int().min(1) }).optional(),
    /** How sums leave an output-stationary array; absent where they have registers of their own. */
    drain: z.literal('through').optional(),
    name: z.string(),
    /** What stands at each place, as the generators take it; absent for int8. */
    pe: elementSchema.optional(),
    /** Bits of an activation. */
    operandWidth: count,
    /** Bits; absent where it is that of an activation. */
    weightWidth: count.optional(),
    /** Bits. */
    sumWidth: count,
  }),
  /** The forms in the folder; absent for Verilog alone. */
  emit: z.array(z.enum(FORMS)).optional(),
  /** Set when the files say where in the generator their lines come from. */
  locators: z.literal(true).optional(),
  /** Set when the Verilog is SystemVerilog. */
  sv: z.literal(true).optional(),
  /** The passes that went over the design, in order; absent when there were none. */
  optimise: z.array(z.enum(Object.keys(PASSES) as PassName[])).optional(),
  /** SHA-256 of the canonical configuration. */
  configHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Cycles without stalls from the acceptance of a beat (os: of the last beat of a tile) to its (first) row on `out`. */
  latencyCycles: count,
  peakMacsPerCycle: count,
  /** Of the top module, in order; widths in bits. */
  ports: z.array(z.strictObject({ name: z.string(), direction: z.enum(['input', 'output']), width: z.int().min(1) })),
  /** What `tb/vectors` holds: `C = A·B + D`, A m×k, B k×n; how often each stream pauses, 0 to 1; the length of the run in cycles. */
  vectors: z.strictObject({
    m: count,
    k: count,
    n: count,
    withD: z.boolean(),
    seed: count,
    stall: z.strictObject({ act: z.number(), weight: z.number(), psum: z.number(), out: z.number() }),
    cycles: count,
  }),
  /** Paths within the folder; `rtl` leaves first, the top last; `circuit/<top>.fir`, `.json` and `.svg` are among `other`. */
  files: z.strictObject({ rtl: z.array(path), tb: z.array(path), synth: z.array(path), other: z.array(path) }),
});

export type Manifest = z.infer<typeof manifestSchema>;
