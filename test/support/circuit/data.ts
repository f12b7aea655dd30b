// Circuits as plain data. They have two meanings that share nothing: a module of the language (`module.ts`), and a model in exact integers (`model.ts`).
//
// Invariant: JSON but for big integers; an expression that occurs twice as one object is built once and shared.

import { BOOL, type Dress, type Ground, leaves, literalWidth, resultType, type Type, uintT, type Value, vecT } from '../reference.ts';

export type Expr =
  | { readonly op: 'ref'; readonly type: Type; readonly name: string }
  | { readonly op: 'lit'; readonly type: Ground; readonly value: bigint }
  | { readonly op: 'prim'; readonly type: Ground; readonly fn: string; readonly args: readonly Expr[]; readonly n: number; readonly m: number }
  /** Second operand given as a plain number. */
  | { readonly op: 'with'; readonly type: Ground; readonly fn: string; readonly arg: Expr; readonly literal: bigint }
  | { readonly op: 'mux'; readonly type: Type; readonly cond: Expr; readonly yes: Expr; readonly no: Expr }
  /** The value of the first condition that holds. */
  | {
      readonly op: 'muxCase';
      readonly type: Type;
      readonly cases: readonly { readonly cond: Expr; readonly value: Expr }[];
      readonly otherwise: Expr;
    }
  /** The value of the first key that the subject equals. */
  | {
      readonly op: 'muxLookup';
      readonly type: Type;
      readonly subject: Expr;
      readonly cases: readonly { readonly key: bigint; readonly value: Expr }[];
      readonly otherwise: Expr;
    }
  | { readonly op: 'table'; readonly type: Ground; readonly index: Expr; readonly values: readonly bigint[] }
  /** Whether an enumeration or a state is one of some members. */
  | { readonly op: 'is'; readonly type: Ground; readonly arg: Expr; readonly members: readonly string[] }
  | { readonly op: 'cat'; readonly type: Ground; readonly args: readonly Expr[] }
  | { readonly op: 'at'; readonly type: Type; readonly of: Expr; readonly index: number | Expr }
  | { readonly op: 'field'; readonly type: Type; readonly of: Expr; readonly name: string }
  | {
      readonly op: 'vecOf' | 'fill' | 'reversed' | 'zeros' | 'asBools' | 'pack' | 'asBits' | 'asType' | 'named';
      readonly type: Type;
      readonly args: readonly Expr[];
      readonly name?: string;
    };

export interface Target {
  readonly name: string;
  /** Field names, element numbers and element signals from the outside in. */
  readonly path: readonly (string | number | Expr)[];
  readonly bits?: readonly [hi: number, lo: number];
  /** Bits that a signal chooses: one, or `width` of them; those above the highest are not written. */
  readonly part?: { readonly offset: Expr; readonly width: number; readonly one: boolean };
}
export interface Pattern {
  readonly value: bigint;
  readonly mask: bigint;
}
export type Stmt =
  | { readonly kind: 'set'; readonly target: Target; readonly type: Type; readonly value: Expr }
  | {
      readonly kind: 'when';
      readonly arms: readonly { readonly cond: Expr; readonly body: readonly Stmt[] }[];
      readonly otherwise?: readonly Stmt[];
    }
  /** Cases of an enumeration or of a uint. Without `otherwise` they cover every member. */
  | {
      readonly kind: 'switch';
      readonly subject: Expr;
      readonly cases: readonly { readonly patterns: readonly Pattern[]; readonly body: readonly Stmt[] }[];
      readonly otherwise?: readonly Stmt[];
    }
  | { readonly kind: 'goto'; readonly machine: string; readonly state: string }
  | { readonly kind: 'write'; readonly memory: string; readonly address: Expr; readonly value: Expr; readonly mask?: Expr; readonly enable?: Expr }
  | { readonly kind: 'property'; readonly property: 'assert' | 'assume' | 'cover'; readonly cond: Expr; readonly message: string };

export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Of an input of a circuit with several clocks: whose it is. */
  readonly clock?: string;
}
export interface Register extends Variable {
  readonly reset?: Value;
  /** The domain that it belongs to, where it is not that around. */
  readonly domain?: string;
}
export interface ResetKind {
  readonly async?: boolean;
  readonly activeLow?: boolean;
}
/** A domain beside that which a circuit is instantiated in. */
export interface DomainOf {
  readonly name: string;
  /** A port of the circuit. */
  readonly clock: string;
  /** A reset port of its own. */
  readonly reset?: ResetKind & { readonly port: string };
  /** Reads inputs only. */
  readonly enable?: Expr;
}

export type Link =
  | {
      readonly kind: 'shift';
      readonly vector: readonly number[];
      readonly from: string;
      readonly to: string;
      readonly enter: Expr;
      readonly leave?: string;
    }
  | { readonly kind: 'feed'; readonly to: string; readonly axes: readonly number[]; readonly value: Expr }
  | { readonly kind: 'collect'; readonly from: string; readonly name: string };

export interface MemoryPort {
  readonly name: string;
  readonly address: Expr;
  /** Absent for a read in the same cycle. */
  readonly registered?: { readonly underWrite: 'old' | 'new' | 'undefined'; readonly enable?: Expr };
}
interface Placed {
  readonly name: string;
  /** The domain that it belongs to, where it is not that around. */
  readonly domain?: string;
}

/** In the order of dependency: an item reads what earlier items and registers give. */
export type Item =
  | { readonly kind: 'block'; readonly wires: readonly Variable[]; readonly body: readonly Stmt[]; readonly domain?: string }
  | (Placed & { readonly kind: 'instance'; readonly module: Circuit; readonly body: readonly Stmt[] })
  | (Placed & {
      readonly kind: 'delay';
      readonly value: Expr;
      readonly first: number;
      readonly step: number;
      readonly enable?: Expr;
      readonly reset: boolean;
    })
  | (Placed & { readonly kind: 'mesh'; readonly module: Circuit; readonly shape: readonly number[]; readonly links: readonly Link[] })
  /** `body` holds the writes, in the order of the ports. */
  | (Placed & {
      readonly kind: 'memory';
      readonly type: Type;
      readonly depth: number;
      readonly style: 'auto' | 'block' | 'distributed' | 'registers';
      readonly init?: readonly Value[];
      readonly reads: readonly MemoryPort[];
      readonly body: readonly Stmt[];
    })
  | (Placed & {
      readonly kind: 'machine';
      readonly states: readonly string[];
      readonly start: string;
      readonly arms: readonly { readonly state: string; readonly body: readonly Stmt[] }[];
      /** Outside of the states. */
      readonly body: readonly Stmt[];
    })
  /** A Verilog module of others, for proofs: every output is a sum of the inputs, `registered` ones that of the cycle before, zero at first. */
  | (Placed & {
      readonly kind: 'external';
      /** The module's name in Verilog. */
      readonly verilog: string;
      readonly values: readonly Expr[];
      readonly outputs: readonly { readonly name: string; readonly type: Ground }[];
      readonly parameter: number;
      readonly registered: boolean;
    })
  /** A bool of any clock in a domain. */
  | (Placed & { readonly kind: 'synchroniser'; readonly value: Expr; readonly stages: number; readonly reset?: boolean });

export interface Circuit {
  readonly inputs: readonly Variable[];
  readonly outputs: readonly Variable[];
  readonly registers: readonly Register[];
  readonly items: readonly Item[];
  /** Order in which the statements of items are written down; they mean the same in any. */
  readonly order: readonly number[];
  /** At the top only. */
  readonly domains?: readonly DomainOf[];
  /** Kind of the reset around; at the top only. */
  readonly reset?: ResetKind;
}

export const STATEMENTS: ReadonlySet<Item['kind']> = new Set(['block', 'instance', 'memory', 'machine']);
/** Items with statements, which `order` lists. */
export function hasStatements(item: Item): boolean {
  return STATEMENTS.has(item.kind);
}

/** The clocks that a circuit names. */
export function clockPorts({ domains = [] }: Circuit): string[] {
  return [...new Set(domains.map((d) => d.clock))];
}
/** Those and the one around. */
export function clocksOf(circuit: Circuit): string[] {
  return [...new Set(['clk', ...clockPorts(circuit)])];
}
export function resetPorts({ domains = [] }: Circuit): (ResetKind & { readonly port: string })[] {
  return domains.flatMap((d) => (d.reset ? [d.reset] : []));
}

/** Codes of a machine's states. */
export const stateType = (states: readonly string[]): Ground => ({
  kind: 'uint',
  width: Math.max(1, (states.length - 1).toString(2).length),
  dress: { as: 'state', members: Object.fromEntries(states.map((s, i) => [s, i])) },
});

export const enumT = (name: string, members: { readonly [member: string]: number }): Ground => ({
  kind: 'uint',
  width: Math.max(1, Math.max(...Object.values(members)).toString(2).length),
  dress: { as: 'enum', name, members },
});
export const fixedT = (kind: 'uint' | 'sint', width: number, fraction: number): Ground => ({ kind, width, dress: { as: 'fixed', fraction } });
export const isGround = (type: Type): type is Ground => type.kind !== 'vec' && type.kind !== 'bundle';
export const membersOf = (type: Type): { readonly [member: string]: number } =>
  (type as { dress: Dress & { members: { [member: string]: number } } }).dress.members;

// Helpers to write circuits down.

export const ref = (v: Pick<Variable, 'name' | 'type'>): Expr => ({ op: 'ref', name: v.name, type: v.type });
export const prim = (fn: string, args: readonly Expr[], n = 0, m = 0): Expr => ({
  op: 'prim',
  fn,
  args,
  n,
  m,
  type: resultType(fn, args[0]?.type as Ground, args[1]?.type as Ground | undefined, n, m),
});
export const withLiteral = (fn: string, arg: Expr, literal: bigint): Expr => {
  const { kind } = arg.type as Ground;
  return { op: 'with', fn, arg, literal, type: resultType(fn, arg.type as Ground, { kind, width: literalWidth(kind, literal) }) };
};
/** Of the types of a choice's values. */
const widest = (values: readonly Expr[]): Type =>
  values.map((v) => v.type).reduce((a, b) => (!isGround(a) || a.width >= (b as Ground).width ? a : b));
export const choose = (cond: Expr, yes: Expr, no: Expr): Expr => ({ op: 'mux', cond, yes, no, type: widest([yes, no]) });
export const muxCase = (otherwise: Expr, cases: readonly { readonly cond: Expr; readonly value: Expr }[]): Expr => ({
  op: 'muxCase',
  cases,
  otherwise,
  type: widest([otherwise, ...cases.map((c) => c.value)]),
});
export const muxLookup = (subject: Expr, otherwise: Expr, cases: readonly { readonly key: bigint; readonly value: Expr }[]): Expr => ({
  op: 'muxLookup',
  subject,
  cases,
  otherwise,
  type: widest([otherwise, ...cases.map((c) => c.value)]),
});
export const table = (type: Ground, index: Expr, values: readonly bigint[]): Expr => ({ op: 'table', type, index, values });
export const isMember = (arg: Expr, members: readonly string[]): Expr => ({ op: 'is', arg, members, type: BOOL });
export const concat = (args: readonly Expr[]): Expr => ({ op: 'cat', args, type: uintT(args.reduce((n, a) => n + (a.type as Ground).width, 0)) });
export const at = (of: Expr, index: number | Expr): Expr => ({ op: 'at', of, index, type: (of.type as { element: Type }).element });
export const field = (of: Expr, name: string): Expr => ({
  op: 'field',
  of,
  name,
  type: (of.type as { fields: { readonly [name: string]: Type } }).fields[name] as Type,
});
export const literal = (type: Ground, value: bigint): Expr => ({ op: 'lit', type, value });
export const asBools = (a: Expr): Expr => ({ op: 'asBools', args: [a], type: vecT(BOOL, (a.type as Ground).width) });
export const bitCount = (type: Type): number => leaves(type).reduce((n, l) => n + l.dims.reduce((k, d) => k * d, l.type.width), 0);
export const pack = (a: Expr): Expr => ({ op: 'pack', args: [a], type: uintT(bitCount(a.type)) });
export const asBits = (a: Expr): Expr => ({ op: 'asBits', args: [a], type: uintT(bitCount(a.type)) });
/** Of exactly as many bits. */
export const asType = (bits: Expr, type: Type): Expr => ({ op: 'asType', args: [bits], type });
export const reversed = (a: Expr): Expr => ({ op: 'reversed', args: [a], type: a.type });
export const filled = (n: number, a: Expr): Expr => ({ op: 'fill', args: [a], type: vecT(a.type, n) });
export const vecFrom = (args: readonly Expr[]): Expr => ({ op: 'vecOf', args, type: vecT(widest(args), args.length) });
export const zeroOf = (type: Type): Expr => ({ op: 'zeros', args: [], type });
export const named = (a: Expr, name: string): Expr => ({ op: 'named', args: [a], name, type: a.type });
export const set = (
  target: Pick<Variable, 'name' | 'type'>,
  value: Expr,
  path: Target['path'] = [],
  type: Type = target.type,
  part?: NonNullable<Target['bits'] | Target['part']>,
): Stmt => ({ kind: 'set', target: { name: target.name, path, ...(part && ('offset' in part ? { part } : { bits: part })) }, type, value });
