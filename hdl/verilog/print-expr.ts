// Text of expressions, declarations and connections.

import { widthOf } from '../ir/build.ts';
import type { ParameterValue } from '../ir/nodes.ts';
import type { AsyncEdge, Net, VConnection, VExpr, VIndex } from './ast.ts';
import { legalName } from './names.ts';

/** Binding strength, as in Verilog-2005 table 5-4. */
const STRENGTH: { readonly [op: string]: number } = {
  '*': 11,
  '/': 11,
  '%': 11,
  '+': 10,
  '-': 10,
  '<<': 9,
  '>>': 9,
  '>>>': 9,
  '<': 8,
  '<=': 8,
  '>': 8,
  '>=': 8,
  '==': 7,
  '!=': 7,
  '&': 6,
  '^': 5,
  '|': 4,
};

/** What runs a clocked procedure. */
export function eventsText({ clock, also }: { readonly clock: Net; readonly also?: AsyncEdge }): string {
  return `posedge ${clock.name}${also ? ` or ${also.edge} ${also.net.name}` : ''}`;
}

/** Text of an expression; in parentheses when it binds weaker than `least`. Operators that are not obviously ordered are always parenthesised. */
export function exprText(e: VExpr, least = 0): string {
  switch (e.k) {
    case 'net':
      return e.net.name;
    case 'literal':
      return literalText(e.value, e.width);
    case 'pattern':
      return `${e.width}'b${[...Array(e.width).keys()].map((i) => patternBit(e.value, e.mask, BigInt(e.width - 1 - i))).join('')}`;
    case 'part':
      return `${e.net.name}${selection(e.hi, e.lo)}`;
    case 'word':
      return `${e.net.name}[${typeof e.index === 'number' ? e.index : exprText(e.index)}]${e.hi === undefined || e.lo === undefined ? '' : selection(e.hi, e.lo)}`;
    case 'indexed':
      return e.width === 1 ? `${e.net.name}[${exprText(e.base)}]` : `${e.net.name}[${exprText(e.base)} +: ${e.width}]`;
    case 'lane':
      return laneText(e.net, e.width, indexText(e.index));
    case 'unary': {
      const text = `${e.op}${exprText(e.arg, 13)}`;
      return least > 12 ? `(${text})` : text;
    }
    case 'binary': {
      const own = STRENGTH[e.op] as number;
      const same = (x: VExpr): number => (x.k === 'binary' && x.op === e.op && ['+', '&', '|', '^'].includes(e.op) ? own : 12);
      const text = `${exprText(e.a, same(e.a))} ${e.op} ${exprText(e.b, 12)}`;
      return least > own || (least > 0 && least !== own) ? `(${text})` : text;
    }
    case 'cond': {
      const text = `${exprText(e.c, 1)} ? ${exprText(e.t, 1)} : ${exprText(e.f, 1)}`;
      return least > 0 ? `(${text})` : text;
    }
    case 'concat':
      return `{${e.parts.map((p) => exprText(p)).join(', ')}}`;
    case 'repeat':
      return `{${e.times}{${exprText(e.arg)}}}`;
    case 'look-up':
      return `${e.table.net.name}(${exprText(e.index)})`;
    case 'call':
      return `${e.fn}(${exprText(e.arg)})`;
  }
}

function patternBit(value: bigint, mask: bigint, bit: bigint): string {
  return (mask >> bit) & 1n ? String((value >> bit) & 1n) : '?';
}

/** `16*i+j-3`; `number` writes the numbers. */
export function indexText({ terms, offset }: VIndex, number: (n: number) => string = String): string {
  const parts = terms.map(({ genvar, factor }) => {
    const size = Math.abs(factor) === 1 ? genvar.name : `${number(Math.abs(factor))}*${genvar.name}`;
    return `${factor < 0 ? '-' : '+'}${size}`;
  });
  if (offset !== 0 || parts.length === 0) parts.push(`${offset < 0 ? '-' : '+'}${number(Math.abs(offset))}`);
  return parts.join('').replace(/^\+/, '');
}

/** `[W*i +: W]`, or `[i]` for bits. */
export function laneText(net: Net, width: number, index: string): string {
  if (net.width === width) return net.name;
  return width === 1 ? `${net.name}[${index}]` : `${net.name}[${width}*${/^\w+$/.test(index) ? index : `(${index})`} +: ${width}]`;
}

function selection(hi: number, lo: number): string {
  return hi === lo ? `[${hi}]` : `[${hi}:${lo}]`;
}

/** Sized; decimal while that is easy to read. */
export function literalText(value: bigint, width: number): string {
  if (width === 1) return `1'b${value}`;
  return value < 256n ? `${width}'d${value}` : `${width}'h${value.toString(16)}`;
}

export function sign(net: Net): string {
  return net.signed ? ' signed' : '';
}

export function range(net: Net): string {
  return net.width === 1 && !net.signed ? '' : ` [${net.width - 1}:0]`;
}

export function instanceLines(
  module: string,
  name: string,
  connections: readonly VConnection[],
  { attributes, parameters }: InstanceNotes = {},
): string[] {
  const portName = (c: VConnection): string => (parameters ? c.port : legalName(c.port));
  const width = Math.max(...connections.map((c) => portName(c).length));
  const lines = connections.map((c, i) => `  .${portName(c).padEnd(width)} (${exprText(c.value)})${i < connections.length - 1 ? ',' : ''}`);
  const head = attributes ? `(* ${attributes} *) ` : '';
  if (!parameters || parameters.size === 0) return [`${head}${module} ${name} (`, ...lines, ');'];
  const values = [...parameters].map(([p, value]) => `  .${p} (${parameterText(value)})`);
  return [`${head}${module} #(`, ...values.map((v, i) => (i < values.length - 1 ? `${v},` : v)), `) ${name} (`, ...lines, ');'];
}

/** `parameters` are there for an external module, whose names are printed as they are. */
export interface InstanceNotes {
  readonly attributes?: string | undefined;
  readonly parameters?: ReadonlyMap<string, ParameterValue> | undefined;
}

/** Whole numbers of up to 32 bits without a size, as people write them; a text in quotes. */
function parameterText(value: ParameterValue): string {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value);
  const whole = BigInt(typeof value === 'object' ? value.value : value);
  if (typeof value !== 'object' && BigInt.asIntN(32, whole) === whole) return String(whole);
  const size = typeof value === 'object' ? value.width : widthOf(whole, whole < 0n ? 'sint' : 'uint');
  return `${size}'${whole < 0n ? 's' : ''}h${BigInt.asUintN(size, whole).toString(16)}`;
}
