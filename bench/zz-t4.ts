import { elaborateMatrixUnit } from '../generators/matrix-unit.ts';
import { simulateDesign } from '../sim/index.ts';
for (const n of [16, 64]) for (const dataflow of ['ws','os'] as const) for (const ready of [1, 0]) for (const act of [0,1]) {
  const design = elaborateMatrixUnit({ rows: n, cols: n, dataflow });
  const s = simulateDesign(design, { engine: 'wasm' });
  s.reset(2);
  s.poke('out_ready', 1); s.poke('act_valid', 1); s.poke('weight_valid', 1); s.poke('act_last', 1);
  s.step(2000);
  s.poke('act_valid', act); s.poke('out_ready', ready);
  const out: string[] = [];
  for (let k = 0; k < 4; k++) { const c = Math.ceil(1e8 / n / n); const t = performance.now(); s.step(c); out.push((1e6*(performance.now() - t)/c).toFixed(1)); }
  console.log(n, dataflow, 'ready', ready, 'act', act, 'ns/cycle', out.join(' '), 'adv', s.peek('advance'));
}
