// Yosys synthesises the accelerator, as far as words and memories: nothing is undriven, driven twice or in a circle, and nothing is a latch. The whole way, at 16×16, is in docs/accelerator.md.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { elaborateAccelerator } from '../../../generators/accelerator/accelerator.ts';
import { emitVerilog } from '../../../hdl/verilog/index.ts';
import { DEFAULT_ACCELERATOR } from '../../../isa/config.ts';
import { temporaryFolder } from '../../support/cli.ts';

const SCRIPT = 'hierarchy -check -top npu; proc; opt_clean; memory -nomap; check -assert; select -assert-none t:$dlatch t:$adlatch t:$dlatchsr';

it('4×4: no latches, clean checks, its memories are memories', () => {
  const folder = temporaryFolder();
  const design = elaborateAccelerator({ ...DEFAULT_ACCELERATOR, rows: 4, cols: 4, bus: 64, scratchpad: 4096, sums: 64 }, 'npu');
  const files = emitVerilog(design).map(({ name, text }) => {
    writeFileSync(join(folder, name), text);
    return name;
  });
  const script = `read_verilog ${files.join(' ')}; ${SCRIPT}; tee -o memories select -list npu_bank*/t:$mem*`;
  execFileSync('yosys', ['-q', '-p', script], { cwd: folder, stdio: 'pipe' });
  const memories = readFileSync(join(folder, 'memories'), 'utf8');
  expect(memories.match(/npu_bank/g)?.length).toBeGreaterThan(1);
});
