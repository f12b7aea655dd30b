// What must not grow with the array, and what must not change from run to run.

import { describe, expect, it } from 'vitest';
import { DATAFLOWS } from '../../generators/array-config.ts';
import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { dumpDesign } from '../../hdl/index.ts';
import type { Design } from '../../hdl/ir/nodes.ts';
import { ownExprs, visitExprs, visitStmts } from '../../hdl/ir/visit.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';

function nodes(design: Design): number {
  let n = 0;
  for (const d of design.definitions) {
    n += d.signals.length + d.instances.length + d.meshes.length + d.delays.length;
    visitStmts(d.body, (stmt) => {
      n++;
      visitExprs(ownExprs(stmt), () => {
        n++;
      });
    });
  }
  return n;
}

function count(design: Design, what: RegExp): number {
  return emitVerilog(design).reduce((sum, { text }) => sum + (text.match(what) ?? []).length, 0);
}

describe.each(DATAFLOWS.filter((d) => d !== 'cube' && d !== 'dot'))('%s', (dataflow) => {
  const of = (rows: number, cols: number): Design => elaborateMatrixUnit({ rows, cols, dataflow });

  it('has as many IR nodes and statements of Verilog at 256×256 as at 4×4', () => {
    const [small, large] = [of(4, 4), of(256, 256)];
    expect(nodes(large)).toBe(nodes(small));
    // Not lines: a constant as wide as the array is may break one.
    expect(count(large, /;/g)).toBe(count(small, /;/g));
    expect(count(large, /\n/g)).toBeLessThan(600);
  });

  it('elaborates one processing element', () => {
    expect(of(64, 64).definitions.filter((d) => d.name.endsWith('_pe'))).toHaveLength(1);
  });

  it('is the same from run to run', () => {
    expect(dumpDesign(of(5, 3))).toBe(dumpDesign(of(5, 3)));
    expect(emitVerilog(of(5, 3))).toEqual(emitVerilog(of(5, 3)));
  });

  it('names the top as asked and everything below after it', () => {
    const files = emitVerilog(elaborateMatrixUnit({ rows: 2, cols: 2, dataflow }, 'my_unit'));
    expect(files.at(-1)?.name).toBe('my_unit');
    for (const { name, text } of files) {
      expect(name).toMatch(/^my_unit/);
      expect(text).toContain(`module ${name} (`);
    }
  });

  it('prints no pragma and silences no tool', () => {
    for (const { text } of emitVerilog(of(4, 4))) expect(text).not.toMatch(/lint_off|synopsys|synthesis translate|`/);
  });
});

describe('dot', () => {
  const of = (rows: number, cols: number): Design => elaborateMatrixUnit({ rows, cols, dataflow: 'dot' });

  it('grows with its lanes, whose sums are a tree, and not with its outputs', () => {
    expect(nodes(of(8, 256))).toBe(nodes(of(8, 4)));
    expect(count(of(8, 256), /;/g)).toBe(count(of(8, 4), /;/g));
    expect(nodes(of(64, 4))).toBeLessThan(10 * nodes(of(8, 4)));
  });
});
