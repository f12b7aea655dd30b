// Checks that warn, and those that look at a machine or a memory as a whole.

import { describe, expect, it } from 'vitest';
import { bool, type Diagnostic, elaborate, input, Module, output, uint, when } from '../../hdl/index.ts';

function warnings(cls: new () => Module): string[] {
  const found: Diagnostic[] = [];
  elaborate(cls as never, undefined as never, { onWarning: (w: Diagnostic) => found.push(w) } as never);
  return found.map((w) => `${w.code} ${w.severity}: ${w.message}`);
}

describe('warnings', () => {
  it('of inputs, registers, wires and memories that nothing reads or writes', () => {
    class Spare extends Module {
      readonly p = this.io({ a: input(uint(4)), b: input(uint(4)), q: output(uint(4)) });
      readonly held = this.reg(uint(4), { reset: 0 });
      readonly seen = this.wire(bool);
      readonly mute = this.memory(uint(4), 16);
      readonly empty = this.memory(uint(4), 16);
      constructor() {
        super();
        this.seen.set(true);
        this.mute.write(this.p.a, 1);
        this.p.q.set(this.empty.readNow(this.p.a));
      }
    }
    expect(warnings(Spare)).toEqual([
      'HDL-D003 warning: memory `mute` is never read',
      'HDL-D003 warning: memory `empty` is never written and has no contents',
      'HDL-D003 warning: input `b` is never read',
      'HDL-D003 warning: register `held` is never read',
      'HDL-D003 warning: wire `seen` is never read',
    ]);
  });
});

describe('states', () => {
  class Machine extends Module<void> {
    readonly p = this.io({ go: input(bool), busy: output(bool) });
    readonly control = this.fsm(['idle', 'one', 'two', 'three']);
    constructor() {
      super();
      const { control, p } = this;
      control.on({
        idle: () => when(p.go, () => control.goto('one')),
        one: () => control.goto('two'),
        two: () => control.goto('three'),
      });
      when(p.go.not(), () => control.goto('idle'));
      p.busy.set(control.is('one', 'two', 'three'));
    }
  }
  it('are reached through others, and the reset state by nobody', () => expect(warnings(Machine)).toEqual([]));
});
