// A combinational signal is driven on every path, every bit of it. Registers hold and need no driver.
//
// Method: walk the statements with, for each signal, the set of bits driven so far (a bigint mask over elements × width); a
// conditional drives what both branches drive. The first path that leaves a bit undriven is reported.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { messages } from '../diagnostics/messages.ts';
import { expressionText } from '../ir/describe.ts';
import { count, type Definition, type Signal, type Stmt, type Target } from '../ir/nodes.ts';

type Driven = Map<Signal, bigint>;

export function checkDrivers(definition: Definition): Diagnostic[] {
  if (definition.external) return [];
  const driven: Driven = new Map();
  drive(definition.body, driven);
  const found: Diagnostic[] = [];
  for (const signal of definition.signals) {
    if (signal.role !== 'wire' && signal.role !== 'output' && signal.role !== 'sink') continue;
    const missing = full(signal) & ~(driven.get(signal) ?? 0n);
    if (missing === 0n) continue;
    const role = signal.role === 'sink' ? 'input of a child' : signal.role;
    found.push(
      messages.undriven(
        { at: signal.at, module: definition.name },
        signal.name,
        role,
        missingPath(definition.body, signal, missing),
        bitsText(signal, missing),
      ),
    );
  }
  return found;
}

function full(signal: Signal): bigint {
  return ones(signal.type.width * count(signal.dims));
}

function ones(n: number): bigint {
  return (1n << BigInt(n)) - 1n;
}

/** The bits that an assignment surely drives; an element chosen by a signal is none for sure. */
function targetMask({ signal, path, bits }: Target): bigint {
  const { width } = signal.type;
  let [offset, size] = [0, count(signal.dims)];
  for (const [i, index] of path.entries()) {
    size /= signal.dims[i] as number;
    if (typeof index !== 'number') return 0n;
    offset += index * size;
  }
  if (bits) return ones(bits.hi - bits.lo + 1) << BigInt(offset * width + bits.lo);
  return ones(size * width) << BigInt(offset * width);
}

function drive(stmts: readonly Stmt[], driven: Driven): void {
  for (const stmt of stmts) {
    if (stmt.kind === 'assign') {
      const { signal } = stmt.target;
      if (signal.role !== 'reg') driven.set(signal, (driven.get(signal) ?? 0n) | targetMask(stmt.target));
      continue;
    }
    const [yes, no]: [Driven, Driven] = [new Map(), new Map()];
    drive(stmt.then, yes);
    drive(stmt.else, no);
    for (const [signal, mask] of yes) driven.set(signal, (driven.get(signal) ?? 0n) | (mask & (no.get(signal) ?? 0n)));
  }
}

/** ` when c is false and d is true`: the first path on which some missing bit stays undriven; empty when no path drives any. */
function missingPath(stmts: readonly Stmt[], signal: Signal, missing: bigint): string {
  for (const stmt of stmts) {
    if (stmt.kind !== 'when') continue;
    const branches = [stmt.then, stmt.else].map((branch) => {
      const driven: Driven = new Map();
      drive(branch, driven);
      return { branch, mask: (driven.get(signal) ?? 0n) & missing, some: mentions(branch, signal) };
    });
    if (!branches.some((b) => b.some)) continue;
    const bad = branches.findIndex((b) => b.mask !== missing);
    const at = stmt.at.location();
    const where = at ? ` (line ${at.line})` : '';
    const branch = branches[bad];
    if (!branch) continue;
    const rest = branch.some ? missingPath(branch.branch, signal, missing).replace(/^ when/, ' and') : '';
    return ` when ${expressionText(stmt.cond)} is ${bad === 0}${where}${rest}`;
  }
  return '';
}

function mentions(stmts: readonly Stmt[], signal: Signal): boolean {
  return stmts.some((s) => (s.kind === 'assign' ? s.target.signal === signal : mentions(s.then, signal) || mentions(s.else, signal)));
}

function bitsText(signal: Signal, missing: bigint): string {
  if (missing === full(signal)) return '';
  const first = missing.toString(2).split('').reverse().indexOf('1');
  const { width } = signal.type;
  const bit = first % width;
  return signal.dims.length > 0 ? `(element ${Math.floor(first / width)}, bit ${bit}) ` : `(bit ${bit}) `;
}
