// What makes a design, whoever says it: flags, a YAML file, a script.
//
// Invariants: a `DesignConfig` was checked, so that everything behind this file may trust it; its canonical text and hash depend on nothing else.
// Refused, each with its own message: sizes that are not whole numbers from 1 to MAX_SIZE, dataflows and resets that do not exist, names that are not Verilog
// identifiers or too long for a file name, and requests without rows or cols.

import { createHash } from 'node:crypto';
import {
  type ArrayConfig,
  CUBE,
  DATAFLOW_WORDS,
  DATAFLOWS,
  type Dataflow,
  type Drain,
  drainProblem,
  MAX_SIZE,
  RESET_KINDS,
  type ResetKind,
} from '../generators/array-config.ts';
import { type PeConfig, processingElement } from '../generators/pe/index.ts';
import { isReserved } from '../hdl/verilog/reserved.ts';
import { ELEMENT_KEYS, resolveElement } from './element.ts';
import { withPreset } from './presets.ts';
import { parseInteger, type Setting, type Settings, show } from './setting.ts';
import { suggest } from './suggest.ts';
import { parseTile, tileText } from './tile.ts';
import { withUnit } from './unit.ts';
import { UserError } from './user-error.ts';

/** A design folder's content follows from this and the version of the generator. */
export interface DesignConfig extends ArrayConfig {
  /** The top module. */
  readonly name: string;
  readonly reset: ResetKind;
}

export const DESIGN_KEYS = ['rows', 'cols', 'unit', 'outputs', 'dataflow', 'tile', 'drain', 'reset', 'name', 'preset', ...ELEMENT_KEYS] as const;

/** Module files are `<name>_<part>.v`: within the 255 bytes of common file systems. */
const MAX_NAME = 128;

/** @throws UserError naming the first setting that is wrong, or rows or cols when missing */
export function resolveDesign(given: Settings): DesignConfig {
  const settings = withUnit(withPreset(given));
  const rows = parseSize('rows', required('rows', settings['rows']));
  const cols = parseSize('cols', required('cols', settings['cols']));
  const dataflow = settings['dataflow'] ? parseDataflow(settings['dataflow']) : 'ws';
  if (dataflow === 'cube') checkCube({ rows, cols }, settings);
  const reset = settings['reset'] ? parseReset(settings['reset']) : 'sync';
  const pe = resolveElement(settings, dataflow);
  const tile = settings['tile'] ? parseTile(settings['tile'], { rows, cols, dataflow, pe }) : undefined;
  const drain = settings['drain'] ? parseDrain(settings['drain'], { dataflow, tile }) : undefined;
  const name = settings['name'] ? parseName(settings['name']) : defaultName({ rows, cols, dataflow, pe, tile, drain });
  return { rows, cols, dataflow, reset, name, ...(pe && { pe }), ...(tile && { tile }), ...(drain && { drain }) };
}

/** `systolic_<rows>x<cols>_<dataflow>`, `dot_…` or `cube_…`, the tiles unless they are single elements, `_through` where sums drain so, and the element unless it is int8. */
export function defaultName({ rows, cols, dataflow, pe, tile, drain }: ArrayConfig): string {
  const form = dataflow === 'dot' || dataflow === 'cube' ? `${dataflow}_${rows}x${cols}` : `systolic_${rows}x${cols}_${dataflow.replace('+', '_')}`;
  return `${form}${tile ? `_tile${tileText(tile)}` : ''}${drain ? `_${drain}` : ''}${pe ? `_${processingElement(pe).name}` : ''}`;
}

/** One line of JSON, keys in alphabetical order; a synchronous reset that is active high goes without saying. */
export function canonicalText({ rows, cols, dataflow, reset, name, pe, tile, drain }: DesignConfig): string {
  const tiles = tile && { tile: { cols: tile.cols, rows: tile.rows } };
  return JSON.stringify({
    cols,
    dataflow,
    ...(drain && { drain }),
    name,
    ...(pe && { pe: sorted(pe) }),
    ...(reset !== 'sync' && { reset }),
    rows,
    ...tiles,
  });
}

/** With its keys in alphabetical order. */
function sorted(pe: PeConfig): object {
  return Object.fromEntries(Object.entries(pe).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 of the canonical text, in hexadecimal. */
export function configHash(config: DesignConfig): string {
  return createHash('sha256').update(canonicalText(config)).digest('hex');
}

/** Number of rows or columns. @throws UserError */
export function parseSize(key: 'rows' | 'cols', { value, place }: Setting): number {
  return parseInteger(key, { value, place }, 1, MAX_SIZE);
}

/** @throws UserError */
export function parseDataflow({ value, place }: Setting): Dataflow {
  const found = DATAFLOWS.find((d) => d === value);
  if (found) return found;
  const near =
    typeof value === 'string' ? (suggest(value, DATAFLOWS) ?? DATAFLOWS.find((d) => value.toLowerCase().startsWith(d[0] as string))) : undefined;
  const words = DATAFLOWS.map((d) => `${d} (${DATAFLOW_WORDS[d].stays})`);
  throw new UserError({
    code: 'bad-dataflow',
    message: `dataflow is ${show(value)}, which does not exist: it must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    place,
    help: near ? `did you mean ${near}?` : `write ${DATAFLOWS.slice(0, -1).join(', ')} or ${DATAFLOWS.at(-1)}`,
  });
}

/** Draining through registers of their own goes without saying. @throws UserError */
function parseDrain({ value, place }: Setting, array: Pick<ArrayConfig, 'dataflow' | 'tile'>): Drain | undefined {
  if (value === 'register') return undefined;
  const wrong = (message: string, help: string) => new UserError({ code: 'bad-drain', message: `drain is ${show(value)}${message}`, place, help });
  if (value !== 'through')
    throw wrong(
      ', which does not exist: it must be register or through',
      'write one of them: through needs less hardware, register drains a tile while the next begins',
    );
  const refused = drainProblem(array);
  if (refused) throw wrong(`: ${refused.problem}`, refused.help);
  return value;
}

/** @throws UserError */
function parseReset({ value, place }: Setting): ResetKind {
  const found = RESET_KINDS.find((kind) => kind === value);
  if (found) return found;
  const near = typeof value === 'string' ? suggest(value, RESET_KINDS) : undefined;
  throw new UserError({
    code: 'bad-reset',
    message: `reset is ${show(value)}, which does not exist: it must be sync, sync-low, async or async-low`,
    place,
    help: near ? `did you mean ${near}?` : 'write one of them; -low is active low',
  });
}

/** @throws UserError */
export function parseName({ value, place }: Setting): string {
  const refuse = (why: string, help: string) => {
    throw new UserError({ code: 'bad-name', message: `name is ${show(value)}, ${why}`, place, help });
  };
  if (typeof value !== 'string')
    return refuse(
      'which is not text: it must be a Verilog identifier',
      'write a name such as my_array, in quotes if it reads as a number or a word of YAML',
    );
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) {
    return refuse(
      'which is not a Verilog identifier: letters, digits and _ are allowed, not beginning with a digit',
      `choose such a name, for instance ${identifierFrom(value)}`,
    );
  }
  if (isReserved(value))
    return refuse('which is a reserved word of Verilog or SystemVerilog', `choose another name, for instance my_${value.toLowerCase()}`);
  if (value.includes('__'))
    return refuse(
      'which has two underscores in a row: Verilator writes such names in another way',
      `choose another name, for instance ${value.replace(/__+/g, '_')}`,
    );
  if (value.length > MAX_NAME)
    return refuse(`which has ${value.length} characters: files are named after it, so it has at most ${MAX_NAME}`, 'choose a shorter name');
  return value;
}

/** @throws UserError */
function checkCube(size: Pick<ArrayConfig, 'rows' | 'cols'>, settings: Settings): void {
  for (const key of ['rows', 'cols'] as const) {
    if (size[key] === CUBE) continue;
    const { value, place } = settings[key] as Setting;
    throw new UserError({
      code: `bad-${key}`,
      message: `${key} is ${show(value)}, and a cube is ${CUBE} x ${CUBE} x ${CUBE}`,
      place,
      help: `leave ${key} out, or choose another dataflow: a dot-product unit (--unit dot) has any number of lanes and outputs`,
    });
  }
}

function identifierFrom(text: string): string {
  const legal = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(legal) && !isReserved(legal) && legal.length <= MAX_NAME ? legal : 'my_array';
}

function required(key: string, setting: Setting | undefined): Setting {
  if (setting) return setting;
  throw new UserError({
    code: `missing-${key}`,
    message: `${key} is missing: an array needs a number of rows and a number of columns`,
    help: `pass --${key} N, or write ${key}: N in the file that --config names (behind npm run, flags follow --: npm run gen -- --rows 16 --cols 16)`,
  });
}
