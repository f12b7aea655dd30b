// Statement lists to scalar code: last connect wins, so they run in order on locals or on the signal's cells.
//
// Invariant: the cells written here are not read by the expressions of the same list; where they would be, the caller gives other cells.

import type { Assign, Expr, Signal, Stmt } from '../../hdl/ir/nodes.ts';
import { arrayCopy } from './array-copy.ts';
import { limbsOf } from './cells.ts';
import { bin, i32, i64, isZero, type W } from './code.ts';
import { fromLimbs, limbs, pattern, shiftLeft, type Val, wrap, zeros } from './limbs.ts';
import type { Spot } from './placement.ts';
import { rowCopy } from './row-copy.ts';
import { type Index, inRange, positions, type Scalar } from './scalar.ts';

/** Elements that are written out one by one rather than in a loop. */
const UNROLL = 8;

/** The value that a list gives a scalar signal; `start` is what it holds before. */
export function runStatements(s: Scalar, signal: Signal, body: readonly Stmt[], start?: readonly W[]): readonly W[] {
  const { code } = s.c;
  const [only] = body;
  if (body.length === 1 && only?.kind === 'assign' && !only.target.bits) return s.value(only.value).w.map((w) => code.let(w));
  if (body.length === 0) return start ?? zeros(signal.type);
  const initial = start ?? zeros(signal.type);
  const variables = initial.map((w) => code.local(w.t as 'i32'));
  variables.forEach((v, i) => {
    code.set(v, initial[i] as W);
  });
  const current = (): Val => ({ w: variables.map((v) => ({ ...code.get(v), local: false })), type: signal.type });
  run(s, body, ({ target, value }) => {
    const v = target.bits ? insert(s, current(), s.value(value), target.bits.lo) : s.value(value);
    v.w.forEach((w, i) => {
      code.set(variables[i] as number, w);
    });
  });
  return variables.map((v) => code.get(v));
}

/** Runs a list on the cells of an array. */
export function runArray(s: Scalar, body: readonly Stmt[], target: Spot): void {
  run(s, body, (assign) => {
    assignArray(s, assign, target);
  });
}

function run(s: Scalar, body: readonly Stmt[], assign: (stmt: Assign) => void): void {
  for (const stmt of body) {
    if (stmt.kind === 'assign') assign(stmt);
    else if (stmt.then.length === 0 && stmt.else.length === 0) continue;
    else if (stmt.then.length === 0)
      s.c.if(isZero(s.word(stmt.cond)), () => {
        run(s, stmt.else, assign);
      });
    else
      s.c.if(
        s.word(stmt.cond),
        () => {
          run(s, stmt.then, assign);
        },
        stmt.else.length > 0
          ? () => {
              run(s, stmt.else, assign);
            }
          : undefined,
      );
  }
}

function assignArray(s: Scalar, { target: { path, bits, signal }, value }: Assign, spot: Spot): void {
  const at = path.map((entry): Index => (typeof entry === 'number' ? entry : s.index(entry)));
  if (at.some((index, i) => typeof index === 'number' && index >= (spot.dims[i] as number))) return;
  const write = (): void => {
    if (!bits) return storeElements(s, value, spot, at);
    const { cursor, offset } = s.address(spot, at);
    const old = readCell(s, spot, cursor, offset, signal);
    writeCell(s, spot, cursor, offset, insert(s, old, s.value(value), bits.lo).w);
  };
  const dynamic = at.flatMap((index, i) => (inRange(index, spot.dims[i] as number) ? [] : [bin('lt_u', index as W, i32(spot.dims[i] as number))]));
  if (dynamic.length === 0) return write();
  s.c.if(
    dynamic.reduce((all, ok) => bin('and', all, ok)),
    write,
  );
}

/** One store for each element below `at`, which is in range. */
export function storeElements(s: Scalar, value: Expr, spot: Spot, at: readonly Index[]): void {
  const { code } = s.c;
  const rest = spot.dims.slice(at.length);
  if (rest.length === 0) return storeAt(s, spot, at, s.value(value).w);
  if (at.length === 0 && arrayCopy(s, value, spot)) return;
  if (rest.length === 1 && rowCopy(s, value, spot, at)) return;
  const n = rest[rest.length - 1] as number;
  if (n > UNROLL && loopable(value)) {
    for (const head of positions(rest.slice(0, -1))) {
      const k = code.local('i32');
      code.set(k, i32(0));
      code.repeat(() => {
        s.c.scoped(() => {
          const index = { ...code.get(k), local: false };
          storeAt(s, spot, [...at, ...head, index], s.value(value, [...head, index]).w);
        });
        code.set(k, bin('add', code.get(k), i32(1)));
        return bin('lt_u', code.get(k), i32(n));
      });
    }
    return;
  }
  for (const p of positions(rest)) storeAt(s, spot, [...at, ...p], s.value(value, p).w);
}

/** Whether elements at a computed index cost no more than at a known one. */
function loopable(value: Expr): boolean {
  if (value.dims.length === 0) return true;
  if (value.op === 'array' || value.op === 'unpack') return false;
  return value.args.every(loopable);
}

/** Indices are in range. */
function storeAt(s: Scalar, spot: Spot, at: readonly Index[], w: readonly W[]): void {
  const { cursor, offset } = s.c.place(spot);
  let from = cursor;
  let fixed = offset;
  at.forEach((index, i) => {
    if (typeof index === 'number') fixed += index * (spot.inner[i] as number);
    else from = bin('add', from, bin('mul', index, i32(spot.inner[i] as number)));
  });
  writeCell(s, spot, from, fixed, w);
}

export function writeCell(s: Scalar, spot: Spot, cursor: W, offset: number, w: readonly W[]): void {
  const address = w.length > 1 ? s.c.code.let(cursor) : cursor;
  w.forEach((x, i) => {
    s.c.code.store(w.length > 1 ? 8 : spot.size, address, offset + 8 * i, x);
  });
}

function readCell(s: Scalar, spot: Spot, cursor: W, offset: number, signal: Signal): Val {
  const { type } = signal;
  const wide = type.width > 64;
  return {
    w: Array.from({ length: wide ? limbsOf(type.width) : 1 }, (_, i) => s.c.code.let(s.load(wide ? 8 : spot.size, cursor, offset + 8 * i, type))),
    type,
  };
}

/** The old value with some of its bits replaced. */
function insert(s: Scalar, old: Val, value: Val, lo: number): Val {
  const { code } = s.c;
  const { type } = old;
  const { width } = value.type;
  if (width === 0) return old;
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(lo);
  if (type.width <= 32) {
    const placed = bin('shl', pattern(code, value).w[0] as W, i32(lo));
    return { w: [wrap(bin('or', bin('and', old.w[0] as W, i32(~mask)), placed), type)], type };
  }
  const n = limbsOf(type.width);
  const placed = shiftLeft(
    limbs(code, pattern(code, value), n).map((w) => code.let(w)),
    lo,
    n,
  );
  const kept = limbs(code, old, n).map((w, i) => bin('and', w, i64(~(mask >> BigInt(64 * i)))));
  // Named, since the old value changes while limbs are assigned.
  return {
    w: fromLimbs(
      kept.map((w, i) => bin('or', w, placed[i] as W)),
      type,
    ).w.map((w) => code.let(w)),
    type,
  };
}
