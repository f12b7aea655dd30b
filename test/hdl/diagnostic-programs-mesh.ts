// biome-ignore-all format: a mark must stay on the line that its diagnostic names
// Small wrong programs about meshes, as in diagnostic-programs.ts.

import { Inverter, inModule, type Program } from './diagnostic-programs.ts';

export const meshPrograms: readonly Program[] = [
  { code: 'HDL-M006', what: 'leave', run: inModule((m) => { m.do().mesh(Inverter, [4]).shift([2], { from: 'y', to: 'x', enter: m.p.a, leave: m.p.q }); }) }, // HDL-M006
  { code: 'HDL-M007', what: 'range', run: inModule((m) => { m.do().mesh(Inverter, [16, 32]).index('x', { first: 0, step: [32, 1] }); }) }, // HDL-M007
  { code: 'HDL-M007', what: 'negative', run: inModule((m) => { m.do().mesh(Inverter, [4]).index('x', { first: 2, step: [-1] }); }) }, // HDL-M007
  { code: 'HDL-M008', what: 'steps', run: inModule((m) => { m.do().mesh(Inverter, [4, 4]).index('x', { first: 0, step: [1] }); }) }, // HDL-M008
  { code: 'HDL-M008', what: 'fraction', run: inModule((m) => { m.do().mesh(Inverter, [4]).index('x', { first: 0.5, step: [1] }); }) }, // HDL-M008
  { code: 'HDL-M009', what: 'sides', run: inModule((m) => { m.do().mesh(Inverter, [4, 4]).shift([1, -1], { from: 'y', to: 'x', enter: { sides: { 1: m.p.a } } }); }) }, // HDL-M009
  { code: 'HDL-M003', what: 'order', run: inModule((m) => { m.do().mesh(Inverter, [4, 4]).collect('y', [1]); }) }, // HDL-M003
];
