// Random types and names, and what the parts of a generator share.

import { type Expr, enumT, fixedT, prim, ref, type Variable } from '../circuit/data.ts';
import type { Rng } from '../random.ts';
import { BOOL, construct, type Dress, type Ground, type Type, type Value, vecT } from '../reference.ts';
import { FORMATS } from '../reference-numbers.ts';

const NARROW = [0, 1, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16];
const WIDE = [17, 31, 32, 33, 63, 64, 65];
/** Names that need care in Verilog, among plain ones. */
export const NAMES = [
  'value',
  'Reg',
  'wire',
  'output',
  'logic',
  'rowCount',
  'row_count',
  'RowCount',
  'x',
  'sum',
  'next',
  'lane',
  'i',
  'always',
  'bit',
  'unused',
  '_unused_ok',
  'clk_',
  'stages',
  'enter',
  'leave',
  'Begin',
  'memory',
];
const FIELDS = ['valid', 'data', 'lastBeat'];
export const ENUMS = [enumT('Mode', { idle: 0, run: 1, halt: 2 }), enumT('Op', { add: 0, sub: 4, mul: 5, div: 7 }), enumT('Only', { one: 0 })];
/** Top bit: the circuit is filling its state, as it does while everything is reset; below a counter. */
export const WARM_BITS = 5;

/** What a circuit is generated with; each module has its own. */
export interface Frame {
  /** What expressions may read at the moment. */
  pool: Expr[];
  /** Expressions that may be used again. */
  shared: Expr[];
  /** Names that are taken, as Verilog compares them. */
  used: Set<string>;
  /** The input that says when state without reset is filled, once something reads it. */
  warm: Variable | undefined;
  /** The clock of a top's inputs, where it has several. */
  clock: string | undefined;
}

export abstract class Types {
  protected readonly rng: Rng;
  protected frame: Frame = { pool: [], shared: [], used: new Set(), warm: undefined, clock: undefined };
  protected names = 0;

  constructor(rng: Rng) {
    this.rng = rng;
  }

  protected plainGround(): Ground {
    const { rng } = this;
    if (rng.once(4)) return BOOL;
    return { kind: rng.once(2) ? 'uint' : 'sint', width: rng.pick(rng.once(5) ? WIDE : NARROW) };
  }

  protected ground(): Ground {
    const { rng } = this;
    if (!rng.once(6)) return this.plainGround();
    switch (rng.below(3)) {
      case 0:
        return rng.pick(ENUMS);
      case 1: {
        const width = 1 + rng.below(16);
        return fixedT(rng.once(2) ? 'uint' : 'sint', width, rng.below(width + 4) - 2);
      }
      default: {
        const format = rng.pick(Object.keys(FORMATS));
        const { exponent, mantissa } = FORMATS[format] as (typeof FORMATS)[string];
        return { kind: 'uint', width: 1 + exponent + mantissa, dress: { as: 'float', format } };
      }
    }
  }

  protected type(depth: number): Type {
    const { rng } = this;
    if (depth === 0 || rng.below(3) > 0) return this.ground();
    if (rng.below(3) > 0) return vecT(this.type(depth - 1), 1 + rng.below(4));
    return { kind: 'bundle', fields: Object.fromEntries(FIELDS.slice(0, 1 + rng.below(3)).map((name) => [name, this.type(depth - 1)])) };
  }

  protected variable(type: Type, prefix = 'w'): Variable {
    const { rng } = this;
    const { used } = this.frame;
    const name = rng.once(3) ? `${rng.pick(NAMES)}${this.names++ % 3 === 0 ? '' : `_${prefix}`}` : `${prefix}${this.names++}`;
    // Ports must differ after snake_case too; wires may collide.
    const folded = name.replaceAll('_', '').toLowerCase();
    const unique = used.has(folded) ? `${name}${this.names++}` : name;
    used.add(folded);
    return { name: unique, type };
  }

  protected fresh(prefix: string): string {
    return `${prefix}${this.names++}`;
  }

  /** A value that a register can be reset to. */
  protected resetOf(type: Type): Value {
    const simple = type.kind !== 'bundle' && (type.kind !== 'vec' || !('element' in type.element || 'fields' in type.element || type.element.dress));
    return construct(type, (g) => (simple && g.dress?.as !== 'float' ? this.rng.value(g) : 0n));
  }

  /** Whether state is being filled; the counter below. */
  protected warm(): { readonly now: Expr; readonly count: Expr } {
    const { frame } = this;
    const name = frame.clock === undefined ? 'warm' : `warm_${frame.clock.toLowerCase()}`;
    frame.warm ??= { name, type: { kind: 'uint', width: WARM_BITS }, ...(frame.clock && { clock: frame.clock }) };
    const value = ref(frame.warm);
    return { now: prim('bit', [value], WARM_BITS - 1), count: prim('trunc', [value], WARM_BITS - 1) };
  }
}

/** An integer or a bool from a value of any ground type. */
export function undressed(e: Expr): Expr {
  const { kind, dress } = e.type as Ground & { readonly dress?: Dress };
  if (!dress) return e;
  if (dress.as === 'fixed') return prim(kind === 'sint' ? 'fixed.asSInt' : 'fixed.asBits', [e]);
  return prim(dress.as === 'float' ? 'float.asBits' : 'asUInt', [e]);
}

export function same(a: Type, b: Type): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
