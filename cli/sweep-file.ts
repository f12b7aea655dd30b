// The YAML file of a sweep.
//
// Refused, with file, line and column: unknown keys, empty lists, values that the flags of gen and cosim would refuse, grids of absurd size.

import { parseDataflow } from '../flows/design-config.ts';
import { checkOperands, ELEMENT_KEYS, resolveElement } from '../flows/element.ts';
import { parseInteger, type Setting, type Settings, show } from '../flows/setting.ts';
import { UserError } from '../flows/user-error.ts';
import { readYamlSettings } from '../flows/yaml-file.ts';
import { type Dataflow, MAX_SIZE, peOf } from '../generators/array-config.ts';
import type { PeConfig } from '../generators/pe/index.ts';
import { caseCount, type SweepGrid } from '../sim/cosim/sweep/cases.ts';
import { ENGINES } from '../sim/cosim/types.ts';
import { MAX_LENGTH, MAX_SEED, parseEngines, parseStall } from './cosim-flags.ts';

const KEYS = ['rows', 'cols', 'dataflow', 'm', 'k', 'n', 'withD', 'stall', 'seed', 'engines', 'operands', ...ELEMENT_KEYS] as const;
type Key = (typeof KEYS)[number];
const MAX_CASES = 1_000_000;

/**
 * Reads a sweep. Every key holds a value or a list of values; rows, cols, m, k and n must be there.
 *
 * @param path as the user wrote it
 * @throws UserError
 */
export function readSweep(path: string, cwd: string): SweepGrid {
  const settings: Partial<Record<Key, Setting>> = readYamlSettings({ path, cwd, keys: KEYS, flag: 'FILE' });
  const list = <T>(key: Key, parse: (item: Setting) => T, absent?: readonly T[]): readonly T[] => {
    const setting = settings[key];
    if (!setting && absent) return absent;
    return itemsOf(key, setting, path).map(parse);
  };
  const integers = (key: Key, min: number, max: number, absent?: readonly number[]) => list(key, (item) => parseInteger(key, item, min, max), absent);
  const dataflow = list<Dataflow>('dataflow', parseDataflow, ['ws']);
  const pe = elementsOf(settings, dataflow, path);
  const grid: SweepGrid = {
    rows: integers('rows', 1, MAX_SIZE),
    cols: integers('cols', 1, MAX_SIZE),
    dataflow,
    pe,
    operands: list('operands', (item) => pe.map((each) => checkOperands('operands', item, peOf({ pe: each })))[0], [undefined]),
    m: integers('m', 1, MAX_LENGTH),
    k: integers('k', 1, MAX_LENGTH),
    n: integers('n', 1, MAX_LENGTH),
    withD: list('withD', parseFlag, [false]),
    stall: list('stall', ({ value, place }) => parseStall(value, place), [0]),
    seed: integers('seed', 0, MAX_SEED, [1]),
    engines: settings.engines
      ? parseEngines(
          itemsOf('engines', settings.engines, path).map(({ value }) => value),
          settings.engines.place,
        )
      : ENGINES,
  };
  const count = caseCount(grid);
  if (count > MAX_CASES)
    throw new UserError({
      code: 'sweep-too-large',
      message: `the sweep has ${count} cases, more than ${MAX_CASES}`,
      place: `${path}:1:1`,
      help: 'shorten some lists',
    });
  return grid;
}

/** The elements that all combinations of their settings make, each in every dataflow. */
function elementsOf(settings: Partial<Record<Key, Setting>>, dataflows: readonly Dataflow[], path: string): (PeConfig | undefined)[] {
  const given = ELEMENT_KEYS.filter((key) => settings[key] !== undefined);
  const combined = given.reduce<Settings[]>(
    (all, key) => all.flatMap((one) => itemsOf(key, settings[key], path).map((item) => ({ ...one, [key]: item }))),
    [{}],
  );
  const elements = combined.map((one) => dataflows.map((dataflow) => resolveElement(one, dataflow))[0]);
  return [...new Map(elements.map((pe) => [JSON.stringify(pe), pe])).values()];
}

/** The values of a key: those of its list, or the one value. */
function itemsOf(key: Key, setting: Setting | undefined, path: string): Setting[] {
  if (!setting)
    throw new UserError({
      code: `missing-${key}`,
      message: `${key} is missing: a sweep needs rows, cols, m, k and n`,
      place: `${path}:1:1`,
      help: `add a line such as ${key}: [4, 8]`,
    });
  const { value, place } = setting;
  if (!Array.isArray(value)) return [setting];
  if (value.length === 0)
    throw new UserError({ code: `bad-${key}`, message: `${key} is an empty list`, place, help: 'name at least one value, or remove the key' });
  return value.map((item: unknown) => ({ value: item, place }));
}

function parseFlag({ value, place }: Setting): boolean {
  if (typeof value === 'boolean') return value;
  throw new UserError({
    code: 'bad-withD',
    message: `withD is ${show(value)}: it must be true or false`,
    place,
    help: 'write true to add a matrix D',
  });
}
