// Prepare: from a definition to the Verilog constructs that it becomes. Every decision about the output is taken here.

import {
  count,
  type Definition,
  type Delay,
  type EnumInfo,
  type Expr,
  type Instance,
  linkPins,
  type Memory,
  ports,
  type Signal,
  type Stmt,
} from '../ir/nodes.ts';
import { Notes } from './annotations.ts';
import type { AsyncEdge, Net, Noted, VConnection, VExpr, VItem, VModule, VStmt, VTable } from './ast.ts';
import { combinational, drivingStatements } from './combinational.ts';
import { Enums } from './enums.ts';
import * as v from './expr.ts';
import { constantOf, type Known, knownBits } from './known-bits.ts';
import { exact } from './lower-expr.ts';
import { lowerMemory } from './memories.ts';
import { lowerMesh, type MeshScope } from './meshes.ts';
import { makeNet, type NetPlan, planNets } from './nets.ts';
import { noPlaces } from './places.ts';
import { zeroLane } from './print-generate.ts';
import { lowerProperties, type PropertyStyle } from './properties.ts';
import { lowerRegisters, lowerReset } from './registers.ts';
import { onlyRead, unusedBits, withoutDead } from './unused-bits.ts';

/** Names of the indices of nested loops. */
const GENVARS = ['i', 'j', 'k', 'l'];

export interface PrepareOptions {
  readonly locators?: boolean;
  readonly contents?: 'inline' | 'files';
  readonly style?: PropertyStyle;
}

/** Prepares one definition. `moduleName` gives the final name of a definition. */
export function prepareModule(definition: Definition, moduleName: (definition: Definition) => string, options: PrepareOptions = {}): VModule {
  // Tools follow constants through wires. A wire that turns out constant makes others so; hardly any module has one.
  const constants = new Map<Signal, bigint>();
  for (;;) {
    const before = constants.size;
    const module = new Preparation(definition, moduleName, options, constants).run();
    if (constants.size === before) return module;
  }
}

class Preparation implements MeshScope {
  readonly memo = new Map<Expr, VExpr>();
  items: VItem[] = [];
  readonly plan: NetPlan;
  readonly contentsInFiles: boolean;
  sink = '';
  readonly #definition: Definition;
  readonly #moduleName: (definition: Definition) => string;
  readonly #nets = new Map<Signal, Net>();
  readonly #declared: Net[] = [];
  readonly #enums: Enums;
  readonly #style: PropertyStyle | undefined;
  readonly #genvars: Net[] = [];
  readonly #tables: { readonly array: Expr; readonly table: VTable }[] = [];
  /** By the net and by the length of its outermost dimension: one net can be an array of arrays, and its first element. */
  readonly #reversed = new Map<Net, Map<number, Net>>();
  readonly #notes: Notes;
  readonly #places = noPlaces();
  /** Signals that continuous assignments keep at one value. */
  readonly #fixed: Map<Signal, bigint>;
  #start: Net | undefined;

  constructor(
    definition: Definition,
    moduleName: (definition: Definition) => string,
    { locators = false, contents, style }: PrepareOptions,
    fixed: Map<Signal, bigint>,
  ) {
    this.#notes = new Notes(locators);
    this.contentsInFiles = contents === 'files';
    this.#fixed = fixed;
    this.#definition = definition;
    this.#style = style;
    this.#moduleName = moduleName;
    // Without a style there are properties only for whoever looks at their conditions.
    this.plan = planNets(definition, new Set(style ? [] : definition.properties.map((p) => p.condition)));
    this.#enums = new Enums(definition, style === 'sv', (hint, width) => this.made(hint, width));
  }

  run(): VModule {
    const { signals, instances, meshes, delays, memories, properties, body, name } = this.#definition;
    const judged = new Set(this.#style === 'formal' ? properties.map((p) => p.condition) : []);
    for (const signal of signals) if (!judged.has(signal)) this.#declare(signal);
    const driving = drivingStatements(body);
    for (const signal of signals) {
      if (judged.has(signal)) continue;
      if (signal.role === 'wire' || signal.role === 'output' || signal.role === 'sink') combinational(this, driving.get(signal) ?? [], signal);
    }
    for (const mesh of meshes) {
      const pins = mesh.links.flatMap(linkPins).map(([pin]) => pin);
      const item = lowerMesh(this, mesh, this.#moduleName(mesh.definition));
      this.#places.meshes.push({ blocks: item.blocks, instance: item.element, definition: mesh.definition });
      this.items.push({ ...item, ...this.#beside(mesh, pins) });
    }
    for (const instance of instances) this.#instance(instance);
    for (const delay of delays) this.#delay(delay);
    for (const memory of memories) {
      lowerMemory(this, memory, this.#beside(memory, memoryPins(memory)), (net) => {
        this.declare(net);
        this.#places.memories.set(memory, net);
      });
    }
    lowerRegisters(this, this.#definition);
    if (this.#style === 'formal') this.#formal();
    else if (this.#style === 'sv' && properties.length > 0)
      this.items.push({ k: 'checks', style: 'sv', nets: [], constants: [], items: [], groups: lowerProperties(this, properties) });
    this.#findConstants();
    const items = withoutDead(this.items);
    for (const signal of signals) {
      const net = this.#nets.get(this.plan.takes.get(signal) ?? signal);
      if (net) this.#places.nets.set(signal, net);
    }
    const list = ports(this.#definition).filter((p) => this.#nets.has(p));
    const unusedNet = this.made('_unused_ok', 1);
    const nets = this.#declared;
    return {
      name: this.#moduleName(this.#definition) || name,
      ...this.#head(),
      ports: list.map((p) => ({ net: this.net(p), direction: p.role as 'input' | 'output' })),
      constants: onlyRead(items, this.#enums.constants),
      enums: this.#enums.types,
      tables: this.#tables.map((t) => t.table),
      nets: nets.filter((n) => n.origin !== 'port'),
      items,
      unused: unusedBits(items, nets),
      unusedNet,
      genvars: this.#genvars,
      places: this.#places,
    };
  }

  noted(stmts: readonly Stmt[]): Noted {
    return this.#notes.ofStmts(stmts);
  }

  /** A module's own sentence and comments. */
  #head(): Pick<VModule, 'notes' | 'locator' | 'attributes'> {
    const { doc, annotations, at } = this.#definition;
    const comment = [doc, annotations?.comment ?? ''].filter((text) => text !== '').join('\n');
    return this.#notes.of({ annotations: { ...annotations, ...(comment && { comment }) }, at });
  }

  /** What stands beside a child: its own comment, then the sections of statements whose values stand in its connections. */
  #beside(child: Parameters<Notes['of']>[0], pins: Iterable<Signal>): ReturnType<Notes['of']> {
    const own = this.#notes.of(child);
    const { dropped, droppedAt } = this.plan;
    const inside = [...new Set([...pins].flatMap((s) => droppedAt.get(s) ?? []))].sort((a, b) => (dropped.get(a) ?? 0) - (dropped.get(b) ?? 0));
    const notes = [...(own.notes ?? []), ...(this.#notes.ofStmts(inside).notes ?? [])];
    return { ...own, ...(notes.length > 0 && { notes }) };
  }

  /** Properties and all that only they need, apart from the rest. */
  #formal(): void {
    const { properties, body } = this.#definition;
    if (properties.length === 0) return;
    const [main, constants, declared] = [this.items, new Set(this.#enums.constants), this.#declared.length];
    this.items = [];
    for (const { condition } of properties) this.#declare(condition);
    const driving = drivingStatements(body);
    for (const { condition } of properties) combinational(this, driving.get(condition) ?? [], condition);
    const groups = lowerProperties(this, properties);
    const own = this.#enums.constants.filter((net) => !constants.has(net));
    this.#enums.drop(new Set(own));
    main.push({
      k: 'checks',
      style: 'formal',
      groups,
      items: this.items,
      nets: this.#declared.splice(declared),
      constants: own,
    });
    this.items = main;
  }

  uses(expr: Expr): number {
    return this.plan.uses.get(expr) ?? 0;
  }

  whole(signal: Signal): VExpr {
    const inline = this.plan.inline.get(signal);
    if (inline) return exact(this, inline);
    return v.net(this.net(signal));
  }

  net(signal: Signal): Net {
    const net = this.#nets.get(this.plan.takes.get(signal) ?? signal);
    if (!net) throw new Error(`internal: no net for ${signal.name}`);
    return net;
  }

  hoist(what: string, value: VExpr, signed = false, name?: string): Net {
    const net: Net = {
      hint: name ?? (this.sink.endsWith(what) ? this.sink : `${this.sink}_${what}`),
      origin: 'made',
      width: value.width,
      signed,
      variable: false,
      name: '',
      ...known(value),
    };
    this.items.push({ k: 'define', net, value });
    return net;
  }

  divide(what: string, value: VExpr & { readonly k: 'binary' }): Net {
    const hint = `${this.sink}_${what}`;
    const { signed, width } = value;
    const net = this.made(hint, width, signed);
    const operands = [this.made('dividend', width, signed), this.made('divisor', width, signed)] as const;
    this.items.push({ k: 'divide', net, fn: this.made(`${hint}_of`, width, signed), operands, value });
    return net;
  }

  member(enumeration: EnumInfo, value: bigint, width: number): Net | undefined {
    return this.#enums.member(enumeration, value, width);
  }

  table(array: Expr, indexWidth: number, entries: readonly bigint[]): VTable {
    const known = this.#tables.find((t) => t.array === array && t.table.index.width === indexWidth);
    if (known) return known.table;
    const hint = this.sink.endsWith('table') ? this.sink : `${this.sink}_table`;
    const table = { net: this.made(hint, array.type.width), index: this.made('index', indexWidth), entries };
    this.#tables.push({ array, table });
    return table;
  }

  reversed(source: Net, length: number): Net {
    const byLength = this.#reversed.get(source) ?? new Map<number, Net>();
    this.#reversed.set(source, byLength);
    const known = byLength.get(length);
    if (known) return known;
    const target = this.made(`${source.hint}_reversed`, source.width);
    this.#declared.push(target);
    byLength.set(length, target);
    this.items.push({
      k: 'reverse',
      block: this.made(`${source.hint}_reverse`, 1),
      genvar: this.genvars(1)[0] as Net,
      length,
      width: source.width / length,
      target,
      source,
    });
    return target;
  }

  /** The indices of nested loops, the outermost first; all loops of the module share them. */
  genvars(n: number): readonly Net[] {
    while (this.#genvars.length < n) this.#genvars.push(this.made(GENVARS[this.#genvars.length] ?? 'index', 1));
    return this.#genvars.slice(0, n);
  }

  declare(net: Net): void {
    this.#declared.push(net);
  }

  start(): Net {
    if (!this.#start) this.items.push({ k: 'start', net: (this.#start = this.made('started', 1)) });
    return this.#start;
  }

  made(hint: string, width: number, signed = false): Net {
    return { hint, origin: 'made', width, signed, variable: false, name: '' };
  }

  #declare(signal: Signal): void {
    if (signal.type.width === 0 || this.plan.inline.has(signal) || this.plan.takes.has(signal)) return;
    const value = this.#fixed.get(signal);
    const typedef = this.#enums.typeOf(signal);
    const net = {
      ...makeNet(signal, this.plan.unpacked.has(signal), this.#notes.of(signal)),
      ...(value !== undefined && { known: value }),
      ...(typedef && { typedef }),
    };
    this.#nets.set(signal, net);
    this.#declared.push(net);
  }

  #findConstants(): void {
    const found = new Map<Net, Known>();
    for (const item of this.items) {
      if (item.k !== 'assign' || (item.target.k !== 'net' && item.target.k !== 'part')) continue;
      const lo = BigInt(item.target.k === 'part' ? item.target.lo : 0);
      const before = found.get(item.target.net) ?? { mask: 0n, value: 0n };
      const { mask, value } = knownBits(item.value);
      found.set(item.target.net, { mask: before.mask | (mask << lo), value: before.value | (value << lo) });
    }
    for (const [signal, net] of this.#nets) {
      const known = found.get(net);
      if (known?.mask === v.ones(net.width)) this.#fixed.set(signal, known.value);
    }
  }

  #instance(instance: Instance): void {
    const connections = [...instance.pins].flatMap(([port, pin]) => (port.type.width === 0 ? [] : [this.#connection(port, pin)]));
    const name = this.made(instance.name, 1);
    this.#places.instances.push({ blocks: [], instance: name, definition: instance.definition });
    this.items.push({
      k: 'instance',
      module: this.#moduleName(instance.definition),
      name,
      connections,
      parameters: instance.definition.external?.parameters,
      ...this.#beside(instance, instance.pins.values()),
    });
  }

  #connection(port: Signal, pin: Signal): VConnection {
    this.sink = pin.name;
    const value = this.whole(pin);
    // Yosys 0.23 stops at a port that an expression of signed operands feeds.
    const plain = value.k !== 'call' && (value.k === 'net' || !value.signed);
    return { port: port.name, value: plain ? value : v.net(this.hoist('value', value, value.signed)), output: port.role === 'output' };
  }

  asNet(value: VExpr): Net {
    return value.k === 'net' ? value.net : this.hoist('lanes', value);
  }

  #delay(delay: Delay): void {
    const { input, output, first, step } = delay;
    if (output.type.width === 0) return;
    this.sink = input.name;
    const clock = this.net(delay.clock);
    const enable = delay.enable && this.whole(delay.enable);
    const { cond: reset, also } = delay.reset ? lowerReset(this, delay.reset) : {};
    const value = this.whole(input);
    const lanes = input.dims[0] ?? 1;
    const width = (output.type.width * count(output.dims)) / lanes;
    if (step !== 0 && lanes > 1) {
      const [block, stages] = [this.made(`${delay.output.name}_lane`, 1), this.made('stages', 1)];
      const labels = zeroLane(first, step, lanes) === undefined ? undefined : { direct: this.made('direct', 1), line: this.made('line', 1) };
      this.#places.delays.set(delay, { block, inner: labels?.line, stages });
      this.items.push({
        k: 'lanes',
        block,
        ...(labels && { labels }),
        genvar: this.genvars(1)[0] as Net,
        stages,
        next: this.made('next', 1),
        length: lanes,
        width,
        first,
        step,
        input: this.asNet(value),
        output: this.net(output),
        clock,
        ...(enable && { enable }),
        ...(reset && { reset }),
        ...(also && { also }),
      });
      return;
    }
    this.#uniformDelay(delay, value, { clock, enable, reset, also });
  }

  #uniformDelay(
    delay: Delay,
    value: VExpr,
    {
      clock,
      enable,
      reset,
      also,
    }: Readonly<Record<'enable' | 'reset', VExpr | undefined>> & { readonly clock: Net; readonly also: AsyncEdge | undefined },
  ): void {
    const output = this.net(delay.output);
    const { width } = output;
    const depth = delay.first;
    if (depth === 0) {
      this.items.push({ k: 'assign', target: v.net(output), value });
      return;
    }
    const stages = this.made(`${output.hint}_stages`, width * depth);
    stages.variable = true;
    this.#declared.push(stages);
    this.#places.delays.set(delay, { stages });
    const next = depth === 1 ? value : v.concat([v.part(stages, width * (depth - 1) - 1, 0), value]);
    const update: VStmt = { k: 'set', target: v.net(stages), value: next };
    const enabled: readonly VStmt[] = enable ? [{ k: 'if', cond: enable, then: [update], else: [] }] : [update];
    const clear: VStmt = { k: 'set', target: v.net(stages), value: v.literal(0n, stages.width) };
    this.items.push(
      { k: 'clocked', clock, body: reset ? [{ k: 'if', cond: reset, then: [clear], else: enabled }] : enabled, ...(also && { also }) },
      { k: 'assign', target: v.net(output), value: v.part(stages, width * depth - 1, width * (depth - 1)) },
    );
  }
}

function memoryPins({ reads, writes }: Memory): Signal[] {
  return [
    ...reads.flatMap(({ address, data, registered }) => [address, data, ...(registered ? [registered.enable] : [])]),
    ...writes.flatMap(({ address, data, enable, mask }) => [address, data, enable, ...(mask ? [mask] : [])]),
  ];
}

function known(value: VExpr): { readonly known?: bigint } {
  const constant = constantOf(value);
  return constant === undefined ? {} : { known: constant };
}
