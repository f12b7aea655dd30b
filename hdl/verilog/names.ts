// Names: every net gets a legal identifier that is unique within its module.
//
// Ports keep their names (two that collide were refused before), then what the user named, then what the language made. A name that is a
// reserved word in any of Verilog-2005 and SystemVerilog, in any case, takes a trailing underscore; a taken one takes a number.

import { numbering } from '../ir/names.ts';
import { snakeCase } from '../naming.ts';
import type { Net, VItem, VModule } from './ast.ts';
import { isReserved } from './reserved.ts';

/**
 * Assigns `name` in every net of a module, and gives the names of its loops of instances with those of all modules below. Verilator 5 looks for
 * `pes[i-1].sum` in a loop `pes` around the module too, so that no loop may share its name with one below it.
 */
export function assignNames(module: VModule, below: ReadonlySet<string>): Set<string> {
  const taken = new Set<string>();
  const give = nameGiver(taken);
  for (const { net } of module.ports) give(net);
  // A net must not hide the module that it stands in.
  taken.add(module.name);
  for (const net of module.constants) give(net);
  for (const { type, members } of module.enums) for (const net of [type, ...members]) give(net);
  for (const net of module.nets) if (net.origin === 'user') give(net);
  for (const net of module.nets) give(net);
  for (const { net } of module.tables) give(net);
  const loops = nameGiver(taken, below);
  for (const item of module.items) for (const net of moduleLevel(item)) (item.k === 'mesh' ? loops : give)(net);
  for (const item of module.items) if (item.k === 'contents' && item.file !== undefined) item.file = `${module.name}_${item.net.name}.hex`;
  give(module.unusedNet);
  for (const genvar of module.genvars) give(genvar);
  for (const { index } of module.tables) nameGiver(new Set(taken))(index);
  // A block's own names may stand in several blocks, but must not hide one of the module's.
  for (const own of module.items.map(blockLevel)) if (own.length > 0) own.forEach(nameGiver(new Set(taken)));
  return new Set([...below, ...module.items.flatMap((item) => (item.k === 'mesh' ? [item.blocks[0]?.name as string] : []))]);
}

function nameGiver(taken: Set<string>, avoided: ReadonlySet<string> = new Set()): (net: Net) => void {
  const used = (name: string): boolean => taken.has(name) || avoided.has(name);
  const free = numbering(used);
  return (net) => {
    if (net.name !== '') return;
    const base = net.constant === undefined ? legalName(net.hint) : snakeCase(net.hint).toUpperCase();
    // A register that a port has taken the name of: `q` and `q_reg`.
    net.name = free(base, used(base) && net.variable ? `${base}_reg` : base);
    taken.add(net.name);
  };
}

/** A legal identifier for a name of the user's. */
export function legalName(hint: string): string {
  const snake = snakeCase(hint);
  return isReserved(snake) ? `${snake}_` : snake;
}

/** Names that an item declares in the module's scope. */
function moduleLevel(item: VItem): readonly Net[] {
  switch (item.k) {
    case 'define':
    case 'start':
      return [item.net];
    case 'divide':
      return [item.net, item.fn];
    case 'instance':
      return [item.name];
    case 'checks':
      return [...item.nets, ...item.constants, ...item.items.flatMap(moduleLevel), ...item.groups.flatMap((g) => g.list.map(({ label }) => label))];
    case 'mesh':
      return item.blocks.slice(0, 1);
    case 'lanes':
    case 'reverse':
      return [item.block];
    default:
      return [];
  }
}

/** Names that an item declares within its generate block. */
function blockLevel(item: VItem): readonly Net[] {
  if (item.k === 'mesh') {
    const wires = [...item.chains.flatMap((c) => [c.to, c.from]), ...item.taps.map((t) => t.from), ...item.constants.map((c) => c.net)];
    const labels = [...item.labels.values()].flatMap(({ enter, leave, unused }) => [enter, leave, unused]);
    return [item.element, ...wires, ...item.blocks.slice(1), ...labels];
  }
  if (item.k === 'divide') return item.operands;
  return item.k === 'lanes' ? [item.stages, item.next, ...(item.labels ? [item.labels.direct, item.labels.line] : [])] : [];
}
