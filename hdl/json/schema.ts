// The form of the JSON netlist, version 1. `docs/json-netlist.md` says what each field means.
//
// Invariant: a reader that knows version 1 may rely on every field here; fields may be added, none changes its meaning without a new version.

/** Position in a module's `signals`. */
export type SignalRef = number;
/** Position in a module's `expressions`. */
export type ExprRef = number;
/** A whole number of any size, in decimal. */
export type Integer = string;
/** `path:line`, relative to the project's root; only on request. */
interface Placed {
  readonly at?: string;
}
interface Annotated {
  readonly comment?: string;
  readonly attributes?: { readonly [name: string]: string | number | true };
}

export interface JsonDesign {
  readonly format: 'systole-netlist';
  readonly version: 1;
  readonly top: string;
  /** Leaves first, the top last. */
  readonly modules: readonly JsonModule[];
}

export interface JsonType {
  readonly kind: 'bool' | 'uint' | 'sint' | 'enum' | 'clock' | 'reset';
  readonly width: number;
  /** Name in the module's `enums`. */
  readonly enum?: string;
  /** Of a reset that is not synchronous and active high. */
  readonly async?: true;
  readonly activeLow?: true;
  /** Bits behind the binary point. */
  readonly fraction?: number;
  /** Name of the float format. */
  readonly float?: string;
}

export interface JsonSignal extends Placed, Annotated {
  readonly name: string;
  readonly role: 'input' | 'output' | 'wire' | 'reg' | 'sink' | 'source';
  readonly type: JsonType;
  readonly dims?: readonly number[];
  /** Of a port: its name in Verilog, and the clocks that sample an input or launch an output. */
  readonly verilog?: string;
  readonly clocks?: readonly string[];
  readonly register?: JsonRegister;
}
export interface JsonReset {
  readonly signal: SignalRef;
  readonly async?: true;
  readonly activeLow?: true;
}
export interface JsonRegister {
  readonly clock: SignalRef;
  readonly enable?: SignalRef;
  readonly reset?: JsonReset & { readonly value: ExprRef };
}

export interface JsonExpr {
  readonly op: string;
  readonly type: JsonType;
  readonly dims?: readonly number[];
  readonly args?: readonly ExprRef[];
  /** const */
  readonly value?: Integer;
  /** ref */
  readonly signal?: SignalRef;
  /** element */
  readonly index?: number;
  /** bits */
  readonly hi?: number;
  readonly lo?: number;
  /** shl, shr */
  readonly amount?: number;
}

export interface JsonTarget {
  readonly signal: SignalRef;
  /** One index a dimension, outermost first: a number, or an expression. */
  readonly path?: readonly (number | { readonly expr: ExprRef })[];
  readonly bits?: readonly [hi: number, lo: number];
}
export type JsonStmt =
  | (Placed & { readonly kind: 'assign'; readonly target: JsonTarget; readonly value: ExprRef; readonly section?: string })
  | (Placed & {
      readonly kind: 'when';
      readonly cond: ExprRef;
      readonly then: readonly JsonStmt[];
      readonly else: readonly JsonStmt[];
      readonly section?: string;
    });

export interface JsonInstance extends Placed, Annotated {
  readonly name: string;
  readonly module: string;
  /** By the port's name. */
  readonly pins: { readonly [port: string]: SignalRef };
}
export interface JsonMeshEnter {
  readonly axis: number;
  readonly pin: SignalRef;
  readonly axes: readonly number[];
  readonly first: number;
}
/** `from` and `to` are ports of the element. */
export type JsonLink =
  | {
      readonly kind: 'shift';
      readonly from: string;
      readonly to: string;
      readonly vector: readonly number[];
      readonly enters: readonly JsonMeshEnter[];
      readonly leave?: SignalRef;
    }
  | { readonly kind: 'feed'; readonly to: string; readonly axes: readonly number[]; readonly pin: SignalRef }
  | { readonly kind: 'collect'; readonly from: string; readonly axes: readonly number[]; readonly pin: SignalRef }
  | { readonly kind: 'index'; readonly to: string; readonly first: number; readonly step: readonly number[] };
export interface JsonMesh extends Placed, Annotated {
  readonly name: string;
  readonly module: string;
  readonly shape: readonly number[];
  readonly links: readonly JsonLink[];
}
export interface JsonDelay extends Placed {
  readonly name: string;
  readonly first: number;
  readonly step: number;
  readonly input: SignalRef;
  readonly output: SignalRef;
  readonly clock: SignalRef;
  readonly enable?: SignalRef;
  readonly reset?: JsonReset & { readonly value: Integer };
}
export interface JsonMemory extends Placed, Annotated {
  readonly name: string;
  readonly type: JsonType;
  readonly depth: number;
  /** Elements of a word, when it is an array. */
  readonly lanes?: number;
  readonly style: 'auto' | 'block' | 'distributed' | 'registers';
  readonly init?: readonly Integer[];
  readonly reads: readonly {
    readonly address: SignalRef;
    readonly data: SignalRef;
    /** Absent for a combinational read. */
    readonly registered?: { readonly clock: SignalRef; readonly enable: SignalRef; readonly underWrite: 'old' | 'new' | 'undefined' };
  }[];
  readonly writes: readonly {
    readonly clock: SignalRef;
    readonly address: SignalRef;
    readonly data: SignalRef;
    readonly enable: SignalRef;
    readonly mask?: SignalRef;
  }[];
}
export interface JsonProperty extends Placed {
  readonly kind: 'assert' | 'assume' | 'cover';
  readonly name: string;
  readonly message: string;
  readonly condition: SignalRef;
  readonly clock: SignalRef;
  readonly reset?: SignalRef;
}

export interface JsonModule extends Placed, Annotated {
  /** As in Verilog before meshes are split into rows. */
  readonly name: string;
  readonly doc?: string;
  /** Set on modules that have no body here. */
  readonly external?: {
    readonly parameters: { readonly [name: string]: number | string | { readonly width: number; readonly value: Integer } };
    readonly files: readonly string[];
    /** Outputs that depend on no input in the same cycle. */
    readonly registered: readonly string[];
  };
  readonly enums?: { readonly [name: string]: { readonly [member: string]: Integer } };
  /** Clocks and resets first. */
  readonly ports: readonly SignalRef[];
  readonly signals: readonly JsonSignal[];
  readonly instances: readonly JsonInstance[];
  readonly meshes: readonly JsonMesh[];
  readonly delays: readonly JsonDelay[];
  readonly memories: readonly JsonMemory[];
  readonly properties: readonly JsonProperty[];
  /** Operands before operators; each distinct expression once. */
  readonly expressions: readonly JsonExpr[];
  readonly statements: readonly JsonStmt[];
}
