import { elaborateMatrixUnit } from '/work/main/generators/matrix-unit.ts';
import { simulateDesign } from '/work/main/sim/index.ts';
for (const dataflow of ['ws','os'] as const) for (const [rows, cols] of [[1,1],[4,4],[5,20],[16,16],[3,7],[33,18]] as const) {
  const design = elaborateMatrixUnit({ rows, cols, dataflow });
  const js = simulateDesign(design, { engine: 'js' });
  for (const engine of ['wasm-scalar','wasm'] as const) {
    const a = simulateDesign(design, { engine: 'js' });
    const b = simulateDesign(design, { engine });
    let x = 12345; const r = () => { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; return x; };
    let bad = 0;
    a.reset(2); b.reset(2);
    for (let cyc = 0; cyc < 150 && !bad; cyc++) {
      for (const s of design.top.signals) if (s.role === 'input' && s.type.kind !== 'clock') {
        const n = s.dims.reduce((p, d) => p * d, 1);
        const vals = Array.from({ length: n }, () => s.type.kind === 'reset' ? +(cyc === 90) : s.type.width === 1 ? +((r() & 7) !== 0) : s.type.width === 8 ? (r() << 24) >> 24 : r() | 0);
        for (const q of [a, b]) q.poke(s.name, s.dims.length ? vals : vals[0]!);
      }
      if (cyc % 3 == 0) for (const name of a.signals()) {
        const [u, v] = [[a.peek(name)].flat(), [b.peek(name)].flat()].map((q) => q.map(String).join());
        if (u !== v) { console.log(dataflow, rows, cols, engine, 'cycle', cyc, name, u!.slice(0, 100), v!.slice(0, 100)); if (++bad > 8) break; }
      }
      a.step(); b.step();
    }
    console.log(dataflow, rows, cols, engine, bad ? 'BAD' : 'ok');
  }
}
