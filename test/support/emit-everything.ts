// Prints every output of a few designs as one JSON object: `emit-everything.ts [backwards]`, to see that nothing but the design decides it.

import { elaborateMatrixUnit } from '../../generators/matrix-unit.ts';
import { emitFirrtl } from '../../hdl/firrtl/index.ts';
import { emitHierarchy } from '../../hdl/hierarchy.ts';
import { bool, type Design, dumpDesign, elaborate, flip, Module, optimise, output, uint, when } from '../../hdl/index.ts';
import { emitJson } from '../../hdl/json/index.ts';
import { axiLite, cHeader, Fifo, type RegisterMap, registerBank, registerMarkdown, StreamArbiter } from '../../hdl/std/index.ts';
import { emitVerilog } from '../../hdl/verilog/index.ts';

const registers = {
  name: 'timer',
  doc: 'Counts.',
  addressWidth: 3,
  registers: { control: { offset: 0, fields: { enable: { access: 'rw', lsb: 0 }, done: { access: 'w1c', lsb: 1 } } } },
} as const satisfies RegisterMap;

class Timer extends Module {
  readonly p = this.io({ bus: flip(axiLite({ addressWidth: 3, dataWidth: 32 })), busy: output(bool) });
  readonly left = this.reg(uint(8), { reset: 255 });
  readonly control = this.fsm(['idle', 'running', 'ended']);
  constructor() {
    super();
    const view = registerBank(this.p.bus, registers);
    this.control.on({
      idle: () => when(view.control.enable, () => this.control.goto('running')),
      running: () => {
        this.left.set(this.left.subw(1));
        when(this.left.eq(0), () => this.control.goto('ended'));
      },
      ended: () => this.control.goto('idle'),
    });
    view.control.done_set.set(this.control.is('ended'));
    this.p.busy.set(this.control.is('running'));
  }
}

const payload = { data: uint(8), last: bool };
const DESIGNS: readonly (readonly [name: string, make: () => Design])[] = [
  ['timer', () => elaborate(Timer)],
  ['fifo', () => elaborate(Fifo, { payload, depth: 5 })],
  ['arbiter', () => elaborate(StreamArbiter, { payload, inputs: 3, policy: 'roundRobin' })],
  ['matrix', () => elaborateMatrixUnit({ rows: 3, cols: 5, dataflow: 'os' })],
];

const outputs = (design: Design): unknown => ({
  verilog: emitVerilog(design),
  annotated: emitVerilog(design, { locators: true, properties: 'formal' }),
  systemVerilog: emitVerilog(design, { properties: 'sv' }),
  optimised: emitVerilog(optimise(design, {})),
  firrtl: emitFirrtl(design),
  json: emitJson(design),
  hierarchy: emitHierarchy(design),
  dump: dumpDesign(design),
});

const order = process.argv[2] === 'backwards' ? [...DESIGNS].reverse() : DESIGNS;
const made = new Map(order.map(([name, make]) => [name, outputs(make())]));
console.log(
  JSON.stringify(
    Object.fromEntries([...DESIGNS.map(([name]) => [name, made.get(name)]), ['documents', [cHeader(registers), registerMarkdown(registers)]]]),
  ),
);
