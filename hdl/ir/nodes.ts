// The intermediate representation: what elaboration makes and everything else reads.
//
// Invariants: expressions are immutable and may be shared (a DAG); every signal belongs to one definition; a regular array of
// instances is one `Mesh` node whatever its size, a bank of shift registers one `Delay` node; arrays stay arrays (`dims`),
// bundles are flattened to their leaves. The simulator and the Verilog printer share this file and nothing else.

import type { Origin } from '../source.ts';

/** What the bits of a ground value mean. `bool`, `clock` and `reset` are one bit wide; `enum` is unsigned. */
export type Kind = 'bool' | 'uint' | 'sint' | 'enum' | 'clock' | 'reset';

/** The names of an enumeration's values. */
export interface EnumInfo {
  readonly name: string;
  readonly members: ReadonlyMap<string, bigint>;
}

/** What the bits of a small float mean; from the highest: sign, exponent, mantissa. Formats are the same when they are one object. */
export interface FloatFormat {
  readonly name: string;
  /** Widths in bits. */
  readonly exponent: number;
  readonly mantissa: number;
  /** A normal value is (−1)^sign · 1.mantissa · 2^(exponent − bias). */
  readonly bias: number;
  /** `ieee`: the highest exponent holds infinity (mantissa 0) and NaNs; `all-ones`: NaN is exponent and mantissa all ones; `none`: all codes are finite. */
  readonly nans: 'ieee' | 'all-ones' | 'none';
  /** Without them every code of exponent 0 is zero. */
  readonly subnormals: boolean;
}

export interface GroundType {
  readonly kind: Kind;
  /** In bits; 0 is allowed for uint and sint, whose value is then 0. */
  readonly width: number;
  /** For `enum`. Two enumerations are the same type when they share it. */
  readonly enumeration?: EnumInfo;
  /** For `reset`: absent for a synchronous one that is active high. */
  readonly reset?: ResetStyle;
  /** Of a fixed-point value, a uint or sint: it stands for the integer times 2^−fraction. For the front end only; operators drop it. */
  readonly fraction?: number;
  /** Of a float, a uint. For the front end only. */
  readonly float?: FloatFormat;
}

/** The kind of a reset: synchronous and active high unless it says otherwise. */
export interface ResetStyle {
  readonly async?: boolean;
  readonly activeLow?: boolean;
}

/** Lengths from the outermost dimension inwards; empty for a scalar. */
export type Dims = readonly number[];

/**
 * How a signal is driven and read within its definition. `sink` and `source` are the near side of a child: a sink is driven here
 * and read by the child, a source is driven by the child and read here.
 */
export type Role = 'input' | 'output' | 'wire' | 'reg' | 'sink' | 'source';

/** What the user says of a thing to readers and tools of the output; the circuit is the same without it. */
export interface Annotations {
  comment?: string;
  /** By name. */
  attributes?: ReadonlyMap<string, AttributeValue>;
}
export type AttributeValue = string | number | true;

export interface RegisterInfo {
  readonly clock: Signal;
  /** Power-on value, all elements in order; unknown when absent and there is no reset. */
  readonly initial?: readonly bigint[];
  /** The register holds while it is low; a reset acts nevertheless. Never a register itself. */
  readonly enable?: Signal;
  /** The register takes `value` at a clock edge at which `signal` is active; at once and until the edge after it when asynchronous, with a constant `value`. */
  readonly reset?: ResetStyle & { readonly signal: Signal; readonly value: Expr };
}

/** Whose an input is: of the clock input of that name, or nobody's. */
export type Arrival = { readonly clock: string } | { readonly asynchronous: true };

export interface Signal {
  /** Unique within the definition, in order of declaration. */
  readonly id: number;
  /** The user's own spelling; printers make it legal for their language. */
  name: string;
  readonly role: Role;
  readonly type: GroundType;
  readonly dims: Dims;
  readonly owner: Definition;
  readonly at: Origin;
  /** Of a leaf of a bundle or a group of ports: its path there, with which `name` ends. */
  fields?: readonly string[];
  /** False for names that the language made up. */
  named: boolean;
  readonly register?: RegisterInfo;
  annotations?: Annotations;
  /** For an input, when the user said it. */
  readonly arrival?: Arrival;
  /** Set by the standard cells for crossing clocks: what flows into this register or wire may come from any clock. */
  readonly crossing?: boolean;
}

export type BinaryOp =
  | 'add'
  | 'sub'
  | 'addw'
  | 'subw'
  | 'mul'
  /** Quotient rounded towards zero and remainder with the dividend's sign; both 0 where the divisor is 0. */
  | 'div'
  | 'rem'
  | 'and'
  | 'or'
  | 'xor'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'dshl'
  | 'dshr';
export type UnaryOp = 'not' | 'neg' | 'andR' | 'orR' | 'xorR';

interface Node {
  readonly type: GroundType;
  readonly dims: Dims;
  readonly args: readonly Expr[];
}

/** A literal; `value` is within the range of the type. */
export interface ConstExpr extends Node {
  readonly op: 'const';
  readonly value: bigint;
}
/** The whole of a signal. */
export interface RefExpr extends Node {
  readonly op: 'ref';
  readonly signal: Signal;
}
/** One element of the outermost dimension: args are the array and, when `index` is undefined, the index (uint); out of range reads zero. */
export interface ElementExpr extends Node {
  readonly op: 'element';
  readonly index?: number;
}
/** Bits `hi` to `lo` as uint. */
export interface BitsExpr extends Node {
  readonly op: 'bits';
  readonly hi: number;
  readonly lo: number;
}
/** Shift by a constant. */
export interface ShiftExpr extends Node {
  readonly op: 'shl' | 'shr';
  readonly amount: number;
}
/** Same kind, other width: `extend` repeats the sign of a sint and adds zeros to others, `trunc` keeps the low bits. */
export interface ResizeExpr extends Node {
  readonly op: 'extend' | 'trunc';
}
/** Same bits, other kind. */
export interface CastExpr extends Node {
  readonly op: 'cast';
}
export interface PrimExpr extends Node {
  readonly op: BinaryOp | UnaryOp;
}
/** args: condition (bool), value when true, value when false; arrays are chosen as a whole. */
export interface MuxExpr extends Node {
  readonly op: 'mux';
}
/** args from the most significant downwards. */
export interface CatExpr extends Node {
  readonly op: 'cat';
}
/** `array`: args are the elements; `fill`: one arg repeated; `reverse`: outermost dimension backwards; `unpack`: uint to array, element 0 lowest; `pack`: the inverse. */
export interface ArrayExpr extends Node {
  readonly op: 'array' | 'fill' | 'reverse' | 'unpack' | 'pack';
}

export type Expr = ConstExpr | RefExpr | ElementExpr | BitsExpr | ShiftExpr | ResizeExpr | CastExpr | PrimExpr | MuxExpr | CatExpr | ArrayExpr;

/** What an assignment writes: a signal, an element of it, or bits of either. */
export interface Target {
  readonly signal: Signal;
  /** One entry an indexed dimension, outermost first. */
  readonly path: readonly (number | Expr)[];
  readonly bits?: { readonly hi: number; readonly lo: number };
}

/** Last connect wins; a register that is not assigned holds. The value has exactly the target's type. */
export interface Assign {
  readonly kind: 'assign';
  readonly target: Target;
  readonly value: Expr;
  readonly at: Origin;
  readonly remark?: Remark;
}
export interface When {
  readonly kind: 'when';
  readonly cond: Expr;
  readonly then: Stmt[];
  readonly else: Stmt[];
  readonly at: Origin;
  readonly remark?: Remark;
  /** Set on an arm of a `switchOn`: `cond` is true exactly when the subject matches a pattern. The next arm stands alone in `else`. */
  readonly arm?: Arm;
}
/** A comment on the statements that follow; one object wherever copies of its statement stand. */
export interface Remark {
  readonly text: string;
}
/** One arm of a switch: the bits of the subject under `mask` equal `value`, for one of the patterns. */
export interface Arm {
  readonly subject: Expr;
  readonly patterns: readonly { readonly value: bigint; readonly mask: bigint }[];
}
export type Stmt = Assign | When;

/** A child: `pins` has one signal of the parent for each port of the child, in port order. */
export interface Instance {
  name: string;
  named: boolean;
  readonly definition: Definition;
  readonly pins: ReadonlyMap<Signal, Signal>;
  readonly at: Origin;
  annotations?: Annotations;
}

/**
 * Element e of `to` takes `from` of element e − vector. Elements without such a neighbour take what enters; with a `leave` (unit vectors only),
 * those that nobody reads from feed it.
 */
export interface ShiftLink {
  readonly kind: 'shift';
  readonly from: Signal;
  readonly to: Signal;
  /** One whole number an axis, not all 0. */
  readonly vector: readonly number[];
  /** One for each axis along which the vector is not 0, in order: an element takes the first whose axis leads out of the mesh. */
  readonly enters: readonly MeshEnter[];
  leave?: Signal;
}
/** What elements take whose predecessor would lie outside of the mesh along `axis`: `pin[e on axes]`, as in a feed. */
export interface MeshEnter {
  readonly axis: number;
  readonly pin: Signal;
  /** Mesh axes that the pin spans. Those of a unit vector are all but its own. */
  readonly axes: readonly number[];
  /** Index along `axis` of the pin's first layer, when the pin spans it: not 0 where only the far side is given. */
  readonly first: number;
}
/** Element e of `to` takes `pin[e on axes]`: no axes is a broadcast, all axes one value an element. */
export interface FeedLink {
  readonly kind: 'feed';
  readonly to: Signal;
  readonly axes: readonly number[];
  readonly pin: Signal;
}
/** Every element's `from` as an array: element e of the mesh is `pin[e on axes]`, all axes in some order. */
export interface CollectLink {
  readonly kind: 'collect';
  readonly from: Signal;
  readonly axes: readonly number[];
  readonly pin: Signal;
}
/** Element e of `to` takes the constant first + Σ step·e, which is within the port's range for every element. */
export interface IndexLink {
  readonly kind: 'index';
  readonly to: Signal;
  readonly first: number;
  /** One whole number an axis. */
  readonly step: readonly number[];
  readonly at: Origin;
}
export type MeshLink = ShiftLink | FeedLink | CollectLink | IndexLink;

/** Signals of the parent that a link reads or drives, each with the element's port that it belongs to. */
export function linkPins(link: MeshLink): (readonly [pin: Signal, port: Signal])[] {
  switch (link.kind) {
    case 'feed':
      return [[link.pin, link.to]];
    case 'collect':
      return [[link.pin, link.from]];
    case 'index':
      return [];
    case 'shift': {
      const enters = [...new Set(link.enters.map((e) => e.pin))].map((pin) => [pin, link.to] as const);
      return link.leave ? [...enters, [link.leave, link.from]] : enters;
    }
  }
}

/** The axis of a vector that is one step along one axis; undefined for others. */
export function unitAxis(vector: readonly number[]): number | undefined {
  const axis = vector.findIndex((v) => v !== 0);
  return Math.abs(vector[axis] ?? 0) === 1 && vector.filter((v) => v !== 0).length === 1 ? axis : undefined;
}

/** Number of layers of elements along an axis whose predecessor lies outside of a mesh of `length` there. */
export function enteringLayers(length: number, step: number): number {
  return Math.min(Math.abs(step), length);
}

/** A regular array of equal instances, of any size one node. */
export interface Mesh {
  name: string;
  named: boolean;
  readonly definition: Definition;
  readonly shape: Dims;
  readonly links: MeshLink[];
  readonly at: Origin;
  annotations?: Annotations;
}

/**
 * Shift registers in parallel: lane i of the outermost dimension is delayed by `first + step·i` enabled cycles (a scalar by
 * `first`). A lane of depth 0 is a wire. Without reset the contents are unknown at the start.
 */
export interface Delay {
  name: string;
  named: boolean;
  readonly first: number;
  readonly step: number;
  readonly input: Signal;
  readonly output: Signal;
  readonly enable?: Signal;
  readonly clock: Signal;
  readonly reset?: ResetStyle & { readonly signal: Signal; readonly value: bigint };
  /** Made for properties: needed only where something reads it. */
  readonly ghost?: true;
  readonly at: Origin;
}

/**
 * A memory of `depth` words; a word is a ground value or an array of `lanes` of them. An address beyond the last word reads zero and writes
 * nothing. Without `init` the contents are unknown at the start.
 */
export interface Memory {
  name: string;
  named: boolean;
  readonly type: GroundType;
  /** Dims of a word: empty, or one length. */
  readonly lanes: Dims;
  readonly depth: number;
  /** All elements, word by word, lane 0 first. */
  readonly init?: readonly bigint[];
  readonly style: MemoryStyle;
  readonly reads: MemoryRead[];
  readonly writes: MemoryWrite[];
  readonly at: Origin;
  annotations?: Annotations;
}
/** What a synthesiser is asked to use: `auto` asks for nothing. */
export type MemoryStyle = 'auto' | 'block' | 'distributed' | 'registers';
/** What a registered read gives when its word is written at the same edge; `undefined` is simulated as the inverse of what stood there. */
export type UnderWrite = 'old' | 'new' | 'undefined';

export interface MemoryRead {
  readonly address: Signal;
  readonly data: Signal;
  /** Absent for a combinational read; else `data` changes at the edge, and holds while `enable` is false. */
  readonly registered?: { readonly clock: Signal; readonly enable: Signal; readonly underWrite: UnderWrite };
}
/** Writes take effect at the edge, of one clock for all of a memory; of two to one word the later in the list wins, lane by lane. */
export interface MemoryWrite {
  readonly address: Signal;
  readonly data: Signal;
  readonly enable: Signal;
  /** One bool a lane. */
  readonly mask?: Signal;
  readonly clock: Signal;
}

export type PropertyKind = 'assert' | 'assume' | 'cover';

/** What is said of every edge of a clock, while the reset is inactive. */
export interface Property {
  readonly kind: PropertyKind;
  /** Made of the message; an identifier, unique within the definition. */
  readonly name: string;
  readonly message: string;
  /** A sink, bool: false where an assertion or an assumption fails, true where a cover is reached. */
  readonly condition: Signal;
  readonly clock: Signal;
  readonly reset?: Signal;
  readonly at: Origin;
}

/** The second form says the width of the literal, for parameters of more than 32 bits. */
export type ParameterValue = number | bigint | string | { readonly width: number; readonly value: number | bigint };

/** A module whose Verilog was written elsewhere: its definition has ports and no body. */
export interface External {
  /** In Verilog, as those of its ports and parameters: never changed. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly files: readonly string[];
  /** Outputs that depend on no input in the same cycle. */
  readonly registered: ReadonlySet<Signal>;
  /** Made once for each instance and element. */
  readonly model?: () => ExternalModel;
}

/** By port: a number to 32 bits, a bigint above; of an array the elements in row-major order. */
export interface PortValues {
  readonly [port: string]: number | bigint | readonly (number | bigint)[];
}

/** What an external module does. Its state is plain data (that `structuredClone` copies). */
export interface ExternalModel {
  /** Before the first edge. */
  state?(): unknown;
  /** The outputs now, one value for each. */
  outputs(inputs: PortValues, state: unknown): PortValues;
  /** The state after an edge of the clock port of this name; the given one may be changed and returned. */
  edge?(inputs: PortValues, state: unknown, clock: string): unknown;
}

/** A module: elaborated once for each (class, parameters). */
export interface Definition {
  name: string;
  /** One sentence for the head of the printed module, or empty. */
  doc: string;
  readonly signals: Signal[];
  readonly instances: Instance[];
  readonly meshes: Mesh[];
  readonly delays: Delay[];
  readonly memories: Memory[];
  readonly properties: Property[];
  /** Set on modules that have no body here. */
  external?: External;
  readonly body: Stmt[];
  readonly at: Origin;
  annotations?: Annotations;
}

/** A whole design: definitions from the leaves to the top, which is last. */
export interface Design {
  readonly top: Definition;
  readonly definitions: readonly Definition[];
}

/** The ports of a definition in order: clock and reset first, then as declared. */
export function ports(definition: Definition): Signal[] {
  const all = definition.signals.filter((s) => s.role === 'input' || s.role === 'output');
  const isDomain = (s: Signal) => s.type.kind === 'clock' || s.type.kind === 'reset';
  return [...all.filter(isDomain).sort((a, b) => a.type.kind.localeCompare(b.type.kind)), ...all.filter((s) => !isDomain(s))];
}

/** Number of elements of an array; 1 for a scalar. */
export function count(dims: Dims): number {
  return dims.reduce((n, d) => n * d, 1);
}
