// The clock rate of a design on an iCE40 HX8K, placed and routed by nextpnr-ice40.
//
// The design stands in a harness: its inputs come from a shift register, its outputs are caught in another, so that no pin is on a path and any design fits any package.
// Invariant: the rate is of all paths, the harness's own (register to register, one look-up table) among them. Refused: a design without a port `clk`; what the tools refuse.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildOptions, runTool } from '../sim/cosim/child-process.ts';
import { toolVersion } from '../sim/cosim/tools.ts';
import type { Subject } from './measure.ts';
import { synthesis } from './targets.ts';
import type { Yosys } from './yosys.ts';

/** A placement depends on chance: each seed is one. */
const SEEDS = [1, 2, 3, 4, 5];
/** MHz that the placer is asked for: more than it reaches, so that it never stops early. */
const GOAL = 200;
const PROGRAM = 'nextpnr-ice40';
const HARNESS = 'clock_rate_harness';

export interface ClockRate {
  /** The median over the seeds. */
  readonly mhz: number;
  /** Of each seed, ascending. */
  readonly seeds: readonly number[];
  /** Logic cells, the harness's among them. */
  readonly cells: number;
}

interface Port {
  readonly direction: string;
  readonly bits: readonly unknown[];
}

/** As nextpnr-ice40 says. @throws UserError `missing-tool` */
export async function placerVersion(options: ChildOptions): Promise<string> {
  return `nextpnr-ice40 ${/\d+(\.\d+)+/.exec(await toolVersion(PROGRAM, options))?.[0] ?? ''}`.trim();
}

/** @param numbers of seeds, an odd number of them @throws UserError with the words of Yosys or nextpnr */
export async function clockRate(
  yosys: Yosys,
  { top, files }: Subject,
  options: ChildOptions,
  numbers: readonly number[] = SEEDS,
): Promise<ClockRate> {
  const sources = Object.fromEntries(files.map(({ text }, i) => [`${i}.v`, text]));
  const read = Object.keys(sources).map((name) => `read_verilog ${name}`);
  const parsed = await yosys.run({
    files: sources,
    commands: [...read, `hierarchy -top ${top}`, 'proc', 'write_json ports.json'],
    wanted: ['ports.json'],
  });
  const { modules } = JSON.parse(parsed['ports.json'] as string) as { modules: { [name: string]: { ports: { [name: string]: Port } } } };
  const mapped = await yosys.run({
    files: { ...sources, 'harness.v': harness(top, modules[top]?.ports ?? {}) },
    commands: [...read, 'read_verilog harness.v', synthesis({ name: 'ice40', dsp: false }, HARNESS), 'write_json mapped.json'],
    wanted: ['mapped.json'],
  });
  const cwd = await mkdtemp(join(tmpdir(), 'systole-clock-'));
  try {
    await writeFile(join(cwd, 'mapped.json'), mapped['mapped.json'] as string);
    const runs: { readonly mhz: number; readonly cells: number }[] = [];
    for (const seed of numbers) runs.push(await placed(seed, { ...options, cwd }));
    const seeds = runs.map(({ mhz }) => mhz).sort((a, b) => a - b);
    return { mhz: seeds[(seeds.length - 1) / 2] as number, seeds, cells: runs[0]?.cells as number };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Of `mapped.json` in the working folder. */
async function placed(seed: number, options: ChildOptions & { readonly cwd: string }) {
  const device = ['--hx8k', '--package', 'ct256'];
  const goal = ['--freq', `${GOAL}`, '--timing-allow-fail', '--seed', `${seed}`];
  await runTool(PROGRAM, ['-q', ...device, '--json', 'mapped.json', ...goal, '--report', 'report.json'], options);
  const { fmax, utilization } = JSON.parse(await readFile(join(options.cwd, 'report.json'), 'utf8')) as Report;
  const [clock] = Object.values(fmax);
  if (!clock) throw new Error(`${PROGRAM} reports no clock`);
  return { mhz: clock.achieved, cells: utilization.ICESTORM_LC.used };
}

interface Report {
  readonly fmax: { readonly [clock: string]: { readonly achieved: number } };
  readonly utilization: { readonly ICESTORM_LC: { readonly used: number } };
}

function harness(top: string, ports: { readonly [name: string]: Port }): string {
  if (!ports['clk']) throw new Error(`${top} has no port clk`);
  const used = { input: 0, output: 0 };
  const connections = Object.entries(ports).map(([name, { direction, bits }]) => {
    if (name === 'clk') return '.clk(clk)';
    const side = direction as keyof typeof used;
    const low = used[side];
    used[side] += bits.length;
    return `.${name}(${side === 'input' ? 'driven' : 'made'}[${low} +: ${bits.length}])`;
  });
  return `module ${HARNESS} (input wire clk, input wire serial_in, input wire catch_in, output wire serial_out);
  reg [${used.input - 1}:0] driven;
  wire [${used.output - 1}:0] made;
  reg [${used.output}:0] caught;
  reg catching;
  always @(posedge clk) begin
    driven <= {driven, serial_in};
    catching <= catch_in;
    caught <= catching ? {made, 1'b0} : {caught, 1'b0};
  end
  assign serial_out = caught[${used.output}];
  ${top} dut (${connections.join(', ')});
endmodule
`;
}
