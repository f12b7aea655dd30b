import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { simulateDesign } from '../sim/index.ts';
for (const n of [16, 64]) for (const dataflow of ['ws','os'] as const) for (const engine of ['wasm'] as const) {
  const design = elaborateMatrixUnit({ rows: n, cols: n, dataflow });
  const s = simulateDesign(design, { engine });
  s.reset(2);
  s.poke('out_ready', 1); s.poke('act_valid', 1); s.poke('weight_valid', 1);
  s.poke('act_data', Array.from({ length: n }, (_, i) => i)); s.poke('weight_data', Array.from({ length: n }, (_, i) => i));
  const out: string[] = [];
  for (let k = 0; k < 8; k++) { const c = Math.ceil(1e8 / n / n); const t = performance.now(); s.step(c); out.push((c / (performance.now() - t) / 1000).toFixed(3)); }
  console.log(n, dataflow, engine, out.join(' '));
}
