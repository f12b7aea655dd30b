// Clock rates by nextpnr-ice40: what is deeper is slower, a harness of any width, a message where the tool is missing.

import { expect, it } from 'vitest';
import { main } from '../../bench/qor.ts';
import { clockRate, placerVersion } from '../../estimate/clock-rate.ts';
import { findYosys } from '../../estimate/yosys.ts';
import { runMain, temporaryFolder } from '../support/cli.ts';

const options = { env: process.env, signal: new AbortController().signal };

const adder = (
  width: number,
): string => `module adder (input wire clk, input wire [${width - 1}:0] a, output reg [${width - 1}:0] sum, output reg odd);
  always @(posedge clk) begin sum <= sum + a; odd <= ^a; end
endmodule
`;

it('a longer carry chain is slower; every bit has its place in the harness', async () => {
  const yosys = await findYosys('native', options);
  expect(await placerVersion(options)).toMatch(/^nextpnr-ice40 \d+\.\d+/);
  const [short, long] = await Promise.all(
    [4, 64].map((width) => clockRate(yosys, { name: 'adder', top: 'adder', files: [{ name: 'a.v', text: adder(width) }] }, options, [3, 1, 2])),
  );
  expect(long?.mhz).toBeLessThan(short?.mhz as number);
  expect(long?.seeds).toEqual([...(long?.seeds ?? [])].sort((a, b) => a - b));
  expect(long?.mhz).toBe(long?.seeds[1]);
  // Registers of the sum, the parity and the two shift registers at least.
  expect(short?.cells).toBeGreaterThanOrEqual(4 + 1 + 4 + 6);
  expect(long?.cells).toBeGreaterThanOrEqual(64 + 1 + 64 + 66);
});

it('without nextpnr-ice40 the command says how to get it, before it measures', async () => {
  const { code, err } = await runMain(main, ['--fmax'], { cwd: temporaryFolder(), env: { PATH: '/nowhere' } });
  expect(code).toBe(1);
  expect(err).toBe(
    'bench:qor: nextpnr-ice40 is not installed: there is no such program in PATH\n  help: install it, on Debian or Ubuntu with apt-get install nextpnr-ice40\n',
  );
});
