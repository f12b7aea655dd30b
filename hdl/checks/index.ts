// All checks over an elaborated design, in a stable order: definitions from the leaves up, and for each the checks as listed.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Definition, Design } from '../ir/nodes.ts';
import { checkCrossings } from './clock-crossings.ts';
import { checkControlSignals } from './control-signals.ts';
import { checkDrivers } from './drivers.ts';
import { checkExternal, checkExternalTop } from './external.ts';
import { checkForeign } from './foreign.ts';
import { checkLoops } from './loops.ts';
import { checkMemories } from './memories.ts';
import { checkMeshLinks } from './mesh-links.ts';
import { checkPortNames, checkTopName } from './port-names.ts';
import { checkUnused } from './unused.ts';

const CHECKS: readonly ((definition: Definition) => Diagnostic[])[] = [
  checkForeign,
  checkControlSignals,
  checkPortNames,
  checkExternal,
  checkMemories,
  checkMeshLinks,
  checkDrivers,
  checkUnused,
];

/**
 * Every problem of a design beyond those found `before`, during elaboration. The loop check runs only on designs that are sound
 * otherwise, since it follows drivers; a module with a mesh that was refused is not told that the mesh is not driven.
 */
export function runChecks(design: Design, before: readonly Diagnostic[]): Diagnostic[] {
  const refused = new Set(before.filter((d) => d.code.startsWith('HDL-M')).map((d) => d.module));
  const found = design.definitions
    .flatMap((definition) => CHECKS.flatMap((check) => check(definition)))
    .concat(checkTopName(design), checkExternalTop(design))
    .filter((d) => !(d.code === 'HDL-D001' && refused.has(d.module)));
  if ([...before, ...found].some((d) => d.severity === 'error')) return found;
  return [...found, ...checkLoops(design), ...checkCrossings(design)];
}
