// The standard cells.

export { arbitrate, type ArbiterConfig, type ArbiterOptions, type Policy, StreamArbiter } from './arbiter.ts';
export { AXI_BURST, AXI_RESP, axi4, type Axi4Config, type Axi4Ports, axiLite, type AxiLiteConfig, axiStream, type AxiStreamConfig, type AxiStreamPorts, type Channel, channel } from './axi.ts';
export { Counter, type CounterConfig, UpDownCounter } from './counter.ts';
export { Crc, CRC_16_CCITT_FALSE, CRC_32, CRC_32C, CRC_8, type CrcConfig, crcOut, type CrcParameters, crcStep } from './crc.ts';
export { Fifo, fifo, type FifoConfig, type FifoOptions } from './fifo.ts';
export { type ForkConfig, StreamFork } from './fork.ts';
export { binaryToGray, grayToBinary } from './gray.ts';
export { leadingZeros } from './leading-zeros.ts';
export { Lfsr, type LfsrConfig, MAXIMAL_TAPS } from './lfsr.ts';
export { binaryToOneHot, mux1H, oneHotToBinary } from './one-hot.ts';
export { PipelineStage, pipelineStage, type PipelineStageConfig } from './pipeline-stage.ts';
export { popcount } from './popcount.ts';
export { isolateLowest, lowestSet } from './priority-encoder.ts';
export { RegisterBank, registerBank } from './register-bank.ts';
export type { BankView } from './register-ports.ts';
export { cHeader, registerMarkdown } from './register-docs.ts';
export { type Access, type CheckedMap, checkRegisterMap, type FieldDescription, type RegisterDescription, type RegisterMap } from './register-map.ts';
export { ParallelToSerial, SerialToParallel, type ShiftConfig } from './shift-register.ts';
export { SkidBuffer, skidBuffer, type SkidBufferConfig } from './skid-buffer.ts';
export { connectStream, consumer, fires, fork, join, map, type PayloadOf, producer, type Sink, type Source, type SourceFor, type StreamOf } from './stream.ts';
