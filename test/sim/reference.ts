// A slow evaluator of the IR on bigints, written from the meaning in nodes.ts: one definition, no hierarchy.
//
// Invariant: imports types only, so that nothing of the simulator or of the builder of expressions is shared.

import { expect } from 'vitest';
import type { Definition, Expr, GroundType, Signal, Stmt } from '../../hdl/ir/nodes.ts';

/** A scalar, or an array of such. */
export type Tree = bigint | Tree[];
export type Environment = Map<Signal, Tree>;

export function wrap(value: bigint, { kind, width }: GroundType): bigint {
  return kind === 'sint' ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

export function inRange(value: bigint, type: GroundType): bigint {
  expect(wrap(value, type), `${value} as ${type.kind}${type.width}`).toBe(value);
  return value;
}

const pattern = (value: bigint, width: number): bigint => BigInt.asUintN(width, value);

export function zero(dims: readonly number[]): Tree {
  const [n, ...rest] = dims;
  return n === undefined ? 0n : Array.from({ length: n }, () => zero(rest));
}

function each(tree: Tree, change: (value: bigint) => bigint): Tree {
  return Array.isArray(tree) ? tree.map((t) => each(t, change)) : change(tree);
}

export function flatten(tree: Tree): bigint[] {
  return Array.isArray(tree) ? tree.flatMap(flatten) : [tree];
}

export function evaluate(e: Expr, env: Environment): Tree {
  const tree = (i: number): Tree => evaluate(e.args[i] as Expr, env);
  const num = (i: number): bigint => tree(i) as bigint;
  const width = (i: number): number => (e.args[i] as Expr).type.width;
  const exact = (v: bigint): bigint => inRange(v, e.type);
  const truth = (b: boolean): bigint => (b ? 1n : 0n);
  switch (e.op) {
    case 'const':
      return e.value;
    case 'ref':
      return env.get(e.signal) as Tree;
    case 'element': {
      const at = e.index ?? Number(num(1));
      return (tree(0) as Tree[])[at] ?? zero(e.dims);
    }
    case 'bits':
      return exact((pattern(num(0), width(0)) >> BigInt(e.lo)) & ((1n << BigInt(e.hi - e.lo + 1)) - 1n));
    case 'shl':
      return exact(num(0) << BigInt(e.amount));
    case 'shr':
      return exact(num(0) >> BigInt(e.amount));
    case 'dshl':
      return exact(num(0) << num(1));
    case 'dshr':
      return exact(num(0) >> num(1));
    case 'extend':
      return each(tree(0), exact);
    case 'trunc':
    case 'cast':
      return each(tree(0), (v) => wrap(v, e.type));
    case 'add':
      return exact(num(0) + num(1));
    case 'sub':
      return e.type.kind === 'sint' ? exact(num(0) - num(1)) : wrap(num(0) - num(1), e.type);
    case 'addw':
      return wrap(num(0) + num(1), e.type);
    case 'subw':
      return wrap(num(0) - num(1), e.type);
    case 'mul':
      return exact(num(0) * num(1));
    case 'div':
      return num(1) === 0n ? 0n : exact(num(0) / num(1));
    case 'rem':
      return num(1) === 0n ? 0n : exact(num(0) % num(1));
    case 'neg':
      return exact(-num(0));
    case 'and':
      return pattern(num(0) & num(1), e.type.width);
    case 'or':
      return pattern(num(0) | num(1), e.type.width);
    case 'xor':
      return pattern(num(0) ^ num(1), e.type.width);
    case 'not':
      return pattern(~num(0), e.type.width);
    case 'eq':
      return truth(num(0) === num(1));
    case 'ne':
      return truth(num(0) !== num(1));
    case 'lt':
      return truth(num(0) < num(1));
    case 'le':
      return truth(num(0) <= num(1));
    case 'gt':
      return truth(num(0) > num(1));
    case 'ge':
      return truth(num(0) >= num(1));
    case 'andR':
      return truth(pattern(~num(0), width(0)) === 0n);
    case 'orR':
      return truth(num(0) !== 0n);
    case 'xorR':
      return BigInt(pattern(num(0), width(0)).toString(2).replaceAll('0', '').length % 2);
    case 'mux':
      return num(0) === 1n ? tree(1) : tree(2);
    case 'cat':
      return e.args.reduce((all, part) => (all << BigInt(part.type.width)) | pattern(evaluate(part, env) as bigint, part.type.width), 0n);
    case 'array':
      return e.args.map((_, i) => tree(i));
    case 'fill': {
      let value = tree(0);
      for (const n of e.dims.slice(0, e.dims.length - (e.args[0] as Expr).dims.length).reverse()) value = Array.from({ length: n }, () => value);
      return value;
    }
    case 'reverse':
      return [...(tree(0) as Tree[])].reverse();
    case 'unpack': {
      const all = pattern(num(0), width(0));
      return Array.from({ length: e.dims[0] as number }, (_, i) => wrap(all >> BigInt(i * e.type.width), e.type));
    }
    case 'pack':
      return flatten(tree(0)).reduceRight((all, v) => (all << BigInt(width(0))) | pattern(v, width(0)), 0n);
  }
}

/** Runs statements on `next`, reading `env`. */
function run(stmts: readonly Stmt[], env: Environment, next: Environment): void {
  for (const s of stmts) {
    if (s.kind === 'when') {
      run(evaluate(s.cond, env) === 1n ? s.then : s.else, env, next);
      continue;
    }
    const { signal, path, bits } = s.target;
    const at = path.map((p) => (typeof p === 'number' ? p : Number(evaluate(p, env))));
    if (at.some((index, i) => index >= (signal.dims[i] as number))) continue;
    const put = (tree: Tree, depth: number): Tree => {
      if (depth < at.length) return (tree as Tree[]).map((t, i) => (i === at[depth] ? put(t, depth + 1) : t));
      const value = evaluate(s.value, env);
      if (!bits) return value;
      const mask = ((1n << BigInt(bits.hi - bits.lo + 1)) - 1n) << BigInt(bits.lo);
      return wrap((pattern(tree as bigint, signal.type.width) & ~mask) | (((value as bigint) << BigInt(bits.lo)) & mask), signal.type);
    };
    next.set(signal, put(next.get(signal) as Tree, 0));
  }
}

/** A definition without children, run cycle by cycle. */
export class Reference {
  readonly env: Environment = new Map();
  readonly #definition: Definition;

  constructor(definition: Definition) {
    this.#definition = definition;
    for (const s of definition.signals) this.env.set(s, zero(s.dims));
  }

  signal(name: string): Signal {
    return this.#definition.signals.find((s) => s.name === name) as Signal;
  }

  /** Repeats all combinational assignments until nothing changes. */
  settle(): void {
    for (let round = 0; round < 500; round++) {
      const next: Environment = new Map(this.env);
      run(this.#definition.body, this.env, next);
      let changed = false;
      for (const s of this.#definition.signals) {
        if (s.register || s.role === 'input') continue;
        const value = next.get(s) as Tree;
        changed ||= flatten(value).join() !== flatten(this.env.get(s) as Tree).join();
        this.env.set(s, value);
      }
      if (!changed) return;
    }
    throw new Error('does not settle');
  }

  edge(): void {
    this.settle();
    const next: Environment = new Map(this.env);
    run(this.#definition.body, this.env, next);
    for (const s of this.#definition.signals) {
      if (!s.register) continue;
      const { reset } = s.register;
      this.env.set(s, reset && this.env.get(reset.signal) === 1n ? evaluate(reset.value, this.env) : (next.get(s) as Tree));
    }
  }
}
