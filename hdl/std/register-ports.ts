// The ports of a register bank, and what TypeScript sees of them.
//
// Contract: the names and directions listed in `register-bank.ts`; a field without a width is a bool, others are uint of their width.
// Refused: a register called `bus`.

import { type AnyPort, flip, input, output } from '../io-types.ts';
import { bool, uint } from '../types.ts';
import type { Bool, BoolVar, UInt, UIntVar } from '../value-types.ts';
import { axiLite } from './axi.ts';
import { refuse } from './refuse.ts';
import type { CheckedMap, Field, FieldDescription, RegisterMap } from './register-map.ts';

/** The ports of a bank: the slave side of AXI4-Lite as `bus`, then a record for each register. */
export function bankPorts({ registers, addressWidth, dataWidth }: CheckedMap) {
  const bus = flip(axiLite({ addressWidth, dataWidth }));
  const groups = registers.map((register) => {
    if (register.name === 'bus') refuse("a register is called `bus`, which is the name of the slave's port", 'rename the register');
    return [register.name, Object.fromEntries(register.fields.flatMap(fieldPorts))] as const;
  });
  return { bus, ...(Object.fromEntries(groups) as object) };
}

function fieldPorts({ name, access, width, flag }: Field): (readonly [string, AnyPort])[] {
  const type = flag ? bool : uint(width);
  const value = [name, output(type)] as const;
  switch (access) {
    case 'ro':
      return [[name, input(type)]];
    case 'rw':
      return [value];
    case 'wo':
      return [value, [`${name}_written`, output(bool)]];
    case 'w1c':
      return [value, [`${name}_set`, input(type)]];
    case 'w1s':
      return [value, [`${name}_clear`, input(type)]];
  }
}

type Flag<F, B, U> = F extends { readonly width: number } ? U : B;
type Read<F> = Flag<F, Bool, UInt>;
type Driven<F> = Flag<F, BoolVar, UIntVar>;
type Fields = { readonly [name: string]: FieldDescription };
/** Fields of one access. */
type Having<F extends Fields, A, K extends keyof F> = F[K]['access'] extends A ? K & string : never;
type FieldView<F extends Fields> = { readonly [K in keyof F]: F[K]['access'] extends 'ro' ? Driven<F[K]> : Read<F[K]> } & {
  readonly [K in keyof F as `${Having<F, 'wo', K>}_written`]: Bool;
} & { readonly [K in keyof F as `${Having<F, 'w1c', K>}_set`]: Driven<F[K]> } & {
  readonly [K in keyof F as `${Having<F, 'w1s', K>}_clear`]: Driven<F[K]>;
};
/** The hardware's side of a register map: `view.control.enable`. */
export type BankView<M extends RegisterMap> = { readonly [R in keyof M['registers']]: FieldView<M['registers'][R]['fields']> };
