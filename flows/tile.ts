// The tiles that a user asks for: `--tile RxC`, registers every R rows and C columns of elements.
//
// Invariant: 1x1 is no setting, so that a design of it is the same whether it was written or not. Refused, each with its own message: what is no size, tiles that do not fill the array,
// dataflows and elements that cannot have them.

import { type ArrayConfig, peOf, type TileSize, tileProblem } from '../generators/array-config.ts';
import { processingElement } from '../generators/pe/index.ts';
import { type Setting, show } from './setting.ts';
import { UserError } from './user-error.ts';

/** @throws UserError */
export function parseTile({ value, place }: Setting, array: Omit<ArrayConfig, 'tile'>): TileSize | undefined {
  const wrong = (message: string, help: string) => new UserError({ code: 'bad-tile', message: `tile is ${show(value)}${message}`, place, help });
  const [, rows, cols] = (typeof value === 'string' && /^(\d+)x(\d+)$/.exec(value)) || [];
  if (rows === undefined || cols === undefined)
    throw wrong(
      ', which is not a number of rows, an x and a number of columns',
      'write such a size, for instance 2x4; 1x1 puts registers behind every element',
    );
  const tile = { rows: Number(rows), cols: Number(cols) };
  const refused = tileProblem({ ...array, tile }, processingElement(peOf(array)).sumStages);
  if (refused) throw wrong(`: ${refused.problem}`, refused.help);
  return tile.rows * tile.cols === 1 ? undefined : tile;
}

/** `2x4`. */
export function tileText({ rows, cols }: TileSize): string {
  return `${rows}x${cols}`;
}
