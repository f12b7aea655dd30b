// Print the constructs that are loops: meshes, banks of delay lines, reversed arrays.
//
// A mesh is a loop of instances, or nested loops, with wires of its own in each turn, read by the neighbour through the block's name: the form that Verilator lints
// and simulates, Icarus simulates and Yosys reads fast at once (measured against packed buses and arrays of nets).

import type { Net, VChain, VExpr, VIndex, VItem, VLabels } from './ast.ts';
import { eventsText, exprText, indexText, instanceLines, laneText, range, sign } from './print-expr.ts';

type MeshItem = Extract<VItem, { readonly k: 'mesh' }>;

export function printMesh(item: MeshItem): string[] {
  const { module, blocks, element, genvars, shape, chains, taps, constants, connections, attributes, parameters } = item;
  const body: string[] = [];
  const wires = new Set([...chains.flatMap(({ to, from }) => [to, from]), ...taps.map((t) => t.from)]);
  for (const wire of wires) body.push(`wire${sign(wire)}${range(wire)} ${wire.name};`);
  for (const { net, value } of constants) body.push(constantLine(net, value));
  const groups = new Map<string, VChain[]>();
  for (const chain of chains) groups.set(chain.vector.join(), [...(groups.get(chain.vector.join()) ?? []), chain]);
  for (const group of [...groups.values()].sort(([a], [b]) => byVector(a as VChain, b as VChain))) body.push(...chainLines(item, group));
  body.push(...instanceLines(module, element.name, connections, { attributes, parameters }));
  for (const { target, from } of taps) body.push(`assign ${exprText(target)} = ${from.name};`);
  const inner = shape
    .slice(1)
    .map((_, i) => i + 1)
    .reduceRight((lines, axis) => forLoop(genvars[axis]?.name as string, shape[axis] as number, blocks[axis]?.name as string, lines), body);
  return loop(genvars[0]?.name as string, shape[0] as number, blocks[0]?.name as string, inner);
}

function byVector(a: VChain, b: VChain): number {
  const axis = a.vector.findIndex((step, i) => step !== b.vector[i]);
  return (b.vector[axis] as number) - (a.vector[axis] as number);
}

/** Chains of one vector: what their wires take, and what becomes of outputs that no element takes. */
function chainLines({ blocks, genvars, shape, taps, labels }: MeshItem, own: readonly VChain[]): string[] {
  const [{ vector, enters }] = own as [VChain];
  const { enter, leave, unused } = labels.get(vector.join()) as VLabels;
  const index = (axis: number): string => genvars[axis]?.name as string;
  const lines: string[] = [];
  enters.forEach(({ axis }, k) => {
    lines.push(
      `${k === 0 ? 'if' : 'end else if'} (${outside(index(axis), shape[axis] as number, vector[axis] as number)}) begin : ${enter.name}`,
      ...own.map((c) => `  assign ${c.to.name} = ${exprText(c.enters[k]?.value as VExpr)};`),
    );
  });
  const place = vector.map((step, axis) => `${blocks[axis]?.name}[${index(axis)}${step === 0 ? '' : step > 0 ? `-${step}` : `+${-step}`}].`).join('');
  lines.push(`end else begin : ${enter.name}`, ...own.map((c) => `  assign ${c.to.name} = ${place}${c.from.name};`), 'end');
  const last = vector.flatMap((step, axis) => (step === 0 ? [] : [outside(index(axis), shape[axis] as number, -step)]));
  const leaving = own.flatMap((c) => (c.leave ? [`  assign ${exprText(c.leave)} = ${c.from.name};`] : []));
  const taken = new Set([...own.filter((c) => c.leave), ...taps].map((c) => c.from));
  const open = [...new Set(own.map((c) => c.from))].filter((from) => !taken.has(from)).map((from) => from.name);
  if (open.length > 0) leaving.push(`  wire ${unused.name} = &{1'b0, ${open.join(', ')}};`);
  return leaving.length > 0 ? [...lines, `if (${last.join(' || ')}) begin : ${leave.name}`, ...leaving, 'end'] : lines;
}

/** Whether the element `step` back along an axis lies outside. */
function outside(i: string, length: number, step: number): string {
  if (step > 0) return step === 1 ? `${i} == 0` : `${i} < ${step}`;
  return step === -1 ? `${i} == ${length - 1}` : `${i} > ${length - 1 + step}`;
}

/** Sized by the declaration, so that context does the rest; numbers are sized as well where 32 bits might not hold them. */
function constantLine(net: Net, value: VIndex): string {
  const { width } = net;
  const number = width < 32 ? String : (n: number): string => `${width}'sd${n}`;
  return `localparam${sign(net)} [${width - 1}:0] ${net.name} = ${indexText(value, number)};`;
}

export function printDelayLanes(item: Extract<VItem, { readonly k: 'lanes' }>): string[] {
  const { block, labels, genvar, stages, next, length, width, first, step, input, output, enable, reset } = item;
  const lane = genvar.name;
  const depth = affine(first, step, lane);
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
  const { direct, line: staged } = labels ?? {};
  const body =
    direct && staged
      ? [
          `if (${lane} == ${zeroLane(first, step, length)}) begin : ${direct.name}`,
          `  assign ${to} = ${from};`,
          `end else begin : ${staged.name}`,
          ...line.map((l) => `  ${l}`),
          'end',
        ]
      : line;
  return [`// Lane ${lane} is delayed by ${depth} cycles.`, ...loop(lane, length, block.name, body)];
}

export function printReverse({ block, genvar, length, width, target, source }: Extract<VItem, { readonly k: 'reverse' }>): string[] {
  const i = genvar.name;
  return loop(i, length, block.name, [`assign ${laneText(target, width, i)} = ${laneText(source, width, `${length - 1}-${i}`)};`]);
}

function loop(i: string, length: number, block: string, body: readonly string[]): string[] {
  return ['generate', ...forLoop(i, length, block, body).map((l) => `  ${l}`), 'endgenerate'];
}

function forLoop(i: string, length: number, block: string, body: readonly string[]): string[] {
  return [`for (${i} = 0; ${i} < ${length}; ${i} = ${i} + 1) begin : ${block}`, ...body.map((l) => `  ${l}`), 'end'];
}

/** first + step·i as text. */
function affine(first: number, step: number, i: string): string {
  const term = Math.abs(step) === 1 ? i : `${Math.abs(step)}*${i}`;
  if (first === 0) return step < 0 ? `-${term}` : term;
  return `${first}${step < 0 ? '-' : '+'}${term}`;
}

/** The lane without a stage, if there is one. */
export function zeroLane(first: number, step: number, length: number): number | undefined {
  const lane = -first / step;
  return Number.isInteger(lane) && lane >= 0 && lane < length ? Math.abs(lane) : undefined;
}
