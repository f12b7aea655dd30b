// The folder that a command writes.

import type { Settings } from '../flows/setting.ts';
import { show } from '../flows/setting.ts';
import { UserError } from './errors.ts';

/** What `--out` says, or `otherwise`. @throws UserError */
export function outFolder({ out }: Settings, otherwise: string): string {
  if (!out) return otherwise;
  const { value, place } = out;
  if (typeof value === 'string' && value.trim() !== '' && !value.includes('\0')) return value;
  throw new UserError({
    code: 'bad-out',
    message: `out is ${show(value)}, which is not the path of a folder`,
    place,
    help: 'write a path such as build/my_array',
  });
}

export function byteLength(texts: readonly string[]): number {
  return texts.reduce((n, text) => n + Buffer.byteLength(text), 0);
}

/** A path as a shell reads it. */
export function quoted(path: string): string {
  return /^[\w./@%+,:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
