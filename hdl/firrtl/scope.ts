// Names and lines of one FIRRTL module.
//
// Invariant: every name is unique in its module and legal in Verilog too, so that what firtool prints has the names that our own Verilog has.

import type { Dims, GroundType, Signal } from '../ir/nodes.ts';
import { locator, type Origin } from '../source.ts';
import { legalName } from '../verilog/names.ts';

/** `UInt<8>`, `SInt<4>`, `Clock`, `AsyncReset`; an array is written from the innermost dimension outwards. */
export function typeText(type: GroundType, dims: Dims = []): string {
  const ground = type.kind === 'clock' ? 'Clock' : isAsync(type) ? 'AsyncReset' : `${type.kind === 'sint' ? 'SInt' : 'UInt'}<${type.width}>`;
  return (
    ground +
    [...dims]
      .reverse()
      .map((d) => `[${d}]`)
      .join('')
  );
}

export function isAsync(type: GroundType): boolean {
  return type.kind === 'reset' && type.reset?.async === true;
}

export class Scope {
  /** Declarations and nodes: they stand before the statements. */
  readonly head: string[] = [];
  readonly body: string[] = [];
  readonly #names = new Map<Signal, string>();
  readonly #taken = new Set<string>();
  readonly #locators: boolean;

  constructor(locators: boolean) {
    this.#locators = locators;
  }

  /** Where in the source something was said, behind its line: ` @[path line:column]`. */
  info(at: Origin): string {
    const place = this.#locators ? at.location() : undefined;
    return place ? ` @[${locator(place).replace(/:(\d+)$/, ' $1')}:${place.column}]` : '';
  }

  /** A new name like `hint`. */
  unique(hint: string): string {
    const base = legalName(hint) || 'unnamed';
    let name = base;
    for (let i = 1; this.#taken.has(name); i++) name = `${base}_${i}`;
    this.#taken.add(name);
    return name;
  }

  /** Says how a signal is written: a name of its own, or a port of a child. */
  call(signal: Signal, text: string): void {
    this.#names.set(signal, text);
  }

  name(signal: Signal): string {
    return this.#names.get(signal) as string;
  }

  has(signal: Signal): boolean {
    return this.#names.has(signal);
  }

  wire(hint: string, type: GroundType, dims: Dims = []): string {
    const name = this.unique(hint);
    this.head.push(`wire ${name} : ${typeText(type, dims)}`);
    return name;
  }
}
