// Expressions in FIRRTL, element by element: FIRRTL has vectors of wires but no vector values.
//
// Invariant: the text of a ground value has exactly the type that the IR gives it; an expression that is used twice, or is long, is a node.

import { BOOL, ground, widthOf } from '../ir/build.ts';
import type { Dims, Expr, GroundType } from '../ir/nodes.ts';
import { visitExprs } from '../ir/visit.ts';
import { isAsync, type Scope, typeText } from './scope.ts';

/** Longer texts become nodes. */
const LONG = 100;
const NAMES: { readonly [op: string]: string } = {
  le: 'leq',
  ge: 'geq',
  ne: 'neq',
  andR: 'andr',
  orR: 'orr',
  xorR: 'xorr',
  addw: 'add',
  subw: 'sub',
};

export function literal(type: GroundType, value: bigint): string {
  return isAsync(type) ? `asAsyncReset(${literal(BOOL, value)})` : `${typeText(type)}(${value})`;
}

/** Index lists of all elements, in row-major order. */
export function positions(dims: Dims): number[][] {
  return dims.reduce<number[][]>((heads, n) => heads.flatMap((head) => [...Array(n).keys()].map((i) => [...head, i])), [[]]);
}

export function at(name: string, indices: readonly (number | string)[]): string {
  return name + indices.map((i) => `[${i}]`).join('');
}

export class Exprs {
  readonly #scope: Scope;
  readonly #texts = new Map<Expr, Map<string, string>>();
  readonly #seen = new Set<Expr>();
  /** Wires that hold arrays which a signal chooses from. */
  readonly #held = new Map<Expr, string>();
  readonly #uses = new Map<Expr, number>();

  constructor(scope: Scope, roots: readonly Expr[]) {
    this.#scope = scope;
    const use = (e: Expr): void => void this.#uses.set(e, (this.#uses.get(e) ?? 0) + 1);
    roots.forEach(use);
    visitExprs(roots, (e) => e.args.forEach(use));
  }

  /** One element of an expression. */
  text(expr: Expr, indices: readonly number[] = []): string {
    // Operands first, so that deep expressions need no deep recursion.
    visitExprs(
      [expr],
      (e) => {
        if (e.dims.length === 0 && e !== expr) this.#element(e, []);
      },
      this.#seen,
    );
    return this.#element(expr, indices);
  }

  /** A uint as exactly `width` bits; what is cut off is known to be zero. */
  fit(expr: Expr, width: number): string {
    const text = this.text(expr);
    if (expr.type.width === width) return text;
    return expr.type.width < width ? `pad(${text}, ${width})` : `bits(${text}, ${width - 1}, 0)`;
  }

  /** Condition under which an index lies inside, or undefined when it always does. */
  inside(index: Expr, length: number): string | undefined {
    return 2 ** index.type.width > length
      ? `lt(${this.text(index)}, ${literal(ground('uint', widthOf(BigInt(length), 'uint')), BigInt(length))})`
      : undefined;
  }

  /** An index that never lies outside, 0 in place of those that do: firtool fails on one that turns out to be a constant beyond the end. `inside` is that condition. */
  within(index: Expr, inside: string | undefined): string {
    return inside ? `mux(${inside}, ${this.text(index)}, ${literal(ground('uint', index.type.width), 0n)})` : this.text(index);
  }

  #element(expr: Expr, indices: readonly number[]): string {
    let known = this.#texts.get(expr);
    if (!known) this.#texts.set(expr, (known = new Map()));
    const key = indices.join();
    let text = known.get(key);
    if (text !== undefined) return text;
    text = this.#make(expr, indices);
    const leaf = expr.op === 'const' || expr.op === 'ref' || /^\w+$/.test(text);
    if (!leaf && ((this.#uses.get(expr) ?? 0) > 1 || text.length > LONG)) {
      const name = this.#scope.unique('node');
      this.#scope.head.push(`node ${name} = ${text}`);
      text = name;
    }
    known.set(key, text);
    return text;
  }

  #make(expr: Expr, indices: readonly number[]): string {
    const { type } = expr;
    const [a, b, c] = expr.args as [Expr, Expr, Expr];
    const arg = (e: Expr): string => this.#element(e, indices);
    switch (expr.op) {
      case 'const':
        return literal(type, expr.value);
      case 'ref':
        return at(this.#scope.name(expr.signal), indices);
      case 'mux':
        return `mux(${this.#element(a, [])}, ${arg(b)}, ${arg(c)})`;
      case 'element':
        return expr.index === undefined ? this.#chosen(a, b, indices) : this.#element(a, [expr.index, ...indices]);
      case 'array':
        return this.#element(expr.args[indices[0] as number] as Expr, indices.slice(1));
      case 'fill':
        return this.#element(a, indices.slice(expr.dims.length - a.dims.length));
      case 'reverse':
        return this.#element(a, [(a.dims[0] as number) - 1 - (indices[0] as number), ...indices.slice(1)]);
      case 'pack':
        return cat(
          positions(a.dims)
            .reverse()
            .map((i) => unsigned(this.#element(a, i), a.type)),
          type.width,
        );
    }
    if (type.width === 0) return literal(type, 0n);
    switch (expr.op) {
      case 'unpack': {
        const [i] = indices as [number];
        return asKind(`bits(${this.#element(a, [])}, ${(i + 1) * type.width - 1}, ${i * type.width})`, type);
      }
      case 'bits':
        return `bits(${arg(a)}, ${expr.hi}, ${expr.lo})`;
      case 'shl':
      case 'shr':
        return a.type.width === 0 ? literal(type, 0n) : `${expr.op}(${arg(a)}, ${expr.amount})`;
      case 'extend':
        return a.type.width === 0 ? literal(type, 0n) : `pad(${arg(a)}, ${type.width})`;
      case 'trunc':
        return asKind(`bits(${arg(a)}, ${type.width - 1}, 0)`, type);
      case 'cast':
        return asKind(unsigned(arg(a), a.type), type);
      case 'cat':
        return cat(
          expr.args.filter((e) => e.type.width > 0).map((e) => arg(e)),
          type.width,
        );
      default:
        return this.#operator(expr.op, expr, arg);
    }
  }

  #operator(op: string, { type, args }: Expr, arg: (e: Expr) => string): string {
    const [a, b] = args as [Expr, Expr];
    const name = NAMES[op] ?? op;
    // Without bits: what is left is a constant or the other operand.
    if (!b && a.type.width === 0) return literal(type, op === 'andR' ? 1n : 0n);
    if (!b) return `${name}(${arg(a)})`;
    const [x, y] = [this.#wide(a, arg), this.#wide(b, arg)];
    switch (op) {
      case 'addw':
      case 'subw':
        return asKind(`bits(${name}(${x}, ${y}), ${type.width - 1}, 0)`, type);
      case 'div':
      case 'rem': {
        if (b.type.width === 0) return literal(type, 0n);
        const result = fitted(`${op}(${x}, ${y})`, type);
        return `mux(eq(${y}, ${literal({ ...b.type }, 0n)}), ${literal(type, 0n)}, ${a.type.width === 0 ? literal(type, 0n) : result})`;
      }
      case 'and':
      case 'or':
      case 'xor': {
        const pad = (e: Expr, text: string): string => unsigned(e.type.width < type.width ? `pad(${text}, ${type.width})` : text, e.type);
        return `${op}(${pad(a, x)}, ${pad(b, y)})`;
      }
      case 'dshl':
      case 'dshr':
        if (a.type.width === 0) return literal(type, 0n);
        return b.type.width === 0 ? x : `${op}(${x}, ${y})`;
      case 'mul':
        return a.type.width === 0 || b.type.width === 0 ? literal(type, 0n) : `mul(${x}, ${y})`;
      case 'add':
      case 'sub':
        // A zero of one bit in place of none may have made the result wider.
        return fitted(`${op}(${x}, ${y})`, type, Math.max(a.type.width || 1, b.type.width || 1) + 1);
      default:
        return `${name}(${x}, ${y})`;
    }
  }

  /** An operand of at least one bit. */
  #wide(e: Expr, arg: (e: Expr) => string): string {
    return e.type.width === 0 ? literal({ ...e.type, width: 1 }, 0n) : arg(e);
  }

  /** An element that a signal chooses; zero where it lies outside. */
  #chosen(array: Expr, index: Expr, rest: readonly number[]): string {
    if (index.type.width === 0) return this.#element(array, [0, ...rest]);
    const inside = this.inside(index, array.dims[0] as number);
    const chosen = at(this.#whole(array), [this.within(index, inside), ...rest]);
    return inside ? `mux(${inside}, ${chosen}, ${literal(array.type, 0n)})` : chosen;
  }

  /** The wires of an array: of a signal, of a constant element of one, or new ones. */
  #whole(array: Expr): string {
    if (array.op === 'ref') return this.#scope.name(array.signal);
    if (array.op === 'element' && array.index !== undefined) return at(this.#whole(array.args[0] as Expr), [array.index]);
    let name = this.#held.get(array);
    if (name === undefined) {
      const lines = positions(array.dims).map((i) => [i, this.#element(array, i)] as const);
      name = this.#scope.wire(array.args.every((e) => e.op === 'const') ? 'table' : 'choices', array.type, array.dims);
      for (const [i, text] of lines) this.#scope.head.push(`connect ${at(name, i)}, ${text}`);
      this.#held.set(array, name);
    }
    return name;
  }
}

/** Bits of any kind as a UInt. */
export function unsigned(text: string, type: GroundType): string {
  return type.kind === 'sint' || type.kind === 'clock' || isAsync(type) ? `asUInt(${text})` : text;
}

/** A UInt as a type of its width. */
export function asKind(text: string, type: GroundType): string {
  return type.kind === 'sint' ? `asSInt(${text})` : isAsync(type) ? `asAsyncReset(${text})` : text;
}

/** Cut to the width of a type, when it may be wider. */
function fitted(text: string, type: GroundType, width = type.width): string {
  return width === type.width ? text : asKind(`bits(${text}, ${type.width - 1}, 0)`, type);
}

/** Most significant first. */
export function cat(parts: readonly string[], width: number): string {
  if (width === 0) return literal({ ...BOOL, kind: 'uint', width: 0 }, 0n);
  // As a tree, so that it is not as deep as it is long.
  const half = parts.length >> 1;
  return parts.length === 1 ? (parts[0] as string) : `cat(${cat(parts.slice(0, half), 1)}, ${cat(parts.slice(half), 1)})`;
}
