// The Verilog that a prepared module consists of. Names are assigned by `names.ts`; the printer decides nothing but line breaks.
//
// Invariant: every expression has exactly the width that it stands for, whatever surrounds it, and each operand of an arithmetic operator
// has the operator's own width. So Verilog's context-determined widths never change a value, and no tool has a width to warn about.

import type { ParameterValue, Property } from '../ir/nodes.ts';
import type { ModulePlaces } from './places.ts';

/** What stands beside a construct for its reader. */
export interface Noted {
  /** Lines of a comment above it. */
  readonly notes?: readonly string[];
  /** Where it comes from, behind its first line. */
  readonly locator?: string;
}

/** A declared name. Arrays are packed, element 0 in the lowest bits, unless `words` is set. */
export interface Net extends Noted {
  /** What the user calls it; made legal and unique later. */
  readonly hint: string;
  readonly origin: 'port' | 'user' | 'made';
  /** In bits, all elements of a packed array together; a word of an unpacked one. */
  readonly width: number;
  readonly signed: boolean;
  /** Length of an unpacked array. */
  readonly words?: number;
  /** Attributes in front of the declaration, where the user asked for any. */
  readonly attributes?: string;
  /** Value of a `localparam`, the name of an enumeration's member. */
  readonly constant?: bigint;
  /** What it always equals, where continuous assignments say so. */
  readonly known?: bigint;
  /** The name of the enumeration that it is declared as, in SystemVerilog. */
  readonly typedef?: Net;
  /** `reg` when a procedure assigns it. */
  variable: boolean;
  name: string;
}

interface Sized {
  readonly width: number;
  /** As Verilog sees it: only names declared signed, `$signed` and operators of such. */
  readonly signed: boolean;
}

export type VExpr =
  | (Sized & { readonly k: 'net'; readonly net: Net })
  | (Sized & { readonly k: 'literal'; readonly value: bigint })
  /** A label of `casez`: bits outside of the mask may be anything. */
  | (Sized & { readonly k: 'pattern'; readonly value: bigint; readonly mask: bigint })
  /** Constant bits hi to lo of a net. */
  | (Sized & { readonly k: 'part'; readonly net: Net; readonly hi: number; readonly lo: number })
  /** `net[index]` of an unpacked array, and constant bits of it. */
  | (Sized & { readonly k: 'word'; readonly net: Net; readonly index: VExpr | number; readonly hi?: number; readonly lo?: number })
  /** `net[base +: width]` with a base that the code computes. */
  | (Sized & { readonly k: 'indexed'; readonly net: Net; readonly base: VExpr })
  | (Sized & { readonly k: 'unary'; readonly op: string; readonly arg: VExpr })
  | (Sized & { readonly k: 'binary'; readonly op: string; readonly a: VExpr; readonly b: VExpr })
  | (Sized & { readonly k: 'cond'; readonly c: VExpr; readonly t: VExpr; readonly f: VExpr })
  | (Sized & { readonly k: 'concat'; readonly parts: readonly VExpr[] })
  | (Sized & { readonly k: 'repeat'; readonly times: number; readonly arg: VExpr })
  | (Sized & { readonly k: 'call'; readonly fn: '$signed' | '$unsigned'; readonly arg: VExpr })
  /** A look-up in a table. */
  | (Sized & { readonly k: 'look-up'; readonly table: VTable; readonly index: VExpr })
  /** The element of a packed array that genvars name: `net[W*i +: W]`. */
  | (Sized & { readonly k: 'lane'; readonly net: Net; readonly index: VIndex });

/** Σ factor·genvar + offset. */
export interface VIndex {
  readonly terms: readonly { readonly genvar: Net; readonly factor: number }[];
  readonly offset: number;
}

/** Constants by index, printed as a function; an index beyond the last gives zero. */
export interface VTable {
  readonly net: Net;
  /** The function's argument. */
  readonly index: Net;
  readonly entries: readonly bigint[];
}

export type VTarget = Extract<VExpr, { readonly k: 'net' | 'part' | 'word' | 'indexed' | 'lane' }>;

export type VStmt = Noted & VStmtKind;
type VStmtKind =
  | { readonly k: 'set'; readonly target: VTarget; readonly value: VExpr }
  | { readonly k: 'if'; readonly cond: VExpr; readonly then: readonly VStmt[]; readonly else: readonly VStmt[] }
  /** Labels exclude each other. */
  | {
      readonly k: 'case';
      readonly subject: VExpr;
      readonly arms: readonly { readonly labels: readonly VExpr[]; readonly body: readonly VStmt[] }[];
      readonly default: readonly VStmt[];
    };

/** Ports of a child in order; an expression for an input, a target for an output. */
export interface VConnection {
  readonly port: string;
  readonly value: VExpr;
  readonly output: boolean;
}

/** A link of a mesh between neighbours, as local wires of each element. */
export interface VChain {
  readonly to: Net;
  readonly from: Net;
  /** The element takes from the one that lies so far back along each axis. */
  readonly vector: readonly number[];
  /** What it takes instead, by the first axis that leads out. `read` when all of the value is read by some element. */
  readonly enters: readonly { readonly axis: number; readonly value: VExpr; readonly read: boolean }[];
  readonly leave?: VTarget;
}

/** Names that the chains of one vector need: the blocks for what enters and for what nobody takes, and the net that gathers the latter. */
export interface VLabels {
  readonly enter: Net;
  readonly leave: Net;
  readonly unused: Net;
}

/** A constant of each element. */
export interface VOwn {
  readonly net: Net;
  readonly value: VIndex;
}

/** A mesh output that more than one link takes: its lane of an array is assigned from the element's local wire. */
export interface VTap {
  readonly target: VTarget;
  readonly from: Net;
}

/** The edge at which an asynchronous reset becomes active. */
export interface AsyncEdge {
  readonly net: Net;
  readonly edge: 'posedge' | 'negedge';
}

export type VItem = Noted & VItemKind;
type VItemKind =
  /** A made net and its value in one declaration. */
  | { readonly k: 'define'; readonly net: Net; readonly value: VExpr }
  /** A made net that is a quotient or remainder, computed by a function of its own. */
  | {
      readonly k: 'divide';
      readonly net: Net;
      readonly fn: Net;
      readonly operands: readonly [Net, Net];
      readonly value: VExpr & { readonly k: 'binary' };
    }
  | { readonly k: 'assign'; readonly target: VTarget; readonly value: VExpr }
  /** `also` is an asynchronous reset, whose active edge runs the body too. */
  | { readonly k: 'clocked'; readonly clock: Net; readonly also?: AsyncEdge; readonly body: readonly VStmt[] }
  /** A variable that becomes 1 at the start of time, for procedures that nothing else might ever run. */
  | { readonly k: 'start'; readonly net: Net }
  | { readonly k: 'comb'; readonly body: readonly VStmt[]; readonly start?: Net }
  | {
      readonly k: 'instance';
      /** Set for an external module, whose names are printed as they are. */
      readonly parameters?: ReadonlyMap<string, ParameterValue> | undefined;
      readonly module: string;
      readonly name: Net;
      readonly connections: readonly VConnection[];
      readonly attributes?: string;
    }
  | {
      readonly k: 'mesh';
      readonly parameters?: ReadonlyMap<string, ParameterValue> | undefined;
      readonly module: string;
      /** One for each axis, as `genvars`. */
      readonly blocks: readonly Net[];
      readonly element: Net;
      readonly genvars: readonly Net[];
      readonly shape: readonly number[];
      readonly chains: readonly VChain[];
      readonly taps: readonly VTap[];
      readonly constants: readonly VOwn[];
      readonly connections: readonly VConnection[];
      /** By the vector of chains, joined by commas. */
      readonly labels: ReadonlyMap<string, VLabels>;
      readonly attributes?: string;
    }
  /** Properties. `nets`, `constants` and `items` are what only these read; they stand within the guard. */
  | {
      readonly k: 'checks';
      readonly style: 'formal' | 'sv';
      readonly nets: readonly Net[];
      readonly constants: readonly Net[];
      readonly items: readonly VItem[];
      readonly groups: readonly {
        readonly clock: Net;
        readonly reset: VExpr | undefined;
        readonly list: readonly {
          readonly property: Property;
          readonly label: Net;
          readonly cond: VExpr;
        }[];
      }[];
    }
  /** Power-on contents of a memory, word by word; in a file of their own when `file` is set, whose name is given with the others. */
  | { readonly k: 'contents'; readonly net: Net; readonly values: readonly bigint[]; file?: string }
  /** Lane i of `length` delayed by first + step·i. */
  | {
      readonly k: 'lanes';
      readonly block: Net;
      /** Blocks of the lane without a stage and of the others; only where there is such a lane. */
      readonly labels?: { readonly direct: Net; readonly line: Net };
      readonly genvar: Net;
      readonly stages: Net;
      readonly next: Net;
      readonly length: number;
      readonly width: number;
      readonly first: number;
      readonly step: number;
      readonly input: Net;
      readonly output: Net;
      readonly clock: Net;
      readonly enable?: VExpr;
      /** True while active. */
      readonly reset?: VExpr;
      readonly also?: AsyncEdge;
    }
  /** Element i of `target` is element length − 1 − i of `source`. */
  | {
      readonly k: 'reverse';
      readonly block: Net;
      readonly genvar: Net;
      readonly length: number;
      readonly width: number;
      readonly target: Net;
      readonly source: Net;
    };

/** An enumeration as a type; `type` has its width. */
export interface VEnum {
  readonly type: Net;
  readonly members: readonly Net[];
}

export interface VModule extends Noted {
  readonly name: string;
  readonly attributes?: string;
  readonly ports: readonly { readonly net: Net; readonly direction: 'input' | 'output' }[];
  /** Members of enumerations that the module names. */
  readonly constants: readonly Net[];
  /** SystemVerilog: enumerations as types, each with all of its members. */
  readonly enums: readonly VEnum[];
  readonly tables: readonly VTable[];
  readonly nets: readonly Net[];
  readonly items: readonly VItem[];
  /** Names and parts that nothing reads, gathered in one sink so that tools see that it is meant. */
  readonly unused: readonly VExpr[];
  readonly unusedNet: Net;
  /** The indices of all generate loops, the outermost loop's first. */
  readonly genvars: readonly Net[];
  readonly places: ModulePlaces;
}
