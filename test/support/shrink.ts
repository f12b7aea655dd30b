// From a circuit that fails to a small one that still does.

import { type Circuit, type Expr, type Stmt, zeroOf } from './circuit/data.ts';

/** Which of some circuits fail. Tools are asked of many at a time, as they cost as much for a dozen as for one. */
export type Fails = (circuits: readonly Circuit[]) => readonly boolean[];

const TOGETHER = 24;

/** Greedy: takes a simplification after which the circuit still fails, until there is none or the time is up. */
export function shrink(circuit: Circuit, fails: Fails, milliseconds = 60_000, together = TOGETHER): Circuit {
  const end = Date.now() + milliseconds;
  let best = circuit;
  for (let next: Circuit | undefined = circuit; next; best = next ?? best) {
    const smaller: Circuit[] = [];
    const candidates = simpler(best);
    next = undefined;
    for (let done = false; !done && !next && Date.now() < end; ) {
      smaller.length = 0;
      while (smaller.length < together && !done) {
        const { value, done: last } = candidates.next();
        if (last) done = true;
        else smaller.push(value);
      }
      const failing = fails(smaller);
      next = smaller.filter((_, i) => failing[i]).sort((x, y) => weight(x) - weight(y))[0];
    }
  }
  return best;
}

/** How much there is of a circuit, what is shared counted once. */
function weight(circuit: Circuit): number {
  return objects(circuit).length;
}

const STATEMENT_KINDS: ReadonlySet<unknown> = new Set<Stmt['kind']>(['set', 'when', 'switch', 'goto', 'write', 'property']);
const isExpr = (x: object): x is Expr => 'op' in x && 'type' in x;
const isCircuit = (x: object): x is Circuit => 'registers' in x && 'items' in x;
const sizes = new WeakMap<object, number>();

function* simpler(circuit: Circuit): Generator<Circuit> {
  const all = objects(circuit);
  for (const c of all.filter(isCircuit)) {
    for (const out of c.outputs) {
      const without = rewrite(
        c,
        c.outputs,
        c.outputs.filter((o) => o !== out),
      );
      const cut = { ...without, items: without.items.map((i) => ('body' in i ? { ...i, body: drop(i.body, out.name) } : i)) };
      yield rewrite(circuit, c, cut);
    }
    for (const [k] of c.items.entries()) {
      const order = c.order.filter((i) => i !== k).map((i) => (i > k ? i - 1 : i));
      yield rewrite(circuit, c, { ...c, items: c.items.filter((_, i) => i !== k), order });
    }
    for (const key of ['registers', 'inputs'] as const)
      for (const r of c[key]) yield rewrite(circuit, c, { ...c, [key]: c[key].filter((x) => x !== r) });
  }
  const bodies = all.filter(
    (x): x is Stmt[] =>
      Array.isArray(x) && x.length > 0 && x.every((s) => s !== null && typeof s === 'object' && 'kind' in s && STATEMENT_KINDS.has(s.kind)),
  );
  for (const body of bodies) {
    for (const stmt of body) {
      yield rewrite(
        circuit,
        body,
        body.filter((s) => s !== stmt),
      );
      if (stmt.kind !== 'when' && stmt.kind !== 'switch') continue;
      for (const inner of [...(stmt.kind === 'when' ? stmt.arms : stmt.cases).map((a) => a.body), stmt.otherwise ?? []])
        yield rewrite(
          circuit,
          body,
          body.flatMap((s) => (s === stmt ? inner : [s])),
        );
    }
  }
  const exprs = all
    .filter(isExpr)
    .filter((e) => e.op !== 'zeros' && e.op !== 'ref')
    .sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  for (const e of exprs) {
    yield rewrite(circuit, e, zeroOf(e.type));
    for (const inner of objects(e).filter(isExpr))
      if (inner !== e && JSON.stringify(inner.type) === JSON.stringify(e.type)) yield rewrite(circuit, e, inner);
  }
}

function drop(body: readonly Stmt[], name: string): Stmt[] {
  return body.flatMap((s): Stmt[] => {
    switch (s.kind) {
      case 'set':
        return s.target.name === name ? [] : [s];
      case 'when':
        return [{ ...s, arms: s.arms.map((a) => ({ ...a, body: drop(a.body, name) })), ...(s.otherwise && { otherwise: drop(s.otherwise, name) }) }];
      case 'switch':
        return [
          { ...s, cases: s.cases.map((c) => ({ ...c, body: drop(c.body, name) })), ...(s.otherwise && { otherwise: drop(s.otherwise, name) }) },
        ];
      default:
        return [s];
    }
  });
}

/** Everything reachable, holders before what they hold. */
function objects(root: object): object[] {
  const found = new Set<object>();
  const visit = (x: unknown): number => {
    if (typeof x !== 'object' || x === null) return 1;
    if (found.has(x)) return sizes.get(x) ?? 1;
    found.add(x);
    const size = Object.values(x).reduce<number>((sum, inner) => sum + visit(inner), 1);
    sizes.set(x, size);
    return size;
  };
  visit(root);
  return [...found];
}

/** A copy with one object replaced; what occurs twice still does. */
function rewrite<T extends object>(root: T, target: object, replacement: object): T {
  const copies = new Map<object, object>([[target, replacement]]);
  const copy = (x: unknown): unknown => {
    if (typeof x !== 'object' || x === null) return x;
    const known = copies.get(x);
    if (known) return known;
    const made = Array.isArray(x) ? x.map(copy) : Object.fromEntries(Object.entries(x).map(([key, value]) => [key, copy(value)]));
    copies.set(x, made);
    return made;
  };
  return copy(root) as T;
}
