// The vectors of Berkeley TestFloat: files, lines, and what each line says should come out.
//
// A file is `<function>[.<rounding>].txt.gz`; a line holds operands, result and flags in hexadecimal. `mix_` files have the result of two roundings
// behind that of one.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FloatRounding } from '../../../sim/golden/float/index.ts';

const SUFFIXES: { readonly [suffix: string]: FloatRounding } = { rminMag: 'towardsZero', rmin: 'down', rmax: 'up', rnear_maxMag: 'nearestAway' };

export interface VectorFile {
  readonly file: string;
  /** Such as `f32_mulAdd`. */
  readonly operation: string;
  readonly rounding: FloatRounding;
  /** Operands, result, flags. */
  readonly cases: readonly (readonly number[])[];
}

/** The compact sample that the project keeps. */
export const SAMPLE = join(import.meta.dirname, '..', '..', 'data', 'testfloat');

/** All files of a folder, in order of their names. Throws when there is none. */
export function vectorFiles(folder: string): VectorFile[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.txt.gz'))
    .sort();
  if (files.length === 0) throw new Error(`${folder} has no .txt.gz file`);
  return files.map((file) => {
    const [operation = '', suffix = ''] = file.replace('.txt.gz', '').split('.');
    const rounding = suffix === '' ? 'nearestEven' : SUFFIXES[suffix];
    if (!rounding) throw new Error(`${file}: no rounding goes by ${suffix}`);
    const lines = gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .trim()
      .split('\n');
    return {
      file,
      operation,
      rounding,
      cases: lines.map((line) =>
        line
          .trim()
          .split(/\s+/)
          .map((word) => Number.parseInt(word, 16)),
      ),
    };
  });
}
