// What makes an accelerator, from flags or a YAML file.
//
// Invariant: a resolved configuration passed `checkAccelerator`. Refused, each with its own message: sizes that are no powers of two or out of range, unknown or repeated modes, memories too small for
// their banks, names that are no Verilog identifiers.

import {
  ACCELERATOR_LIMITS,
  ACCELERATOR_MODES,
  type AcceleratorConfig,
  type AcceleratorMode,
  checkAccelerator,
  DEFAULT_ACCELERATOR,
} from '../../isa/config.ts';
import { parseName } from '../design-config.ts';
import { parseInteger, type Setting, type Settings, show } from '../setting.ts';
import { suggest } from '../suggest.ts';
import { UserError } from '../user-error.ts';

type Size = keyof typeof ACCELERATOR_LIMITS;
export const ACCELERATOR_SIZES = Object.keys(ACCELERATOR_LIMITS) as readonly Size[];
export const ACCELERATOR_KEYS = [...ACCELERATOR_SIZES, 'modes', 'name'] as const;

/** An accelerator and the name of its top module. */
export interface NamedAccelerator {
  readonly config: AcceleratorConfig;
  readonly name: string;
}

/** @throws UserError naming the first setting that is wrong */
export function resolveAccelerator(settings: Settings): NamedAccelerator {
  const sizes = ACCELERATOR_SIZES.flatMap((key) => {
    const setting = settings[key];
    return setting ? [[key, parseSize(key, setting)] as const] : [];
  });
  const modes = settings['modes'] && parseModes(settings['modes']);
  const config = { ...DEFAULT_ACCELERATOR, ...Object.fromEntries(sizes), ...(modes && { modes }) };
  try {
    checkAccelerator(config);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError({
      code: 'bad-scratchpad',
      message: error.message,
      place: settings['scratchpad']?.place ?? settings['banks']?.place,
      help: 'give more bytes, or fewer banks',
    });
  }
  const name = settings['name'] ? parseName(settings['name']) : `accelerator_${config.rows}x${config.cols}`;
  return { config, name };
}

/** A power of two; bytes may end in K or M. */
function parseSize(key: Size, setting: Setting): number {
  const [low, high] = ACCELERATOR_LIMITS[key];
  const { value, place } = setting;
  const [, digits, unit] = (typeof value === 'string' && key === 'scratchpad' && /^(\d+)([KM])$/i.exec(value)) || [];
  const bytes = digits === undefined ? setting : { place, value: Number(digits) * (unit?.toUpperCase() === 'K' ? 2 ** 10 : 2 ** 20) };
  const number = parseInteger(key, bytes, low, high);
  if (2 ** Math.round(Math.log2(number)) === number) return number;
  const below = 2 ** Math.floor(Math.log2(number));
  throw new UserError({
    code: `bad-${key}`,
    message: `${key} is ${show(value)}, which is no power of two`,
    place,
    help: `give ${below}${below * 2 <= high ? ` or ${below * 2}` : ''}`,
  });
}

function parseModes({ value, place }: Setting): AcceleratorConfig['modes'] {
  const words = typeof value === 'string' ? value.split(',').map((word) => word.trim()) : Array.isArray(value) ? value : [value];
  const refuse = (message: string, help: string): never => {
    throw new UserError({ code: 'bad-modes', message, place, help });
  };
  for (const word of words)
    if (!ACCELERATOR_MODES.includes(word as AcceleratorMode)) {
      const near = typeof word === 'string' ? suggest(word, ACCELERATOR_MODES) : undefined;
      refuse(
        `mode ${show(word)} does not exist: there are ${ACCELERATOR_MODES.join(', ')}`,
        near ? `did you mean ${near}?` : 'write some of them, with commas between',
      );
    }
  if (new Set(words).size < words.length) refuse(`modes are ${show(value)}: each stands once`, 'leave the repetition out');
  return words as unknown as AcceleratorConfig['modes'];
}
