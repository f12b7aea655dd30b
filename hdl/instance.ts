// Instances: the parent's side of a child's ports.

import type { Builder } from './builder.ts';
import { declareValue, forEachPort } from './io.ts';
import type { PortRecord } from './io-types.ts';
import { type Definition, type Instance, ports, type Signal } from './ir/nodes.ts';
import { type AnyModuleClass, currentSession } from './session.ts';
import { Origin } from './source.ts';

/** Elaborates the child and declares a pin for each of its ports; clock and reset are connected to the parent's own. */
export function addInstance(builder: Builder, cls: AnyModuleClass, cfg: unknown): object {
  const at = Origin.here();
  const { definition, portRecord } = currentSession('inst()').elaborate(cls, cfg);
  const pins = new Map<Signal, Signal>();
  const childPorts = ports(definition);
  for (const port of childPorts) {
    const domain = domainSignal(builder, port);
    if (domain) pins.set(port, domain);
  }
  let next = 0;
  const data = childPorts.filter((port) => !pins.has(port));
  const made: Signal[] = [];
  const handle = forEachPort(portRecord as PortRecord, (name, direction, type) => {
    const { value, signals } = declareValue(builder, type, direction === 'input' ? 'sink' : 'source', name, direction === 'input', false);
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
  builder.children.set(handle, instance);
  return handle;
}

/** The parent's clock or reset for such a port of a child. */
export function domainSignal(builder: Builder, port: Signal): Signal | undefined {
  if (port.type.kind === 'clock') return builder.clock();
  if (port.type.kind === 'reset') return builder.reset();
  return undefined;
}

/** What an instance is called until a field or a constant names it. */
export function instanceName(definition: Definition): string {
  return `u_${definition.name}`;
}

function inPortOrder(pins: ReadonlyMap<Signal, Signal>, order: readonly Signal[]): Map<Signal, Signal> {
  return new Map(order.map((port) => [port, pins.get(port) as Signal]));
}
