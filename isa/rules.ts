// The rules of one field of the table, for encoder and decoder alike.
//
// Contract: a rule broken is a sentence that names value, rule and remedy; undefined when all is well.

import type { AcceleratorConfig } from './config.ts';
import { type FieldSpec, INSTRUCTIONS, type InstructionSpec, type Mnemonic } from './instructions.ts';

/** Smallest and largest value that a field holds: its width, sign, limits, names and the configuration. */
export function rangeOf(spec: FieldSpec, config: AcceleratorConfig): readonly [least: bigint, most: bigint] {
  const { width, signed, least, most, names, positionIn } = spec;
  const size = 1n << BigInt(width);
  const [low, high] = signed ? [-size / 2n, size / 2n - 1n] : [0n, size - 1n];
  const length = names?.length ?? (positionIn && config[positionIn].length);
  return [least === undefined ? low : BigInt(least), most === undefined ? (length === undefined ? high : BigInt(length - 1)) : BigInt(most)];
}

/** What a value must be a multiple of; 1 when nothing is asked. */
export function multipleOf({ multipleOf: of }: FieldSpec, config: AcceleratorConfig): number {
  return of === undefined ? 1 : config[of];
}

/** What is wrong with a value. */
export function fieldFault(spec: FieldSpec, value: bigint, config: AcceleratorConfig): string | undefined {
  const [least, most] = rangeOf(spec, config);
  if (value < least || value > most) {
    const choice = spec.names ? `, one of ${spec.names.join(', ')}` : spec.positionIn ? `, a position in ${config[spec.positionIn].join(', ')}` : '';
    return `is ${value}, but must be ${least} to ${most}${choice}`;
  }
  const unit = BigInt(multipleOf(spec, config));
  if (value % unit === 0n) return undefined;
  const below = value - (((value % unit) + unit) % unit);
  return `is ${value}, but must be a multiple of ${unit} (${spec.multipleOf} of the array), for instance ${below}`;
}

/** The instructions with their names, in the order of the table. */
export const ENTRIES = Object.entries(INSTRUCTIONS) as readonly (readonly [Mnemonic, InstructionSpec])[];

/** Whether it is an instruction's name. */
export function isMnemonic(name: string): name is Mnemonic {
  return Object.hasOwn(INSTRUCTIONS, name);
}

/** The candidate that shares the longest beginning and end with a word that is none. */
export function nearest(word: string, candidates: readonly string[]): string {
  const common = (a: string, b: string): number => {
    let n = 0;
    while (n < a.length && a[n] === b[n]) n++;
    return n;
  };
  const turned = (s: string): string => [...s].reverse().join('');
  const score = (c: string): number => common(word, c) + common(turned(word), turned(c));
  return candidates.reduce((best, c) => (score(c) > score(best) ? c : best), candidates[0] ?? '');
}
