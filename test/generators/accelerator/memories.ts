// Memories of rows for the units' ports, as processes of a testbench: requests are refused at random, data stand for the one cycle in which they are promised and are garbage in all others.

import type { ProcessBody, Simulation } from '../../../sim/index.ts';
import { until } from '../../../sim/index.ts';
import { randomWords } from '../../../sim/random.ts';

export interface Rows {
  /** Bytes of a row. */
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** Serves a `readPort`. Never ends. @param stall probability of a refusal */
export function* serveReads(sim: Simulation, port: string, { width, bytes }: Rows, stall: number): ProcessBody<never> {
  const words = randomWords(sim.seed, `reads of ${port}`);
  for (;;) {
    sim.poke(`${port}_ready`, words() >= stall * 2 ** 32);
    const [valid, ready, row] = yield* until(
      () => ['valid', 'ready', 'row'].map((name) => Number(sim.value(`${port}_${name}`))) as [number, number, number],
    );
    const taken = valid === 1 && ready === 1;
    sim.poke(
      `${port}_data`,
      Array.from({ length: width }, (_, i) => (taken ? (bytes[row * width + i] ?? 0) : words() & 255)),
    );
  }
}

/** Serves a `writePort`. Never ends. */
export function* serveWrites(sim: Simulation, port: string, { width, bytes }: Rows, stall: number): ProcessBody<never> {
  const words = randomWords(sim.seed, `writes of ${port}`);
  for (;;) {
    sim.poke(`${port}_ready`, words() >= stall * 2 ** 32);
    const beat = yield* until(() => ({
      taken: sim.value(`${port}_valid`) === 1 && sim.value(`${port}_ready`) === 1,
      row: Number(sim.value(`${port}_row`)),
      mask: sim.peek(`${port}_mask`) as number[],
      data: sim.peek(`${port}_data`) as number[],
    }));
    if (!beat.taken) continue;
    for (let i = 0; i < width; i++) if (beat.mask[i]) bytes[beat.row * width + i] = beat.data[i] as number;
  }
}

/** Gives an instruction to a unit and waits for its end. Gives the fault. */
export function* command(sim: Simulation, opcode: number, payload: bigint): ProcessBody<{ readonly fault: number; readonly address: number }> {
  sim.poke('cmd_valid', 1);
  sim.poke('cmd_opcode', opcode);
  sim.poke('cmd_payload', payload);
  const look = () => ({
    taken: sim.value('cmd_ready') === 1,
    done: sim.value('done') === 1,
    fault: Number(sim.value('fault')),
    address: Number(sim.value('address')),
  });
  for (let waits = true; ; ) {
    const seen = yield* until(look);
    if (seen.done) return { fault: seen.fault, address: seen.address };
    if (waits && seen.taken) sim.poke('cmd_valid', 0);
    if (seen.taken) waits = false;
  }
}
