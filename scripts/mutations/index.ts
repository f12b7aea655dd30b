// All mistakes made on purpose, by subject.

import { ACCELERATOR } from './accelerator.ts';
import { CELLS } from './cells.ts';
import { FLOATS } from './floats.ts';
import { LANGUAGE } from './language.ts';
import { MATRIX_UNITS } from './matrix.ts';
import type { Mutation } from './mutation.ts';
import { REQUANTISER } from './requantiser.ts';

export type { Mutation };
export const MUTATIONS: readonly Mutation[] = [...LANGUAGE, ...CELLS, ...MATRIX_UNITS, ...FLOATS, ...REQUANTISER, ...ACCELERATOR];
