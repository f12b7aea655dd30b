// Writes a folder as a whole: all of it or nothing.
//
// Invariants: files are written into a hidden sibling of the target, which is renamed into place when complete; whatever ends the work before that,
// an error or a signal, removes the sibling and the parents that were made for it. The exchange itself runs without a break, so no signal falls into it.
// Refused: a target that is not a folder, and a folder with something in it that a generator of ours did not write.

import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import type { TextFile } from './render-templates.ts';
import { UserError } from './user-error.ts';

export interface WriteRequest {
  /** Absolute. */
  readonly target: string;
  /** The target for messages. */
  readonly shown: string;
  readonly files: readonly TextFile[];
  readonly signal: AbortSignal;
  /** Called before each file. Tests use it to stop the work at a certain point. */
  readonly onFile?: (index: number, path: string) => void | Promise<void>;
}

/**
 * Writes `files` as the whole content of `target`, replacing an earlier folder of ours.
 *
 * @throws UserError when the target is refused or the system does not let us write; the reason of the signal when aborted
 */
export async function writeFolder(request: WriteRequest): Promise<void> {
  const { shown } = request;
  checkTarget(request.target, shown);
  const target = followLinks(request.target);
  let firstMade: string | undefined;
  let stage: string | undefined;
  try {
    firstMade = makeParents(dirname(target));
    stage = makeSibling(target, 'new');
    await fill(stage, request);
    exchange(stage, target);
  } catch (error) {
    if (stage !== undefined) rmSync(stage, { recursive: true, force: true });
    if (firstMade !== undefined) removeEmpty(dirname(target), firstMade);
    throw isSystemError(error) ? cannotWrite(shown, error) : error;
  }
}

/** @throws UserError when the target may not be replaced */
export function checkTarget(target: string, shown: string): void {
  const found = look(target, shown);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new UserError({
      code: 'out-not-a-folder',
      message: `${JSON.stringify(shown)} exists and is not a folder`,
      place: '--out',
      help: 'remove it, or choose another folder with --out DIR',
    });
  }
  let entries: string[];
  try {
    entries = readdirSync(target);
  } catch (error) {
    throw isSystemError(error) ? cannotWrite(shown, error) : error;
  }
  if (entries.length > 0 && !isOurs(target)) {
    throw new UserError({
      code: 'out-not-ours',
      message: `the folder ${JSON.stringify(shown)} is not empty and was not written by npm run gen: it has no manifest.json of ours, so it is not replaced`,
      place: '--out',
      help: 'choose another folder with --out DIR, or empty this one',
    });
  }
}

/** Whether a folder was written by us: its manifest says so. */
function isOurs(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { generator?: { name?: unknown } } | null;
    return manifest?.generator?.name === 'systole';
  } catch {
    return false;
  }
}

function look(target: string, shown: string): Stats | undefined {
  try {
    return statSync(target, { throwIfNoEntry: false });
  } catch (error) {
    throw isSystemError(error) ? cannotWrite(shown, error) : error;
  }
}

async function fill(stage: string, { files, signal, onFile }: WriteRequest): Promise<void> {
  for (const [index, { path, text }] of files.entries()) {
    await onFile?.(index, path);
    signal.throwIfAborted();
    const file = join(stage, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  // Signals are delivered between turns of the event loop: the last chance to hear one.
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Puts the stage in the place of the target, which may exist. If that fails, the old target is back in place. */
function exchange(stage: string, target: string): void {
  const exists = statSync(target, { throwIfNoEntry: false }) !== undefined;
  if (!exists) return renameSync(stage, target);
  const away = makeSibling(target, 'old');
  renameSync(target, away);
  try {
    renameSync(stage, target);
  } catch (error) {
    renameSync(away, target);
    throw error;
  }
  rmSync(away, { recursive: true, force: true });
}

/**
 * Makes a folder and the parents it lacks; returns the first that was made. Node's own recursive `mkdir` never returns where the system answers ENOENT
 * below an existing folder, as it does below /proc.
 */
function makeParents(folder: string): string | undefined {
  if (statSync(folder, { throwIfNoEntry: false })) return undefined;
  const above = dirname(folder) === folder ? undefined : makeParents(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (above !== undefined) removeEmpty(dirname(folder), above);
    throw error;
  }
  return above ?? folder;
}

/** An empty hidden folder beside the target; its name says whose it is if the machine dies meanwhile. */
function makeSibling(target: string, what: 'new' | 'old'): string {
  for (let attempt = 0; ; attempt++) {
    const sibling = join(dirname(target), `.systole-${what}-${process.pid}-${attempt}`);
    try {
      mkdirSync(sibling);
      return sibling;
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EEXIST' || attempt > 100) throw error;
    }
  }
}

function followLinks(target: string): string {
  return statSync(target, { throwIfNoEntry: false }) ? realpathSync(target) : target;
}

/** Removes `folder` and its parents up to `last`, as far as they are empty. */
function removeEmpty(folder: string, last: string): void {
  for (let at = folder; at.length >= last.length && at !== parse(at).root; at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && typeof (error as NodeJS.ErrnoException).errno === 'number'
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  ENOENT: 'a folder on the way does not exist and cannot be made',
  ENAMETOOLONG: 'a name in the path is too long',
  ELOOP: 'links in the path go round in a circle',
  EBUSY: 'the folder is in use as a mount point',
};

function cannotWrite(shown: string, error: NodeJS.ErrnoException): UserError {
  const code = error.code ?? 'unknown';
  return new UserError({
    code: 'out-not-writable',
    message: `cannot write to ${JSON.stringify(shown)}: ${REASONS[code] ?? 'the system refused'} (${code})`,
    place: '--out',
    help: 'choose a folder that you may write to with --out DIR',
    kind: 'failure',
  });
}
