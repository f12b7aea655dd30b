// Enumerations: names for their values, and in SystemVerilog types of their own.
//
// Invariant: two enumerations of one name stay two. In SystemVerilog a signal is declared as its enumeration where every assignment gives it a member or
// a signal declared so, since Icarus 11 and Yosys 0.23 read no cast; others are vectors. Ports are vectors always.

import type { Definition, EnumInfo, Expr, Signal } from '../ir/nodes.ts';
import { visitStmts } from '../ir/visit.ts';
import type { Net, VEnum } from './ast.ts';

export class Enums {
  readonly #made: (hint: string, width: number) => Net;
  readonly #typed: ReadonlySet<Signal> | undefined;
  /** By value, those members that the module names; of a type all. */
  readonly #members = new Map<EnumInfo, Map<bigint, Net>>();
  readonly #types = new Map<EnumInfo, Net>();

  /** @param made makes a net without a name */
  constructor(definition: Definition, asTypes: boolean, made: (hint: string, width: number) => Net) {
    this.#made = made;
    this.#typed = asTypes ? typedSignals(definition) : undefined;
  }

  member(info: EnumInfo, value: bigint, width: number): Net | undefined {
    const name = nameOf(info, value);
    if (name === undefined) return undefined;
    if (this.#typed) this.#type(info, width);
    const members = this.#members.get(info) ?? new Map<bigint, Net>();
    this.#members.set(info, members);
    let net = members.get(value);
    if (!net) members.set(value, (net = this.#member(info, name, value, width)));
    return net;
  }

  /** The type that a signal is declared as. */
  typeOf(signal: Signal): Net | undefined {
    const { enumeration, width } = signal.type;
    return enumeration && this.#typed?.has(signal) ? this.#type(enumeration, width) : undefined;
  }

  /** Members that are constants, in order of their first use. */
  get constants(): Net[] {
    return this.#typed ? [] : [...this.#members.values()].flatMap((members) => [...members.values()]);
  }

  get types(): VEnum[] {
    return [...this.#types].map(([info, type]) => ({ type, members: [...(this.#members.get(info) ?? []).values()] as Net[] }));
  }

  /** Forgets those constants. */
  drop(nets: ReadonlySet<Net>): void {
    for (const members of this.#members.values()) for (const [value, net] of members) if (nets.has(net)) members.delete(value);
  }

  #type(info: EnumInfo, width: number): Net {
    let type = this.#types.get(info);
    if (!type) {
      this.#types.set(info, (type = this.#made(`${info.name}_e`, width)));
      this.#members.set(info, new Map([...info.members].map(([name, value]) => [value, this.#member(info, name, value, width)])));
    }
    return type;
  }

  #member(info: EnumInfo, name: string, value: bigint, width: number): Net {
    return { ...this.#made(`${info.name}_${name}`, width), constant: value };
  }
}

function nameOf({ members }: EnumInfo, value: bigint): string | undefined {
  return [...members].find(([, code]) => code === value)?.[0];
}

/** Registers and wires to which only members of their enumeration are assigned. */
function typedSignals({ signals, body }: Definition): Set<Signal> {
  const typed = new Set(
    signals.filter((s) => (s.role === 'reg' || s.role === 'wire') && s.type.enumeration && s.type.width > 0 && s.dims.length === 0),
  );
  const isTyped = (to: Signal, value: Expr): boolean => {
    const info = to.type.enumeration as EnumInfo;
    if (value.type.enumeration !== info) return false;
    if (value.op === 'const') return nameOf(info, value.value) !== undefined;
    return value.op === 'ref' && typed.has(value.signal);
  };
  for (const signal of typed) {
    const { reset, initial } = signal.register ?? {};
    if ((reset && !isTyped(signal, reset.value)) || initial) typed.delete(signal);
  }
  for (;;) {
    const before = typed.size;
    visitStmts(body, (stmt) => {
      if (stmt.kind !== 'assign' || !typed.has(stmt.target.signal)) return;
      const { signal, bits } = stmt.target;
      if (bits || !isTyped(signal, stmt.value)) typed.delete(signal);
    });
    if (typed.size === before) return typed;
  }
}
