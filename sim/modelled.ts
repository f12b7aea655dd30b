// External modules in simulation: an engine that runs their TypeScript models around another one.
//
// Invariant: when settled, every output of an external module is what its model says of its inputs. The engine behind sees the outputs as inputs;
// models and engine take turns until nothing changes, which the loop check has made sure of. Refused: a module without a model, outputs out of range.

import { type Design, type ExternalModel, type PortValues, ports } from '../hdl/ir/nodes.ts';
import type { Engine, Snapshot } from './engine.ts';
import { EngineShell } from './engine-shell.ts';
import { SimulationError } from './errors.ts';
import { type Scope, type Storage, viewOf } from './layout.ts';
import { elementPaths, type Place, wholePlace } from './paths.ts';
import { type Checker, checkerOf, toCell, type Value } from './values.ts';

/** @throws SimulationError `SIM-E013` for an external module without a model */
export function checkModels(design: Design): void {
  const bare = design.definitions.find((d) => d.external && !d.external.model);
  if (!bare?.external) return;
  const { name, files } = bare.external;
  throw new SimulationError(
    'SIM-E013',
    `external module \`${name}\` (${bare.name}) has no model\n  at ${bare.at.text() ?? ''}`,
    `give its class a model(), or simulate the Verilog${files.length > 0 ? ` together with ${files.join(', ')}` : ''}`,
  );
}

interface Port {
  readonly place: Place;
  readonly checker: Checker;
  /** Values in one element. */
  readonly size: number;
  readonly isArray: boolean;
}

/** One external module in one element of its scope. */
interface Unit {
  readonly model: ExternalModel;
  readonly scope: Scope;
  readonly element: number;
  readonly path: string;
  readonly inputs: ReadonlyMap<string, Port>;
  readonly outputs: ReadonlyMap<string, Port>;
  readonly clocks: readonly { readonly name: string; readonly storage: Storage }[];
  state: unknown;
}

export class Modelled extends EngineShell {
  readonly #units: Unit[] = [];
  #dirty = true;

  constructor(engine: Engine) {
    super(engine);
    for (const [scope, pathOf] of elementPaths(engine.layout.top)) {
      const { external } = scope.definition;
      if (!external?.model) continue;
      const all = ports(scope.definition).filter((p) => p.type.kind !== 'clock');
      const placed = (role: 'input' | 'output') =>
        new Map(
          all
            .filter((p) => p.role === role)
            .map((p) => {
              const place = wholePlace(scope, p);
              const size = p.dims.reduce((n, d) => n * d, 1);
              return [p.name, { place, checker: checkerOf(p.type), size, isArray: p.dims.length > 0 }] as const;
            }),
        );
      const [inputs, outputs] = [placed('input'), placed('output')];
      const clocks = ports(scope.definition)
        .filter((p) => p.type.kind === 'clock')
        .map((p) => ({ name: p.name, storage: viewOf(scope, p).storage }));
      for (let element = 0; element < scope.domain.count; element++) {
        const model = external.model();
        this.#units.push({ model, scope, element, path: pathOf(element), inputs, outputs, clocks, state: model.state?.() });
      }
    }
  }

  override write(place: Place, index: number, value: Value): void {
    super.write(place, index, value);
    this.#dirty = true;
  }

  override writeAll(place: Place, values: ArrayLike<unknown>): void {
    super.writeAll(place, values);
    this.#dirty = true;
  }

  override settle(): void {
    if (!this.#dirty) return;
    for (let round = 0; ; round++) {
      this.engine.settle();
      const moved = this.#units.filter((unit) => this.#update(unit));
      if (moved.length === 0) break;
      // Each round settles at least one unit that depends on settled ones only.
      if (round <= this.#units.length) continue;
      throw new SimulationError(
        'SIM-E010',
        `the outputs of ${moved
          .slice(0, 8)
          .map((u) => `\`${u.path}\``)
          .join(', ')} do not settle`,
        'a model must give the same outputs for the same inputs and state, and outputs that depend on an input must not be listed as registered',
      );
    }
    this.#dirty = false;
  }

  override step(cycles: number, clock?: string | readonly string[]): void {
    const edges = this.clocksOf(clock);
    for (let i = 0; i < cycles; i++) {
      this.settle();
      for (const unit of this.#units) {
        for (const { name, storage } of unit.clocks)
          if (edges.includes(storage) && unit.model.edge) unit.state = unit.model.edge(this.#inputs(unit), unit.state, name);
      }
      this.engine.step(1, clock);
      this.#dirty = true;
    }
  }

  override snapshot(): Snapshot {
    return { ...super.snapshot(), models: structuredClone(this.#units.map((u) => u.state)) };
  }

  override restore(snapshot: Snapshot): void {
    super.restore(snapshot);
    const states = structuredClone(snapshot.models ?? []);
    this.#units.forEach((unit, i) => {
      unit.state = states[i];
    });
    this.#dirty = true;
  }

  #inputs({ inputs, element }: Unit): PortValues {
    const values: { [port: string]: Value | Value[] } = {};
    for (const [name, { place, size, isArray }] of inputs) {
      const at = element * size;
      values[name] = isArray ? Array.from({ length: size }, (_, i) => this.engine.read(place, at + i)) : this.engine.read(place, at);
    }
    return values;
  }

  /** Writes the outputs; whether any has changed. */
  #update(unit: Unit): boolean {
    const given = unit.model.outputs(this.#inputs(unit), unit.state);
    let changed = false;
    for (const name of Object.keys(given)) if (!unit.outputs.has(name)) this.#wrong(unit, `gives a value for \`${name}\`, which is no output`);
    for (const [name, { place, checker, size, isArray }] of unit.outputs) {
      const value = given[name];
      if (value === undefined) this.#wrong(unit, `gives no value for \`${name}\``);
      const list = isArray ? (value as readonly Value[]) : [value as Value];
      if (!Array.isArray(list) || list.length !== size) this.#wrong(unit, `gives \`${name}\` another length than ${size}`);
      for (let i = 0; i < size; i++) {
        const cell = toCell(`${unit.path}.${name}`, place.type, checker, list[i]);
        const at = unit.element * size + i;
        if (BigInt(this.engine.read(place, at)) === BigInt(cell)) continue;
        this.engine.write(place, at, cell);
        changed = true;
      }
    }
    return changed;
  }

  #wrong(unit: Unit, what: string): never {
    throw new SimulationError(
      'SIM-E014',
      `the model of external module \`${unit.scope.definition.external?.name}\` at \`${unit.path}\` ${what}`,
      `outputs() returns one value for each of ${[...unit.outputs.keys()].join(', ')}`,
    );
  }
}
