import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { simulateDesign } from '../sim/index.ts';
for (const n of [4, 16, 64, 128]) for (const dataflow of ['ws','os'] as const) for (const engine of ['js','wasm-scalar','wasm'] as const) {
  const t0 = performance.now();
  const design = elaborateMatrixUnit({ rows: n, cols: n, dataflow });
  const t1 = performance.now();
  const s = simulateDesign(design, { engine });
  s.step(1);
  const t2 = performance.now();
  s.reset(2);
  s.poke('out_ready', 1); s.poke('act_valid', 1); s.poke('weight_valid', 1);
  s.poke('act_data', Array.from({ length: n }, (_, i) => i)); s.poke('weight_data', Array.from({ length: n }, (_, i) => i));
  let cycles = Math.ceil(3e7 / n / n / (engine === 'js' ? 20 : 1)); s.step(Math.ceil(cycles/3));
  const t3 = performance.now(); s.step(cycles); const t4 = performance.now();
  console.log(n, dataflow, engine, 'elab', (t1 - t0).toFixed(1), 'compile+first', (t2 - t1).toFixed(1), 'c/s', (cycles / (t4 - t3) * 1000 / 1e6).toFixed(3), 'M');
}
