// A setting of the user's, from a flag or a file, with its place.
//
// Refused: what is no whole number where one is wanted, with the range; what is neither true nor false.

import { UserError } from './user-error.ts';

/** A value as the user wrote it. */
export interface Setting {
  readonly value: unknown;
  /** The flag, or `file:line:column`. */
  readonly place: string;
}

/** Settings by key. */
export type Settings = Readonly<Record<string, Setting | undefined>>;

/**
 * A whole number from a flag (text) or from YAML (number).
 *
 * @throws UserError
 */
export function parseInteger(key: string, { value, place }: Setting, min: number, max: number): number {
  const number = fromFlag(place) && typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
  const refuse = (why: string) => {
    throw new UserError({
      code: `bad-${key}`,
      message: `${key} is ${show(value)}, ${why}: it must be a whole number from ${min} to ${max}`,
      place,
      help: fromFlag(place)
        ? `pass such a number, for instance ${place} ${Math.min(16, max)}`
        : `write such a number, for instance ${key}: ${Math.min(16, max)}`,
    });
  };
  if (typeof number !== 'number') return refuse(`which is ${typeof value === 'string' ? 'text, not a number' : 'not a number'}`);
  if (Number.isNaN(number)) return refuse('which is not a number');
  if (number < min) return refuse(`which is below ${min}`);
  if (number > max) return refuse(`which is above ${max}`);
  if (!Number.isInteger(number)) return refuse('which has a fraction');
  return number;
}

/** True or false. @throws UserError */
export function parseSwitch(key: string, { value, place }: Setting, purpose: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new UserError({
    code: `bad-${key}`,
    message: `${key} is ${show(value)}: it must be true or false`,
    place,
    help: `write true to ${purpose}`,
  });
}

function fromFlag(place: string): boolean {
  return place.startsWith('--');
}

/** A value for a message: text in quotes, at most 60 characters. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
