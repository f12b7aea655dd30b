// Names parts of very deep expressions, and groups the links of very long `elsewhen` chains, when a module is complete.
//
//     a.add(b).trunc(8).add(c).trunc(8)…        wire q_part = a.add(b)…trunc(8);  q = q_part.add(y)…
//     if (c0) … else if (c1) … 10,000 more      if (q_any) { if (c0) … } else if (q_any_1) { … } else …
//
// Invariants: behaviour stays; what is not so deep stays as it is, the same objects. Afterwards no expression is more than twice DEEPEST operators deep and
// no chain longer than the limits below, so recursions over the IR, and the parsers and recursions of the tools that read the output, stay shallow.

import type { Builder } from './builder.ts';
import { sameHint } from './hints.ts';
import { binary, ref } from './ir/build.ts';
import type { Assign, Dims, Expr, GroundType, Signal, Stmt, When } from './ir/nodes.ts';
import { mapStmts, withArgs } from './ir/rewrite.ts';
import { onlyWhen, ownExprs, visitExprs, visitStmts } from './ir/visit.ts';
import type { Origin } from './source.ts';

/** Operators on top of each other, from where on an expression gets a name; twice as many where it is likely that its user drops bits of it. */
const DEEPEST = 100;
/** Links of a chain. Icarus 11 and Verilator 5.006 give up at 1,400, Yosys 0.23 warns at 1,000 and takes the square of the length before. */
const LONGEST_CHAIN = 256;
/** Arms of a switch, which most printers make one `case` of. */
const LONGEST_SWITCH = 512;
/** Links of a group. */
const GROUP = 64;
const GROWING = new Set<Expr['op']>(['add', 'sub', 'mul', 'neg', 'shl', 'dshl', 'extend', 'cat']);

/** Changes the definition under construction in place. */
export function boundDepth(builder: Builder): void {
  const { body } = builder.definition;
  const bounding = new Bounding(builder);
  const long = hasLongChain(body);
  const chained = long ? bounding.chains(body) : body;
  const deep = isDeep(chained);
  if (!long && !deep) return;
  const changed = deep ? bounding.exprs(chained) : chained;
  body.splice(0, body.length);
  for (const stmt of [...changed, ...bounding.defined]) body.push(stmt);
}

function hasLongChain(stmts: readonly Stmt[]): boolean {
  return stmts.some((s) => {
    if (s.kind === 'assign') return false;
    const { links, last } = chainOf(s);
    return links.length > limitOf(links) || links.some((l) => hasLongChain(l.then)) || hasLongChain(last);
  });
}

function isDeep(body: readonly Stmt[]): boolean {
  const depths = new Map<Expr, number>();
  const seen = new Set<Expr>();
  let deepest = 0;
  visitStmts(body, (stmt) =>
    visitExprs(
      ownExprs(stmt),
      (e) => {
        if (e.args.length === 0) return;
        let depth = 0;
        for (const arg of e.args) depth = Math.max(depth, depths.get(arg) ?? 0);
        depths.set(e, depth + 1);
        deepest = Math.max(deepest, depth + 1);
      },
      seen,
    ),
  );
  return deepest >= DEEPEST;
}

/** The conditionals of a chain, and what stands in the last `otherwise`. */
function chainOf(first: When): { readonly links: readonly When[]; readonly last: Stmt[] } {
  const links: When[] = [];
  for (let next: When | undefined = first; next; next = onlyWhen(next.else)) links.push(next);
  return { links, last: (links.at(-1) as When).else };
}

/** How many links of these may stay one chain: more when all are arms of one switch. */
function limitOf(links: readonly When[]): number {
  return links.every((l) => l.arm && l.arm.subject === links[0]?.arm?.subject) ? LONGEST_SWITCH : LONGEST_CHAIN;
}

class Bounding {
  /** Assignments of the made wires. */
  readonly defined: Assign[] = [];
  readonly #builder: Builder;
  readonly #numbers = new Map<string, number>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  /** Statements without long chains. */
  chains(stmts: readonly Stmt[]): Stmt[] {
    return stmts.map((stmt) => {
      if (stmt.kind === 'assign') return stmt;
      const { links, last } = chainOf(stmt);
      const inner = links.map((l): When => ({ ...l, then: this.chains(l.then) }));
      return this.#chain(inner, this.chains(last));
    });
  }

  #chain(links: readonly When[], last: Stmt[]): When {
    if (links.length <= limitOf(links)) return nested(links, last);
    const groups = Array.from({ length: Math.ceil(links.length / GROUP) }, (_, i) => this.#group(links.slice(i * GROUP, (i + 1) * GROUP)));
    return this.#chain(groups, last);
  }

  /** One link in place of several: where one of their conditions holds, the last needs no asking. */
  #group(links: readonly When[]): When {
    const [first, final] = [links[0], links.at(-1)] as [When, When];
    if (first === final) return first;
    // Copies, since what is used twice would be named.
    const cond = this.#name(anyOf(links.map((l) => ({ ...l.cond }))), sinkOf(links), 'any', first.at);
    return { kind: 'when', cond, then: [nested(links.slice(0, -1), final.then)], else: [], at: first.at };
  }

  /** Statements without deep expressions. */
  exprs(stmts: readonly Stmt[]): Stmt[] {
    const made = new Map<Expr, { readonly expr: Expr; readonly depth: number }>();
    const seen = new Set<Expr>();
    let sink = '';
    let at = this.#builder.definition.at;
    const bounded = (root: Expr): Expr => {
      visitExprs(
        [root],
        (e) => {
          const args = e.args.map((a) => made.get(a) as { readonly expr: Expr; readonly depth: number });
          const expr = sameHint(
            withArgs(
              e,
              args.map((a) => a.expr),
            ),
            e,
          );
          const depth = e.args.length === 0 ? 0 : Math.max(...args.map((a) => a.depth)) + 1;
          const most = GROWING.has(e.op) ? 2 * DEEPEST : DEEPEST;
          made.set(e, depth < most || e.type.width === 0 ? { expr, depth } : { expr: this.#name(expr, sink, 'part', at), depth: 0 });
        },
        seen,
      );
      return (made.get(root) as { readonly expr: Expr }).expr;
    };
    const map = (list: readonly Stmt[]): Stmt[] =>
      list.flatMap((stmt) => {
        sink = sinkOf([stmt]);
        at = stmt.at;
        return stmt.kind === 'assign' ? mapStmts([stmt], { expr: bounded }) : [this.#when(stmt, map, bounded)];
      });
    for (const stmt of this.defined.splice(0)) this.defined.push(...(map([stmt]) as Assign[]));
    return map(stmts);
  }

  #when(stmt: When, map: (stmts: readonly Stmt[]) => Stmt[], expr: (e: Expr) => Expr): When {
    const arm = stmt.arm && { arm: { ...stmt.arm, subject: expr(stmt.arm.subject) } };
    return { ...stmt, cond: expr(stmt.cond), ...arm, then: map(stmt.then), else: map(stmt.else) };
  }

  /** A wire of that value. */
  #name(value: Expr, sink: string, what: string, at: Origin): Expr {
    const stem = `${sink}_${what}`;
    const number = this.#numbers.get(stem) ?? 0;
    this.#numbers.set(stem, number + 1);
    const signal = this.#wire(value.type, value.dims, number === 0 ? stem : `${stem}_${number}`, at);
    this.defined.push({ kind: 'assign', target: { signal, path: [] }, value, at });
    return ref(signal);
  }

  #wire(type: GroundType, dims: Dims, name: string, at: Origin): Signal {
    return this.#builder.declare({ role: 'wire', type, dims, name, named: false, at });
  }
}

function nested(links: readonly When[], last: Stmt[]): When {
  return links.reduceRight<Stmt[]>((rest, link) => [{ ...link, else: rest }], last)[0] as When;
}

/** A balanced tree, which is as shallow as can be. */
function anyOf(conditions: readonly Expr[]): Expr {
  if (conditions.length === 1) return conditions[0] as Expr;
  const half = Math.ceil(conditions.length / 2);
  return binary('or', anyOf(conditions.slice(0, half)), anyOf(conditions.slice(half)));
}

/** The signal that the first assignment writes: what made names begin with. */
function sinkOf(stmts: readonly Stmt[]): string {
  let list = stmts;
  for (;;) {
    const [first] = list;
    if (!first) return 'value';
    if (first.kind === 'assign') return first.target.signal.name;
    list = first.then.length > 0 ? first.then : first.else;
  }
}
