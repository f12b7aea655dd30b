// The payload of a stream as one bundle, and cells placed by functions: what the stream cells share.
//
// Invariant: a payload is every field of a stream but `valid` and `ready`, in order of declaration.

import { currentBuilder } from '../builder.ts';
import { addInstance } from '../instance.ts';
import { flip, input, output, type Port } from '../io-types.ts';
import { fieldTypes } from '../leaves.ts';
import type { InstanceOf, Module, ModuleClass } from '../module.ts';
import { bool } from '../types.ts';
import type { AnyValue, BoolType, BundleType, BundleValue, BundleVar, Fields, HwType } from '../value-types.ts';
import { type HwValue, makeValue } from '../values.ts';
import { refuse } from './refuse.ts';

/** The static type of a cell's stream ports; the payload's fields are there too, but only a function such as `fifo` knows their types. */
export type ProducerPorts = { readonly valid: Port<'output', BoolType>; readonly ready: Port<'input', BoolType> };
export type ConsumerPorts = { readonly valid: Port<'input', BoolType>; readonly ready: Port<'output', BoolType> };

/** Throws HDL-C001 when a payload has a field of the handshake's name. */
export function checkPayload(payload: Fields): void {
  for (const name of ['valid', 'ready']) {
    if (name in payload)
      refuse(`a payload has a field \`${name}\`, which is a name of the handshake`, `rename the field; payload fields travel beside valid and ready`);
  }
}

export function producerOf(payload: Fields): ProducerPorts {
  checkPayload(payload);
  const fields = Object.fromEntries(fieldTypes(payload).map(([name, type]) => [name, output(type)]));
  return { valid: output(bool), ready: input(bool), ...fields };
}

export function consumerOf(payload: Fields): ConsumerPorts {
  return flip(producerOf(payload));
}

/** The payload fields of a stream. */
export function fieldsOf(stream: object): { readonly [name: string]: AnyValue } {
  return Object.fromEntries(Object.entries(stream).filter(([name]) => name !== 'valid' && name !== 'ready')) as { [name: string]: AnyValue };
}

/** The types of a stream's payload. */
export function payloadTypes(stream: object): Fields {
  return Object.fromEntries(Object.entries(fieldsOf(stream)).map(([name, value]) => [name, typeOf(value)]));
}

function typeOf(value: AnyValue): HwType {
  return (value as unknown as HwValue).hwType;
}

/** A record of values as one bundle; assigning it assigns the record's own signals. */
export function asBundle(fields: { readonly [name: string]: AnyValue }): BundleValue<Fields> {
  const values = Object.entries(fields).map(([name, value]) => [name, value as unknown as HwValue] as const);
  const type: BundleType = { kind: 'bundle', fields: Object.fromEntries(values.map(([name, value]) => [name, value.hwType])) };
  return makeValue(type, Object.fromEntries(values.map(([name, value]) => [name, value.leaves]))) as unknown as BundleValue<Fields>;
}

/** The payload of a stream as one bundle that can be stored, chosen and, on the driven side, assigned. */
export function payloadOf(stream: object): BundleVar<Fields> {
  return asBundle(fieldsOf(stream)) as BundleVar<Fields>;
}

/** Instantiates a cell in the module under construction; it takes its name from the user's constant or field. */
export function place<M extends Module<unknown>>(cls: ModuleClass<M>, cfg: M['cfg']): InstanceOf<M> {
  return addInstance(currentBuilder(cls.name), cls as never, cfg) as InstanceOf<M>;
}
