// A flattened design to a WebAssembly module.
//
// Functions: `start` (reset values and constants), `settle` (every wire, for somebody who looks), `cycle` (only what the next clock edge
// needs, then the edge), `step` (cycles in a row) and, for streams, `batch`. A wire that only code of `cycle` itself reads stays a local there.
//
// Invariant: `step` calls `cycle` and is itself called for bounded numbers of cycles, since a running function is never replaced by its
// optimised version.

import type { Expr, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { visitExprs } from '../../hdl/ir/visit.ts';
import { type Layout, type Storage, viewOf } from '../layout.ts';
import { type AssignNode, type CombNode, type Nodes, type RegNode, rootsOf } from '../nodes.ts';
import type { Group } from '../schedule.ts';
import { bin, Code, i32, vecLoad, type W } from './code.ts';
import { emitGroups } from './comb.ts';
import { Compiling, dry, writable } from './compiling.ts';
import type { Context } from './context.ts';
import type { Bank } from './delays.ts';
import { type EdgePlan, planEdge } from './edge-plan.ts';
import { makeModule } from './instance.ts';
import { Lanes } from './lanes.ts';
import { type Block, CHUNK, type Placements, SHORTEST_ROW, type Spot } from './placement.ts';
import { Scalar } from './scalar.ts';
import { runArray, runStatements, writeCell } from './statements.ts';
import { emitStreams, type Streams } from './streams.ts';

/** Operators from which on the registers' functions are split; what fits one function stays in locals. */
const SPLIT = 20_000;
/** Locals of a function; machines refuse 50,000. */
const MOST_LOCALS = 40_000;

export interface CompileOptions {
  readonly lanes: boolean;
  readonly streams?: Streams;
  /** As SPLIT, for tests. */
  readonly split?: number;
}

export interface Compiled {
  readonly module: object;
  /** Bytes of the module. */
  readonly size: number;
  readonly pages: number;
  readonly placements: Placements;
  /** In the order of the nodes' delays. */
  readonly banks: readonly Bank[];
  readonly nodes: Nodes;
  /** Names of the signals of each circular group. */
  readonly cycles: readonly string[];
}

export function compileWasm(layout: Layout, options: CompileOptions): Compiled {
  return compiled(layout, options, false) ?? (compiled(layout, options, true) as Compiled);
}

/** With `apart` the registers' functions are split in any case; undefined when one is too large without. */
function compiled(layout: Layout, options: CompileOptions, apart: boolean): Compiled | undefined {
  const k = new Compiling(layout, options.lanes);
  const { nodes, groups, placements, module } = k;
  const constant = (g: Group): boolean => !g.cyclic && g.nodes.every((n) => n.kind === 'assign' && n.reads.size === 0);
  const moving = groups.filter((g) => !constant(g));
  const outputs = options.streams ? options.streams.outputs.map((p) => p.storage) : [];
  const needed = neededFor(nodes, groups, outputs);
  const size = sizeOf(nodes, needed);
  const split = apart || size > (options.split ?? SPLIT);
  const inline = inlineWires(nodes, needed, new Set(outputs), k);
  const plan = planEdge(nodes, placements, inline, split);

  module.add(emitStart(k, groups.filter(constant)), 'start');
  const settle = emitGroups(k, moving, { inline: new Map(), local: new Set() });
  module.add(callAll(settle.map((code) => module.add(code))), 'settle');
  const local = split ? new Set<Storage>() : localWires(k, needed, inline, new Set(outputs));
  const wanted = moving.filter((g) => g.nodes.some((n) => needed.has(n) && !inline.has(n.writes)));
  const comb = emitGroups(
    k,
    wanted,
    { inline, local },
    split
      ? undefined
      : (c) => {
          emitEdge(k, c, plan, inline);
        },
  );
  if (!split && comb.some((code) => code.locals.length > MOST_LOCALS)) return undefined;
  const parts = comb.map((code) => module.add(code));
  if (split) for (const code of splitEdge(k, plan, inline)) parts.push(module.add(code));
  const cycle = module.add(callAll(parts));
  module.add(repeat(parts.length === 1 ? (parts[0] as number) : cycle), 'step');
  const { streams } = options;
  if (streams)
    emitStreams(
      k,
      streams,
      emitGroups(
        k,
        wanted,
        { inline, local },
        split
          ? undefined
          : (c) => {
              c.scoped(() => streams.write(c, k.placements));
              emitEdge(k, c, plan, inline);
            },
      ),
      split ? splitEdge(k, plan, inline) : [],
    );
  const pages = Math.ceil((placements.end + 1024 + (streams?.bytes ?? 0)) / 65536);
  const banks = nodes.delays.map(({ scope, delay }) => k.bank(scope, delay));
  const binary = module.finish(pages);
  return { module: makeModule(binary), size: binary.length, pages, placements, banks, nodes, cycles: k.cycles };
}

function callAll(parts: readonly number[]): Code {
  const code = new Code();
  for (const part of parts) code.call(part);
  return code;
}

function repeat(part: number): Code {
  const code = new Code(1);
  code.repeat(() => {
    code.call(part);
    code.push([0x20, 0, 0x41, 1, 0x6b, 0x22, 0]);
    return { t: 'i32', code: [] };
  });
  return code;
}

/** The combinational nodes on which the next clock edge, or an output that is asked for, depends. */
function neededFor(nodes: Nodes, groups: readonly Group[], outputs: readonly Storage[]): Set<CombNode> {
  const group = new Map<Storage, Group>();
  for (const g of groups) for (const n of g.nodes) group.set(n.writes, g);
  const needed = new Set<CombNode>();
  const work: Storage[] = [...outputs];
  for (const r of nodes.regs) work.push(...r.reads);
  for (const { scope, delay } of nodes.delays) {
    for (const s of [delay.input, delay.enable, delay.reset?.signal]) if (s) work.push(viewOf(scope, s).storage);
  }
  for (let s = work.pop(); s; s = work.pop()) {
    for (const node of group.get(s)?.nodes ?? []) {
      if (needed.has(node)) continue;
      needed.add(node);
      work.push(...node.reads);
    }
  }
  return needed;
}

function sizeOf(nodes: Nodes, needed: ReadonlySet<CombNode>): number {
  let size = 0;
  const roots = [...nodes.regs.map((r) => r.body), ...[...needed].map((n) => (n.kind === 'assign' ? n.body : []))];
  for (const body of roots)
    visitExprs(rootsOf(body), () => {
      size++;
    });
  return size;
}

/** Wires within mesh elements that only registers of the same element read, directly or through such wires. */
function inlineWires(
  nodes: Nodes,
  needed: ReadonlySet<CombNode>,
  kept: ReadonlySet<Storage>,
  { placements, groups }: { readonly placements: Placements; readonly groups: readonly Group[] },
): Map<Storage, AssignNode> {
  const inline = new Map<Storage, AssignNode>();
  // What depends on itself, through other bits, is settled by repetition.
  const circular = new Set(groups.filter((g) => g.cyclic).flatMap((g) => g.nodes));
  for (const n of needed)
    if (!circular.has(n) && n.kind === 'assign' && n.domain.count > 1 && n.signal.dims.length === 0 && !kept.has(n.writes)) inline.set(n.writes, n);
  const drop = (storage: Storage, domain: number): void => {
    const wire = inline.get(storage);
    if (wire && wire.domain.id !== domain) inline.delete(storage);
  };
  for (const r of nodes.regs) for (const s of r.reads) drop(s, r.domain.id);
  for (const { scope, delay } of nodes.delays)
    for (const s of [delay.input, delay.enable, delay.reset?.signal]) if (s) inline.delete(viewOf(scope, s).storage);
  for (let before = -1; before !== inline.size; ) {
    before = inline.size;
    for (const n of needed) {
      // What lies in the cells of another signal is read there.
      if (inline.get(n.writes) === n && placements.free.has(n) && [...n.reads].some((s) => !inline.has(s))) inline.delete(n.writes);
      const inlined = inline.get(n.writes) === n;
      for (const s of n.reads) if (!inlined || inline.get(s)?.domain.id !== n.domain.id) inline.delete(s);
    }
  }
  return inline;
}

/** Scalar wires outside of meshes that need no cell while cycles run: only code of the same function reads them, as wholes. */
function localWires(
  k: Compiling,
  needed: ReadonlySet<CombNode>,
  inline: ReadonlyMap<Storage, AssignNode>,
  outputs: ReadonlySet<Storage>,
): Set<Storage> {
  const local = new Set<Storage>();
  const blocks = new Map<Block, number>();
  for (const s of k.layout.storages) blocks.set(k.placements.of(s).block, (blocks.get(k.placements.of(s).block) ?? 0) + 1);
  for (const n of needed) {
    const { block } = k.placements.of(n.writes);
    if (
      n.kind === 'assign' &&
      n.domain.count === 1 &&
      n.signal.dims.length === 0 &&
      blocks.get(block) === 1 &&
      !block.host &&
      block.guests.size === 0 &&
      !outputs.has(n.writes)
    )
      local.add(n.writes);
  }
  const uniform = (reader: { readonly domain: { readonly count: number } }): boolean => reader.domain.count === 1;
  for (const n of needed) if (n.kind !== 'assign' || (!uniform(n) && !inline.has(n.writes))) for (const s of n.reads) local.delete(s);
  for (const g of k.groups) if (g.cyclic) for (const n of g.nodes) for (const s of [n.writes, ...n.reads]) local.delete(s);
  for (const { scope, delay } of k.nodes.delays)
    if (scope.domain.count > 1 || delay.input.dims.length > 0) local.delete(viewOf(scope, delay.input).storage);
  return local;
}

function emitStart(k: Compiling, constants: readonly Group[]): Code {
  const code = new Code();
  const emitted = emitGroups(k, constants, { inline: new Map(), local: new Set() }).map((c) => k.module.add(c));
  for (const part of emitted) code.call(part);
  for (const { scope, signal, domain } of k.nodes.regs) {
    const value = signal.register?.reset?.value;
    if (!value) continue;
    const c = k.context(code);
    const spot = k.placements.spot(scope, signal);
    const body: Stmt[] = [assign(signal, value)];
    const write = (): void => {
      const s = new Scalar(c, scope);
      if (signal.dims.length > 0) return runArray(s, body, spot);
      const { cursor, offset } = c.place(spot);
      writeCell(s, spot, cursor, offset, runStatements(s, signal, body));
    };
    if (domain.count === 1) c.scoped(write);
    else
      c.loop(
        domain.dims,
        domain.dims.map(() => false),
        1,
        write,
      );
  }
  return code;
}

function assign(signal: Signal, value: Expr): Stmt {
  return { kind: 'assign', target: { signal, path: [] }, value, at: signal.at };
}

/** Copies the blocks aside that are read after they are written; gives the distances of the copies. */
function saveOld(k: Compiling, code: Code, plan: EdgePlan, areas: Map<Block, number>): Map<Block, number> {
  const old = new Map<Block, number>();
  for (const block of plan.saved) {
    if (block.host) continue;
    let area = areas.get(block);
    if (area === undefined) areas.set(block, (area = k.placements.reserve(block.bytes)));
    old.set(block, area - block.start);
    const at = code.local('i32');
    code.set(at, i32(0));
    code.repeat(() => {
      code.vecStore(code.get(at), area, vecLoad(code.get(at), block.start));
      code.set(at, bin('add', code.get(at), i32(16)));
      return bin('lt_u', code.get(at), i32(block.bytes));
    });
  }
  for (const block of plan.saved) if (block.host) old.set(block, old.get(block.host.block) as number);
  return old;
}

const areasOf = new WeakMap<Compiling, Map<Block, number>>();

function areas(k: Compiling): Map<Block, number> {
  let found = areasOf.get(k);
  if (!found) areasOf.set(k, (found = new Map()));
  return found;
}

function emitEdge(k: Compiling, c: Context, plan: EdgePlan, inline: ReadonlyMap<Storage, AssignNode>): void {
  const old = saveOld(k, c.code, plan, areas(k));
  for (const [block, delta] of old) (c.old as Map<Block, number>).set(block, delta);
  for (const { scope, delay } of k.nodes.delays) emitPush(k, c, scope, delay);
  const commits = plan.scalars.map((node) => nextScalar(k, c, node));
  for (const node of plan.arrays)
    c.scoped(() => {
      runArray(new Scalar(c, node.scope), node.body, k.placements.spot(node.scope, node.signal));
    });
  for (const unit of plan.meshes) emitMesh(k, c, unit, inline);
  for (const commit of commits) commit();
}

function nextScalar(k: Compiling, c: Context, node: RegNode): () => void {
  const body = node.body;
  if (body.length === 0) return () => {};
  const s = new Scalar(c, node.scope);
  const spot = k.placements.spot(node.scope, node.signal);
  const next = runStatements(s, node.signal, body, s.read(node.signal, []).w).map((w) => c.code.let(w));
  return () => {
    writeCell(s, spot, i32(0), spot.base, next);
  };
}

function emitPush(k: Compiling, c: Context, scope: Parameters<Compiling['bank']>[0], delay: object): void {
  const bank = k.bank(scope, delay);
  const { domain } = bank.scope;
  if (domain.count === 1)
    c.scoped(() => {
      bank.push(c, k.layout.ticked);
    });
  else
    c.loop(
      domain.dims,
      domain.dims.map(() => false),
      1,
      () => {
        bank.push(c, k.layout.ticked);
      },
    );
}

/** The edge as functions of its own, every old value that is needed later saved first. */
function splitEdge(k: Compiling, plan: EdgePlan, inline: ReadonlyMap<Storage, AssignNode>): Code[] {
  const codes: Code[] = [];
  const first = new Code();
  const old = saveOld(k, first, plan, areas(k));
  codes.push(first);
  const open = (emit: (c: Context) => void): void => {
    const code = new Code();
    emit(k.context(code, old));
    codes.push(code);
  };
  for (const { scope, delay } of k.nodes.delays)
    open((c) => {
      emitPush(k, c, scope, delay);
    });
  for (const node of plan.arrays)
    open((c) => {
      runArray(new Scalar(c, node.scope), node.body, k.placements.spot(node.scope, node.signal));
    });
  for (let i = 0; i < plan.scalars.length; i += 50) {
    open((c) => {
      for (const commit of plan.scalars.slice(i, i + 50).map((node) => nextScalar(k, c, node))) commit();
    });
  }
  for (const unit of plan.meshes)
    open((c) => {
      emitMesh(k, c, unit, inline);
    });
  return codes;
}

function emitMesh(k: Compiling, c: Context, { regs, descending }: EdgePlan['meshes'][number], inline: ReadonlyMap<Storage, AssignNode>): void {
  const [{ domain }] = regs as [RegNode];
  for (const [storage, node] of inline)
    if (node.domain === domain && !k.placements.free.has(node)) c.inline.set(k.placements.of(storage).block, node);
  const bodies = regs.map((r) => r.body);
  const common = commonEnable(k, regs, bodies);
  const emit = (): void => {
    meshLoop(k, c, regs, common ? bodies.map((b) => (b[0] as Stmt & { kind: 'when' }).then) : bodies, descending);
  };
  if (common) c.if(new Scalar(c, (regs[0] as RegNode).scope).word(common), emit);
  else emit();
  for (const [storage, node] of inline) if (node.domain === domain) c.inline.delete(k.placements.of(storage).block);
}

/** The condition, equal for all elements, without which nothing of a mesh changes. */
function commonEnable(k: Compiling, regs: readonly RegNode[], bodies: readonly (readonly Stmt[])[]): Expr | undefined {
  const [first] = bodies;
  const [when] = first ?? [];
  if (when?.kind !== 'when' || when.cond.op !== 'ref') return undefined;
  const { signal } = when.cond;
  const [{ scope, domain }] = regs as [RegNode];
  if (!k.placements.spot(scope, signal).domain.every((s, d) => s === 0 || domain.dims[d] === 1)) return undefined;
  const same = (b: readonly Stmt[], r: RegNode): boolean =>
    b.length === 1 && b[0]?.kind === 'when' && b[0].else.length === 0 && r.scope === scope && b[0].cond.op === 'ref' && b[0].cond.signal === signal;
  return bodies.every((b, i) => same(b, regs[i] as RegNode)) ? when.cond : undefined;
}

function meshLoop(k: Compiling, c: Context, regs: readonly RegNode[], bodies: readonly (readonly Stmt[])[], descending: readonly boolean[]): void {
  const [{ domain }] = regs as [RegNode];
  const last = domain.dims[domain.dims.length - 1] as number;
  const spots = regs.map((r) => k.placements.spot(r.scope, r.signal));
  let vector = k.lanes && last >= SHORTEST_ROW && spots.every((s, i) => writable(s, last) && regs[i]?.signal.dims.length === 0);
  const probe = (): void => {
    vector &&= regs.every((r, i) => new Lanes(c, r.scope).runs(bodies[i] as Stmt[]));
  };
  if (vector) dry(c, domain.dims, probe);
  c.loop(domain.dims, descending, vector ? CHUNK : 1, () => {
    const live = regs.map((r, i) => [r, bodies[i] as Stmt[], spots[i] as (typeof spots)[number]] as const).filter(([, b]) => b.length > 0);
    if (vector) return vectorBody(c, live);
    const next = live.map(([r, b, spot]) => {
      const s = new Scalar(c, r.scope);
      if (r.signal.dims.length > 0)
        return () => {
          runArray(s, b, spot);
        };
      const w = runStatements(s, r.signal, b, s.read(r.signal, []).w).map((x) => c.code.let(x));
      return () => {
        const { cursor, offset } = c.place(spot);
        writeCell(s, spot, cursor, offset, w);
      };
    });
    for (const write of next) write();
  });
}

type Live = readonly (readonly [RegNode, readonly Stmt[], Spot])[];

/** The registers of sixteen elements. What changes under rare conditions is skipped together with its loads and stores where none holds. */
function vectorBody(c: Context, live: Live): void {
  const guarded = guardable(c, live);
  const store = (spot: Spot, words: readonly W[]): void => {
    const { cursor, offset } = c.place(spot);
    words.forEach((w, v) => {
      c.code.vecStore(cursor, offset + 16 * v, w);
    });
  };
  const rest = live.filter((l) => !guarded.includes(l));
  const next = rest.map(([r, b]) => {
    const lanes = new Lanes(c, r.scope);
    return lanes.run(r.signal, b, whole(b) ? undefined : lanes.read(r.signal)).map((w) => c.code.let(w));
  });
  for (const [r, b, spot] of guarded) {
    const lanes = new Lanes(c, r.scope);
    c.if(anyTrue(lanes.guard(b) as W), () => {
      store(
        spot,
        lanes.run(r.signal, b, lanes.read(r.signal)).map((w) => c.code.let(w)),
      );
    });
  }
  rest.forEach(([, , spot], i) => {
    store(spot, next[i] as W[]);
  });
}

/** Registers that only change under conditions, in an order in which none is read after it is written. */
function guardable(c: Context, live: Live): Live[number][] {
  const left = live.filter(([r, b]) => new Lanes(c, r.scope).guardable(b));
  const blockOf = (l: Live[number]): Block => l[2].block;
  const reads = (l: Live[number], block: Block): boolean => readBlocks(c, l[0]).has(block);
  const order: Live[number][] = [];
  for (;;) {
    const at = left.findIndex((l) => !left.some((other) => other !== l && reads(other, blockOf(l))));
    if (at < 0) return order;
    order.push(...left.splice(at, 1));
  }
}

function readBlocks(c: Context, node: RegNode): Set<Block> {
  const blocks = new Set<Block>();
  const visit = (storages: Iterable<Storage>): void => {
    for (const s of storages) {
      const { block } = c.placements.of(s);
      if (blocks.has(block)) continue;
      blocks.add(block);
      const wire = c.inline.get(block);
      if (wire) visit(wire.reads);
    }
  };
  visit(node.reads);
  return blocks;
}

function anyTrue(w: W): W {
  return { t: 'i32', code: [...w.code, 0xfd, 83] };
}

const whole = (body: readonly Stmt[]): boolean => body.length === 1 && body[0]?.kind === 'assign' && !body[0].target.bits;
