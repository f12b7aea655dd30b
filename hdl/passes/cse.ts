// Common subexpressions: within a definition, equal expressions become one object, which the printer names once and the simulators compute once.
//
//     before:  p <= xorR(add(a, b)); q <= orR(add(b, a))      after:  let %0 = add(a, b); p <= xorR(%0); q <= orR(%0)
//
// Operands of commutative operators count as equal in either order.

import type { Design, EnumInfo, Expr, GroundType, Signal } from '../ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../ir/rewrite.ts';

const COMMUTATIVE = new Set<Expr['op']>(['add', 'addw', 'mul', 'and', 'or', 'xor', 'eq', 'ne']);

/** Equal in every bit; no signal appears or vanishes. */
export function cse(design: Design): Design {
  return mapDefinitions(design, (definition) => {
    const table = new Table();
    return { ...definition, body: mapStmts(definition.body, { expr: exprMapper((e) => table.unique(e)) }) };
  });
}

/** Expressions by what they compute. */
class Table {
  readonly #known = new Map<string, Expr>();
  readonly #numbers = new Map<Expr | Signal | EnumInfo, number>();

  unique(expr: Expr): Expr {
    const key = this.#key(expr);
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, expr);
    return expr;
  }

  #key(e: Expr): string {
    const args = e.args.map((a) => this.#number(a));
    if (COMMUTATIVE.has(e.op)) args.sort((a, b) => a - b);
    return `${e.op} ${this.#type(e.type)} ${e.dims.join('x')} ${args.join()} ${this.#rest(e)}`;
  }

  #type({ kind, width, enumeration }: GroundType): string {
    return `${kind}${width}${enumeration ? `#${this.#number(enumeration)}` : ''}`;
  }

  /** What an operator has besides its operands. */
  #rest(e: Expr): string {
    switch (e.op) {
      case 'const':
        return String(e.value);
      case 'ref':
        return String(this.#number(e.signal));
      case 'element':
        return String(e.index);
      case 'bits':
        return `${e.hi}:${e.lo}`;
      case 'shl':
      case 'shr':
        return String(e.amount);
      default:
        return '';
    }
  }

  #number(thing: Expr | Signal | EnumInfo): number {
    let number = this.#numbers.get(thing);
    if (number === undefined) this.#numbers.set(thing, (number = this.#numbers.size));
    return number;
  }
}
