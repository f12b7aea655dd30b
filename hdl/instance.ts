// Instances: the parent's side of a child's ports.

import type { Builder, DomainPorts } from './builder.ts';
import { declareValue, forEachPort } from './io.ts';
import type { PortRecord } from './io-types.ts';
import { type Definition, type Instance, ports, type Signal } from './ir/nodes.ts';
import { type AnyModuleClass, currentSession, type Elaborated } from './session.ts';
import { Origin } from './source.ts';

/** Elaborates the child and connects it. */
export function addInstance(builder: Builder, cls: AnyModuleClass, cfg: unknown): object {
  return connectInstance(builder, Origin.here(), currentSession('inst()').elaborate(cls, cfg, builder.surroundings()));
}

/** Declares a pin for each port of a child that has been elaborated; those of its surrounding domain are connected to the parent's. */
export function connectInstance(builder: Builder, at: Origin, { definition, portRecord, domainPorts }: Elaborated): object {
  const pins = new Map<Signal, Signal>(domainPins(builder, domainPorts));
  const childPorts = ports(definition);
  let next = 0;
  // In the order of the record.
  const data = childPorts.filter((port) => !pins.has(port)).sort((a, b) => a.id - b.id);
  const made: Signal[] = [];
  const handle = forEachPort(portRecord as PortRecord, (names, direction, type) => {
    const { value, signals } = declareValue(builder, type, direction === 'input' ? 'sink' : 'source', names, {
      assignable: direction === 'input',
      named: false,
      at,
    });
    for (const signal of signals) pins.set(data[next++] as Signal, signal);
    made.push(...signals);
    return value;
  });
  const instance: Instance = { name: instanceName(definition), named: false, definition, pins: inPortOrder(pins, childPorts), at };
  builder.definition.instances.push(instance);
  const rename = (name: string): void => {
    instance.name = name;
    instance.named = true;
    const names = new Map([...instance.pins].map(([port, pin]) => [pin, port.name]));
    for (const pin of made) pin.name = `${name}_${names.get(pin)}`;
  };
  rename(instance.name);
  instance.named = false;
  builder.nameable(handle, { at, rename });
  builder.holds(handle, instance);
  return handle;
}

/** What a child takes from the domain that it is instantiated in: its port and the parent's signal. */
export function domainPins(builder: Builder, { clock, reset, enable }: DomainPorts): [port: Signal, pin: Signal][] {
  const pins: [Signal, Signal][] = [];
  if (clock) pins.push([clock, builder.clock()]);
  if (reset) pins.push([reset, builder.reset()]);
  const enabled = enable && builder.enable();
  if (enable && enabled) pins.push([enable, enabled]);
  return pins;
}

/** What an instance is called until a field or a constant names it. */
export function instanceName(definition: Definition): string {
  return `u_${definition.name}`;
}

function inPortOrder(pins: ReadonlyMap<Signal, Signal>, order: readonly Signal[]): Map<Signal, Signal> {
  return new Map(order.map((port) => [port, pins.get(port) as Signal]));
}
