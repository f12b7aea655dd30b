// Processing elements on the command line: what a request becomes, the same from flags, YAML and presets; what is refused, and how.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/gen.ts';
import { configHash, resolveDesign } from '../../flows/design-config.ts';
import { manifestSchema } from '../../flows/manifest.ts';
import { PRESETS } from '../../flows/presets.ts';
import { peakRates } from '../../generators/array-config.ts';
import { readTree, runMain, temporaryFolder } from '../support/cli.ts';

const size = ['--rows', '2', '--cols', '3'];
const settings = (given: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries({ rows: 2, cols: 3, ...given }).map(([key, value]) => [key, value === undefined ? undefined : { value, place: 'test' }]),
  );

describe('a request', () => {
  it.each([
    [{ precision: 'int8' }, undefined, 'systolic_2x3_ws'],
    [{ pe: 'int', accumulate: 'int32', overflow: 'wrap', pipeline: 0, gated: false }, undefined, 'systolic_2x3_ws'],
    [
      { precision: 'uint8xint4', accumulate: 20, overflow: 'saturate', pipeline: '2', gated: true, form: 'radix4' },
      { weight: { width: 4, signed: true } },
      'systolic_2x3_ws_uint8_int4_acc20_sat_p2_gated_radix4',
    ],
    [
      { precision: 'bf16', accumulate: 'fp32', pipeline: '1,3' },
      { kind: 'float', productStages: 1, sumStages: 3 },
      'systolic_2x3_ws_bf16_fp32_p1_s3',
    ],
    [{ precision: 'fp8e4m3', dataflow: 'os' }, { kind: 'float', operand: 'fp8e4m3' }, 'systolic_2x3_os_fp8e4m3'],
    [{ precision: 'binary', lanes: 64 }, { kind: 'xnor', lanes: 64 }, 'systolic_2x3_ws_xnor64'],
    [{ pe: 'xnor', lanes: 16, masked: true }, { kind: 'xnor', masked: true }, 'systolic_2x3_ws_xnor16m'],
    [{ pe: 'ternary', pipeline: 1 }, { kind: 'ternary', lanes: 32, stages: 1 }, 'systolic_2x3_ws_ternary32_p1'],
    [
      { precision: 'mxfp8e4m3xmxfp4e2m1', block: 8, pipeline: '0,2' },
      { kind: 'mx', activation: 'mxfp8e4m3', weight: 'mxfp4e2m1', block: 8, sumStages: 2 },
      'systolic_2x3_ws_mxfp8e4m3_mxfp4e2m1_b8_s2',
    ],
    [{ pe: 'fusible' }, { kind: 'fusible' }, 'systolic_2x3_ws_fusible'],
    [
      { precision: 'int8,uint4,int8xint2,int16', accumulate: 'int40', pipeline: 1, dataflow: 'os' },
      { kind: 'fusible', accumulator: 40, stages: 1 },
      'systolic_2x3_os_fusible_acc40_p1',
    ],
    [{ precision: ['int8', 'int2'] }, { kind: 'fusible' }, 'systolic_2x3_ws_fusible'],
    [{ pe: 'bit-serial', lanes: 64, accumulate: 24 }, { kind: 'bit-serial', lanes: 64, accumulator: 24 }, 'systolic_2x3_ws_bitserial64_acc24'],
    [{ preset: 'fusible' }, { kind: 'fusible', stages: 1 }, 'systolic_2x3_ws_fusible_p1'],
    [{ precision: 'bf16', accumulate: 'fp32', sparse: '2:4' }, { kind: 'float', sparse: '2:4' }, 'systolic_2x3_ws_bf16_fp32_2of4'],
    [{ preset: 'bnn' }, { kind: 'xnor', lanes: 32 }, 'systolic_2x3_ws_xnor32'],
    [{ unit: 'dot', pe: 'xnor', lanes: 7 }, { kind: 'xnor', lanes: 7 }, 'dot_2x3_xnor7'],
    [{ unit: 'dot', rows: undefined, cols: undefined, lanes: 7, outputs: 5 }, undefined, 'dot_7x5'],
    [{ preset: 'tensor-core', rows: undefined, cols: undefined }, { operand: 'fp16', accumulate: 'fp32' }, 'cube_4x4_fp16_fp32_p1'],
    [{ dataflow: 'is' }, undefined, 'systolic_2x3_is'],
    [{ preset: 'bnn', precision: 'int4' }, { kind: 'int' }, 'systolic_2x3_ws_int4'],
  ])('%o', (given, pe, name) => {
    const design = resolveDesign(settings(given));
    if (pe) expect(design.pe).toMatchObject(pe);
    else expect(design.pe).toBeUndefined();
    expect(design.name).toBe(name);
  });

  it.each([
    [
      { precision: 'int4', accumulate: 'int32', overflow: 'wrap', pipeline: '0' },
      { precision: 'int4', gated: false },
    ],
    [{ precision: 'bf16', accumulate: 'bf16', pipeline: '0,1' }, { precision: 'bf16' }],
    [{ pe: 'mx', precision: 'mxint8xmxint8', block: 32, pipeline: '0,1' }, { precision: 'mxint8' }],
    [{ pe: 'xnor', lanes: 32, accumulate: 'int16', masked: false, pipeline: 0 }, { precision: 'binary' }],
  ])('%o is %o: what goes without saying makes no other design', (said, unsaid) => {
    const [one, other] = [resolveDesign(settings(said)), resolveDesign(settings(unsaid))];
    expect(one).toEqual(other);
    expect(configHash(one)).toBe(configHash(other));
  });

  it('of every preset can be built, and the list tells them all', async () => {
    for (const preset of Object.keys(PRESETS)) expect(resolveDesign({ preset: { value: preset, place: 'test' } }).rows).toBeGreaterThan(0);
    const { out, code } = await runMain(main, ['--list'], { cwd: temporaryFolder() });
    expect(code).toBe(0);
    for (const [name, { sentence }] of Object.entries(PRESETS)) expect(out).toContain(`${name.padEnd(14)} ${sentence}`);
    // 95 % of peak and more for each.
    const shares = [...out.matchAll(/cycles, ([\d.]+) % of peak/g)].map(([, share]) => Number(share));
    const rates = Object.keys(PRESETS).flatMap((preset) => peakRates(resolveDesign({ preset: { value: preset, place: 'test' } })));
    expect(shares).toHaveLength(rates.length);
    expect(out).toContain('256 multiply-accumulates a cycle in 8x8, 1024 in 4x4, 1024 in 8x2, 4096 in 2x2');
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(95);
  });

  it('is repeated by its design.yaml, and told by its manifest', async () => {
    const cwd = temporaryFolder();
    for (const flags of [
      ['--precision', 'uint8xint4', '--accumulate', 'int20', '--overflow', 'saturate', '--pipeline', '1', '--gated'],
      ['--precision', 'bf16', '--accumulate', 'fp32', '--pipeline', '1,2'],
      ['--pe', 'xnor', '--lanes', '5', '--masked', '--accumulate', 'int9'],
      ['--preset', 'ternary', '--pipeline', '1'],
      ['--precision', 'int4', '--sparse', '2:4', '--pipeline', '1'],
      ['--precision', 'mxfp6e3m2', '--block', '4', '--pipeline', '0,2'],
      ['--precision', 'int8,int4,int2', '--accumulate', 'int20'],
      ['--pe', 'bit-serial', '--lanes', '7', '--pipeline', '2'],
    ]) {
      const { code, err } = await runMain(main, [...size, ...flags, '--out', 'a'], { cwd });
      expect([code, err.includes('error')]).toEqual([0, false]);
      await runMain(main, ['--config', 'a/design.yaml', '--out', 'b'], { cwd });
      const tree = readTree(join(cwd, 'a'));
      expect(readTree(join(cwd, 'b'))).toEqual(tree);
      const { parameters, ports } = manifestSchema.parse(JSON.parse(tree['manifest.json'] as string));
      expect(parameters.pe?.kind).toBeDefined();
      expect(ports).toContainEqual({ name: 'out_data', direction: 'output', width: 3 * parameters.sumWidth });
      expect(ports).toContainEqual({ name: 'weight_data', direction: 'input', width: 3 * (parameters.weightWidth ?? parameters.operandWidth) });
    }
  });
});

describe('gen refuses', () => {
  it.each<readonly [readonly string[], readonly string[]]>([
    [
      ['--pe', 'flot'],
      ['--pe: ', 'there are int, float, xnor, ternary, fusible, bit-serial', 'did you mean float?'],
    ],
    [
      ['--precision', 'int1'],
      ['an activation of 1 bits', 'give 2 to 16 bits', 'xnor'],
    ],
    [
      ['--pe', 'int', '--precision', 'int8,int4'],
      ['--precision: ', '"int8,int4"', 'uint8xint4'],
    ],
    [
      ['--precision', 'int8,int5'],
      ['--precision: ', '"int5"', 'no 5x5 bits, but 8x8, 4x4, 8x2, 2x2, and 16x16 in four passes', 'write int8, int4, int8xint2'],
    ],
    [
      ['--precision', 'int8,fp8e4m3'],
      ['"fp8e4m3"', 'no precision of whole numbers', 'uint8xint2'],
    ],
    [
      ['--pe', 'fusible', '--lanes', '8'],
      ['the fusible element has no lanes', 'precision, accumulate, pipeline'],
    ],
    [
      ['--pe', 'bit-serial', '--precision', 'int8'],
      ['the bit-serial element has no precision', 'accumulate, pipeline, lanes'],
    ],
    [
      ['--pe', 'bit-serial', '--lanes', '300'],
      ['--lanes: ', 'above 256'],
    ],
    [
      ['--pe', 'fusible', '--accumulate', 'fp32'],
      ['the fusible element adds up in integers', 'int32'],
    ],
    [
      ['--pe', 'fusible', '--pipeline', '1,2'],
      ['sums of the fusible element take one register', 'alone'],
    ],
    [
      ['--precision', 'fp12'],
      ['fp32, fp16, bf16, fp8e4m3, fp8e5m2', 'did you mean fp'],
    ],
    [
      ['--precision', 'fp8e4m3', '--accumulate', 'int32'],
      ['--accumulate: ', 'floats are added up in floats', 'fp16'],
    ],
    [
      ['--precision', 'fp32', '--accumulate', 'fp16'],
      ['products of fp32 up in fp16', 'give fp32'],
    ],
    [
      ['--precision', 'int8', '--accumulate', 'fp32'],
      ['the int element adds up in integers', 'int32'],
    ],
    [
      ['--accumulate', '300'],
      ['"300"', 'above 256', 'from 2 to 256'],
    ],
    [
      ['--accumulate', 'int300'],
      ['300 bits', '2 to 256'],
    ],
    [
      ['--pipeline', '-1'],
      ['-1', 'below 0', 'from 0 to 16'],
    ],
    [['--pipeline', '1,2'], ['sums of the int element take one register']],
    [
      ['--precision', 'bf16', '--pipeline', '0,2', '--dataflow', 'os'],
      ['sums of bf16_s2', 'dataflow ws'],
    ],
    [
      ['--precision', 'mxfp4'],
      ['the mx element has mxint8, mxfp8e4m3', 'did you mean mxfp4e2m1?'],
    ],
    [
      ['--precision', 'mxint8', '--block', '12'],
      ['--block: ', 'blocks of 12', '16, 8, 4, 2 or 1'],
    ],
    [
      ['--precision', 'mxint8', '--accumulate', 'fp16'],
      ['the mx element has no accumulate', 'precision, pipeline, block'],
    ],
    [['--form', 'booth'], ['--form: form is "booth": it must be one of multiply, fused, radix4']],
    [
      ['--precision', 'int8', '--sparse', '1:4'],
      ['--sparse: ', 'there is 2:4 alone', 'write 2:4'],
    ],
    [
      ['--precision', 'mxint8', '--sparse', '2:4'],
      ['the mx element has no sparse', 'precision, pipeline, block'],
    ],
    [['--gated'], ['--gated: gated is true', 'registers in front of the multiplier, and there are none', 'add pipeline 1']],
    [
      ['--lanes', '8'],
      ['the int element has no lanes', 'precision, accumulate'],
    ],
    [['--pe', 'xnor', '--lanes', '0'], ['below 1']],
    [['--pe', 'ternary', '--precision', 'int8'], ['that of the ternary element is ternary']],
    [['--overflow', 'clip'], ['wrap or saturate']],
    [
      ['--preset', 'tpulike'],
      ['--preset: ', 'tpu-like, edge-int8', 'did you mean tpu-like?'],
    ],
  ])('%o', async (flags, says) => {
    const { err, code: exit } = await runMain(main, [...size, ...flags], { cwd: temporaryFolder() });
    expect(exit).toBe(2);
    for (const text of says) expect(err).toContain(text);
  });

  it('a file with a switch that is none, or a list of nothing', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'c.yaml'), 'rows: 2\ncols: 2\npe: xnor\nmasked: maybe\n');
    const { err } = await runMain(main, ['--config', 'c.yaml'], { cwd });
    for (const text of ['c.yaml:4:9', 'true or false']) expect(err).toContain(text);
    writeFileSync(join(cwd, 'c.yaml'), 'rows: 2\ncols: 2\nprecision: int8\npipeline: []\n');
    const { err: empty } = await runMain(main, ['--config', 'c.yaml'], { cwd });
    for (const text of ['c.yaml:4:11', 'names no number of registers', 'write a number']) expect(empty).toContain(text);
  });
});
