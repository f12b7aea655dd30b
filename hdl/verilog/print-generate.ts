// Print the constructs that are loops: meshes, banks of delay lines, reversed arrays.
//
// A mesh is a loop of instances with wires of its own in each turn, read by the neighbour through the block's name: the form that Verilator lints
// and simulates, Icarus simulates and Yosys reads fast at once (measured against packed buses and arrays of nets).

import type { VItem } from './ast.ts';
import { eventsText, exprText, instanceLines, laneText, range, sign } from './print-expr.ts';

export function printMesh({
  module,
  block,
  element,
  genvar,
  length,
  chains,
  taps,
  connections,
  unused,
  parameters,
  attributes,
}: Extract<VItem, { readonly k: 'mesh' }>): string[] {
  const i = genvar.name;
  const body: string[] = [];
  const wires = new Set([...chains.flatMap(({ to, from }) => [to, from]), ...taps.map((t) => t.from)]);
  for (const wire of wires) body.push(`wire${sign(wire)}${range(wire)} ${wire.name};`);
  for (const step of [1, -1] as const) {
    const own = chains.filter((c) => c.step === step);
    if (own.length === 0) continue;
    const [edge, other] = step === 1 ? ['0', String(length - 1)] : [String(length - 1), '0'];
    const neighbour = step === 1 ? `${i}-1` : `${i}+1`;
    body.push(
      `if (${i} == ${edge}) begin : enter${step === 1 ? '' : '_back'}`,
      ...own.map((c) => `  assign ${c.to.name} = ${exprText(c.enter)};`),
      `end else begin : enter${step === 1 ? '' : '_back'}`,
      ...own.map((c) => `  assign ${c.to.name} = ${block.name}[${neighbour}].${c.from.name};`),
      'end',
      `if (${i} == ${other}) begin : leave${step === 1 ? '' : '_back'}`,
      ...own.flatMap((c) => (c.leave ? [`  assign ${exprText(c.leave)} = ${c.from.name};`] : [])),
    );
    const taken = new Set([...own.filter((c) => c.leave), ...taps].map((c) => c.from));
    const open = [...new Set(own.map((c) => c.from))].filter((from) => !taken.has(from)).map((from) => from.name);
    if (open.length > 0) body.push(`  wire ${unused.name}${step === 1 ? '' : '_back'} = &{1'b0, ${open.join(', ')}};`);
    body.push('end');
  }
  body.push(...instanceLines(module, element.name, connections, { attributes, parameters }));
  for (const { target, from } of taps) body.push(`assign ${exprText(target)} = ${from.name};`);
  return loop(i, length, block.name, body);
}

export function printDelayLanes(item: Extract<VItem, { readonly k: 'lanes' }>): string[] {
  const { block, genvar, stages, next, length, width, first, step, input, output, enable, reset } = item;
  const lane = genvar.name;
  const depth = affine(first, step, lane);
  const zero = zeroLane(first, step, length);
  const [to, from] = [laneText(output, width, lane), laneText(input, width, lane)];
  const bits = width === 1 ? depth : `${width}*${/^\w+$/.test(depth) ? depth : `(${depth})`}`;
  const assign = `${stages.name} <= ${next.name}[${bits}-1:0];`;
  const enabled = enable ? `if (${exprText(enable)}) ${assign}` : assign;
  const line = [
    `reg  [${bits}-1:0] ${stages.name};`,
    `wire [${bits}+${width - 1}:0] ${next.name} = {${stages.name}, ${from}};`,
    `always @(${eventsText(item)}) begin`,
    ...(reset ? [`  if (${exprText(reset)}) ${stages.name} <= {${bits}{1'b0}};`, `  else ${enabled}`] : [`  ${enabled}`]),
    'end',
    `assign ${to} = ${next.name}[${bits} +: ${width}];`,
  ];
  const body =
    zero === undefined
      ? line
      : [`if (${lane} == ${zero}) begin : direct`, `  assign ${to} = ${from};`, 'end else begin : line', ...line.map((l) => `  ${l}`), 'end'];
  return [`// Lane ${lane} is delayed by ${depth} cycles.`, ...loop(lane, length, block.name, body)];
}

export function printReverse({ block, genvar, length, width, target, source }: Extract<VItem, { readonly k: 'reverse' }>): string[] {
  const i = genvar.name;
  return loop(i, length, block.name, [`assign ${laneText(target, width, i)} = ${laneText(source, width, `${length - 1}-${i}`)};`]);
}

function loop(i: string, length: number, block: string, body: readonly string[]): string[] {
  return ['generate', `  for (${i} = 0; ${i} < ${length}; ${i} = ${i} + 1) begin : ${block}`, ...body.map((l) => `    ${l}`), '  end', 'endgenerate'];
}

/** first + step·i as text. */
function affine(first: number, step: number, i: string): string {
  const term = Math.abs(step) === 1 ? i : `${Math.abs(step)}*${i}`;
  if (first === 0) return step < 0 ? `-${term}` : term;
  return `${first}${step < 0 ? '-' : '+'}${term}`;
}

/** The lane without a stage, if there is one. */
function zeroLane(first: number, step: number, length: number): number | undefined {
  const lane = -first / step;
  return Number.isInteger(lane) && lane >= 0 && lane < length ? Math.abs(lane) : undefined;
}
