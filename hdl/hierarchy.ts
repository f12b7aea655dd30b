// A drawing of a design's hierarchy, as SVG: one box a module, its children inside, equal children once with their number.
//
// Invariant: the text depends on the design alone. What a module contains is drawn where it stands, down to a depth; a mesh is one box whatever its size.

import type { Definition, Design } from './ir/nodes.ts';
import { count } from './ir/nodes.ts';

export interface HierarchyOptions {
  /** Levels below the top that are drawn; deeper ones are counted. 4 when absent. */
  readonly depth?: number;
}

interface Box {
  readonly title: string;
  readonly detail: string;
  readonly kind: 'module' | 'mesh';
  readonly children: readonly Box[];
  readonly width: number;
  readonly height: number;
  readonly places: readonly { readonly x: number; readonly y: number }[];
}

const GAP = 12;
const HEAD = 44;
/** Of a character, at the sizes of the style. */
const CHAR = { title: 9.2, detail: 6.8 };
const WIDEST_ROW = 900;

/** The hierarchy as an SVG document. Boxes name the instances and the module; `×3`, and `4×8` of a mesh, say how many a box stands for. */
export function emitHierarchy(design: Design, { depth = 4 }: HierarchyOptions = {}): string {
  const box = boxOf(design.top.name, '', design.top, 'module', depth);
  const [width, height] = [box.width + 2 * GAP, box.height + 2 * GAP];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>rect{fill:#fff;stroke:#456;rx:5}.odd{fill:#eef3f8}.mesh{stroke-dasharray:5 3;stroke-width:2}text{font-family:sans-serif;fill:#123}',
    '.title{font-size:14px;font-weight:bold}.detail{font-size:11px;fill:#456}</style>',
    ...draw(box, GAP, GAP, 0),
    '</svg>',
    '',
  ].join('\n');
}

function boxOf(title: string, module: string, definition: Definition, kind: Box['kind'], depth: number): Box {
  const children = depth === 0 ? [] : childrenOf(definition, depth - 1);
  const detail = [module, ...contents(definition, depth)].filter(Boolean).join(' · ');
  const least = Math.ceil(Math.max(title.length * CHAR.title, detail.length * CHAR.detail)) + 2 * GAP;
  const { places, width, height } = pack(children);
  return { title, detail, kind, children, places, width: Math.max(least, width + 2 * GAP), height: HEAD + (children.length > 0 ? height + GAP : 0) };
}

/** Instances of one module in one box; each mesh in one of its own. */
function childrenOf(definition: Definition, depth: number): Box[] {
  const groups = new Map<Definition, string[]>();
  for (const { name, definition: child } of definition.instances) groups.set(child, [...(groups.get(child) ?? []), name]);
  return [
    ...[...groups].map(([child, names]) =>
      boxOf(names.length === 1 ? (names[0] as string) : `${names[0]} … ×${names.length}`, child.name, child, 'module', depth),
    ),
    ...definition.meshes.map((m) => boxOf(`${m.name}: ${m.shape.join('×')} ${m.definition.name}`, '', m.definition, 'mesh', depth)),
  ];
}

/** What a module holds besides the boxes that are drawn in it. */
function contents({ signals, memories, delays, instances, meshes, external }: Definition, depth: number): string[] {
  const some = (n: number, one: string, more: string): string[] => (n === 0 ? [] : [`${n} ${n === 1 ? one : more}`]);
  const inner = depth > 0 ? 0 : instances.length + meshes.reduce((n, m) => n + count(m.shape), 0);
  return [
    ...(external ? [`external ${external.name}`] : []),
    ...some(signals.filter((s) => s.role === 'reg').length, 'register', 'registers'),
    ...some(memories.length, 'memory', 'memories'),
    ...some(delays.length, 'delay line', 'delay lines'),
    ...some(inner, 'instance within', 'instances within'),
  ];
}

/** Places boxes in rows, from left to right. */
function pack(boxes: readonly Box[]): Pick<Box, 'places' | 'width' | 'height'> {
  let [x, y, row, width] = [0, 0, 0, 0];
  const places = boxes.map((box) => {
    if (x > 0 && x + box.width > WIDEST_ROW) [x, y, row] = [0, y + row + GAP, 0];
    const place = { x, y };
    x += box.width + GAP;
    row = Math.max(row, box.height);
    width = Math.max(width, x - GAP);
    return place;
  });
  return { places, width, height: y + row };
}

function draw(box: Box, x: number, y: number, level: number): string[] {
  const style = [level % 2 === 1 ? 'odd' : '', box.kind === 'mesh' ? 'mesh' : ''].filter(Boolean).join(' ');
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}"${style ? ` class="${style}"` : ''}/>`,
    `<text x="${x + GAP}" y="${y + 19}" class="title">${escaped(box.title)}</text>`,
    ...(box.detail ? [`<text x="${x + GAP}" y="${y + 35}" class="detail">${escaped(box.detail)}</text>`] : []),
    ...box.children.flatMap((child, i) => {
      const place = box.places[i] as { readonly x: number; readonly y: number };
      return draw(child, x + GAP + place.x, y + HEAD + place.y, level + 1);
    }),
  ];
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
