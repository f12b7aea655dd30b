// Expressions to JavaScript: values, conditions, and the sharing of common parts.
//
// Invariant: `val` gives the exact value in the representation of the type (see memory.ts); `low` gives a number whose low n bits are
// right and whose others may be anything, which lets wrapping arithmetic stay in 32-bit integers whatever its nominal width.

import type { Definition, Expr } from '../../hdl/ir/nodes.ts';
import { count } from '../../hdl/ir/nodes.ts';
import type { Scope } from '../layout.ts';
import { stridesOf, viewOf } from '../layout.ts';
import { rootsOf } from '../nodes.ts';
import { elementJs, hasArray } from './arrays.ts';
import type { Index, LoopFunction } from './loop.ts';
import { lowJs, lowOf, sliceJs } from './low.ts';
import { repOf } from './memory.ts';
import { compareJs, intJs, isComparison } from './ops-int.ts';
import { bigJs, floatJs } from './ops-wide.ts';
import { literal, wrapBig } from './wrap.ts';

/** Longer texts get a name, so that nesting stays within what a parser can take. */
const LONGEST = 300;
/** Operators on top of each other that are compiled in one recursion. */
const SEGMENT = 40;
/** Arrays of at most this many elements are written out rather than looped over. */
const UNROLL = 4;
const UNROLL_LISTED = 64;

export class Exprs {
  readonly fn: LoopFunction;
  readonly scope: Scope;
  readonly #uses: ReadonlyMap<Expr, number>;
  readonly #known: Map<unknown, string>;
  readonly #lows: Map<unknown, string>;

  constructor(fn: LoopFunction, scope: Scope, uses: ReadonlyMap<Expr, number>) {
    this.fn = fn;
    this.scope = scope;
    this.#uses = uses;
    this.#known = knownIn(fn, scope);
    this.#lows = knownIn(fn, scope.views);
  }

  /** Names parts of very deep expressions from the leaves upwards, so that no recursion goes deeper than a segment. */
  prepare(roots: readonly Expr[]): void {
    for (const expr of deepParts(roots)) {
      if (expr.dims.length > 0) this.materialised(expr);
      else this.named(expr);
    }
  }

  shared(expr: Expr): boolean {
    return (this.#uses.get(expr) ?? 0) > 1;
  }

  /** The exact value, of the element that the indices choose when it is an array. */
  val(expr: Expr, indices: readonly Index[] = []): string {
    if (expr.op === 'const') return literal(expr.value, expr.type);
    if (expr.op === 'ref') return this.fn.read(viewOf(this.scope, expr.signal), indices);
    if (expr.type.width === 0) return '0';
    if (indices.length > 0) {
      if (expr.op === 'mux' && this.shared(expr)) return this.item(expr, indices);
      return this.#operator(expr, indices);
    }
    const known = this.#known.get(expr);
    if (known) return known;
    const js = this.#operator(expr, indices);
    return this.shared(expr) || js.length > LONGEST ? this.#name(this.#known, expr, js) : js;
  }

  /** The value under a name of its own, for texts that repeat it. */
  named(expr: Expr): string {
    const js = this.val(expr);
    return expr.op === 'const' || /^\w+$/.test(js) ? js : this.#name(this.#known, expr, js);
  }

  #name(names: Map<unknown, string>, expr: Expr, js: string): string {
    const name = this.fn.temp(js);
    names.set(expr, name);
    return name;
  }

  #operator(expr: Expr, indices: readonly Index[]): string {
    const structural = elementJs(this, expr, indices);
    if (structural !== undefined) return structural;
    if (expr.op === 'div' || expr.op === 'rem') return this.#divide(expr);
    switch (repOf(expr.type)) {
      case 'int':
        return intJs(this, expr, indices);
      case 'float':
        return floatJs(this, expr, indices);
      case 'big':
        return bigJs(this, expr, indices);
    }
  }

  /** A quotient of doubles below 2^52 is off by less than it would take to reach the next whole number, so cutting it off is exact. */
  #divide(expr: Expr): string {
    const [a, b] = expr.args as [Expr, Expr];
    if (repOf(a.type) !== 'big' && repOf(b.type) !== 'big' && repOf(expr.type) !== 'big') return `h.${expr.op}(${this.val(a)}, ${this.val(b)})`;
    const js = `h.${expr.op}Big(${this.big(a)}, ${this.big(b)})`;
    return repOf(expr.type) === 'big' ? js : `Number(${js})`;
  }

  /** The value as a bigint. */
  big(expr: Expr, indices: readonly Index[] = []): string {
    if (expr.op === 'const') return expr.value < 0n ? `(${expr.value}n)` : `${expr.value}n`;
    const js = this.val(expr, indices);
    return repOf(expr.type) === 'big' ? js : `BigInt(${js})`;
  }

  /** The value as a number; above 52 bits rounded, which suits a range check. */
  num(expr: Expr, indices: readonly Index[] = []): string {
    const js = this.val(expr, indices);
    return repOf(expr.type) === 'big' ? `Number(${js})` : js;
  }

  /** The bit pattern as a non-negative value, in the representation of the expression's type. */
  pattern(expr: Expr, indices: readonly Index[] = []): string {
    const js = this.val(expr, indices);
    const { kind, width } = expr.type;
    if (kind !== 'sint') return js;
    switch (repOf(expr.type)) {
      case 'int':
        return width === 32 ? `(${js} >>> 0)` : `(${js} & ${2 ** width - 1})`;
      case 'float':
        return `h.wrapU(${js}, ${2 ** width})`;
      case 'big':
        return wrapBig(js, { kind: 'uint', width });
    }
  }

  /** A number with the right low `n` bits (n ≤ 32, n ≤ width). */
  low(expr: Expr, n: number, indices: readonly Index[] = []): string {
    if (n === 0) return '0';
    const rep = repOf(expr.type);
    const settled = expr.op === 'const' || expr.op === 'ref' || indices.length > 0;
    if (rep === 'int' && (settled || this.shared(expr))) return this.val(expr, indices);
    if (!settled) {
      const known = this.#known.get(expr) ?? this.#lows.get(expr);
      if (known) return rep === 'int' || !this.#known.has(expr) ? known : lowOf(known, rep);
      if (this.shared(expr)) return this.#name(this.#lows, expr, lowJs(this, expr, 32, indices));
    }
    const js = lowJs(this, expr, n, indices);
    return js.length > LONGEST && indices.length === 0 ? this.fn.temp(js) : js;
  }

  /** Low `n` bits after extension to `n` bits. */
  extended(expr: Expr, n: number, indices: readonly Index[] = []): string {
    return expr.type.width <= n ? this.val(expr, indices) : this.low(expr, n, indices);
  }

  /** The low `n` bits of the value shifted right by `lo`. */
  slice(expr: Expr, lo: number, n: number, indices: readonly Index[] = []): string {
    return sliceJs(this, expr, lo, n, indices);
  }

  /** Something that is true when the bool is. */
  cond(expr: Expr): string {
    const js = this.#condition(expr);
    return js.length > LONGEST ? this.fn.temp(js) : js;
  }

  #condition(expr: Expr): string {
    if (expr.op === 'const') return expr.value === 0n ? 'false' : 'true';
    if (this.#known.has(expr) || this.shared(expr)) return this.val(expr);
    const [a, b] = expr.args as [Expr, Expr];
    if (isComparison(expr.op)) return compareJs(this, expr);
    if (expr.type.kind === 'bool') {
      if (expr.op === 'not') return `!${this.cond(a)}`;
      if (expr.op === 'and') return `(${this.cond(a)} && ${this.cond(b)})`;
      if (expr.op === 'or') return `(${this.cond(a)} || ${this.cond(b)})`;
    }
    return this.val(expr);
  }

  /** A dynamic index as a name, and whether it needs a check against the length. */
  index(expr: Expr, length: number): { readonly js: string; readonly checked: boolean } {
    const js = repOf(expr.type) === 'int' ? this.named(expr) : this.fn.temp(this.num(expr));
    return { js, checked: expr.type.width >= 31 || 2 ** expr.type.width > length };
  }

  /** An element of an array that is computed once for the iteration, in a scratch array. */
  item(expr: Expr, indices: readonly Index[]): string {
    const name = this.materialised(expr);
    const strides = stridesOf(expr.dims);
    return `${name}[${indices.map((index, i) => (strides[i] === 1 ? index : `${index} * ${strides[i]}`)).join(' + ')}]`;
  }

  materialised(expr: Expr): string {
    const known = this.#known.get(expr);
    if (known) return known;
    const length = count(expr.dims);
    const preset = constants(expr);
    const name = this.fn.scratch(expr.type, length, preset);
    if (!preset) {
      const strides = stridesOf(expr.dims);
      const place = (at: readonly Index[]): string => at.map((index, i) => (strides[i] === 1 ? index : `${index} * ${strides[i]}`)).join(' + ');
      const text = this.elements(expr, (at, js) => `${name}[${place(at)}] = ${js};`, [], true).join('\n');
      this.fn.line(text);
    }
    this.#known.set(expr, name);
    return name;
  }

  /** One store for each element of an array (or for a scalar), in loops where that is shorter. `fresh` when the array is being made. */
  elements(expr: Expr, store: (at: readonly Index[], js: string) => string, at: readonly Index[] = [], fresh = false): string[] {
    const length = expr.dims[at.length];
    if (length === undefined) return [store(at, fresh ? this.#fresh(expr, at) : this.val(expr, at))];
    if (length <= UNROLL || (hasArray(expr) && length <= UNROLL_LISTED) || (fresh && expr.op === 'array' && at.length === 0)) {
      return Array.from({ length }, (_, i) => this.elements(expr, store, [...at, i], fresh)).flat();
    }
    const k = this.fn.unique('k');
    return [`for (let ${k} = 0; ${k} < ${length}; ${k}++) {`, ...this.elements(expr, store, [...at, k], fresh), '}'];
  }

  /** As `val`, but not through the scratch array that is being filled. */
  #fresh(expr: Expr, at: readonly Index[]): string {
    if (expr.op === 'array' && typeof at[0] === 'number') return this.val(expr.args[at[0]] as Expr, at.slice(1));
    return expr.op === 'ref' ? this.val(expr, at) : this.#operator(expr, at);
  }
}

function knownIn(fn: LoopFunction, key: unknown): Map<unknown, string> {
  let known = fn.known.get(key);
  if (!known) fn.known.set(key, (known = new Map()));
  return known;
}

/** The elements of an array of literals. */
function constants(expr: Expr): bigint[] | undefined {
  if (expr.op === 'const') return [expr.value];
  if (expr.op !== 'array') return undefined;
  const parts = expr.args.map(constants);
  return parts.every((p) => p !== undefined) ? (parts as bigint[][]).flat() : undefined;
}

const heights = new WeakMap<Expr, number>();

/** Every expression whose height is a multiple of the segment, lower ones first. */
function deepParts(roots: readonly Expr[]): Expr[] {
  const parts: Expr[] = [];
  const seen = new Set<Expr>();
  const work = [...roots];
  while (work.length > 0) {
    const expr = work[work.length - 1] as Expr;
    if (seen.has(expr)) {
      work.pop();
      continue;
    }
    const open = expr.args.filter((a) => !seen.has(a));
    if (open.length > 0) {
      work.push(...open);
      continue;
    }
    work.pop();
    seen.add(expr);
    const height = expr.args.reduce((most, a) => Math.max(most, (heights.get(a) ?? 0) + 1), 0);
    heights.set(expr, height);
    if (height > 0 && height % SEGMENT === 0) parts.push(expr);
  }
  return parts;
}

/** How often each expression of a definition is used. */
export function countUses(definition: Definition, bodies: Iterable<Parameters<typeof rootsOf>[0]>): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const visit = (expr: Expr): void => {
    const n = uses.get(expr) ?? 0;
    uses.set(expr, n + 1);
    if (n === 0) expr.args.forEach(visit);
  };
  for (const body of bodies) rootsOf(body).forEach(visit);
  for (const s of definition.signals) if (s.register?.reset) visit(s.register.reset.value);
  return uses;
}
