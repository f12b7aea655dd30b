// Builds on disk, found again by a hash of everything they were made of.
//
// Invariants: an entry is complete or absent: it is made beside its place and renamed; two processes may make the same entry. Within a process each is
// made once. Entries that nobody used for a month are removed.

import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DAY_MS = 86_400_000;
const KEEP_DAYS = 30;

export interface Entry {
  /** The folder of the entry. */
  readonly path: string;
  /** Whether it was there already. */
  readonly cached: boolean;
}

const making = new Map<string, Promise<string>>();

/** SHA-256 over parts; their borders count. */
export function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}\n`);
  return hash.digest('hex').slice(0, 40);
}

/** `SYSTOLE_CACHE`, or a folder within `node_modules`, or where that is read-only the system's temporary folder. Made if it is not there. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['SYSTOLE_CACHE'];
  const own = fileURLToPath(new URL('../../node_modules/.cache/systole', import.meta.url));
  const temporary = join(tmpdir(), `systole-cache-${process.getuid?.() ?? 0}`);
  for (const folder of named ? [named] : [own]) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch (error) {
      if (named) throw error;
    }
  }
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  return temporary;
}

/**
 * The entry of a key; `make` fills an empty folder when there is none. What `make` throws is thrown, and leaves no entry.
 */
export async function cached(folder: string, key: string, make: (stage: string) => Promise<void>): Promise<Entry> {
  const path = join(folder, key);
  if (await exists(path)) {
    const now = new Date();
    await utimes(path, now, now);
    return { path, cached: true };
  }
  const begun = making.get(path);
  if (begun) return { path: await begun, cached: true };
  const made = makeEntry(folder, path, make);
  making.set(path, made);
  try {
    return { path: await made, cached: false };
  } finally {
    making.delete(path);
  }
}

async function makeEntry(folder: string, path: string, make: (stage: string) => Promise<void>): Promise<string> {
  await mkdir(folder, { recursive: true });
  await removeOld(folder);
  const stage = await mkdtemp(join(folder, '.stage-'));
  try {
    await make(stage);
    await rename(stage, path);
  } catch (error) {
    await rm(stage, { recursive: true, force: true });
    // Another process was faster: its entry is as good.
    if (!(await exists(path))) throw error;
  }
  return path;
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > KEEP_DAYS * DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
