// Children in FIRRTL: instances, the elements of meshes, external modules.
//
// Invariant: an external module has the names and the packed vectors of its Verilog; wires beside each instance of it hold its vectors as vectors.

import { widthOf } from '../ir/build.ts';
import { count, type Definition, type Dims, type Instance, type Mesh, type MeshEnter, type ParameterValue, ports, type Signal } from '../ir/nodes.ts';
import { legalName } from '../verilog/names.ts';
import { asKind, at, cat, literal, positions, unsigned } from './exprs.ts';
import { type Scope, typeText } from './scope.ts';

export type ModuleName = (definition: Definition) => string;

/** How a port is spelt: an external module's as it is. */
export function portName(port: Signal, { external }: Definition): string {
  return external ? port.name : legalName(port.name);
}

/** An external module: its ports, its name in Verilog and its parameters. */
export function extmodule(name: string, definition: Definition): string[] {
  const { name: defname, parameters } = definition.external as NonNullable<Definition['external']>;
  const list = ports(definition).map((p) => {
    const type = p.dims.length > 0 ? `UInt<${p.type.width * count(p.dims)}>` : typeText(p.type);
    return `  ${p.role} ${p.name} : ${type}`;
  });
  const values = [...parameters].map(([p, value]) => `  parameter ${p} = ${parameterText(value)}`);
  return [`extmodule ${name} :`, ...list, `  defname = ${defname}`, ...values, ''];
}

/** Small whole numbers and reals are FIRRTL's own; what has a width is Verilog's text. */
function parameterText(value: ParameterValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value);
  const whole = BigInt(typeof value === 'object' ? value.value : value);
  if (typeof value !== 'object' && BigInt.asIntN(32, whole) === whole) return String(whole);
  const size = typeof value === 'object' ? value.width : widthOf(whole, whole < 0n ? 'sint' : 'uint');
  return `'${size}\\'${whole < 0n ? 's' : ''}h${BigInt.asUintN(size, whole).toString(16)}'`;
}

export function instance(scope: Scope, child: Instance, moduleName: ModuleName): void {
  const name = scope.unique(child.name);
  scope.head.push(`inst ${name} of ${moduleName(child.definition)}${scope.info(child.at)}`);
  for (const [port, pin] of child.pins) {
    const text = portText(scope, name, child.definition, port);
    if (pin.role === 'sink' || pin.role === 'source') scope.call(pin, text);
    else scope.body.push(`connect ${text}, ${scope.name(pin)}`);
  }
}

/** A port of an instance; of an external module's vector, the wire that stands for it. */
function portText(scope: Scope, instance: string, definition: Definition, port: Signal): string {
  const packed = `${instance}.${portName(port, definition)}`;
  const { dims, type } = port;
  if (!definition.external || dims.length === 0) return packed;
  const wire = scope.wire(`${instance}_${port.name}`, type, dims);
  const all = positions(dims);
  if (port.role === 'input')
    scope.body.push(
      `connect ${packed}, ${cat(
        [...all].reverse().map((i) => unsigned(at(wire, i), type)),
        type.width * all.length,
      )}`,
    );
  else
    all.forEach((i, n) => {
      scope.body.push(`connect ${at(wire, i)}, ${asKind(`bits(${packed}, ${(n + 1) * type.width - 1}, ${n * type.width})`, type)}`);
    });
  return wire;
}

export function mesh(scope: Scope, child: Mesh, moduleName: ModuleName): void {
  const elements = positions(child.shape);
  const stem = scope.unique(child.name);
  const texts = new Map<string, string>();
  const key = (e: readonly number[], p: Signal): string => `${e.join()} ${p.name}`;
  const exists = new Set(elements.map((e) => e.join()));
  for (const e of elements) {
    const name = scope.unique(`${stem}_${e.join('_')}`);
    scope.head.push(`inst ${name} of ${moduleName(child.definition)}${scope.info(child.at)}`);
    for (const p of ports(child.definition)) texts.set(key(e, p), portText(scope, name, child.definition, p));
  }
  const port = (e: readonly number[], p: Signal): string => texts.get(key(e, p)) as string;
  const choose = (pin: Signal, indices: readonly number[]): string => at(scope.name(pin), indices);
  const connect = (to: string, from: string): void => void scope.body.push(`connect ${to}, ${from}`);
  for (const link of child.links) {
    if (link.kind === 'feed' || link.kind === 'collect') {
      const pick = (e: readonly number[]): number[] => link.axes.map((a) => e[a] as number);
      for (const e of elements) {
        if (link.kind === 'feed') connect(port(e, link.to), choose(link.pin, pick(e)));
        else connect(choose(link.pin, pick(e)), port(e, link.from));
      }
    } else if (link.kind === 'index') {
      for (const e of elements) connect(port(e, link.to), literal(link.to.type, BigInt(link.first + dot(link.step, e))));
    } else {
      const edge = (e: readonly number[]): number[] => e.filter((_, i) => link.vector[i] === 0);
      const moved = (e: readonly number[], sign: number): number[] => e.map((x, i) => x + sign * (link.vector[i] as number));
      for (const e of elements) {
        const before = moved(e, -1);
        connect(port(e, link.to), exists.has(before.join()) ? port(before, link.from) : entering(link.enters, child.shape, e, before));
        if (link.leave && !exists.has(moved(e, 1).join())) connect(choose(link.leave, edge(e)), port(e, link.from));
      }
    }
  }

  /** What an element takes whose predecessor lies outside: of the first axis that leads there. */
  function entering(enters: readonly MeshEnter[], shape: Dims, e: readonly number[], before: readonly number[]): string {
    const outside = (axis: number): boolean => (before[axis] as number) < 0 || (before[axis] as number) >= (shape[axis] as number);
    const { pin, axes, axis, first } = enters.find((enter) => outside(enter.axis)) as MeshEnter;
    return choose(
      pin,
      axes.map((a) => (e[a] as number) - (a === axis ? first : 0)),
    );
  }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
}

/** Pins of children that are wires of their own, since no port of an instance carries them. */
export function loosePins(definition: Definition): Signal[] {
  const own = new Set(definition.instances.flatMap((i) => [...i.pins.values()]));
  return definition.signals.filter((s) => (s.role === 'sink' || s.role === 'source') && !own.has(s));
}
