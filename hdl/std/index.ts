// The standard cells.

export { type ArbiterConfig, type ArbiterOptions, arbitrate, type Policy, StreamArbiter } from './arbiter.ts';
export { AsyncFifo, type AsyncFifoConfig, type AsyncFifoOptions, asyncFifo } from './async-fifo.ts';
export {
  AXI_BURST,
  AXI_RESP,
  type Axi4Config,
  type Axi4Ports,
  type AxiLiteConfig,
  type AxiStreamConfig,
  type AxiStreamPorts,
  axi4,
  axiLite,
  axiStream,
  type Channel,
  channel,
} from './axi.ts';
export { asBits, asType, bitsIn, fillBits, reverseBits, rotateLeft, rotateRight } from './bits.ts';
export { abs, clamp, isOneOf, max, min, muxCase, muxLookup, saturate } from './choose.ts';
export { Counter, type CounterConfig, UpDownCounter } from './counter.ts';
export { CRC_8, CRC_16_CCITT_FALSE, CRC_32, CRC_32C, Crc, type CrcConfig, type CrcParameters, crcOut, crcStep } from './crc.ts';
export { Fifo, type FifoConfig, type FifoOptions, fifo } from './fifo.ts';
export { type ForkConfig, StreamFork } from './fork.ts';
export { binaryToGray, grayToBinary } from './gray.ts';
export { Handshake, type HandshakeConfig, handshake } from './handshake.ts';
export { leadingZeros } from './leading-zeros.ts';
export { Lfsr, type LfsrConfig, MAXIMAL_TAPS } from './lfsr.ts';
export { binaryToOneHot, mux1H, oneHotToBinary } from './one-hot.ts';
export { PipelineStage, type PipelineStageConfig, pipelineStage } from './pipeline-stage.ts';
export { popcount } from './popcount.ts';
export { isolateLowest, lowestSet } from './priority-encoder.ts';
export { PulseSynchroniser, type PulseSynchroniserConfig, synchronisePulse } from './pulse-synchroniser.ts';
export { type MeshReduceOptions, type ReduceOptions, type Reduction, reduceLatency, reduceMesh, reduceTree } from './reduce.ts';
export { RegisterBank, registerBank } from './register-bank.ts';
export { cHeader, registerMarkdown } from './register-docs.ts';
export { type Access, type CheckedMap, checkRegisterMap, type FieldDescription, type RegisterDescription, type RegisterMap } from './register-map.ts';
export type { BankView } from './register-ports.ts';
export { ParallelToSerial, SerialToParallel, type ShiftConfig } from './shift-register.ts';
export { SkidBuffer, type SkidBufferConfig, skidBuffer } from './skid-buffer.ts';
export {
  connectStream,
  consumer,
  fires,
  fork,
  join,
  map,
  type PayloadOf,
  producer,
  type Sink,
  type Source,
  type SourceFor,
  type StreamOf,
} from './stream.ts';
export {
  ResetSynchroniser,
  type ResetSynchroniserOptions,
  Synchroniser,
  type SynchroniserOptions,
  synchronise,
  synchroniseReset,
} from './synchronise.ts';
