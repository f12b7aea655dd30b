// The language as its users import it.

export { attribute, comment, section } from './annotations.ts';
export { switchOn, type WhenChain, when } from './control.ts';
export { type Diagnostic, HdlError, render } from './diagnostics/diagnostic.ts';
export { asReset, type Domain, type DomainOptions, inDomain } from './domain.ts';
export { type ElaborateOptions, elaborate } from './elaborate.ts';
export { ExternalModule, type ExternalVerilog } from './external.ts';
export { bf16, type FloatOptions, float, fp4e2m1, fp6e2m3, fp6e3m2, fp8e4m3, fp8e5m2, fp16, fp32 } from './float-formats.ts';
export type { Fsm } from './fsm.ts';
export { cat, counterType, fill, lit, mux, nearest, vecOf, zeros } from './functions.ts';
export { hexFile } from './hex-file.ts';
export { flip, type InputOptions, type Io, input, output, type PortRecord } from './io-types.ts';
export { dumpDesign } from './ir/dump.ts';
export type { Definition, Design, ExternalModel, PortValues, ResetStyle } from './ir/nodes.ts';
export type { MemoryHandle, MemoryOptions, ReadOptions, WriteOptions } from './memory.ts';
export { connect, Module, type RegOptions } from './module.ts';
export type {
  Fixed,
  FixedType,
  FixedVar,
  FloatType,
  FloatValue,
  FloatVar,
  Narrowing,
  Rounding,
  UFixed,
  UFixedType,
  UFixedVar,
} from './number-types.ts';
export { decode, type EncodeOptions, encode } from './numbers.ts';
export { ALL_PASSES, type OptimiseOptions, optimise, type PassName } from './passes/index.ts';
export { pathOf, pathsOf } from './path.ts';
export { assert, assume, cover, past } from './property.ts';
export { table } from './table.ts';
export { bool, bundle, clock, describeType, enumeration, fixed, optional, reset, sint, ufixed, uint, vec } from './types.ts';
export type {
  Bool,
  BoolType,
  BoolVar,
  BundleType,
  Clock,
  ClockType,
  ClockVar,
  EnumType,
  EnumValue,
  EnumVar,
  HwType,
  Reset,
  ResetType,
  ResetVar,
  SInt,
  SIntType,
  SIntVar,
  UInt,
  UIntType,
  UIntVar,
  ValueOf,
  VarOf,
  VecType,
  VecValue,
  VecVar,
} from './value-types.ts';
