// Names of signals in the hierarchy, and the cells they stand for.
//
// Invariant: every signal of every scope has exactly one name; what two signals of a definition would share is numbered. Paths are
// `instance.mesh[row][column].signal[element]`; leaving out indices from the right means all of what they choose, in row-major order.

import { childNames, signalNames } from '../hdl/ir/names.ts';
import { count, type Dims, type GroundType, type Instance, type Mesh, type Signal } from '../hdl/ir/nodes.ts';
import { SimulationError, similar } from './errors.ts';
import { type Layout, type Scope, type Storage, stridesOf, viewOf } from './layout.ts';

/** Cells that a path stands for: element i is at `offset + i` when contiguous, else at `places[i]`. */
export interface Place {
  readonly path: string;
  readonly signal: Signal;
  readonly scope: Scope;
  readonly type: GroundType;
  readonly dims: Dims;
  readonly storage: Storage;
  readonly offset: number;
  readonly length: number;
  readonly places?: Int32Array;
}

interface Segment {
  readonly name: string;
  readonly indices: readonly number[];
}

export class Paths {
  readonly #layout: Layout;
  readonly #found = new Map<string, Place>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Looks a path up. Throws SIM-E001 for an unknown name, SIM-E002 for an index that is out of range. */
  resolve(path: string): Place {
    let place = this.#found.get(path);
    if (!place) this.#found.set(path, (place = this.#resolve(path)));
    return place;
  }

  /** Every signal of the design, meshes as wholes. */
  *all(scope: Scope = this.#layout.top, prefix = ''): Generator<string> {
    for (const name of signalNames(scope.definition).keys()) yield prefix + name;
    for (const [child, inner] of scope.children) yield* this.all(inner, `${prefix}${nameIn(scope, child)}.`);
  }

  #resolve(path: string): Place {
    // Most paths are names of ports.
    const { top } = this.#layout;
    const own = signalNames(top.definition).get(path);
    if (own) return place(path, top, own, []);
    const segments = parse(path);
    const last = segments.pop() as Segment;
    let scope = this.#layout.top;
    // As `pathOf` spells it, from the top module on.
    if (
      segments[0]?.name === scope.definition.name &&
      segments[0].indices.length === 0 &&
      ![...childNames(scope.definition).values()].includes(scope.definition.name)
    )
      segments.shift();
    const chosen: (number | undefined)[] = [];
    for (const { name, indices } of segments) {
      const child = [...scope.children.keys()].find((c) => nameIn(scope, c) === name);
      if (!child)
        throw this.#unknown(
          path,
          name,
          scope,
          [...scope.children.keys()].map((c) => nameIn(scope, c)),
          'instance or mesh',
        );
      const shape = 'shape' in child ? child.shape : [];
      chosen.push(...checked(path, name, shape, indices));
      scope = scope.children.get(child) as Scope;
    }
    const signal = signalNames(scope.definition).get(last.name);
    if (!signal)
      throw this.#unknown(
        path,
        last.name,
        scope,
        [...signalNames(scope.definition).keys(), ...[...scope.children.keys()].map((c) => `${nameIn(scope, c)}.…`)],
        'signal',
      );
    return place(path, scope, signal, [...chosen, ...checked(path, last.name, signal.dims, last.indices)]);
  }

  #unknown(path: string, name: string, scope: Scope, known: readonly string[], what: string): SimulationError {
    const where = scope.path === '' ? `the top module ${scope.definition.name}` : `${scope.path} (${scope.definition.name})`;
    const near = similar(name, known);
    const elsewhere = near.length > 0 ? [] : [...this.all()].filter((p) => p.split('.').pop() === name).slice(0, 3);
    const help =
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : elsewhere.length > 0
          ? `there is ${elsewhere.join(', ')}`
          : `it has ${known.slice(0, 12).join(', ') || 'none'}${known.length > 12 ? ', …' : ''}`;
    return new SimulationError('SIM-E001', `no ${what} \`${name}\` in ${where}${path === name ? '' : ` (in \`${path}\`)`}`, help);
  }
}

function nameIn(scope: Scope, child: Instance | Mesh): string {
  return childNames(scope.definition).get(child) as string;
}

function parse(path: string): Segment[] {
  return path.split('.').map((part) => {
    const match = /^([^[\]]+)((?:\[\d+\])*)$/.exec(part);
    if (!match) throw new SimulationError('SIM-E001', `\`${path}\` is not a path`, 'write instance.mesh[1][2].signal[3]');
    return { name: match[1] as string, indices: [...(match[2] as string).matchAll(/\d+/g)].map(Number) };
  });
}

function checked(path: string, name: string, dims: Dims, indices: readonly number[]): (number | undefined)[] {
  if (indices.length > dims.length || indices.some((index, i) => index >= (dims[i] as number))) {
    const shape = dims.length === 0 ? 'is no array' : `has the shape [${dims.join('][')}]`;
    throw new SimulationError('SIM-E002', `index [${indices.join('][')}] in \`${path}\`: \`${name}\` ${shape}`, 'indices count from 0');
  }
  return dims.map((_, i) => indices[i]);
}

/** All elements of a signal in all elements of its scope. */
export function wholePlace(scope: Scope, signal: Signal): Place {
  return place(scope.path === '' ? signal.name : `${scope.path}.${signal.name}`, scope, signal, []);
}

/** Scopes with a text for each of their elements: `fifo`, `pes[1][2].adder`; empty at the top. */
export function* elementPaths(
  scope: Scope,
  before: (element: number) => string = () => '',
): Generator<readonly [Scope, (element: number) => string]> {
  yield [scope, before];
  for (const [child, inner] of scope.children) {
    const shape = 'shape' in child ? child.shape : [];
    const [rows, n] = [stridesOf(shape), count(shape)];
    yield* elementPaths(inner, (element) => {
      const outer = before(Math.floor(element / n));
      const indices = shape.map((length, d) => `[${Math.floor((element % n) / (rows[d] as number)) % length}]`).join('');
      return `${outer === '' ? '' : `${outer}.`}${nameIn(scope, child)}${indices}`;
    });
  }
}

/** The cells of a view with some of its dimensions (the domain's first) fixed. */
function place(path: string, scope: Scope, signal: Signal, chosen: readonly (number | undefined)[]): Place {
  const view = viewOf(scope, signal);
  const all = [...scope.domain.dims, ...signal.dims];
  const strides = [...view.domainStrides, ...view.strides];
  let { offset } = view;
  const dims: number[] = [];
  const left: number[] = [];
  all.forEach((n, i) => {
    const index = chosen[i];
    if (index === undefined) {
      dims.push(n);
      left.push(strides[i] as number);
    } else {
      offset += index * (strides[i] as number);
    }
  });
  const length = count(dims);
  const row = stridesOf(dims);
  const contiguous = left.every((s, i) => s === row[i] || dims[i] === 1);
  const common = { path, signal, scope, type: signal.type, dims, storage: view.storage, offset, length };
  return contiguous ? common : { ...common, places: placesOf(dims, left, offset) };
}

function placesOf(dims: Dims, strides: readonly number[], offset: number): Int32Array {
  const row = stridesOf(dims);
  return Int32Array.from({ length: count(dims) }, (_, i) => {
    let at = offset;
    dims.forEach((n, d) => {
      at += (Math.floor(i / (row[d] as number)) % n) * (strides[d] as number);
    });
    return at;
  });
}

/** The cells that tell registers which clock has an edge, and resets at their inactive level. */
export function controlPlaces(layout: Layout): { readonly ticks: ReadonlyMap<string, Place>; readonly low: readonly Place[] } {
  const paths = new Paths(layout);
  const low = layout.top.definition.signals.filter((s) => s.role === 'input' && s.type.reset?.activeLow);
  return {
    ticks: new Map([...layout.clocks.keys()].map((name) => [name, paths.resolve(name)])),
    low: low.map((s) => paths.resolve(s.name)),
  };
}
