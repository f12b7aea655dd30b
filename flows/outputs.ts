// The forms in which a design is written: which, with or without source locators, in which Verilog, and after which passes.
//
// Refused, each with its own message: forms and passes that do not exist, the same form twice, none at all, switches that are neither true nor false.

import { ALL_PASSES, PASSES, type PassName } from '../hdl/passes/index.ts';
import { parseSwitch, type Setting, type Settings, show } from './setting.ts';
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
  /** Passes over the design before it is written, in this order. */
  readonly optimise: readonly PassName[];
}

export const OUTPUT_KEYS = ['emit', 'locators', 'sv', 'optimise'] as const;
export const DEFAULT_OUTPUTS: Outputs = { emit: ['verilog'], locators: false, sv: false, optimise: [] };

/** @throws UserError */
export function resolveOutputs(settings: Settings): Outputs {
  const { emit, locators, sv, optimise } = settings;
  return {
    emit: emit ? parseForms(emit) : DEFAULT_OUTPUTS.emit,
    locators: locators ? parseSwitch('locators', locators, 'have the places of the source in the output') : false,
    sv: sv ? parseSwitch('sv', sv, 'have SystemVerilog') : false,
    optimise: optimise ? parsePasses(optimise) : [],
  };
}

/** Lines of YAML that say what is not the default. */
export function outputLines({ emit, locators, sv, optimise }: Outputs): string {
  const lines = [
    ...(emit.join() === DEFAULT_OUTPUTS.emit.join() ? [] : [`emit: [${emit.join(', ')}]`]),
    ...(locators ? ['locators: true'] : []),
    ...(sv ? ['sv: true'] : []),
    ...(optimise.length > 0 ? [`optimise: [${optimise.join(', ')}]`] : []),
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

/** `fold,dce` of a flag, a list of YAML, or true for all. */
function parsePasses({ value, place }: Setting): readonly PassName[] {
  const words: unknown = typeof value === 'string' ? value.split(',').map((w) => w.trim()) : value;
  if (words === true) return ALL_PASSES;
  if (words === false) return [];
  const names = Object.keys(PASSES);
  const refuse = (what: string, help: string): never => {
    throw new UserError({ code: 'bad-optimise', message: `optimise is ${show(value)}, ${what}: the passes are ${names.join(', ')}`, place, help });
  };
  if (!Array.isArray(words) || words.length === 0) return refuse('which names no pass', 'write for instance fold,dce, or nothing behind it for all');
  const stray = words.find((word) => !names.includes(word));
  if (stray === undefined) return words;
  const near = typeof stray === 'string' ? suggest(stray, names) : undefined;
  return refuse(`where ${show(stray)} does not exist`, near ? `did you mean ${near}?` : 'write for instance fold,dce, or nothing behind it for all');
}
