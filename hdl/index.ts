// The language as its users import it.

export { connect, Module, type RegOptions } from './module.ts';
export { switchOn, when, type WhenChain } from './control.ts';
export type { MemoryHandle, MemoryOptions, ReadOptions, WriteOptions } from './memory.ts';
export type { Fsm } from './fsm.ts';
export { elaborate, type ElaborateOptions } from './elaborate.ts';
export { flip, input, output, type Io, type PortRecord } from './io-types.ts';
export { bool, bundle, describeType, enumeration, sint, uint, vec } from './types.ts';
export { cat, counterType, fill, lit, mux, vecOf, zeros } from './values.ts';
export type { Bool, BoolVar, BundleType, BoolType, EnumType, EnumValue, EnumVar, HwType, SInt, SIntType, SIntVar, UInt, UIntType, UIntVar, ValueOf, VarOf, VecType, VecValue, VecVar } from './value-types.ts';
export { type Diagnostic, HdlError, render } from './diagnostics/diagnostic.ts';
export type { Definition, Design } from './ir/nodes.ts';
export { dumpDesign } from './ir/dump.ts';
