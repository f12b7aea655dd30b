// Units to simulate, from a configuration or from a design folder.
//
// Invariant: a folder's RTL and harness are used as they are on disk, so that hand edits are what is simulated.
// Refused: folders without a manifest of ours, and files that the manifest names but that are gone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, manifestSchema } from '../../flows/manifest.ts';
import { renderTemplates, type TextFile } from '../../flows/render-templates.ts';
import { templateContext } from '../../flows/template-context.ts';
import { UserError } from '../../flows/user-error.ts';
import { generatorVersion } from '../../flows/version.ts';
import type { ArrayConfig } from '../../generators/array-config.ts';
import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';
import type { Target } from './types.ts';

const VERILATOR = 'tb/verilator/main.cpp';
const ICARUS = 'tb/icarus/tb.v';

/** Elaborates and prints a unit in memory. */
export function targetOfConfig(config: ArrayConfig, top: string): Target {
  const { rows, cols, dataflow, reset = 'sync', pe, tile, drain } = config;
  const rtl = emitVerilog(elaborateMatrixUnit(config, top)).map(({ name, text }) => ({ name: `${name}.v`, text }));
  const names = rtl.map(({ name }) => name);
  const files = renderTemplates(
    templateContext({ rows, cols, dataflow, reset, name: top, ...(pe && { pe }), tile, drain }, names, generatorVersion()),
  );
  return { top, rows, cols, dataflow, reset, pe, tile, drain, rtl, harness: { verilator: textOf(files, VERILATOR), icarus: textOf(files, ICARUS) } };
}

/**
 * Reads a folder that `npm run gen` wrote.
 *
 * @param folder absolute
 * @param shown the folder for messages
 * @throws UserError
 */
export function targetOfFolder(folder: string, shown: string): Target {
  const manifest = readManifest(folder, shown);
  const { rows, cols, dataflow, reset, pe, tile, drain } = manifest.parameters;
  const read = (path: string) => readText(folder, shown, path);
  const rtl = manifest.files.rtl.filter((path) => /\.s?v$/.test(path)).map((path) => ({ name: path.slice('rtl/'.length), text: read(path) }));
  return { top: manifest.top, rows, cols, dataflow, reset, pe, tile, drain, rtl, harness: { verilator: read(VERILATOR), icarus: read(ICARUS) } };
}

function textOf(files: readonly TextFile[], path: string): string {
  const file = files.find((f) => f.path === path);
  if (!file) throw new Error(`no template makes ${path}`);
  return file.text;
}

function readManifest(folder: string, shown: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw notOurs(shown, `its manifest.json ${why}`);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notOurs(shown, `its manifest.json is not of this version (${issue?.path.join('.')}: ${issue?.message})`);
}

function notOurs(shown: string, why: string): UserError {
  return new UserError({
    code: 'not-a-design-folder',
    message: `${JSON.stringify(shown)} is not a design folder: ${why}`,
    place: '--design',
    help: 'give the folder that npm run gen wrote, or write it again with npm run gen',
  });
}

function readText(folder: string, shown: string, path: string): string {
  try {
    return readFileSync(join(folder, path), 'utf8');
  } catch {
    throw notOurs(shown, `${path} cannot be read, which the manifest says is there`);
  }
}
