// The forms in which a design is written: which, with or without source locators, in which Verilog.
//
// Refused, each with its own message: forms that do not exist, the same one twice, none at all, switches that are neither true nor false.

import { type Setting, type Settings, show } from './design-config.ts';
import { suggest } from './suggest.ts';
import { UserError } from './user-error.ts';

export const FORMS = ['verilog', 'firrtl', 'json', 'svg'] as const;
export type Form = (typeof FORMS)[number];

export interface Outputs {
  /** In the order of `FORMS`. With `verilog` come testbenches, vectors and scripts. */
  readonly emit: readonly Form[];
  /** Whether each line says where in the generator it comes from; a drawing has none. */
  readonly locators: boolean;
  /** SystemVerilog: assertions that simulators check, enumerations as types. */
  readonly sv: boolean;
}

export const OUTPUT_KEYS = ['emit', 'locators', 'sv'] as const;
export const DEFAULT_OUTPUTS: Outputs = { emit: ['verilog'], locators: false, sv: false };

/** @throws UserError */
export function resolveOutputs(settings: Settings): Outputs {
  const { emit, locators, sv } = settings;
  return {
    emit: emit ? parseForms(emit) : DEFAULT_OUTPUTS.emit,
    locators: locators ? parseSwitch('locators', locators, 'have the places of the source in the output') : false,
    sv: sv ? parseSwitch('sv', sv, 'have SystemVerilog') : false,
  };
}

/** Lines of YAML that say what is not the default. */
export function outputLines({ emit, locators, sv }: Outputs): string {
  const lines = [
    ...(emit.join() === DEFAULT_OUTPUTS.emit.join() ? [] : [`emit: [${emit.join(', ')}]`]),
    ...(locators ? ['locators: true'] : []),
    ...(sv ? ['sv: true'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** `verilog,json` of a flag, or a list of YAML. */
function parseForms({ value, place }: Setting): Form[] {
  const words = typeof value === 'string' ? value.split(',').map((w) => w.trim()) : value;
  const refuse = (what: string, help: string): never => {
    throw new UserError({ code: 'bad-emit', message: `emit is ${show(value)}, ${what}: the forms are ${FORMS.join(', ')}`, place, help });
  };
  if (!Array.isArray(words) || words.length === 0 || words.every((w) => w === ''))
    return refuse('which names no form', 'write for instance verilog,json');
  for (const [i, word] of words.entries()) {
    if (!FORMS.some((f) => f === word)) {
      const near = typeof word === 'string' ? suggest(word, FORMS) : undefined;
      return refuse(
        `where ${show(word)} does not exist`,
        near ? `did you mean ${near}?` : 'write some of them with commas between, for instance verilog,json',
      );
    }
    if (words.indexOf(word) !== i) return refuse(`where ${show(word)} stands twice`, 'write it once');
  }
  return FORMS.filter((f) => words.includes(f));
}

function parseSwitch(key: string, { value, place }: Setting, purpose: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new UserError({
    code: `bad-${key}`,
    message: `${key} is ${show(value)}: it must be true or false`,
    place,
    help: `write true to ${purpose}`,
  });
}
