// A random mesh on an interpreter of some printed form, cycle by cycle against its model.

import { expect } from 'vitest';
import type { Design } from '../../hdl/index.ts';
import { MeshModel } from './mesh-model.ts';
import type { Rng } from './random.ts';
import { type MeshSpec, portsOf } from './random-mesh.ts';
import { bitsOf } from './reference.ts';

/** A port as its cells, the first lowest, each of so many bits without a sign. */
export interface MeshRun {
  poke(name: string, cells: readonly bigint[], width: number): void;
  peek(name: string, width: number, count: number): readonly bigint[];
  step(): void;
}

/** Eight cycles of random inputs, two of them in reset, in which a port `go` is low. */
export function checkMesh(label: string, spec: MeshSpec, design: Design, run: MeshRun, rng: Rng): void {
  const model = new MeshModel(spec);
  const ports = portsOf(spec).map((port) => ({ ...port, count: port.dims.reduce((n, d) => n * d, 1) }));
  const resets = design.top.signals.some((s) => s.type.kind === 'reset');
  for (let t = 0; t < 8; t++) {
    const inputs = new Map<string, bigint[]>();
    for (const { name, type, count, direction } of ports) {
      if (direction === 'out') continue;
      const cells = Array.from({ length: count }, () => (name === 'go' && t < 2 ? 0n : bitsOf(type, rng.value(type))));
      inputs.set(name, cells);
      run.poke(name, cells, type.width);
    }
    if (resets) run.poke('rst', [t < 2 ? 1n : 0n], 1);
    const want = model.evaluate(inputs);
    for (const { name, type, count, direction } of ports)
      if (direction === 'out' && t > 0)
        expect(`${label} cycle ${t} ${name} ${run.peek(name, type.width, count)}`).toBe(`${label} cycle ${t} ${name} ${want.get(name)}`);
    model.step(t < 2);
    run.step();
  }
}
