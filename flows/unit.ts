// The unit that a user asks for by another name than its dataflow: `--unit dot --lanes K --outputs N`, `--unit cube`.
//
// Invariant: what comes out says it by rows, cols and dataflow alone. Refused: units that do not exist, a dataflow that is not the unit's, a size said twice, outputs of
// anything but a dot-product unit.

import { CUBE } from '../generators/array-config.ts';
import { type Setting, type Settings, show } from './setting.ts';
import { suggest } from './suggest.ts';
import { UserError } from './user-error.ts';

const UNITS = ['systolic', 'dot', 'cube'] as const;
const FLOWS: readonly unknown[] = ['dot', 'cube'];

/** The settings without `unit` and `outputs`. @throws UserError */
export function withUnit(settings: Settings): Settings {
  const { unit, outputs, ...rest } = settings;
  const kind = unit ? unitOf(unit) : undefined;
  const { dataflow } = rest;
  if (unit && kind === 'systolic' && FLOWS.includes(dataflow?.value)) throw contradiction(unit, dataflow as Setting);
  const own = kind === undefined || kind === 'systolic' ? {} : { dataflow: { value: kind, place: (unit as Setting).place } };
  if (unit && kind !== 'systolic' && dataflow && dataflow.value !== kind) throw contradiction(unit, dataflow);
  const flow = own.dataflow?.value ?? dataflow?.value;
  if (outputs && flow !== 'dot')
    throw new UserError({
      code: 'bad-outputs',
      message: `outputs is ${show(outputs.value)}: only a dot-product unit has outputs`,
      place: outputs.place,
      help: 'add --unit dot, or say the columns of an array by cols',
    });
  return { ...rest, ...own, ...(flow === 'dot' ? dotSize(rest, outputs) : flow === 'cube' ? cubeSize(rest) : {}) };
}

function unitOf({ value, place }: Setting): (typeof UNITS)[number] {
  const found = UNITS.find((u) => u === value);
  if (found) return found;
  const near = typeof value === 'string' ? suggest(value, UNITS) : undefined;
  throw new UserError({
    code: 'bad-unit',
    message: `unit is ${show(value)}, which does not exist: there are ${UNITS.join(', ')}`,
    place,
    help: near ? `did you mean ${near}?` : 'write one of them; systolic arrays have a dataflow besides',
  });
}

function contradiction(unit: Setting, dataflow: Setting): UserError {
  return new UserError({
    code: 'bad-unit',
    message: `unit is ${show(unit.value)} and dataflow is ${show(dataflow.value)}, which is another unit`,
    place: unit.place,
    help: 'leave one of them out: dot and cube are dataflows of their own',
  });
}

/** Lanes are rows and outputs columns; lanes beside rows are those of the element. */
function dotSize({ rows, cols, lanes }: Settings, outputs: Setting | undefined): Settings {
  if (outputs && cols)
    throw new UserError({
      code: 'bad-outputs',
      message: `outputs is ${show(outputs.value)} and cols is ${show(cols.value)}, which say the same of a dot-product unit`,
      place: outputs.place,
      help: 'leave one of them out',
    });
  return { ...(!rows && lanes && { rows: lanes, lanes: undefined }), ...(outputs && { cols: outputs }) };
}

function cubeSize({ rows, cols, dataflow }: Settings): Settings {
  const size = { value: CUBE, place: dataflow?.place ?? '--unit' };
  return { rows: rows ?? size, cols: cols ?? size };
}
