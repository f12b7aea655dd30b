// A module: ports, state and children, written in the constructor of a class.
//
// Invariant: constructing a module fills exactly one definition; a definition is elaborated once for each (class, parameters) and
// shared. Refused: construction outside of `elaborate` or `inst`, a second `io()`.

import { type Builder, currentBuilder } from './builder.ts';
import { addDelay, type DelayOptions } from './delay.ts';
import { messages } from './diagnostics/messages.ts';
import { controlSignal, Domain, type DomainOptions, ownDomain } from './domain.ts';
import { Fsm } from './fsm.ts';
import { connectInstance } from './instance.ts';
import { declareValue, forEachPort } from './io.ts';
import type { Io, Outside, PortRecord, SpecOf } from './io-types.ts';
import * as build from './ir/build.ts';
import type { RegisterInfo } from './ir/nodes.ts';
import { signalsRead } from './ir/visit.ts';
import { leafName, leavesOf, typeLeaves } from './leaves.ts';
import { MemoryHandle, type MemoryOptions } from './memory.ts';
import { MeshHandle } from './mesh.ts';
import { currentSession } from './session.ts';
import { Origin } from './source.ts';
import { enumeration } from './types.ts';
import type { AnyValue, HwType, Literal, LiteralOf, Reset, SInt, SIntType, UInt, UIntType, ValueOf, VarOf, VecValue } from './value-types.ts';
import { HwValue, literalOf, makeValue } from './values.ts';

/** A module class that takes one configuration (or none). */
export type ModuleClass<M extends Module<unknown>> = new (cfg: M['cfg']) => M;
/** The configuration argument, absent for modules without one. */
export type ConfigArgs<M extends Module<unknown>> = M['cfg'] extends void ? [] : [cfg: M['cfg']];
/** The handle of an instance: its ports from outside. */
export type InstanceOf<M> = M extends { readonly p: infer P } ? Outside<SpecOf<P>> : never;
export type SpecOfModule<M> = M extends { readonly p: infer P } ? SpecOf<P> : never;

/** How a register starts and what clocks it. */
export interface RegOptions<T extends HwType> {
  /** Value after reset; a literal for ground types, a constant value of the type for others. Without it the register is not reset. */
  readonly reset?: ValueOf<T> | LiteralOf<T> | EveryLeaf<T>;
  /** Assigned in every cycle unless a later statement wins; the same as a `set` right after the declaration. */
  readonly next?: AnyWidth<T>;
  /** The domain, where it is not the one around. */
  readonly domain?: Domain;
  /** The reset, where it is not that of the domain; its type says the kind. */
  readonly resetWith?: Reset;
}

/** One literal for all leaves of an aggregate. */
type EveryLeaf<T> = T extends { readonly kind: 'vec' | 'bundle' } ? Literal | boolean : never;

/** A value of the type's kind; the width is checked by elaboration. */
type AnyWidth<T> = T extends UIntType ? UInt : T extends SIntType ? SInt : ValueOf<T>;

/**
 * Base of all modules. `C` is the configuration: plain data, since definitions are shared by it.
 *
 * ```ts
 * import { bool, elaborate, input, Module, output, uint, when } from 'systole';
 *
 * class Counter extends Module<{ width: number }> {
 *   readonly p = this.io({ enable: input(bool), value: output(uint(this.cfg.width)) });
 *   readonly count = this.reg(uint(this.cfg.width), { reset: 0 });
 *   constructor(cfg: { width: number }) {
 *     super(cfg);
 *     when(this.p.enable, () => this.count.set(this.count.addw(1)));
 *     this.p.value.set(this.count);
 *   }
 * }
 * elaborate(Counter, { width: 8 });
 * ```
 */
export abstract class Module<C = void> {
  readonly cfg: C;
  /** Every module declares `p = this.io({…})`. */
  abstract readonly p: unknown;
  readonly #builder: Builder;

  constructor(cfg: C) {
    this.cfg = cfg;
    this.#builder = currentBuilder(`new ${new.target.name}()`);
    this.#builder.holds(this, this.#builder.definition);
  }

  /** Declares the ports, in order. Nested records flatten with `_`, lists with the number: `lanes_0_valid`. Reports HDL-E002 on a second call. */
  protected io<const R extends PortRecord>(record: R): Io<R> {
    const builder = this.#builder;
    if (builder.portRecord) builder.report(messages.ioTwice(builder.here()));
    builder.portRecord = record;
    const at = Origin.here();
    return forEachPort(
      record,
      (names, direction, type, { arrival }) =>
        declareValue(builder, type, direction, names, { assignable: direction === 'output', arrival, at }).value,
    ) as Io<R>;
  }

  /** One sentence for the head of the emitted module. */
  protected describe(sentence: string): void {
    this.#builder.definition.doc = sentence;
  }

  /** A combinational signal; it must be assigned on every path. */
  protected wire<T extends HwType>(type: T): VarOf<T> {
    const at = Origin.here();
    const { value } = declareValue(this.#builder, type, 'wire', ['wire'], { assignable: true, named: false, at });
    this.#nameable(value, at);
    return value as unknown as VarOf<T>;
  }

  /**
   * A clock domain. What is made inside of `inDomain(domain, …)` belongs to it, and `reg(type, { domain })` puts one register there. A module in
   * which nothing is said belongs to the domain in which it is instantiated.
   * Reports HDL-K008 for what is no clock or no reset.
   */
  protected domain(options: DomainOptions): Domain {
    return new Domain(this.#builder, options);
  }

  /** A register of the present clock domain; it holds unless assigned. Reports HDL-K005 for an asynchronous reset to what is no constant, HDL-K006 where the domain has no reset. */
  protected reg<T extends HwType>(type: T, options: RegOptions<T> = {}): VarOf<T> {
    const { domain } = options;
    return domain ? this.#builder.inDomain(ownDomain(this.#builder, domain), () => this.#reg(type, options)) : this.#reg(type, options);
  }

  #reg<T extends HwType>(type: T, options: RegOptions<T>): VarOf<T> {
    const builder = this.#builder;
    const at = Origin.here();
    const [clock, enable] = [builder.clock(), builder.enable()];
    const resets = options.reset === undefined ? undefined : resetLeaves(builder, type, options.reset);
    const signal = resets && ((options.resetWith && controlSignal(builder, options.resetWith, 'reset')) ?? builder.reset());
    if (signal?.type.reset?.async && resets?.some((value) => value && signalsRead([value]).size > 0))
      builder.report(messages.asyncValue(builder.here()));
    let leaf = 0;
    const leaves = typeLeaves(type, (ground, dims, path) => {
      const value = resets?.[leaf++];
      const register: RegisterInfo = {
        clock,
        ...(enable && { enable }),
        ...(signal && value && { reset: { signal, value, ...signal.type.reset } }),
      };
      const declared = builder.declare({ role: 'reg', type: ground, dims, ...leafName(['reg', ...path]), named: false, at, register });
      return { expr: build.ref(declared), target: { signal: declared, path: [] } };
    });
    const value = makeValue(type, leaves);
    this.#nameable(value, at);
    if (options.next !== undefined) value.set(options.next);
    return value as unknown as VarOf<T>;
  }

  /**
   * A state machine: a register `state` over the named states (the first after reset unless `reset` says otherwise), with what happens in each
   * state given by `on`. Every state must be reached from the reset state by a chain of `goto`s, or HDL-F001.
   */
  protected fsm<const S extends string>(states: readonly [S, ...S[]], options: { readonly reset?: NoInfer<S>; readonly name?: string } = {}): Fsm<S> {
    const type = enumeration(options.name ?? 'State', states);
    const state = this.reg(type, { reset: (options.reset ?? states[0]) as never });
    const machine = new Fsm<S>(this.#builder, states, options.reset ?? states[0], state as never);
    this.#builder.nameable(machine, {
      at: Origin.here(),
      rename: (name) => (state as unknown as HwValue).named(/state/i.test(name) ? name : `${name}State`),
    });
    return machine;
  }

  /** An instance of a module; assign its inputs and read its outputs through the handle. */
  protected inst<M extends Module<unknown>>(cls: ModuleClass<M>, ...cfg: ConfigArgs<M>): InstanceOf<M> {
    // `addInstance`, written out: children nest as deep as the stack has room for the frames between them.
    const builder = this.#builder;
    return connectInstance(builder, Origin.here(), currentSession('inst()').elaborate(cls as never, cfg[0], builder.surroundings())) as InstanceOf<M>;
  }

  /** A regular array of instances, one node whatever its shape. */
  protected mesh<M extends Module<unknown>, const S extends readonly number[]>(
    cls: ModuleClass<M>,
    shape: S,
    ...cfg: ConfigArgs<M>
  ): MeshHandle<SpecOfModule<M>, S> {
    return new MeshHandle(this.#builder, cls as never, shape, cfg[0]);
  }

  /**
   * A memory of `depth` words of any data type; the lanes of a vector can be masked. A bundle is kept as one row of bits, its first field highest. See `MemoryHandle` for its ports.
   * Reports HDL-R001 on a depth, HDL-R002 on contents, HDL-R003 on a word type that a memory cannot have, HDL-R006 on a style that no RAM with these ports has.
   */
  protected memory<T extends HwType>(type: T, depth: number, options: MemoryOptions = {}): MemoryHandle<T> {
    return new MemoryHandle<T>(this.#builder, type, depth, options);
  }

  /** The value `depth` cycles ago (`depth` enabled cycles, with `enable`). Depth 0 is the value itself. */
  protected delay<V extends AnyValue>(value: V, depth: number, options: DelayOptions = {}): V {
    return addDelay(this.#builder, value as unknown as HwValue, depth, 0, options) as unknown as V;
  }

  /** Delays lane i of a vector by `first + step·i` cycles: the triangle of registers in front of and behind a systolic array. */
  protected skew<E extends HwType>(
    value: VecValue<E>,
    depths: { readonly first: number; readonly step: number },
    options: DelayOptions = {},
  ): VecValue<E> {
    return addDelay(this.#builder, value as unknown as HwValue, depths.first, depths.step, options) as unknown as VecValue<E>;
  }

  #nameable(value: HwValue, at: Origin): void {
    this.#builder.nameable(value, {
      at,
      rename: (name) => {
        for (const { path, leaf } of leavesOf(value.leaves)) {
          if (leaf.expr.op === 'ref' && !leaf.expr.signal.named) Object.assign(leaf.expr.signal, leafName([name, ...path]), { named: true });
        }
      },
    });
  }
}

function resetLeaves(builder: Builder, type: HwType, reset: unknown) {
  if (reset instanceof HwValue) return leavesOf(reset.leaves).map(({ leaf }) => leaf.expr);
  const leaves: ReturnType<typeof literalOf>[] = [];
  typeLeaves(type, (ground, dims) => {
    const value = literalOf(builder, reset, ground) ?? build.constant(ground, 0n);
    leaves.push(build.fill(value, dims));
    return { expr: value };
  });
  return leaves;
}

/** Connects the fields that two port groups share: each side's outputs drive the other side's inputs. */
export function connect(a: unknown, b: unknown): void {
  const builder = currentBuilder('connect()');
  if (a instanceof HwValue && b instanceof HwValue) {
    const assignable = (v: HwValue) => leavesOf(v.leaves).every(({ leaf }) => leaf.target !== undefined);
    if (assignable(a) && !assignable(b)) a.set(b);
    else if (assignable(b) && !assignable(a)) b.set(a);
    else builder.report(messages.notOneDriver(builder.here(), assignable(a)));
    return;
  }
  // An optional port that is absent is no field.
  const fields = (group: unknown) => Object.entries(group as object).filter(([, value]) => value !== undefined);
  const [left, right] = [fields(a), new Map(fields(b))];
  if (left.length !== right.size || left.some(([name]) => !right.has(name))) {
    builder.report(messages.notABoundary(builder.here(), left.map(([n]) => n).join(', '), [...right.keys()].join(', ')));
    return;
  }
  for (const [name, value] of left) connect(value, right.get(name));
}
