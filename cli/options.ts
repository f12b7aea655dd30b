// Flags: what all commands share, and commander made to throw our errors.
//
// Refused: unknown flags, missing arguments, words that are not flags.

import { type Command, CommanderError } from 'commander';
import { DESIGN_KEYS } from '../flows/design-config.ts';
import { parseInteger, type Settings, show } from '../flows/setting.ts';
import { suggest } from '../flows/suggest.ts';
import { UserError } from './errors.ts';
import type { Io } from './io.ts';

/** The flags that describe a design. */
export interface DesignFlags {
  readonly rows?: string;
  readonly cols?: string;
  readonly unit?: string;
  readonly outputs?: string;
  readonly dataflow?: string;
  readonly tile?: string;
  readonly drain?: string;
  readonly reset?: string;
  readonly name?: string;
  readonly preset?: string;
  readonly pe?: string;
  readonly precision?: string;
  readonly accumulate?: string;
  readonly overflow?: string;
  readonly pipeline?: string;
  readonly lanes?: string;
  readonly masked?: true;
  readonly gated?: true;
  readonly block?: string;
  readonly form?: string;
  readonly sparse?: string;
  readonly config?: string;
}

/** Adds `--rows`, `--cols`, `--dataflow`, `--reset`, `--name` and `--config`. */
export function addDesignFlags(command: Command): Command {
  return command
    .option('--rows <R>', 'rows of processing elements, 1 to 1024')
    .option('--cols <C>', 'columns of processing elements, 1 to 1024')
    .option('--dataflow <FLOW>', 'what stays in the array: ws weights, os sums, is activations, ws+os weights or sums by tile (default: ws)')
    .option('--unit <UNIT>', 'systolic; dot: products of --lanes K added up by a tree for each of --outputs N; cube: 4x4x4 (default: systolic)')
    .option('--outputs <N>', 'outputs of a dot-product unit, 1 to 1024')
    .option('--preset <NAME>', 'a design by name, which other flags change; npm run gen -- --list tells them')
    .option('--pe <KIND>', 'processing element: int, float, xnor, ternary, fusible, bit-serial or mx (default: as the precision tells, else int)')
    .option(
      '--precision <P>',
      'int2 to int16, uint2 to uint16, uint8xint4 (activations x weights), fp32, fp16, bf16, fp8e4m3, fp8e5m2, mxint8, mxfp8e4m3, mxfp8e5m2, mxfp6e3m2, mxfp6e2m3, mxfp4e2m1, binary, ternary; several with commas between for a fusible element (default: int8)',
    )
    .option(
      '--accumulate <TYPE>',
      'type of the sums: int2 to int256, or a float format (default: int32; int16 for xnor and ternary; floats as the operands)',
    )
    .option('--overflow <HOW>', 'int sums that do not fit: wrap or saturate (default: wrap)')
    .option('--pipeline <P[,S]>', 'registers in front of the sum, and of floats from sum to sum (default: 0,1)')
    .option('--lanes <K>', 'lanes of a dot-product unit; beside --rows, and in arrays, those of an xnor, ternary or bit-serial element (default: 32)')
    .option('--masked', 'xnor weights say which lanes count')
    .option('--gated', 'int operands that are zero switch no multiplier; needs --pipeline 1 or more')
    .option('--block <K>', 'elements of an MX block: 32, 16, 8, 4, 2 or 1 (default: 32)')
    .option(
      '--form <form>',
      'how an int element multiplies: multiply, fused (with its sum in one DSP block) or radix4 (half of the LUTs where there are no DSP blocks)',
    )
    .option('--sparse <2:4>', 'int and float weights of which two in each four along K are not zero: four activations a step (default: dense)')
    .option('--tile <RxC>', 'registers every R rows and C columns of elements, in ws, os and is (default: 1x1)')
    .option(
      '--drain <HOW>',
      'in os, register: a tile drains while the next begins; through: through the accumulators, with less hardware (default: register)',
    )
    .option('--reset <KIND>', 'reset of all state: sync, sync-low, async or async-low (default: sync)')
    .option('--name <NAME>', 'name of the top module (default: from the array)')
    .option('--config <FILE>', 'a YAML file with keys named as these flags; flags win over it');
}

/** The word of a flag, one of several. @throws UserError `bad-<key>` */
export function oneOf<T extends string>(key: string, value: string, all: readonly T[]): T {
  const found = all.find((name) => name === value);
  if (found) return found;
  const near = suggest(value, all);
  throw new UserError({
    code: `bad-${key}`,
    message: `${key} ${show(value)} is none of ${all.join(', ')}`,
    place: `--${key}`,
    help: near ? `did you mean ${near}?` : `give one of ${all.join(', ')}`,
  });
}

/**
 * Parses flags.
 *
 * @returns the flags, or undefined when help was asked for and printed
 * @throws UserError
 */
export function parseFlags<Flags extends object>(command: Command, argv: readonly string[], io: Pick<Io, 'out'>): Flags | undefined {
  command.exitOverride().allowExcessArguments(true).showSuggestionAfterError(false);
  command.configureHelp({ commandUsage: (c) => `npm run ${c.name()} -- ${c.usage().replace(/^-- /, '')}` });
  command.configureOutput({ writeOut: io.out, writeErr: () => undefined, outputError: () => undefined });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return undefined;
    throw flagError(error, command);
  }
  for (const [key, value] of Object.entries(command.opts())) {
    if (typeof value === 'string' && value.startsWith('--'))
      throw missingArgument(command, `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`);
  }
  const [stray] = command.args;
  if (stray !== undefined) {
    throw new UserError({
      code: 'unexpected-argument',
      message: `unexpected word ${JSON.stringify(stray)}: everything is said by flags`,
      help: `see npm run ${command.name()} -- --help; npm passes flags on only behind --`,
    });
  }
  return command.opts<Flags>();
}

function flagError(error: CommanderError, command: Command): UserError {
  const known = [...command.options.flatMap((o) => (o.long ? [o.long] : [])), '--help'];
  const flag = /(--?[^\s'<]+)/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownOption') {
    const near = suggest(flag, known);
    return new UserError({
      code: 'unknown-flag',
      message: `unknown flag ${flag}: the flags are ${known.join(', ')}`,
      help: near ? `did you mean ${near}?` : `see npm run ${command.name()} -- --help`,
    });
  }
  if (error.code === 'commander.optionMissingArgument') {
    return missingArgument(command, flag);
  }
  return new UserError({ code: 'bad-flags', message: error.message.replace(/^error: /, ''), help: `see npm run ${command.name()} -- --help` });
}

function missingArgument(command: Command, flag: string): UserError {
  return new UserError({
    code: 'missing-argument',
    message: `${flag} is given without a value`,
    place: flag,
    help: `write the value behind it; see npm run ${command.name()} -- --help`,
  });
}

/**
 * The number that a flag gives.
 *
 * @throws UserError unless it is whole and in the range
 */
export function integerFlag(key: string, text: string, min: number, max: number): number {
  return parseInteger(key, { value: text, place: `--${key}` }, min, max);
}

/**
 * The settings of a design: those of the file, if one is named, and over them those of the flags.
 *
 * @param extraKeys keys that the file may have besides those of a design
 * @throws UserError
 */
export function designSettings(flags: DesignFlags, io: Pick<Io, 'cwd'>, extraKeys: readonly string[] = []): Promise<Settings> {
  return settingsOf(flags, io, [...DESIGN_KEYS, ...extraKeys]);
}

/** The settings of these keys: those of the file that `--config` names, and over them those of the flags. @throws UserError */
export async function settingsOf(flags: { readonly config?: string }, io: Pick<Io, 'cwd'>, keys: readonly string[]): Promise<Settings> {
  const fromFile = flags.config === undefined ? {} : await fileSettings(flags.config, io.cwd, keys);
  const fromFlags = keys.flatMap((key) => {
    const value = (flags as Record<string, string | boolean | undefined>)[key];
    return value === undefined ? [] : [[key, { value, place: `--${key}` }] as const];
  });
  return { ...fromFile, ...Object.fromEntries(fromFlags) };
}

async function fileSettings(path: string, cwd: string, keys: readonly string[]): Promise<Settings> {
  const { readYamlSettings } = await import('../flows/yaml-file.ts');
  return readYamlSettings({ path, cwd, keys, flag: '--config' });
}
