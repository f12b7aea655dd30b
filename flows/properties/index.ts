// The designs that `npm run prove` knows by name: what the standard library promises, on small configurations of its cells.

import { type Design, elaborate } from '../../hdl/index.ts';
import { BufferProperties } from './buffers.ts';

/** By name, what gives the design. */
export const PROPERTIES: { readonly [name: string]: () => Design } = {
  fifo: () => elaborate(BufferProperties, { cell: 'fifo', depth: 4, width: 3 }, { name: 'fifo_properties' }),
  'fifo-pipe-flow': () => elaborate(BufferProperties, { cell: 'fifo', depth: 3, width: 2, pipe: true, flow: true }, { name: 'fifo_properties' }),
  'fifo-depth-1': () => elaborate(BufferProperties, { cell: 'fifo', depth: 1, width: 2, pipe: true }, { name: 'fifo_properties' }),
  'skid-buffer': () => elaborate(BufferProperties, { cell: 'skid-buffer', width: 4 }, { name: 'skid_buffer_properties' }),
  'pipeline-stage': () => elaborate(BufferProperties, { cell: 'pipeline-stage', width: 4 }, { name: 'pipeline_stage_properties' }),
};
