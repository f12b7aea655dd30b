// The constants that a mesh gives to its elements as array registers that nothing assigns, which is all that an engine then needs to know.

import type { Definition, Design, IndexLink, Mesh, MeshLink, Signal } from '../hdl/ir/nodes.ts';

/** Replaces the index links of every mesh by feeds; designs without any are passed on. */
export function lowerIndices(design: Design): Design {
  if (!design.definitions.some((d) => d.meshes.some((m) => m.links.some((l) => l.kind === 'index')))) return design;
  const replaced = new Map<Definition, Definition>();
  const current = <T extends { readonly definition: Definition }>(child: T): T => ({
    ...child,
    definition: replaced.get(child.definition) ?? child.definition,
  });
  const definitions = design.definitions.map((definition) => {
    const signals = [...definition.signals];
    const meshes = definition.meshes.map((mesh): Mesh => {
      const links = mesh.links.map((link) => (link.kind === 'index' ? feed(definition, mesh, link, signals) : link));
      return { ...current(mesh), links };
    });
    const made: Definition = { ...definition, signals, meshes, instances: definition.instances.map(current) };
    replaced.set(definition, made);
    return made;
  });
  return { top: replaced.get(design.top) as Definition, definitions };
}

function feed(owner: Definition, mesh: Mesh, { to, first, step, at }: IndexLink, signals: Signal[]): MeshLink {
  const axes = step.flatMap((s, axis) => (s === 0 ? [] : [axis]));
  const dims = axes.map((axis) => mesh.shape[axis] as number);
  const initial = axes.reduce(
    (values, axis) =>
      values.flatMap((v) => Array.from({ length: mesh.shape[axis] as number }, (_, i) => v + BigInt(i) * BigInt(step[axis] as number))),
    [BigInt(first)],
  );
  // Nothing changes it, whatever its clock.
  const register = { clock: undefined as unknown as Signal, initial };
  const name = `${mesh.name}_${to.name}`;
  const pin: Signal = { id: signals.length, name, role: 'reg', type: to.type, dims, owner, at, named: false, register };
  signals.push(pin);
  return { kind: 'feed', to, axes, pin };
}
