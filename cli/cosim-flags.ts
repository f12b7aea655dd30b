// Flags of npm run cosim, checked.
//
// Refused: sizes below 1, stalls outside of 0 to 0.95, engines that do not exist, a design given twice or not at all.

import { show } from '../flows/setting.ts';
import { suggest } from '../flows/suggest.ts';
import { UserError } from '../flows/user-error.ts';
import { ENGINES, type EngineName } from '../sim/cosim/types.ts';
import { type DesignFlags, integerFlag } from './options.ts';

/** As commander gives them. */
export interface CosimFlags extends DesignFlags {
  readonly design?: string;
  readonly engines?: string;
  readonly m?: string;
  readonly k?: string;
  readonly n?: string;
  readonly operands?: string;
  readonly seed?: string;
  readonly stall?: string;
  readonly withD?: true;
  readonly vcd?: string;
  readonly json?: true;
}

/** Largest M, K or N. */
export const MAX_LENGTH = 1_000_000;
export const MAX_SEED = 0xffffffff;
/** Above it a stream would hardly ever move. */
const MAX_STALL = 0.95;

/** A length, or what stands for it when the flag is absent. */
export function lengthFlag(key: 'm' | 'k' | 'n', text: string | undefined, absent: number): number {
  return text === undefined ? absent : integerFlag(key, text, 1, MAX_LENGTH);
}

export function seedFlag(text: string | undefined): number {
  return text === undefined ? 1 : integerFlag('seed', text, 0, MAX_SEED);
}

export function stallFlag(text: string | undefined): number {
  return text === undefined ? 0.25 : parseStall(text.trim() === '' ? text : Number(text), '--stall', text);
}

/** @throws UserError unless it is a number from 0 to 0.95 */
export function parseStall(value: unknown, place: string, shown: unknown = value): number {
  if (typeof value === 'number' && value >= 0 && value <= MAX_STALL) return value;
  throw new UserError({
    code: 'bad-stall',
    message: `stall is ${show(shown)}: it must be a number from 0 to ${MAX_STALL}, the share of cycles in which a stream pauses`,
    place,
    help: 'write for instance 0.25, or 0 for no pauses',
  });
}

export function enginesFlag(text: string | undefined): readonly EngineName[] {
  return text === undefined
    ? ENGINES
    : parseEngines(
        text.split(',').map((name) => name.trim()),
        '--engines',
      );
}

/** In the order of `ENGINES`. @throws UserError on one that does not exist, or none */
export function parseEngines(names: readonly unknown[], place: string): readonly EngineName[] {
  for (const name of names) {
    if (ENGINES.includes(name as EngineName)) continue;
    const near = typeof name === 'string' ? suggest(name, ENGINES) : undefined;
    throw new UserError({
      code: 'bad-engines',
      message: `${show(name)} is no engine: the engines are ${ENGINES.join(', ')}`,
      place,
      help: near ? `did you mean ${near}?` : 'name some of them, separated by commas',
    });
  }
  if (names.length === 0)
    throw new UserError({ code: 'bad-engines', message: 'no engine is named', place, help: `name some of ${ENGINES.join(', ')}` });
  return ENGINES.filter((engine) => names.includes(engine));
}
