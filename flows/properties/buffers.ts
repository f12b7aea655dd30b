// Cells that hold beats of a stream: FIFO, skid buffer, pipeline stage.

import { assert, bool, input, Module, type UInt, uint } from '../../hdl/index.ts';
import { connectStream, consumer, type FifoOptions, fifo, pipelineStage, producer, type StreamOf, skidBuffer } from '../../hdl/std/index.ts';
import { BufferChecker } from './buffer-checker.ts';

export type BufferConfig =
  | { readonly width: number; readonly cell: 'skid-buffer' | 'pipeline-stage' }
  | ({ readonly width: number; readonly cell: 'fifo' } & FifoOptions);

export class BufferProperties extends Module<BufferConfig> {
  readonly p = this.io({ in: consumer({ data: uint(this.cfg.width) }), out: producer({ data: uint(this.cfg.width) }), mark: input(bool) });

  constructor(cfg: BufferConfig) {
    super(cfg);
    const { p } = this;
    const { out, count, capacity } = placed(cfg, p.in);
    connectStream(p.out, out);
    const checker = this.inst(BufferChecker, { width: cfg.width, capacity });
    for (const [port, stream] of [
      [checker.in, p.in],
      [checker.out, p.out],
    ] as const) {
      port.valid.set(stream.valid);
      port.ready.set(stream.ready);
      port.data.set(stream.data);
    }
    checker.mark.set(p.mark);
    if (count) assert(count.le(capacity), 'count is in range');
  }
}

type Words = StreamOf<{ readonly data: UInt }>;

function placed(cfg: BufferConfig, stream: Words): { readonly out: Words; readonly count?: UInt; readonly capacity: number } {
  switch (cfg.cell) {
    case 'fifo':
      return { ...fifo(stream, cfg), capacity: cfg.depth };
    case 'skid-buffer':
      return { out: skidBuffer(stream), capacity: 2 };
    case 'pipeline-stage':
      return { out: pipelineStage(stream), capacity: 1 };
  }
}
